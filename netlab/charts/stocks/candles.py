"""Bars of open, high, low and close: candlesticks and OHLC bars, with volume, averages and bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from netlab.charts.stocks.bars import MILLION, draw_bars, draw_candles, draw_volume
from netlab.charts.stocks.colours import AVERAGES, FAINT, Up, colours
from netlab.charts.stocks.dates import date_axis
from netlab.charts.stocks.frame import SMALL, axes_for, finish, points_of, split, tidy, unit_of
from netlab.charts.stocks.numbers import bollinger, highest, lowest, moving_average
from netlab.charts.stocks.tables import bars_of
from netlab.charts.stocks.words import counted, day, listed, number, percent, span
from netlab.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

FEW = 8  # bars: fewer of them do not become wider
BESIDE = 400  # points: in narrower axes the legend stands inside, not beside the title
SIZE = (9, 5.5)  # inches


def candlestick(
    data: pd.DataFrame,
    *,
    ax: Axes | None = None,
    volume: bool = False,
    averages: Sequence[int] = (),
    bands: int | None = None,
    last: int | None = None,
    up: Up = "blue",
    title: str | None = None,
    unit: str | None = None,
    source: str | None = None,
) -> Axes:
    """Draw a candle for each day: its body from open to close, its wick from low to high; days side by side.

    A day that closed higher than it opened is hollow, one that closed lower is filled. Where the candles are too
    narrow for that, colour alone tells them apart. Days without trade take no room.

    Args:
        data: a table of one share with the columns Open, High, Low and Close, and Volume if asked for.
        ax: where to draw; with `volume` its lower part becomes a second panel. A new figure if None.
        volume: draw the number of shares traded below.
        averages: the windows of moving averages of the close, in days, such as (20, 50).
        bands: the window of Bollinger bands, in days, usually 20: two standard deviations about the average.
        last: draw only so many last days; the averages still know the days before.
        up: the colour of what rises: "blue", "green" or "red" (as in China); see `netlab.charts.stocks.colours`.
        title: written over the chart; made from the data if None.
        unit: of the prices, as the table's `attrs` say it if None.
        source: where the numbers come from, as the table's `attrs` say it if None; "" for none.

    Returns:
        The axes of the prices, whose positions 0, 1, 2 … are the days.

    Raises:
        OptionError: the table does not hold the bars of one share; the message says how to mend it.

    Example:
        >>> candlestick(load_prices("AAPL"), last=120, volume=True, averages=(20, 50), bands=20)
    """
    options = {"volume": volume, "averages": averages, "bands": bands, "last": last, "up": up}
    return _chart(data, ax, draw_candles, "candlestick chart", options, title, unit, source)


def ohlc(
    data: pd.DataFrame,
    *,
    ax: Axes | None = None,
    volume: bool = False,
    averages: Sequence[int] = (),
    bands: int | None = None,
    last: int | None = None,
    up: Up = "blue",
    title: str | None = None,
    unit: str | None = None,
    source: str | None = None,
) -> Axes:
    """Draw a line from low to high for each day, a tick to its left at the open and to its right at the close.

    Takes and returns what `candlestick` does.

    Example:
        >>> ohlc(load_prices("IBM"), last=60)
    """
    options = {"volume": volume, "averages": averages, "bands": bands, "last": last, "up": up}
    return _chart(data, ax, draw_bars, "OHLC chart", options, title, unit, source)


def describe(
    kind: str,
    name: str,
    bars: pd.DataFrame,
    *,
    unit: str,
    averages: Sequence[int],
    bands: int | None,
    volume: bool,
) -> str:
    """Say in words what bars show."""
    first, last = float(bars["Open"].iloc[0]), float(bars["Close"].iloc[-1])
    (high, most), (low, least) = highest(bars["High"]), lowest(bars["Low"])
    rose, fell = int((bars["Close"] > bars["Open"]).sum()), int((bars["Close"] < bars["Open"]).sum())
    said = [
        f"{kind[0].upper()}{kind[1:]} of {name or 'a share'}, {counted(len(bars), 'day')}, {span(bars.index)}.",
        f"It opened at {number(first)} and closed at {number(last)}{'' if unit == 'price' else f' {unit}'}, "
        f"{percent(last / first - 1, signed=True)}; the highest price was {number(most)} on {day(high)}, "
        f"the lowest {number(least)} on {day(low)}.",
        f"On {counted(rose, 'day')} the close was above the open, on {fell:,} below it.",
    ]
    if averages:
        said.append(f"Moving averages of {listed([str(window) for window in averages])} days.")
    if bands:
        said.append(f"Bollinger bands of {bands} days.")
    if volume:
        busiest, shares = highest(bars["Volume"])
        said.append(
            f"Below, the volume: at most {number(shares / MILLION, 1)} million shares, on {day(busiest)}."
        )
    return " ".join(said)


def _chart(
    data: pd.DataFrame,
    ax: Axes | None,
    draw: Any,
    kind: str,
    options: dict[str, Any],
    title: str | None,
    unit: str | None,
    source: str | None,
) -> Axes:
    volume, averages, bands, last = (options[key] for key in ("volume", "averages", "bands", "last"))
    if last is not None and (isinstance(last, bool) or not isinstance(last, int) or last < 1):
        raise OptionError(f"`last` is how many days are shown, 1 or more, not {last!r}.")
    look = colours(options["up"])
    name, every = bars_of(data, volume=volume, chart=f"{'An' if kind[0] == 'O' else 'A'} {kind}")
    curves = {f"{window}-day average": moving_average(every["Close"], window) for window in averages}
    edges = bollinger(every["Close"], bands) if bands else ()
    bars = every if last is None else every.iloc[-last:]
    ax = axes_for(ax, SIZE, margins=_margins(bars))
    panels = split(ax, (3.6, 1)) if volume else [ax]
    air = max(0.5 + 0.005 * len(bars), (FEW - len(bars)) / 2)
    ax.set_xlim(-air, len(bars) - 1 + air)
    for panel in panels:
        tidy(panel)
    date_axis(panels[-1], bars.index)
    draw(ax, bars, look)
    shown = [*curves.values(), *edges]
    _draw_curves(ax, curves, edges, bands, len(bars))
    _limit(ax, bars, [each.iloc[-len(bars) :] for each in shown])
    if volume:
        draw_volume(panels[1], bars, look)
    unit = unit_of(data, unit)
    ax.set_ylabel(unit)
    return finish(
        ax,
        title=title if title is not None else _title(name, bars),
        alt=describe(kind, name, bars, unit=unit, averages=averages, bands=bands, volume=volume),
        data=data,
        source=source,
        below=panels[-1],
        names=[name],
    )


def _draw_curves(
    ax: Axes, curves: dict[str, pd.Series], edges: tuple[pd.Series, ...], bands: int | None, count: int
) -> None:
    x = np.arange(count)
    if edges:
        low, high = (edge.to_numpy()[-count:] for edge in edges)
        ax.fill_between(x, low, high, color=FAINT, alpha=0.16, linewidth=0, zorder=1)
        ax.plot(x, low, color=FAINT, linewidth=0.8, zorder=1.5, label=f"Bollinger bands, {bands} days")
        ax.plot(x, high, color=FAINT, linewidth=0.8, zorder=1.5)
    for place, (label, values) in enumerate(curves.items()):
        colour = AVERAGES[place % len(AVERAGES)]
        ax.plot(x, values.to_numpy()[-count:], color=colour, linewidth=1.4, zorder=3, label=label)
    if edges or curves:
        style = {"ncols": 5, "frameon": False, "fontsize": SMALL, "borderaxespad": 0.2}
        if points_of(ax)[0] < BESIDE:
            ax.legend(loc="best", **{**style, "ncols": 1})
        else:  # beside the title, whose height the layout knows already
            ax.legend(loc="lower right", bbox_to_anchor=(1, 1), **style).set_in_layout(False)


def _limit(ax: Axes, bars: pd.DataFrame, curves: Sequence[pd.Series]) -> None:
    """Show all bars and curves, with a little air."""
    known = [values.to_numpy() for values in curves if values.notna().any()]
    low = min(float(bars["Low"].min()), *(float(np.nanmin(values)) for values in known), np.inf)
    high = max(float(bars["High"].max()), *(float(np.nanmax(values)) for values in known), -np.inf)
    air = 0.04 * (high - low) or 0.02 * high
    ax.set_ylim(low - air, high + air)
    ax.yaxis.set_major_formatter("{x:,g}")


def _margins(bars: pd.DataFrame) -> tuple[float, float, float, float]:
    """Room for the prices on the left, in inches by their digits, and for words below and above."""
    digits = len(f"{bars['High'].max():,.0f}")
    return 0.55 + 0.09 * max(digits, 3), 0.15, 0.62, 0.36


def _title(name: str, bars: pd.DataFrame) -> str:
    first, last = bars.index[0], bars.index[-1]
    dates = f"{last.day} {last:%b %Y}"
    if first != last:
        dates = f"{first.day} {first:%b %Y} – {dates}"
    return f"{name}, {dates}" if name else dates
