"""Shares and prices: added, changed, refused, suspended."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)
ADD = "/admin/backoffice/price/add/"
GOOD = {
    "day": "2013-03-04",
    "open": "200",
    "high": "210",
    "low": "190",
    "close": "205.5",
    "volume": "1000",
    "adjusted_close": "",
    "split": "1",
}


@pytest.fixture
def ibm(office):
    from netlab.apps.backoffice.models import Stock

    return Stock.objects.get(ticker="IBM")


@pytest.fixture
def suspended(ibm):
    from netlab.apps.backoffice.models import Suspension

    Suspension.objects.create(stock=ibm, reason="a rumour")
    return ibm


def of_day(stock, day):
    from netlab.apps.backoffice.models import Price

    return Price.objects.filter(stock=stock, day=day)


@both
def test_a_price_is_added_and_its_adjusted_close_is_the_close_unless_told(analyst, ibm):
    assert "was added successfully" in analyst.post(ADD, stock=ibm.pk, **GOOD).text
    price = of_day(ibm, "2013-03-04").get()
    assert (price.day, price.close, price.adjusted_close) == (
        date(2013, 3, 4),
        Decimal("205.5"),
        Decimal("205.5"),
    )
    assert price.move == Decimal("2.75")


@both
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": "2013-03-01"}, "This share has a price of that day"),
        ({"low": "211", "open": "211"}, "The low must not be above the high"),
        ({"open": "211"}, "The open must lie between the low and the high"),
        ({"close": "189"}, "The close must lie between the low and the high"),
        ({"low": "0"}, "Write a price above 0"),
        ({"volume": "-1"}, "greater than or equal to 0"),
        ({"split": "0"}, "Write a number above 0"),
        ({"close": "1.23456"}, "no more than 4 decimal places"),
        ({"adjusted_close": "0"}, "Write a price above 0"),
    ],
)
def test_what_cannot_be_a_price_is_refused_in_words(analyst, ibm, wrong, words):
    before = of_day(ibm, "2013-03-04").count()
    reply = analyst.post(ADD, stock=ibm.pk, **{**GOOD, **wrong})
    assert words in reply.text
    assert of_day(ibm, "2013-03-04").count() == before


def test_a_price_stays_with_its_share_and_its_day(analyst, ibm):
    price = of_day(ibm, "2013-03-01").get()
    form = {**GOOD, "stock": "1", "day": "2001-01-01", "volume": "77"}
    analyst.post(f"/admin/backoffice/price/{price.pk}/change/", **form)
    price.refresh_from_db()
    assert (price.stock, price.day, price.volume) == (ibm, date(2013, 3, 1), 77)


def test_the_list_says_what_a_day_did(analyst, ibm):
    from netlab.apps.backoffice.models import Price

    Price.objects.create(stock=ibm, **{**GOOD, "adjusted_close": 1, "close": "190"})
    assert "−5.00 %" in analyst.get("/admin/backoffice/price/", q="ibm", day__year="2013").text


def test_the_hierarchy_of_days_leads_from_years_to_days(analyst):
    def shown(**query):
        return analyst.get("/admin/backoffice/price/", **query).text

    assert "?day__year=2000" in shown()
    assert "?day__year=2013" in shown()
    assert "day__month=2&amp;day__year=2013" in shown(day__year=2013)
    assert "day__month=4&amp;day__year=2013" not in shown(day__year=2013)
    assert "day__day=28" in shown(day__year=2013, day__month=2)
    assert "day__day=3&" not in shown(day__year=2013, day__month=2)  # a Sunday


def test_the_days_of_splits_are_found(analyst):
    page = analyst.get("/admin/backoffice/price/", split="yes").text
    for day in ("June 21, 2000", "Feb. 28, 2005", "Feb. 18, 2003"):  # Apple's two, and Microsoft's
        assert day in page
    assert page.count('class="field-share') == 3


# suspended shares


@both
def test_a_suspended_share_takes_no_prices(analyst, suspended):
    reply = analyst.post(ADD, stock=suspended.pk, **GOOD)
    assert "This share is suspended: its prices cannot be changed." in reply.text
    assert not of_day(suspended, "2013-03-04").exists()


def test_nor_can_one_be_changed_or_deleted(admin, suspended):
    price = of_day(suspended, "2013-03-01").get()
    path = f"/admin/backoffice/price/{price.pk}"
    assert 'name="_save"' not in admin.get(f"{path}/change/").text
    assert admin.post(f"{path}/change/", form_at="/admin/", **GOOD).status_code == 403
    assert admin.get(f"{path}/delete/").status_code == 403
    refused = admin.act("price", "delete_selected", price, post="yes")
    assert refused.status_code == 403
    assert of_day(suspended, "2013-03-01").exists()


@both
def test_shares_are_suspended_and_resumed_from_the_list(admin, ibm):
    assert "1 share is suspended." in admin.act("stock", "suspend", ibm).text
    assert "IBM" in admin.get("/admin/backoffice/stock/", suspended="yes").text
    assert "0 shares are suspended." in admin.act("stock", "suspend", ibm).text
    assert "1 share trades again." in admin.act("stock", "resume", ibm).text
    assert "IBM" not in admin.get("/admin/backoffice/stock/", suspended="yes").text


def test_an_analyst_sees_that_a_share_is_suspended_and_cannot_suspend(analyst, suspended):
    page = analyst.get("/admin/backoffice/stock/").text
    assert 'alt="False"' in page
    assert 'value="suspend"' not in page
    analyst.act("stock", "resume", suspended)
    assert "a rumour" in analyst.get(f"/admin/backoffice/stock/{suspended.pk}/change/").text


# shares


def test_names_are_changed_in_the_list(analyst, ibm):
    from netlab.apps.backoffice.models import Stock

    stocks = list(Stock.objects.all())
    rows = {"form-TOTAL_FORMS": len(stocks), "form-INITIAL_FORMS": len(stocks)}
    for number, stock in enumerate(stocks):
        name = "Big Blue" if stock == ibm else stock.name
        rows |= {f"form-{number}-id": stock.pk, f"form-{number}-name": name}
    assert "1 share was changed" in analyst.post("/admin/backoffice/stock/", _save="Save", **rows).text
    ibm.refresh_from_db()
    assert ibm.name == "Big Blue"


def test_a_ticker_is_written_in_capital_letters_and_never_changed(admin, ibm):
    assert "Write capital letters" in admin.post("/admin/backoffice/stock/add/", ticker="ibm", name="x").text
    page = f"/admin/backoffice/stock/{ibm.pk}/change/"
    inline = {"suspension-TOTAL_FORMS": 0, "suspension-INITIAL_FORMS": 0}
    admin.post(page, ticker="BIG", name="Big Blue", **inline)
    ibm.refresh_from_db()
    assert (ibm.ticker, ibm.name) == ("IBM", "Big Blue")


def test_a_share_with_prices_is_not_deleted_and_one_without_is(admin, ibm):
    from netlab.apps.backoffice.models import Stock

    new = Stock.objects.create(ticker="NEW", name="New")
    assert admin.get(f"/admin/backoffice/stock/{ibm.pk}/delete/").status_code == 403
    assert "was deleted" in admin.post(f"/admin/backoffice/stock/{new.pk}/delete/", post="yes").text
    assert not Stock.objects.filter(ticker="NEW").exists()
    assert "delete_selected" not in admin.get("/admin/backoffice/stock/").text
