"""Alerts are sent at once: which ones, in which words, and none twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def ada(office):
    from netlab.apps.backoffice.models import Customer

    return Customer.objects.create(
        name="Ada", email="ada@ticker.example", password_hash="!", phone="+12025550100"
    )


@pytest.fixture
def alert(ada):
    """An alert that the last close of IBM, 202.91, has reached."""
    from netlab.apps.backoffice.models import Stock

    return ada.alerts.create(
        stock=Stock.objects.get(ticker="IBM"), side="above", limit_price=Decimal(200), by_sms=True
    )


@both
def test_what_the_last_close_meets_is_on_its_way(support, alert):
    assert "1 alert is on its way." in support.act("alert", "send_now", alert).text
    mail, sms = alert.notifications.order_by("channel")
    assert (mail.recipient, mail.state) == ("ada@ticker.example", "waiting")
    assert "IBM (IBM) closed at 202.91 US dollars on 2013-03-01" in mail.body
    assert sms.recipient == "+12025550100"
    alert.refresh_from_db()
    assert alert.triggered_at


@both
def test_the_words_are_those_that_ticker_writes_itself(alert):
    from netlab.apps.backoffice.models import Price
    from netlab.apps.backoffice.notices import written
    from netlab.apps.ticker import models as ticker
    from netlab.apps.ticker import notifications
    from netlab.apps.ticker.config import Config

    price = Price.objects.filter(stock=alert.stock).first()
    theirs = notifications.written(
        ticker.Alert(
            id=alert.pk,
            side=ticker.Side(alert.side),
            limit_price=alert.limit_price,
            by_mail=True,
            by_sms=True,
            stock=ticker.Stock(ticker=alert.stock.ticker, name=alert.stock.name),
        ),
        ticker.Price(close=price.close, day=price.day),
        ticker.User(id=alert.user.pk, name="Ada", email="ada@ticker.example", phone="+12025550100"),
        Config(database_url="sqlite:///x", public_url="https://ticker.example"),
        alert.created_at,
    )
    ours = written(alert, price, "https://ticker.example", alert.created_at)
    fields = ("user_id", "alert_id", "channel", "day", "recipient", "subject", "body", "next_try_at")
    assert [[getattr(each, name) for name in fields] for each in ours] == [
        [getattr(each, name) for name in fields] for each in theirs
    ]


def test_an_address_that_is_not_confirmed_is_told_of(support, alert):
    alert.by_sms = False
    alert.save()
    assert "1 of them waits until the customer has confirmed" in support.act("alert", "send_now", alert).text


def test_an_alert_whose_limit_is_not_reached_waits(support, alert):
    alert.limit_price = Decimal(500)
    alert.save()
    assert (
        "1 alert waits: the last close has not reached its limit."
        in support.act("alert", "send_now", alert).text
    )
    assert not alert.notifications.exists()


def test_nobody_is_told_twice_of_the_same_day(support, alert):
    support.act("alert", "send_now", alert)
    assert "1 alert was left out: told already" in support.act("alert", "send_now", alert).text
    assert alert.notifications.count() == 2


def test_what_has_failed_is_tried_anew(support, alert):
    support.act("alert", "send_now", alert)
    alert.notifications.filter(channel="mail").update(state="failed", attempts=5)
    assert "1 alert is on its way." in support.act("alert", "send_now", alert).text
    mail = alert.notifications.get(channel="mail")
    assert (mail.state, mail.attempts) == ("waiting", 0)


@pytest.mark.parametrize("why", ["a suspended share", "a suspended account", "no price"])
def test_alerts_of_what_is_suspended_stay(admin, alert, why):
    from netlab.apps.backoffice.models import Stock, Suspension

    if why == "a suspended share":
        Suspension.objects.create(stock=alert.stock)
    elif why == "no price":
        alert.stock = Stock.objects.create(ticker="NEW", name="New")
        alert.save()
    else:
        alert.user.is_active = False
        alert.user.save()
    assert "1 alert was left out" in admin.act("alert", "send_now", alert).text
    assert not alert.notifications.exists()


def test_an_analyst_sends_nothing(analyst, alert):
    analyst.act("alert", "send_now", alert)
    assert not alert.notifications.exists()


def test_an_alert_that_is_changed_waits_again(support, alert):
    support.act("alert", "send_now", alert)
    form = {"stock": alert.stock.pk, "side": "above", "limit_price": "300", "by_mail": "on"}
    assert "was changed" in support.post(f"/admin/backoffice/alert/{alert.pk}/change/", **form).text
    alert.refresh_from_db()
    assert (alert.limit_price, alert.by_sms, alert.triggered_at) == (300, False, None)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"by_mail": ""}, "Choose at least one way"),
        ({"limit_price": "0"}, "Write a price above 0"),
        ({"side": "sideways"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_an_alert_is_refused(support, alert, wrong, words):
    form = {"stock": alert.stock.pk, "side": "above", "limit_price": "300", "by_mail": "on", **wrong}
    assert words in support.post(f"/admin/backoffice/alert/{alert.pk}/change/", **form).text


def test_an_sms_needs_a_number(support, alert):
    alert.user.phone = None
    alert.user.save()
    form = {"stock": alert.stock.pk, "side": "above", "limit_price": "300", "by_sms": "on"}
    page = support.post(f"/admin/backoffice/alert/{alert.pk}/change/", **form).text
    assert "This account has no phone number." in page


def test_a_failed_notification_is_tried_again_from_its_list(support, alert):
    support.act("alert", "send_now", alert)
    alert.notifications.update(state="failed")
    reply = support.act("notification", "try_again", *alert.notifications.all())
    assert "2 notifications are tried again." in reply.text
    assert {each.state for each in alert.notifications.all()} == {"waiting"}


def test_a_key_is_revoked_and_stays_in_the_list(support, ada):
    key = ada.api_keys.create(name="My spreadsheet", prefix="tk_abc", key_hash="h" * 64)
    assert "1 key is revoked." in support.act("apikey", "revoke", key).text
    assert "0 keys are revoked." in support.act("apikey", "revoke", key).text
    key.refresh_from_db()
    assert key.revoked_at
    assert "h" * 64 not in support.get(f"/admin/backoffice/apikey/{key.pk}/change/").text
