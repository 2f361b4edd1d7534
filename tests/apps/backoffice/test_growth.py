"""A list asks the database as many questions for many rows as for few, and counts no million."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)
LISTS = ("alert", "apikey", "auditentry", "customer", "notification", "price", "stock", "watchedstock")


def questions(visitor, path, **query):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert visitor.get(path, **query).status_code == 200
    return [each["sql"] for each in asked]


def grow():
    """Three times as many of everything, or more."""
    from django.contrib.auth.models import User

    from netlab.apps.backoffice.models import (
        Alert,
        ApiKey,
        Assignment,
        AuditEntry,
        Customer,
        Notification,
        Stock,
        WatchedStock,
    )

    sue = User.objects.get(username="sue")
    stocks = Stock.objects.bulk_create(Stock(ticker=f"S{n}", name=f"Share {n}") for n in range(20))
    for n in range(40):
        customer = Customer.objects.create(name=f"C{n}", email=f"c{n}@x.example", password_hash="!")
        if n % 2:
            Assignment.objects.create(customer=customer, staff=sue)
        WatchedStock.objects.create(user=customer, stock=stocks[n % 20])
        alert = Alert.objects.create(user=customer, stock=stocks[n % 20], side="above", limit_price=1)
        Notification.objects.create(
            user=customer,
            alert=alert,
            channel="mail",
            day=datetime.date(2013, 3, 1),
            recipient=customer.email,
            subject="x",
            body="x",
        )
        ApiKey.objects.create(user=customer, name="x", prefix="x", key_hash=f"{n}")
        AuditEntry.objects.create(staff="x", address="x", action="change", kind="price", key=str(n))


@pytest.mark.parametrize("name", ["anna", "sue"])
def test_lists_ask_as_often_for_many_rows_as_for_few(visitor, name):
    visitor = visitor(name)
    lists = [model for model in LISTS if visitor.get(f"/admin/backoffice/{model}/").status_code == 200]
    paths = ["/admin/", *(f"/admin/backoffice/{model}/" for model in lists)]
    grow()
    before = {path: len(questions(visitor, path)) for path in paths}
    from netlab.apps.backoffice.models import Customer

    Customer.objects.filter(name__startswith="C", pk__gt=Customer.objects.first().pk - 30).delete()
    after = {path: len(questions(visitor, path)) for path in paths}
    assert before == after
    assert max(before.values()) <= 20


def test_the_list_of_prices_reads_neither_all_rows_nor_all_days(analyst):
    asked = questions(analyst, "/admin/backoffice/price/")
    about_prices = [sql for sql in asked if 'FROM "prices"' in sql]
    counts = [sql for sql in about_prices if "COUNT" in sql]
    assert len(counts) == 1
    assert "LIMIT 20001" in counts[0]
    assert not [sql for sql in about_prices if "DISTINCT" in sql or "MIN(" in sql]


@both
def test_the_order_of_the_list_is_the_order_of_an_index(office, backend):
    from django.db import connection

    from netlab.apps.backoffice.models import Price

    plan = Price.objects.select_related("stock").order_by("-day", "-pk")[:50].explain()
    assert "ix_prices_day" in plan
    if connection.vendor == "sqlite":
        assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize(
    "query", [{"day__year": 2013}, {"q": "ibm"}, {"stock__id__exact": 1}, {"split": "yes"}]
)
def test_a_filter_asks_no_more(analyst, query):
    plain = len(questions(analyst, "/admin/backoffice/price/"))
    assert len(questions(analyst, "/admin/backoffice/price/", **query)) <= plain + 2


def test_months_without_prices_at_the_ends_are_not_offered(analyst):
    from netlab.apps.backoffice.models import Price, Stock

    stock = Stock.objects.create(ticker="NEW", name="New")
    ones = dict.fromkeys(("open", "high", "low", "close", "adjusted_close"), Decimal(1))
    for day in (datetime.date(1999, 11, 30), datetime.date(2000, 2, 1)):
        Price.objects.create(stock=stock, day=day, volume=1, **ones)
    mine = Price.objects.filter(stock=stock)
    assert [each.isoformat() for each in mine.dates("day", "year")] == ["1999-01-01", "2000-01-01"]
    assert [each.isoformat() for each in mine.dates("day", "month")] == [
        "1999-11-01",
        "1999-12-01",
        "2000-01-01",
        "2000-02-01",
    ]
    assert [each.isoformat() for each in mine.dates("day", "day")] == ["1999-11-30", "2000-02-01"]
    assert list(Price.objects.none().dates("day", "year")) == []
