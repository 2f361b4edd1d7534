from dataclasses import dataclass, field

import matplotlib.pyplot as plt
import pytest

from netlab.charts import draw_waterfall
from netlab.charts.waterfall import LOOKS, describe, draw_bars, draw_stair
from netlab.errors import OptionError
from netlab.http.timings import PHASES


@dataclass
class Measured:
    """As much of a timing as a picture needs."""

    url: str = "http://www.ticker.example/"
    start: float = 0.0
    phases: dict[str, float] = field(default_factory=lambda: {"connect": 0.001, "wait": 0.002})

    @property
    def total(self):
        return sum(self.phases.values())


@pytest.fixture
def axes():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def spans(axes):
    """From where to where each bar goes, by its row."""
    return [
        (
            round(bar.get_y() + bar.get_height() / 2),
            round(bar.get_x(), 6),
            round(bar.get_x() + bar.get_width(), 6),
        )
        for bar in axes.patches
    ]


def test_each_phase_has_a_look_of_its_own_even_without_colour():
    assert tuple(LOOKS) == PHASES
    assert len({colour for _, colour, _ in LOOKS.values()}) == len(LOOKS)
    assert len({hatch for *_, hatch in LOOKS.values()}) == len(LOOKS)


def test_a_request_begins_where_it_began_and_its_phases_follow_one_another(axes):
    draw_bars(
        axes, [Measured(start=7.0), Measured("http://x/style.css?v=2", start=7.004, phases={"wait": 0.001})]
    )
    assert spans(axes) == [(0, 0, 1), (0, 1, 3), (1, 4, 5)]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["/", "/style.css?v=2"]
    assert [words.get_text() for words in axes.texts] == ["3.00 ms", "1.00 ms"]


def test_the_first_request_is_at_the_top(axes):
    bottom, top = draw_bars(axes, [Measured(), Measured(start=1.0)]).get_ylim()
    assert bottom > top


def test_one_request_is_a_stair(axes):
    draw_stair(axes, Measured())
    assert spans(axes) == [(0, 0, 1), (1, 1, 3)]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["TCP connect", "wait for first byte"]


def test_what_came_from_the_cache_has_words_instead_of_a_bar(axes):
    draw_bars(axes, [Measured(phases={})])
    assert list(axes.patches) == []
    assert [words.get_text() for words in axes.texts] == ["from the cache"]


def test_a_picture_says_in_words_what_it_shows_and_no_number_that_varies():
    shown = draw_waterfall([Measured(), Measured("http://x/a.css", phases={})])
    assert (
        shown.alt == "Waterfall of 2 requests. /: TCP connect, wait for first byte. /a.css: from the cache."
    )
    assert shown.png.startswith(b"\x89PNG")
    assert draw_waterfall(Measured()).alt == describe([Measured()])
    assert draw_waterfall(Measured(), alt="Two steps.").alt == "Two steps."


def test_nothing_to_draw_is_refused():
    with pytest.raises(OptionError, match="at least one timing"):
        draw_waterfall([])
