"""Drawdown: how far a share is below the highest price it has had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.charts.stocks.colours import LINES
from netlab.charts.stocks.dates import date_axis
from netlab.charts.stocks.frame import SMALL, axes_for, finish, label_ends, tidy
from netlab.charts.stocks.numbers import running_drawdown, worst_drawdown
from netlab.charts.stocks.tables import series_of
from netlab.charts.stocks.words import day, listed, percent
from netlab.errors import OptionError
from netlab.svg import INK, PALETTE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

CHART = "A chart of drawdown"


def drawdown(
    data: pd.DataFrame,
    *,
    ax: Axes | None = None,
    column: str = "Adj Close",
    title: str | None = None,
    source: str | None = None,
) -> Axes:
    """Draw how far each day is below the highest price up to then, in percent; the deepest point is marked.

    Args:
        data: a table of one share (drawn as an area) or several (as lines), long or wide.
        ax: where to draw; a new figure if None.
        column: of a long table; the adjusted price by default, in which a split is no fall.
        title: written over the chart; made from the data if None.
        source: where the numbers come from, as the table's `attrs` say it if None; "" for none.

    Returns:
        The axes.

    Raises:
        OptionError: the table is not one of prices; the message says how to mend it.

    Example:
        >>> drawdown(load_prices("AAPL", "IBM"))
    """
    shares = series_of(data, column, chart=CHART)
    if len(shares) > len(LINES):
        raise OptionError(f"At most {len(LINES)} lines can be told apart, not {len(shares)}: choose some.")
    ax = axes_for(ax, (9, 3.8))
    falls = {name: 100 * running_drawdown(prices) for name, prices in shares.items()}
    for (name, fall), colour in zip(falls.items(), LINES, strict=False):
        x, y = fall.index.to_numpy(), fall.to_numpy()
        if len(falls) == 1:
            ax.fill_between(x, y, 0, color=PALETTE["red"], alpha=0.25, linewidth=0)
            colour = PALETTE["red"]
        ax.plot(x, y, color=colour, linewidth=1.0, label=name or None)
    _frame(ax, falls)
    if len(falls) == 1:
        _mark(ax, next(iter(shares.values())))
    else:
        label_ends(ax, {name: (fall.index[-1], float(fall.iloc[-1])) for name, fall in falls.items()}, LINES)
    who = listed([name or "Share" for name in shares])
    return finish(
        ax,
        title=title if title is not None else f"{who}: below the highest price so far",
        alt=describe(shares),
        data=data,
        source=source,
        names=list(shares),
    )


def describe(shares: dict[str, pd.Series]) -> str:
    """Say in words how deep shares fell, and how long it took."""
    said = []
    for name, prices in shares.items():
        peak, trough, regained, depth = worst_drawdown(prices)
        who = name or "The share"
        if depth == 0:
            said.append(f"{who} was never below an earlier price.")
            continue
        end = f"regained on {day(regained)}" if regained is not None else "not regained by the end"
        now = float(running_drawdown(prices).iloc[-1])
        said.append(
            f"{who} fell furthest from {day(peak)} to {day(trough)}, by {percent(-depth)}; the price of before was "
            f"{end}. On {day(prices.index[-1])} it is {percent(-now)} below its highest."
        )
    return f"Drawdown, how far below the highest price so far: {' '.join(said)}"


def _frame(ax: Axes, falls: dict[str, pd.Series]) -> None:
    first, last = min(f.index[0] for f in falls.values()), max(f.index[-1] for f in falls.values())
    if first < last:
        ax.set_xlim(first, last)
    lowest = min(float(fall.min()) for fall in falls.values())
    ax.set_ylim(lowest * 1.14 if lowest < 0 else -1, 0)
    ax.set_ylabel("drawdown, %")
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}".replace("-", "−"))
    tidy(ax)
    date_axis(ax)


def _mark(ax: Axes, prices: pd.Series) -> None:
    _, trough, _, depth = worst_drawdown(prices)
    if depth == 0:
        return
    late = trough > prices.index[0] + (prices.index[-1] - prices.index[0]) / 2
    ax.plot(trough.to_numpy(), 100 * depth, "o", color=INK, markersize=4)
    ax.annotate(
        f"{percent(depth)}, {trough.day} {trough:%b %Y}",
        (trough, 100 * depth),
        xytext=(-7 if late else 7, -1),
        textcoords="offset points",
        ha="right" if late else "left",
        va="center",
        fontsize=SMALL,
        color=INK,
    )
