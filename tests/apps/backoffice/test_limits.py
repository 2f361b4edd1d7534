"""The limits on single objects: what support may touch, and what an analyst must not find out by any way."""

from __future__ import annotations

import csv

import pytest

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def accounts(office):
    """An account of each kind, as support (sue) sees them."""
    from netlab.apps.backoffice.models import Customer

    found = {
        "own": Customer.objects.filter(assignment__staff__username="sue", is_active=True).first(),
        "nobody's": Customer.objects.filter(assignment=None, is_active=True).first(),
        "another's": Customer.objects.filter(assignment__staff__username="sam", is_active=True).first(),
        "suspended": Customer.objects.filter(assignment=None, is_active=False).first(),
    }
    assert all(found.values())
    return found


def page(account):
    return f"/admin/backoffice/customer/{account.pk}/change/"


NO_INLINES = {
    f"{name}-{part}": "0"
    for name in ("watched", "alerts")
    for part in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
}


@both
@pytest.mark.parametrize("kind", ["own", "nobody's"])
def test_support_works_on_its_own_accounts_and_on_nobodys(support, accounts, kind):
    account = accounts[kind]
    reply = support.post(page(account), name="Another Name", phone="+12025550177", **NO_INLINES)
    assert "was changed successfully" in reply.text
    account.refresh_from_db()
    assert (account.name, account.phone) == ("Another Name", "+12025550177")


@both
def test_support_does_not_see_that_another_of_them_has_an_account(support, accounts):
    account = accounts["another's"]
    reply = support.client.get(page(account))
    assert (reply.status_code, reply["Location"]) == (302, "/admin/")
    assert account.email not in support.get("/admin/backoffice/customer/").text
    assert account.name not in support.get("/admin/backoffice/customer/", q=account.email).text


def test_support_reads_a_suspended_account_and_changes_nothing(support, accounts):
    account = accounts["suspended"]
    assert 'name="_save"' not in support.get(page(account)).text
    reply = support.post(page(account), form_at="/admin/", name="Changed", **NO_INLINES)
    assert reply.status_code == 403
    account.refresh_from_db()
    assert account.name != "Changed"


def test_support_cannot_change_an_address_whatever_its_browser_sends(support, accounts):
    account = accounts["own"]
    before = account.email
    support.post(page(account), name=account.name, email="sue@mine.example", **NO_INLINES)
    account.refresh_from_db()
    assert account.email == before


def test_support_opens_no_account_by_sending_a_field(support, accounts):
    account = accounts["own"]
    support.post(page(account), name=account.name, is_active="", **NO_INLINES)
    account.refresh_from_db()
    assert account.is_active


@both
def test_an_action_leaves_out_what_may_not_be_touched(support, accounts):
    reply = support.act("customer", "suspend", *accounts.values())
    assert "2 accounts are suspended." in reply.text
    assert "1 was left out: it is not yours to change." in reply.text
    for account in accounts.values():
        account.refresh_from_db()
    assert [account.is_active for account in accounts.values()] == [False, False, True, False]


def test_support_suspends_and_only_an_administrator_opens_again(support, admin, accounts):
    support.act("customer", "suspend", accounts["own"])
    assert "reopen" not in support.get("/admin/backoffice/customer/").text
    support.act("customer", "reopen", accounts["own"])
    accounts["own"].refresh_from_db()
    assert not accounts["own"].is_active
    assert "1 account is open again." in admin.act("customer", "reopen", accounts["own"]).text


def test_a_suspended_account_is_logged_out_everywhere(support, accounts):
    from django.utils import timezone

    account = accounts["own"]
    account.logins.create(token_hash="x" * 64, expires_at=timezone.now())
    support.act("customer", "suspend", account)
    assert not account.logins.exists()


def test_support_takes_over_what_is_nobodys_and_nothing_else(support, accounts):
    reply = support.act("customer", "take_over", *accounts.values())
    assert "1 account is yours now." in reply.text
    accounts["nobody's"].refresh_from_db()
    assert accounts["nobody's"].assignment.staff.username == "sue"


# what hangs on an account


def alert_of(account):
    from netlab.apps.backoffice.models import Alert, Stock

    ibm = Stock.objects.get(ticker="IBM")
    return Alert.objects.create(user=account, stock=ibm, side="above", limit_price=100)


