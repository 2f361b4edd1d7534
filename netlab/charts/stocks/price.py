"""Prices over time: one share or many, on a linear or a logarithmic axis, as they are or from a common start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlab.charts.stocks.colours import LINES
from netlab.charts.stocks.dates import date_axis
from netlab.charts.stocks.frame import axes_for, finish, label_ends, tidy, unit_of
from netlab.charts.stocks.numbers import highest, lowest, rebased
from netlab.charts.stocks.tables import series_of
from netlab.charts.stocks.words import day, listed, number, percent, span
from netlab.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

FACTOR = 8  # from the lowest to the highest price: below it a logarithmic axis is ticked like a linear one


def price(
    data: pd.DataFrame,
    *,
    ax: Axes | None = None,
    column: str = "Close",
    log: bool = False,
    rebase: float | None = None,
    title: str | None = None,
    unit: str | None = None,
    source: str | None = None,
) -> Axes:
    """Draw prices as lines over time, each with its share's name at its end.

    Args:
        data: a long table as `load_prices` returns it, or a wide one with a column of prices a share.
        ax: where to draw; a new figure if None.
        column: of a long table: "Close" as traded, "Adj Close" adjusted for splits and dividends.
        log: a logarithmic axis, on which equal distances are equal ratios.
        rebase: let every line begin at this value, usually 100, on the first day that all shares have.
        title: written over the chart; made from the data if None.
        unit: of the prices, as the table's `attrs` say it if None.
        source: where the numbers come from, as the table's `attrs` say it if None; "" for none.

    Returns:
        The axes.

    Raises:
        OptionError: the table is not one of prices; the message says how to mend it.

    Example:
        >>> price(load_prices("AAPL", "IBM"), column="Adj Close", log=True, rebase=100)
    """
    shares = series_of(data, column)
    if len(shares) > len(LINES):
        raise OptionError(f"At most {len(LINES)} lines can be told apart, not {len(shares)}: choose some.")
    if rebase is not None:
        shares = from_common_start(shares, rebase)
    ax = axes_for(ax)
    for (name, prices), colour in zip(shares.items(), LINES, strict=False):
        ax.plot(prices.index.to_numpy(), prices.to_numpy(), color=colour, linewidth=1.2, label=name or None)
    _scale(ax, shares, log)
    unit = unit_of(data, unit)
    ax.set_ylabel(f"first day = {rebase:g}" if rebase is not None else unit)
    if log:
        ax.set_ylabel(f"{ax.get_ylabel()}, logarithmic")
    names = [name for name in shares if name]
    if len(shares) > 1 or rebase is not None or any(len(prices) == 1 for prices in shares.values()):
        ends = {name: (prices.index[-1], float(prices.iloc[-1])) for name, prices in shares.items()}
        label_ends(ax, ends, LINES)
    return finish(
        ax,
        title=title if title is not None else _title(names, column, rebase, shares),
        alt=describe(shares, column=column, unit=unit, log=log, rebase=rebase),
        data=data,
        source=source,
        names=names,
    )


def from_common_start(shares: dict[str, pd.Series], to: float) -> dict[str, pd.Series]:
    """The shares from the first day that all have, each beginning at the same value.

    Raises:
        OptionError: there is no such day, or nothing to begin at.
    """
    if not to > 0:
        raise OptionError(f"Prices can be rebased to a number above 0, usually 100, not {to!r}.")
    common = set.intersection(*(set(prices.index) for prices in shares.values()))
    if not common:
        raise OptionError(f"{listed(list(shares))} have no day in common, so there is no common start.")
    start = min(common)
    return {name: rebased(prices.loc[start:], to) for name, prices in shares.items()}


def describe(shares: dict[str, pd.Series], *, column: str, unit: str, log: bool, rebase: float | None) -> str:
    """Say in words what lines of prices show."""
    scale = " on a logarithmic axis" if log else ""
    what = f"{column} of {listed([name or 'a share' for name in shares])}"
    start = f", rebased to {rebase:g} on the first day in common" if rebase is not None else ""
    lines = []
    for name, prices in shares.items():
        first, last = float(prices.iloc[0]), float(prices.iloc[-1])
        (high, most), (low, least) = highest(prices), lowest(prices)
        counted = "" if rebase is not None or unit == "price" else f" {unit}"
        lines.append(
            f"{name or 'The share'}, {span(prices.index)}: from {number(first)} to {number(last)}{counted}, "
            f"{percent(last / first - 1, signed=True)}; highest {number(most)} on {day(high)}, "
            f"lowest {number(least)} on {day(low)}."
        )
    return f"Line chart{scale}: {what}{start}. {' '.join(lines)}"


def _scale(ax: Axes, shares: dict[str, pd.Series], log: bool) -> None:
    from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

    first = min(prices.index[0] for prices in shares.values())
    last = max(prices.index[-1] for prices in shares.values())
    if first < last:
        ax.set_xlim(first, last)
    else:
        ax.set_xlim(first - np.timedelta64(3, "D"), last + np.timedelta64(3, "D"))
    if log:
        ax.set_yscale("log")
        lowest = min(float(prices.min()) for prices in shares.values())
        highest = max(float(prices.max()) for prices in shares.values())
        wide = highest / lowest > FACTOR
        ax.yaxis.set_major_locator(
            LogLocator(subs=(1, 2, 5)) if wide else MaxNLocator(7, steps=[1, 2, 5, 10])
        )
        ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter("{x:,g}")
    tidy(ax)
    date_axis(ax)


def _title(names: list[str], column: str, rebase: float | None, shares: dict[str, pd.Series]) -> str:
    what = {"Close": "closing price", "Adj Close": "adjusted closing price"}.get(column, column)
    who = listed(names) if names else "Share"
    if rebase is not None:
        start = max(prices.index[0] for prices in shares.values())
        return f"{who}: {what}, {start.day} {start:%B %Y} = {rebase:g}"
    return f"{who}: {what}"
