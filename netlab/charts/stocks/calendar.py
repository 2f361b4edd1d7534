"""Returns as a calendar: a year's months in a row, or its days in weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from netlab.charts.stocks.colours import Up, colours, ink_on
from netlab.charts.stocks.frame import SMALL, axes_for, finish, points_of
from netlab.charts.stocks.numbers import daily_returns, highest, lowest, period_returns
from netlab.charts.stocks.tables import series_of, the_only
from netlab.charts.stocks.words import counted, day, number, percent
from netlab.errors import OptionError
from netlab.svg import INK, MUTED

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Colormap
    from numpy.typing import NDArray

CHART = "A calendar heatmap"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri")
YEARS = 4  # that a calendar of days has room for
CELL = 25  # points that a cell is wide at least if a number is to stand in it
GAP = 0.5  # between the months and the year


def calendar_heatmap(
    data: pd.DataFrame,
    *,
    ax: Axes | None = None,
    column: str = "Adj Close",
    by: Literal["month", "day"] = "month",
    up: Up = "blue",
    title: str | None = None,
    source: str | None = None,
) -> Axes:
    """Draw returns as coloured cells, a row a year with its months and its whole, or a cell a day in weeks.

    The lightest grey is no change. The colours reach equally far up and down, to the 95th percentile of the cells,
    so that one crash does not make all other months pale.

    Args:
        data: a table of one share, long or wide.
        ax: where to draw; a new figure if None.
        column: of a long table; the adjusted price by default, in which a split is no fall.
        by: "month" for the returns of months, "day" for those of days, of four years at most.
        up: the colour of a gain: "blue", "green" or "red" (as in China).
        title: written over the chart; made from the data if None.
        source: where the numbers come from, as the table's `attrs` say it if None; "" for none.

    Returns:
        The axes.

    Raises:
        OptionError: the table does not hold the prices of one share on two days or more, or of too many years.

    Example:
        >>> calendar_heatmap(load_prices("AAPL"))
    """
    name, prices = the_only(series_of(data, column, rows=2, chart=CHART), CHART)
    look = colours(up).scale()
    if by == "month":
        months, alt = _by_month(prices, name)
        ax = axes_for(ax, (9.5, 1.3 + 0.36 * len(months)))
        mesh = _draw_months(ax, months, look)
        what = "returns of months and years, %"
    elif by == "day":
        returns = daily_returns(prices)
        years = sorted(set(prices.index.year))
        if len(years) > YEARS:
            raise OptionError(
                f"{CHART} of days has room for {YEARS} years, not {len(years)}: choose some, or by='month'."
            )
        alt = _describe(name, returns, "day", day)
        ax = axes_for(ax, (11, 1.0 + 1.35 * len(years)))
        mesh = _draw_days(ax, returns, years, look)
        what = "returns of days, %"
    else:
        raise OptionError(f"A calendar has cells by 'month' or by 'day', not {by!r}.")
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    bar = ax.figure.colorbar(mesh, ax=ax, extend="both", shrink=0.8, pad=0.02, aspect=16, format=_signed)
    bar.outline.set_visible(False)
    bar.set_label("return, %", fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)
    return finish(
        ax,
        title=title if title is not None else f"{name or 'Share'}: {what}",
        alt=alt,
        data=data,
        source=source,
        names=[name],
    )


def _by_month(prices: pd.Series, name: str) -> tuple[dict[int, NDArray[np.float64]], str]:
    """For each year, the returns of its twelve months and of the year, in percent; NaN where there are none."""
    months, whole = period_returns(prices, "M"), period_returns(prices, "Y")
    rows = {year.year: np.full(13, np.nan) for year in whole.index}
    for period, value in zip([*months.index, *whole.index], [*months, *whole], strict=True):
        rows[period.year][period.month - 1 if period.freqstr == "M" else 12] = 100 * value
    best, worst = highest(whole), lowest(whole)
    years = (
        f" The best year was {best[0]} with {percent(best[1], signed=True)}, "
        f"the worst {worst[0]} with {percent(worst[1], signed=True)}."
    )
    alt = _describe(name, months, "month", lambda period: f"{period:%B %Y}")
    return rows, alt + (years if len(whole) > 1 else "")


def _draw_months(ax: Axes, rows: dict[int, NDArray[np.float64]], look: Colormap) -> ScalarMappable:
    values = np.array(list(rows.values()))
    reach = _reach(values[:, :12])
    edges = np.arange(len(rows) + 1)
    style = {"cmap": look, "vmin": -reach, "vmax": reach, "edgecolor": "white", "linewidth": 1.5}
    mesh = ax.pcolormesh(np.arange(13), edges, np.ma.masked_invalid(values[:, :12]), **style)  # type: ignore[arg-type]
    ax.pcolormesh(
        np.array([12 + GAP, 13.4 + GAP]),
        edges,
        np.ma.masked_invalid(values[:, 12:]),
        **style,  # type: ignore[arg-type]
    )
    centres = [*(np.arange(12) + 0.5), 12.7 + GAP]
    told = points_of(ax)[0] / 14 >= CELL
    for row, line in enumerate(values):
        for x, value in zip(centres, line, strict=True):
            if np.isfinite(value) and told:
                ink = ink_on(mesh.to_rgba(value))
                words = number(value, 0 if abs(value) >= 99.95 else 1)
                weight = "bold" if x > 12 else "normal"
                ax.text(
                    x, row + 0.52, words, ha="center", va="center", fontsize=8, color=ink, fontweight=weight
                ).set_in_layout(False)  # inside for sure, and measuring hundreds of words takes a second
    ax.set(xlim=(0, 13.4 + GAP), ylim=(len(rows), 0))
    ax.set_xticks(centres, [*(MONTHS if told else (month[0] for month in MONTHS)), "Year"])
    ax.set_yticks(np.arange(len(rows)) + 0.5, [str(year) for year in rows])
    ax.xaxis.set_ticks_position("top")
    return mesh


def _draw_days(ax: Axes, returns: pd.Series, years: list[int], look: Colormap) -> ScalarMappable:
    """A band of weeks a year, Monday on top; a line parts the months."""
    dates = returns.index.to_numpy().astype("datetime64[D]")
    values = 100 * returns.to_numpy()
    reach = _reach(values)
    mesh = None
    marks: dict[float, str] = {}
    for place, year in enumerate(years):
        top = place * 6.2
        begin = np.datetime64(f"{year}-01-01")
        monday = begin - (begin.astype(int) + 3) % 7
        cells = np.full((5, 53 + 1), np.nan)
        here = dates.astype("datetime64[Y]") == begin.astype("datetime64[Y]")
        passed = (dates[here] - monday).astype(int)
        weekdays = passed % 7 < 5
        cells[passed[weekdays] % 7, passed[weekdays] // 7] = values[here][weekdays]
        mesh = ax.pcolormesh(
            np.arange(55),
            top + np.arange(6),
            np.ma.masked_invalid(cells),
            cmap=look,
            vmin=-reach,
            vmax=reach,
            edgecolor="white",
            linewidth=0.8,
        )
        for month in range(2, 13):
            first = np.datetime64(f"{year}-{month:02d}-01")
            if not dates[0] < first <= dates[-1]:
                continue
            week, weekday = divmod(int((first - monday).astype(int)), 7)
            if weekday > 4:  # a weekend: the month begins on the Monday after
                week, weekday = week + 1, 0
            ax.plot(
                [week + (weekday > 0), week + (weekday > 0), week, week], [top, top + weekday, top + weekday, top + 5],
                color=MUTED, linewidth=0.8,
            )  # fmt: skip
        ax.text(
            -3.4, top + 2.5, str(year), rotation=90, va="center", ha="center", fontweight="bold", color=INK
        )
        marks |= {top + row + 0.5: name for row, name in enumerate(WEEK) if row % 2 == 0}
    ax.set(xlim=(-0.2, 54), ylim=(len(years) * 6.2 - 1.1, -0.1))
    ax.set_yticks(list(marks), list(marks.values()), fontsize=SMALL)
    ax.set_xticks(2.2 + np.arange(12) * 4.35, MONTHS)
    ax.xaxis.set_ticks_position("top")
    assert mesh is not None
    return mesh


def _describe(name: str, returns: pd.Series, unit: str, when: object) -> str:
    (high, most), (low, least) = highest(returns), lowest(returns)
    rose = int((returns > 0).sum())
    say = when if callable(when) else str
    return (
        f"Calendar heatmap of the returns of {name or 'a share'} by {unit}, {counted(len(returns), unit)}, "
        f"{rose:,} of them gains. The best was {say(high)} with {percent(most, signed=True)}, the worst {say(low)} "
        f"with {percent(least, signed=True)}."
    )


def _reach(values: NDArray[np.float64]) -> float:
    """How far the colours reach, as a number that reads well."""
    found = float(np.nanquantile(np.abs(values), 0.95))
    step = 10 ** np.floor(np.log10(found)) if found > 0 else 1.0
    return float(np.ceil(found / step * 2) / 2 * step) if found > 0 else 1.0


def _signed(value: float, _: int | None = None) -> str:
    return f"{value:+g}".replace("-", "−") if value else "0"
