"""TCP headers and options (RFC 9293, section 3.1).

0                   1                   2                   3
0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|          Source port          |        Destination port       |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                        Sequence number                        |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                     Acknowledgment number                     |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
| Data  |       |C|E|U|A|P|R|S|F|                               |
| offset| Rsrvd |W|C|R|C|S|S|Y|I|             Window            |
|       |       |R|E|G|K|H|T|N|N|                               |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|            Checksum           |         Urgent pointer        |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
|                     Options, up to 40 bytes                   |
+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from netlab.errors import OptionError, PacketError
from netlab.wire.checksum import internet_checksum
from netlab.wire.fields import Field, check_range, checksum_words, need

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = (1 << bit for bit in range(8))
FLAG_NAMES = {SYN: "SYN", FIN: "FIN", RST: "RST", PSH: "PSH", ACK: "ACK", URG: "URG", ECE: "ECE", CWR: "CWR"}

END, NOP, MSS, WINDOW_SCALE, SACK_PERMITTED, SACK, TIMESTAMPS = 0, 1, 2, 3, 4, 5, 8
_OPTION_NAMES = {
    MSS: "maximum segment size",
    WINDOW_SCALE: "window scale",
    SACK_PERMITTED: "selective acknowledgment permitted",
    SACK: "selective acknowledgment",
    TIMESTAMPS: "timestamps",
}
_OPTION_LENGTHS = {MSS: 2, WINDOW_SCALE: 1, SACK_PERMITTED: 0, TIMESTAMPS: 8}  # of the value


@dataclass(frozen=True, slots=True)
class TCPOption:
    """One option of a TCP header (RFC 9293, section 3.2; RFC 7323; RFC 2018).

    Attributes:
        kind: its number; 0 ends the options and 1 pads them, both without a value.
        value: its bytes without kind and length.
    """

    kind: int
    value: bytes = b""

    def __post_init__(self) -> None:
        check_range("kind", self.kind, 8)
        most = 0 if self.kind in (END, NOP) else 38
        if len(self.value) > most:
            raise OptionError(
                f"TCP option {self.kind} holds at most {most} bytes of value, not {len(self.value)}."
            )

    @classmethod
    def mss(cls, size: int) -> Self:
        """How many bytes of content the sender wants in a segment at the most."""
        check_range("size", size, 16)
        return cls(MSS, struct.pack("!H", size))

    def pack(self) -> bytes:
        """The option's bytes."""
        if self.kind in (END, NOP):
            return bytes([self.kind])
        return bytes([self.kind, 2 + len(self.value)]) + self.value

    def __str__(self) -> str:
        if self.kind in (END, NOP):
            return ("end", "padding")[self.kind]
        name = _OPTION_NAMES.get(self.kind, f"kind {self.kind}:")
        if self.kind in (MSS, WINDOW_SCALE):
            return f"{name} {int.from_bytes(self.value, 'big')}"
        if self.kind == TIMESTAMPS and len(self.value) == 8:
            sent, echoed = struct.unpack("!II", self.value)
            return f"{name} {sent}, echo of {echoed}"
        return f"{name} {self.value.hex(' ')}".rstrip()


def unpack_options(data: bytes) -> tuple[TCPOption, ...]:
    """Read the options of a header.

    Raises:
        PacketError: for an option whose length is wrong or reaches beyond the header.
    """
    options = []
    while data:
        kind = data[0]
        if kind == END:  # what follows is padding
            options += [TCPOption(END)] * len(data)
            if any(data):
                raise PacketError("After the end of the TCP options only zeros may follow.")
            break
        if kind == NOP:
            options.append(TCPOption(NOP))
            data = data[1:]
            continue
        length = data[1] if len(data) > 1 else 0
        if not 2 <= length <= len(data):
            raise PacketError(f"TCP option {kind} says that it has {length} bytes; {len(data)} are left.")
        if _OPTION_LENGTHS.get(kind, length - 2) != length - 2:
            raise PacketError(f"TCP option {kind} cannot have {length} bytes.")
        options.append(TCPOption(kind, data[2:length]))
        data = data[length:]
    return tuple(options)


