"""Exercises of lesson 10: new mail by POP3, and order in an inbox by IMAP."""

from __future__ import annotations

import contextlib
import imaplib
import poplib
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

from netlab.exercises.lesson_10 import ADA, ALERTS, BOB
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong
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
        "Collect mails and names in two lists of your own. `seen.update(names)` comes last, when nothing can break any more.",
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
            messages = fetch_new(client, seen)
            kinds = {type(message).__name__ for message in messages} - {"EmailMessage"}
            return sorted(kinds) or [message["Subject"] for message in messages]

    with t.case("an empty inbox") as case:
        case.expect(came(), [])
    fetched = False
    with t.case("the first time") as case:
        _fill(account, "AAPL", "IBM", "MSFT")
        wrong: Wrong = [
            ([], "Nothing was fetched: `seen` is empty, so every mail is new."),
            (
                ["Message"],
                "Say `policy=email.policy.default`: without it you get the old `Message`, not an EmailMessage.",
            ),
            (lambda came: None in came, 'The lines have lost their ends: join them with `b"\\r\\n"`.'),
        ]
        case.expect(came(), ["AAPL", "IBM", "MSFT"], wrong)
        fetched = True
    if not fetched:  # whatever is wrong here would show again below, and be blamed on something else
        return
    kept = False
    with t.case("nothing new") as case:
        words = "They were fetched already: put each name into `seen`, which the caller keeps: `seen.update(names)`."
        case.expect(came(), [], [(["AAPL", "IBM", "MSFT"], words)])
        kept = True
    if not kept:
        return
    with t.case("a new one, and an old one that another program has deleted") as case:
        account.inbox.remove([account.inbox[0]])
        _fill(account, "GOOG")
        case.expect(came(), ["GOOG"], [([], numbers)], advice=numbers)
    with t.case("two new ones") as case:
        _fill(account, "AMZN", "TSLA")
        case.expect(came(), ["AMZN", "TSLA"], advice=numbers)
    with t.case("the connection breaks at the second of two new ones") as case:
        _fill(account, "INTC", "ORCL")
        with POP3Server(mailbox) as server, _pop3(server) as client, contextlib.suppress(ConnectionError):
            _break_at_second(client)
            fetch_new(client, seen)
            case.fail("the exception", "none", "The connection broke: whoever calls has to learn of it.")
        words = (
            "A mail is lost: its name was in `seen`, but the broken call never returned it. "
            "Put the names in at the end, when all mails are there."
        )
        case.expect(came(), ["INTC", "ORCL"], advice=words)
    with t.case("what is left on the server") as case:
        words = "Delete nothing: other programs read this inbox too."
        left = ["IBM", "MSFT", "GOOG", "AMZN", "TSLA", "INTC", "ORCL"]
        case.expect(_subjects(account), left, [([], words)], advice=words)


