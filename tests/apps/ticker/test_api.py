"""The JSON API: prices for everyone, the rest for who has a key; held to its own description by schemathesis."""

from __future__ import annotations

import re

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings

from netlab.servers import WebServer

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)
V1 = "/api/v1"


def make_key(browser, name="spreadsheet"):
    """Make a key on its page, the only one that shows it."""
    page = browser.post("/account/keys/", {"name": name}).text
    return re.search(r"<code>(ticker_[\w-]{43})</code>", page)[1]


class Program:
    """A program that uses the API with a key."""

    def __init__(self, app, key):
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {key}"}

    def __getattr__(self, method):
        call = getattr(self.client, method)
        return lambda path, **options: call(V1 + path, headers=self.headers, **options)


@pytest.fixture
def key(ada):
    """A key of Ada's."""
    return make_key(ada)


@pytest.fixture
def program(app, key):
    """A program of Ada's."""
    return Program(app, key)


@pytest.fixture
def described(app):
    """The API as it describes itself."""
    return schemathesis.openapi.from_wsgi(f"{V1}/openapi.json", app)


ALERT = {"ticker": "AAPL", "side": "below", "limit_price": "400.50"}


# prices


@both
def test_anybody_may_read_the_prices(app):
    client = app.test_client()
    quotes = client.get(f"{V1}/stocks").json
    assert [quote["ticker"] for quote in quotes] == ["AAPL", "FB", "GOOG", "IBM", "MSFT"]
    assert client.get(f"{V1}/stocks/aapl").json == {
        "ticker": "AAPL",
        "name": "Apple",
        "day": "2013-03-01",
        "close": "430.47",
        "change": "-10.93",
    }


@both
def test_prices_come_page_by_page_the_last_day_first(app):
    path = f"{V1}/stocks/AAPL/prices?from=2013-02-01&to=2013-02-28&page_size=10"
    response = app.test_client().get(path)
    assert [price["day"] for price in response.json][:2] == ["2013-02-28", "2013-02-27"]
    assert len(response.json) == 10
    assert '"total": 19' in response.headers["X-Pagination"]
    assert len(app.test_client().get(f"{path}&page=2").json) == 9


@pytest.mark.parametrize("page", [3, 10**30])
def test_beyond_the_last_page_there_is_nothing(app, page):
    path = f"{V1}/stocks/AAPL/prices?from=2013-02-01&page={page}&page_size=20"
    response = app.test_client().get(path)
    assert (response.status_code, response.json) == (200, [])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=yesterday", "from"),
        ("page=0", "page"),
        ("page_size=100000", "page_size"),
        ("to=2013-02-30", "to"),
    ],
)
def test_what_cannot_be_asked_is_named(app, query, field):
    response = app.test_client().get(f"{V1}/stocks/AAPL/prices?{query}")
    assert response.status_code == 422
    assert list(response.json["errors"]) == [field]


def test_a_split_shows(app):
    path = f"{V1}/stocks/AAPL/prices?from=2005-02-28&to=2005-02-28"
    (price,) = app.test_client().get(path).json
    assert (price["close"], price["split"]) == ("44.86", "2.00")


# keys


