"""Ticker in a real browser, at a desk and on a phone: a user's whole way, judged for accessibility on each page."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from netlab.apps.ticker.app import create_app
from netlab.apps.ticker.config import Config
from netlab.apps.ticker.context import ticker
from netlab.apps.ticker.jobs import send_mail_links
from netlab.servers import Mailbox, SMTPServer, WebServer

pytestmark = pytest.mark.browser

SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 360, "height": 740}}
SERIOUS = ("serious", "critical")
PASSWORD = "four calm horses"
CHART = "#chart svg:visible"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of the site, with the course's prices."""
    path = tmp_path_factory.mktemp("ticker") / "ticker.sqlite3"
    settings = {"argon2_time": 1, "argon2_memory": 8, "argon2_lanes": 1}
    app = create_app(Config(database_url=f"sqlite:///{path}", **settings))
    with WebServer(app) as server:
        yield server.url
    ticker(app).database.close()


@pytest.fixture(scope="module")
def mail_site(tmp_path_factory):
    """A site with a mail server, and what reads the link in the last mail that came for an address."""
    path = tmp_path_factory.mktemp("ticker") / "ticker.sqlite3"
    mailbox = Mailbox({f"{size}@ticker.example": "secret" for size in SIZES})
    settings = {"argon2_time": 1, "argon2_memory": 8, "argon2_lanes": 1}
    with SMTPServer(mailbox) as post:
        mail = {"smtp_host": post.host, "smtp_port": post.port, "public_url": "http://ticker.example"}
        app = create_app(Config(database_url=f"sqlite:///{path}", **settings, **mail))

        def last_link(address):
            send_mail_links(ticker(app))
            text = mailbox.find(address).inbox.messages[-1].email.get_content()
            return re.search(r"http://ticker\.example(\S+)", text)[1]

        with WebServer(app) as server:
            yield server.url, last_link
        ticker(app).database.close()


@pytest.fixture(params=SIZES)
def size(request):
    return request.param


@pytest.fixture
def page(browser, site, size):
    """A page in a new browser window; what the console calls an error fails the test."""
    context = browser.new_context(viewport=SIZES[size], has_touch=size == "phone", base_url=site)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert errors == []


def judge(page):
    """No serious fault in accessibility, and nothing wider than the screen."""
    faults = [each for each in Axe().run(page).response["violations"] if each["impact"] in SERIOUS]
    assert faults == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is too wide"


def sign_up(page, email):
    page.goto("/account/sign-up")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    page.get_by_text("Welcome, Ada.").wait_for()


