"""ARP, which asks who on this link has an IPv4 address (RFC 826).

0                   1                   2                   3
0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|         Hardware type         |         Protocol type         |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|Hardware length|Protocol length|           Operation           |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|   Sender MAC (6), sender IPv4 (4), target MAC (6), target IPv4 (4)
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import ClassVar, Self

from netlab.errors import PacketError
from netlab.wire.ethernet import mac_bytes, mac_text
from netlab.wire.fields import Field, as_address, check_range, need

REQUEST = 1
REPLY = 2
OPERATIONS = {REQUEST: "request", REPLY: "reply"}

_ETHERNET_AND_IPV4 = (1, 0x0800, 6, 4)


@dataclass(frozen=True, slots=True)
class ARP:
    """An ARP message for IPv4 over Ethernet.

    Attributes:
        operation: 1 for a request, 2 for a reply.
        sender_mac: of whoever sends it.
        sender_ip: of whoever sends it.
        target_mac: all zero in a request, since it is what is asked for.
        target_ip: whose MAC address is wanted.
    """

    NAME: ClassVar[str] = "ARP"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("hardware type", 16, "the kind of link; 1 is Ethernet"),
        Field("protocol type", 16, "the kind of address asked about; 0x0800 is IPv4"),
        Field("hardware length", 8, "bytes in a MAC address"),
        Field("protocol length", 8, "bytes in an IPv4 address"),
        Field("operation", 16, "question or answer"),
        Field("sender MAC", 48, "the sender's MAC address"),
        Field("sender IPv4", 32, "the sender's IPv4 address"),
        Field("target MAC", 48, "the MAC address asked for; zero in a request"),
        Field("target IPv4", 32, "the IPv4 address whose MAC is wanted"),
    )
    LENGTH: ClassVar[int] = 28

    operation: int
    sender_mac: str
    sender_ip: IPv4Address
    target_mac: str
    target_ip: IPv4Address

    def __post_init__(self) -> None:
        check_range("operation", self.operation, 16)
        object.__setattr__(self, "sender_mac", mac_text(mac_bytes(self.sender_mac)))
        object.__setattr__(self, "target_mac", mac_text(mac_bytes(self.target_mac)))
        as_address(self, "sender_ip", IPv4Address)
        as_address(self, "target_ip", IPv4Address)

    def pack(self) -> bytes:
        """The message's 28 bytes."""
        return (
            struct.pack("!HHBBH", *_ETHERNET_AND_IPV4, self.operation)
            + mac_bytes(self.sender_mac)
            + self.sender_ip.packed
            + mac_bytes(self.target_mac)
            + self.target_ip.packed
        )

    @classmethod
    def unpack(cls, data: bytes) -> tuple[Self, bytes]:
        """Read a message, and return it and the bytes after it.

        Raises:
            PacketError: when the data is too short, or is ARP for something else than IPv4 over Ethernet.
        """
        need(data, cls.LENGTH, "An ARP message")
        *kinds, operation = struct.unpack_from("!HHBBH", data)
        if tuple(kinds) != _ETHERNET_AND_IPV4:
            raise PacketError(f"ARP for IPv4 over Ethernet begins with types 1, 0x0800, 6, 4, not {kinds}.")
        message = cls(
            operation,
            mac_text(data[8:14]),
            IPv4Address(data[14:18]),
            mac_text(data[18:24]),
            IPv4Address(data[24:28]),
        )
        return message, data[28:]

    def describe(self) -> dict[str, str]:
        """Each field's value in words."""
        return {
            "hardware type": "1, Ethernet",
            "protocol type": "0x0800, IPv4",
            "operation": f"{self.operation}, {OPERATIONS.get(self.operation, 'unknown')}",
            "sender MAC": self.sender_mac,
            "sender IPv4": str(self.sender_ip),
            "target MAC": self.target_mac,
            "target IPv4": str(self.target_ip),
        }
