"""Capture files in the classic pcap format, which Wireshark and tcpdump read (draft-ietf-opsawg-pcap).

A file begins with 24 bytes: magic number, version 2.4, two unused fields, snapshot length, link type.
Each frame follows with 16 bytes of its own: seconds, microseconds, bytes kept, bytes on the wire.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from netlab.errors import PacketError
from netlab.wire.fields import check_range

ETHERNET = 1  # the link type
SNAPSHOT = 262_144  # the longest frame that is kept, as tcpdump has it

_FORMATS = {  # magic number: byte order and units a second
    b"\xd4\xc3\xb2\xa1": ("<", 1_000_000),
    b"\xa1\xb2\xc3\xd4": (">", 1_000_000),
    b"\x4d\x3c\xb2\xa1": ("<", 1_000_000_000),
    b"\xa1\xb2\x3c\x4d": (">", 1_000_000_000),
}


@dataclass(frozen=True, slots=True)
class CapturedFrame:
    """A frame and when it was seen, in seconds since the epoch."""

    time: float
    data: bytes


def write_pcap(path: str | os.PathLike[str], frames: Iterable[CapturedFrame]) -> None:
    """Write Ethernet frames to a capture file, with times in microseconds.

    Raises:
        OptionError: for a time before 1970 or after 2106, which the format cannot hold.
    """
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, SNAPSHOT, ETHERNET)]
    for frame in frames:
        seconds, micros = divmod(round(frame.time * 1_000_000), 1_000_000)
        check_range("time", seconds, 32)
        parts.append(struct.pack("<IIII", seconds, micros, len(frame.data), len(frame.data)) + frame.data)
    Path(path).write_bytes(b"".join(parts))


def read_pcap(path: str | os.PathLike[str]) -> list[CapturedFrame]:
    """Read a capture file of Ethernet frames, of either byte order, in micro- or nanoseconds.

    Raises:
        PacketError: when it is no such file, or is cut off in the middle of a frame.
    """
    data = Path(path).read_bytes()
    name = Path(path).name
    if data[:4] not in _FORMATS or len(data) < 24:
        raise PacketError(f"{name} is not a pcap file. Save it from Wireshark as “Wireshark/tcpdump - pcap”.")
    order, units = _FORMATS[data[:4]]
    (link,) = struct.unpack_from(f"{order}I", data, 20)
    if link != ETHERNET:
        raise PacketError(f"{name} holds frames of link type {link}; only Ethernet (1) can be read.")
    frames, position = [], 24
    while position < len(data):
        if len(data) < position + 16:
            raise PacketError(f"{name} ends in the middle of a frame's header, at byte {len(data)}.")
        seconds, fraction, kept, _ = struct.unpack_from(f"{order}IIII", data, position)
        position += 16
        if len(data) < position + kept:
            raise PacketError(f"{name} ends in the middle of a frame, at byte {len(data)}.")
        frames.append(CapturedFrame(seconds + fraction / units, data[position : position + kept]))
        position += kept
    return frames