def test_a_users_whole_way(page, size):
    email = f"whole-way-{size}@ticker.example"
    page.goto("/")
    judge(page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Sign up").click()
    judge(page)
    sign_up(page, email)
    judge(page)
    page.get_by_role("button", name="Log out").click()
    page.get_by_text("You are logged out.").wait_for()

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Log in").click()
    judge(page)
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.get_by_text("You are logged in, Ada.").wait_for()

    page.get_by_label("Search shares").fill("goog")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Google").wait_for()
    judge(page)
    page.get_by_role("button", name="Add to my watch-list").click()
    page.get_by_text("Google is on your watch-list.").wait_for()

    page.get_by_role("link", name="Set an alert").click()
    judge(page)
    page.get_by_label("at the limit or below").check()
    page.get_by_label("Limit in US dollars").fill("750")
    page.get_by_role("button", name="Set the alert").click()
    page.get_by_text("Your alert is set.").wait_for()
    page.get_by_role("heading", name="GOOG below 750.00").wait_for()
    judge(page)

    page.get_by_role("link", name="Watch-list").click()
    page.get_by_role("row", name="GOOG Google 806.19").wait_for()
    judge(page)
    page.get_by_role("button", name="Remove Google").click()
    page.get_by_text("Nothing is on it yet.").wait_for()
    judge(page)

    page.get_by_role("link", name="Account").click()
    judge(page)
    for link in ("Change my password", "Delete my account"):
        page.get_by_role("link", name=link).click()
        judge(page)
        page.go_back()
    page.get_by_role("link", name="Keys for programs").click()
    page.get_by_label("What is it for?").fill("My spreadsheet")
    page.get_by_role("button", name="Make a key").click()
    page.get_by_text("This is your new key.").wait_for()
    judge(page)
    page.get_by_role("button", name="Revoke the key My spreadsheet").click()
    page.get_by_text("The key is revoked").wait_for()
    page.get_by_role("button", name="Log out", exact=True).click()
    page.get_by_text("You are logged out.").wait_for()


def test_by_mail_an_account_is_made_and_a_forgotten_password_replaced(browser, mail_site, size):
    url, last_link = mail_site
    email = f"{size}@ticker.example"
    context = browser.new_context(viewport=SIZES[size], base_url=url)
    page = context.new_page()
    page.goto("/account/sign-up")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Send me the link").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    judge(page)
    page.goto(link := last_link(email))
    judge(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm and log in").click()
    page.get_by_text("Welcome, Ada.").wait_for()
    page.get_by_role("button", name="Log out").click()
    page.get_by_text("You are logged out.").wait_for()
    page.goto(link)
    page.get_by_role("heading", name="This link opens nothing").wait_for()
    judge(page)

    page.get_by_role("main").get_by_role("link", name="ask for another link").click()
    judge(page)
    page.get_by_label("Mail address").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    page.goto(last_link(email))
    judge(page)
    page.get_by_label("New password").fill("five calm horses")
    page.get_by_role("button", name="Change my password").click()
    page.get_by_text("Log in with the new one.").wait_for()
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Password").fill("five calm horses")
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.get_by_text("You are logged in, Ada.").wait_for()
    context.close()


def test_the_chart_changes_its_range_without_a_reload(page, size):
    page.goto("/stocks/AAPL")
    page.evaluate("window.stillHere = true")
    chart = page.locator(CHART)
    assert chart.locator("text", has_text="Split").count() == 0
    page.get_by_role("navigation", name="Range of the chart").get_by_role("link", name="All").click()
    page.locator("#chart[data-drawn='all']").wait_for()
    assert chart.locator("text", has_text="Split 2:1").count() == 2
    assert "Split 2:1 on 2000-06-21 and 2:1 on 2005-02-28" in page.locator("figcaption").text_content()
    assert chart.locator("polyline").count() == 3
    assert page.evaluate("window.stillHere")
    assert page.url.endswith("/stocks/AAPL?range=all#chart-heading")
    assert page.locator("#chart-news").text_content().startswith("The chart now shows Apple")
    judge(page)
    if folder := os.environ.get("NETLAB_SCREENSHOTS"):  # the README's picture
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=Path(folder) / f"ticker-{size}.png")


def test_script_and_server_draw_the_same_chart(page):
    """The script draws anew from the figures what the server drew as SVG: the same elements at the same places."""
    parts = """each => [...each.children].map(part =>
        [part.tagName, part.textContent,
         ...[...part.attributes].filter(a => a.value !== 'start').map(a => a.name + '=' + a.value).sort()])"""
    page.route("**/chart.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/stocks/AAPL?range=all")
    from_server = page.locator(CHART).evaluate(parts)
    page.unroute_all()
    page.goto("/stocks/AAPL?range=all")
    page.locator("#chart[data-drawn='all']").wait_for()
    assert page.locator(CHART).evaluate(parts) == from_server


def test_the_close_under_the_pointer_is_told(page, size):
    page.goto("/stocks/FB?range=1y")
    page.locator("#chart[data-drawn='1y']").wait_for()
    box = page.locator(CHART).bounding_box()
    x, y = box["x"] + box["width"] - 2, box["y"] + box["height"] / 2
    page.touchscreen.tap(x, y) if size == "phone" else page.mouse.move(x, y)
    page.get_by_text("2013-03-01: 27.78 US dollars").wait_for()


def test_a_form_with_errors_leads_to_them(browser, site):
    page = browser.new_page(viewport=SIZES["phone"], base_url=site)
    page.goto("/account/sign-up")
    page.get_by_role("button", name="Make my account").click()
    page.get_by_role("alert").get_by_role("link", name="Write your name.").click()
    assert page.evaluate("document.activeElement.id") == "name"
    judge(page)
    page.close()


def test_everything_works_without_a_script(browser, site):
    context = browser.new_context(java_script_enabled=False, base_url=site)
    page = context.new_page()
    sign_up(page, "no-script@ticker.example")
    page.goto("/stocks/AAPL")
    page.get_by_role("link", name="All", exact=True).click()
    assert page.locator(CHART).locator("polyline").count() == 3
    page.get_by_role("button", name="Add to my watch-list").click()
    page.get_by_text("Apple is on your watch-list.").wait_for()
    page.get_by_role("button", name="Log out").click()
    page.get_by_text("You are logged out.").wait_for()
    context.close()


def test_the_keyboard_skips_to_the_content_and_sees_where_it_is(page):
    page.goto("/stocks/IBM")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("each => each === document.activeElement && each.getBoundingClientRect().top >= 0")
    assert skip.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_nothing_comes_from_elsewhere(page, site):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/stocks/AAPL", "/account/log-in"):
        page.goto(path, wait_until="networkidle")
    assert len(asked) > 6
    assert all(url.startswith(site) for url in asked)
