"""How netlab writes bytes, sizes and times, everywhere the same; and text that a notebook shows as it is."""

from __future__ import annotations

import html
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
