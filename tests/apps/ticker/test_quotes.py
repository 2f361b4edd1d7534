"""What everyone may see: prices, charts, history, search; the same from both databases."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from netlab.apps.ticker.models import Price, Stock
from netlab.apps.ticker.shares import Quote, quotes

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


def words(html):
    """The text of a page, as a reader sees it."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&nbsp;", " ").split())


@both
def test_the_front_page_has_each_share_with_its_last_close_and_change(browser):
    page = words(browser.get("/").text)
    for row in (
        "AAPL Apple 430.47 2013-03-01 −10.93 (−2.48 %)",
        "FB Facebook 27.78 2013-03-01 +0.53 (+1.94 %)",
        "GOOG Google 806.19 2013-03-01 +4.99 (+0.62 %)",
        "IBM 202.91 2013-03-01 +2.08 (+1.04 %)",
        "MSFT Microsoft 27.95 2013-03-01 +0.15 (+0.54 %)",
    ):
        assert row in page


def test_without_prices_the_front_page_says_so(app, database, browser):
    with database.begin() as session:
        for stock in session.scalars(select(Stock)):
            session.delete(stock)
    assert "There are no prices yet" in browser.get("/").text


@both
def test_a_share_has_its_price_its_chart_and_its_splits(browser):
    html = browser.get("/stocks/AAPL").text
    assert "430.47 US dollars" in words(html)
    assert html.count("<svg") == 2  # for a wide and for a narrow screen
    assert "2005-02-28 : 2:1, close 44.86 US dollars" in words(html)
    assert "2000-06-21 : 2:1, close 55.63 US dollars" in words(html)


def test_the_day_of_a_split_shows_no_fall(database):
    with database.session() as session:
        day = session.scalars(select(Price).where(Price.split == 2).order_by(Price.day)).first()
        before = session.scalars(
            select(Price)
            .where(Price.stock_id == day.stock_id, Price.day < day.day)
            .order_by(Price.day.desc())
        ).first()
        quote = Quote(day.stock, day, before.close)
    assert before.close == Decimal("101.25")
    assert quote.change == Decimal("5.005")
    assert quote.percent == Decimal("9.89")


@both
def test_the_first_day_of_a_share_has_no_change(database):
    with database.begin() as session:
        stock = Stock(ticker="NEW", name="New")
        session.add(stock)
        session.flush()
        usual = {name: Decimal(5) for name in ("open", "high", "low", "close", "adjusted_close")}
        session.add(Price(stock_id=stock.id, day=session.scalar(select(Price.day)), volume=1, **usual))
    with database.session() as session:
        (quote,) = quotes(session, Stock.ticker == "NEW")
    assert quote.change is None
    assert quote.percent is None


@pytest.mark.parametrize("span", ["1m", "1y", "5y", "all"])
def test_each_range_has_a_chart(browser, span):
    html = browser.get(f"/stocks/GOOG?range={span}").text
    assert len(re.findall(r'<a [^>]*aria-current="true"', html)) == 1
    figures = browser.get(f"/stocks/GOOG/chart.json?range={span}")
    assert figures.json["range"] == span
    assert set(figures.json["charts"]) == {"wide", "narrow"}
    assert figures.json["charts"]["wide"]["title"] in html


def test_figures_that_have_not_changed_are_not_sent_again(browser):
    first = browser.get("/stocks/IBM/chart.json")
    again = browser.get("/stocks/IBM/chart.json", headers={"If-None-Match": first.headers["ETag"]})
    assert first.headers["Cache-Control"] == "no-cache"
    assert (again.status_code, again.data) == (304, b"")


def test_an_unknown_range_is_refused(browser):
    assert browser.get("/stocks/AAPL?range=2y").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/stocks/NONE",
        "/stocks/NONE/history",
        "/stocks/NONE/chart.json",
        "/stocks/A%00",
        "/stocks/%F0%9F%98%80",
    ],
)
@both
def test_a_share_that_is_not_there_is_not_found(browser, path):
    assert browser.get(path).status_code == 404


def test_a_ticker_in_small_letters_leads_to_the_share(browser):
    response = browser.get("/stocks/aapl")
    assert response.status_code == 301
    assert browser.get("/stocks/aapl", follow_redirects=True).request.path == "/stocks/AAPL"


@both
def test_the_history_has_every_day_once_the_last_first(browser):
    days = []
    path = "/stocks/FB/history"
    while path:
        html = browser.get(path).text
        days += re.findall(r'<th scope="row"><time datetime="([\d-]+)">', html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        path = following[1] if following else None
    assert len(days) == len(set(days)) == 196
    assert days == sorted(days, reverse=True)
    assert (days[0], days[-1]) == ("2013-03-01", "2012-05-18")


def test_the_history_marks_a_split(browser):
    pages = (browser.get(f"/stocks/MSFT/history?page={n}").text for n in range(40, 60))
    assert any("2003-02-18 split 2:1 24.96" in words(html) for html in pages)


@pytest.mark.parametrize("page", ["0", "-1", "5", "99999999999999999999999"])
def test_a_page_that_is_not_there_is_not_found(browser, page):
    assert browser.get(f"/stocks/FB/history?page={page}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [("goo", ["GOOG"]), ("oo", ["FB", "GOOG"]), ("M", ["IBM", "MSFT"]), ("zzz", []), ("%", []), ("_", [])],
)
@both
def test_the_search_finds_by_ticker_and_name(browser, asked, found):
    html = browser.get("/search", query_string={"q": asked}).text
    assert re.findall(r'<th scope="row"><a href="/stocks/(\w+)"', html) == found


def test_a_whole_ticker_leads_straight_to_its_share(browser):
    assert browser.get("/search?q=fb", follow_redirects=True).request.path == "/stocks/FB"


@pytest.mark.parametrize("asked", ["", "%00", "%F0%9F%98%80", "x" * 5000])
@both
def test_a_search_for_nothing_or_nonsense_is_a_page_too(browser, asked):
    assert browser.get(f"/search?q={asked}").status_code == 200
