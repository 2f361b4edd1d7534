"""Bytes as people look at them: offset, hex, characters."""

from __future__ import annotations

from netlab.text import Text

WIDTH = 16


def hexdump(data: bytes, *, width: int = WIDTH) -> Text:
    """The bytes in rows of offset, hex and characters; what is not printable ASCII is shown as a dot.

    Args:
        data: the bytes.
        width: how many stand in a row.
    """
    rows = []
    for start in range(0, len(data), width):
        row = data[start : start + width]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        rows.append(f"{start:04x}  {row.hex(' '):<{width * 3 - 1}}  {shown}")
    return Text("\n".join(rows))
