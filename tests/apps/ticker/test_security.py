"""What protects a user from other sites and other users: headers, cookies, tokens, escaping, redirects."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from netlab.apps.ticker.app import BLUEPRINTS
from netlab.apps.ticker.models import Stock
from netlab.apps.ticker.navigation import is_ours
from netlab.apps.ticker.security import relative

ATTACK = "<script>alert(1)</script>"
PASSWORD = "four calm horses"
FORMS = [  # every address of ours that changes something
    "/account/sign-up",
    "/account/log-in",
    "/account/log-out",
    "/account/log-out-everywhere",
    "/account/",
    "/account/password",
    "/account/delete",
    "/account/sign-up/confirm",
    "/account/confirm",
    "/account/confirm/ask",
    "/account/reset",
    "/account/reset/new",
    "/watchlist/IBM/add",
    "/watchlist/IBM/remove",
    "/alerts/new",
    "/alerts/1",
    "/alerts/1/delete",
    "/account/keys/",
    "/account/keys/1/revoke",
]


def test_the_list_of_forms_is_whole(app):
    names = {blueprint.name for blueprint, _ in BLUEPRINTS} & {
        "quotes",
        "accounts",
        "watchlist",
        "alerts",
        "keys",
        "links",
    }
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in names]
    changing = {re.sub("<[^>]*ticker>", "IBM", rule.rule) for rule in rules if "POST" in rule.methods}
    assert {re.sub("<[^>]*number>", "1", rule) for rule in changing} == set(FORMS)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_a_form_from_another_site_is_refused(ada, path, token):
    data = {} if token is None else {"csrf_token": token}
    response = ada.client.post(path, data=data)
    assert response.status_code == 400
    assert "This form is too old" in response.text


def test_the_token_of_another_user_is_refused(ada, eve):
    token = re.search(r'name="csrf_token" value="([^"]+)"', eve.get("/").text)[1]
    assert ada.client.post("/account/log-out", data={"csrf_token": token}).status_code == 400


@pytest.mark.parametrize("path", ["/", "/stocks/IBM", "/account/log-in", "/nothing", "/static/style.css"])
def test_every_reply_has_the_protecting_headers(browser, path):
    headers = browser.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_need_no_inline_script_or_style(ada):
    for path in ("/", "/stocks/AAPL", "/watchlist/", "/alerts/new", "/account/"):
        html = ada.get(path).text
        assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|javascript:", html)


def test_a_lab_may_show_the_site_in_a_frame_if_the_settings_say_so(make_app):
    headers = make_app(frame_ancestors="'self' https://hub.example").test_client().get("/").headers
    assert headers["Content-Security-Policy"].endswith("frame-ancestors 'self' https://hub.example")
    assert "X-Frame-Options" not in headers


def test_pages_of_a_user_are_kept_nowhere_and_files_for_ever(ada, browser):
    assert ada.get("/").headers["Cache-Control"] == "no-store"
    assert browser.get("/").headers["Cache-Control"] == "no-cache"
    css = re.search(r'href="(/static/style.css\?v=\w+)"', browser.get("/").text)[1]
    assert browser.get(css).headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_over_http_the_cookie_is_for_the_server_and_this_site_only(browser):
    cookie = browser.get("/account/log-in").headers["Set-Cookie"]
    assert cookie.startswith("ticker_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_for_https_only(browser):
    assert "Secure" in browser.get("/account/log-in", base_url="https://localhost").headers["Set-Cookie"]


def test_a_site_whose_address_is_https_never_sends_a_cookie_for_http(make_app):
    app = make_app(public_url="https://ticker.example")
    assert "Secure" in app.test_client().get("/account/log-in").headers["Set-Cookie"]
    reply = app.test_client().get("/", base_url="https://ticker.example")
    assert reply.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_who_only_looks_gets_no_cookie(browser):
    for path in ("/", "/stocks/IBM", "/search?q=a", "/stocks/IBM/chart.json"):
        assert "Set-Cookie" not in browser.get(path).headers


def test_what_users_and_links_bring_is_escaped(new_browser):
    browser = new_browser()
    response = browser.post(
        "/account/sign-up",
        {"name": ATTACK, "email": "eve@ticker.example", "password": PASSWORD},
        follow_redirects=True,
    )
    pages = [response.text, browser.get("/account/").text]
    pages += [browser.get("/search", query_string={"q": ATTACK}).text]
    pages += [browser.client.get("/account/log-in", query_string={"next": f'">{ATTACK}'}).text]
    pages += [browser.post("/alerts/new", {"limit_price": f'">{ATTACK}', "ticker": ATTACK}).text]
    for html in pages:
        assert ATTACK not in html
    assert "&lt;script&gt;" in pages[0]
    assert "&lt;script&gt;" in pages[2]


def test_names_in_the_data_are_escaped_in_the_chart_too(app, browser, database):
    with database.begin() as session:
        session.scalars(select(Stock).where(Stock.ticker == "IBM")).one().name = f"</title>{ATTACK}"
    html = browser.get("/stocks/IBM").text
    assert ATTACK not in html
    assert html.count("&lt;script&gt;") >= 4


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        " /x",
        "/x\r\nSet-Cookie: a=b",
    ],
)
def test_no_link_sends_a_user_to_another_site(ada, browser, target):
    assert not is_ours(target)
    form = {"email": "ada@ticker.example", "password": PASSWORD, "next": target}
    assert browser.post("/account/log-in", form).headers["Location"] == "/"


@pytest.mark.parametrize("target", ["/", "/watchlist/", "/stocks/IBM?range=5y", "/a//b"])
def test_links_on_this_site_are_followed(target):
    assert is_ours(target)


@given(st.text(alphabet=st.sampled_from("/\\:.?#@a \t\n%"), max_size=12))
def test_what_counts_as_ours_has_no_other_host_in_any_reading(target):
    if is_ours(target):
        as_browsers_read = target.replace("\\", "/")
        assert as_browsers_read.startswith("/")
        assert not as_browsers_read.startswith("//")


@pytest.mark.parametrize(
    ("status", "path", "method"),
    [(404, "/nothing", "GET"), (405, "/account/log-out", "GET"), (405, "/", "PUT")],
)
def test_an_error_is_a_page_with_a_way_on(browser, status, path, method):
    response = browser.client.open(path, method=method)
    assert response.status_code == status
    assert "To the front page" in response.text
    assert response.headers["Cache-Control"] == "no-store"
    if status == 405:
        assert "GET" in response.headers["Allow"] or "POST" in response.headers["Allow"]


def test_a_form_that_is_too_large_is_refused(browser):
    response = browser.client.post("/account/log-in", data={"email": "x" * 100_000})
    assert response.status_code == 413
    assert "too large" in response.text


def test_an_error_of_ours_is_a_page_without_its_details(make_app, monkeypatch):
    app = make_app()
    app.testing = False

    def fail(*_):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("netlab.apps.ticker.quotes.shares.quotes", fail)
    response = app.test_client().get("/")
    assert response.status_code == 500
    assert "it was not your fault" in response.text
    assert "secret" not in response.text


def test_an_error_of_the_database_is_a_page_too(ada, app, database):
    app.testing = False
    with database.begin() as session:
        session.execute(text("DROP TABLE logins"))
    response = ada.get("/")
    assert response.status_code == 500
    assert "it was not your fault" in response.text


# behind a proxy


PROXY = {
    "X-Forwarded-Prefix": "/user/ada/proxy/8000",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "hub.example",
}


def test_behind_a_proxy_every_link_keeps_its_prefix(make_app):
    client = make_app(behind_proxy=True).test_client()
    html = client.get("/stocks/IBM", headers=PROXY).text
    links = re.findall(r'(?:href|src|action|data-figures)="([^"#]+)', html)
    assert len(links) > 10
    assert all(link.startswith("/user/ada/proxy/8000/") for link in links)


def test_behind_a_proxy_the_cookie_is_for_its_prefix_and_scheme(make_app):
    reply = make_app(behind_proxy=True).test_client().get("/account/log-in", headers=PROXY)
    assert "Path=/user/ada/proxy/8000/" in reply.headers["Set-Cookie"]
    assert "Secure" in reply.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/watchlist/", "../account/log-in?next=/watchlist/"),
        ("/account", "./account/"),
        ("/stocks/ibm", "./IBM"),
    ],
)
def test_behind_a_prefix_a_redirect_is_relative(make_app, path, location):
    reply = make_app(behind_proxy=True).test_client().get(path, headers=PROXY)
    assert reply.headers["Location"] == location


def test_without_a_proxy_nobody_believes_its_headers(browser):
    reply = browser.get("/watchlist/", headers=PROXY)
    assert reply.headers["Location"] == "/account/log-in?next=/watchlist/"
    assert "Secure" not in browser.get("/account/log-in", headers=PROXY).headers["Set-Cookie"]


paths = st.lists(st.sampled_from(["a", "b", "c"]), max_size=4).flatmap(
    lambda parts: st.sampled_from(["/" + "/".join(parts), "/" + "".join(f"{part}/" for part in parts)])
)


@given(paths, paths)
def test_a_relative_reference_leads_where_it_should(here, there):
    assert urljoin(f"http://h{here}", relative(here, there)) == f"http://h{there}"
