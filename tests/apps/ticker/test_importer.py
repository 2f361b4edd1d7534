"""The import: idempotent, the same in both databases; a bad line is named and harms nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from netlab.apps.ticker.database import Database
from netlab.apps.ticker.importer import (
    HEADER,
    BadRowError,
    ImportFailedError,
    import_prices,
    read_row,
    split_ratio,
)
from netlab.apps.ticker.models import Price, Stock
from netlab.paths import data_dir
from netlab.prices import load_prices

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)

GOOD = "AAPL,2013-03-01,438.0,438.18,429.98,430.47,19730300,61.63"
COURSE = data_dir() / "stocks.csv"


@pytest.fixture
def empty(empty_url):
    database = Database(empty_url)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def run(empty, tmp_path):
    """Import some lines below the right first line."""

    def run(*lines, **options):
        path = tmp_path / "prices.csv"
        path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
        with empty.begin() as session:
            return import_prices(session, path, **options)

    return run


def count(database):
    with database.session() as session:
        return session.scalar(select(func.count(Price.id)))


@both
def test_the_courses_prices_arrive_whole(database):
    expected = load_prices()
    query = select(Stock.ticker, func.count(), func.min(Price.day), func.max(Price.day)).join_from(
        Stock, Price
    )
    with database.session() as session:
        found = {row[0]: row[1:] for row in session.execute(query.group_by(Stock.ticker))}
        assert int(session.scalar(select(func.sum(Price.volume)))) == expected["Volume"].sum()
    for ticker, rows in expected.groupby("Ticker"):
        days = rows["Date"].dt.date
        assert found.pop(ticker) == (len(rows), days.min(), days.max())
    assert found == {}


@both
def test_the_splits_of_the_prices_are_known(database):
    query = select(Stock.ticker, Price.day, Price.split).join_from(Stock, Price).where(Price.split != 1)
    with database.session() as session:
        assert session.execute(query.order_by(Price.day)).all() == [
            ("AAPL", date(2000, 6, 21), 2),
            ("MSFT", date(2003, 2, 18), 2),
            ("AAPL", date(2005, 2, 28), 2),
        ]


@both
def test_a_second_import_changes_nothing(database):
    with database.begin() as session:
        report = import_prices(session, COURSE)
    assert str(report) == "0 prices added, 0 changed, 12,154 as they were"


@both
def test_a_later_file_adds_and_corrects(run, empty):
    run(GOOD)
    report = run(GOOD.replace("430.47", "430.50"), GOOD.replace("03-01", "03-04"))
    assert (report.added, report.changed, report.unchanged) == (1, 1, 0)
    with empty.session() as session:
        assert session.scalars(select(Price.close).order_by(Price.day)).all() == [
            Decimal("430.50"),
            Decimal("430.47"),
        ]


@both
def test_a_split_is_seen_across_two_files(run, empty):
    run("NEW,2020-01-02,100,100,100,100,5,50")
    run("NEW,2020-01-03,50,51,50,51,5,51")
    with empty.session() as session:
        assert session.scalars(select(Price.split).order_by(Price.day)).all() == [1, 2]


def test_of_two_lines_for_a_day_the_later_counts(run, empty):
    report = run(GOOD, GOOD.replace("430.47", "431"))
    assert report.added == 1
    with empty.session() as session:
        assert session.scalar(select(Price.close)) == 431


def test_progress_is_told_until_the_end(run):
    told = []
    lines = [GOOD.replace("2013-03-01", f"{year}-03-01") for year in range(1000, 6000)]
    run(*lines, progress=lambda *each: told.append(each))
    assert told == [(2000, 5000), (4000, 5000), (5000, 5000)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("AAPL,2013-03-01", "2 fields, not 8"),
        (GOOD + ",1", "9 fields"),
        (GOOD.replace("AAPL", "aapl"), "'aapl' is no ticker"),
        (GOOD.replace("AAPL", "TOOLONGTICKER"), "no ticker"),
        (GOOD.replace("2013-03-01", "2013-02-30"), "'2013-02-30' is no day"),
        (GOOD.replace("2013-03-01", "20130301"), "no day"),
        (GOOD.replace("2013-03-01", "٢٠١٣-03-01"), "no day"),
        (GOOD.replace("430.47", "NaN"), "'NaN' is no price"),
        (GOOD.replace("430.47", "Infinity"), "no price"),
        (GOOD.replace("430.47", "-430.47"), "no price"),
        (GOOD.replace("430.47", "4e2"), "no price"),
        (GOOD.replace("430.47", ""), "'' is no price"),
        (GOOD.replace("429.98", "0"), "above 0"),
        (GOOD.replace("61.63", "1000000"), "below a million"),
        (GOOD.replace("430.47", "500"), "close 500.0000 are not between"),
        (GOOD.replace("19730300", "1.5"), "'1.5' is no volume"),
        (GOOD.replace("19730300", "-1"), "no volume"),
        ('"' + GOOD, "no ticker"),
        ("x" * 2000, "more than 1000 characters"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_imported(run, empty, line, reason):
    report = run(GOOD, line, GOOD.replace("03-01", "03-04"))
    assert report.bad == 1
    assert str(report.errors[0]).startswith("line 3: ")
    assert reason in str(report.errors[0])
    assert report.added == count(empty) == 2


@given(st.text(alphabet=st.sampled_from(",.-0123456789AÄ \t\"'\x00e١"), max_size=60) | st.text(max_size=60))
def test_whatever_a_line_holds_it_is_a_price_or_has_a_reason(line):
    try:
        ticker, values = read_row(line)
    except BadRowError as error:
        reason = str(error)
    else:
        reason = None
        assert ticker.isascii()
        assert values["low"] <= values["close"] <= values["high"]
    assert reason != ""


PRICES = st.decimals("0.0001", "999999.9999", places=4)


@given(st.lists(PRICES, min_size=4, max_size=4), st.integers(0, 10**14), st.dates(date(1900, 1, 1)))
def test_a_right_line_is_read_exactly(prices, volume, day):
    low, opened, close, high = sorted(prices)
    ticker, values = read_row(f"IBM,{day},{opened},{high},{low},{close},{volume},{close}")
    assert ticker == "IBM"
    assert [values[name] for name in ("day", "low", "open", "close", "high", "volume")] == [
        day,
        *(low, opened, close, high),
        volume,
    ]


@both
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.lists(st.text(max_size=40), max_size=8))
def test_noise_between_good_lines_loses_none_of_them(run, empty, noise):
    good = [GOOD.replace("03-01", f"03-{day:02}") for day in range(1, len(noise) + 2)]
    mixed = [line for pair in zip(good, [*noise, ""], strict=True) for line in pair]
    report = run(*mixed)
    assert report.added + report.unchanged == len(good)
    assert count(empty) >= len(good)


def test_bytes_that_are_no_text_are_a_bad_line_only(empty, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_bytes(f"{HEADER}\r\n".encode() + b"\xff\xfe,\x00\r\n" + f"{GOOD}\r\n".encode())
    with empty.begin() as session:
        report = import_prices(session, path)
    assert [each.line for each in report.errors] == [2]
    assert report.added == 1


@pytest.mark.parametrize("content", ["", "a,b,c\n1,2,3\n", GOOD])
def test_a_file_that_holds_no_prices_is_refused_and_nothing_changes(empty, tmp_path, content):
    path = tmp_path / "other.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ImportFailedError, match="first line"), empty.begin() as session:
        import_prices(session, path)
    assert count(empty) == 0


@pytest.mark.parametrize(
    ("before", "after", "ratio"),
    [
        ((100, 50), (51, 51), 2),
        ((90, 30), (31, 31), 3),
        ((90, 60), (61, 61), "1.5"),
        ((1, 10), (10, 10), "0.1"),
        ((100, 100), (48, 48), 1),  # a crash
        ((30, "27.3"), (27, 27), 1),  # a dividend of a tenth
    ],
)
def test_a_split_is_told_from_a_fall_and_from_a_dividend(before, after, ratio):
    as_decimals = [tuple(Decimal(each) for each in pair) for pair in (before, after)]
    assert split_ratio(*as_decimals) == Decimal(ratio)
