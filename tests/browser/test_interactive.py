"""A chart of plotly.js in a browser without a network: it is drawn, and answers to the mouse."""

from __future__ import annotations

import pytest

from netlab.charts import interactive
from netlab.prices import load_prices

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1000, "height": 560}, offline=True)
    page = context.new_page()
    page.problems, page.strangers = [], []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on(
        "console", lambda message: page.problems.append(message.text) if message.type == "error" else None
    )
    page.on(
        "request",
        lambda request: None if request.url.startswith("file:") else page.strangers.append(request.url),
    )
    yield page
    context.close()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: interactive.candlestick(load_prices("AAPL"), last=60), "close: 4"),
        (lambda: interactive.price(load_prices("AAPL", "IBM"), log=True), "IBM"),
    ],
    ids=["candlestick", "price"],
)
def test_a_saved_page_is_drawn_and_shows_the_values_under_the_mouse(page, tmp_path, make, said):
    page.goto(make().save(tmp_path / "chart.html").as_uri())
    page.locator(".plot-container .main-svg").first.wait_for(state="attached")
    assert page.locator(".xaxislayer-above text").count() >= 3
    page.mouse.move(700, 200)
    page.mouse.move(720, 210, steps=3)
    page.locator(".hoverlayer .legend").wait_for()
    assert said in page.locator(".hoverlayer .legend").text_content()
    assert page.problems == []
    assert page.strangers == []
