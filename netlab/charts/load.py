"""How servers do as their clients become more: two panels, what a client waits and what the server achieves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from netlab.charts.figures import Picture, picture
from netlab.errors import OptionError
from netlab.load import Load
from netlab.svg import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# One for each server: colour, marker and the style of its line, so that colour is never the only difference.
LOOKS = (
    (PALETTE["blue"], "o", "-"),
    (PALETTE["red"], "s", "--"),
    (PALETTE["green"], "^", "-."),
    (PALETTE["purple"], "D", ":"),
    (PALETTE["orange"], "v", "-"),
    (PALETTE["black"], "X", "--"),
    (PALETTE["sky"], "P", "-."),
)
CLOSEST = 0.075  # of the height of a panel, between two labels


def draw_load(loads: Mapping[str, Sequence[Load]], *, alt: str) -> Picture:
    """Draw the median wait and the answers per second over the number of clients, a line a server.

    Args:
        loads: for each server's name, what was measured with different numbers of clients.
        alt: what the picture shows, in words.

    Raises:
        OptionError: when there is nothing to draw, or there are more servers than can be told apart.
    """
    if not loads or not all(loads.values()):
        raise OptionError("There is nothing to draw: give each server at least one measurement.")
    if len(loads) > len(LOOKS):
        raise OptionError(f"At most {len(LOOKS)} servers can be told apart: draw two pictures.")
    import matplotlib.pyplot as plt

    figure, (waits, rates) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    lines = {name: sorted(some, key=lambda load: load.clients) for name, some in loads.items()}
    draw_lines(
        waits, {name: [(load.clients, load.median * 1000) for load in some] for name, some in lines.items()}
    )
    draw_lines(rates, {name: [(load.clients, load.rate) for load in some] for name, some in lines.items()})
    waits.set_ylabel("median wait for an answer, ms")
    rates.set_ylabel("answers per second")
    return picture(figure, alt)


def draw_lines(axes: Axes, lines: Mapping[str, Sequence[tuple[int, float]]]) -> Axes:
    """Draw a line of (clients, value) for each server, on logarithmic axes, with its name at its end.

    A value that is missing or 0 has no place on a logarithmic axis: its point is left out.
    """
    from matplotlib.ticker import LogLocator

    axes.set_xscale("log")
    axes.set_yscale("log")
    ends: list[tuple[float, str, str, str]] = []
    for (name, points), (colour, marker, style) in zip(lines.items(), LOOKS, strict=False):
        drawn = [(clients, value) for clients, value in points if value > 0]
        if drawn:
            axes.plot(*zip(*drawn, strict=True), color=colour, marker=marker, linestyle=style, label=name)
            ends.append((drawn[-1][1], name, colour, marker))
    ticks = sorted({clients for points in lines.values() for clients, _ in points})
    axes.set_xticks(ticks, [f"{clients:,}" for clients in ticks])
    axes.xaxis.minorticks_off()
    axes.yaxis.set_minor_locator(LogLocator(subs=(2, 5)))
    axes.yaxis.set_major_formatter("{x:,g}")
    axes.yaxis.set_minor_formatter("{x:,g}")
    axes.set_xlabel("clients at once")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.3)
    _label(axes, ends)
    return axes


def _label(axes: Axes, ends: list[tuple[float, str, str, str]]) -> None:
    """Write each name beside the end of its line, moved up where it would cover another."""
    to_panel = axes.transScale + axes.transLimits  # data → fractions of the panel
    lowest = -1.0
    for value, name, colour, marker in sorted(ends):
        height = max(float(to_panel.transform((1, value))[1]), lowest + CLOSEST)
        axes.plot(1.04, height, marker, color=colour, transform=axes.transAxes, clip_on=False)
        axes.text(1.07, height, name, color=INK, transform=axes.transAxes, va="center")
        lowest = height
