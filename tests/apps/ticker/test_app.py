"""The application as a whole, over real connections: a user's way from the sign-up to the log-out."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from netlab.servers import WebServer
from netlab.servers.tls import ca_file

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)

PASSWORD = "four calm horses"
SIGN_UP = {"name": "Ada", "email": "ada@ticker.example", "password": PASSWORD}
ALERT = {"ticker": "GOOG", "side": "above", "limit_price": "900", "by_mail": "y"}


class Person(requests.Session):
    """Somebody with a browser: fills in the form that a page has."""

    def __init__(self, url, **options):
        super().__init__()
        self.url = url.rstrip("/")
        self.options = {"timeout": 10, **options}

    def open(self, path):
        return super().get(self.url + path, **self.options)

    def fill_in(self, path, fields, action=None):
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self.open(path).text)[1]
        headers = {"Referer": self.url + path}  # which Flask-WTF wants over HTTPS, and every browser sends
        return super().post(
            self.url + (action or path), {"csrf_token": token, **fields}, headers=headers, **self.options
        )


def go_the_main_way(person):
    assert "Welcome, Ada." in person.fill_in("/account/sign-up", SIGN_UP).text
    assert "Google is on your watch-list." in person.fill_in("/stocks/GOOG", {}, "/watchlist/GOOG/add").text
    assert "806.19" in person.open("/watchlist/").text
    assert "Your alert is set." in person.fill_in("/alerts/new", ALERT).text
    assert "GOOG</a> above 900.00" in person.open("/alerts/").text
    assert "You are logged out." in person.fill_in("/", {}, "/account/log-out").text
    back = person.open("/alerts/")
    assert back.url == f"{person.url}/account/log-in?next=/alerts/"
    assert "Your alerts" in person.fill_in("/account/log-in?next=/alerts/", SIGN_UP).text


@both
def test_the_main_way_over_http(app):
    with WebServer(app) as server, Person(server.url) as person:
        go_the_main_way(person)


def test_the_main_way_over_https(app):
    with ca_file() as ca, WebServer(app, tls=True) as server, Person(server.url, verify=ca) as person:
        go_the_main_way(person)
        assert all(cookie.secure for cookie in person.cookies)


def test_over_https_a_form_sent_from_another_site_is_refused(app):
    with ca_file() as ca, WebServer(app, tls=True) as server, Person(server.url, verify=ca) as person:
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', person.open("/account/sign-up").text)[1]
        reply = person.post(
            f"{server.url}/account/sign-up",
            {"csrf_token": token, **SIGN_UP},
            headers={"Referer": "https://evil.example/"},
            **person.options,
        )
    assert reply.status_code == 400


@both
def test_many_at_once_get_what_is_theirs(app):
    """Sessions of the database and of the users do not mix between threads."""
    with WebServer(app) as server:

        def visit(number):
            with Person(server.url) as person:
                fields = {
                    "name": f"User {number}",
                    "email": f"user{number}@ticker.example",
                    "password": PASSWORD,
                }
                person.fill_in("/account/sign-up", fields)
                for _ in range(3):
                    page = person.open("/account/").text
                    assert f"user{number}@ticker.example" in page
                    assert f'value="User {number}"' in page
                person.fill_in("/stocks/IBM", {}, "/watchlist/IBM/add")
                return "202.91" in person.open("/watchlist/").text

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(visit, range(16)))


def test_to_import_netlab_imports_no_flask():
    program = "import sys, netlab, netlab.apps.ticker; sys.exit(any(n in sys.modules for n in ('flask', 'sqlalchemy')))"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0
