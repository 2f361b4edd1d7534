"""The prices that the site shows, read once from the course's `stocks.csv`."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass

from netlab.paths import data_dir

NAMES = {"AAPL": "Apple", "FB": "Facebook", "GOOG": "Google", "IBM": "IBM", "MSFT": "Microsoft"}
COLUMNS = ("Date", "Open", "High", "Low", "Close", "Volume", "Adj Close")


@dataclass(frozen=True)
class Share:
    """A share and its prices.

    Attributes:
        ticker: such as "AAPL".
        rows: a row a trading day, oldest first, with the texts of `COLUMNS`.
    """

    ticker: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> str:
        """The company."""
        return NAMES[self.ticker]

    @functools.cached_property
    def closes(self) -> list[tuple[str, float]]:
        """The pairs (day, closing price in US dollars), oldest first."""
        return [(row[0], float(row[4])) for row in self.rows]

    @property
    def quote(self) -> dict[str, object]:
        """The last close, as the API gives it."""
        (_, before), (day, close) = self.closes[-2:]
        change = round(close - before, 2)
        return {"ticker": self.ticker, "name": self.name, "date": day, "close": close, "change": change}

    @property
    def csv(self) -> str:
        """All prices as a CSV file."""
        return "".join(",".join(row) + "\r\n" for row in (COLUMNS, *self.rows))


@functools.cache
def shares() -> dict[str, Share]:
    """All shares by ticker, in alphabetical order."""
    rows: dict[str, list[tuple[str, ...]]] = {ticker: [] for ticker in NAMES}
    with (data_dir() / "stocks.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows[row["Ticker"]].append(tuple(row[column] for column in COLUMNS))
    return {ticker: Share(ticker, tuple(each)) for ticker, each in rows.items()}


@functools.cache
def days() -> dict[str, dict[str, float]]:
    """The closing prices of all shares by trading day, oldest first."""
    table: dict[str, dict[str, float]] = {}
    for share in shares().values():
        for day, close in share.closes:
            table.setdefault(day, {})[share.ticker] = close
    return dict(sorted(table.items()))
