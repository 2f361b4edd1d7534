"""Axes of dates: what stands at the ticks for a week, a year, and thirteen years."""

from __future__ import annotations

import itertools

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from netlab.charts.stocks.dates import CalendarLocator, begins, date_axis, labels
from netlab.charts.stocks.frame import apart


def ticks(days, *, closed_up, width=8):
    """The labels under an axis of these days."""
    figure = Figure(figsize=(width, 3))
    ax = figure.subplots()
    if closed_up:
        ax.plot(range(len(days)), range(len(days)))
        ax.set_xlim(-0.5, len(days) - 0.5)
        date_axis(ax, days)
    else:
        ax.plot(days, range(len(days)))
        ax.set_xlim(days[0], days[-1])
        date_axis(ax)
    figure.canvas.draw()
    return [label.get_text() for label in ax.get_xticklabels()]


def trading(first, last):
    return pd.bdate_range(first, last).to_numpy()


@pytest.mark.parametrize("closed_up", [True, False])
class TestHowItReads:
    def test_a_week_names_its_days(self, closed_up):
        found = ticks(trading("2013-02-25", "2013-03-01"), closed_up=closed_up)
        assert found == ["Mon 25\nFeb 2013", "Tue 26", "Wed 27", "Thu 28", "Fri 1\nMar 2013"]

    def test_two_months_name_their_mondays(self, closed_up):
        found = ticks(trading("2013-01-07", "2013-03-01"), closed_up=closed_up)
        assert found[:3] == ["7 Jan\n2013", "14 Jan", "21 Jan"]

    def test_a_year_names_its_months_and_the_year_where_it_begins(self, closed_up):
        found = ticks(trading("2012-03-01", "2013-03-01"), closed_up=closed_up)
        assert found[:2] == ["Mar\n2012", "Apr"]
        assert "Jan\n2013" in found
        assert len(found) == 13

    def test_thirteen_years_name_the_years(self, closed_up):
        found = ticks(trading("2000-03-01", "2013-03-01"), closed_up=closed_up)
        assert found == [str(year) for year in range(2001, 2014)]

    def test_a_narrow_chart_has_fewer_labels(self, closed_up):
        found = ticks(trading("2000-03-01", "2013-03-01"), closed_up=closed_up, width=4)
        assert found == ["2002", "2004", "2006", "2008", "2010", "2012"]


def test_days_without_trade_take_no_room():
    days = trading("2013-02-28", "2013-03-05")  # Thursday to Tuesday
    assert ticks(days, closed_up=True) == ["Thu 28\nFeb 2013", "Fri 1\nMar 2013", "Mon 4", "Tue 5"]


def test_a_month_that_begins_on_a_weekend_is_marked_at_its_first_day_of_trade():
    days = trading("2012-08-20", "2012-11-30").astype("datetime64[D]")
    figure = Figure(figsize=(8, 3))
    ax = figure.subplots()
    ax.set_xlim(0, len(days) - 1)
    date_axis(ax, days)
    assert isinstance(ax.xaxis.get_major_locator(), CalendarLocator)
    marked = [str(days[int(place)]) for place in ax.get_xticks()]
    assert marked == ["2012-09-03", "2012-10-01", "2012-11-01"]


def test_a_short_week_does_not_push_its_label_into_the_next():
    days = trading("2012-12-04", "2013-03-01").astype("datetime64[D]")
    closed = np.array(["2012-12-25", "2013-01-01", "2013-01-21", "2013-02-18"], "datetime64[D]")
    found = ticks(np.setdiff1d(days, closed), closed_up=True, width=9.9)
    assert "24 Dec" in found
    assert "31 Dec" not in found
    assert "7 Jan\n2013" in found


def test_the_cursor_shows_the_whole_date():
    figure = Figure()
    ax = figure.subplots()
    date_axis(ax, trading("2013-02-28", "2013-03-05"))
    assert ax.xaxis.get_major_formatter()(2.2) == "2013-03-04"


@given(
    st.dates(pd.Timestamp("1900-01-01").date(), pd.Timestamp("2100-01-01").date()),
    st.integers(0, 4_000),
    st.sampled_from([("D", 1), ("W", 1), ("M", 1), ("M", 3), ("Y", 1), ("Y", 5)]),
)
def test_periods_begin_where_the_calendar_says(first, length, period):
    unit, step = period
    first = np.datetime64(first)
    days = begins(first, first + length, unit, step)
    every = pd.date_range(first, periods=length + 1)
    rules = {
        "D": np.ones(len(every), bool),
        "W": every.day_of_week == 0,
        "M": (every.day == 1) & ((every.month - 1) % step == 0),
        "Y": (every.day_of_year == 1) & (every.year % step == 0),
    }
    assert np.array_equal(days, every[rules[unit]].to_numpy().astype("datetime64[D]"))
    said = labels(days, unit)
    assert len(said) == len(days)
    if len(days) and unit != "Y":
        assert str(days[0])[:4] in said[0]


@settings(max_examples=40)
@given(st.floats(-3000, 60_000), st.floats(0.01, 30_000), st.floats(1, 20))
def test_labels_never_stand_closer_than_they_are_wide(start, length, width):
    figure = Figure(figsize=(width, 3))
    ax = figure.subplots()
    ax.set_xlim(mdates.num2date(start), mdates.num2date(start + length))
    date_axis(ax)
    found = ax.get_xticks()
    room = max(ax.bbox.width / figure.dpi * 72, 30)
    assert len(found) <= room / 27 + 1
    assert all(b - a >= 0.9 * 27 * length / room - 1e-6 for a, b in itertools.pairwise(found))
    assert all(start - 1e-6 <= tick <= start + length + 1e-6 for tick in found)


@given(st.lists(st.floats(-100, 500), max_size=8))
def test_labels_at_lines_ends_are_apart_and_keep_their_order(heights):
    found = apart(heights, 12)
    order = sorted(range(len(heights)), key=heights.__getitem__)
    assert all(found[b] - found[a] >= 12 - 1e-6 for a, b in itertools.pairwise(order))
    free = all(heights[b] - heights[a] >= 12 for a, b in itertools.pairwise(order))
    if free:
        assert found == pytest.approx(heights)
