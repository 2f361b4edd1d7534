"""Accounts: made, changed, deleted; what a customer has goes with the account."""

from __future__ import annotations

import pytest

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)
ADD = "/admin/backoffice/customer/add/"
GOOD = {
    "name": "Ada Lovelace",
    "email": "Ada@Ticker.Example",
    "phone": "+1 (202) 555-0100",
    "password": "four calm horses",
}
NO_INLINES = {
    f"{name}-{part}": "0"
    for name in ("assignment", "watched", "alerts")
    for part in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
}


def ada():
    from netlab.apps.backoffice.models import Customer

    return Customer.objects.filter(email="ada@ticker.example")


@both
def test_an_account_is_kept_as_ticker_keeps_it(admin):
    from netlab.apps.ticker.passwords import Passwords

    assert "was added successfully" in admin.post(ADD, **GOOD).text
    account = ada().get()
    assert account.phone == "+12025550100"
    assert account.is_active
    assert Passwords(1, 8, 1).is_right(GOOD["password"], account.password_hash)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "ada.adler@mail.example"}, "There is an account with this address."),
        ({"email": "ADA.ADLER@MAIL.EXAMPLE"}, "There is an account with this address."),
        ({"email": "nonsense"}, "Enter a valid email address."),
        ({"phone": "+4915112345678"}, "Use a number kept for fiction"),
        ({"name": ""}, "This field is required."),
        ({"name": "A\u2028B"}, "Write a name on one line."),
        ({"password": "short"}, "This is too easy to guess."),
        ({"password": "password1234"}, "This is too easy to guess."),
        ({"password": "Ada@ticker.example"}, "This is too easy to guess."),
    ],
)
def test_what_ticker_would_refuse_is_refused_here(admin, wrong, words):
    assert words in admin.post(ADD, **{**GOOD, **wrong}).text
    assert not ada().exists()


def test_a_password_is_nowhere_to_be_read(admin):
    from netlab.apps.backoffice.models import AuditEntry

    admin.post(ADD, **GOOD)
    account = ada().get()
    page = admin.get(f"/admin/backoffice/customer/{account.pk}/change/").text
    assert account.password_hash not in page
    entry = AuditEntry.objects.get(action="add", kind="customer")
    assert entry.changes["password"] == ["•••", "•••"]
    assert entry.changes["email"] == ["", "ada@ticker.example"]


@both
def test_an_account_is_deleted_with_all_it_has(admin):
    from django.utils import timezone

    from netlab.apps.backoffice.models import Alert, ApiKey, Assignment, Notification, Stock

    admin.post(ADD, **GOOD)
    account, stock = ada().get(), Stock.objects.get(ticker="IBM")
    account.watched.create(stock=stock)
    alert = account.alerts.create(stock=stock, side="above", limit_price=1)
    account.api_keys.create(name="x", prefix="x", key_hash="x")
    account.logins.create(token_hash="x", expires_at=timezone.now())
    admin.act("alert", "send_now", alert)
    admin.act("customer", "take_over", account)
    assert Notification.objects.filter(user=account).exists()
    key = account.pk
    reply = admin.post(f"/admin/backoffice/customer/{key}/delete/", post="yes")
    assert "was deleted successfully" in reply.text
    assert not ada().exists()
    for model in (Alert, ApiKey, Notification):
        assert not model.objects.filter(user=key).exists()
    assert not Assignment.objects.filter(customer=key).exists()


def test_an_address_that_is_new_is_to_be_confirmed_anew(admin):
    from netlab.apps.backoffice.models import Customer

    account = Customer.objects.exclude(email_confirmed_at=None).first()
    page = f"/admin/backoffice/customer/{account.pk}/change/"
    for email, confirmed in ((account.email, True), ("new@mail.example", False)):
        admin.post(page, name="Another Name", email=email, phone="", **NO_INLINES)
        account.refresh_from_db()
        assert account.name == "Another Name"
        assert (account.email_confirmed_at is not None) is confirmed


def test_several_accounts_are_deleted_from_the_list_and_each_is_written_down(admin):
    from netlab.apps.backoffice.models import AuditEntry, Customer

    chosen = list(Customer.objects.order_by("pk")[:2])
    page = admin.act("customer", "delete_selected", *chosen)
    assert "Are you sure" in page.text
    admin.act("customer", "delete_selected", *chosen, post="yes")
    assert not Customer.objects.filter(pk__in=[each.pk for each in chosen]).exists()
    assert AuditEntry.objects.filter(action="delete", kind="customer").count() == 2


@pytest.mark.parametrize("name", ["alan", "sue"])
def test_nobody_else_deletes_an_account(visitor, name):
    from netlab.apps.backoffice.models import Customer

    account = Customer.objects.filter(assignment=None, is_active=True).first()
    assert visitor(name).get(f"/admin/backoffice/customer/{account.pk}/delete/").status_code == 403
    visitor(name).act("customer", "delete_selected", account, post="yes")
    assert Customer.objects.filter(pk=account.pk).exists()


def test_an_administrator_assigns_and_edits_in_rows_below_the_account(admin):
    from django.contrib.auth.models import User

    from netlab.apps.backoffice.models import AuditEntry, Customer, Stock

    account = Customer.objects.filter(assignment=None, is_active=True).first()
    account.watched.all().delete()
    stock, sam = Stock.objects.get(ticker="FB"), User.objects.get(username="sam")
    rows = {
        **NO_INLINES,
        "assignment-TOTAL_FORMS": "1",
        "assignment-0-staff": sam.pk,
        "assignment-0-customer": account.pk,
        "watched-TOTAL_FORMS": "1",
        "watched-0-stock": stock.pk,
        "watched-0-user": account.pk,
    }
    form = {"name": account.name, "email": account.email, "phone": account.phone or ""}
    page = f"/admin/backoffice/customer/{account.pk}/change/"
    assert "was changed successfully" in admin.post(page, **form, **rows).text
    account = Customer.objects.get(pk=account.pk)
    assert account.assignment.staff == sam
    assert [each.stock for each in account.watched.all()] == [stock]
    assert set(AuditEntry.objects.filter(action="add").values_list("kind", flat=True)) == {
        "assignment",
        "watchedstock",
    }
    history = admin.get(f"/admin/backoffice/customer/{account.pk}/history/").text
    assert "Added watched share" in history
