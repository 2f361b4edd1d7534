"""Encapsulation as a picture: what each layer puts in front of a message, with the bytes of a real packet."""

from __future__ import annotations

from netlab.svg import INK, MUTED, Drawing, element, line, rect, text
from netlab.text import preview, size_of
from netlab.wire.explanation import TINTS
from netlab.wire.packet import Packet

LEFT = 132  # where the boxes begin
BYTE = 8.4  # pixels
NARROWEST, WIDEST = 74, 200  # pixels of a box, however many bytes it stands for
ROW = 62
BOX = 38
LAYERS = {
    "Ethernet": ("link", "frame"),
    "ARP": ("link", "message"),
    "IPv4": ("internet", "packet"),
    "IPv6": ("internet", "packet"),
    "ICMP": ("internet", "message"),
    "TCP": ("transport", "segment"),
    "UDP": ("transport", "datagram"),
}


def draw_layers(packet: Packet) -> Drawing:
    """Draw a packet once for each layer it has passed, the sender's application on top.

    Args:
        packet: with its headers and its content.

    Returns:
        A row a layer: the new header, what it carries, and how many bytes that makes together.
    """
    sizes = [len(layer.pack()) for layer in packet.layers] + [len(packet.payload)]
    names = [layer.NAME for layer in packet.layers] + ["data"]
    widths = [min(max(size * BYTE, NARROWEST), WIDEST) for size in sizes]
    x = [LEFT + sum(widths[:index]) for index in range(len(sizes))]
    end = LEFT + sum(widths)
    parts: list[str] = []
    plain: list[str] = []
    for row, first in enumerate(reversed(range(len(sizes)))):
        y = 14 + ROW * row
        layer, unit = LAYERS.get(names[first], ("application", "message"))
        total = sum(sizes[first:])
        parts.append(text(10, y + 24, layer, weight="600"))
        for index in range(first, len(sizes)):
            parts += _box(names[index], sizes[index], packet.payload, x[index], y, widths[index])
        parts.append(text(end + 14, y + 18, size_of(bytes(total)), weight="600"))
        parts.append(text(end + 14, y + 35, unit, size=12, fill=MUTED))
        if first:
            parts += _arrow(x[first] - 12, y + BOX + 4, y + ROW - 4)
        inside = "".join(f"[{names[i]} {sizes[i]}]" for i in range(first, len(sizes)))
        plain.append(f"{layer:<12} {inside:>48}  {size_of(bytes(total))}, a {unit}")
    alt = "What each layer adds to the message: " + "; ".join(
        f"{' in '.join(reversed(names[first:]))}: {size_of(bytes(sum(sizes[first:])))}"
        for first in reversed(range(len(sizes)))
    )
    return Drawing(end + 120, 14 + ROW * len(sizes) - 12, alt + ".", parts, "\n".join(plain))


def _box(name: str, size: int, payload: bytes, x: float, y: float, width: float) -> list[str]:
    label = preview(payload, int((width - 8) / 8)) if name == "data" else name
    return [
        rect(x, y, width, BOX, fill=TINTS[name], stroke=INK),
        text(x + width / 2, y + 17, label, size=13, anchor="middle", mono=name == "data"),
        text(x + width / 2, y + 32, size_of(bytes(size)), size=11, fill=MUTED, anchor="middle"),
    ]


def _arrow(x: float, top: float, bottom: float) -> list[str]:
    return [
        line(x, top, x, bottom - 5, stroke=MUTED, stroke_width=2),
        element("path", d=f"M{x:g},{bottom:g} l-5,-8 h10 z", fill=MUTED),
    ]
