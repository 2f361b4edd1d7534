"""How long a text message is: its encoding, and the parts that the telephone network carries it in.

One part holds 140 bytes: 160 characters of 7 bits, or 70 of 16. A longer text travels in several parts, each
with a header of 6 bytes that says how to join them, which leaves 153 or 67 (3GPP TS 23.038, TS 23.040, 9.2.3.24).
"""

from __future__ import annotations

from dataclasses import dataclass

# 3GPP TS 23.038, section 6.2.1: what takes one unit of 7 bits ...
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# ... and, section 6.2.1.1, what takes two: an escape and a unit of its own.
EXTENSION = frozenset("\f^{}\\[~]|€")

GSM7 = "GSM-7"
UCS2 = "UCS-2"
ALONE = {GSM7: 160, UCS2: 70}  # units in a message of one part
JOINED = {GSM7: 153, UCS2: 67}  # units in each part of a longer one


@dataclass(frozen=True)
class Measure:
    """What a text takes.

    Attributes:
        encoding: "GSM-7", or "UCS-2" as soon as one character is not in that alphabet.
        units: of 7 or 16 bits, all parts together.
        parts: how many messages the network carries.
    """

    encoding: str
    units: int
    parts: int


def measure(text: str) -> Measure:
    """Find out how a text would be sent, and in how many parts."""
    encoding = encoding_of(text)
    return Measure(encoding, sum(units_of(sign, encoding) for sign in text), len(split_text(text)))


def encoding_of(text: str) -> str:
    """GSM-7 if each character is in its alphabet, otherwise UCS-2."""
    return GSM7 if BASIC.union(EXTENSION).issuperset(text) else UCS2


def units_of(sign: str, encoding: str) -> int:
    """The units that one character takes: 1 or 2."""
    if encoding == GSM7:
        return 2 if sign in EXTENSION else 1
    return 2 if ord(sign) > 0xFFFF else 1  # a surrogate pair


def split_text(text: str) -> list[str]:
    """The parts of a text; no character is cut in two, so a part may be a unit shorter than it could be."""
    encoding = encoding_of(text)
    sizes = [units_of(sign, encoding) for sign in text]
    if sum(sizes) <= ALONE[encoding]:
        return [text]
    parts, start, room = [], 0, JOINED[encoding]
    for place, size in enumerate(sizes):
        if size > room:
            parts.append(text[start:place])
            start, room = place, JOINED[encoding]
        room -= size
    return [*parts, text[start:]]
