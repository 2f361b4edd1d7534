"""The first exercises of lesson 10, e-mail: a dialogue in order, and the end of a mail."""

from __future__ import annotations

import smtplib
import socket
from collections import Counter
from collections.abc import Callable
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong, show
from netlab.servers.mailbox import Mailbox
from netlab.servers.smtp import SMTPServer

ADA, BOB, ALERTS = "ada@customer.example", "bob@customer.example", "alerts@ticker.example"
WAITING = 1.5  # seconds to wait for a reply that may never come

DIALOGUE = [
    "DATA",
    "RCPT TO:<ada@customer.example>",
    "QUIT",
    "Subject: AAPL\r\n\r\n430.47\r\n.",
    "EHLO pc.ticker.example",
    "MAIL FROM:<alerts@ticker.example>",
    "RCPT TO:<bob@customer.example>",
]

AFTER_DATA = (
    "After DATA every line is text of the mail, until a line with a single dot. Which item has that dot?"
)
REFUSED = {
    "MAIL": "The server wants to know who you are before it takes a mail: EHLO comes first.",
    "RCPT": "Recipients belong to a mail that has begun: MAIL comes before RCPT.",
    "DATA": "DATA needs at least one recipient: RCPT comes before it.",
    "Subj": "The text of the mail comes only once the server has said 354, and that answers DATA.",
    "QUIT": "After QUIT the server closes the connection: it is the last thing to say.",
}


@exercise(
    "10-order",
    title="Put the dialogue in order",
    objective="10-o1",
    points=1,
    starter=DIALOGUE,
    hints=(
        "First you greet, at last you say goodbye. What is on an envelope, before anything is put into it?",
        "The envelope has a sender and recipients, MAIL and RCPT. Then DATA asks for leave to send the text.",
        "EHLO, MAIL, RCPT, RCPT, DATA, the text with its dot, QUIT.",
    ),
    passed="One mail, two recipients, and the server had nothing to object.",
)
def order(t: Trial, dialogue: list[str]) -> None:
    """The lines of an SMTP dialogue, played against a real server."""
    with t.case("the items") as case:
        words = "Only move the items: none is to be added, left out or changed."
        same = isinstance(dialogue, list) and Counter(map(str, dialogue)) == Counter(DIALOGUE)
        case.expect_that(same, "a list of the seven items", show(dialogue), words)
    if not same:
        return
    mailbox = Mailbox({ADA: "x", BOB: "x"})
    with t.case("the server answers each of them") as case:
        _play(case, mailbox, dialogue)
    with t.case("both have the mail") as case:
        counts = {address: len(mailbox[address].inbox) for address in (ADA, BOB)}
        words = "A recipient who is named after DATA, or in another mail, does not get this one."
        case.expect(counts, {ADA: 1, BOB: 1}, advice=words)
    with t.case("the goodbye") as case:
        case.expect(dialogue[-1], "QUIT", advice=REFUSED["QUIT"])


def _play(case: Case, mailbox: Mailbox, dialogue: list[str]) -> None:
    """Say the lines one after the other; fail at the first that the server does not like."""
    with (
        SMTPServer(mailbox, starttls=False) as server,
        socket.create_connection(server.address, timeout=WAITING) as sock,
        sock.makefile("rb") as replies,
    ):
        _reply(replies)
        for line in dialogue:
            sock.sendall(line.encode() + b"\r\n")
            try:
                code = _reply(replies)
            except TimeoutError:
                case.fail("a reply", f"silence after {line!r}", AFTER_DATA)
            if not code:
                case.fail(f"a reply to {line!r}", "the connection is closed", REFUSED["QUIT"])
            if code >= 400:
                case.fail("a code below 400", f"{code} to {line!r}", REFUSED[line[:4]])


def _reply(replies: Any) -> int:
    """The code of a reply of any number of lines; 0 when the connection is closed."""
    line = b"-" * 4
    while line[3:4] == b"-":
        line = replies.readline()
    return int(line[:3] or b"0")


AS_DATA = '''
def as_data(text):
    """Return a mail's text as it goes over the wire after DATA, with the line that ends it."""
    lines = text.split("\\n")
    return b"".join(line.encode() + b"\\r\\n" for line in lines) + b".\\r\\n"
'''


