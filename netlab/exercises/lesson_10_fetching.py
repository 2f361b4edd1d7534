"""The last exercises of lesson 10: new mail by POP3, order in an inbox by IMAP, and SPF."""

from __future__ import annotations

import contextlib
import imaplib
import poplib
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

from netlab.exercises.lesson_10 import ADA, ALERTS, BOB
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.servers.imap import IMAPServer
from netlab.servers.mailbox import Account, Mailbox
from netlab.servers.pop3 import POP3Server


def _fill(account: Account, *subjects: str, sender: str = ALERTS) -> None:
    for subject in subjects:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, ADA, subject
        message.set_content(f"This is about {subject}.")
        account.inbox.add(bytes(message), sender=sender, recipients=(ADA,))


def _subjects(account: Account, folder: str = "INBOX") -> list[str]:
    return [message.email["Subject"] for message in account.folder(folder)]


@exercise(
    "10-new",
    title="Only what is new",
    objective="10-o4",
    points=3,
    hints=(
        '`client.uidl()` returns a reply, a list of lines such as `b"1 9a3f…"`, and a size. Each line is number and name.',
        "The number is for `client.retr(number)`, now; the name is for `seen`, for ever. Decode both: `line.decode().split()`.",
        '`client.retr(number)[1]` is the list of the mail\'s lines: `b"\\r\\n".join(lines)`, then `email.message_from_bytes(…, policy=email.policy.default)`.',
    ),
    passed="Your program keeps its place, whatever other programs delete.",
)
def new(t: Trial, fetch_new: Callable[..., list[EmailMessage]]) -> None:
    """New mail by POP3, while the same inbox is used by others."""
    numbers = (
        "The numbers begin at 1 in each session, and move up when a mail is deleted. Names by UIDL stay."
    )
    account = Mailbox({ADA: "x"})[ADA]
    mailbox = Mailbox({})
    mailbox.accounts[ADA] = account
    seen: set[str] = set()

    def came() -> list[str]:
        with POP3Server(mailbox) as server, _pop3(server) as client:
            return [message["Subject"] for message in fetch_new(client, seen)]

    with t.case("an empty inbox") as case:
        case.expect(came(), [])
    with t.case("the first time") as case:
        _fill(account, "AAPL", "IBM", "MSFT")
        wrong: Wrong = [([], "Nothing was fetched: `seen` is empty, so every mail is new.")]
        case.expect(came(), ["AAPL", "IBM", "MSFT"], wrong)
    with t.case("nothing new") as case:
        words = "They were fetched already: put each name into `seen`, which the caller keeps."
        case.expect(came(), [], [(["AAPL", "IBM", "MSFT"], words)])
    with t.case("a new one, and an old one that another program has deleted") as case:
        account.inbox.remove([account.inbox[0]])
        _fill(account, "GOOG")
        case.expect(came(), ["GOOG"], [([], numbers)], advice=numbers)
    with t.case("two new ones") as case:
        _fill(account, "AMZN", "TSLA")
        case.expect(came(), ["AMZN", "TSLA"], advice=numbers)
    with t.case("what is left on the server") as case:
        words = "Delete nothing: other programs read this inbox too."
        case.expect(_subjects(account), ["IBM", "MSFT", "GOOG", "AMZN", "TSLA"], [([], words)], advice=words)


@contextlib.contextmanager
def _pop3(server: POP3Server) -> Iterator[poplib.POP3]:
    client = poplib.POP3(*server.address, timeout=2)
    try:
        client.user(ADA)
        client.pass_("x")
        yield client
        client.quit()
    finally:
        client.close()


