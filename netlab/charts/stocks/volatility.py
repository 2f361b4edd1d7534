"""Volatility: how much prices have moved of late, scaled to a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.charts.stocks.colours import LINES
from netlab.charts.stocks.dates import date_axis
from netlab.charts.stocks.frame import axes_for, finish, label_ends, tidy
from netlab.charts.stocks.numbers import TRADING_DAYS, highest, lowest, rolling_volatility
from netlab.charts.stocks.tables import series_of
from netlab.charts.stocks.words import day, listed, percent, span
from netlab.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

CHART = "A chart of volatility"


def volatility(
    data: pd.DataFrame,
    *,
    ax: Axes | None = None,
    column: str = "Adj Close",
    window: int = 21,
    year: int = TRADING_DAYS,
    title: str | None = None,
    source: str | None = None,
) -> Axes:
    """Draw the standard deviation of the daily logarithmic returns of a rolling window, scaled to a year.

    Args:
        data: a table of one share or several, long or wide.
        ax: where to draw; a new figure if None.
        column: of a long table; the adjusted price by default, in which a split is no fall.
        window: how many returns the deviation is taken of; 21 are about a month.
        year: how many days of trade a year has: its square root scales a day to a year.
        title: written over the chart; made from the data if None.
        source: where the numbers come from, as the table's `attrs` say it if None; "" for none.

    Returns:
        The axes.

    Raises:
        OptionError: the table is not one of prices, or has too few days; the message says how to mend it.

    Example:
        >>> volatility(load_prices("AAPL", "IBM"), window=63)
    """
    if isinstance(window, bool) or not isinstance(window, int) or window < 2:
        raise OptionError(f"A window is a whole number of days, 2 or more, not {window!r}.")
    shares = series_of(data, column, rows=window + 1, chart=f"{CHART} over {window} days")
    if len(shares) > len(LINES):
        raise OptionError(f"At most {len(LINES)} lines can be told apart, not {len(shares)}: choose some.")
    lines = {name: 100 * rolling_volatility(prices, window, year).dropna() for name, prices in shares.items()}
    ax = axes_for(ax, (9, 3.8))
    for (name, values), colour in zip(lines.items(), LINES, strict=False):
        ax.plot(values.index.to_numpy(), values.to_numpy(), color=colour, linewidth=1.2, label=name or None)
    first, last = min(v.index[0] for v in lines.values()), max(v.index[-1] for v in lines.values())
    if first < last:
        ax.set_xlim(first, last)
    ax.set_ylim(0, max(float(values.max()) for values in lines.values()) * 1.06 or 1)
    ax.set_ylabel("volatility, % a year")
    ax.yaxis.set_major_formatter("{x:,g}")
    tidy(ax)
    date_axis(ax)
    if len(lines) > 1 or first == last:
        label_ends(ax, {name: (v.index[-1], float(v.iloc[-1])) for name, v in lines.items()}, LINES)
    who = listed([name or "Share" for name in lines])
    return finish(
        ax,
        title=title if title is not None else f"{who}: volatility of {window} days, annualised",
        alt=describe(lines, window, year),
        data=data,
        source=source,
        names=list(lines),
    )


def describe(lines: dict[str, pd.Series], window: int, year: int) -> str:
    """Say in words how much shares, in percent a year, have moved."""
    said = []
    for name, values in lines.items():
        (high, most), (low, least) = highest(values), lowest(values)
        said.append(
            f"{name or 'The share'}, {span(values.index)}: most {percent(most / 100)} on {day(high)}, least "
            f"{percent(least / 100)} on {day(low)}, in the end {percent(float(values.iloc[-1]) / 100)}."
        )
    return (
        f"Line chart of volatility, the standard deviation of {window} daily logarithmic returns times the square "
        f"root of {year}. {' '.join(said)}"
    )
