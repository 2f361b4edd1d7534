"""Each share's days against each other's: a matrix of scatter plots, with histograms on its diagonal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlab.charts.stocks.colours import FAINT
from netlab.charts.stocks.correlation import common_returns
from netlab.charts.stocks.frame import SMALL, axes_for, finish, grid, tidy
from netlab.charts.stocks.words import counted, listed, number, span
from netlab.errors import OptionError
from netlab.svg import INK, PALETTE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

CHART = "A scatter matrix"
MOST = 6  # shares: beyond it the panels are too small


def scatter_matrix(
    data: pd.DataFrame,
    *,
    ax: Axes | None = None,
    column: str = "Adj Close",
    title: str | None = None,
    source: str | None = None,
) -> Axes:
    """Draw the daily returns of each pair of shares against each other, over the days that all of them have.

    Each pair stands once, below the diagonal; on the diagonal is each share's histogram. All axes have the same
    scale, so that the panels can be compared.

    Args:
        data: a table of two to six shares, long or wide.
        ax: the room to draw in: it becomes an empty strip with the title over the panels. A new figure if None.
        column: of a long table; the adjusted price by default, in which a split is no fall.
        title: written over the chart; made from the data if None.
        source: where the numbers come from, as the table's `attrs` say it if None; "" for none.

    Returns:
        The strip; the panels are the axes that follow it in `ax.figure.axes`.

    Raises:
        OptionError: the table has a single share or too many, or no three days that all shares have.

    Example:
        >>> scatter_matrix(load_prices("AAPL", "IBM", "MSFT"))
    """
    common = 100 * common_returns(data, column, CHART)
    names = [str(name) for name in common]
    size = len(names)
    if size > MOST:
        raise OptionError(f"{CHART} has room for {MOST} shares, not {size}: choose some.")
    values = common.to_numpy()
    reach = float(np.abs(values).max()) * 1.05
    ax = axes_for(ax, (1 + 1.9 * size, 0.9 + 1.75 * size))
    cells = [(row, place) for row in range(size) for place in range(row + 1)]
    panels = grid(ax, size, size, cells, gap=0.08)
    for (row, place), panel in zip(cells, panels, strict=True):
        if row == place:
            panel.hist(
                values[:, row], np.linspace(-reach, reach, 42).tolist(), color=PALETTE["sky"], alpha=0.7
            )
            panel.set_yticks([])
            panel.text(
                0.03, 0.95, names[row], transform=panel.transAxes, va="top", fontweight="bold", color=INK
            )
        else:
            _pair(panel, values[:, place], values[:, row], reach)
        tidy(panel, grid="")
        panel.set_xlim(-reach, reach)
        panel.tick_params(labelsize=SMALL - 1)
        panel.set_xlabel(f"{names[place]}, %" if row == size - 1 else "", fontsize=SMALL)
        panel.tick_params(labelbottom=row == size - 1, labelleft=place == 0)
        panel.set_ylabel(f"{names[row]}, %" if place == 0 and row else "", fontsize=SMALL)
    first, last = common.index[0], common.index[-1]
    return finish(
        ax,
        title=title if title is not None else f"Daily returns, {first:%b %Y} – {last:%b %Y}",
        alt=describe(common),
        data=data,
        source=source,
        below=panels[-1],
        panels=panels,
        names=names,
    )


def describe(common: pd.DataFrame) -> str:
    """Say in words how the pairs lie."""
    names = [str(name) for name in common]
    values = common.corr().to_numpy()
    pairs = [
        f"{names[i]} and {names[j]} {number(float(values[i, j]))}"
        for i in range(len(names))
        for j in range(i + 1, len(names))
    ]
    return (
        f"Scatter plots of the daily returns of {listed(names)} against each other, {counted(len(common), 'day')}, "
        f"{span(common.index)}. Their correlations: {'; '.join(pairs)}."
    )


def _pair(panel: Axes, x: np.ndarray, y: np.ndarray, reach: float) -> None:
    panel.axhline(0, color=FAINT, linewidth=0.6, zorder=0.5)
    panel.axvline(0, color=FAINT, linewidth=0.6, zorder=0.5)
    points = panel.plot(x, y, "o", color=PALETTE["blue"], markersize=2.2, alpha=0.35, markeredgewidth=0)
    points[0].set_rasterized(len(x) > 1000)
    value = number(float(np.corrcoef(x, y)[0, 1]))
    panel.text(0.04, 0.95, f"r = {value}", transform=panel.transAxes, va="top", fontsize=SMALL, color=INK)
    panel.set_ylim(-reach, reach)
