"""The course's share prices: one reader for `data/stocks.csv`."""

from __future__ import annotations

import csv
import functools
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from netlab.errors import OptionError
from netlab.paths import data_dir

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def load_prices(*tickers: str) -> pd.DataFrame:
    """Read the daily prices that Ticker serves.

    Args:
        *tickers: the shares wanted, such as "AAPL"; all of them if none is named.

    Returns:
        One row a share and trading day, in the order of the file, with the columns
        `Ticker`, `Date` (datetime64), `Open`, `High`, `Low`, `Close` (US dollars as traded),
        `Volume` (shares) and `Adj Close` (US dollars, adjusted for splits and dividends). Its `attrs` tell the
        charts the `unit` and the `source`.

    Raises:
        OptionError: for a share that the file does not hold.
    """
    import pandas as pd

    prices = pd.read_csv(_path(), parse_dates=["Date"])
    known = prices["Ticker"].unique()
    for ticker in tickers:
        if ticker not in known:
            raise OptionError(f"There are no prices of {ticker!r}; choose from {', '.join(known)}.")
    prices.attrs = {"unit": "US dollars", "source": "Quandl WIKI Prices"}
    return prices[prices["Ticker"].isin(tickers)].reset_index(drop=True) if tickers else prices


def adjust_splits(prices: pd.DataFrame, splits: Mapping[str, float]) -> pd.DataFrame:
    """Prices as they would be had there been as many shares before each split as after it.

    Before the day of a split the prices are divided by its ratio and the volume is multiplied by it, so that a day's
    turnover, price times volume, stays what it was. Dividends are not accounted for, and `Adj Close` is left alone.

    Args:
        prices: the rows of one share, as `load_prices` returns them, or with the dates as the index.
        splits: for the first day on which the new shares were traded, how many came for an old one.

    Returns:
        A new table; the given one is not changed.

    Raises:
        OptionError: a split's day has no price or its ratio makes no sense; or the table has several shares.

    Example:
        >>> adjust_splits(load_prices("AAPL"), {"2000-06-21": 2, "2005-02-28": 2})
    """
    import pandas as pd

    if "Ticker" in prices and prices["Ticker"].nunique() > 1:
        raise OptionError("Splits are of one share; the table has several: adjust each by itself.")
    dates = pd.DatetimeIndex(prices.get("Date", prices.index))
    adjusted = prices.copy()
    for written, ratio in splits.items():
        day = pd.Timestamp(written)
        if not 0 < ratio < math.inf:
            raise OptionError(
                f"A split is told by how many shares came for one, such as 2, not by {ratio!r}."
            )
        if day not in dates:
            raise OptionError(
                f"There is no price of {day:%Y-%m-%d}: name the first day of trade after the split."
            )
        before = dates < day
        for column in (name for name in ("Open", "High", "Low", "Close") if name in adjusted):
            adjusted[column] = adjusted[column].where(~before, adjusted[column] / ratio)
        if "Volume" in adjusted:
            adjusted["Volume"] = adjusted["Volume"].where(~before, adjusted["Volume"] * ratio)
    return adjusted


@functools.cache
def latest_closes() -> dict[str, float]:
    """The last closing price of each share in US dollars, as a quote server answers it (no pandas needed)."""
    with _path().open(newline="", encoding="utf-8") as file:
        return {row["Ticker"]: float(row["Close"]) for row in csv.DictReader(file)}


def _path() -> Path:
    return data_dir() / "stocks.csv"