@dataclass(frozen=True, slots=True)
class TCP:
    """A TCP header.

    Attributes:
        src_port: the sender's port.
        dst_port: the receiver's port.
        seq: number of the first byte that this segment carries.
        ack: number of the next byte that the sender expects.
        flags: the sum of FIN, SYN, RST, PSH, ACK, URG, ECE and CWR.
        window: bytes that the sender has room for, before scaling.
        urgent: urgent pointer.
        reserved: four bits that should be 0.
        checksum: over addresses, header and content; None until it is packed.
        options: padding included; together a multiple of 4 bytes, 40 at the most.
    """

    NAME: ClassVar[str] = "TCP"
    FIELDS: ClassVar[tuple[Field, ...]] = (
        Field("source port", 16, "the program that sent it"),
        Field("destination port", 16, "the program it is for"),
        Field("sequence number", 32, "number of the first byte carried here"),
        Field("acknowledgment number", 32, "the next byte the sender expects"),
        Field("data offset", 4, "length of this header in units of 4 bytes"),
        Field("reserved", 4, "zero"),
        Field("flags", 8, "what this segment does"),
        Field("window", 16, "bytes the sender has room for"),
        Field("checksum", 16, "guards addresses, header and data"),
        Field("urgent pointer", 16, "hardly used"),
        Field("options", 0, "such as the maximum segment size"),
    )
    LENGTH: ClassVar[int] = 20

    src_port: int
    dst_port: int
    seq: int = 0
    ack: int = 0
    flags: int = 0
    window: int = 65535
    urgent: int = 0
    reserved: int = 0
    checksum: int | None = None
    options: tuple[TCPOption, ...] = ()

    def __post_init__(self) -> None:
        for name, bits in _BITS.items():
            check_range(name, getattr(self, name), bits)
        length = sum(len(option.pack()) for option in self.options)
        if length % 4 or length > 40:
            raise OptionError(f"TCP options take 0 to 40 bytes, a multiple of 4, not {length}: pad with NOP.")

    @property
    def flag_names(self) -> list[str]:
        """The flags that are set, such as ["SYN", "ACK"]."""
        return [name for bit, name in FLAG_NAMES.items() if self.flags & bit]

    @property
    def header_length(self) -> int:
        """Bytes of this header."""
        return self.LENGTH + sum(len(option.pack()) for option in self.options)

    def completed(self, payload: bytes, pseudo_header: bytes = b"") -> Self:
        """This header with its checksum over the pseudo-header and the content."""
        bare = replace(self, checksum=0)
        return replace(bare, checksum=internet_checksum(pseudo_header + bare.pack() + payload))

    def pack(self) -> bytes:
        """The header's bytes; a checksum that is not set yet is 0 (see `completed`)."""
        return struct.pack(
            "!HHIIBBHHH",
            self.src_port,
            self.dst_port,
            self.seq,
            self.ack,
            self.header_length // 4 << 4 | self.reserved,
            self.flags,
            self.window,
            self.checksum or 0,
            self.urgent,
        ) + b"".join(option.pack() for option in self.options)

    @classmethod
    def unpack(cls, data: bytes) -> tuple[Self, bytes]:
        """Read a header, and return it and its content.

        Raises:
            PacketError: when the data is too short, or the header's length or its options are wrong.
        """
        need(data, cls.LENGTH, "A TCP header")
        src, dst, seq, ack, offset, flags, window, checksum, urgent = struct.unpack_from("!HHIIBBHHH", data)
        length = (offset >> 4) * 4
        if length < cls.LENGTH:
            raise PacketError(f"A TCP header has at least 20 bytes, but its data offset says {length}.")
        need(data, length, "This TCP header")
        options = unpack_options(data[20:length])
        header = cls(src, dst, seq, ack, flags, window, urgent, offset & 0xF, checksum, options)
        return header, data[length:]

    def describe(self) -> dict[str, str]:
        """Each field's value in words."""
        return {
            "data offset": f"{self.header_length // 4}, that is {self.header_length} bytes",
            "flags": ", ".join(self.flag_names) or "none",
            "window": f"{self.window} bytes",
            "checksum": checksum_words(self.checksum),
        }


_BITS = {
    "src_port": 16,
    "dst_port": 16,
    "seq": 32,
    "ack": 32,
    "flags": 8,
    "window": 16,
    "urgent": 16,
    "reserved": 4,
    "checksum": 16,
}
