"""Where a chart is drawn, and what stands around it: title, unit, source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from netlab.charts.stocks.fonts import use_fonts_for
from netlab.charts.stocks.words import remember
from netlab.errors import OptionError
from netlab.svg import INK, MUTED, RULE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.gridspec import SubplotSpec

SMALL = 8.5  # points
TICKS = 0.43  # inches that two lines of tick labels take
LABEL = 0.24  # inches from the edge of a figure to the foot of a vertical label
APART = 12  # points from one label at a line's end to the next


def axes_for(
    ax: Axes | None,
    size: tuple[float, float] = (9, 4.5),
    *,
    margins: tuple[float, float, float, float] | None = None,
) -> Axes:
    """The axes to draw on: those given, or those of a new figure.

    Args:
        ax: the axes given.
        size: of a new figure, in inches.
        margins: of its axes, in inches: left, right, bottom, top. If None, Matplotlib measures all words to find
            them, which takes longer than to draw some hundred bars.

    Raises:
        OptionError: what is given are no axes.
    """
    from matplotlib.axes import Axes

    if ax is None:
        import matplotlib.pyplot as plt

        if margins is None:
            return plt.subplots(figsize=size, layout="constrained")[1]
        figure, new = plt.subplots(figsize=size)
        (width, height), (left, right, bottom, top) = size, margins
        figure.subplots_adjust(left / width, bottom / height, 1 - right / width, 1 - top / height)
        # Where the labels stand is known as well, and need not be measured.
        new.yaxis.set_label_coords(-(left - LABEL) / (width - left - right), 0.5)
        new.xaxis.set_label_coords(0.5, -TICKS / (height - bottom - top))
        return new
    if not isinstance(ax, Axes):
        raise OptionError(
            f"`ax` is one of Matplotlib's Axes, not a {type(ax).__name__}; of several, as plt.subplots(2, 2) "
            "makes them, name one: axes[0, 1]."
        )
    return ax


def split(ax: Axes, heights: Sequence[float], *, gap: float = 0.06) -> list[Axes]:
    """Divide axes into panels above one another with a common horizontal axis; the first keeps most of its room.

    Args:
        ax: becomes the uppermost panel.
        heights: of the panels, relative to one another.
        gap: between two of them, relative to their mean height.
    """
    figure = ax.figure
    current = figure.gca()
    rows = _spec_of(ax).subgridspec(len(heights), 1, height_ratios=heights, hspace=gap)
    ax.set_subplotspec(rows[0])
    panels = [ax, *(figure.add_subplot(rows[row], sharex=ax) for row in range(1, len(heights)))]
    for panel in panels[:-1]:
        panel.tick_params(axis="x", labelbottom=False, length=0)
    figure.sca(current)
    return panels


def grid(ax: Axes, rows: int, columns: int, cells: Iterable[tuple[Any, Any]], *, gap: float) -> list[Axes]:
    """Panels in the place of axes, which become an empty strip over them that only holds the title.

    Args:
        ax: becomes the strip.
        rows: of the grid.
        columns: of the grid.
        cells: for each panel its row and column, or slices of them.
        gap: between two panels, relative to their size.
    """
    figure = ax.figure
    current = figure.gca()
    halves = _spec_of(ax).subgridspec(2, 1, height_ratios=(1, 200), hspace=0)
    ax.set_subplotspec(halves[0])
    inner = halves[1].subgridspec(rows, columns, hspace=gap, wspace=gap)
    panels = [figure.add_subplot(inner[row, column]) for row, column in cells]
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    ax.patch.set_visible(False)
    figure.sca(current)
    return panels


def _spec_of(ax: Axes) -> SubplotSpec:
    """Where axes stand in a grid; axes placed by hand get a grid of their own."""
    spec = ax.get_subplotspec()
    if spec is not None:
        return spec
    box = ax.get_position(original=True)
    own = ax.figure.add_gridspec(1, 1, left=box.x0, right=box.x1, bottom=box.y0, top=box.y1)
    return own[0]


def tidy(ax: Axes, *, grid: str = "y") -> None:
    """Leave of the frame what a reader needs."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(RULE)
    ax.tick_params(color=RULE)
    if grid:
        ax.grid(axis=grid, color=RULE, alpha=0.5, linewidth=0.6)  # type: ignore[arg-type]
    ax.set_axisbelow(True)


