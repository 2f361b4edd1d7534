"""The one reader of the course's prices."""

import pytest

from netlab.errors import OptionError
from netlab.prices import latest_closes, load_prices


def test_all_prices_of_the_file_are_read():
    prices = load_prices()
    assert len(prices) == 12_154
    assert list(prices.columns) == ["Ticker", "Date", "Open", "High", "Low", "Close", "Volume", "Adj Close"]
    assert prices.notna().all().all()
    assert str(prices["Date"].min().date()) == "2000-03-01"
    assert str(prices["Date"].max().date()) == "2013-03-01"


def test_some_shares_may_be_asked_for():
    prices = load_prices("FB", "GOOG")
    assert set(prices["Ticker"]) == {"FB", "GOOG"}
    assert list(prices.index) == list(range(len(prices)))


def test_an_unknown_share_names_those_there_are():
    with pytest.raises(OptionError, match="'TSLA'; choose from AAPL, FB, GOOG, IBM, MSFT"):
        load_prices("TSLA")


def test_the_latest_closes_agree_with_the_table():
    table = load_prices().sort_values("Date").groupby("Ticker")["Close"].last()
    assert latest_closes() == table.to_dict()
