"""A DNS message with every byte marked."""

from __future__ import annotations

import struct

from netlab.svg import Drawing
from netlab.wire.dns import HEADER, RCODES, DNSMessage, read_name, type_name
from netlab.wire.explanation import Marked, draw_fields

_FLAGS = (  # bits, name, meaning of 1
    (1, "QR", "an answer"),
    (4, "opcode", ""),
    (1, "AA", "the server is responsible for the name"),
    (1, "TC", "cut short: ask over TCP"),
    (1, "RD", "please find out for me"),
    (1, "RA", "I can find out for you"),
    (3, "reserved", ""),
    (4, "rcode", ""),
)


class _Marker:
    """Walks through a message and notes each field with its bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.offset = 0
        self.rows: list[Marked | str] = []

    def section(self, name: str) -> None:
        self.layer = name
        self.rows.append(name)

    def field(self, size: int, name: str, value: str, meaning: str = "") -> None:
        data = self.data[self.offset : self.offset + size]
        self.rows.append(Marked(self.layer, self.offset * 8, size * 8, data, name, value, meaning))
        self.offset += size

    def number(self, form: str, name: str, meaning: str = "") -> int:
        (number,) = struct.unpack_from(form, self.data, self.offset)
        assert isinstance(number, int)
        self.field(struct.calcsize(form), name, str(number), meaning)
        return number

    def name(self) -> None:
        """A name, label by label: a length and so many letters, until a zero or a pointer."""
        while (size := self.data[self.offset]) and size < 0xC0:
            label = self.data[self.offset + 1 : self.offset + 1 + size].decode("ascii", "backslashreplace")
            self.field(1 + size, "label", label, f"{size} letters")
        if size == 0:
            self.field(1, "end of name", "0")
            return
        target = (size & 0x3F) << 8 | self.data[self.offset + 1]
        self.field(2, "pointer", f"to byte {target}", read_name(self.data, target)[0])

    def flags(self) -> None:
        bit = self.offset * 8
        word = int.from_bytes(self.data[self.offset : self.offset + 2], "big")
        left = 16
        for bits, name, meaning in _FLAGS:
            left -= bits
            value = word >> left & (1 << bits) - 1
            touched = self.data[bit // 8 : (bit + bits + 7) // 8]
            words = RCODES.get(value, "") if name == "rcode" else meaning if value else ""
            self.rows.append(Marked(self.layer, bit, bits, touched, name, str(value), words))
            bit += bits
        self.offset += 2


def explain_dns(data: bytes) -> Drawing:
    """Show a DNS message with each field marked: where it is, its bytes, its name, its value.

    Raises:
        PacketError: when it cannot be read.
    """
    return draw_fields(mark_dns(data), f"The {len(data)} bytes of a DNS message")


def mark_dns(data: bytes) -> list[Marked | str]:
    """The fields of a message in the order of its bytes, each bit once, under the names of its sections."""
    message = DNSMessage.parse(data)
    marker = _Marker(data)
    marker.section("header")
    marker.number("!H", "id", "the answer has the same")
    marker.flags()
    for name in ("questions", "answers", "authority", "additional"):
        marker.number("!H", name, "how many follow")
    assert marker.offset == HEADER
    for _ in message.questions:
        marker.section("question")
        marker.name()
        _type_and_class(marker)
    for name in ("answers", "authority", "additional"):
        for record in getattr(message, name):
            marker.section(name)
            marker.name()
            _type_and_class(marker)
            marker.number("!I", "TTL", "seconds for which it may be kept")
            marker.number("!H", "length", "bytes of data")
            marker.field(len(record.data), "data", record.value)
    return marker.rows


def _type_and_class(marker: _Marker) -> None:
    (kind,) = struct.unpack_from("!H", marker.data, marker.offset)
    marker.field(2, "type", f"{kind}, {type_name(kind)}")
    (class_,) = struct.unpack_from("!H", marker.data, marker.offset)
    marker.field(2, "class", f"{class_}, Internet" if class_ == 1 else str(class_))
