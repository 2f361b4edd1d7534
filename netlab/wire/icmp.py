"""ICMP, by which IP reports trouble and answers pings (RFC 792; RFC 4443 for ICMPv6).

0                   1                   2                   3
0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|      Type     |      Code     |            Checksum           |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|        Rest of the header: identifier and sequence for echo   |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from netlab.wire.checksum import internet_checksum
from netlab.wire.fields import Field, check_range, checksum_words, need

ECHO_REPLY = 0
UNREACHABLE = 3
ECHO_REQUEST = 8
TIME_EXCEEDED = 11
PORT_UNREACHABLE = 3  # a code of UNREACHABLE

_KINDS = {
    (4, 0, 0): "echo reply",
    (4, 3, 0): "network unreachable",
    (4, 3, 1): "host unreachable",
    (4, 3, 3): "port unreachable",
    (4, 3, 4): "fragmentation needed",
    (4, 8, 0): "echo request",
    (4, 11, 0): "time to live exceeded",
    (6, 1, 4): "port unreachable",
    (6, 3, 0): "hop limit exceeded",
    (6, 128, 0): "echo request",
    (6, 129, 0): "echo reply",
}


@dataclass(frozen=True, slots=True)
class ICMP:
    """An ICMP header.

    Attributes:
        type: what kind of message it is.
        code: what kind of that kind.
        rest: the header's last four bytes; for an echo, identifier and sequence number.
        checksum: over header and content; None until it is packed.
        version: 4 for ICMP, 6 for ICMPv6, whose types have other numbers.
    """

    NAME: ClassVar[str] = "ICMP"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("type", 8, "what kind of message it is"),
        Field("code", 8, "what kind of that kind"),
        Field("checksum", 16, "guards header and content"),
        Field("rest", 32, "for an echo: identifier and sequence number"),
    )
    LENGTH: ClassVar[int] = 8

    type: int
    code: int = 0
    rest: int = 0
    checksum: int | None = None
    version: int = 4

    def __post_init__(self) -> None:
        for name, bits in (("type", 8), ("code", 8), ("rest", 32), ("checksum", 16)):
            check_range(name, getattr(self, name), bits)

    @classmethod
    def echo(cls, identifier: int, sequence: int, *, reply: bool = False) -> Self:
        """A ping's header, or that of its answer."""
        check_range("identifier", identifier, 16)
        check_range("sequence", sequence, 16)
        return cls(ECHO_REPLY if reply else ECHO_REQUEST, rest=identifier << 16 | sequence)

    @property
    def identifier(self) -> int:
        """Of an echo: which program asks."""
        return self.rest >> 16

    @property
    def sequence(self) -> int:
        """Of an echo: which of its questions."""
        return self.rest & 0xFFFF

    @property
    def kind(self) -> str:
        """The message in words."""
        return _KINDS.get((self.version, self.type, self.code), f"type {self.type}, code {self.code}")

    def completed(self, payload: bytes, pseudo_header: bytes = b"") -> Self:
        """This header with its checksum; only ICMPv6 counts the pseudo-header in."""
        bare = replace(self, checksum=0)
        counted = (pseudo_header if self.version == 6 else b"") + bare.pack() + payload
        return replace(bare, checksum=internet_checksum(counted))

    def pack(self) -> bytes:
        """The header's 8 bytes; a checksum that is not set yet is 0 (see `completed`)."""
        return struct.pack("!BBHI", self.type, self.code, self.checksum or 0, self.rest)

    @classmethod
    def unpack(cls, data: bytes, version: int = 4) -> tuple[Self, bytes]:
        """Read a header, and return it and the bytes after it.

        Raises:
            PacketError: when the data is too short.
        """
        need(data, cls.LENGTH, "An ICMP header")
        kind, code, checksum, rest = struct.unpack_from("!BBHI", data)
        return cls(kind, code, rest, checksum, version), data[8:]

    def describe(self) -> dict[str, str]:
        """Each field's value in words."""
        words = {"type": f"{self.type}, {self.kind}", "checksum": checksum_words(self.checksum)}
        if self.kind.startswith("echo"):
            words["rest"] = f"identifier {self.identifier}, sequence {self.sequence}"
        return words
