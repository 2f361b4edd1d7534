"""How alike the days of shares are: the correlation of their returns, as a heatmap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.charts.stocks.colours import Up, colours, ink_on
from netlab.charts.stocks.frame import axes_for, finish
from netlab.charts.stocks.numbers import daily_returns
from netlab.charts.stocks.tables import series_of
from netlab.charts.stocks.words import counted, listed, number, span
from netlab.errors import OptionError
from netlab.svg import INK

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

CHART = "A chart of correlation"


def correlation(
    data: pd.DataFrame,
    *,
    ax: Axes | None = None,
    column: str = "Adj Close",
    up: Up = "blue",
    title: str | None = None,
    source: str | None = None,
) -> Axes:
    """Draw the correlation of the daily returns of each pair of shares, over the days that all of them have.

    The colours always reach from -1 to 1, so that two such charts can be compared.

    Args:
        data: a table of two shares or more, long or wide.
        ax: where to draw; a new figure if None.
        column: of a long table; the adjusted price by default, in which a split is no fall.
        up: the colour of 1: "blue", "green" or "red"; -1 has its counterpart.
        title: written over the chart; made from the data if None.
        source: where the numbers come from, as the table's `attrs` say it if None; "" for none.

    Returns:
        The axes.

    Raises:
        OptionError: the table has a single share, or no three days that all shares have.

    Example:
        >>> correlation(load_prices())
    """
    common = common_returns(data, column, CHART)
    table = common.corr()
    names = [str(name) for name in table]
    ax = axes_for(ax, (1.6 + 0.95 * len(names), 1.3 + 0.75 * len(names)))
    values = table.to_numpy()
    size = len(names)
    shown = [
        [values[row, place] if place < row else float("nan") for place in range(size)] for row in range(size)
    ]
    mesh = ax.pcolormesh(shown, cmap=colours(up).scale(), vmin=-1, vmax=1, edgecolor="white", linewidth=2)
    for row in range(size):
        ax.text(row + 0.5, row + 0.5, names[row], ha="center", va="center", color=INK, fontweight="bold")
        for place in range(row):
            label = number(float(values[row, place]))
            ax.text(
                place + 0.5,
                row + 0.5,
                label,
                ha="center",
                va="center",
                color=ink_on(mesh.to_rgba(values[row, place])),
            )
    ax.set(xlim=(0, size), ylim=(size, 0), xticks=[], yticks=[], aspect="equal")
    ax.spines[:].set_visible(False)
    bar = ax.figure.colorbar(mesh, ax=ax, shrink=0.7, ticks=[-1, -0.5, 0, 0.5, 1], label="correlation")
    bar.outline.set_visible(False)
    return finish(
        ax,
        title=title if title is not None else _title(common),
        alt=describe(common, table),
        data=data,
        source=source,
        names=names,
    )


def common_returns(data: pd.DataFrame, column: str, chart: str) -> pd.DataFrame:
    """The daily returns of two shares or more over the days that all have, a column a share.

    Raises:
        OptionError: there is a single share, or there are too few days in common.
    """
    import pandas as pd

    shares = series_of(data, column, rows=2, chart=chart)
    if len(shares) < 2:
        raise OptionError(f"{chart} compares two shares or more, such as load_prices('AAPL', 'IBM').")
    prices = pd.concat(shares, axis=1, join="inner")
    common = pd.DataFrame({name: daily_returns(prices[name]) for name in prices})
    if len(common) < 3:
        raise OptionError(
            f"{chart} needs four days that all shares have; {listed(list(shares))} have {len(prices)} in common."
        )
    if still := [str(name) for name in common if float(common[name].std()) < 1e-14]:
        raise OptionError(f"{chart} needs prices that move; those of {listed(still)} do not.")
    return common


def describe(common: pd.DataFrame, table: pd.DataFrame) -> str:
    """Say in words which shares are how alike."""
    names = [str(name) for name in table]
    values = table.to_numpy()
    pairs = sorted(
        (
            (float(values[i, j]), names[i], names[j])
            for i in range(len(names))
            for j in range(i + 1, len(names))
        ),
        reverse=True,
    )
    said = "; ".join(f"{a} and {b} {number(value)}" for value, a, b in pairs)
    days = f"{counted(len(common), 'day')}, {span(common.index)}"
    return f"Heatmap of the correlation of daily returns over {days}: {said}."


def _title(common: pd.DataFrame) -> str:
    first, last = common.index[0], common.index[-1]
    return f"Correlation of daily returns, {first:%b %Y} – {last:%b %Y}"
