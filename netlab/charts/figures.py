"""A Matplotlib figure as a picture with a text alternative, for a notebook or a deck."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from xml.sax.saxutils import escape

from netlab.errors import OptionError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 110
SALT = "netlab"  # from which Matplotlib makes the ids in an SVG, so that they are the same each time


@dataclass(frozen=True)
class Picture:
    """A PNG or an SVG and what it shows in words.

    Attributes:
        alt: the text alternative.
        png: the file's bytes; none of an SVG.
        svg: the document; empty for a PNG.
    """

    alt: str
    png: bytes = field(repr=False)
    svg: str = field(default="", repr=False)

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file and return its path."""
        path = Path(path)
        path.write_bytes(self.svg.encode() if self.svg else self.png)
        return path

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        kind = "image/svg+xml" if self.svg else "image/png"
        image = self.svg or base64.b64encode(self.png).decode("ascii")
        return {kind: image, "text/plain": self.alt}, {kind: {"alt": self.alt}}


def picture(
    drawn: Figure | Axes, alt: str | None = None, *, kind: Literal["png", "svg"] = "png", dpi: float = DPI
) -> Picture:
    """Render a figure and close it, so that a notebook shows it once and with its text alternative.

    Args:
        drawn: any Matplotlib figure, or axes of it, as the stock charts return them.
        alt: what it shows, in a sentence or two, for whoever cannot see it; the words of its stock charts if None.
        kind: "png", or "svg" for print: sharp at any size, and large where there are many marks.
        dpi: dots per inch, of a PNG and of what an SVG holds as pixels.

    Raises:
        OptionError: when the text alternative is missing, or for another kind.
    """
    import matplotlib.pyplot as plt

    if kind not in ("png", "svg"):
        raise OptionError(f"A picture is a png or an svg, not {kind!r}.")
    figure = root_of(drawn)
    if alt is None:
        from netlab.charts.stocks.words import alt_of

        alt = alt_of(figure)
    if not alt.strip():
        raise OptionError("A picture needs a text alternative: say in a sentence what it shows.")
    image = render(figure, alt, kind, dpi)
    plt.close(figure)
    return Picture(alt, b"", image.decode()) if kind == "svg" else Picture(alt, image)


def render(figure: Figure, alt: str, kind: Literal["png", "svg"], dpi: float = DPI) -> bytes:
    """The figure as a file, always the same for the same figure; an SVG holds its words."""
    import matplotlib as mpl

    file = io.BytesIO()
    if kind == "png":
        figure.savefig(file, format="png", dpi=dpi, bbox_inches="tight", metadata={"Software": None})
        return file.getvalue()
    with mpl.rc_context({"svg.hashsalt": SALT}):
        about = {"Date": None, "Creator": None, "Format": None, "Type": None}
        figure.savefig(file, format="svg", dpi=dpi, bbox_inches="tight", metadata=about)
    text = file.getvalue().decode()
    start = text.index("<svg ")
    end = text.index(">", start) + 1
    root = f'{text[start : end - 1]} role="img">\n <title>{escape(alt)}</title>'
    return (root + text[end:]).encode()


def root_of(drawn: Figure | Axes) -> Figure:
    """The figure that axes stand in, or the figure itself.

    Raises:
        OptionError: it is neither.
    """
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    figure = drawn.get_figure(root=True) if isinstance(drawn, Axes) else drawn
    if not isinstance(figure, Figure):
        raise OptionError(
            f"A picture is made of a Matplotlib figure or axes, not of a {type(drawn).__name__}."
        )
    return figure
