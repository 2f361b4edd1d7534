"""The SMS gateway's drawn phone in a real browser: nothing runs, nothing sticks out, and it has a name to listen to."""

import string

import pytest

from netlab.servers.sms_message import Message
from netlab.servers.sms_phone import draw_phone

pytestmark = pytest.mark.browser

ADA = "+12025550123"
HOSTILE = "</title></text></svg><script>hit()</script><img src=x onerror=hit()><svg onload=hit()>"
TEXTS = {
    "prices": "AAPL closed at 25.75 US dollars, above your limit of 25.",
    "markup": HOSTILE,
    "Chinese": "苹果收盘价 25.75 美元，高于您设定的限额。请登录查看详情，或回复退订。" * 2,
    "emoji": "📈📉🚀" * 20,
    "accents": "e\u0301" * 100,
    **{sign: sign * 80 for sign in "WM@m%wi1Ag…€ЖщΩßĲ"},
    "printable": string.printable,
    "long": "word " * 300,
}


@pytest.fixture
def show(browser):
    page = browser.new_page()
    hits = []
    page.expose_function("hit", lambda: hits.append(1))

    def show(*texts):
        messages = [
            Message(f"msg-{n}", ADA, "Ticker", text, "GSM-7", 1, "delivered") for n, text in enumerate(texts)
        ]
        page.set_content(f"<!DOCTYPE html>{draw_phone(ADA, messages).svg}", wait_until="load")
        return page, hits

    yield show
    page.close()


STICKING_OUT = """() => {
    const boxes = (name) => [...document.querySelectorAll(name)].map((each) => each.getBoundingClientRect());
    const [bubble] = boxes("svg rect[rx='10']");
    const lines = boxes("svg text[font-size='13']");
    return [lines.length, lines.filter((line) => line.right > bubble.right || line.left < bubble.left
        || line.top < bubble.top || line.bottom > bubble.bottom).length];
}"""


def test_every_text_stays_in_its_bubble(show):
    for name, text in TEXTS.items():
        page, _ = show(text)
        lines, sticking_out = page.evaluate(STICKING_OUT)
        assert lines, name
        assert not sticking_out, name


def test_markup_is_text_and_nothing_of_it_runs(show):
    page, hits = show(HOSTILE)
    assert "<script>hit()" in page.inner_html("svg title").replace("&lt;", "<").replace("&gt;", ">")
    assert page.query_selector_all("script, img, svg svg") == []
    assert hits == []


def test_who_listens_hears_what_arrived(show):
    page, _ = show("AAPL 430.47", "5 < 6 & 7")
    name = f"The phone {ADA}: Ticker: AAPL 430.47; Ticker: 5 < 6 & 7"
    assert page.get_by_role("img", name=name, exact=True).count() == 1
