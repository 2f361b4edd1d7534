"""What each role sees and may do, and where it is refused."""

from __future__ import annotations

import pytest

MODELS = (
    "alert",
    "apikey",
    "auditentry",
    "customer",
    "notification",
    "price",
    "stock",
    "watchedstock",
)
SEES = {
    "anna": set(MODELS),
    "alan": {"alert", "customer", "price", "stock", "watchedstock"},
    "sue": {"alert", "apikey", "customer", "notification", "stock", "watchedstock"},
}
ADDS = {
    "anna": {"alert", "customer", "price", "stock", "watchedstock"},
    "alan": {"price", "stock"},
    "sue": {"alert", "watchedstock"},
}


@pytest.mark.parametrize("name", SEES)
def test_each_role_sees_its_lists_and_no_other(visitor, name):
    visitor = visitor(name)
    seen = {model for model in MODELS if visitor.get(f"/admin/backoffice/{model}/").status_code == 200}
    assert seen == SEES[name]


@pytest.mark.parametrize("name", ADDS)
def test_each_role_adds_what_it_may_and_nothing_else(visitor, name):
    visitor = visitor(name)
    seen = {model for model in MODELS if visitor.get(f"/admin/backoffice/{model}/add/").status_code == 200}
    assert seen == ADDS[name]


@pytest.mark.parametrize("path", ["", "backoffice/customer/", "backoffice/price/1/change/", "auth/user/"])
def test_a_stranger_is_asked_to_log_in(visitor, path):
    reply = visitor().client.get(f"/admin/{path}")
    assert reply.status_code == 302
    assert reply["Location"].startswith("/admin/login/?next=/admin/")


@pytest.mark.parametrize("name", ["alan", "sue"])
def test_only_an_administrator_sees_the_staff(visitor, name):
    assert visitor(name).get("/admin/auth/user/").status_code == 403
    assert visitor("anna").get("/admin/auth/user/").status_code == 200
