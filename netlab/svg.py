"""Pictures as SVG text: small element helpers, the palette, and `Drawing`, which every picture of netlab is.

SVG needs no network, scales on a slide and is plain text that a test can compare.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

# Okabe and Ito's eight colours, safe for colour-blind readers (https://jfly.uni-koeln.de/color/).
PALETTE = {
    "black": "#000000",
    "orange": "#e69f00",
    "sky": "#56b4e9",
    "green": "#009e73",
    "yellow": "#f0e442",
    "blue": "#0072b2",
    "red": "#d55e00",
    "purple": "#cc79a7",
}
INK = "#1a1a1a"
MUTED = "#595959"  # 7:1 on white
RULE = "#bfbfbf"
SANS = "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif"
MONO = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"


def element(tag: str, content: str = "", /, **attributes: object) -> str:
    """One SVG element as text; `stroke_width=2` becomes `stroke-width="2"`, a None is left out.

    Args:
        tag: the element's name.
        content: what stands inside, already SVG (use `escape` for text).
        **attributes: its attributes; numbers are written without superfluous digits.
    """
    pairs = (
        f" {name.rstrip('_').replace('_', '-')}={quoteattr(_number(value))}"
        for name, value in attributes.items()
        if value is not None
    )
    start = f"<{tag}{''.join(pairs)}"
    return f"{start}>{content}</{tag}>" if content else f"{start}/>"


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = 14,
    fill: str = INK,
    anchor: str = "start",
    mono: bool = False,
    weight: str | None = None,
) -> str:
    """A line of text with its baseline at (x, y)."""
    return element(
        "text",
        escape(words),
        x=x,
        y=y,
        font_size=size,
        fill=fill,
        text_anchor=None if anchor == "start" else anchor,
        font_family=MONO if mono else None,
        font_weight=weight,
        style="white-space: pre" if mono else None,
    )


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **{"stroke": INK, **attributes})


def rect(x: float, y: float, width: float, height: float, **attributes: object) -> str:
    """A rectangle."""
    return element("rect", x=x, y=y, width=width, height=height, **{"fill": "none", **attributes})


def _number(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Drawing:
    """A picture as SVG with its text alternative, ready for a notebook, a deck or a file.

    Attributes:
        width: in CSS pixels.
        height: in CSS pixels.
        alt: what the picture shows, in words, for whoever cannot see it.
        parts: the SVG elements, painted in order over a white ground.
        plain: what a terminal shows instead of the picture; the alt text if empty.
    """

    width: float
    height: float
    alt: str
    parts: list[str] = field(repr=False)
    plain: str = field(default="", repr=False)

    @property
    def svg(self) -> str:
        """The whole picture as one SVG document."""
        ground = rect(0, 0, self.width, self.height, fill="#ffffff")
        body = "\n".join([element("title", escape(self.alt)), ground, *self.parts])
        return element(
            "svg",
            f"\n{body}\n",
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_number(self.width)} {_number(self.height)}",
            width=self.width,
            height=self.height,
            role="img",
            font_family=SANS,
        )

    def save(self, path: str | Path) -> Path:
        """Write the SVG to a file and return its path."""
        path = Path(path)
        path.write_text(self.svg, encoding="utf-8")
        return path

    def __repr__(self) -> str:
        return self.plain or self.alt

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        return {"image/svg+xml": self.svg, "text/plain": repr(self)}, {"image/svg+xml": {"alt": self.alt}}
