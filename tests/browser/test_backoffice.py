"""The back office in a real browser: each role does its work, from adding to deleting, and is refused elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from netlab.apps.backoffice import BackOffice

pytestmark = pytest.mark.browser

CHEAP = {"argon2_time": "1", "argon2_memory": "8", "argon2_lanes": "1"}
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def office():
    with BackOffice(settings=CHEAP) as office:
        yield office


@pytest.fixture
def enter(browser, office):
    """Open a window in which one of the staff logs in; what the console calls an error fails the test."""
    contexts, errors = [], []

    def open_window(role, **options):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=office.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda said: errors.append(f"{said.text} {said.location}") if said.type == "error" else None,
        )
        page.goto("/admin/")
        page.locator("#id_username").fill(office.staff[role])
        page.locator("#id_password").fill(office.password)
        page.locator("#id_password").press("Enter")
        page.locator(".tiles").wait_for()
        return page

    yield open_window
    for context in contexts:
        context.close()
    refusals = "the server responded with a status of 403"
    assert [each for each in errors if refusals not in each] == []


def judge(page):
    """No serious fault in accessibility."""
    faults = [each for each in Axe().run(page).response["violations"] if each["impact"] in SERIOUS]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in faults] == [], page.url


def save(page):
    page.get_by_role("button", name="Save", exact=True).first.click()


def succeeded(page, words):
    page.locator(".messagelist .success", has_text=words).wait_for()


def choose(page, field, term):
    """Choose in a field that completes what is typed."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-search__field").fill(term)
    page.locator(".select2-results__option--highlighted", has_text=term).click()


def delete(page):
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Yes, I’m sure").click()
    succeeded(page, "was deleted successfully")


def test_an_administrator_makes_an_account_changes_and_deletes_it(enter):
    page = enter("administrator")
    page.goto("/admin/backoffice/customer/add/")
    for name, value in (("name", "Zoe Zimmer"), ("email", "Zoe@mail.example"), ("phone", "+1 202 555 0123")):
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_password").fill("seven slow trains")
    save(page)
    succeeded(page, "was added successfully")

    page.locator("#searchbar").fill("zoe@mail")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Zoe Zimmer").click()
    assert page.locator("#id_phone").input_value() == "+12025550123"
    page.locator("#id_name").fill("Zoe Zander")
    save(page)
    succeeded(page, "was changed successfully")

    page.goto("/admin/backoffice/customer/?q=Zander")
    page.locator(".action-select").check()
    page.get_by_label("Action:").select_option(label="Suspend the chosen accounts")
    page.get_by_role("button", name="Go").click()
    succeeded(page, "1 account is suspended.")
    page.get_by_role("link", name="Zoe Zander").click()
    page.get_by_role("link", name="History").click()
    assert page.locator("#change-history tbody tr").count() == 3
    page.go_back()
    delete(page)

    page.goto("/admin/backoffice/auditentry/?q=Zoe")
    done = page.locator(".field-action").all_inner_texts()
    assert done[:4] == ["delete", "suspend", "change", "add"]


def test_an_analyst_keeps_prices_and_sees_no_address(enter, office):
    page = enter("analyst")
    page.goto("/admin/backoffice/price/add/")
    choose(page, "stock", "IBM")
    for name, value in (
        ("open", "200"),
        ("high", "210"),
        ("low", "190"),
        ("close", "220"),
        ("volume", "1000"),
    ):
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_day").fill("2013-03-04")
    save(page)
    page.get_by_text("The close must lie between the low and the high.").wait_for()
    page.locator("#id_close").fill("205")
    save(page)
    succeeded(page, "was added successfully")

    page.goto("/admin/backoffice/price/?q=ibm&day__year=2013&day__month=3")
    page.get_by_role("link", name="March 4, 2013").click()
    page.locator("#id_volume").fill("2000")
    save(page)
    succeeded(page, "was changed successfully")

    page.goto("/admin/backoffice/stock/")
    name = page.get_by_role("row", name="IBM").get_by_role("textbox")
    name.fill("Big Blue")
    save(page)
    succeeded(page, "1 share was changed successfully")

    page.goto("/admin/backoffice/customer/")
    assert page.locator("#result_list tbody tr").count() >= 20
    assert "@" not in page.locator("#content").inner_text()
    page.goto("/admin/backoffice/price/?q=ibm&day__year=2013&day__month=3")
    page.get_by_role("link", name="March 4, 2013").click()
    assert page.get_by_role("link", name="Delete").count() == 0
    for path in ("notification/", "auditentry/", "customer/add/", "customer/1/delete/"):
        assert page.goto(f"/admin/backoffice/{path}").status == 403
    assert page.goto("/admin/auth/user/").status == 403


def test_support_helps_a_customer_and_only_its_own(enter):
    page = enter("support")
    page.goto("/admin/backoffice/alert/add/")
    choose(page, "user", "Quin Quist")
    choose(page, "stock", "AAPL")
    page.locator("#id_side").select_option("above")
    page.locator("#id_limit_price").fill("0")
    save(page)
    page.get_by_text("Write a price above 0.").wait_for()
    page.locator("#id_limit_price").fill("100")
    save(page)
    succeeded(page, "was added successfully")

    page.locator(".action-select").first.check()
    page.get_by_label("Action:").select_option(label="Send the chosen alerts now")
    page.get_by_role("button", name="Go").click()
    succeeded(page, "1 alert is on its way.")

    page.locator("#result_list tbody tr").first.locator("a").first.click()
    page.locator("#id_limit_price").fill("123.45")
    save(page)
    succeeded(page, "was changed successfully")
    page.locator("#result_list tbody tr").first.locator("a").first.click()
    delete(page)

    page.goto("/admin/backoffice/customer/?is_active__exact=0")
    page.locator("#result_list tbody a").first.click()
    page.locator(".readonly").first.wait_for()
    assert page.get_by_role("button", name="Save").count() == 0
    page.goto("/admin/backoffice/customer/")
    assert "Rosa Reyes" not in page.locator("#content").inner_text()
    for path in ("price/", "stock/add/", "customer/add/"):
        assert page.goto(f"/admin/backoffice/{path}").status == 403


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_front_page_can_be_read_by_everybody(enter, scheme):
    page = enter(
        "administrator", color_scheme=scheme, bypass_csp=True
    )  # the judge puts a style into the page
    assert page.locator("svg.chart").count() == 3
    judge(page)
    if folder := os.environ.get("NETLAB_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"backoffice-{scheme}.png")
    page.get_by_role("button", name="简体中文").click()
    page.get_by_role("heading", name="总览").wait_for()
    judge(page)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_log_in_and_the_lists_can_be_read_by_everybody(enter, browser, office):
    page = browser.new_page(base_url=office.url)
    page.goto("/admin/")
    judge(page)
    page.close()
    page = enter("administrator", bypass_csp=True)
    for path in ("price/", "customer/", "alert/", "auditentry/", "customer/3/change/"):
        page.goto(f"/admin/backoffice/{path}")
        judge(page)


def test_nothing_comes_from_elsewhere_and_no_script_is_blocked(enter, office):
    page = enter("administrator")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/admin/", "/admin/backoffice/price/add/", "/admin/backoffice/alert/"):
        page.goto(path, wait_until="networkidle")
    assert len(asked) > 20
    assert all(url.startswith((office.url, "data:")) for url in asked)