@exercise(
    "10-dots",
    title="Find the three bugs: the end of a mail",
    objective="10-o1",
    points=2,
    starter=AS_DATA,
    hints=(
        'Try it: `as_data("one\\n.\\ntwo\\n")`. Where would the server think that the mail ends? And how many lines come out?',
        "A line that *begins* with a dot gets one more dot in front; the server takes one away again.",
        'Line ends: `text.replace("\\r\\n", "\\n")` makes them alike. `split("\\n")` then gives an empty piece behind the last `"\\n"`: `removesuffix` before it.',
    ),
    passed="Whatever is in the mail, it ends where you say, and not a line earlier.",
)
def dots(t: Trial, as_data: Callable[[str], bytes]) -> None:
    """What is sent after DATA: dots, line ends, and nothing else changed (RFC 5321, sections 2.3.8 and 4.5.2)."""
    _dots(t, as_data)
    _line_ends(t, as_data)
    with t.case("a server gets it, and delivers what you had") as case:
        text = "Subject: dots\r\n\r\n.\r\n..\r\nend.\r\n"
        came = _delivered(as_data(text))
        if not came:
            case.fail(show(text.encode()), "no mail", "The server still waits for the line that ends it.")
        case.expect(came, text.encode(), advice="The mail came out otherwise than it went in.")


def _dots(t: Trial, as_data: Callable[[str], bytes]) -> None:
    early = "The server takes a line with a single dot for the end: what follows would be taken for commands."
    with t.case("two lines, the last one without an end") as case:
        wrong: Wrong = [
            (
                b"one\r\ntwo.\r\n",
                "The dot stands on a line of its own: the text's last line has to end first.",
            ),
            (b"one\r\ntwo\r\n", "The line with a single dot is missing: the server would wait for ever."),
            (b"one\ntwo\n.\n", "A line ends with CR and LF."),
            (lambda v: isinstance(v, str), "Return bytes: that is what goes over the wire."),
        ]
        case.expect(as_data("one\ntwo"), b"one\r\ntwo\r\n.\r\n", wrong)
    with t.case("a line that is a dot") as case:
        came, right = as_data("one\n.\ntwo"), b"one\r\n..\r\ntwo\r\n.\r\n"
        case.expect(came, right, [(lambda v: b"\r\n.\r\ntwo" in v, early)])
    with t.case("a line that begins with dots") as case:
        wrong = [
            (
                b".x\r\n..y\r\n.\r\n",
                "A dot is taken away from *every* line that begins with one, not only from a lone dot.",
            ),
            (
                b".x\r\n...y\r\n.\r\n",
                "The first line has no line end in front of it, and begins with a dot, too.",
            ),
        ]
        case.expect(as_data(".x\n..y"), b"..x\r\n...y\r\n.\r\n", wrong)
    with t.case("a dot elsewhere") as case:
        words = "Only a dot at the *beginning* of a line is doubled: the server takes away no other."
        case.expect(as_data("430.47"), b"430.47\r\n.\r\n", [(b"430..47\r\n.\r\n", words)])


def _line_ends(t: Trial, as_data: Callable[[str], bytes]) -> None:
    with t.case("a last line that has its end") as case:
        words = "There is an empty line too many: the text's last line has ended already."
        case.expect(as_data("one\n"), b"one\r\n.\r\n", [(b"one\r\n\r\n.\r\n", words)])
    with t.case("an empty line at the end, which is meant") as case:
        off = "Here the empty line belongs to the text: take off one line end, not all of them."
        wrong: Wrong = [(b"one\r\n.\r\n", off), (b"one\r\n\r\n\r\n.\r\n", words)]
        case.expect(as_data("one\n\n"), b"one\r\n\r\n.\r\n", wrong)
    with t.case("a text that has CR LF already") as case:
        words = "The CR was there already, and you sent another: take the line ends off first, whichever they are."
        case.expect(as_data("one\r\ntwo"), b"one\r\ntwo\r\n.\r\n", [(lambda v: b"\r\r\n" in v, words)])
    with t.case("a page break (form feed) and U+2028 in a line") as case:
        words = (
            "That was one line, and you made more of it: `splitlines()` cuts at a dozen characters. "
            'Here only `"\\n"` and `"\\r\\n"` end a line.'
        )
        text = "one\x0ctwo\u2028three"
        case.expect(as_data(text), text.encode() + b"\r\n.\r\n", [(lambda v: v.count(b"\r\n") > 2, words)])


def _delivered(data: bytes) -> bytes:
    """What a real server makes of that after DATA, without the lines that it puts before it."""
    mailbox = Mailbox({ADA: "x"})
    with (
        SMTPServer(mailbox, starttls=False) as server,
        smtplib.SMTP(*server.address, timeout=WAITING) as client,
    ):
        client.ehlo()
        client.mail(ALERTS)
        client.rcpt(ADA)
        client.docmd("DATA")
        client.send(data)
        client.getreply()
    return b"".join(message.data.split(b" +0000\r\n", 1)[1] for message in mailbox[ADA].inbox)


from netlab.exercises import (  # noqa: E402
    lesson_10_bounce,  # noqa: F401
    lesson_10_building,  # noqa: F401
    lesson_10_fetching,  # noqa: F401
    lesson_10_quizzes,  # noqa: F401
    lesson_10_records,  # noqa: F401
    lesson_10_sending,  # noqa: F401
)
