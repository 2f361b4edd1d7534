"""Behind a real jupyter-server-proxy, as on a JupyterHub: every link, redirect and cookie keeps to its prefix."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest

from netlab.servers import WebServer


@pytest.fixture
def visit(jupyter, hub_user, make_app):
    """A session, and the address at which the proxy shows the site."""
    with WebServer(make_app(behind_proxy=True)) as server:
        yield hub_user, f"{jupyter}proxy/{server.port}/"


def fill_in(session, url, fields):
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', session.get(url, timeout=10).text)[1]
    return session.post(url, {"csrf_token": token, **fields}, timeout=10)


def test_every_link_of_a_page_works_there(visit):
    session, home = visit
    html = session.get(home, timeout=10).text
    links = {urljoin(home, link) for link in re.findall(r'(?:href|src|action)="([^"#]+)', html)}
    assert len(links) > 8
    for link in links:
        assert link.startswith(home)
        assert session.get(link, timeout=10).status_code == 200, link


def test_a_user_signs_up_and_is_sent_where_the_site_is(visit):
    session, home = visit
    asked = session.get(f"{home}alerts/", timeout=10)
    assert asked.url == f"{home}account/log-in?next=/alerts/"
    fields = {"name": "Ada", "email": "ada@ticker.example", "password": "four calm horses"}
    landed = fill_in(session, f"{home}account/sign-up?next=/alerts/", fields)
    assert landed.url == f"{home}alerts/"
    assert "Welcome, Ada." in landed.text
    (cookie,) = [each for each in session.cookies if each.name == "ticker_session"]
    assert cookie.path == urlsplit(home).path


def test_even_without_the_setting_a_redirect_leads_back_to_the_site(jupyter, hub_user, app):
    with WebServer(app) as server:
        home = f"{jupyter}proxy/{server.port}/"
        reply = hub_user.get(f"{home}stocks/ibm", timeout=10)
        assert reply.url == f"{home}stocks/IBM"


def test_the_chart_may_be_framed_by_the_lab(visit):
    session, home = visit
    assert "frame-ancestors 'self'" in session.get(home, timeout=10).headers["Content-Security-Policy"]
