"""The 32 bits of an IPv4 address, and where its mask cuts them in two."""

from __future__ import annotations

from ipaddress import IPv4Interface

from netlab.svg import INK, MUTED, Drawing, line, rect, text

LEFT = 178  # where the bits begin
BIT = 17
GAP = 12  # between two bytes
ROW = 44
NETWORK_TINT, HOST_TINT = "#cfe8f7", "#fde8c4"


def draw_address(address: str) -> Drawing:
    """Draw the bits of an address, of its mask, and of the network that the two make.

    Args:
        address: with the length of the network part, such as "192.0.2.130/26".

    Raises:
        ValueError: when that is no IPv4 address.
    """
    interface = IPv4Interface(address)
    network = interface.network
    length = network.prefixlen
    rows = {
        "address": interface.ip,
        "mask": network.netmask,
        "network": network.network_address,
    }
    parts = [*_bracket(0, length, "network part"), *_bracket(length, 32, "host part")]
    for row, (name, value) in enumerate(rows.items()):
        y = 44 + ROW * row
        parts += [
            text(10, y + 14, name, weight="600"),
            text(10, y + 31, str(value), size=13, mono=True),
        ]
        for bit, digit in enumerate(f"{int(value):032b}"):
            tint = NETWORK_TINT if bit < length else HOST_TINT
            parts += [
                rect(_x(bit), y, BIT, 26, fill=tint, stroke=MUTED, stroke_width=0.5),
                text(_x(bit) + BIT / 2, y + 18, digit, size=14, anchor="middle", mono=True),
            ]
    plain = "\n".join(f"{name:<8} {value!s:<15}  {_bits(int(value), length)}" for name, value in rows.items())
    alt = (
        f"The 32 bits of {interface.ip}: the first {length} are the network part, the last {32 - length} the "
        f"host part. With the mask {network.netmask} the network is {network.network_address}."
    )
    return Drawing(_x(31) + BIT + 14, 44 + ROW * len(rows), alt, parts, plain)


def _x(bit: int) -> float:
    return LEFT + bit * BIT + bit // 8 * GAP


def _bracket(first: int, end: int, name: str) -> list[str]:
    if first == end:
        return []
    left, right = _x(first) + 1, _x(end - 1) + BIT - 1
    label = f"{name}, {end - first} bits" if end - first > 5 else f"{end - first} bits"
    return [
        text((left + right) / 2, 20, label, size=13, anchor="middle"),
        line(left, 30, right, 30, stroke=INK, stroke_width=2),
        line(left, 30, left, 37, stroke=INK, stroke_width=2),
        line(right, 30, right, 37, stroke=INK, stroke_width=2),
    ]


def _bits(value: int, length: int) -> str:
    digits = f"{value:032b}"
    return f"{digits[:length]}|{digits[length:]}"
