"""Where a student's WSGI app plays: behind a real web server, watched by the validator of PEP 3333."""

from __future__ import annotations

import contextlib
import io
import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any
from wsgiref.validate import validator

from netlab.exercises.trial import Case
from netlab.http.client import exchange
from netlab.http.messages import Headers, Request, Response
from netlab.servers.web import WebServer

FORM = "application/x-www-form-urlencoded"
WORDS = {  # a part of the validator's message, and what to say
    "should not return a string": "You returned the bytes themselves: a server iterates over them, byte by byte. Return a list of one: `[content]`.",
    "non-bytestring": "A WSGI app gives bytes: `.encode()` what you return.",
    "Iterator yielded": "A WSGI app gives bytes: `.encode()` what you return.",
    "Header value must be": "Values of header fields are text, numbers too: `str(len(data))`.",
    "Status must be": 'The status is text, number and phrase: `"404 Not Found"`.',
    "Status message": 'The status has a phrase behind the number: `"404 Not Found"`.',
    "Status codes should be": "The status begins with three digits.",
    "No Content-Type": "Say what it is: a field `Content-Type` is missing.",
    "Content-Type header found": "This status has no content, so it has no Content-Type.",
    "Headers (": 'The header is a list of pairs: `[("Content-Type", "text/plain")]`.',
    "must be of type list": 'The header is a list of pairs: `[("Content-Type", "text/plain")]`.',
    "Individual headers": 'Each field is a pair of name and value: `("Content-Type", "text/plain")`.',
    "start_response": "Call `start_response` once, before you return the content.",
    "if only an empty list": "Nothing was returned: an app returns a list of bytes, and a middleware what the app inside has returned.",
    "returned a Response": "WSGI wants bytes, and a Response knows how to give them: return what its `send(environ, start_response)` returns.",
    "and no iterable": "What an app returns is iterable: a list of bytes.",
    "object of application": "What an app returns is iterable: a list of bytes.",
    "Content-Length says": "Count the bytes that you send, after `.encode()`: `str(len(data))`.",
}
ANY = "The validator of PEP 3333 refuses it. Its words are above: what does it ask for?"


class _AgainstTheRulesError(AssertionError):
    """What PEP 3333 forbids, and its validator lets through."""


class Stage:
    """An app that remembers what went wrong in it, so that the judge can say it.

    Attributes:
        error: what the app raised at the last request, or None.
        log: what it wrote to `wsgi.errors` at the last request.
    """

    def __init__(self, app: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._app = validator(partial(_iterable_of, app))
        self.error: Exception | None = None
        self.log = io.StringIO()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer for the app, with 500 where it fails."""
        environ["wsgi.errors"] = self.log
        started: list[Any] = []

        def start(*arguments: Any) -> Any:
            if not re.fullmatch(r"\d{3} .+", arguments[0]):  # to the validator that is a warning only
                raise _AgainstTheRulesError(f"Status message: {arguments[0]!r} has none")
            started[:] = [arguments]
            return self.log.write

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the validator knows only the old methods
                chunks = self._app(environ, start)
                try:
                    content = list(chunks)
                finally:
                    chunks.close()  # type: ignore[attr-defined]
            if environ["REQUEST_METHOD"] != "HEAD":
                _count(started[0][1], content)
            start_response(*started[0][:2])
        except Exception as error:
            self.error = error
            start_response("500 Internal Server Error", [("Content-Type", "text/plain")], sys.exc_info())
            return []
        return content

    def ask(self, request: bytes | Request) -> Response:
        """Serve the app for one request; what it raised is raised here."""
        self.error = None
        self.log = io.StringIO()
        with WebServer(self) as server:
            response = exchange(server.address, request, timeout=2).response
        if self.error is not None:
            raise self.error
        return response


def _iterable_of(app: Any, environ: dict[str, Any], start_response: Any) -> Any:
    """What an app returned, unless the validator would stumble over it."""
    came = app(environ, start_response)
    if came is not None and not hasattr(came, "__iter__"):
        raise _AgainstTheRulesError(f"the application returned a {type(came).__name__}, and no iterable")
    return came


def _count(fields: Iterable[tuple[str, str]], content: list[bytes]) -> None:
    """Whether Content-Length is right, which no validator looks at."""
    there = sum(map(len, content))
    for name, value in fields:
        if name.lower() == "content-length" and value != str(there):
            raise _AgainstTheRulesError(f"Content-Length says {value}, and {there} bytes were returned")


def visit(target: str = "/", method: str = "GET", content: bytes = b"", **fields: str) -> Request:
    """A request for a site; content is sent as a form."""
    header = {"Host": "ticker.example", **{name.replace("_", "-"): value for name, value in fields.items()}}
    if content:
        header |= {"Content-Type": FORM, "Content-Length": str(len(content))}
    return Request(method, target, Headers(header), content)


@contextlib.contextmanager
def by_the_rules(case: Case) -> Iterator[None]:
    """Say in words what the validator did not like."""
    try:
        yield
    except AssertionError as error:
        said = str(error)
        words = next((words for part, words in WORDS.items() if part in said), ANY)
        who = "the check" if isinstance(error, _AgainstTheRulesError) else "the validator"
        case.fail("what PEP 3333 asks for", f"{who} says: {said or 'no'}", words)
