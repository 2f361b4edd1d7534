"""A share on a page: its last months, its whole history, its risk, and its calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.charts.stocks.calendar import calendar_heatmap
from netlab.charts.stocks.candles import candlestick
from netlab.charts.stocks.colours import Up
from netlab.charts.stocks.drawdown import drawdown
from netlab.charts.stocks.frame import axes_for, finish, grid
from netlab.charts.stocks.price import price
from netlab.charts.stocks.returns import returns
from netlab.charts.stocks.tables import bars_of, series_of, the_only
from netlab.charts.stocks.volatility import volatility
from netlab.charts.stocks.words import alt_of, counted, forget, span
from netlab.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

CHART = "A dashboard"
FEWEST = 60  # days
RECENT = 120  # days
WINDOW = 21  # days of the volatility


def dashboard(
    data: pd.DataFrame,
    *,
    ax: Axes | None = None,
    column: str = "Adj Close",
    up: Up = "blue",
    title: str | None = None,
    unit: str | None = None,
    source: str | None = None,
) -> Axes:
    """Draw a page of charts of one share: candles, price, drawdown, volatility, returns, calendar.

    The candles show prices as traded; all else is of the adjusted price, in which a split is no fall.

    Args:
        data: a long table of one share with Open, High, Low, Close, Volume and the column named next.
        ax: the room to draw in: it becomes an empty strip with the title over the panels. A new figure if None.
        column: which price the history, the risk and the calendar are of.
        up: the colour of what rises: "blue", "green" or "red" (as in China).
        title: written over the page; made from the data if None.
        unit: of the prices, as the table's `attrs` say it if None.
        source: where the numbers come from, as the table's `attrs` say it if None; "" for none.

    Returns:
        The strip; the panels are the axes that follow it in `ax.figure.axes`.

    Raises:
        OptionError: the table does not hold the bars of one share on 60 days or more.

    Example:
        >>> dashboard(load_prices("AAPL"))
    """
    name, bars = bars_of(data, volume=True, chart=CHART)
    _, prices = the_only(series_of(data, column, chart=CHART), CHART)
    if len(prices) < FEWEST:
        raise OptionError(f"{CHART} needs {FEWEST} days or more; the table has {len(prices)}.")
    ax = axes_for(ax, (14, 11))
    panels = grid(ax, 6, 2, SPANS, gap=0.12)
    candles, history, falls, moves, spread, months = panels
    plain = {"column": column, "source": ""}
    recent = min(RECENT, len(bars))
    candlestick(
        data, ax=candles, volume=True, averages=(20, 50), last=recent, up=up, unit=unit, source="",
        title=f"The last {recent} days",
    )  # fmt: skip
    price(data, ax=history, log=True, unit=unit, title=f"{column}, whole history", **plain)  # type: ignore[arg-type]
    drawdown(data, ax=falls, title="Below the highest price so far", **plain)
    volatility(data, ax=moves, window=WINDOW, title=f"Volatility of {WINDOW} days, annualised", **plain)  # type: ignore[arg-type]
    returns(data, ax=spread, title="Daily returns", **plain)  # type: ignore[arg-type]
    calendar_heatmap(data, ax=months, up=up, title="Returns of months and years, %", **plain)  # type: ignore[arg-type]
    told = [alt_of(panel) for panel in panels]
    forget(panels)
    first, last = prices.index[0], prices.index[-1]
    head = f"{first.day} {first:%b %Y} – {last.day} {last:%b %Y}"
    return finish(
        ax,
        title=title if title is not None else (f"{name}, {head}" if name else head),
        alt=f"A page of six charts of {name or 'a share'}, {counted(len(prices), 'day')}, {span(prices.index)}. "
        + " ".join(told),
        data=data,
        source=source,
        below=months,
        panels=panels,
        names=[name],
        size=15,
    )


# The panels: rows and columns from–to, in a grid of 6 × 2.
SPANS = (
    (slice(0, 4), 0),
    (slice(0, 2), 1),
    (2, 1),
    (3, 1),
    (slice(4, 6), 0),
    (slice(4, 6), 1),
)
