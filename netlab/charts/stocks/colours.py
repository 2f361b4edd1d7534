"""Colours for rising and falling, and for shares; all from Okabe and Ito's palette."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from netlab.errors import OptionError
from netlab.svg import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.colors import Colormap

Up = Literal["blue", "green", "red"]

FALLING: dict[Up, str] = {"blue": "red", "green": "red", "red": "green"}
# Lines of shares; yellow is too light for a line on white.
LINES = tuple(PALETTE[name] for name in ("blue", "red", "green", "purple", "orange", "black", "sky"))
AVERAGES = (INK, PALETTE["orange"], PALETTE["purple"], PALETTE["sky"])
FAINT = "#8c8c8c"
NEUTRAL = "#f2f2f2"  # between rising and falling: not white, which is where nothing is


def ink_on(ground: Iterable[float]) -> str:
    """The colour of words on a coloured ground: black or white, whichever can be read better.

    The formula of the relative luminance is that of WCAG 2.
    """
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in [*ground][:3]]
    luminance = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else PALETTE["black"]


@dataclass(frozen=True)
class Colours:
    """The colour of what rose and that of what fell."""

    rising: str
    falling: str

    def scale(self) -> Colormap:
        """From falling over a light grey to rising."""
        from matplotlib.colors import LinearSegmentedColormap

        return LinearSegmentedColormap.from_list("falling to rising", [self.falling, NEUTRAL, self.rising])


def colours(up: Up) -> Colours:
    """The two colours of a chart.

    Args:
        up: the colour of what rises: "blue" (falling is red: safe for every reader), "green" (falling is red, as
            in the West) or "red" (falling is green, as in China, Japan and Korea). The red and the green are
            apart for colour-blind readers as well, by their lightness and their blue.

    Raises:
        OptionError: for any other colour.
    """
    if up not in get_args(Up):
        raise OptionError(f"Rising can be {', '.join(get_args(Up))}, not {up!r}.")
    return Colours(PALETTE[up], PALETTE[FALLING[up]])
