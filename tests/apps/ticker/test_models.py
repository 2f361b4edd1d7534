"""The tables refuse what must not be, in both databases, whoever writes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from netlab.apps.ticker.columns import now
from netlab.apps.ticker.models import (
    Alert,
    ApiKey,
    Channel,
    Letter,
    Login,
    Notification,
    Price,
    Purpose,
    Side,
    State,
    Stock,
    User,
    WatchedStock,
)

pytestmark = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


def a_user(**values):
    return User(**{"email": "ada@ticker.example", "name": "Ada", "password_hash": "x", **values})


def a_price(**values):
    usual = {"day": date(2020, 1, 2), "open": 10, "high": 12, "low": 9, "close": 11, "volume": 5}
    return Price(**{"stock_id": 1, "adjusted_close": Decimal(11), **usual, **values})


def an_alert(**values):
    usual = {"side": Side.ABOVE, "limit_price": Decimal(500), "by_mail": True, "by_sms": False}
    return Alert(**{"user_id": 1, "stock_id": 1, **usual, **values})


def a_notification(**values):
    usual = {"channel": Channel.MAIL, "day": date(2013, 3, 1), "recipient": "a@b.example"}
    return Notification(**{"user_id": 1, "alert_id": 1, "subject": "s", "body": "b", **usual, **values})


def a_letter(**values):
    usual = {"purpose": Purpose.RESET, "email": "ada@ticker.example", "address": "127.0.0.1", "nonce": "new"}
    return Letter(**{**usual, "expires_at": now(), **values})


@pytest.fixture
def users_database(database):
    """A database in which user 1 has alert 1 and a letter."""
    with database.begin() as session:
        session.add(a_user())
        session.flush()
        session.add(an_alert())
        session.add(a_letter(user_id=1, nonce="known"))
    return database


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        (lambda: a_user(), "email"),
        (lambda: a_user(email="Eve@ticker.example"), "email_is_lower_case"),
        (lambda: Stock(ticker="IBM", name="Another"), "ticker"),
        (lambda: Stock(ticker="ibm", name="Another"), "ticker_is_upper_case"),
        (lambda: a_price(low=0), "low_to_high"),
        (lambda: a_price(open=13), "open_in_range"),
        (lambda: a_price(close=8), "close_in_range"),
        (lambda: a_price(volume=-1), "volume_not_negative"),
        (lambda: a_price(adjusted_close=Decimal(0)), "adjusted_positive"),
        (lambda: a_price(split=Decimal(0)), "split_positive"),
        (lambda: a_price(day=date(2013, 3, 1)), "stock_id"),
        (lambda: a_price(stock_id=99), "(?i)foreign"),
        (lambda: an_alert(limit_price=Decimal(0)), "limit_positive"),
        (lambda: an_alert(by_mail=False), "some_way"),
        (lambda: an_alert(user_id=99), "(?i)foreign"),
        (lambda: a_letter(nonce="known"), "nonce"),
        (lambda: a_letter(user_id=99), "(?i)foreign"),
        (lambda: a_letter(state=State.SENT), "sent_has_a_time"),
        (lambda: a_letter(attempts=-1), "attempts_not_negative"),
        (lambda: a_notification(state=State.SENT), "sent_has_a_time"),
        (lambda: a_notification(sent_at=now()), "sent_has_a_time"),
        (lambda: a_notification(attempts=-1), "attempts_not_negative"),
    ],
)
def test_what_must_not_be_is_refused(users_database, row, constraint):
    with pytest.raises(IntegrityError, match=constraint), users_database.begin() as session:
        session.add(row())


def test_a_word_outside_its_enumeration_is_refused_even_from_elsewhere(users_database):
    with pytest.raises(IntegrityError, match="side"), users_database.begin() as session:
        session.execute(text("UPDATE alerts SET side = 'sideways'"))


def test_nothing_is_sent_twice_for_an_alert_a_channel_and_a_day(users_database):
    with users_database.begin() as session:
        session.add_all(
            [a_notification(), a_notification(channel=Channel.SMS), a_notification(day=date(2013, 3, 4))]
        )
    with pytest.raises(IntegrityError, match="alert_id"), users_database.begin() as session:
        session.add(a_notification())


def test_a_share_is_watched_once(users_database):
    with pytest.raises(IntegrityError, match="user_id"), users_database.begin() as session:
        session.add_all([WatchedStock(user_id=1, stock_id=1), WatchedStock(user_id=1, stock_id=1)])


def test_with_a_user_goes_what_is_theirs_and_nothing_else(users_database):
    key = {"name": "k", "prefix": "tk", "key_hash": "h"}
    with users_database.begin() as session:
        session.add_all(
            [
                WatchedStock(user_id=1, stock_id=1),
                ApiKey(user_id=1, **key),
                Login(user_id=1, token_hash="t", expires_at=now()),
                a_notification(),
            ]
        )
    with users_database.begin() as session:
        session.delete(session.get_one(User, 1))
    with users_database.session() as session:
        for table in (WatchedStock, ApiKey, Login, Notification, Alert):
            assert session.scalar(select(func.count(table.id))) == 0
        assert session.scalar(select(func.count(Stock.id))) == 5


def test_a_notification_outlives_its_alert(users_database):
    with users_database.begin() as session:
        session.add(a_notification())
        session.flush()
        session.execute(text("DELETE FROM alerts"))
    with users_database.session() as session:
        assert session.scalars(select(Notification)).one().alert_id is None


@pytest.mark.parametrize("amount", ["0.0001", "0.1", "130.31", "728.1166", "99999999.9999"])
def test_money_comes_back_as_it_went_in(users_database, amount):
    with users_database.begin() as session:
        session.get_one(Alert, 1).limit_price = Decimal(amount)
    with users_database.session() as session:
        found = session.get_one(Alert, 1).limit_price
        assert isinstance(found, Decimal)
        assert found == Decimal(amount)
        assert session.scalar(select(Alert.id).where(Alert.limit_price == Decimal(amount))) == 1
        assert session.scalar(select(Alert.id).where(Alert.limit_price > Decimal(amount))) is None


def test_a_moment_comes_back_in_utc(users_database):
    summer = datetime(2013, 7, 1, 9, 30, tzinfo=timezone(timedelta(hours=2)))
    with users_database.begin() as session:
        session.get_one(Alert, 1).triggered_at = summer
    with users_database.session() as session:
        found = session.get_one(Alert, 1).triggered_at
    assert found == summer
    assert found.tzinfo is UTC


def test_a_moment_without_a_time_zone_is_refused(users_database):
    with pytest.raises(StatementError, match="no time zone"), users_database.begin() as session:
        session.get_one(Alert, 1).triggered_at = datetime(2013, 7, 1)


@pytest.mark.parametrize(
    ("side", "price", "met"),
    [("above", 500, True), ("above", 499, False), ("below", 500, True), ("below", 501, False)],
)
def test_an_alert_is_met_at_its_limit_and_beyond(backend, side, price, met):
    assert an_alert(side=Side(side)).is_met(Decimal(price)) is met
