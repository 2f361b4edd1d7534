"""The watch-list: everyone has one of their own."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from netlab.apps.ticker.models import WatchedStock

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


def on_the_list(browser):
    html = browser.get("/watchlist/").text
    return [ticker for ticker in ("AAPL", "FB", "GOOG", "IBM", "MSFT") if f'href="/stocks/{ticker}"' in html]


@both
def test_shares_come_and_go(ada):
    assert "Nothing is on it yet" in ada.get("/watchlist/").text
    response = ada.post("/watchlist/GOOG/add", form_at="/stocks/GOOG", follow_redirects=True)
    assert "Google is on your watch-list." in response.text
    ada.post("/watchlist/AAPL/add", form_at="/stocks/AAPL")
    assert on_the_list(ada) == ["AAPL", "GOOG"]
    response = ada.post("/watchlist/GOOG/remove", form_at="/watchlist/", follow_redirects=True)
    assert "Google is no longer on your watch-list." in response.text
    assert on_the_list(ada) == ["AAPL"]


@both
def test_to_watch_a_share_twice_changes_nothing(ada, database):
    for _ in range(2):
        response = ada.post("/watchlist/GOOG/add", form_at="/", follow_redirects=True)
        assert "Google is on your watch-list." in response.text
    with database.session() as session:
        assert session.scalar(select(func.count(WatchedStock.id))) == 1


def test_the_button_on_a_page_of_a_share_fits_what_it_does(ada):
    assert "Add to my watch-list" in ada.get("/stocks/IBM").text
    response = ada.post(
        "/watchlist/IBM/add", {"next": "/stocks/IBM?range=5y"}, form_at="/", follow_redirects=True
    )
    assert response.request.full_path == "/stocks/IBM?range=5y"
    assert "Remove from my watch-list" in response.text


@both
def test_nobody_reaches_another_users_list(ada, eve):
    ada.post("/watchlist/IBM/add", form_at="/")
    assert on_the_list(eve) == []
    eve.post("/watchlist/IBM/remove", form_at="/")
    assert on_the_list(ada) == ["IBM"]


def test_a_share_that_is_not_there_cannot_be_watched(ada):
    assert ada.post("/watchlist/NONE/add", form_at="/").status_code == 404


def test_without_a_log_in_nothing_is_watched(browser, database):
    response = browser.post("/watchlist/IBM/add", form_at="/account/log-in")
    assert response.headers["Location"] == "/account/log-in"
    with database.session() as session:
        assert session.scalar(select(func.count(WatchedStock.id))) == 0


@pytest.mark.parametrize("action", ["add", "remove"])
def test_a_link_cannot_change_the_list(ada, action):
    assert ada.get(f"/watchlist/IBM/{action}").status_code == 405
