"""The exercise of lesson 07 on content that goes to a server: a form, JSON, a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any
from urllib.parse import parse_qs

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.servers.web import WebServer

OURS = "the session of the judge"
FORM, JSON, MULTIPART = "application/x-www-form-urlencoded", "application/json", "multipart/form-data"


class Inbox:
    """A web app that keeps the last request: its media type, content, query, and who sent it."""

    def __init__(self) -> None:
        self.media_type = self.query = self.sender = ""
        self.content = b""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Keep a request, and say so."""
        self.media_type = environ.get("CONTENT_TYPE", "")
        self.query, self.sender = environ["QUERY_STRING"], environ.get("HTTP_USER_AGENT", "")
        self.content = environ["wsgi.input"].read()
        start_response("201 Created", [("Content-Type", "text/plain")])
        return [b"kept\n"]

    @property
    def kind(self) -> str:
        """The media type without its parameters."""
        return self.media_type.partition(";")[0]

    def part(self, name: str) -> Message | None:
        """The part of a multipart content with a name (RFC 7578); its syntax is that of mail."""
        whole = message_from_bytes(f"Content-Type: {self.media_type}\r\n\r\n".encode() + self.content)
        parts = [
            each for each in whole.walk() if each.get_param("name", header="Content-Disposition") == name
        ]
        return parts[0] if parts else None


@contextmanager
def inbox() -> Iterator[tuple[Inbox, Any, str]]:
    """An inbox, a session to write to it with, and its URL."""
    import requests

    app = Inbox()
    with WebServer(app) as server, requests.Session() as session:
        session.headers["User-Agent"] = OURS
        yield app, session, f"{server.url}/inbox"


@exercise(
    "07-forms",
    title="Send a form, JSON and a file",
    objective="07-o4",
    points=2,
    hints=(
        "Each of the three is one call: `session.post(url, …, timeout=2)`.",
        "A dictionary as `data=` becomes a form, as `json=` it becomes JSON; both set the media type too.",
        'A file: `files={"prices": (name, data, "text/csv")}`: the name of the field, then a triple.',
    ),
    passed="You can hand a service whatever it asks for, and it is told what it gets.",
)
def forms(
    t: Trial,
    send_note: Callable[..., object],
    send_alert: Callable[..., object],
    send_prices: Callable[..., object],
) -> None:
    """Content of three kinds, as it arrives."""
    theirs = "Send it with the session that you were given: it has the cookies and the open connections."
    with t.case("a note, as a form") as case, inbox() as (app, session, url):
        send_note(session, url, "AAPL", "up & away")
        wrong: Wrong = [
            (JSON, "That is JSON. A dictionary as `data=` makes a form of it."),
            (lambda _: app.query, "`params=` puts the pairs into the path, and into every log: use `data=`."),
            ("", "A text as `data=` is sent as it stands, without a media type: hand over a dictionary."),
        ]
        case.expect(app.kind, FORM, wrong)
        pairs = {name: values[0] for name, values in parse_qs(app.content.decode()).items()}
        words = "Compare the names and values; `requests` itself writes `&` as `%26`."
        case.expect(pairs, {"share": "AAPL", "note": "up & away"}, advice=words)
        case.expect(app.sender, OURS, advice=theirs)
    with t.case("an alert, as JSON") as case, inbox() as (app, session, url):
        send_alert(session, url, "AAPL", 450)
        wrong = [
            (FORM, "That is a form, in which 450 is a text. `json=` keeps it a number."),
            ("", "The text is JSON, but nothing says so: `json=` sets Content-Type too."),
        ]
        case.expect(app.kind, JSON, wrong)
        case.expect(json.loads(app.content), {"share": "AAPL", "limit": 450})
        case.expect(app.sender, OURS, advice=theirs)
    with t.case("prices, as a file") as case, inbox() as (app, session, url):
        send_prices(session, url, "apple.csv", b"AAPL,430.47\n")
        whole = "The bytes alone came, without a name. `files=` makes a part of them that has one."
        case.expect(app.kind, MULTIPART, [("", whole), (FORM, whole)])
        part = app.part("prices")
        field = "The part is called after the key in `files`: the field is `prices`."
        case.expect_that(part is not None, "a part `prices`", "none of that name", field)
        assert part is not None
        named = "A triple tells it all: file name, data, media type."
        case.expect([part.get_filename(), part.get("Content-Type")], ["apple.csv", "text/csv"], advice=named)
        case.expect(part.get_payload(decode=True), b"AAPL,430.47\n", advice="The data itself is the content.")
        case.expect(app.sender, OURS, advice=theirs)
