"""The exercise of lesson 10 that builds a mail: a text, HTML with a picture, and a file."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

CHART = b"\x89PNG\r\n\x1a\nnot really a chart"
HISTORY = b"Date,Close\r\n2013-02-28,441.40\r\n2013-03-01,430.47\r\n"


@exercise(
    "10-build",
    title="An alert with a chart",
    objective="10-o2",
    points=4,
    hints=(
        '`message = EmailMessage()`, then the five fields (`message["Date"] = localtime()`), then `message.set_content(text)`.',
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
    data = b""
    misplaced: dict[type[BaseException], str] = {
        ValueError: "A part does not fit where you add it. The text first, then the alternative; the picture is related "
        'to the HTML, `message.get_body("html").add_related(…)`, not to the mail; the file comes last.'
    }
    with t.case("it is an EmailMessage", misplaced) as case:
        messages = [build_alert(to, subject, text, CHART, HISTORY) for _ in range(2)]
        right = all(isinstance(message, EmailMessage) for message in messages)
        case.expect_that(right, "an EmailMessage", type(messages[0]).__name__, "Return the message.")
        data, again = (message.as_bytes(policy=email.policy.SMTP) for message in messages)
    if not data:
        return
    came = email.message_from_bytes(data, policy=email.policy.default)
    _header(t, came, data, to, subject)
    _date_and_id(t, came, email.message_from_bytes(again, policy=email.policy.default))
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


def _date_and_id(t: Trial, came: EmailMessage, again: EmailMessage) -> None:
    """RFC 5322, sections 3.6.1 and 3.6.4."""
    with t.case("Date and Message-ID") as case:
        written = came["Date"].datetime if came["Date"] else None
        words = "A mail has to say when it was written (RFC 5322, section 3.6.1): `localtime()` is now."
        case.expect_that(isinstance(written, datetime), "a Date", str(came["Date"]), words)
        words = (
            "Programs tell a mail from others by its Message-ID: `make_msgid(…)`, a new one for each mail."
        )
        ids = [str(message["Message-ID"]) for message in (came, again)]
        case.expect_that(
            ids[0] != ids[1] and "None" not in ids, "an id of its own for each mail", ids[0], words
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
        said = re.search(r"""(?i)\balt=("\s*[^"\s]|'\s*[^'\s])""", source)
        case.expect_that(said is not None, "an alt that says something", source, words)
    with t.case("the file") as case:
        files = [(part.get_filename(), part.get_payload(decode=True)) for part in came.iter_attachments()]
        words = '`add_attachment(history, maintype="text", subtype="csv", filename="history.csv")`, after the alternatives.'
        case.expect(files, [("history.csv", HISTORY)], advice=words)