@pytest.mark.parametrize("path", ["/watchlist", "/alerts", "/alerts/1"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer ticker_wrong"},
        {"Authorization": "Basic YWRhOnBhc3M="},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer \x00"},
    ],
)
def test_nobody_comes_in_without_a_key(app, path, headers):
    response = app.test_client().get(V1 + path, headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert response.content_type == "application/problem+json"


def test_a_cookie_is_no_key_so_no_other_site_can_use_it(ada):
    assert ada.get(f"{V1}/watchlist").status_code == 401
    assert ada.client.post(f"{V1}/alerts", json=ALERT).status_code == 401


@both
def test_a_key_is_shown_once_and_opens_its_owners_things(program, ada):
    assert program.get("/watchlist").json == []
    page = ada.get("/account/keys/").text
    assert "spreadsheet" in page
    assert "last used on" in page
    assert program.headers["Authorization"].removeprefix("Bearer ") not in page


def test_a_revoked_key_opens_nothing(program, ada):
    number = re.search(r"/account/keys/(\d+)/revoke", ada.get("/account/keys/").text)[1]
    assert ada.post(f"/account/keys/{number}/revoke", form_at="/account/keys/").status_code == 303
    assert program.get("/watchlist").status_code == 401
    assert ada.post(f"/account/keys/{number}/revoke", form_at="/account/keys/").status_code == 404


def test_nobody_revokes_somebody_elses_key(program, ada, eve):
    number = re.search(r"/account/keys/(\d+)/revoke", ada.get("/account/keys/").text)[1]
    assert eve.post(f"/account/keys/{number}/revoke", form_at="/account/keys/").status_code == 404
    assert program.get("/watchlist").status_code == 200


def test_a_key_needs_a_name(ada):
    page = ada.post("/account/keys/", {"name": " "})
    assert page.status_code == 422
    assert "Give the key a name." in page.text


def test_there_are_only_so_many_keys(ada):
    for number in range(20):
        make_key(ada, f"key {number}")
    page = ada.post("/account/keys/", {"name": "one more"})
    assert page.status_code == 422
    assert "Revoke one first" in page.text


def test_the_database_does_not_know_the_key(program, database):
    with database.engine.connect() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM api_keys").all())
    assert program.headers["Authorization"].removeprefix("Bearer ") not in kept


# watch-list


@both
def test_to_put_and_to_delete_can_be_repeated(program):
    for _ in range(2):
        assert program.put("/watchlist/aapl").status_code == 204
    assert [quote["ticker"] for quote in program.get("/watchlist").json] == ["AAPL"]
    for _ in range(2):
        assert program.delete("/watchlist/AAPL").status_code == 204
    assert program.get("/watchlist").json == []


def test_what_is_no_share_cannot_be_watched(program):
    assert program.put("/watchlist/NOPE").status_code == 404


# alerts


@both
def test_an_alert_is_set_read_and_deleted(program):
    made = program.post("/alerts", json=ALERT)
    assert made.status_code == 201
    assert made.json["limit_price"] == "400.50"
    assert made.json["channels"] == ["mail"]
    assert made.headers["Location"] == f"{V1}/alerts/{made.json['id']}"
    path = f"/alerts/{made.json['id']}"
    assert program.get(path).json == made.json
    assert program.get("/alerts").json == [made.json]
    assert program.delete(path).status_code == 204
    assert program.get(path).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ticker": "\x00"}, "ticker"),
        ({"side": "sideways"}, "side"),
        ({"limit_price": 400.5}, "limit_price"),
        ({"limit_price": "-1"}, "limit_price"),
        ({"limit_price": "0"}, "limit_price"),
        ({"limit_price": "NaN"}, "limit_price"),
        ({"limit_price": "1e5"}, "limit_price"),
        ({"limit_price": "0.00001"}, "limit_price"),
        ({"limit_price": "1000000"}, "limit_price"),
        ({"channels": []}, "channels"),
        ({"channels": ["pigeon"]}, "channels"),
        ({"user_id": 1}, "user_id"),
        ({"triggered_at": None}, "triggered_at"),
    ],
)
def test_a_field_that_cannot_be_is_named(program, change, field):
    response = program.post("/alerts", json=ALERT | change)
    assert response.status_code == 422
    assert list(response.json["errors"]) == [field]
    assert program.get("/alerts").json == []


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [({"ticker": "NOPE"}, 404, "no such share"), ({"channels": ["sms"]}, 409, "no phone number")],
)
def test_what_the_site_cannot_do_is_said(program, change, status, words):
    response = program.post("/alerts", json=ALERT | change)
    assert response.status_code == status
    assert words in response.json["detail"]


def test_what_is_no_json_is_refused(program):
    assert program.post("/alerts", data="{", content_type="application/json").status_code == 400
    assert program.post("/alerts", data="ticker=AAPL").status_code in (415, 422)


def test_there_are_only_so_many_alerts(program):
    for _ in range(50):
        assert program.post("/alerts", json=ALERT).status_code == 201
    response = program.post("/alerts", json=ALERT)
    assert response.status_code == 409
    assert "Delete one first" in response.json["detail"]


def test_an_alert_of_somebody_else_is_not_there(app, program, eve):
    path = f"/alerts/{program.post('/alerts', json=ALERT).json['id']}"
    stranger = Program(app, make_key(eve))
    assert stranger.get(path).status_code == 404
    assert stranger.delete(path).status_code == 404
    assert program.get(path).status_code == 200


# errors, and the description


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/stocks/NOPE", 404),
        ("POST", "/stocks", 405),
        ("GET", "/alerts/x", 404),
    ],
)
def test_every_error_is_a_problem(app, method, path, status):
    response = app.test_client().open(V1 + path, method=method)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert response.json["status"] == status
    assert response.json["detail"]


def test_it_is_used_over_a_real_connection(app, key):
    with WebServer(app) as server:
        response = requests.post(
            f"{server.url}{V1}/alerts", json=ALERT, headers={"Authorization": f"Bearer {key}"}, timeout=5
        )
    assert response.status_code == 201


def test_whatever_is_sent_it_keeps_to_its_description(described, key):
    headers = {"Authorization": f"Bearer {key}"}
    operations = [each.ok() for each in described.get_all_operations()]
    assert len(operations) == 10
    for operation in operations:

        @settings(max_examples=25, suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy())
        def keeps_to_it(case):
            case.call_and_validate(headers=headers)

        keeps_to_it()
