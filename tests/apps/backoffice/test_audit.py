"""What was done stands in the log, from what to what, and nobody takes it out."""

from __future__ import annotations

import pytest


@pytest.fixture
def entries(office):
    from netlab.apps.backoffice.models import AuditEntry

    return AuditEntry.objects


def test_a_change_is_told_from_what_to_what_by_whom_and_from_where(analyst, entries):
    from netlab.apps.backoffice.models import Price

    price = Price.objects.filter(stock__ticker="IBM").first()
    names = ("open", "high", "low", "close", "adjusted_close", "split")
    form = {name: getattr(price, name) for name in names}
    analyst.post(f"/admin/backoffice/price/{price.pk}/change/", **form, volume="4711")
    entry = entries.get(action="change")
    assert (entry.staff, entry.address, entry.kind, entry.key) == (
        "alan",
        "127.0.0.1",
        "price",
        str(price.pk),
    )
    assert entry.shown == "IBM 2013-03-01"
    assert entry.changes == {"volume": [str(price.volume), "4711"]}


def test_nobody_changes_or_deletes_an_entry(admin, entries):
    entry = entries.first()
    page = f"/admin/backoffice/auditentry/{entry.pk}"
    assert 'name="_save"' not in admin.get(f"{page}/change/").text
    assert admin.post(f"{page}/change/", form_at="/admin/", staff="somebody").status_code == 403
    assert admin.get(f"{page}/delete/").status_code == 403
    admin.act("auditentry", "delete_selected", entry, post="yes")
    assert entries.filter(pk=entry.pk).exists()


def test_nor_does_a_program_by_mistake(entries):
    entry = entries.create(staff="anna", address="127.0.0.1", action="peek")
    with pytest.raises(TypeError, match="never changed"):
        entry.save()
    with pytest.raises(TypeError, match="never deleted"):
        entry.delete()


def test_it_is_searched_by_who_did_it_and_to_whom(admin, entries):
    entries.create(staff="mallory", address="127.0.0.1", action="peek", shown="Ada (#1)")
    for query in ("mallory", "Ada"):
        assert ">mallory</td>" in admin.get("/admin/backoffice/auditentry/", q=query).text
    assert ">mallory</td>" not in admin.get("/admin/backoffice/auditentry/", q="nobody").text


def test_what_a_customer_has_typed_is_shown_and_not_run(admin):
    from netlab.apps.backoffice.models import Customer

    attack = "<script>alert(1)</script>"
    customer = Customer.objects.create(name=attack, email="m@x.example", password_hash="!")
    admin.act("customer", "suspend", customer)
    for path in (
        "customer/",
        f"customer/{customer.pk}/change/",
        f"customer/{customer.pk}/history/",
        f"customer/{customer.pk}/delete/",
        "auditentry/",
    ):
        page = admin.get(f"/admin/backoffice/{path}").text
        assert "&lt;script&gt;alert(1)" in page, path
        assert attack not in page, path
    assert attack not in admin.get("/admin/").text
