"""Accounts: sign up, log in and out, change what is there, leave; guessing is slow, and a log-out is real."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from netlab.apps.ticker.columns import now
from netlab.apps.ticker.logins import LIFE, MOST_PER_ACCOUNT, MOST_PER_ADDRESS, WINDOW
from netlab.apps.ticker.models import Alert, Login, LoginFailure, User, WatchedStock

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)

PASSWORD = "four calm horses"
FORM = {"email": "ada@ticker.example", "name": "Ada", "password": PASSWORD}


def is_in(browser):
    return browser.get("/account/").status_code == 200


def one_user(database):
    with database.session() as session:
        return session.scalars(select(User)).one()


@both
def test_who_signs_up_is_logged_in(browser, database):
    response = browser.post(
        "/account/sign-up", {**FORM, "email": "  Ada@Ticker.EXAMPLE "}, follow_redirects=True
    )
    assert "Welcome, Ada." in response.text
    assert is_in(browser)
    user = one_user(database)
    assert user.email == "ada@ticker.example"
    assert user.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Write your name."),
        ("name", "A\nBcc: eve@ticker.example", "on one line"),
        ("name", "x" * 81, "at most 80"),
        ("email", "", "mail address such as"),
        ("email", "ada", "mail address such as"),
        ("email", "ada@localhost", "mail address such as"),
        ("email", "ada@ticker.example\x00", "mail address such as"),
        ("email", "a@b.example\r\nBcc: c@d.example", "mail address such as"),
        ("email", f"{'x' * 250}@b.example", "mail address such as"),
        ("password", "short", "at least 10 characters"),
        ("password", "1234567890", "first passwords"),
        ("password", "ada@ticker.example", "Do not use your mail address"),
    ],
)
def test_what_cannot_be_taken_is_explained_at_its_field(browser, database, field, value, message):
    response = browser.post("/account/sign-up", {**FORM, field: value})
    assert response.status_code == 422
    assert message in response.text
    assert f'aria-describedby="{field}-' in response.text
    assert f'id="{field}-error"' in response.text
    assert "<title>Error: Sign up" in response.text
    assert PASSWORD not in response.text
    with database.session() as session:
        assert session.scalar(select(func.count(User.id))) == 0


@both
def test_an_address_has_one_account(ada, browser):
    response = browser.post("/account/sign-up", {**FORM, "email": "ADA@ticker.example"})
    assert response.status_code == 422
    assert "There is an account with this address" in response.text
    assert not is_in(browser)


@both
def test_log_in_and_log_out(ada, browser):
    assert browser.log_in().status_code == 303
    assert is_in(browser)
    response = browser.post("/account/log-out", form_at="/", follow_redirects=True)
    assert "You are logged out." in response.text
    assert not is_in(browser)


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"email": "nobody@ticker.example"}])
def test_a_wrong_password_and_an_unknown_address_sound_alike(ada, browser, wrong):
    response = browser.log_in(**wrong)
    assert response.status_code == 422
    assert "The mail address or the password is wrong." in response.text
    assert not is_in(browser)


def test_a_user_who_was_barred_is_out_at_once_and_stays_out(ada, browser, database):
    with database.begin() as session:
        session.execute(update(User).values(is_active=False))
    assert not is_in(ada)
    assert browser.log_in().status_code == 422


def test_a_log_out_makes_a_copied_cookie_worthless(ada, new_browser):
    thief = new_browser()
    thief.client.set_cookie("ticker_session", ada.client.get_cookie("ticker_session").value)
    assert is_in(thief)
    ada.post("/account/log-out", form_at="/")
    assert not is_in(thief)


def test_a_session_that_somebody_prepared_does_not_become_the_users(ada, new_browser):
    """Session fixation: the attacker plants a cookie of their own before the victim logs in."""
    attacker, victim = new_browser(), new_browser()
    attacker.get("/account/log-in")
    planted = attacker.client.get_cookie("ticker_session").value
    victim.client.set_cookie("ticker_session", planted)
    assert victim.log_in().status_code == 303
    assert victim.client.get_cookie("ticker_session").value != planted
    assert is_in(victim)
    assert not is_in(attacker)


def test_a_csrf_token_from_before_the_log_in_is_not_valid_after_it(ada, new_browser):
    browser = new_browser()
    before = (
        browser.client.get("/account/log-in")
        .text.partition('name="csrf_token" type="hidden" value="')[2]
        .partition('"')[0]
    )
    assert before
    browser.log_in()
    assert browser.client.post("/account/log-out", data={"csrf_token": before}).status_code == 400


def test_a_login_ends_after_its_time(ada, database):
    with database.begin() as session:
        session.execute(update(Login).values(expires_at=now() - timedelta(seconds=1)))
    assert not is_in(ada)


def test_the_browser_forgets_its_cookie_when_the_login_ends(ada):
    left = ada.client.get_cookie("ticker_session").expires - now()
    assert LIFE - timedelta(minutes=5) < left <= LIFE


def test_the_database_holds_no_token_that_a_browser_could_send(ada, app, database):
    cookie = ada.client.get_cookie("ticker_session").value
    token = app.session_interface.get_signing_serializer(app).loads(cookie)["login"]
    with database.session() as session:
        assert session.scalars(select(Login)).one().token_hash != token


@both
def test_guessing_one_account_is_stopped_even_with_the_right_password(ada, browser, database):
    for _ in range(MOST_PER_ACCOUNT):
        assert browser.log_in(password="wrong").status_code == 422
    response = browser.log_in()
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= WINDOW.total_seconds()
    assert "Too many tries. Wait 15 minutes" in response.text
    with database.begin() as session:  # a quarter of an hour passes
        session.execute(update(LoginFailure).values(failed_at=now() - WINDOW - timedelta(seconds=1)))
    assert browser.log_in().status_code == 303


def test_guessing_many_accounts_from_one_address_is_stopped(browser):
    for number in range(MOST_PER_ADDRESS):
        assert browser.log_in(f"user{number}@ticker.example").status_code == 422
    assert browser.log_in("another@ticker.example").status_code == 429
    elsewhere = {"environ_base": {"REMOTE_ADDR": "127.0.0.9"}}
    assert browser.log_in("another@ticker.example", **elsewhere).status_code == 422


def test_the_right_password_makes_the_wrong_tries_forgotten(ada, browser, database):
    for _ in range(MOST_PER_ACCOUNT - 1):
        browser.log_in(password="wrong")
    assert browser.log_in().status_code == 303
    with database.session() as session:
        assert session.scalar(select(func.count(LoginFailure.id))) == 0


def test_a_hash_from_cheaper_days_is_made_anew_at_the_log_in(ada, make_app, database, new_browser):
    before = one_user(database).password_hash
    app = make_app(argon2_time=2)
    type(ada)(app).log_in()
    after = one_user(database).password_hash
    assert "t=2" in after
    assert after != before


@both
def test_name_and_phone_can_be_changed(ada, database):
    response = ada.post("/account/", {"name": "Ada L.", "phone": "+1 (202) 555-0123"}, follow_redirects=True)
    assert "Your account is changed." in response.text
    assert (one_user(database).name, one_user(database).phone) == ("Ada L.", "+12025550123")
    ada.post("/account/", {"name": "Ada L.", "phone": ""})
    assert one_user(database).phone is None


@pytest.mark.parametrize(
    "phone", ["+12025550200", "+4915112345678", "12025550123", "+1202555012", "٠١٢", "x"]
)
def test_a_number_that_could_be_somebodys_is_refused(ada, database, phone):
    response = ada.post("/account/", {"name": "Ada", "phone": phone})
    assert response.status_code == 422
    assert "kept for fiction" in response.text
    assert one_user(database).phone is None


def test_a_number_that_an_alert_needs_cannot_be_removed(ada):
    ada.post("/account/", {"name": "Ada", "phone": "+12025550123"})
    ada.post("/alerts/new", {"ticker": "IBM", "side": "above", "limit_price": "300", "by_sms": "y"})
    response = ada.post("/account/", {"name": "Ada", "phone": ""})
    assert response.status_code == 422
    assert "An alert of yours comes by SMS." in response.text


@both
def test_a_new_password_logs_every_other_browser_out(ada, new_browser):
    other = new_browser()
    other.log_in()
    response = ada.post(
        "/account/password", {"current": PASSWORD, "password": "five calm horses"}, follow_redirects=True
    )
    assert "Your password is changed." in response.text
    assert is_in(ada)
    assert not is_in(other)
    assert other.log_in().status_code == 422
    assert other.log_in(password="five calm horses").status_code == 303


@pytest.mark.parametrize("path", ["/account/password", "/account/delete"])
def test_who_only_found_an_open_browser_cannot_take_the_account_over(ada, path):
    fields = {"current": "wrong", "password": "five calm horses", "sure": "y"}
    for _ in range(MOST_PER_ACCOUNT):
        assert "The password is wrong." in ada.post(path, fields).text
    assert "Too many tries." in ada.post(path, {**fields, "current": PASSWORD}).text
    assert is_in(ada)


def test_log_out_everywhere(ada, new_browser):
    other = new_browser()
    other.log_in()
    ada.post("/account/log-out-everywhere", form_at="/account/")
    assert not is_in(ada)
    assert not is_in(other)


@both
def test_a_deleted_account_leaves_nothing(ada, eve, database):
    for each in (ada, eve):
        each.post("/watchlist/IBM/add", form_at="/stocks/IBM")
        each.post("/alerts/new", {"ticker": "IBM", "side": "above", "limit_price": "300", "by_mail": "y"})
    assert ada.post("/account/delete", {"current": PASSWORD}).status_code == 422  # not sure
    response = ada.post("/account/delete", {"current": PASSWORD, "sure": "y"}, follow_redirects=True)
    assert "Your account is deleted" in response.text
    assert not is_in(ada)
    assert is_in(eve)
    with database.session() as session:
        for table in (User, Login, WatchedStock, Alert):
            assert session.scalar(select(func.count(table.id))) == 1


@pytest.mark.parametrize(
    "path", ["/account/", "/account/password", "/account/delete", "/watchlist/", "/alerts/", "/alerts/new"]
)
def test_who_is_not_logged_in_comes_back_after_the_log_in(ada, browser, path):
    response = browser.get(path, follow_redirects=True)
    assert response.request.path == "/account/log-in"
    back = response.request.args["next"]
    assert back == path
    landed = browser.post(f"/account/log-in?next={back}", {**FORM}, follow_redirects=True)
    assert landed.request.path == path


@pytest.mark.parametrize("path", ["/account/log-in", "/account/sign-up"])
def test_who_is_logged_in_already_is_sent_on(ada, path):
    assert ada.get(path).headers["Location"] == "/"
