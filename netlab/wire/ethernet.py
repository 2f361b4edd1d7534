"""Ethernet II frames (IEEE 802.3, clause 3; RFC 894 for IP inside them).

0                   1                   2                   3
0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                     Destination MAC address                   |
+                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                               |                               |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
|                       Source MAC address                      |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|           EtherType           |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import ClassVar, Self

from netlab.errors import OptionError
from netlab.wire.fields import Field, check_range, need

IPV4 = 0x0800
ARP = 0x0806
IPV6 = 0x86DD
ETHERTYPES = {IPV4: "IPv4", ARP: "ARP", IPV6: "IPv6"}
BROADCAST = "ff:ff:ff:ff:ff:ff"

_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")


def mac_bytes(mac: str) -> bytes:
    """The six bytes of a MAC address such as "02:00:00:00:00:01".

    Raises:
        OptionError: for anything else.
    """
    if not _MAC.fullmatch(mac.lower()):
        raise OptionError(f"{mac!r} is not a MAC address: write six bytes in hex, as in '02:00:00:00:00:01'.")
    return bytes.fromhex(mac.replace(":", ""))


def mac_text(data: bytes) -> str:
    """A MAC address as text, from its six bytes."""
    return data.hex(":")


@dataclass(frozen=True, slots=True)
class Ethernet:
    """An Ethernet II header.

    Attributes:
        dst: the MAC address that it goes to.
        src: the MAC address that it comes from.
        ethertype: what is inside (0x0800 IPv4, 0x0806 ARP, 0x86DD IPv6).
    """

    NAME: ClassVar[str] = "Ethernet"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("destination MAC", 48, "the network card on this link that it is for"),
        Field("source MAC", 48, "the network card that sent it"),
        Field("EtherType", 16, "the protocol inside"),
    )
    LENGTH: ClassVar[int] = 14

    dst: str
    src: str
    ethertype: int = IPV4

    def __post_init__(self) -> None:
        object.__setattr__(self, "dst", mac_text(mac_bytes(self.dst)))
        object.__setattr__(self, "src", mac_text(mac_bytes(self.src)))
        check_range("ethertype", self.ethertype, 16)

    def pack(self) -> bytes:
        """The header's 14 bytes."""
        return mac_bytes(self.dst) + mac_bytes(self.src) + struct.pack("!H", self.ethertype)

    @classmethod
    def unpack(cls, data: bytes) -> tuple[Self, bytes]:
        """Read a header, and return it and the bytes after it.

        Raises:
            PacketError: when the data is too short.
        """
        need(data, cls.LENGTH, "An Ethernet header")
        ethertype = int.from_bytes(data[12:14], "big")
        return cls(mac_text(data[:6]), mac_text(data[6:12]), ethertype), data[14:]

    def describe(self) -> dict[str, str]:
        """Each field's value in words."""
        kind = ETHERTYPES.get(self.ethertype, "unknown")
        return {
            "destination MAC": "everybody on the link" if self.dst == BROADCAST else self.dst,
            "source MAC": self.src,
            "EtherType": f"0x{self.ethertype:04x}, {kind}",
        }
