"""What a table of prices must be: a right picture of what can be mended, words for what cannot."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from netlab import charts
from netlab.charts.stocks.tables import bars_of, series_of
from netlab.errors import OptionError


def dates_of(series):
    return [str(date.date()) for date in series.index]


class TestBothShapes:
    def test_a_long_table_holds_a_share_a_ticker(self, every):
        shares = series_of(every)
        assert list(shares) == ["AAPL", "FB", "GOOG", "IBM", "MSFT"]
        assert shares["FB"].iloc[0] == every[every["Ticker"] == "FB"]["Close"].iloc[0]
        assert shares["FB"].index[0] == pd.Timestamp("2012-05-18")

    def test_a_wide_table_holds_a_share_a_column_and_begins_when_each_was_listed(self, every):
        wide = every.pivot(index="Date", columns="Ticker", values="Close")
        long = series_of(every)
        for name, prices in series_of(wide).items():
            assert prices.tolist() == long[name].tolist()

    def test_dates_may_be_the_index_and_there_may_be_no_ticker(self, few):
        assert series_of(few.set_index("Date"))[""].tolist() == few["Close"].tolist()

    def test_the_rows_may_be_in_any_order(self, few):
        name, bars = bars_of(few.iloc[::-1])
        assert name == ""
        assert bars["Close"].tolist() == few["Close"].tolist()

    def test_a_time_zone_is_left_out(self, few):
        away = few.assign(Date=few["Date"].dt.tz_localize("America/New_York"))
        assert dates_of(series_of(away)[""])[0] == "2013-02-26"

    def test_the_callers_table_is_not_changed(self, few):
        before = few.copy()
        charts.candlestick(few.iloc[::-1], ax=axes(), volume=True, averages=(2,), bands=2)
        charts.price(few, ax=axes(), rebase=100)
        pd.testing.assert_frame_equal(few, before)


def axes():
    from matplotlib.figure import Figure

    return Figure().subplots()


def replaced(few, column, row, value):
    changed = few.copy()
    changed[column] = (
        changed[column].astype(object) if isinstance(value, str) else changed[column].astype(float)
    )
    changed.loc[row, column] = value
    return changed


WRONG = {
    "a list": (lambda few: [1, 2], "takes a pandas DataFrame, not a list"),
    "a series": (lambda few: few["Close"], r"close.to_frame\(\"AAPL\"\)"),
    "an empty table": (lambda few: few.iloc[:0], "the table is empty"),
    "no close": (lambda few: few.drop(columns="Close"), "needs the column"),
    "small letters": (lambda few: few.rename(columns=str.lower).rename(columns={"date": "Date"}), "data.rename"),
    "no dates": (lambda few: few.drop(columns="Date"), 'name their column "Date"'),
    "dates as text": (lambda few: few.assign(Date=few["Date"].astype(str)), r"pd.to_datetime\(data\[\"Date\"\]\)"),
    "an index of text": (
        lambda few: few.assign(Date=few["Date"].astype(str)).set_index("Date"),
        r"data.index = pd.to_datetime\(data.index\)",
    ),
    "a date missing": (lambda few: few.assign(Date=few["Date"].where(few.index != 2)), "1 are missing"),
    "a day twice": (lambda few: pd.concat([few, few.iloc[[3]]]), "two values for 2013-03-01.*Ticker"),
    "a price missing": (lambda few: replaced(few, "Close", 1, np.nan), "1 missing.*2013-02-27.*dropna"),
    "an infinite price": (lambda few: replaced(few, "Close", 1, np.inf), "missing or infinite.*2013-02-27"),
    "a price of 0": (lambda few: replaced(few, "Close", 4, 0), "is 0 on 2013-03-04"),
    "a negative price": (lambda few: replaced(few, "Close", 4, -3), "is -3 on 2013-03-04"),
    "prices as text": (lambda few: few.assign(Close=few["Close"].astype(str)), "pd.to_numeric"),
    "truth values": (lambda few: few.assign(Close=True), "holds bool, not numbers"),
    "a row without a share": (lambda few: few.assign(Ticker=["A", None, *"AAAA"]), "names no share"),
}  # fmt: skip


@pytest.mark.parametrize(
    "chart", [charts.price, charts.candlestick, charts.ohlc], ids=lambda chart: chart.__name__
)
@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_told_with_its_remedy(few, chart, case):
    spoil, words = WRONG[case]
    ax = axes()
    with pytest.raises(OptionError, match=words):
        chart(spoil(few), ax=ax)
    assert not ax.has_data()


CHARTS_OF_RETURNS = [charts.returns, charts.volatility, charts.drawdown, charts.calendar_heatmap]


@pytest.mark.parametrize("chart", CHARTS_OF_RETURNS, ids=lambda chart: chart.__name__)
def test_the_other_charts_look_at_their_column_as_closely(few, chart):
    with pytest.raises(OptionError, match="needs the column Adj Close; the table has Open"):
        chart(few.set_index("Date"))
    with pytest.raises(OptionError, match="1 missing"):
        chart(replaced(few, "Close", 1, np.nan), column="Close")
    with pytest.raises(OptionError, match="the table is empty"):
        chart(few.iloc[:0])


@pytest.mark.parametrize(
    "chart", [charts.candlestick, charts.ohlc, charts.returns, charts.calendar_heatmap, charts.dashboard],
    ids=lambda chart: chart.__name__,
)  # fmt: skip
def test_a_chart_of_one_share_says_which_there_are(every, chart):
    with pytest.raises(OptionError, match=r'AAPL, FB, GOOG, IBM, MSFT: choose one.*\["Ticker"\] == "AAPL"'):
        chart(every)


@pytest.mark.parametrize(
    "chart", [charts.correlation, charts.scatter_matrix, charts.compare], ids=lambda c: c.__name__
)
def test_a_comparison_needs_two_shares_with_days_in_common(every, apple, chart):
    with pytest.raises(OptionError, match="two"):
        chart(apple)
    apart = pd.concat([apple.iloc[:50], every[every["Ticker"] == "FB"]])
    with pytest.raises(OptionError, match="in common"):
        chart(apart)


def test_a_bar_whose_close_lies_outside_of_it_cannot_be(few):
    with pytest.raises(
        OptionError, match="bar of 2013-02-27 cannot be: Open and Close lie between Low and High"
    ):
        charts.candlestick(replaced(few, "Close", 1, 99))
    with pytest.raises(OptionError, match="bar of 2013-03-05 cannot be"):
        charts.ohlc(replaced(few, "Low", 5, 10.5))


def test_a_gap_in_the_middle_of_a_wide_column_is_no_day_before_listing(every):
    wide = every.pivot(index="Date", columns="Ticker", values="Close")
    wide.loc["2005-03-01", "IBM"] = np.nan
    with pytest.raises(OptionError, match="IBM has 1 missing"):
        charts.price(wide)


def test_volume_may_be_zero_but_not_below_it(few):
    assert charts.candlestick(few.assign(Volume=0), ax=axes(), volume=True)
    with pytest.raises(OptionError, match="Volume is -1"):
        charts.candlestick(replaced(few, "Volume", 2, -1), volume=True)


@pytest.mark.parametrize(
    "chart", [charts.price, charts.candlestick, charts.ohlc], ids=lambda chart: chart.__name__
)
def test_one_row_is_a_right_picture(few, chart):
    ax = chart(few.iloc[[0]], ax=axes())
    low, high = ax.get_ylim()
    assert low < few.loc[0, "Low"] or chart is charts.price
    assert low < few.loc[0, "Close"] < high
    assert "26 February 2013" in charts.alt_of(ax)


def test_one_row_is_too_few_for_what_compares_days(few):
    one = few.iloc[[0]]
    for chart, days in ((charts.returns, 3), (charts.volatility, 22), (charts.calendar_heatmap, 2)):
        with pytest.raises(OptionError, match=f"needs {days} days or more"):
            chart(one, column="Close")
    assert "never below an earlier price" in charts.alt_of(charts.drawdown(one, column="Close", ax=axes()))


def test_prices_that_never_move_have_no_returns_to_show(few):
    still = few.assign(Close=10.0)
    with pytest.raises(OptionError, match="prices that move"):
        charts.returns(still, column="Close")
    both = pd.concat([still.assign(Ticker="A"), few.assign(Ticker="B")])
    with pytest.raises(OptionError, match="those of A do not"):
        charts.correlation(both, column="Close")
    assert charts.price(still, ax=axes())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"up": "pink"}, "Rising can be blue, green, red, not 'pink'"),
        ({"last": 0}, "`last` is how many days"),
        ({"averages": (0,)}, "whole number of days, 1 or more"),
        ({"bands": 1}, "whole number of days, 2 or more"),
        ({"ax": "axes"}, "one of Matplotlib's Axes, not a str"),
        ({"ax": np.array([1, 2])}, r"axes\[0, 1\]"),
    ],
    ids=str,
)
def test_an_option_that_makes_no_sense_is_told(few, options, words):
    with pytest.raises(OptionError, match=words):
        charts.candlestick(few, **options)


def test_dates_of_the_standard_library_are_no_pandas_dates(few):
    plain = few.assign(Date=pd.Series([dt.date(2013, 3, day) for day in range(1, 7)], dtype=object))
    with pytest.raises(OptionError, match=r"pd\.to_datetime"):
        charts.price(plain)


def test_too_many_lines_are_refused(few):
    wide = pd.DataFrame({name: few["Close"].to_numpy() for name in "ABCDEFGH"}, index=few["Date"])
    with pytest.raises(OptionError, match="At most 7 lines"):
        charts.price(wide)