def finish(
    ax: Axes,
    *,
    title: str,
    alt: str,
    data: pd.DataFrame,
    source: str | None = None,
    below: Axes | None = None,
    panels: Iterable[Axes] = (),
    names: Iterable[str] = (),
    size: float = 11,
) -> Axes:
    """Write the title and the source, and keep the words.

    Args:
        ax: the axes.
        title: what the chart shows.
        alt: the same in whole sentences, with the numbers.
        data: whose `attrs["source"]` is the source if none is given.
        source: where the numbers come from; "" for none.
        below: the lowest panel, where the source is written, if that is not `ax`.
        panels: all other axes of the chart.
        names: other words of the caller's that the chart shows, for which a font may be needed.
        size: of the title, in points.
    """
    # At a place that is told, the title needs no measuring; over ticks on top Matplotlib has to find it.
    place = None if ax.xaxis.get_ticks_position() == "top" else 1.0
    ax.set_title(title, loc="left", fontweight="bold", color=INK, fontsize=size, y=place)
    origin = str(data.attrs.get("source", "")) if source is None else source
    if origin:
        _write_source(below or ax, f"Source: {origin}")
    use_fonts_for([ax, *([below] if below else []), *panels], title, origin, *names)
    remember(ax, f"{alt} Source: {origin}." if origin else alt)
    return ax


def _write_source(ax: Axes, words: str) -> None:
    style = {"fontsize": SMALL - 1, "color": MUTED}
    if not ax.get_xlabel():
        ax.set_xlabel(words, loc="right", **style)  # type: ignore[arg-type]
        return
    ax.annotate(
        words,
        (1, 0),
        xycoords=("axes fraction", ax.xaxis.label),
        xytext=(0, -2),
        textcoords="offset points",
        ha="right",
        va="top",
        **style,  # type: ignore[arg-type]
    )


def points_of(ax: Axes) -> tuple[float, float]:
    """How many points of paper axes are wide and high, as they are now."""
    figure = ax.get_figure(root=True)
    dpi = figure.dpi if figure else 72
    return float(ax.bbox.width) / dpi * 72, float(ax.bbox.height) / dpi * 72


def unit_of(data: pd.DataFrame, unit: str | None) -> str:
    """What the prices are counted in: as the caller says, as the table says, or just "price"."""
    return unit if unit is not None else str(data.attrs.get("unit", "price"))


def label_ends(ax: Axes, ends: Mapping[str, tuple[object, float]], colours: Sequence[str]) -> None:
    """Write each name at the end of its line with a dot in the line's colour, apart from each other.

    Args:
        ax: the axes, with their final limits.
        ends: for each name, where its line ends.
        colours: of the lines, in the same order.
    """
    points = points_of(ax)[1]
    to_panel = ax.transScale + ax.transLimits
    wanted = [float(to_panel.transform((0, y))[1]) * points for _, y in ends.values()]
    looks = {"textcoords": "offset points", "va": "center", "annotation_clip": False}
    for (name, end), colour, height, free in zip(ends.items(), colours, wanted, apart(wanted), strict=False):
        up = free - height
        ax.annotate("●", end, xytext=(4, up), color=colour, fontsize=SMALL - 2, **looks)  # type: ignore[arg-type]
        ax.annotate(name, end, xytext=(13, up), color=INK, fontsize=SMALL + 0.5, **looks)  # type: ignore[arg-type]


def apart(wanted: Sequence[float], gap: float = APART) -> list[float]:
    """The nearest heights to those wanted, in the same order, of which no two are closer than the gap."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    groups: list[list[int]] = []  # of labels that stand directly over each other
    for place in order:
        groups.append([place])
        while len(groups) > 1 and _top(groups[-2], wanted, gap) > _bottom(groups[-1], wanted, gap):
            upper = groups.pop()
            groups[-1] += upper
    heights = list(wanted)
    for group in groups:
        for row, place in enumerate(group):
            heights[place] = _bottom(group, wanted, gap) + gap / 2 + row * gap
    return heights


def _bottom(group: Sequence[int], wanted: Sequence[float], gap: float) -> float:
    return sum(wanted[place] for place in group) / len(group) - gap * len(group) / 2


def _top(group: Sequence[int], wanted: Sequence[float], gap: float) -> float:
    return _bottom(group, wanted, gap) + gap * len(group)
