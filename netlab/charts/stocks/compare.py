"""Shares compared as small multiples: each one's growth before that of all the others, on one scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netlab.charts.stocks.colours import FAINT, LINES
from netlab.charts.stocks.dates import date_axis
from netlab.charts.stocks.frame import SMALL, axes_for, finish, grid, tidy
from netlab.charts.stocks.numbers import growth, rolling_volatility, worst_drawdown
from netlab.charts.stocks.price import from_common_start
from netlab.charts.stocks.tables import series_of
from netlab.charts.stocks.words import counted, day, listed, percent, span
from netlab.errors import OptionError
from netlab.svg import MUTED, PALETTE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

CHART = "A comparison"
MOST = 12
YEAR = 365  # days: a shorter time is not stretched to a year


def compare(
    data: pd.DataFrame,
    *,
    ax: Axes | None = None,
    column: str = "Adj Close",
    title: str | None = None,
    source: str | None = None,
) -> Axes:
    """Draw what 100 dollars in each share became, a panel a share, with all others in grey; what each risked.

    All lines begin at 100 on the first day that all shares have and stand on one logarithmic scale. Above each are
    its return a year (over less than a year: in all), its volatility a year and its deepest drawdown.

    Args:
        data: a table of two to twelve shares, long or wide.
        ax: the room to draw in: it becomes an empty strip with the title over the panels. A new figure if None.
        column: of a long table; the adjusted price by default, which counts splits and dividends.
        title: written over the chart; made from the data if None.
        source: where the numbers come from, as the table's `attrs` say it if None; "" for none.

    Returns:
        The strip; the panels are the axes that follow it in `ax.figure.axes`.

    Raises:
        OptionError: the table has a single share or too many, or no three days that all shares have.

    Example:
        >>> compare(load_prices("AAPL", "IBM", "MSFT"))
    """
    shares = series_of(data, column, chart=CHART)
    if not 2 <= len(shares) <= MOST:
        raise OptionError(f"{CHART} takes two to {MOST} shares, not {len(shares)}.")
    shares = from_common_start(shares, 100)
    if min(map(len, shares.values())) < 3:
        raise OptionError(f"{CHART} needs three days or more that {listed(list(shares))} have.")
    columns = min(len(shares), 3 if len(shares) != 4 else 2)
    rows = math.ceil(len(shares) / columns)
    ax = axes_for(ax, (0.6 + 3.4 * columns, 0.9 + 2.5 * rows))
    panels = grid(ax, rows, columns, [divmod(place, columns) for place in range(len(shares))], gap=0.16)
    for place, (name, panel) in enumerate(zip(shares, panels, strict=True)):
        _draw(panel, shares, name)
        lowest_in_column = place + columns >= len(shares)
        panel.tick_params(labelbottom=lowest_in_column, labelleft=place % columns == 0, labelsize=SMALL)
    first = max(prices.index[0] for prices in shares.values())
    last = max(prices.index[-1] for prices in shares.values())
    default = f"What 100 became, {first.day} {first:%b %Y} – {last.day} {last:%b %Y} (logarithmic)"
    return finish(
        ax,
        title=title if title is not None else default,
        alt=describe(shares),
        data=data,
        source=source,
        below=panels[-1],
        panels=panels,
        names=list(shares),
    )


def summary(prices: pd.Series) -> tuple[str, float, float, float]:
    """What a share brought and risked: "a year" or "in all", the return, the volatility, the deepest drawdown."""
    long = (prices.index[-1] - prices.index[0]).days >= YEAR
    gain = growth(prices) if long else float(prices.iloc[-1] / prices.iloc[0] - 1)
    risk = float(rolling_volatility(prices, len(prices) - 1).iloc[-1])
    return "a year" if long else "in all", gain, risk, worst_drawdown(prices)[3]


def describe(shares: dict[str, pd.Series]) -> str:
    """Say in words what shares brought and risked."""
    said = []
    for name, prices in shares.items():
        how, gain, risk, depth = summary(prices)
        said.append(
            f"{name} {float(prices.iloc[-1]):,.0f}: {percent(gain, signed=True)} {how}, volatility {percent(risk)}, "
            f"deepest drawdown {percent(depth)}, on {day(worst_drawdown(prices)[1])}"
        )
    index = next(iter(shares.values())).index
    return (
        f"Small line charts of {counted(len(shares), 'share')} on one logarithmic scale, {span(index)}. "
        f"What 100 became: {'; '.join(said)}."
    )


def _draw(panel: Axes, shares: dict[str, pd.Series], name: str) -> None:
    from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

    for other, prices in shares.items():
        if other != name:
            panel.plot(prices.index.to_numpy(), prices.to_numpy(), color=FAINT, alpha=0.45, linewidth=0.6)
    mine = shares[name]
    panel.plot(mine.index.to_numpy(), mine.to_numpy(), color=LINES[0], linewidth=1.5, label=name)
    panel.axhline(100, color=PALETTE["black"], linewidth=0.6, zorder=0.6)
    panel.set_yscale("log")
    low = min(float(prices.min()) for prices in shares.values())
    high = max(float(prices.max()) for prices in shares.values())
    panel.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)) if high / low > 8 else MaxNLocator(5))
    panel.yaxis.set_minor_locator(NullLocator())
    panel.yaxis.set_major_formatter("{x:,g}")
    panel.set_ylim(low / 1.05, high * 1.05)
    panel.set_xlim(mine.index[0], mine.index[-1])
    tidy(panel)
    date_axis(panel)
    how, gain, risk, depth = summary(mine)
    panel.set_title(name, loc="left", fontsize=10, fontweight="bold", pad=17)
    panel.text(
        0, 1.03, f"{percent(gain, signed=True)} {how} · volatility {percent(risk, 0)} · worst {percent(depth, 0)}",
        transform=panel.transAxes, fontsize=SMALL - 1, color=MUTED,
    ).set_in_layout(False)  # fmt: skip