def _break_at_second(client: poplib.POP3) -> None:
    """Let the connection break when the second mail is fetched."""
    fetch = client.retr
    fetched: list[Any] = []

    def retr(which: Any) -> Any:
        if fetched:
            raise ConnectionResetError("Connection reset by peer")
        fetched.append(which)
        return fetch(which)

    client.retr = retr  # type: ignore[method-assign]


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
        "That finds too many: keep the UIDs for which `sender_of(client, uid)` is exactly the address.",
        '`client.uid("MOVE", b",".join(uids), "Alerts")`. None found: nothing to move.',
    ),
    passed="The alerts are in their folder, the rest is as it was, unread mail and forged senders included.",
)
def file(t: Trial, file_alerts: Callable[[Any], int]) -> None:
    """Move the mails of one sender into a folder, by IMAP (SEARCH: RFC 3501, section 6.4.4; MOVE: RFC 6851)."""
    mailbox = Mailbox({ADA: "x"})
    account = mailbox[ADA]

    def moved() -> int:
        with IMAPServer(mailbox) as server, imaplib.IMAP4(*server.address, timeout=2) as client:
            client.login(ADA, "x")
            return file_alerts(client)

    with t.case("an empty inbox", {imaplib.IMAP4.error: EMPTY}) as case:
        case.expect(moved(), 0, [(None, "Return how many you moved: none is 0.")])
    _fill(account, "AAPL", "IBM")
    _fill(account, "Lunch?", sender=BOB)
    _fill(account, "MSFT", "GOOG", sender=f"Ticker <{ALERTS}>")
    _fill(account, *OTHERS[1:3], sender=BOB)
    refused: dict[type[BaseException], str] = {
        imaplib.IMAP4.error: "Read what the server says. Is INBOX selected? Have numbers moved up after an EXPUNGE? "
        "Use UIDs, which stay."
    }
    filed = False
    with t.case("four alerts among seven mails", refused) as case:
        _expect_filed(case, account, moved(), OTHERS[:3])
        filed = True
    if not filed:
        return
    with t.case("the others are still unread") as case:
        flags = [set(message.flags) - {"\\Recent"} for message in account.inbox]
        words = (
            "Fetching a body marks a mail as read, unless you peek. Let SEARCH find the mails, on the server."
        )
        case.expect(flags, [set()] * 3, advice=words)
    numbers: dict[type[BaseException], str] = {
        TypeError: "`sender_of` wants a UID, and `client.search` finds numbers, which are no UIDs once mails have gone: "
        '`client.uid("SEARCH", …)`.',
        imaplib.IMAP4.error: EMPTY,
    }
    with t.case("senders that only contain the address", numbers) as case:
        _fill(account, OTHERS[3], sender=f"{ALERTS}.evil.example")
        _fill(account, OTHERS[4], sender=f'"{ALERTS}" <x@evil.example>')
        words = "SEARCH FROM finds every mail in whose From the text stands *anywhere*: ask `sender_of` about each."
        case.expect(moved(), 0, [(2, words), (1, words)], advice=words)
        case.expect(_subjects(account), OTHERS, advice=words)
    with t.case(
        "once more, with a new alert, and a mail of Bob's that another program has marked \\Deleted", numbers
    ) as case:
        _fill(account, "AMZN")
        account.inbox[0].flags = frozenset({"\\Deleted"})
        case.expect(moved(), 1, advice="The folder exists already, and one alert is new.")
        case.expect(_subjects(account, "Alerts"), [*FILED, "AMZN"], [(lambda v: len(v) > 5, words)])
        words = "Bob's mail is gone: EXPUNGE removes *everything* that is marked \\Deleted, whoever marked it. MOVE takes only yours."
        case.expect(_subjects(account), OTHERS, advice=words)


EMPTY = "Read what the server says. Is INBOX selected? With nothing found there is nothing to move: leave MOVE out."
FILED = ["AAPL", "IBM", "MSFT", "GOOG"]
OTHERS = ["Lunch?", f"I get mail from {ALERTS}", "Tea?", "Your account", "Your password"]


def _expect_filed(case: Case, account: Account, count: int, others: list[str]) -> None:
    if "Alerts" not in account.folders:
        case.fail("a folder Alerts", "there is none", "The folder is not there yet: `create` it first.")
    skipped = "Each EXPUNGE moves the numbers of all later mails up: use UIDs, which stay."
    wrong: Wrong = [
        (lambda came: not set(FILED) <= set(came), skipped),
        (
            lambda came: "mail from" in " ".join(came),
            "SEARCH FROM looks at the sender; TEXT and SUBJECT find others too.",
        ),
    ]
    case.expect(_subjects(account, "Alerts"), FILED, wrong)
    words = "Copies are left in the inbox: MOVE takes the mails away from there, COPY does not."
    case.expect(_subjects(account), others, [(lambda came: "AAPL" in came, words)], advice=skipped)
    case.expect(count, 4, [(None, "Return how many you moved.")])
