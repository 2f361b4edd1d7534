"""An animation of frames, in a real browser: it moves, each frame in its time, and stands still where it should."""

import pytest

from netlab.lan import Network


@pytest.fixture
def page(browser):
    net = Network()
    net.link(net.host("ada", "192.168.1.10/24"), net.host("ben", "192.168.1.11/24"))
    net["ada"].ping("192.168.1.11")
    page = browser.new_page()
    page.set_content(net.animation().svg)
    page.evaluate("document.querySelector('svg').pauseAnimations()")
    yield page
    page.close()


def seen(page, second: float) -> dict[str, float]:
    """The labels that are seen at a time, and how far to the right."""
    return page.evaluate(
        """second => {
            document.querySelector('svg').setCurrentTime(second)
            const labels = [...document.querySelectorAll('g > text')].map(each => each.parentElement)
            const visible = each => getComputedStyle(each).visibility === 'visible' && each.getClientRects().length
            const shown = labels.filter(visible)
            return Object.fromEntries(shown.map(each => [each.textContent, each.getBoundingClientRect().x]))
        }""",
        second,
    )


def test_each_frame_moves_in_its_time(page):
    begin, later = seen(page, 0.2), seen(page, 1.0)
    assert begin.keys() == later.keys() == {"ARP ?"}
    assert later["ARP ?"] > begin["ARP ?"], "the question goes to the right"
    assert seen(page, 2.9)["ARP !"] < seen(page, 1.9)["ARP !"], "the answer comes back"
    assert seen(page, 3.6).keys() == {"ping"}


def test_it_begins_again(page):
    assert seen(page, 0.2) == seen(page, 0.2 + 4 * 1.7 + 0.5)


@pytest.mark.parametrize("media", [{"media": "print"}, {"reduced_motion": "reduce"}])
def test_on_paper_and_without_motion_there_are_only_the_network_and_its_steps(page, media):
    page.emulate_media(**media)
    assert seen(page, 0.6) == {}
    assert page.get_by_text("4. ben → ada: ICMP echo reply", exact=True).is_visible()
