"""The exercises of lesson 10, e-mail: a dialogue in order, the end of a mail, and a mail of several parts."""

from __future__ import annotations

import email
import email.policy
import smtplib
import socket
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong
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
        case.expect(sorted(dialogue), sorted(DIALOGUE), advice=words)
    if sorted(dialogue) != sorted(DIALOGUE):
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
    title="Find the bugs: the end of a mail",
    objective="10-o1",
    points=2,
    starter=AS_DATA,
    hints=(
        'Try it: `as_data("one\\n.\\ntwo\\n")`. Where would the server think that the mail ends?',
        "A line that *begins* with a dot gets one more dot in front; the server takes one away again.",
        'Line ends: `text.splitlines()` takes `"\\n"` and `"\\r\\n"` alike, and leaves no empty line at the end.',
    ),
    passed="Whatever is in the mail, it ends where you say, and not a line earlier.",
)
def dots(t: Trial, as_data: Callable[[str], bytes]) -> None:
    """What is sent after DATA: line ends and dots."""
    early = "The server takes a line with a single dot for the end: what follows would be taken for commands."
    every = "Only a dot at the *beginning* of a line is doubled: the server takes away no other."
    with t.case("two lines") as case:
        wrong: Wrong = [
            (
                b"one\r\ntwo\r\n\r\n.\r\n",
                "There is an empty line too many: the text's last line has ended already.",
            ),
            (b"one\r\ntwo\r\n", "The line with a single dot is missing: the server would wait for ever."),
            (b"one\ntwo\n.\n", "A line ends with CR and LF."),
            (lambda v: isinstance(v, str), "Return bytes: that is what goes over the wire."),
        ]
        case.expect(as_data("one\ntwo\n"), b"one\r\ntwo\r\n.\r\n", wrong)
    with t.case("a line that is a dot") as case:
        came, right = as_data("one\n.\ntwo\n"), b"one\r\n..\r\ntwo\r\n.\r\n"
        case.expect(came, right, [(lambda v: b"\r\n.\r\ntwo" in v, early)])
    with t.case("a line that begins with dots") as case:
        words = "A dot is taken away from *every* line that begins with one, not only from a lone dot."
        case.expect(as_data(".x\n..y\n"), b"..x\r\n...y\r\n.\r\n", [(b".x\r\n..y\r\n.\r\n", words)])
    with t.case("a dot elsewhere") as case:
        case.expect(as_data("430.47\n"), b"430.47\r\n.\r\n", [(b"430..47\r\n.\r\n", every)])
    with t.case("a text that has CR LF already") as case:
        words = "The CR was there already, and you sent another: take the line ends off first, whichever they are."
        case.expect(as_data("one\r\ntwo\r\n"), b"one\r\ntwo\r\n.\r\n", [(lambda v: b"\r\r\n" in v, words)])
    with t.case("a last line without an end") as case:
        words = "The dot stands on a line of its own: the text's last line has to end first."
        case.expect(as_data("one"), b"one\r\n.\r\n", [(b"one.\r\n", words)])
    with t.case("as a server has it") as case:
        text = "Subject: dots\r\n\r\n.\r\n..\r\nend.\r\n"
        case.expect(
            _delivered(as_data(text)), text.encode(), advice="The mail came out otherwise than it went in."
        )


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


CHART = b"\x89PNG\r\n\x1a\nnot really a chart"
HISTORY = b"Date,Close\r\n2013-02-28,441.40\r\n2013-03-01,430.47\r\n"


@exercise(
    "10-build",
    title="An alert with a chart",
    objective="10-o2",
    points=4,
    hints=(
        "`message = EmailMessage()`, then the three fields, then `message.set_content(text)`.",
        '`cid = make_msgid(domain="ticker.example")`; in the HTML it stands without its brackets: `cid[1:-1]`.',
        '`message.add_alternative(…, subtype="html")`; then `message.get_body("html").add_related(chart, "image", "png", cid=cid)`.',
        '`message.add_attachment(history, maintype="text", subtype="csv", filename="history.csv")` comes last.',
        "The text may hold `<` and `&`: `html.escape(text)` for the HTML.",
    ),
    passed="Every mail program shows your alert: as text, as HTML with its chart, and with a file to keep.",
)
def build(t: Trial, build_alert: Callable[..., EmailMessage]) -> None:
    """A mail with a text, an HTML alternative with a picture, and an attachment."""
    to, subject, text = "李雷 <lilei@customer.example>", "苹果 AAPL 430.47", "AAPL <below> 431 & falling"
    message = build_alert(to, subject, text, CHART, HISTORY)
    with t.case("it is an EmailMessage") as case:
        case.expect_that(
            isinstance(message, EmailMessage),
            "an EmailMessage",
            type(message).__name__,
            "Return the message.",
        )
    if not isinstance(message, EmailMessage):
        return
    data = message.as_bytes(policy=email.policy.SMTP)
    came = email.message_from_bytes(data, policy=email.policy.default)
    _header(t, came, data, to, subject)
    _alternatives(t, came, text)
    _files(t, came)


