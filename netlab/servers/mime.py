"""A mail as a tree of parts, each with its bytes as they were sent (RFC 5322; RFC 2045; RFC 2046, section 5.1).

Python's `email` package keeps no bytes of the parts, and some headers take it very long or make it stumble. IMAP gives
out the bytes, of mails that anybody can send: here everything is found in one pass, whatever the bytes are.
"""

from __future__ import annotations

import base64
import binascii
import email.errors
import email.header
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from netlab.servers.mime_fields import Value, parse_value

DEEPEST = 20  # levels of parts in parts; what is deeper is taken as it is
MOST_PARTS = 1000  # of a mail; the last one has the rest
LONGEST_HEADER = 256 * 1024  # bytes of a header that are read for its fields

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*(.*)", re.DOTALL)
Kind = tuple[str, str]


@dataclass(slots=True)
class Part:
    r"""A mail or a part of one: a piece of the source.

    Attributes:
        source: the whole mail, which all its parts share.
        start: where the header begins in it.
        split: where the body begins; the blank line belongs to the header.
        end: where the body ends.
        kind: main type and subtype in small letters, such as ("text", "plain").
        parts: of a multipart, its parts; of a message/rfc822, the one mail in it.
    """

    source: bytes
    start: int
    split: int
    end: int
    kind: Kind = ("text", "plain")
    parts: list[Part] = field(default_factory=list)
    _fields: list[tuple[str, bytes]] | None = None

    @classmethod
    def parse(cls, data: bytes) -> Part:
        """Take a mail apart. Whatever the bytes are, it comes out as a mail of some kind."""
        return _Reader(data).part(0, len(data), ("text", "plain"), 0)

    @property
    def header(self) -> bytes:
        """The header with the blank line at its end."""
        return self.source[self.start : self.split]

    @property
    def body(self) -> bytes:
        """The bytes behind the header."""
        return self.source[self.split : self.end]

    @property
    def data(self) -> bytes:
        """All of it."""
        return self.source[self.start : self.end]

    @property
    def size(self) -> int:
        """How many bytes the body has."""
        return self.end - self.split

    @property
    def lines(self) -> int:
        """How many lines the body has."""
        ends = self.source.count(b"\n", self.split, self.end)
        return ends + (self.size > 0 and self.source[self.end - 1] != ord("\n"))

    @property
    def fields(self) -> list[tuple[str, bytes]]:
        """The header's fields: names in small letters, values on one line (RFC 5322, section 2.2.3)."""
        if self._fields is None:
            text = self.source[self.start : min(self.split, self.start + LONGEST_HEADER)]
            lines = re.sub(rb"\r\n(?=[ \t])", b"", text).split(b"\r\n")
            self._fields = [
                (found[1].decode("ascii").lower(), found[2].rstrip(b" \t"))
                for found in map(_FIELD.match, lines)
                if found
            ]
        return self._fields

    def get(self, name: str) -> bytes | None:
        """The value of a field; None if there is none of that name."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key == wanted), None)

    def header_text(self, name: str) -> str:
        """The value of a field for people to read: encoded words decoded (RFC 2047); "" if there is none."""
        return decode_words(self.get(name) or b"")

    def value(self, name: str) -> Value | None:
        """The value of a field with parameters, such as Content-Type."""
        raw = self.get(name)
        return None if raw is None else parse_value(raw)

    def text(self) -> str:
        """The body of a text part for people to read: its encoding and its charset undone."""
        content = self.value("Content-Type")
        charset = content.parameters.get("charset", b"") if content else b""
        try:
            return self.decoded().decode(charset.decode("ascii") or "utf-8", "replace")
        except (LookupError, ValueError):  # a charset that nobody knows
            return self.decoded().decode("utf-8", "replace")

    def decoded(self) -> bytes:
        """The body with its transfer encoding undone (RFC 2045, section 6)."""
        encoding = (self.get("Content-Transfer-Encoding") or b"").strip().lower()
        if encoding == b"quoted-printable":
            return quopri.decodestring(self.body)
        if encoding == b"base64":
            letters = re.sub(rb"[^A-Za-z0-9+/]", b"", self.body)
            whole = letters[: len(letters) - (len(letters) % 4 == 1)]
            return base64.b64decode(whole + b"=" * (-len(whole) % 4))
        return self.body

    def walk(self) -> Iterator[Part]:
        """This part and all that are in it."""
        yield self
        for part in self.parts:
            yield from part.walk()


class _Reader:
    """Takes one mail apart; `left` limits how many parts there may be."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.left = MOST_PARTS

    def part(self, start: int, end: int, default: Kind, depth: int) -> Part:
        part = Part(self.source, start, self._split(start, end), end, default)
        content = part.value("Content-Type")
        if content:
            main, slash, sub = content.text.lower().partition("/")
            part.kind = (main, sub) if main and slash and sub else ("text", "plain")
        if depth >= DEEPEST:
            if part.kind[0] == "multipart" or part.kind == ("message", "rfc822"):
                part.kind = ("application", "octet-stream")
        elif part.kind[0] == "multipart":
            boundary = content.parameters.get("boundary") if content else None
            inner = ("message", "rfc822") if part.kind[1] == "digest" else ("text", "plain")
            for first, last in self._pieces(part, boundary) if boundary else ():
                part.parts.append(self.part(first, last, inner, depth + 1))
            if not part.parts:  # it says multipart and has none
                part.kind = ("text", "plain")
        elif part.kind == ("message", "rfc822"):
            part.parts = [self.part(part.split, end, ("text", "plain"), depth + 1)]
        return part

    def _split(self, start: int, end: int) -> int:
        if self.source.startswith(b"\r\n", start):
            return min(start + 2, end)
        blank = self.source.find(b"\r\n\r\n", start, end)
        return end if blank < 0 else blank + 4

    def _pieces(self, part: Part, boundary: bytes) -> Iterator[tuple[int, int]]:
        """Where what stands between boundary lines begins and ends; the line end before one belongs to it."""
        line = re.compile(rb"\r\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r\n|\Z)")
        first = None
        for mark in line.finditer(self.source, max(part.split - 2, 0), part.end):
            if first is not None:
                if self.left == 0:
                    break
                self.left -= 1
                yield first, max(first, mark.start())
            if mark[1]:
                return
            first = min(mark.end() + 2, part.end)
        if first is not None:  # the last boundary is missing
            yield first, part.end


def decode_words(raw: bytes) -> str:
    """A header's value with its encoded words decoded (RFC 2047); what cannot be decoded stays as it is."""
    text = raw.decode("utf-8", "replace")
    try:
        pieces = email.header.decode_header(text)
        return "".join(
            piece.decode(charset or "latin-1", "replace") if isinstance(piece, bytes) else piece
            for piece, charset in pieces
        )
    except (LookupError, ValueError, binascii.Error, email.errors.HeaderParseError):
        return text