@pytest.mark.parametrize(
    ("kind", "status"), [("own", 200), ("nobody's", 200), ("suspended", 403), ("another's", 302)]
)
def test_alerts_have_the_limits_of_their_account(support, accounts, kind, status):
    alert = alert_of(accounts[kind])
    path = f"/admin/backoffice/alert/{alert.pk}/delete/"
    assert support.client.get(path).status_code == status


@pytest.mark.parametrize("kind", ["another's", "suspended"])
def test_no_alert_is_made_for_an_account_out_of_reach(support, accounts, kind):
    from netlab.apps.backoffice.models import Alert

    account, count = accounts[kind], Alert.objects.count()
    stock = alert_of(accounts["own"]).stock
    fields = {"user": account.pk, "stock": stock.pk, "side": "above", "limit_price": "10", "by_mail": "on"}
    reply = support.post("/admin/backoffice/alert/add/", **fields)
    assert "Select a valid choice" in reply.text
    assert Alert.objects.count() == count + 1


def test_a_list_that_is_edited_keeps_the_limits(support, accounts):
    mine, locked = alert_of(accounts["own"]), alert_of(accounts["suspended"])
    rows = {
        "form-TOTAL_FORMS": 2,
        "form-INITIAL_FORMS": 2,
        "form-0-id": locked.pk,
        "form-0-limit_price": "1",
        "form-1-id": mine.pk,
        "form-1-limit_price": "2",
    }
    path = "/admin/backoffice/alert/?stock__id__exact=" + str(mine.stock_id)
    ids = [mine.pk, locked.pk]
    reply = support.post(f"{path}&id__in={mine.pk},{locked.pk}", _save="Save", **rows)
    mine.refresh_from_db()
    locked.refresh_from_db()
    assert "1 alert was changed successfully" in reply.text, ids
    assert (mine.limit_price, locked.limit_price) == (2, 100)


def test_an_autocomplete_offers_only_what_may_be_seen(support, accounts):
    path = "/admin/autocomplete/"
    where = {"app_label": "backoffice", "model_name": "alert", "field_name": "user"}
    for kind, count in (("own", 1), ("another's", 0)):
        found = support.get(path, term=str(accounts[kind].pk), **where).json()["results"]
        assert len([each for each in found if each["id"] == str(accounts[kind].pk)]) == count


# what an analyst must not find out


@pytest.mark.parametrize("field", ["email", "phone"])
def test_an_analyst_sees_no_address_on_any_page(analyst, accounts, field):
    secret = getattr(accounts["own"], field)
    assert secret
    for path in (
        "/admin/",
        "/admin/backoffice/customer/",
        page(accounts["own"]),
        f"/admin/backoffice/customer/{accounts['own'].pk}/history/",
        "/admin/backoffice/alert/",
        "/admin/backoffice/watchedstock/",
    ):
        reply = analyst.get(path)
        assert reply.status_code == 200
        assert secret not in reply.text, path


def test_an_analyst_finds_no_address_by_searching(analyst, admin, accounts):
    account = accounts["own"]
    search = {"q": account.email.partition("@")[2]}
    assert account.name in admin.get("/admin/backoffice/customer/", **search).text
    assert account.name not in analyst.get("/admin/backoffice/customer/", **search).text


@pytest.mark.parametrize(
    "lookup", ["email__startswith", "email", "phone__startswith", "password_hash__startswith"]
)
def test_nor_by_a_filter_in_the_url(analyst, lookup):
    assert analyst.get("/admin/backoffice/customer/", **{lookup: "a"}).status_code == 400


@pytest.mark.parametrize("model", ["alert", "watchedstock"])
@pytest.mark.parametrize("lookup", ["user__email__startswith", "user__password_hash__startswith"])
def test_nor_from_another_list(analyst, model, lookup):
    assert analyst.get(f"/admin/backoffice/{model}/", **{lookup: "a"}).status_code == 400


@pytest.mark.parametrize("path", ["customer/?password_hash__startswith=!", "apikey/?key_hash__startswith=a"])
def test_a_hash_is_told_to_nobody_letter_by_letter(admin, path):
    assert admin.get(f"/admin/backoffice/{path}").status_code == 400


def test_an_analyst_exports_no_address(analyst, admin, accounts):
    for visitor, has in ((admin, True), (analyst, False)):
        reply = visitor.act("customer", "export_csv", accounts["own"])
        (row,) = csv.DictReader(b"".join(reply.streaming_content).decode("utf-8-sig").splitlines())
        assert row["name"] == accounts["own"].name
        assert ("email" in row) is has
        assert ("phone" in row) is has
