"""The course's share prices: one reader for `data/stocks.csv`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab.course.paths import data_dir

if TYPE_CHECKING:
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

    from netlab.errors import OptionError

    prices = pd.read_csv(data_dir() / "stocks.csv", parse_dates=["Date"])
    known = prices["Ticker"].unique()
    for ticker in tickers:
        if ticker not in known:
            raise OptionError(f"There are no prices of {ticker!r}; choose from {', '.join(known)}.")
    return prices[prices["Ticker"].isin(tickers)].reset_index(drop=True) if tickers else prices
