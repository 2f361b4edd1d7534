"""What a table of prices must be; a mistake in it is told with its remedy.

Two shapes are understood. Long: a row a share and day, as `netlab.load_prices` returns it, with the columns
`Date` (or dates as the index), `Close` and so on, and `Ticker` where there are several shares. Wide: dates as the
index and a column of prices a share, as `prices.pivot(index="Date", columns="Ticker", values="Close")` makes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from netlab.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

    Table = TypeVar("Table", pd.Series, pd.DataFrame)

BARS = ("Open", "High", "Low", "Close")
KNOWN = (*BARS, "Volume", "Adj Close")


def series_of(
    data: pd.DataFrame, column: str = "Close", *, rows: int = 1, chart: str = "A price chart"
) -> dict[str, pd.Series]:
    """The prices of each share, by its name, over increasing dates.

    Args:
        data: a long or a wide table.
        column: of a long table, the one wanted.
        rows: how many days the chart needs at least.
        chart: how an error names it.

    Returns:
        A series a share, with dates as its index; the name is "" where the table has none.

    Raises:
        OptionError: the table is not one of prices; the message says how to mend it.
    """
    table = _dated(data, chart)
    if column in table.columns:
        parts = {name: part[column] for name, part in _by_share(table).items()}
    elif _is_wide(table):
        parts = {str(name): _trimmed(table[name]) for name in table.columns}
    else:
        raise _missing([column], table, chart)
    return {
        name: _checked(_in_order(part, name, str(part.name)), name, str(part.name), rows, chart)
        for name, part in parts.items()
    }


def bars_of(
    data: pd.DataFrame, *, volume: bool = False, chart: str = "A candlestick chart"
) -> tuple[str, pd.DataFrame]:
    """The name and the bars of the one share in a table, over increasing dates.

    Args:
        data: a long table of one share.
        volume: whether the volume is needed, too.
        chart: how an error names it.

    Raises:
        OptionError: the table does not hold the bars of one share; the message says how to mend it.
    """
    import numpy as np
    import pandas as pd

    table = _dated(data, chart)
    wanted = [*BARS, *(["Volume"] if volume else [])]
    if lacking := [name for name in wanted if name not in table.columns]:
        raise _missing(lacking, table, chart)
    name, share = the_only(_by_share(table), chart)
    share = _in_order(share, name, "bar")
    columns = {column: _checked(share[column], name, column, 1, chart) for column in wanted}
    bars = pd.DataFrame(columns, index=share.index)
    opens, highs, lows, closes = (bars[column].to_numpy() for column in BARS)
    wrong = (highs < np.maximum(opens, closes)) | (lows > np.minimum(opens, closes))
    if wrong.any():
        day = bars.index[wrong][0]
        raise OptionError(
            f"{_of(name, 'bar')} of {day:%Y-%m-%d} cannot be: Open and Close lie between Low and High. "
            "Were columns mixed up, or only some of them adjusted?"
        )
    return name, bars


def the_only(parts: dict[str, Any], chart: str) -> tuple[str, Any]:
    """The one share of a table.

    Raises:
        OptionError: there are several.
    """
    if len(parts) > 1:
        first = next(iter(parts))
        raise OptionError(
            f"{chart} shows one share, and the table has {', '.join(parts)}: choose one, "
            f'such as prices[prices["Ticker"] == "{first}"].'
        )
    return next(iter(parts.items()))


def _dated(data: pd.DataFrame, chart: str) -> pd.DataFrame:
    """The table with its dates as the index, without their time zone."""
    import pandas as pd

    if not isinstance(data, pd.DataFrame):
        remedy = ': close.to_frame("AAPL") makes one of a Series' if isinstance(data, pd.Series) else ""
        raise OptionError(f"{chart} takes a pandas DataFrame, not a {type(data).__name__}{remedy}.")
    if data.empty:
        raise OptionError(f"{chart} has nothing to show: the table is empty. Was it filtered too hard?")
    table = data.set_index("Date") if "Date" in data.columns else data
    index = table.index
    if not isinstance(index, pd.DatetimeIndex):
        if "Date" in data.columns:
            remedy = 'they are no dates yet: data["Date"] = pd.to_datetime(data["Date"])'
        elif index.name == "Date" or index.dtype.kind in "OTU":
            remedy = "the index holds no dates yet: data.index = pd.to_datetime(data.index)"
        else:
            remedy = 'there are none: name their column "Date", or make them the index'
        raise OptionError(f"{chart} needs dates, and {remedy}.")
    if index.hasnans:
        raise OptionError(
            f"{chart} needs a date in each row; {list(index.isna()).count(True):,} are missing: "
            "data = data[data.index.notna()], or data.dropna(subset=['Date'])."
        )
    return table.set_axis(index.tz_localize(None)) if index.tz is not None else table


def _is_wide(table: pd.DataFrame) -> bool:
    from pandas.api.types import is_numeric_dtype

    known = {name.casefold() for name in (*KNOWN, "Ticker", "Date")}
    names = {str(name).casefold() for name in table.columns}
    return not names & known and all(map(is_numeric_dtype, table.dtypes))


def _by_share(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    if "Ticker" not in table.columns:
        return {"": table}
    if table["Ticker"].isna().any():
        raise OptionError('A row names no share: data.dropna(subset=["Ticker"]) leaves such rows out.')
    return {str(name): part for name, part in table.groupby("Ticker", sort=False, observed=True)}


def _trimmed(series: pd.Series) -> pd.Series:
    """Without the days before a share was listed and after it was no more."""
    first, last = series.first_valid_index(), series.last_valid_index()
    return series.sort_index() if first is None else series.sort_index().loc[first:last]


def _in_order(share: Table, name: str, column: str) -> Table:
    """The rows of a share over increasing dates.

    Raises:
        OptionError: a day stands there twice.
    """
    index = share.index
    if not index.is_unique:
        twice = index[index.duplicated()][0]
        raise OptionError(
            f"{_of(name, column)} has two values for {twice:%Y-%m-%d}: data.drop_duplicates() leaves equal rows "
            'out; the rows of several shares need a column "Ticker".'
        )
    return share if index.is_monotonic_increasing else share.sort_index()


def _checked(series: pd.Series, name: str, column: str, rows: int, chart: str) -> pd.Series:
    """The values as float64.

    Raises:
        OptionError: they are no prices, or too few.
    """
    import numpy as np
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    what = _of(name, column)
    if not is_numeric_dtype(series.dtype) or is_bool_dtype(series.dtype):
        raise OptionError(
            f"{what} holds {series.dtype}, not numbers: pd.to_numeric(data[{column!r}]) says which value is none."
        )
    values = series.astype("float64")
    numbers = values.to_numpy()
    unknown = ~np.isfinite(numbers)
    if unknown.any():
        first = values.index[unknown][0]
        raise OptionError(
            f"{what} has {int(unknown.sum()):,} missing or infinite values, the first on {first:%Y-%m-%d}: "
            "data.dropna() leaves such days out."
        )
    low = numbers < 0 if column == "Volume" else numbers <= 0
    if low.any():
        raise OptionError(
            f"{what} is {numbers[low][0]:g} on {values.index[low][0]:%Y-%m-%d}, and no share has that."
        )
    if len(values) < rows:
        raise OptionError(f"{chart} needs {rows:,} days or more; {what} has {len(values):,}.")
    return values


def _of(name: str, what: str) -> str:
    return f"{name}'s {what}" if name else f"The {what}"


def _missing(lacking: Sequence[str], table: pd.DataFrame, chart: str) -> OptionError:
    there = [str(column) for column in table.columns]
    names = {column.casefold(): column for column in there}
    renamed = {names[name.casefold()]: name for name in lacking if name.casefold() in names}
    remedy = f" Try data.rename(columns={renamed})." if renamed else ""
    columns = f"column {lacking[0]}" if len(lacking) == 1 else f"columns {', '.join(lacking)}"
    return OptionError(f"{chart} needs the {columns}; the table has {', '.join(there) or 'none'}.{remedy}")
