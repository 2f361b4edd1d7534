"""The numbers behind the charts, against values worked out by hand and against pandas."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.charts.stocks import numbers
from netlab.errors import OptionError

PRICES = st.lists(st.floats(0.01, 1e5, allow_nan=False), min_size=2, max_size=60)


def days(values, start="2013-01-01"):
    return pd.Series(values, index=pd.date_range(start, periods=len(values), name="Date"), dtype="float64")


def known(series):
    return series.dropna().tolist()


def test_a_moving_average_is_the_mean_of_a_day_and_those_before_it():
    average = numbers.moving_average(days([1, 2, 6, 3]), 3)
    assert average.isna().tolist() == [True, True, False, False]
    assert known(average) == pytest.approx([3, 11 / 3])


def test_an_average_of_one_day_is_the_price():
    assert known(numbers.moving_average(days([1, 2]), 1)) == [1, 2]


def test_the_bands_are_two_deviations_of_the_population_away():
    # 2, 4, 4, 4, 5, 5, 7, 9: mean 5, deviation 2
    low, high = numbers.bollinger(days([2, 4, 4, 4, 5, 5, 7, 9]), 8)
    assert (known(low), known(high)) == (pytest.approx([1]), pytest.approx([9]))
    low, high = numbers.bollinger(days([2, 4, 4, 4, 5, 5, 7, 9]), 8, width=1)
    assert (known(low), known(high)) == (pytest.approx([3]), pytest.approx([7]))


def test_returns_are_what_each_day_added():
    assert numbers.daily_returns(days([100, 110, 99])).tolist() == pytest.approx([0.1, -0.1])


def test_the_return_of_a_month_runs_from_the_last_price_of_the_month_before():
    prices = pd.Series(
        [100.0, 110, 121, 60.5],
        index=pd.to_datetime(["2013-01-02", "2013-01-31", "2013-02-28", "2013-03-29"]),
    )
    months = numbers.period_returns(prices, "M")
    assert [str(month) for month in months.index] == ["2013-01", "2013-02", "2013-03"]
    assert months.tolist() == pytest.approx([0.1, 0.1, -0.5])
    assert numbers.period_returns(prices, "Y").tolist() == pytest.approx([-0.395])


def test_volatility_is_the_deviation_of_log_returns_times_the_root_of_the_year():
    # ln 2, -ln 2, ln 2: mean ln2/3, sample deviation sqrt(4/3) ln 2
    rolling = numbers.rolling_volatility(days([1, 2, 1, 2]), window=3, year=4)
    assert known(rolling) == pytest.approx([math.sqrt(4 / 3) * math.log(2) * 2])


def test_a_price_that_grows_evenly_has_no_volatility():
    assert known(numbers.rolling_volatility(days([1, 2, 4, 8]), window=2)) == pytest.approx([0, 0], abs=1e-12)


def test_drawdown_is_measured_from_the_highest_price_so_far():
    assert numbers.running_drawdown(days([8, 10, 5, 7, 12, 9])).tolist() == pytest.approx(
        [0, 0, -0.5, -0.3, 0, -0.25]
    )


def test_the_worst_drawdown_names_peak_trough_and_recovery():
    peak, trough, regained, depth = numbers.worst_drawdown(days([8, 10, 5, 7, 12, 9]))
    assert [str(date.date()) for date in (peak, trough, regained)] == [
        "2013-01-02",
        "2013-01-03",
        "2013-01-05",
    ]
    assert depth == -0.5
    assert numbers.worst_drawdown(days([10, 5, 7]))[2] is None


def test_a_rebased_price_keeps_its_ratios():
    assert numbers.rebased(days([50, 75, 25])).tolist() == [100, 150, 50]


def test_growth_is_the_return_of_a_year_that_repeated_leads_to_the_end():
    prices = pd.Series([100.0, 121.0], index=pd.to_datetime(["2011-01-01", "2013-01-01"]))
    assert numbers.growth(prices) == pytest.approx(0.1, abs=2e-4)
    assert math.isnan(numbers.growth(prices.iloc[:1]))


@pytest.mark.parametrize("window", [0, -3, 2.5, True, "20"])
def test_a_window_is_a_whole_number_of_days(window):
    with pytest.raises(OptionError, match="whole number of days"):
        numbers.moving_average(days([1, 2, 3]), window)


@given(PRICES, st.integers(2, 8))
def test_averages_and_bands_agree_with_sums_written_out(values, window):
    prices = days(values)
    average = numbers.moving_average(prices, window)
    low, high = numbers.bollinger(prices, window)
    for end in range(window, len(values) + 1):
        some = values[end - window : end]
        assert average.iloc[end - 1] == pytest.approx(math.fsum(some) / window, rel=1e-9)
        # pandas updates a running sum, so a deviation near 0 keeps the dust of larger prices before it.
        away = 2 * float(np.std(some))
        assert high.iloc[end - 1] == pytest.approx(
            float(np.mean(some)) + away, rel=1e-6, abs=1e-3 * max(values)
        )
        assert low.iloc[end - 1] <= average.iloc[end - 1] <= high.iloc[end - 1]


@given(PRICES)
def test_returns_compounded_lead_to_the_last_price(values):
    prices = days(values)
    assert values[0] * float((1 + numbers.daily_returns(prices)).prod()) == pytest.approx(
        values[-1], rel=1e-9
    )
    assert numbers.daily_returns(prices).tolist() == pytest.approx(prices.pct_change().iloc[1:].tolist())


@given(PRICES)
def test_a_drawdown_is_never_above_zero_nor_a_total_loss_and_zero_at_each_new_high(values):
    below = numbers.running_drawdown(days(values))
    assert below.max() == 0
    assert below.min() > -1
    highest = 0.0
    for value, fall in zip(values, below, strict=True):
        assert (fall == 0) == (value >= highest)
        highest = max(highest, value)


@given(st.lists(st.floats(-50, 50), min_size=3, max_size=50).filter(lambda values: np.std(values) > 0.1))
def test_a_density_covers_an_area_of_one(values):
    numbers_ = np.array(values)
    reach = 6 * numbers_.std() + 1
    at = np.linspace(numbers_.min() - reach, numbers_.max() + reach, 4000)
    found = numbers.density(numbers_, at)
    assert found.min() >= 0
    assert np.trapezoid(found, at) == pytest.approx(1, abs=0.01)


def test_the_density_agrees_with_seaborns(apple):
    from seaborn.external.kde import gaussian_kde

    values = 100 * numbers.daily_returns(apple["Adj Close"]).to_numpy()
    at = np.linspace(-20, 20, 50)
    assert numbers.density(values, at) == pytest.approx(gaussian_kde(values)(at), abs=1e-9)


def test_the_normal_density_is_that_of_the_standard_library():
    from statistics import NormalDist

    at = np.linspace(-3, 5, 9)
    assert numbers.normal(at, 1, 2).tolist() == pytest.approx([NormalDist(1, 2).pdf(x) for x in at])
