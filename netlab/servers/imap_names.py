"""Names of folders in IMAP: how they are written, and the patterns of LIST (RFC 3501, sections 5.1 and 6.3.8)."""

from __future__ import annotations

import base64
import re

from netlab.servers.mailbox import INBOX, SEPARATOR, parents


def decode_name(data: bytes) -> str:
    """A name out of modified UTF-7 (RFC 3501, section 5.1.3); INBOX in any capitals is the one.

    Raises:
        ValueError: if it is not written in the one way that there is, so that no name has two spellings.
    """
    name = re.sub(r"&([^-]*)-", lambda found: _decode_piece(found[1]), data.decode("ascii"))
    if encode_name(name) != data:
        raise ValueError("this is no modified UTF-7")
    first, separator, rest = name.partition(SEPARATOR)
    return INBOX + separator + rest if first.upper() == INBOX else name


def encode_name(name: str) -> bytes:
    """A name in modified UTF-7: "Börse" is `B&APY-rse`, and "A & B" is `A &- B`."""
    return re.sub(r"&|[^\x20-\x7e]+", lambda found: _encode_piece(found[0]), name).encode("ascii")


def _decode_piece(piece: str) -> str:
    if not piece:
        return "&"
    padded = piece.replace(",", "/") + "=" * (-len(piece) % 4)
    return base64.b64decode(padded, validate=True).decode("utf-16-be")


def _encode_piece(piece: str) -> str:
    if piece == "&":
        return "&-"
    coded = base64.b64encode(piece.encode("utf-16-be")).decode("ascii")
    return f"&{coded.rstrip('=').replace('/', ',')}-"


def matches(pattern: str, name: str) -> bool:
    """Whether a name fits: `*` stands for anything, `%` for anything within one level.

    All places that the pattern can have come to in the name are followed at once: the time it takes is bounded,
    whatever the pattern.
    """
    if name == INBOX:
        pattern = pattern.upper()
    pattern = re.sub(r"[*%]*\*[*%]*", "*", re.sub("%+", "%", pattern))
    places = {0}
    for sign in pattern:
        if sign == "*":
            places = set(range(min(places), len(name) + 1))
        elif sign == "%":
            places = {reached for place in places for reached in range(place, _level_end(name, place) + 1)}
        else:
            places = {place + 1 for place in places if name[place : place + 1] == sign}
        if not places:
            return False
    return len(name) in places


def _level_end(name: str, place: int) -> int:
    end = name.find(SEPARATOR, place)
    return len(name) if end < 0 else end


def with_levels(names: set[str]) -> set[str]:
    """Names, and those of the levels above them."""
    return names.union(*map(parents, names))
