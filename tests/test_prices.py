"""The one reader of the course's prices."""

import numpy as np
import pandas as pd
import pytest

from netlab.errors import OptionError
from netlab.prices import adjust_splits, latest_closes, load_prices


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


def test_the_table_tells_its_unit_and_its_source():
    assert load_prices("IBM").attrs == {"unit": "US dollars", "source": "Quandl WIKI Prices"}


APPLE = {"2000-06-21": 2, "2005-02-28": 2}


def falls(prices):
    """The days on which the close fell by more than a third."""
    change = prices["Close"].pct_change()
    return prices["Date"][change < -1 / 3].dt.strftime("%Y-%m-%d").tolist()


def test_splits_look_like_crashes_until_they_are_mended_and_a_real_fall_stays():
    apple = load_prices("AAPL")
    assert falls(apple) == ["2000-06-21", "2000-09-29", "2005-02-28"]
    assert falls(adjust_splits(apple, APPLE)) == ["2000-09-29"]
    microsoft = load_prices("MSFT")
    assert falls(microsoft) == ["2003-02-18"]
    assert falls(adjust_splits(microsoft, {"2003-02-18": 2})) == []


def test_adjusted_prices_move_as_the_publishers_do_dividends_apart():
    apple = adjust_splits(load_prices("AAPL"), APPLE)
    ours, theirs = apple["Close"].pct_change(), apple["Adj Close"].pct_change()
    assert np.abs(ours - theirs).max() < 0.006  # a dividend


def test_a_split_by_hand():
    prices = pd.DataFrame(
        {
            "Open": [90.0, 40.0, 44.0],
            "Close": [80.0, 42.0, 46.0],
            "Volume": [10, 30, 20],
            "Adj Close": [1.0, 2.0, 3.0],
        },
        index=pd.to_datetime(["2013-01-02", "2013-01-03", "2013-01-04"]),
    )
    mended = adjust_splits(prices, {"2013-01-03": 2})
    assert mended["Open"].tolist() == [45, 40, 44]
    assert mended["Close"].tolist() == [40, 42, 46]
    assert mended["Volume"].tolist() == [20, 30, 20]
    assert mended["Adj Close"].tolist() == [1, 2, 3]
    assert prices["Open"].tolist() == [90, 40, 44]
    assert adjust_splits(prices, {"2013-01-03": 2, "2013-01-04": 3})["Close"].tolist() == [80 / 6, 14, 46]
    assert adjust_splits(prices, {"2013-01-03": 0.5})["Close"].tolist() == [160, 42, 46]
    assert adjust_splits(prices, {})["Close"].tolist() == [80, 42, 46]


@pytest.mark.parametrize(
    ("tickers", "splits", "words"),
    [
        (("AAPL", "IBM"), APPLE, "the table has several"),
        (("AAPL",), {"2005-02-27": 2}, "no price of 2005-02-27: name the first day of trade"),
        (("AAPL",), {"2005-02-28": 0}, "how many shares came for one"),
        (("AAPL",), {"2005-02-28": float("nan")}, "how many shares came for one"),
    ],
)
def test_a_split_that_cannot_be_is_told(tickers, splits, words):
    with pytest.raises(OptionError, match=words):
        adjust_splits(load_prices(*tickers), splits)
