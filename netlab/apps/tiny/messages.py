"""What a visitor asks, and what is answered, as objects that a view likes to work with."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

LONGEST_FORM = 10_000  # bytes


class HTTPError(Exception):
    """Raised by a view, or by the framework, to answer with an error page."""

    def __init__(self, status: int, *fields: tuple[str, str]) -> None:
        super().__init__(f"{status} {HTTPStatus(status).phrase}")
        self.status, self.fields = status, fields


class Request:
    """What WSGI's environ says, decoded; what cannot be decoded is the visitor's mistake: 400."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self.environ = environ
        self.method: str = environ["REQUEST_METHOD"]
        self.path = decoded((environ.get("PATH_INFO") or "/").encode("latin-1"))
        self.query = pairs(environ.get("QUERY_STRING", ""))
        self._form: dict[str, str] | None = None

    def form(self) -> dict[str, str]:
        """The fields of a form that came as content, which can be read only once."""
        if self._form is None:
            self._form = self._read_form()
        return self._form

    def _read_form(self) -> dict[str, str]:
        length = self.environ.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            raise HTTPError(400)
        if len(length) > 9 or int(length) > LONGEST_FORM:
            raise HTTPError(413)
        return pairs(decoded(self.environ["wsgi.input"].read(int(length))))

    def cookies(self) -> dict[str, str]:
        """What the visitor's browser has kept for us; a cookie that is none counts as not there."""
        try:
            jar = SimpleCookie(self.environ.get("HTTP_COOKIE", ""))
        except CookieError:
            return {}
        return {name: morsel.value for name, morsel in jar.items()}


class Response:
    """What goes back: content, a status, a media type, further header fields."""

    def __init__(
        self,
        content: str | bytes = "",
        status: int = 200,
        kind: str = "text/html; charset=utf-8",
        fields: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.content = content.encode() if isinstance(content, str) else content
        self.status = f"{status} {HTTPStatus(status).phrase}"
        self.fields = [("Content-Type", kind), ("Content-Length", str(len(self.content))), *fields]
        if not all(value.isascii() and value.isprintable() for _, value in self.fields):
            raise ValueError("a header field is one line of ASCII: a line break would begin another field")

    def send(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        """Answer as WSGI wants it; HEAD gets the header alone."""
        start_response(self.status, self.fields)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.content]


def decoded(data: bytes) -> str:
    """Bytes as text."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise HTTPError(400) from None


def pairs(text: str) -> dict[str, str]:
    """What stands behind a `?` or in a form, `a=1&b=2`, as a dictionary of text."""
    try:
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict"))
    except ValueError:  # no UTF-8 behind the percent signs, or far too many fields
        raise HTTPError(400) from None
