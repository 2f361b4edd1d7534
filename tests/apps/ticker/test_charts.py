"""Charts: the figures are right, the picture says in words what it shows, and a split is no fall."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from netlab.apps.ticker.charts import SIZES, chart, day_ticks, first_day, price_ticks, thinned
from netlab.apps.ticker.models import Stock
from netlab.apps.ticker.shares import Close, closes
from netlab.apps.ticker.words import money, ratio, signed

SVG = "{http://www.w3.org/2000/svg}"
STOCK = Stock(ticker="NEW", name="A <new> share")


def prices(*amounts, split_at=None):
    return [
        Close(date(2020, 1, 1) + timedelta(days=n), Decimal(amount), Decimal(2 if n == split_at else 1))
        for n, amount in enumerate(amounts)
    ]


@pytest.mark.parametrize("size", SIZES)
def test_the_picture_is_sound_and_described(size):
    root = ET.fromstring(chart(STOCK, prices(10, 12, 11), size).svg("c"))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    assert "A <new> share" in title.text
    assert "From 10.00 on 2020-01-01 to 11.00 on 2020-01-03." in description.text
    assert "highest 12.00 on 2020-01-02" in description.text


def test_higher_prices_stand_higher_and_later_days_farther_right():
    (points,) = chart(STOCK, prices(10, 12, 11), "wide").lines
    assert points[1].y < points[2].y < points[0].y
    assert points[0].x < points[1].x < points[2].x


def test_at_a_split_the_line_is_broken_and_the_split_marked():
    drawn = chart(STOCK, prices(100, 102, 51, 52, split_at=2), "wide")
    assert [[point.close for point in line] for line in drawn.lines] == [[100, 102], [51, 52]]
    assert [mark.label for mark in drawn.splits] == ["Split 2:1"]
    assert drawn.splits[0].at == drawn.lines[1][0].x
    assert "Split 2:1 on 2020-01-03" in drawn.description
    assert drawn.svg("c").count("<polyline") == 2


def test_the_fall_of_apple_in_2000_that_was_no_split_is_drawn_as_one(database):
    with database.session() as session:
        apple = session.scalars(select(Stock).where(Stock.ticker == "AAPL")).one()
        days = closes(session, apple, date(2000, 9, 27))[:4]
    drawn = chart(apple, days, "wide")
    assert drawn.splits == ()
    assert len(drawn.lines) == 1


@pytest.mark.parametrize("amounts", [(10,), (10, 10, 10), ("0.0001", "999999.9999")])
def test_flat_lonely_and_steep_prices_stay_inside_the_picture(amounts):
    for size, (width, height) in SIZES.items():
        drawn = chart(STOCK, prices(*amounts), size)
        for point in (each for line in drawn.lines for each in line):
            assert 0 <= point.x <= width
            assert 0 <= point.y <= height


AMOUNTS = st.decimals("0.0001", "999999.9999", places=4)


@given(AMOUNTS, AMOUNTS)
def test_the_price_axis_holds_all_prices_with_few_round_numbers(one, two):
    low, high = sorted((one, two))
    ticks = price_ticks(low, high)
    assert ticks[0] <= low <= high <= ticks[-1]
    assert 2 <= len(ticks) <= 7
    steps = {after - before for before, after in pairwise(ticks)}
    assert len(steps) == 1


@given(st.dates(date(1970, 1, 1), date(2030, 1, 1)), st.integers(0, 20_000), st.integers(3, 9))
def test_the_day_axis_has_few_labels_all_within(first, days, most):
    last = first + timedelta(days=days)
    ticks = day_ticks(first, last, most)
    assert len(ticks) <= most
    assert all(first <= day <= last for day, _ in ticks)
    assert len({label for _, label in ticks}) == len(ticks)


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=400), st.integers(2, 50))
def test_thinned_prices_keep_the_ends_and_the_extremes(amounts, most):
    every = prices(*amounts)
    kept = thinned(every, most)
    assert len(kept) <= max(most + 2, 2)
    assert (kept[0], kept[-1]) == (every[0], every[-1])
    assert min(p.close for p in kept) == min(amounts)
    assert max(p.close for p in kept) == max(amounts)


def test_a_range_counts_back_from_the_last_day():
    assert first_day(date(2013, 3, 1), "1m") == date(2013, 1, 29)
    assert first_day(date(2013, 3, 1), "all") is None


@pytest.mark.parametrize(
    ("amount", "words"),
    [("430.47", "430.47"), ("1234.5000", "1,234.50"), ("25.1250", "25.125"), ("0.0001", "0.0001")],
)
def test_money_is_written_with_its_cents_and_nothing_is_rounded_away(amount, words):
    assert money(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("amount", "words"), [("1.5", "+1.50"), ("-0.25", "−0.25"), ("0", "0.00"), ("-0.001", "0.00")]
)
def test_a_difference_has_its_sign(amount, words):
    assert signed(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("split", "words"), [("2", "2:1"), ("1.5", "3:2"), ("0.1", "1:10"), ("0.3333", "1:3")]
)
def test_a_split_is_written_as_a_ratio(split, words):
    assert ratio(Decimal(split)) == words
