"""CSV files for a spreadsheet, which must not run what a customer has typed."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st


def read(reply):
    return list(csv.DictReader(b"".join(reply.streaming_content).decode("utf-8-sig").splitlines()))


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1",
    '=cmd|" /C calc"!A0',
    "-2+3+cmd|x",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_is_text(prepared_file, text):
    from netlab.apps.backoffice.exports import cell

    assert cell(text) == f"'{text}"


@given(st.text())
def test_no_text_at_all_begins_like_a_formula(prepared_file, text):
    from netlab.apps.backoffice.exports import cell

    shown = cell(text)
    assert not shown.strip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert shown in (text, f"'{text}")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "1"),
        (-5, "-5"),
        (Decimal("-0.50"), "-0.50"),
        (Decimal("1E+3"), "1000"),
        (date(2013, 3, 1), "2013-03-01"),
        (datetime(2013, 3, 1, 12, tzinfo=UTC), "2013-03-01T12:00:00Z"),
        ("O’Hara, Ada", "O’Hara, Ada"),
    ],
)
def test_numbers_and_days_stay_what_they_are(prepared_file, value, shown):
    from netlab.apps.backoffice.exports import cell

    assert cell(value) == shown


def test_the_chosen_rows_come_as_a_file(admin):
    from netlab.apps.backoffice.models import Customer

    mallory = Customer.objects.create(name="=HYPERLINK(1)", email="m@x.example", password_hash="!")
    reply = admin.act("customer", "export_csv", mallory)
    assert reply["Content-Type"] == "text/csv; charset=utf-8"
    assert reply["Content-Disposition"] == 'attachment; filename="customer.csv"'
    assert reply["Cache-Control"].startswith("no-store")
    (row,) = read(reply)
    assert row["name"] == "'=HYPERLINK(1)"
    assert "password_hash" not in row


def test_every_row_that_matches_can_be_chosen_at_once(analyst):
    from netlab.apps.backoffice.models import Price

    fb = Price.objects.filter(stock__ticker="FB")
    reply = analyst.post(
        "/admin/backoffice/price/?q=fb", action="export_csv", select_across="1", _selected_action=fb[0].pk
    )
    rows = read(reply)
    assert len(rows) == fb.count()
    assert {row["stock.ticker"] for row in rows} == {"FB"}


def test_more_than_anybody_counts_are_not_exported(analyst, monkeypatch):
    from netlab.apps.backoffice import paging
    from netlab.apps.backoffice.admin import base
    from netlab.apps.backoffice.models import Price

    monkeypatch.setattr(base, "MOST", 100)
    monkeypatch.setattr(paging, "MOST", 100)
    page = analyst.get("/admin/backoffice/price/").text
    assert "more than 100 prices" in " ".join(page.split())
    first = Price.objects.first()
    reply = analyst.post(
        "/admin/backoffice/price/", action="export_csv", select_across="1", _selected_action=first.pk
    )
    assert "There are more than 100. Use a filter first." in reply.text


def test_an_export_is_written_down(admin):
    from netlab.apps.backoffice.models import AuditEntry, Stock

    admin.act("stock", "export_csv", *Stock.objects.all())
    entry = AuditEntry.objects.filter(action="export").get()
    assert entry.changes["rows"] == 5
    assert "ticker" in entry.changes["columns"]
