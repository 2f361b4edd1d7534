"""How daily returns are spread, with their density and the normal one beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlab.charts.stocks.colours import FAINT
from netlab.charts.stocks.frame import SMALL, axes_for, finish, points_of, tidy
from netlab.charts.stocks.numbers import daily_returns, density, highest, lowest, normal
from netlab.charts.stocks.tables import series_of, the_only
from netlab.charts.stocks.words import counted, day, number, percent, span
from netlab.errors import OptionError
from netlab.svg import INK, PALETTE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

CHART = "A chart of returns"
FAR = 3  # standard deviations
ROOMY = 400  # points: in narrower axes the legend looks for a place
ALONE = 8  # standard deviations: a fall so far away is named


def returns(
    data: pd.DataFrame,
    *,
    ax: Axes | None = None,
    column: str = "Adj Close",
    bins: int | None = None,
    title: str | None = None,
    source: str | None = None,
) -> Axes:
    """Draw a histogram of daily returns, their density, and the normal density of the same mean and deviation.

    Every return is shown: the axis is as wide as the worst and the best day.

    Args:
        data: a table of one share, long or wide.
        ax: where to draw; a new figure if None.
        column: of a long table; the adjusted price by default, in which a split is no fall.
        bins: how many bars; by the rule of Freedman and Diaconis if None.
        title: written over the chart; made from the data if None.
        source: where the numbers come from, as the table's `attrs` say it if None; "" for none.

    Returns:
        The axes.

    Raises:
        OptionError: the table does not hold the prices of one share on three days or more.

    Example:
        >>> returns(load_prices("AAPL"))
    """
    name, prices = the_only(series_of(data, column, rows=3, chart=CHART), CHART)
    values = 100 * daily_returns(prices)
    numbers = values.to_numpy()
    mean, deviation = float(numbers.mean()), float(numbers.std(ddof=1))
    if not deviation > 1e-12:
        raise OptionError(f"{CHART} needs prices that move; those of {name or 'the share'} do not.")
    if bins is not None and (isinstance(bins, bool) or not isinstance(bins, int) or bins < 1):
        raise OptionError(f"`bins` is a whole number of bars, 1 or more, not {bins!r}.")
    ax = axes_for(ax, (8, 4.5))
    edges = np.linspace(numbers.min(), numbers.max(), (bins or _bars(numbers)) + 1)
    ax.hist(
        numbers, edges.tolist(), density=True, color=PALETTE["sky"], alpha=0.55, label="days, as a histogram"
    )
    at = np.linspace(min(edges[0], mean - 4 * deviation), max(edges[-1], mean + 4 * deviation), 600)
    ax.plot(at, density(numbers, at), color=PALETTE["blue"], linewidth=1.6, label="density of the returns")
    ax.plot(
        at,
        normal(at, mean, deviation),
        color=PALETTE["red"],
        linewidth=1.6,
        linestyle="--",
        label=f"normal: mean {number(mean)} %, deviation {number(deviation)} %",
    )
    far = numbers[abs(numbers - mean) > FAR * deviation]
    if len(far):
        label = f"a day more than {FAR} deviations away"
        ax.plot(far, np.zeros(len(far)), "|", color=INK, alpha=0.7, markersize=9, clip_on=False, label=label)
    worst = lowest(values)
    if worst[1] < mean - ALONE * deviation:
        _mark(ax, *worst)
    ax.axvline(0, color=FAINT, linewidth=0.8, zorder=0.5)
    tidy(ax, grid="")
    ax.set_ylim(0)
    ax.set_xlabel("daily return, %")
    ax.set_ylabel("density, share of days per %")
    ax.legend(loc="best" if points_of(ax)[0] < ROOMY else "upper left", frameon=False, fontsize=SMALL)
    return finish(
        ax,
        title=title if title is not None else _title(name, values),
        alt=describe(name, values, mean, deviation),
        data=data,
        source=source,
        names=[name],
    )


def describe(name: str, values: pd.Series, mean: float, deviation: float) -> str:
    """Say in words how returns, in percent, are spread."""
    (worst, least), (best, most) = lowest(values), highest(values)
    far = int((abs(values - mean) > FAR * deviation).sum())
    expected = 0.0027 * len(values)
    return (
        f"Histogram of the daily returns of {name or 'a share'}, {counted(len(values), 'day')}, {span(values.index)}, "
        f"with their density and the normal one. Mean {percent(mean / 100, 2)}, standard deviation "
        f"{percent(deviation / 100, 2)}; worst {percent(least / 100)} on {day(worst)}, best "
        f"{percent(most / 100)} on {day(best)}. {counted(far, 'day')} lie more than {FAR} deviations from the "
        f"mean, where the normal distribution expects {expected:.1f}."
    )


def _mark(ax: Axes, date: pd.Timestamp, value: float) -> None:
    """Name a day that is far from all others, where the eye finds no bar."""
    ax.annotate(
        f"{percent(value / 100)}, {date.day} {date:%b %Y}",
        (value, 0),
        xytext=(0, 9),
        textcoords="offset points",
        ha="left",
        fontsize=SMALL,
        color=INK,
    ).set_in_layout(False)


def _bars(values: NDArray[np.float64]) -> int:
    """Freedman and Diaconis's number of bars, within what can be drawn."""
    low, quarter, three, high = np.quantile(values, (0, 0.25, 0.75, 1))
    width = 2 * (three - quarter) * len(values) ** (-1 / 3)
    return int(np.clip(np.ceil((high - low) / width), 5, 200)) if width else 20


def _title(name: str, values: pd.Series) -> str:
    first, last = values.index[0], values.index[-1]
    years = f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
    return f"{name or 'Share'}: daily returns, {years}"
