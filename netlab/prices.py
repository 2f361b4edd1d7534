"""The course's share prices: one reader for `data/stocks.csv`."""

from __future__ import annotations

import csv
import functools
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
        `Volume` (shares) and `Adj Close` (US dollars, adjusted for splits and dividends).

    Raises:
        OptionError: for a share that the file does not hold.
    """
    import pandas as pd

    prices = pd.read_csv(_path(), parse_dates=["Date"])
    known = prices["Ticker"].unique()
    for ticker in tickers:
        if ticker not in known:
            raise OptionError(f"There are no prices of {ticker!r}; choose from {', '.join(known)}.")
    return prices[prices["Ticker"].isin(tickers)].reset_index(drop=True) if tickers else prices


@functools.cache
def latest_closes() -> dict[str, float]:
    """The last closing price of each share in US dollars, as a quote server answers it (no pandas needed)."""
    with _path().open(newline="", encoding="utf-8") as file:
        return {row["Ticker"]: float(row["Close"]) for row in csv.DictReader(file)}


def _path() -> Path:
    return data_dir() / "stocks.csv"
