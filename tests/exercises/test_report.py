"""The panel of a report: HTML and text say the same, in colours that can be read, and nbgrader gets a number."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from netlab.exercises import report
from netlab.exercises.report import Report
from netlab.exercises.trial import Result

FAILED = Report(
    "99-task",
    "Read <one> line",
    "failed",
    '`hint("99-task")` gives a hint.',
    (
        Result("in one piece", True),
        Result("in two", False, "b'AAPL?'", "b'<script>'", "Loop until `\\n` came."),
        Result("in three", False),
    ),
    points=2,
    output="a < b\n",
)


class Text(HTMLParser):
    """What a browser shows, and what a screen reader says for pictures."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.said.append(dict(attributes).get("aria-label") or "")


def test_html_says_what_the_text_says_and_escapes_it():
    html = FAILED._repr_mimebundle_()["text/html"]
    said = " ".join(Text(html).said)
    for words in ("Read <one> line", "in two", "b'AAPL?'", "b'<script>'", "Loop until", "a < b", "hint("):
        assert words in said
    assert said.count("passed") == 1
    assert said.count("failed") == 3  # the head, and two cases, in words


def test_colours_have_enough_contrast_on_the_panels_own_ground():
    def luminance(colour: str) -> float:
        parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    (ground,) = re.findall(r"background:(#\w+)", report.PANEL)
    (ink,) = re.findall(r";color:(#\w+)", report.PANEL)
    for colour in (ink, report.GREEN, report.RED, report.GREY, report.BLUE):
        assert (luminance(ground) + 0.05) / (luminance(colour) + 0.05) >= 4.5, colour


def test_no_block_of_code_takes_its_colour_from_a_dark_theme():
    html = FAILED._repr_mimebundle_()["text/html"]
    assert re.findall(r"<(?:pre|code)(?! style=\"background:#eeeeee;color:#1a1a1a)", html) == []


@pytest.mark.parametrize(
    ("state", "results", "complete", "score"),
    [
        ("passed", [True, True], True, "3.0"),
        ("failed", [True, False, False], True, "1.0"),
        ("failed", [True, True, False, True, True, True, True], True, "2.57"),
        ("failed", [True, False], False, "0.0"),
        ("not started", [], True, "0.0"),
        ("problem", [], True, "0.0"),
    ],
)
def test_nbgrader_gets_the_share_of_the_cases_and_nothing_else(monkeypatch, state, results, complete, score):
    cases = tuple(Result(str(number), passed) for number, passed in enumerate(results))
    graded = Report("99-task", "Task", state, "", cases, points=3, complete=complete)
    assert set(graded._repr_mimebundle_()) == {"text/plain", "text/html"}
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert graded._repr_mimebundle_() == {"text/plain": score}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("39 in *hex*", "39 in <i>hex</i>"),
        ("**bold**, *not*", "<b>bold</b>, <i>not</i>"),
        ("3 * 4 * 5", "3 * 4 * 5"),
        ("f(*args, *more)", "f(*args, *more)"),
    ],
)
def test_emphasis_is_marked_up_and_a_product_is_none(text, html):
    assert report.code_spans(text) == html
