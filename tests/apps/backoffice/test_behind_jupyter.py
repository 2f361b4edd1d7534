"""Behind a real jupyter-server-proxy, as on a JupyterHub: every link, redirect, file and cookie keeps to its prefix."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from netlab.apps.backoffice import BackOffice

CHEAP = {"argon2_time": "1", "argon2_memory": "8", "argon2_lanes": "1"}


@pytest.fixture(scope="module")
def office():
    with BackOffice(settings={"behind_proxy": "1", **CHEAP}) as office:
        yield office


@pytest.fixture
def visit(jupyter, hub_user, office):
    """A session, and the address at which the proxy shows the back office."""
    return hub_user, f"{jupyter}proxy/{office.port}/"


def fill_in(session, url, **fields):
    page = session.get(url, timeout=10)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))  # as a browser says it
    return session.post(
        page.url, {"csrfmiddlewaretoken": token, **fields}, headers={"Origin": origin}, timeout=10
    )


def log_in(session, home, office):
    landed = fill_in(
        session, home, username="anna", password=office.password, next=f"{urlsplit(home).path}admin/"
    )
    assert landed.url == f"{home}admin/"
    return landed


def test_one_of_the_staff_logs_in_and_is_sent_where_the_site_is(visit, office):
    session, home = visit
    asked = session.get(home, timeout=10)
    assert asked.url == f"{home}admin/login/?next={urlsplit(home).path}admin/"
    assert "Overview" in log_in(session, home, office).text
    ours = {each.name: each for each in session.cookies if each.name.startswith("backoffice_")}
    assert set(ours) == {"backoffice_session", "backoffice_csrf"}
    assert {each.path for each in ours.values()} == {urlsplit(home).path}
    assert all(each.has_nonstandard_attr("HttpOnly") for each in ours.values())


def test_every_link_and_file_of_a_page_is_there(visit, office):
    session, home = visit
    for page in (
        log_in(session, home, office),
        session.get(f"{home}admin/backoffice/price/add/", timeout=10),
    ):
        links = {urljoin(page.url, each) for each in re.findall(r'(?:href|src)="([^"#]+)', page.text)}
        assert len(links) > 15
        for link in links:
            assert link.startswith(home)
            if "/logout/" not in link:
                assert session.get(link, timeout=10).status_code == 200, link


def test_a_form_is_taken_and_leads_back(visit, office):
    session, home = visit
    log_in(session, home, office)
    add = f"{home}admin/backoffice/stock/add/"
    landed = fill_in(session, add, ticker="TICK", name="Ticker", _save="Save")
    assert landed.url == f"{home}admin/backoffice/stock/"
    assert "was added successfully" in landed.text


def test_a_language_is_chosen_there(visit, office):
    session, home = visit
    page = log_in(session, home, office)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    fields = {"csrfmiddlewaretoken": token, "language": "zh-hans", "next": urlsplit(page.url).path}
    landed = session.post(f"{home}language/", fields, timeout=10)
    assert landed.url == page.url
    assert "Ticker 后台" in landed.text


def test_a_form_from_elsewhere_is_refused(visit, office):
    session, home = visit
    page = log_in(session, home, office)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    evil = {"Origin": "https://evil.example"}
    reply = session.post(f"{home}admin/logout/", {"csrfmiddlewaretoken": token}, headers=evil, timeout=10)
    assert reply.status_code == 403
    assert session.get(f"{home}admin/", timeout=10).url == f"{home}admin/"


def test_the_lab_may_show_it_in_a_frame_and_nobody_else(visit):
    session, home = visit
    headers = session.get(f"{home}admin/login/", timeout=10).headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]


def test_the_same_process_answers_without_a_prefix_too(visit, office):
    session, home = visit
    session.get(home, timeout=10)
    page = requests.get(f"{office.url}/admin/", timeout=10)
    assert page.url == f"{office.url}/admin/login/?next=/admin/"
    assert 'href="/static/admin/css/base.css"' in page.text
    assert requests.get(f"{office.url}/static/admin/css/base.css", timeout=10).status_code == 200
