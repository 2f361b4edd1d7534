"""Colours for rising and falling, and for shares; all from Okabe and Ito's palette."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Colours:
    """The colour of what rose and that of what fell."""

    rising: str
    falling: str

    def scale(self) -> Colormap:
        """From falling over white to rising."""
        from matplotlib.colors import LinearSegmentedColormap

        return LinearSegmentedColormap.from_list("falling to rising", [self.falling, "#ffffff", self.rising])


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
