"""An instructor's decks in a real browser: no network, no overflow, no error, and notes for the speaker."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from netlab.course import catalogue
from netlab.course.slides import build_slides

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

LESSONS = [lesson.name for lesson in catalogue.load()]
WIDTH, HEIGHT = 1280, 720
TOLERANCE = 16  # pixels: italics and shadows reach a little out of their boxes

# What sticks out of the slide that is shown, in the slide's own pixels. To ask for a box lays the slide out.
OVERFLOW = """room => {
    const slide = Reveal.getCurrentSlide(), scale = Reveal.getScale(), outside = [];
    for (const element of slide.querySelectorAll('*')) {
        if (element.closest('aside, .notes, svg') || !element.checkVisibility()) continue;
        const box = element.getBoundingClientRect();
        const right = (box.right - innerWidth) / scale, bottom = (box.bottom - innerHeight) / scale;
        if (right > room || bottom > room || box.left / scale < -room || box.top / scale < -room)
            outside.push(`${element.tagName} ${element.textContent.trim().slice(0, 40)}`);
        if (element.scrollHeight > element.clientHeight + room && getComputedStyle(element).overflowY !== 'visible')
            outside.push(`${element.tagName} would scroll: ${element.textContent.trim().slice(0, 40)}`);
    }
    return outside.slice(0, 3);
}"""
# Goes through a deck: how many slides it has, and what sticks out of which.
WALK = f"""room => {{
    const overflow = {OVERFLOW}, found = [];
    for (let seen = 1; ; seen += 1) {{
        for (const each of overflow(room)) found.push(`slide ${{Reveal.getSlidePastCount() + 1}}: ${{each}}`);
        if (Reveal.isLastSlide()) return [seen, found];
        Reveal.next();
    }}
}}"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    out = tmp_path_factory.mktemp("slides")
    build_slides(out, ())
    return out


@pytest.fixture(scope="module")
def window(browser):
    """A window for which every network is cut; what all decks share is compiled there once."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, offline=True)
    yield context
    context.close()


@contextlib.contextmanager
def tab(window: BrowserContext) -> Iterator[Page]:
    """A page that keeps what was asked for and what went wrong."""
    page = window.new_page()
    page.strangers, page.problems = [], []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("file:", "data:", "about:", "blob:"))
            else page.strangers.append(request.url)
        ),
    )
    page.on(
        "console", lambda message: page.problems.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    yield page
    page.close()


@pytest.fixture
def page(window):
    with tab(window) as page:
        yield page


@pytest.fixture(scope="module", params=LESSONS)
def deck(window, decks, request):
    """Each deck, opened once for all that is asked of each."""
    with tab(window) as page:
        page.goto((decks / f"{request.param}.html").as_uri())
        page.wait_for_function("window.Reveal && Reveal.isReady()")
        page.evaluate("Reveal.configure({transition: 'none', backgroundTransition: 'none'})")
        yield page


def test_every_slide_fits_and_nothing_is_asked_of_a_network(deck):
    seen, too_large = deck.evaluate(WALK, TOLERANCE)
    assert too_large == []
    assert seen >= 10
    assert deck.strangers == []
    assert deck.problems == []


def test_every_section_has_notes_for_the_speaker(deck):
    silent = deck.evaluate(
        """() => [...document.querySelectorAll('.slides > section')]
            .filter(stack => !stack.querySelector('aside.notes')).map(stack => stack.textContent.trim().slice(0, 40))"""
    )
    assert silent == []


def test_what_is_strong_stands_out_and_an_answer_waits_for_a_click(page, decks):
    page.goto((decks / f"{LESSONS[0]}.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    page.evaluate(
        """() => {
            const {h, v} = Reveal.getIndices(document.querySelector('details').closest('section'));
            Reveal.slide(h, v);
        }"""
    )
    slide = page.locator("section.present section.present")
    weight = slide.locator("strong").first.evaluate("strong => getComputedStyle(strong).fontWeight")
    assert int(weight) >= 600
    answer = slide.locator("details > :not(summary)").first
    assert not answer.is_visible()
    slide.locator("summary").click()
    assert answer.is_visible()


def test_code_and_a_picture_that_are_too_small_together_get_a_slide_each(page, decks):
    page.goto((decks / "02_lan.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    code, picture = page.locator('section:has(> .page [id="cell-id=ticker-net"])').all()
    assert "net.picture()" in code.text_content()
    assert code.locator("img").count() == 0
    assert picture.locator("img").count() == 1
    assert picture.locator(".code").count() == 0
    assert code.locator(".kicker").text_content() == picture.locator(".kicker").text_content()


def test_the_speakers_window_opens_and_shows_the_notes(page, decks):
    page.goto((decks / f"{LESSONS[0]}.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    speaker = popup.value
    speaker.get_by_text("Say:").first.wait_for()
    assert "Ask:" in speaker.inner_text("body")


def test_printing_gives_a_page_for_each_slide(page, decks):
    page.goto(f"{(decks / f'{LESSONS[0]}.html').as_uri()}?print-pdf")
    page.wait_for_function("document.querySelectorAll('.pdf-page').length")
    slides = page.evaluate("Reveal.getTotalSlides()")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == slides


def test_the_index_leads_to_every_deck(page, decks):
    page.goto((decks / "index.html").as_uri())
    for name in LESSONS:
        assert page.locator(f'a[href="{name}.html"]').count() >= 1
    page.locator(f'a[href="{LESSONS[0]}.html"]').first.click()
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    assert page.strangers == []


def test_a_chart_of_plotly_comes_alive_under_the_mouse_without_a_network(page, decks):
    living = [name for name in LESSONS if 'class="plotly"' in (decks / f"{name}.html").read_text()]
    assert living
    page.goto((decks / f"{living[0]}.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    page.evaluate("Reveal.configure({transition: 'none'})")
    page.evaluate(
        """() => {
            const slide = document.querySelector('script.plotly').closest('section');
            const {h, v} = Reveal.getIndices(slide);
            Reveal.slide(h, v);
        }"""
    )
    box = page.locator("section.present img").last.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator("section.present .plot-container .main-svg").first.wait_for(state="attached")
    assert page.evaluate(OVERFLOW, TOLERANCE) == []
    assert page.strangers == []
    assert page.problems == []
