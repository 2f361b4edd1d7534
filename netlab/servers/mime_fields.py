"""Header fields that have a structure: addresses (RFC 5322, section 3.4), and words with parameters (RFC 2045).

Whatever a field holds, something sensible comes out, after one pass over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"""
    [ \t\r\n]+                             # blanks
    |"(?P<quoted>(?:[^"\\]|\\.?)*)"?       # a string in quotes
    |(?P<open>\()                          # a comment begins
    |(?P<sign>[<>@,;:])                    # what stands between words
    |(?P<word>[^ \t\r\n"()<>@,;:]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)

_OPEN = ("sign", b"<")
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_BRACKET = re.compile(rb"\\.|[()]", re.DOTALL)


class Address(NamedTuple):
    """An address of a header field; that a group begins or ends is one too (RFC 3501, section 7.4.2).

    Attributes:
        name: of the person, as it was sent; None if there is none.
        local: what stands before the @; of a group its name, and None where it ends.
        domain: what stands behind it; None for the beginning and the end of a group.
    """

    name: bytes | None
    local: bytes | None
    domain: bytes | None


class Value(NamedTuple):
    """A field such as Content-Type: a word, and parameters by name in small letters."""

    text: str
    parameters: dict[str, bytes]


def parse_value(raw: bytes) -> Value:
    """Read a field such as `text/plain; charset="utf-8"` (RFC 2045, section 5.1)."""
    pieces: list[list[bytes]] = [[]]
    for kind, text in tokens(raw):
        if kind == "sign" and text == b";":
            pieces.append([])
        else:
            pieces[-1].append(text)
    parameters: dict[str, bytes] = {}
    for piece in pieces[1:]:
        name, equals, value = b"".join(piece).partition(b"=")
        if name and equals:
            parameters.setdefault(name.decode("ascii", "replace").lower(), value)
    return Value(b"".join(pieces[0]).decode("ascii", "replace"), parameters)


def addresses(raw: bytes) -> list[Address]:
    """The addresses in a field such as To, names as they were sent (RFC 5322, section 3.4)."""
    found: list[Address] = []
    words: list[tuple[str, bytes]] = []  # since the last comma
    comment: bytes | None = None
    in_group = in_route = False
    for kind, text in tokens(raw, comments=True):
        sign = text if kind == "sign" else b""
        if kind == "comment":
            comment = text
        elif in_route or sign not in (b",", b";", b":") or (sign == b":" and in_group):
            in_route = (in_route and sign not in (b":", b">")) or (sign == b"@" and words[-1:] == [_OPEN])
            words.append((kind, text))
        elif sign == b":":
            in_group = True
            found.append(Address(None, _phrase(words), None))
            words = []
        else:
            if words:
                found.append(_address(words, comment))
            words, comment = [], None
            if sign == b";" and in_group:
                in_group = False
                found.append(Address(None, None, None))
    if words:
        found.append(_address(words, comment))
    if in_group:
        found.append(Address(None, None, None))
    return found


def _address(words: list[tuple[str, bytes]], comment: bytes | None) -> Address:
    name = comment
    if _OPEN in words:
        start = words.index(_OPEN)
        name = _phrase(words[:start]) or comment
        words = words[start + 1 :]
        if ("sign", b">") in words:
            words = words[: words.index(("sign", b">"))]
    if words[:1] == [("sign", b"@")] and ("sign", b":") in words:  # a route, as of old
        words = words[words.index(("sign", b":")) + 1 :]
    at = max((n for n, word in enumerate(words) if word == ("sign", b"@")), default=len(words))
    local, domain = (b"".join(text for _, text in side) for side in (words[:at], words[at + 1 :]))
    return Address(name, local, domain)


def _phrase(words: list[tuple[str, bytes]]) -> bytes | None:
    return b" ".join(text for _, text in words) or None


def tokens(raw: bytes, *, comments: bool = False) -> Iterator[tuple[str, bytes]]:
    """The words and signs of a field; quotes are taken off, comments are left out unless asked for."""
    position = 0
    while found := _TOKEN.match(raw, position):
        position = found.end()
        if found.lastgroup == "open":
            text, position = _comment(raw, position)
            if comments:
                yield "comment", text
        elif found.lastgroup == "quoted":
            yield "quoted", _ESCAPED.sub(rb"\1", found["quoted"])
        elif found.lastgroup:
            yield found.lastgroup, found[0]


def _comment(raw: bytes, start: int) -> tuple[bytes, int]:
    """A comment, which may have others in it, and where it ends."""
    depth = 1
    for sign in _BRACKET.finditer(raw, start):
        depth += {b"(": 1, b")": -1}.get(sign[0], 0)
        if depth == 0:
            return raw[start : sign.start()], sign.end()
    return raw[start:], len(raw)