def _header(t: Trial, came: EmailMessage, data: bytes, to: str, subject: str) -> None:
    with t.case("From, To and Subject") as case:
        fields = {name: str(came[name]) for name in ("From", "To", "Subject")}
        wanted = {"From": "Ticker <alerts@ticker.example>", "To": to, "Subject": subject}
        words = "Give the fields plain text, Chinese included: EmailMessage encodes it."
        case.expect(fields, wanted, advice=words)
    with t.case("the header is ASCII on the wire") as case:
        case.expect_that(
            data.partition(b"\r\n\r\n")[0].isascii(),
            "ASCII",
            "other bytes",
            "Let EmailMessage encode the fields.",
        )


def _alternatives(t: Trial, came: EmailMessage, text: str) -> None:
    texts = [
        part.get_content_type()
        for part in came.walk()
        if part.get_content_maintype() == "text" and not part.is_attachment()
    ]
    with t.case("plain text first, then HTML") as case:
        wrong: Wrong = [
            (
                ["text/html", "text/plain"],
                "The last alternative is the best one, and is shown: plain text comes first.",
            ),
            (
                ["text/html"],
                "Whoever reads text only, or has it read aloud, gets nothing: set the plain text too.",
            ),
            (["text/plain"], 'Where is the HTML? `add_alternative(…, subtype="html")`.'),
        ]
        case.expect(texts, ["text/plain", "text/html"], wrong)
    kinds = [part.get_content_type() for part in came.walk()]
    with t.case("they are alternatives") as case:
        words = "Two texts that are no alternatives are shown one below the other: use `add_alternative`."
        case.expect_that("multipart/alternative" in kinds, "a multipart/alternative", ", ".join(kinds), words)
    with t.case("the plain text") as case:
        body = came.get_body(("plain",))
        words = "The plain text is the text as it was given: escaping is for HTML only."
        case.expect(body.get_content().strip() if body else "", text, advice=words)
    with t.case("the text in the HTML") as case:
        body = came.get_body(("html",))
        source = body.get_content() if body else ""
        words = "In HTML `<` and `&` mean something else: a reader would see only “AAPL 431”. `html.escape(text)` helps."
        case.expect_that(
            "&lt;below&gt; 431 &amp; falling" in source, "&lt;below&gt; 431 &amp; falling", source, words
        )


def _files(t: Trial, came: EmailMessage) -> None:
    pictures = [part for part in came.walk() if part.get_content_maintype() == "image"]
    with t.case("the chart is in the mail") as case:
        contents = [part.get_payload(decode=True) for part in pictures]
        words = (
            'The picture\'s bytes go into a part of their own: `add_related(chart, "image", "png", cid=cid)`.'
        )
        case.expect(contents, [CHART], advice=words)
    with t.case("the HTML shows it") as case:
        body = came.get_body(("html",))
        source = body.get_content() if body else ""
        cids = [str(part["Content-ID"] or "").strip("<>") for part in pictures]
        if "cid:<" in source or "cid:&lt;" in source:
            case.fail(
                "cid: and the id",
                "cid: and the id in its brackets",
                "In `src` the id stands without `<` and `>`: `cid[1:-1]`.",
            )
        words = '`<img src="cid:…">` and the picture\'s Content-ID have to be the same id.'
        case.expect_that(
            any(cid and f"cid:{cid}" in source for cid in cids), "an <img> with the chart's id", source, words
        )
        words = "Say in the picture's `alt` what it shows, for whoever cannot see it."
        case.expect_that('alt="' in source or "alt='" in source, "alt", source, words)
    with t.case("the file") as case:
        files = [(part.get_filename(), part.get_payload(decode=True)) for part in came.iter_attachments()]
        words = '`add_attachment(history, maintype="text", subtype="csv", filename="history.csv")`, after the alternatives.'
        case.expect(files, [("history.csv", HISTORY)], advice=words)


from netlab.exercises import lesson_10_fetching, lesson_10_quizzes, lesson_10_sending  # noqa: E402,F401
