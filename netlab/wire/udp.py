"""UDP headers (RFC 768).

0                   1                   2                   3
0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|          Source port          |        Destination port       |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|             Length            |            Checksum           |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from netlab.errors import OptionError, PacketError
from netlab.wire.checksum import internet_checksum
from netlab.wire.fields import Field, check_range, checksum_words, length_words, need


@dataclass(frozen=True, slots=True)
class UDP:
    """A UDP header.

    Attributes:
        src_port: the sender's port.
        dst_port: the receiver's port.
        length: header and content in bytes; None until it is packed.
        checksum: over addresses, header and content; 0 for none, None until it is packed.
    """

    NAME: ClassVar[str] = "UDP"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("source port", 16, "the program that sent it"),
        Field("destination port", 16, "the program it is for"),
        Field("length", 16, "bytes of this header and the data"),
        Field("checksum", 16, "guards addresses, header and data"),
    )
    LENGTH: ClassVar[int] = 8

    src_port: int
    dst_port: int
    length: int | None = None
    checksum: int | None = None

    def __post_init__(self) -> None:
        for name in ("src_port", "dst_port", "length", "checksum"):
            check_range(name, getattr(self, name), 16)

    def completed(self, payload: bytes, pseudo_header: bytes = b"") -> Self:
        """This header with its length, and its checksum over the pseudo-header and the content."""
        length = self.LENGTH + len(payload)
        if length > 0xFFFF:
            raise OptionError(f"A UDP datagram carries at most 65,527 bytes, not {len(payload):,}.")
        bare = replace(self, length=length, checksum=0)
        checksum = internet_checksum(pseudo_header + bare.pack() + payload)
        return replace(bare, checksum=checksum or 0xFFFF)  # 0 would mean that there is none

    def pack(self) -> bytes:
        """The header's 8 bytes; a length or checksum that is not set yet is 0 (see `completed`)."""
        return struct.pack("!HHHH", self.src_port, self.dst_port, self.length or 0, self.checksum or 0)

    @classmethod
    def unpack(cls, data: bytes) -> tuple[Self, bytes]:
        """Read a header, and return it and its content.

        Raises:
            PacketError: when the data is too short, or shorter or longer than the length says.
        """
        need(data, cls.LENGTH, "A UDP header")
        header = cls(*struct.unpack_from("!HHHH", data))
        if header.length != len(data):
            raise PacketError(f"The UDP length is {header.length}, but there are {len(data)} bytes.")
        return header, data[8:]

    def describe(self) -> dict[str, str]:
        """Each field's value in words."""
        return {"length": length_words(self.length), "checksum": checksum_words(self.checksum)}
