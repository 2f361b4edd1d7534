"""IPv6 headers (RFC 8200, section 3).

0                   1                   2                   3
0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|Version| Traffic class |              Flow label               |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|         Payload length        |  Next header  |   Hop limit   |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|            Source address (16 bytes)                          |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|            Destination address (16 bytes)                     |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from ipaddress import IPv6Address
from typing import ClassVar, Self

from netlab.errors import OptionError, PacketError
from netlab.wire.fields import Field, as_address, check_range, length_words, need
from netlab.wire.ipv4 import PROTOCOLS, TCP


@dataclass(frozen=True, slots=True)
class IPv6:
    """An IPv6 header. Extension headers are left in the content.

    Attributes:
        src: the sender's address.
        dst: the receiver's address.
        next_header: what is inside (6 TCP, 17 UDP, 58 ICMPv6).
        hop_limit: how many links it may still cross; each router takes one off.
        traffic_class: class of service and congestion notification.
        flow_label: the same for all packets of a conversation, 0 if unused.
        payload_length: bytes after this header; None until it is packed.
    """

    NAME: ClassVar[str] = "IPv6"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("version", 4, "6 for IPv6"),
        Field("traffic class", 8, "class of service and congestion"),
        Field("flow label", 20, "the same for all packets of a conversation"),
        Field("payload length", 16, "bytes after this header"),
        Field("next header", 8, "the protocol inside"),
        Field("hop limit", 8, "links that it may still cross"),
        Field("source address", 128, "the machine that sent it"),
        Field("destination address", 128, "the machine it is for"),
    )
    LENGTH: ClassVar[int] = 40

    src: IPv6Address
    dst: IPv6Address
    next_header: int = TCP
    hop_limit: int = 64
    traffic_class: int = 0
    flow_label: int = 0
    payload_length: int | None = None

    def __post_init__(self) -> None:
        as_address(self, "src", IPv6Address)
        as_address(self, "dst", IPv6Address)
        for name, bits in _BITS.items():
            check_range(name, getattr(self, name), bits)

    @property
    def protocol(self) -> int:
        """What is inside, by the name that IPv4 gives it."""
        return self.next_header

    @property
    def total_length(self) -> int:
        """Bytes of the header and its content."""
        return self.LENGTH + (self.payload_length or 0)

    def completed(self, payload_length: int) -> Self:
        """This header with the length of its content."""
        if payload_length > 0xFFFF:
            raise OptionError(f"An IPv6 packet carries at most 65,535 bytes, not {payload_length:,}.")
        return replace(self, payload_length=payload_length)

    def pack(self) -> bytes:
        """The header's 40 bytes; a length that is not set yet is 0 (see `completed`)."""
        first = 6 << 28 | self.traffic_class << 20 | self.flow_label
        return (
            struct.pack("!IHBB", first, self.payload_length or 0, self.next_header, self.hop_limit)
            + self.src.packed
            + self.dst.packed
        )

    @classmethod
    def unpack(cls, data: bytes) -> tuple[Self, bytes]:
        """Read a header, and return it and its content, without what pads a short Ethernet frame.

        Raises:
            PacketError: for a wrong version, or when the data is too short.
        """
        need(data, cls.LENGTH, "An IPv6 header")
        first, length, next_header, hop_limit = struct.unpack_from("!IHBB", data)
        if first >> 28 != 6:
            raise PacketError(f"An IPv6 header begins with version 6, not {first >> 28}.")
        need(data, cls.LENGTH + length, "This IPv6 packet")
        header = cls(
            IPv6Address(data[8:24]),
            IPv6Address(data[24:40]),
            next_header,
            hop_limit,
            first >> 20 & 0xFF,
            first & 0xFFFFF,
            length,
        )
        return header, data[40 : 40 + length]

    def describe(self) -> dict[str, str]:
        """Each field's value in words."""
        return {
            "payload length": length_words(self.payload_length),
            "next header": f"{self.next_header}, {PROTOCOLS.get(self.next_header, 'unknown')}",
            "hop limit": f"{self.hop_limit} hops",
            "source address": str(self.src),
            "destination address": str(self.dst),
        }


_BITS = {"next_header": 8, "hop_limit": 8, "traffic_class": 8, "flow_label": 20, "payload_length": 16}
