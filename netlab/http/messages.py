"""Requests, responses and their header fields, as HTTP/1.1 writes them (RFC 9112)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from netlab.errors import NetlabError
from netlab.text import preview

# RFC 9110, section 5.6.2: token = 1*tchar
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# RFC 9110, section 5.5: visible characters, blanks between them, and bytes above ASCII, read as Latin-1
VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
# RFC 9112, section 3.2: no blank may stand in a request target
TARGET = re.compile(r"[\x21-\x7e]+")
# RFC 9112, section 2.3; only the versions that have this form of message
VERSION = re.compile(r"HTTP/1\.[01]")
CHUNKED = "chunked"


class HTTPSyntaxError(NetlabError, ValueError):
    """Bytes, or values, that are no HTTP/1.1 message."""


class Headers:
    """Header fields in their order; names are looked up without regard to case (RFC 9110, section 5).

    Args:
        fields: pairs of name and value, or a mapping.

    Raises:
        HTTPSyntaxError: for a name that is no token, or a value with a line break or another control character.

    Example:
        >>> Headers({"Host": "ticker.example"})["host"]
        'ticker.example'
    """

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        pairs = fields.items() if isinstance(fields, Mapping) else fields
        self._fields = tuple((_checked_name(name), _checked_value(name, value)) for name, value in pairs)

    def get_all(self, name: str) -> list[str]:
        """The values of all lines with this name; the way to read Set-Cookie, which cannot be joined."""
        return [value for key, value in self._fields if key.lower() == name.lower()]

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of a field; several lines of one name are joined by commas (RFC 9110, section 5.2)."""
        values = self.get_all(name)
        return ", ".join(values) if values else default

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.get_all(name))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Headers):
            return NotImplemented
        return [(n.lower(), v) for n, v in self] == [(n.lower(), v) for n, v in other]

    def __hash__(self) -> int:
        return hash(tuple((name.lower(), value) for name, value in self))

    def __repr__(self) -> str:
        return f"Headers({list(self._fields)!r})"

    def pack(self) -> bytes:
        r"""The field lines, each with its \r\n (RFC 9112, section 5)."""
        return "".join(f"{name}: {value}\r\n" for name, value in self).encode("latin-1")


@dataclass(frozen=True)
class _Message:
    """What requests and responses share."""

    def _head(self) -> bytes:
        raise NotImplementedError

    def _pack(self, headers: Headers, content: bytes, trailers: Headers) -> bytes:
        if CHUNKED in (headers.get("Transfer-Encoding") or "").lower():
            chunk = b"%x\r\n%b\r\n" % (len(content), content) if content else b""
            content = chunk + b"0\r\n" + trailers.pack() + b"\r\n"
        return self._head() + headers.pack() + b"\r\n" + content


@dataclass(frozen=True)
class Request(_Message):
    """What a client sends (RFC 9112, section 3).

    Attributes:
        method: such as "GET".
        target: a path with its query, such as "/quotes/AAPL?days=5".
        headers: the header fields; a mapping or pairs will do.
        content: the bytes after the empty line, without the marks of a chunked transfer.
        version: the protocol's version.
        trailers: fields that came after a chunked content.

    Raises:
        HTTPSyntaxError: for a method, target or version that cannot be written in a request line.
    """

    method: str
    target: str
    headers: Headers = field(default_factory=Headers)
    content: bytes = b""
    version: str = "HTTP/1.1"
    trailers: Headers = field(default_factory=Headers)

    def __post_init__(self) -> None:
        _make_headers(self)
        if not TOKEN.fullmatch(self.method):
            raise HTTPSyntaxError(f"{self.method!r} is no method: use one word, such as GET.")
        if not TARGET.fullmatch(self.target):
            raise HTTPSyntaxError(
                f"{self.target!r} is no request target: use ASCII without blanks, such as /quotes/AAPL, "
                f"and urllib.parse.quote() for anything else."
            )
        _check_version(self.version)

    def _head(self) -> bytes:
        return f"{self.method} {self.target} {self.version}\r\n".encode("ascii")

    def pack(self) -> bytes:
        """The request as bytes: exactly the fields it has, nothing added."""
        return self._pack(self.headers, self.content, self.trailers)


@dataclass(frozen=True)
class Response(_Message):
    """What a server answers (RFC 9112, section 4).

    Attributes:
        status: the status code, 100 to 599.
        headers: the header fields; a mapping or pairs will do.
        content: the bytes after the empty line, without the marks of a chunked transfer.
        reason: the reason phrase; the usual one if it is None.
        version: the protocol's version.
        trailers: fields that came after a chunked content.

    Raises:
        HTTPSyntaxError: for a status, reason or version that cannot be written in a status line.
    """

    status: int
    headers: Headers = field(default_factory=Headers)
    content: bytes = b""
    reason: str | None = None
    version: str = "HTTP/1.1"
    trailers: Headers = field(default_factory=Headers)

    def __post_init__(self) -> None:
        _make_headers(self)
        if not 100 <= self.status <= 599:
            raise HTTPSyntaxError(f"{self.status} is no status code: they go from 100 to 599.")
        if self.reason is None:
            known = self.status in set(HTTPStatus)
            object.__setattr__(self, "reason", HTTPStatus(self.status).phrase if known else "")
        if not VALUE.fullmatch(str(self.reason)):
            raise HTTPSyntaxError(f"{self.reason!r} is no reason phrase: it holds a control character.")
        _check_version(self.version)

    def _head(self) -> bytes:
        return f"{self.version} {self.status} {self.reason}\r\n".encode("latin-1")

    def pack(self) -> bytes:
        """The response as bytes: exactly the fields it has, nothing added."""
        return self._pack(self.headers, self.content, self.trailers)


def parse_field(line: bytes) -> tuple[str, str]:
    r"""Read a header field's line, without its \r\n (RFC 9112, section 5).

    Raises:
        HTTPSyntaxError: for a line without a colon, with a blank before it, folded, or with control characters.
    """
    if line[:1] in (b" ", b"\t"):
        raise HTTPSyntaxError(
            f"The line {preview(line, 60)!r} begins with a blank. Fields over several lines are no longer allowed: "
            f"write each field on one line."
        )
    name, colon, value = line.decode("latin-1").partition(":")
    if not colon:
        raise HTTPSyntaxError(f"The line {preview(line, 60)!r} is no header field: write `Name: value`.")
    return _checked_name(name), _checked_value(name, value)


def _checked_name(name: str) -> str:
    if not TOKEN.fullmatch(name):
        raise HTTPSyntaxError(
            f"{name!r} is no field name: letters, digits and - only, with the colon right behind it."
        )
    return name


def _checked_value(name: str, value: str) -> str:
    if not VALUE.fullmatch(value):
        raise HTTPSyntaxError(
            f"The value of {name} holds a line break, another control character or one that is not Latin-1: "
            f"{value!r}. Leave it out, or encode it."
        )
    return value.strip(" \t")


def _check_version(version: str) -> None:
    if not VERSION.fullmatch(version):
        raise HTTPSyntaxError(f"{version!r} is not spoken here: write HTTP/1.1 (or HTTP/1.0).")


def _make_headers(message: Request | Response) -> None:
    for name in ("headers", "trailers"):
        if not isinstance(getattr(message, name), Headers):
            object.__setattr__(message, name, Headers(getattr(message, name)))
