"""`explain()`: the bytes of a packet with every field marked, as a picture and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netlab.svg import INK, MUTED, PALETTE, RULE, Drawing, line, rect, text
from netlab.text import preview, size_of
from netlab.wire.fields import Field
from netlab.wire.packet import Layer, Packet
from netlab.wire.tcp import TCP

ROW = 22
WIDTH = 800
COLUMNS = (16, 84, 306, 470)  # x of offset, bytes, name, value
SHOWN_BYTES = 8  # of a field; an ellipsis stands for the rest
TINTS = {  # a light ground for each layer, readable under black text
    "Ethernet": "#e3e3e3",
    "ARP": "#fde8c4",
    "IPv4": "#cfe8f7",
    "IPv6": "#cfe8f7",
    "ICMP": "#f6e0ec",
    "UDP": "#c9ebdf",
    "TCP": "#c9ebdf",
    "data": "#fbf7c3",
    "header": "#e3e3e3",  # the sections of a DNS message
    "question": "#fde8c4",
    "answers": "#c9ebdf",
    "authority": "#cfe8f7",
    "additional": "#f6e0ec",
}


@dataclass(frozen=True, slots=True)
class Marked:
    """One field in its bytes.

    Attributes:
        layer: the header it belongs to; "data" for the content.
        start: the bit at which it begins, counted from the first bit of the packet.
        bits: how many bits it has.
        data: the bytes that it touches.
        name: what the RFC calls it.
        value: its value in words.
        meaning: what it is for.
    """

    layer: str
    start: int
    bits: int
    data: bytes
    name: str
    value: str
    meaning: str

    @property
    def shown(self) -> str:
        """The bytes in hex, or the bits of a field that is no whole number of bytes."""
        if self.bits % 8 or self.start % 8:
            first = self.start % 8
            bits = "".join(f"{byte:08b}" for byte in self.data)
            marked = ["·"] * len(bits)
            marked[first : first + self.bits] = bits[first : first + self.bits]
            return " ".join("".join(marked[i : i + 8]) for i in range(0, len(bits), 8))
        if len(self.data) > SHOWN_BYTES:
            return self.data[:SHOWN_BYTES].hex(" ") + " …"
        return self.data.hex(" ")


def mark(packet: Packet) -> Iterator[Marked]:
    """Go through the fields of a packet in the order of its bytes, each bit once."""
    offset = 0
    for layer in packet.layers:
        data = layer.pack()
        bit = 0
        for field, words in _fields(layer, len(data)):
            bits = field.bits
            touched = data[bit // 8 : (bit + bits + 7) // 8]
            number = int.from_bytes(touched, "big") >> (-(bit + bits) % 8) & ((1 << bits) - 1)
            value = str(number) if words is None else words
            yield Marked(layer.NAME, offset * 8 + bit, bits, touched, field.name, value, field.meaning)
            bit += bits
        offset += len(data)
    if packet.payload:
        bits = len(packet.payload) * 8
        value = preview(packet.payload, 34)
        yield Marked("data", offset * 8, bits, packet.payload, "data", value, size_of(packet.payload))


def _fields(layer: Layer, length: int) -> Iterator[tuple[Field, str | None]]:
    """The fields that a header has in fact, with their values in words: each TCP option is one."""
    words = layer.describe()
    for field in layer.FIELDS:
        if field.bits:
            yield field, words.get(field.name)
        elif isinstance(layer, TCP):
            for option in layer.options:
                yield Field("option", len(option.pack()) * 8, ""), str(option)
        elif length > layer.LENGTH:
            yield Field(field.name, (length - layer.LENGTH) * 8, field.meaning), words.get(field.name)


def explain(packet: Packet | Layer | bytes) -> Drawing:
    """Show the bytes of a packet with each field marked: where it is, its bytes or bits, its name, its value.

    Args:
        packet: a packet, one header, or the bytes of an Ethernet frame.

    Raises:
        PacketError: for bytes that are no frame.
    """
    if isinstance(packet, bytes):
        packet = Packet.parse(packet)
    elif not isinstance(packet, Packet):
        packet = Packet((packet,))
    rows: list[Marked | str] = []
    for field in mark(packet):
        if not any(isinstance(row, Marked) and row.layer == field.layer for row in rows):
            rows.append(field.layer)
        rows.append(field)
    names = " in ".join(reversed([row for row in rows if isinstance(row, str)]))
    return draw_fields(rows, f"The {len(packet.pack())} bytes of a packet, {names}")


def draw_fields(rows: list[Marked | str], title: str) -> Drawing:
    """Draw fields, one a line, under the names of their layers or sections.

    Args:
        rows: the fields in the order of their bytes; a text begins a layer.
        title: what the text alternative begins with.
    """
    fields = (f"{row.name} {row.value}" for row in rows if isinstance(row, Marked))
    alt = f"{title}, field by field: {'; '.join(fields)}"
    return Drawing(WIDTH, ROW * len(rows) + 20, alt, _paint(rows), _plain(rows))


def _paint(rows: list[Marked | str]) -> list[str]:
    parts = []
    for index, row in enumerate(rows):
        y = 8 + ROW * index
        if isinstance(row, str):
            parts += [
                rect(8, y + 2, WIDTH - 16, ROW - 2, fill=TINTS[row]),
                text(COLUMNS[0], y + 17, row, weight="700"),
            ]
            continue
        parts += [
            rect(8, y, 4, ROW, fill=TINTS[row.layer]),
            text(COLUMNS[0], y + 16, str(row.start // 8), size=11, fill=MUTED),
            text(COLUMNS[1], y + 16, row.shown, size=12, mono=True, fill=PALETTE["blue"]),
            text(COLUMNS[2], y + 16, row.name, size=12),
            text(COLUMNS[3], y + 16, _value_and_meaning(row), size=12, fill=INK),
            line(8, y + ROW, WIDTH - 8, y + ROW, stroke=RULE, stroke_width=0.5),
        ]
    return parts


def _value_and_meaning(field: Marked) -> str:
    limit = 52
    both = f"{field.value}: {field.meaning}" if field.meaning else field.value
    return (
        both if len(both) <= limit else field.value if len(field.value) <= limit else field.value[:51] + "…"
    )


def _plain(rows: list[Marked | str]) -> str:
    return "\n".join(
        f"── {row}"
        if isinstance(row, str)
        else f"{row.start // 8:>5}  {row.shown:<26}  {row.name:<22}  {row.value}".rstrip()
        for row in rows
    )
