"""The Internet checksum (RFC 1071), and the pseudo-header that ties TCP and UDP to their addresses."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address


def internet_checksum(data: bytes) -> int:
    """The one's complement of the one's complement sum of all 16-bit words (RFC 1071, section 1).

    Args:
        data: the bytes; an odd one at the end counts as if a zero followed.

    Returns:
        A number from 0 to 0xFFFF; over data that holds a right checksum it is 0.
    """
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo_header(src: Address, dst: Address, protocol: int, length: int) -> bytes:
    """What TCP, UDP and ICMPv6 add to their checksum (RFC 9293, section 3.1; RFC 8200, section 8.1)."""
    if src.version == 4:
        return src.packed + dst.packed + struct.pack("!BBH", 0, protocol, length)
    return src.packed + dst.packed + struct.pack("!I3xB", length, protocol)
