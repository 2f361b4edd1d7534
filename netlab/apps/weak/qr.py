"""A QR code as a drawing, with a text alternative."""

from __future__ import annotations

import segno

from netlab.svg import INK, Drawing, rect

MODULE, QUIET = 5, 4  # the size of a square in pixels; squares of white around it (ISO/IEC 18004)


def draw_code(text: str, *, alt: str) -> Drawing:
    """Draw a text as a QR code.

    Args:
        text: what a telephone reads from it.
        alt: what the picture is for, in words.
    """
    matrix = segno.make_qr(text).matrix
    size = (len(matrix) + 2 * QUIET) * MODULE
    parts = [
        rect((x + QUIET) * MODULE, (y + QUIET) * MODULE, MODULE, MODULE, fill=INK)
        for y, row in enumerate(matrix)
        for x, dark in enumerate(row)
        if dark
    ]
    return Drawing(size, size, alt, parts)
