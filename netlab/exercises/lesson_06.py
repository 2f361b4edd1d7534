"""The exercises of lesson 06, DNS: names on the wire, and the kinds of records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netlab.exercises.choosing import expect_choice
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.servers.zone import Zone
from netlab.wire.dns import DNSMessage, build_query

SOA = "@ 3600 IN SOA ns1 hostmaster 1 7200 3600 604800 300\n"


@exercise(
    "06-name",
    title="A name on the wire",
    objective="06-o1",
    points=2,
    hints=(
        'Take a dot at the end away first: `name.removesuffix(".")`. What is left of `"."`?',
        'Split at the dots; for each label `bytes([len(label)]) + label.encode("ascii")`. At the end `b"\\0"`.',
        '`"".split(".")` is `[""]`, one empty label: treat the root before you split.',
        "Check each label, `1 <= len(label) <= 63`, and the length of the result, 255 at the most.",
    ),
    passed="Your names are read by every DNS server of the world.",
)
def encode(t: Trial, encode_name: Callable[[str], bytes]) -> None:
    """A name as DNS messages have it."""
    www = b"\x03www\x06ticker\x07example\x00"
    with t.case("www.ticker.example") as case:
        wrong: Wrong = [
            (www[:-1], "The zero at the end is missing: it is the label of the root, and ends the name."),
            (b"www.ticker.example\x00", "There are no dots on the wire: each label has its length in front."),
            (
                b"3www6ticker7example0",
                "The lengths are bytes, not digits: `bytes([3])` is one byte, `\\x03`.",
            ),
            (lambda v: isinstance(v, str), "Return bytes: `.encode('ascii')` turns a label into bytes."),
        ]
        case.expect(encode_name("www.ticker.example"), www, wrong)
    with t.case("a dot at the end") as case:
        extra = "The dot at the end gave an empty label, and so a second zero: take the dot away first."
        case.expect(encode_name("www.ticker.example."), www, [(www + b"\x00", extra)])
    with t.case("a single label") as case:
        case.expect(encode_name("localhost"), b"\x09localhost\x00")
    with t.case("the root", {ValueError: 'The name "." is the root: a zero and nothing else.'}) as case:
        case.expect(
            encode_name("."),
            b"\x00",
            [
                (
                    b"\x00\x00",
                    'Without its dot the root is "": no labels at all, just the zero that ends a name.',
                )
            ],
        )
    with t.case("the longest label", {ValueError: "63 bytes are allowed."}) as case:
        case.expect(encode_name("a" * 63), b"\x3f" + b"a" * 63 + b"\x00")
    with t.case("a label of 64 bytes") as case:
        words = "64 would be 0x40, and the two highest bits of a length say what follows: 63 is the most."
        case.expect_error(ValueError, lambda: encode_name("a" * 64 + ".example"), words)
    with t.case("an empty label inside") as case:
        words = "An empty label would end the name in its middle: raise ValueError."
        case.expect_error(ValueError, lambda: encode_name("www..example"), words)
    with t.case("a name of 256 bytes") as case:
        words = "Count lengths, letters and the zero: more than 255 bytes are no name."
        case.expect_error(ValueError, lambda: encode_name(".".join(["a" * 62] * 4 + ["bb"])), words)
    with t.case("a name of 255 bytes", {ValueError: "255 bytes are still allowed."}) as case:
        case.expect(len(encode_name(".".join(["a" * 62] * 4 + ["b"]))), 255)


@exercise(
    "06-decode",
    title="Read a name",
    objective="06-o1",
    points=3,
    hints=(
        "Look at the byte at `offset`. Zero: the name is over. Below 64: so many letters follow. 192 or more: a pointer.",
        "A pointer takes two bytes: `(byte & 0x3F) << 8 | message[offset + 1]`. Note `offset + 2` as the end, but only at the *first* pointer.",
        "Against circles: let each pointer lead to before the place where this part of the name began, else ValueError. Or count the jumps.",
        "Before you read, ask whether the message is long enough. A slice that is too short raises nothing: compare its length.",
    ),
    passed="Your reader follows pointers, and nobody can lead it round in circles.",
)
def decode(t: Trial, decode_name: Callable[[bytes, int], Any]) -> None:
    """A name of a message, compressed or not."""
    message = (
        bytes(12) + b"\x03www\x06ticker\x07example\x00" + b"\x00\x01" + b"\x04mail\xc0\x10" + b"\xc0\x22!"
    )
    with t.case("a plain name") as case:
        wrong: Wrong = [
            (("www.ticker.example", 31), "What follows begins *after* the zero, one byte further."),
            (("www.ticker.example.", 32), "Without a dot at the end, this time."),
            (lambda v: isinstance(v, str), "Return two things: the name, and the offset of what follows it."),
        ]
        case.expect(decode_name(message, 12), ("www.ticker.example", 32), wrong)
    with t.case("the root, a single zero") as case:
        dot = 'The root has no labels, and so no dot either: return "".'
        case.expect(decode_name(bytes(13), 12), ("", 13), [((".", 13), dot)])
    circle = "It went on for ever: where does the reader go on after a pointer?"
    with t.case("a label, then a pointer", hangs=circle) as case:
        wrong = [
            (
                ("mail.ticker.example", 32),
                "What follows comes right behind the pointer's two bytes, not where it led.",
            ),
            (("mail.ticker.example", 40), "A pointer has two bytes: what follows is behind both."),
            (("mail", 41), "The name goes on where the pointer leads."),
        ]
        case.expect(decode_name(message, 34), ("mail.ticker.example", 41), wrong)
    with t.case("a pointer to a name that ends in a pointer", hangs=circle) as case:
        wrong = [
            (
                ("mail.ticker.example", 41),
                "Note what follows at the first pointer only: a second one must not change it.",
            ),
            (("mail.ticker.example", 32), "What follows comes right behind the *first* pointer, at byte 43."),
        ]
        case.expect(decode_name(message, 41), ("mail.ticker.example", 43), wrong)
    _decode_broken(t, decode_name)


def _decode_broken(t: Trial, decode_name: Callable[[bytes, int], Any]) -> None:
    """Names that are none: every one is refused with ValueError."""
    short = "Raise ValueError: `IndexError`, or a name that is too short, tells nobody what is wrong."
    for what, message in {
        "the message ends before the zero": bytes(12) + b"\x03www",
        "the message ends in a label": bytes(12) + b"\x09www",
        "the message ends in a pointer": bytes(12) + b"\xc0",
        "the name begins behind the message": bytes(12),
    }.items():
        with t.case(what, {IndexError: short}) as case:
            case.expect_error(ValueError, lambda message=message: decode_name(message, 12), short)  # type: ignore[misc]
    circles = "Pointers that go round never end: refuse one that does not lead backwards, or count the jumps."
    for what, message in {
        "a pointer to itself": bytes(12) + b"\xc0\x0c",
        "two pointers to each other": bytes(12) + b"\xc0\x0e\xc0\x0c",
        "a label and a pointer back to it": bytes(12) + b"\x03www\xc0\x0c",
    }.items():
        with t.case(what, {RecursionError: circles, MemoryError: circles}, hangs=circles) as case:
            case.expect_error(ValueError, lambda message=message: decode_name(message, 12), circles)  # type: ignore[misc]


_KINDS: dict[str, tuple[str, Wrong]] = {
    "reach the web site over IPv6": (
        "AAAA",
        [("A", "A holds an IPv4 address, four bytes; IPv6 has four times as many.")],
    ),
    "find out where mail for ticker.example goes": (
        "MX",
        [("A", "The domain's own address may be the web server's: mail has a record of its own.")],
    ),
    "let shop.ticker.example be another name of www.ticker.example": (
        "CNAME",
        [
            ("A", "That would work until the address of www changes: an alias follows by itself."),
            ("PTR", "PTR leads from an address to a name. Here one name leads to another."),
        ],
    ),
    "prove to a company that ticker.example is ours": (
        "TXT",
        [("NS", "A text that only the owner of the zone can place there: which type holds texts?")],
    ),
    "hand all names under lab.ticker.example to the laboratory's own server": (
        "NS",
        [
            ("CNAME", "An alias concerns one name. Who answers for all names below is said by another type."),
            ("A", "An address of lab would not hand over the names below it."),
        ],
    ),
    "write names instead of addresses into a log": (
        "PTR",
        [("A", "A leads from a name to an address. Here the address is known, and the name is wanted.")],
    ),
}


@exercise(
    "06-kinds",
    title="Which record?",
    objective="06-o2",
    points=2,
    hints=(
        "Ask for each: what is known, and what is wanted? The table above says what each type holds.",
        "One leads to an address, one to another name, one to servers that answer, one from an address to a name.",
        "Each type of the list is used once, except A.",
    ),
    passed="You know what to ask for.",
)
def kinds(t: Trial, kinds: dict[str, str]) -> None:
    """A type of record for each task."""
    for task, (right, wrong) in _KINDS.items():
        with t.case(task) as case:
            advice = "Look for what is known, and what is wanted."
            expect_choice(case, kinds.get(task), right, wrong, advice=advice)


@exercise(
    "06-mail",
    title="Where does the mail go?",
    objective="06-o2",
    points=2,
    hints=(
        "Each value is two words: `preference, host = value.split()`. Sort by the preference, as a number.",
        "An empty list means: no MX record, so the domain itself takes the mail.",
        'Take the dot off each name. What is left of `"."`? That one means that no mail is taken: an empty list.',
    ),
    passed="You find mail servers as mail servers do.",
)
def mail(t: Trial, mail_servers: Callable[..., list[str]]) -> None:
    """The mail servers of a domain, from real answers to MX queries."""

    def asking(records: str) -> Callable[[str, str], list[str]]:
        zone = Zone("ticker.example", SOA + records)

        def ask(name: str, kind: str) -> list[str]:
            reply = zone.answer(build_query(name, kind, id=7))
            assert reply is not None
            return [record.value for record in DNSMessage.parse(reply).answers]

        return ask

    domain = "ticker.example"
    with t.case("two servers") as case:
        right = ["mail.ticker.example", "backup.ticker.example"]
        wrong: Wrong = [
            (right[::-1], "Sort by the preference *as a number*: as text, 20 comes before 5."),
            ([f"{name}." for name in right], "Without the dots at the end, please."),
            (lambda v: any(" " in each for each in v), "Names only: leave the preference out."),
        ]
        came = mail_servers(domain, asking("@ 60 IN MX 20 backup\n@ 60 IN MX 5 mail\n"))
        case.expect(came, right, wrong)
    with t.case("no MX record") as case:
        words = "Without an MX record the domain itself is the mail server: return its name."
        case.expect(mail_servers(domain, asking("@ 60 IN A 192.0.2.25\n")), [domain], [([], words)])
    with t.case("a domain that takes no mail") as case:
        words = 'One MX with the name "." says: no mail here. Return an empty list.'
        wrong = [([""], words), (["."], words), ([domain], words)]
        case.expect(mail_servers(domain, asking("@ 60 IN MX 0 .\n")), [], [*wrong, (None, words)])


from netlab.exercises import lesson_06_quizzes, lesson_06_resolver  # noqa: E402,F401
