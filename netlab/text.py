"""How netlab writes bytes, sizes and times, everywhere the same; and text that a notebook shows as it is."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any


class Text(str):
    """Text that shows itself, not its quotes and escapes, when it is the last value of a cell."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": f"<pre>{html.escape(self)}</pre>"}


def clock(seconds: float) -> str:
    """A time since the start: "+0.42 ms", "+1.50 s"."""
    return f"+{seconds:.2f} s" if seconds >= 1 else f"+{seconds * 1000:.2f} ms"


def size_of(data: bytes) -> str:
    """The length of some data in words: "1 byte", "1,460 bytes"."""
    return "1 byte" if len(data) == 1 else f"{len(data):,} bytes"


def preview(data: bytes, limit: int = 44) -> str:
    r"""Data as a reader can take it in: text with its escapes (`AAPL?\n`), or hex when it is not text.

    Args:
        data: the bytes.
        limit: how many characters to show at the most; an ellipsis stands for the rest.
    """
    try:
        shown = data.decode("utf-8")
    except UnicodeDecodeError:
        most = limit // 3
        return data[:most].hex(" ") + (" …" if len(data) > most else "")
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shown)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


class Table:
    """Rows of text under a head, as an HTML table in a notebook and in columns in a terminal.

    Args:
        head: the titles of the columns.
        rows: a text for each column.
        caption: a line under the table, such as its source.
    """

    def __init__(self, head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> None:
        self.head = tuple(head)
        self.rows = [tuple(row) for row in rows]
        self.caption = caption

    def __repr__(self) -> str:
        lines = [self.head, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.head))]
        shown = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        ]
        return "\n".join([*shown, self.caption] if self.caption else shown)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        left = 'style="text-align:left"'
        titles = "".join(f'<th scope="col" {left}>{html.escape(cell)}</th>' for cell in self.head)
        cells = ("".join(f"<td {left}>{html.escape(cell)}</td>" for cell in row) for row in self.rows)
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        caption = (
            f'<caption style="caption-side:bottom;text-align:left">{html.escape(self.caption)}</caption>'
        )
        table = f"<table>{caption if self.caption else ''}<thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"
        return {"text/plain": repr(self), "text/html": table}


def counted(count: int, noun: str) -> str:
    """A number and its noun: 1 file, 2 files."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
