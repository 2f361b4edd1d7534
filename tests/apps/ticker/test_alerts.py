"""Alerts: made, changed and deleted by their owner, and by nobody else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from netlab.apps.ticker.alerts import MOST
from netlab.apps.ticker.columns import now
from netlab.apps.ticker.models import Alert, Side

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)

FORM = {"ticker": "AAPL", "side": "above", "limit_price": "500.50", "by_mail": "y"}


def alerts(database):
    with database.session() as session:
        return session.scalars(select(Alert).order_by(Alert.id)).all()


def with_phone(browser):
    browser.post("/account/", {"name": "Ada", "phone": "+447700900123"})
    return browser


@both
def test_an_alert_is_made_changed_and_deleted(ada, database):
    response = ada.post("/alerts/new", FORM, follow_redirects=True)
    assert "Your alert is set." in response.text
    (alert,) = alerts(database)
    assert (alert.stock.ticker, alert.side, alert.limit_price) == ("AAPL", Side.ABOVE, Decimal("500.50"))
    assert (alert.by_mail, alert.by_sms, alert.triggered_at) == (True, False, None)

    path = f"/alerts/{alert.id}"
    assert 'value="500.50' in ada.get(path).text
    ada.post(path, {**FORM, "ticker": "FB", "side": "below", "limit_price": "20"})
    (alert,) = alerts(database)
    assert (alert.stock.ticker, alert.side, alert.limit_price) == ("FB", Side.BELOW, 20)

    ada.post(f"{path}/delete", form_at="/alerts/")
    assert alerts(database) == []


@both
def test_with_a_number_an_alert_may_come_by_sms(ada, database):
    with_phone(ada).post("/alerts/new", {**FORM, "by_mail": "", "by_sms": "y"})
    (alert,) = alerts(database)
    assert (alert.by_mail, alert.by_sms) == (False, True)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("limit_price", "", "Write a price"),
        ("limit_price", "0", "Write a price"),
        ("limit_price", "-5", "Write a price"),
        ("limit_price", "NaN", "Write a price"),
        ("limit_price", "sNaN", "Write a price"),
        ("limit_price", "1e5", "Write a price"),
        ("limit_price", "٥٠٠", "Write a price"),
        ("limit_price", "1.00001", "Write a price"),
        ("limit_price", "1000000", "Write a price"),
        ("ticker", "NONE", "Not a valid choice"),
        ("side", "sideways", "Not a valid choice"),
        ("by_mail", "", "Choose at least one way"),
        ("by_sms", "y", "phone number into your account first"),
    ],
)
def test_what_cannot_be_taken_is_explained_and_what_was_typed_stays(ada, database, field, value, message):
    form = {**FORM, field: value}
    response = ada.post("/alerts/new", {name: each for name, each in form.items() if each != ""})
    assert response.status_code == 422
    assert message in response.text
    assert alerts(database) == []
    if field == "limit_price":
        assert f'value="{value}"' in response.text


def test_a_dollar_sign_does_no_harm(ada, database):
    ada.post("/alerts/new", {**FORM, "limit_price": " $500.50 "})
    assert alerts(database)[0].limit_price == Decimal("500.50")


def test_the_link_on_a_share_chooses_it(ada):
    assert '<option selected value="MSFT">' in ada.get("/alerts/new?ticker=msft").text


def test_there_is_an_end_to_how_many(ada, database):
    ada.post("/alerts/new", FORM)
    with database.begin() as session:
        first = session.scalars(select(Alert)).one()
        usual = {"user_id": first.user_id, "stock_id": first.stock_id, "side": Side.ABOVE, "by_mail": True}
        session.add_all(Alert(**usual, by_sms=False, limit_price=Decimal(n)) for n in range(1, MOST))
    response = ada.post("/alerts/new", FORM)
    assert response.status_code == 422
    assert f"You have {MOST} alerts" in response.text
    assert len(alerts(database)) == MOST


def test_an_alert_that_came_says_when_and_waits_again_once_it_is_saved(ada, database):
    ada.post("/alerts/new", FORM)
    with database.begin() as session:
        session.execute(update(Alert).values(triggered_at=now()))
    assert "It came on" in ada.get("/alerts/").text
    number = alerts(database)[0].id
    assert "This alert has come." in ada.get(f"/alerts/{number}").text
    ada.post(f"/alerts/{number}", FORM)
    assert alerts(database)[0].triggered_at is None


@both
def test_another_users_alert_is_not_there(ada, eve, database):
    """An insecure direct object reference would be to trust the number in the address."""
    ada.post("/alerts/new", FORM)
    number = alerts(database)[0].id
    assert eve.get(f"/alerts/{number}").status_code == 404
    assert (
        eve.post(f"/alerts/{number}", {**FORM, "limit_price": "1"}, form_at="/alerts/new").status_code == 404
    )
    assert eve.post(f"/alerts/{number}/delete", form_at="/alerts/new").status_code == 404
    assert alerts(database)[0].limit_price == Decimal("500.50")
    assert "AAPL" not in eve.get("/alerts/").text


def test_a_form_cannot_give_an_alert_to_somebody_else(ada, eve, database):
    eve.post("/alerts/new", {**FORM, "user_id": "1", "id": "77"})
    assert "AAPL" in eve.get("/alerts/").text
    assert "AAPL" not in ada.get("/alerts/").text
    assert alerts(database)[0].id != 77


@both
@pytest.mark.parametrize("number", ["0", "99", "2147483647", "99999999999999999999", "x"])
def test_an_alert_that_does_not_exist_is_not_found(ada, number):
    assert ada.get(f"/alerts/{number}").status_code == 404


def test_without_a_log_in_there_are_none(ada, browser, database):
    ada.post("/alerts/new", FORM)
    number = alerts(database)[0].id
    for path in ("/alerts/new", f"/alerts/{number}", f"/alerts/{number}/delete"):
        assert browser.post(path, FORM, form_at="/account/log-in").status_code == 303
    with database.session() as session:
        assert session.scalar(select(func.count(Alert.id))) == 1
