"""IPv4 headers (RFC 791, section 3.1; RFC 2474 and RFC 3168 for the second byte).

0                   1                   2                   3
0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|Version|  IHL  |    DSCP   |ECN|          Total length         |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|         Identification        |Flags|     Fragment offset     |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|  Time to live |    Protocol   |        Header checksum        |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                         Source address                        |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                      Destination address                      |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                     Options, up to 40 bytes                   |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from typing import ClassVar, Self

from netlab.errors import OptionError, PacketError
from netlab.wire.checksum import internet_checksum
from netlab.wire.fields import Field, as_address, check_range, checksum_words, length_words, need

ICMP = 1
TCP = 6
UDP = 17
ICMPV6 = 58
PROTOCOLS = {ICMP: "ICMP", TCP: "TCP", UDP: "UDP", ICMPV6: "ICMPv6"}

DONT_FRAGMENT = 0b010
MORE_FRAGMENTS = 0b001
_FLAG_NAMES = {0b100: "reserved", DONT_FRAGMENT: "don't fragment", MORE_FRAGMENTS: "more fragments"}


@dataclass(frozen=True, slots=True)
class IPv4:
    """An IPv4 header.

    Attributes:
        src: the sender's address.
        dst: the receiver's address.
        protocol: what is inside (1 ICMP, 6 TCP, 17 UDP).
        ttl: how many links it may still cross; each router takes one off, and none passes on a packet with 1.
        identification: the same for all fragments of one packet.
        flags: three bits: reserved, don't fragment, more fragments.
        fragment_offset: where this fragment begins, in units of 8 bytes.
        dscp: six bits, the class of service.
        ecn: two bits, congestion notification.
        total_length: header and content in bytes; None until it is packed.
        checksum: of the header; None until it is packed.
        options: 0 to 40 bytes, a multiple of 4.
    """

    NAME: ClassVar[str] = "IPv4"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("version", 4, "4 for IPv4"),
        Field("IHL", 4, "length of this header in units of 4 bytes"),
        Field("DSCP", 6, "class of service"),
        Field("ECN", 2, "congestion notification"),
        Field("total length", 16, "bytes of this header and all it carries"),
        Field("identification", 16, "the same for all fragments of a packet"),
        Field("flags", 3, "may it be cut, do more pieces follow"),
        Field("fragment offset", 13, "where this piece belongs, in units of 8 bytes"),
        Field("time to live", 8, "links that it may still cross"),
        Field("protocol", 8, "the protocol inside"),
        Field("header checksum", 16, "guards this header"),
        Field("source address", 32, "the machine that sent it"),
        Field("destination address", 32, "the machine it is for"),
        Field("options", 0, "rarely used"),
    )
    LENGTH: ClassVar[int] = 20

    src: IPv4Address
    dst: IPv4Address
    protocol: int = TCP
    ttl: int = 64
    identification: int = 0
    flags: int = DONT_FRAGMENT
    fragment_offset: int = 0
    dscp: int = 0
    ecn: int = 0
    total_length: int | None = None
    checksum: int | None = None
    options: bytes = b""

    def __post_init__(self) -> None:
        as_address(self, "src", IPv4Address)
        as_address(self, "dst", IPv4Address)
        for name, bits in _BITS.items():
            check_range(name, getattr(self, name), bits)
        if len(self.options) % 4 or len(self.options) > 40:
            raise OptionError(f"IPv4 options take 0 to 40 bytes, a multiple of 4, not {len(self.options)}.")

    @property
    def header_length(self) -> int:
        """Bytes of this header."""
        return self.LENGTH + len(self.options)

    def completed(self, payload_length: int) -> Self:
        """This header with the total length and the checksum it needs before so many bytes of content."""
        total = self.header_length + payload_length
        if total > 0xFFFF:
            raise OptionError(f"An IPv4 packet has at most 65,535 bytes; this one would have {total:,}.")
        bare = replace(self, total_length=total, checksum=0)
        return replace(bare, checksum=internet_checksum(bare.pack()))

    def pack(self) -> bytes:
        """The header's bytes; a length or checksum that is not set yet is 0 (see `completed`)."""
        return (
            struct.pack(
                "!BBHHHBBH",
                4 << 4 | self.header_length // 4,
                self.dscp << 2 | self.ecn,
                self.total_length or 0,
                self.identification,
                self.flags << 13 | self.fragment_offset,
                self.ttl,
                self.protocol,
                self.checksum or 0,
            )
            + self.src.packed
            + self.dst.packed
            + self.options
        )

    @classmethod
    def unpack(cls, data: bytes) -> tuple[Self, bytes]:
        """Read a header, and return it and its content, without what pads a short Ethernet frame.

        Raises:
            PacketError: for a wrong version or length, or when the data is too short.
        """
        need(data, cls.LENGTH, "An IPv4 header")
        first, service, total, identification, fragment, ttl, protocol, checksum = struct.unpack_from(
            "!BBHHHBBH", data
        )
        length = (first & 0xF) * 4
        if first >> 4 != 4:
            raise PacketError(f"An IPv4 header begins with version 4, not {first >> 4}.")
        if length < cls.LENGTH:
            raise PacketError(f"An IPv4 header has at least 20 bytes, but its IHL says {length}.")
        need(data, length, "This IPv4 header")
        if not length <= total <= len(data):
            raise PacketError(f"The IPv4 total length is {total}, but there are {len(data)} bytes.")
        header = cls(
            IPv4Address(data[12:16]),
            IPv4Address(data[16:20]),
            protocol,
            ttl,
            identification,
            fragment >> 13,
            fragment & 0x1FFF,
            service >> 2,
            service & 0b11,
            total,
            checksum,
            data[20:length],
        )
        return header, data[length:total]

    @property
    def checksum_is_right(self) -> bool:
        """Whether the header arrived as it was sent."""
        return internet_checksum(self.pack()) == 0

    def describe(self) -> dict[str, str]:
        """Each field's value in words."""
        flags = [name for bit, name in _FLAG_NAMES.items() if self.flags & bit]
        verdict = ", right" if self.checksum_is_right else ", wrong"
        return {
            "IHL": f"{self.header_length // 4}, that is {self.header_length} bytes",
            "total length": length_words(self.total_length),
            "flags": ", ".join(flags) or "none",
            "time to live": f"{self.ttl} hops",
            "protocol": f"{self.protocol}, {PROTOCOLS.get(self.protocol, 'unknown')}",
            "header checksum": checksum_words(self.checksum) + (verdict if self.checksum is not None else ""),
            "source address": str(self.src),
            "destination address": str(self.dst),
            "options": self.options.hex(" "),
        }


_BITS = {
    "protocol": 8,
    "ttl": 8,
    "identification": 16,
    "flags": 3,
    "fragment_offset": 13,
    "dscp": 6,
    "ecn": 2,
    "total_length": 16,
    "checksum": 16,
}
