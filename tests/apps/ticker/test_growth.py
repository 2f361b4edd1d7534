"""A page asks the database as often for a hundred shares as for five; only what it shows grows."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import event, insert, select

from netlab.apps.ticker.api_keys import PREFIX, hashed
from netlab.apps.ticker.models import Alert, ApiKey, Price, Side, Stock, User, WatchedStock
from netlab.apps.ticker.shares import closes, splits

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)

MORE = 95
KEY = f"{PREFIX}of-a-program"
FOR_ALL = (
    "/",
    "/search?q=a",
    "/stocks/AAPL",
    "/stocks/AAPL/chart.json",
    "/stocks/AAPL/history",
    "/api/v1/stocks",
    "/api/v1/stocks/AAPL",
    "/api/v1/stocks/AAPL/prices",
)
FOR_ADA = ("/", "/stocks/AAPL", "/watchlist/", "/alerts/", "/alerts/new", "/account/")
FOR_PROGRAMS = ("/api/v1/watchlist", "/api/v1/alerts")


@contextmanager
def queries(database):
    """The statements that are sent to a database; those that only begin a transaction do not count."""
    sent = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def add_shares(database):
    """Many more shares with some days each, all of them watched by every user, each with an alert."""
    with database.begin() as session:
        users = session.scalars(select(User)).all()
        for number in range(MORE):
            stock = Stock(ticker=f"A{number}", name=f"Share {number}")
            session.add(stock)
            session.flush()
            usual = dict.fromkeys(("open", "high", "low", "close", "adjusted_close"), Decimal(number + 1))
            days = [date(2013, 2, 27) + timedelta(n) for n in range(3)]
            session.execute(
                insert(Price), [{"stock_id": stock.id, "day": day, "volume": 1, **usual} for day in days]
            )
            for user in users:
                session.add(WatchedStock(user_id=user.id, stock_id=stock.id))
                wanted = {"side": Side.ABOVE, "limit_price": Decimal(500), "by_mail": True, "by_sms": False}
                session.add(Alert(user_id=user.id, stock_id=stock.id, **wanted))


def counted(database, browser, paths, **options):
    """How many queries each page needs, once it has been asked for before; and the bytes of each."""
    counts, sizes = {}, {}
    for path in paths:
        browser.get(path, **options)
        with queries(database) as sent:
            response = browser.get(path, **options)
        assert response.status_code == 200, path
        counts[path], sizes[path] = len(sent), len(response.data)
    return counts, sizes


def grown(before, after):
    """The pages that are more than twice as long now: for them it means something that their queries are as few."""
    return {path for path in before if after[path] > 2 * before[path]}


@both
def test_what_everyone_sees_takes_as_many_queries_with_many_shares(database, browser):
    few, short = counted(database, browser, FOR_ALL)
    add_shares(database)
    many, long = counted(database, browser, FOR_ALL)
    assert many == few
    assert grown(short, long) == {"/", "/search?q=a", "/api/v1/stocks"}


@both
def test_a_users_pages_take_as_many_queries_with_long_lists(database, ada):
    watch_apple(ada)
    few, short = counted(database, ada, FOR_ADA)
    add_shares(database)
    many, long = counted(database, ada, FOR_ADA)
    assert many == few
    assert grown(short, long) == {"/", "/watchlist/", "/alerts/", "/alerts/new"}


@both
def test_a_programs_lists_take_as_many_queries_when_they_are_long(database, ada):
    watch_apple(ada)
    with database.begin() as session:
        user = session.scalars(select(User)).one()
        session.add(ApiKey(user_id=user.id, name="a program", prefix=KEY[:13], key_hash=hashed(KEY)))
    headers = {"Authorization": f"Bearer {KEY}"}
    few, short = counted(database, ada, FOR_PROGRAMS, headers=headers)
    add_shares(database)
    many, long = counted(database, ada, FOR_PROGRAMS, headers=headers)
    assert many == few
    assert grown(short, long) == set(FOR_PROGRAMS)


def test_the_queries_of_the_pages_that_are_asked_for_most_are_few(database, browser):
    counts, _ = counted(database, browser, ("/", "/stocks/AAPL", "/api/v1/stocks/AAPL"))
    assert counts == {"/": 1, "/stocks/AAPL": 4, "/api/v1/stocks/AAPL": 2}


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (splits, "USING INDEX ix_prices_splits (stock_id=?)"),
        (partial(closes, first=date(2013, 1, 1)), "(stock_id=? AND day>?)"),
    ],
)
def test_a_page_reads_the_days_that_it_shows_and_no_others(database, ask, index):
    with database.session() as session, queries(database) as sent:
        ask(session, session.scalars(select(Stock)).first())
        values = (1,) * sent[-1].count("?")  # a plan does not depend on them
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[-1]}", values)
        assert index in "".join(row.detail for row in plan)


def watch_apple(browser):
    browser.post("/watchlist/AAPL/add", form_at="/stocks/AAPL")
    browser.post("/alerts/new", {"ticker": "AAPL", "side": "above", "limit_price": "500", "by_mail": "y"})