@exercise(
    "10-file",
    title="Order in the inbox",
    objective="10-o4",
    points=3,
    hints=(
        '`client.create("Alerts")`: if the folder exists the answer is NO, which does no harm here. `client.select("INBOX")`.',
        '`client.uid("SEARCH", "FROM", \'"alerts@ticker.example"\')` returns a status and a list with one bytes object: split it.',
        '`client.uid("COPY", uids, "Alerts")`, where `uids` is `b",".join(found)`. Nothing found: nothing to copy.',
        '`client.uid("STORE", uids, "+FLAGS", r"(\\Deleted)")`, and one `client.expunge()` at the end.',
    ),
    passed="The alerts are in their folder, the rest is as it was, unread mail included.",
)
def file(t: Trial, file_alerts: Callable[[Any], int]) -> None:
    """Move the mails of one sender into a folder, by IMAP."""
    account = Mailbox({ADA: "x"})[ADA]
    mailbox = Mailbox({})
    mailbox.accounts[ADA] = account

    def moved() -> int:
        with IMAPServer(mailbox) as server, imaplib.IMAP4(*server.address, timeout=2) as client:
            client.login(ADA, "x")
            return file_alerts(client)

    with t.case("an empty inbox") as case:
        case.expect(moved(), 0, [(None, "Return how many you moved: none is 0.")])
    _fill(account, "AAPL", "IBM")
    _fill(account, "Lunch?", sender=BOB)
    _fill(account, "MSFT", "GOOG")
    others = ["Lunch?", "I get mail from alerts@ticker.example", "Tea?", "Supper?"]
    _fill(account, *others[1:], sender=BOB)
    alerts = ["AAPL", "IBM", "MSFT", "GOOG"]
    with t.case("four alerts among eight mails") as case:
        count = moved()
        if "Alerts" not in account.folders:
            case.fail("a folder Alerts", "there is none", "The folder is not there yet: `create` it first.")
        skipped = (
            "Each EXPUNGE moves the numbers of all later mails up: expunge once, at the end, or use UIDs."
        )
        wrong: Wrong = [
            (lambda came: not set(alerts) <= set(came), skipped),
            (
                lambda came: "mail from" in " ".join(came),
                "SEARCH FROM looks at the sender; TEXT and SUBJECT find others too.",
            ),
        ]
        case.expect(_subjects(account, "Alerts"), alerts, wrong)
        words = "Copies are left in the inbox: mark them with \\Deleted, then EXPUNGE."
        case.expect(_subjects(account), others, [(lambda came: "AAPL" in came, words)], advice=skipped)
        case.expect(count, 4, [(None, "Return how many you moved.")])
    with t.case("the others are still unread") as case:
        flags = [set(message.flags) - {"\\Recent"} for message in account.inbox]
        words = "Fetching a body marks a mail as read. Let SEARCH find the mails, on the server."
        case.expect(flags, [set()] * len(others), advice=words)
    with t.case("once more, with one new alert") as case:
        _fill(account, "AMZN")
        case.expect(moved(), 1, advice="The folder exists already, and one alert is new.")
        case.expect(_subjects(account, "Alerts"), [*alerts, "AMZN"])


@exercise(
    "10-spf",
    title="May this address send for that domain?",
    objective="10-o5",
    points=3,
    hints=(
        "`words = record.split()`. Is there a record, and is its first word exactly `v=spf1`? If not: `none`.",
        "Each further word is a sign, `+`, `-`, `~` or `?`, and a rule; without a sign it is `+`. Go through them in order; the first that fits decides.",
        "`ip_address(ip) in ip_network(rule, strict=False)`, where the rule stands behind `ip4:` or `ip6:`. `all` fits always.",
        '`{"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}`; and when nothing fits: `neutral`.',
    ),
    passed="You read SPF as a receiving server does.",
)
def spf(t: Trial, spf: Callable[[str, str | None], str]) -> None:
    """SPF records of ip4, ip6 and all (RFC 7208, sections 4.5 to 4.7)."""
    record = "v=spf1 ip4:192.0.2.25 ip4:198.51.100.0/24 -all"
    first = "The rules are read from left to right, and the *first* that fits decides."
    cases: list[tuple[str, str, str | None, str, Wrong]] = [
        ("the server itself", "192.0.2.25", record, "pass", [("fail", first), ("none", "There is a record: look at its words.")]),
        ("an address of the network", "198.51.100.77", record, "pass", [("fail", "`/24` is a network: 256 addresses are in it.")]),
        ("an address like another", "192.0.2.250", record, "fail", [("pass", "As text one begins like the other. Compare addresses, by `ip_address`.")]),
        ("a stranger", "203.0.113.9", record, "fail", [("neutral", "`-all` fits everybody else, and its sign says fail."), ("softfail", "`~` is softfail, `-` is fail.")]),
        ("a softer end", "203.0.113.9", "v=spf1 ip4:192.0.2.25 ~all", "softfail", [("fail", "`~` means: probably not, take it with care.")]),
        ("no end", "203.0.113.9", "v=spf1 ip4:192.0.2.25", "neutral", [("fail", "Nothing fitted, and nothing was said about the others: neutral."), (None, "Nothing fitted: neutral.")]),
        ("a question mark", "203.0.113.9", "v=spf1 ?all", "neutral", []),
        ("an exception comes first", "198.51.100.9", "v=spf1 -ip4:198.51.100.9 ip4:198.51.100.0/24 -all", "fail", [("pass", first)]),
        ("IPv6", "2001:db8::25", "v=spf1 ip4:192.0.2.25 ip6:2001:db8::/64 -all", "pass", [("fail", "An IPv6 address is in an `ip6:` network; IPv4 ones do not fit it.")]),
        ("capital letters", "192.0.2.25", "V=SPF1 IP4:192.0.2.25 -ALL", "pass", [("none", "Capitals do not matter.")]),
        ("no record", "192.0.2.25", None, "none", [("neutral", "Without a record the domain says nothing at all: none.")]),
        ("another kind of record", "192.0.2.25", "v=spf10 ip4:192.0.2.25", "none", [("pass", "The first word has to be `v=spf1`, not only to begin so.")]),
    ]  # fmt: skip
    for name, ip, text, right, wrong in cases:
        with t.case(
            f"{name}: {ip}", {AttributeError: "There may be no record at all: then it is None."}
        ) as case:
            case.expect(spf(ip, text), right, wrong, advice=first)
