"""Decks as pages of HTML: a talk made of the notebook, that asks nothing of a network."""

from __future__ import annotations

import base64
import json
import re

import pytest

from netlab.course import catalogue
from netlab.course.slides import build_slides, command, resources_of
from netlab.errors import CourseError
from netlab.exercises.registry import find_quiz

ABOUT = {
    "id": "07",
    "title": "Pipes",
    "part": "Sockets",
    "minutes": 9,
    "summary": "What goes in comes out.",
    "prerequisites": [],
    "objectives": [{"id": "07-o1", "verb": "send", "text": "send bytes through a pipe"}],
    "glossary": {},
    "reading": [],
}


def markdown(source, slide_type, **about):
    return {
        "cell_type": "markdown",
        "id": f"text-{abs(hash(source))}",
        "metadata": {"slideshow": {"slide_type": slide_type}, "netlab": about},
        "source": source,
    }


def code(source, slide_type="subslide", *, output=None, tags=()):
    outputs = [] if output is None else [{"output_type": "execute_result", "execution_count": 1, **output}]
    return {
        "cell_type": "code",
        "id": f"code-{abs(hash(source))}",
        "metadata": {"slideshow": {"slide_type": slide_type}, "tags": list(tags)},
        "source": source,
        "execution_count": 1,
        "outputs": outputs,
    }


def text(shown):
    return {"data": {"text/plain": shown}, "metadata": {}}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "lessons").mkdir()
    return tmp_path / "lessons"


@pytest.fixture
def deck(folder, tmp_path):
    """Publish a lesson of these cells and return its deck."""

    def deck(*cells):
        title = markdown("# 07 · Pipes\n\nWhat goes in comes out.", "slide", notes="Say: welcome.")
        notebook = {
            "cells": [title, *cells],
            "metadata": {"netlab": ABOUT},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (folder / "07_pipes.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        (path,) = build_slides(tmp_path / "out", (), folder=folder)
        return path.read_text(encoding="utf-8")

    return deck


def test_the_title_and_the_objectives_come_from_the_metadata(deck):
    page = deck()
    assert "Pipes" in page
    assert "What goes in comes out." in page
    assert "send bytes through a pipe" in page


def test_short_words_replace_the_prose(deck):
    page = deck(
        markdown("## One end\n\nLong prose about it.", "slide", slide="## One end\n\n- in", notes="Say: x.")
    )
    assert "<li>in</li>" in page.replace("\n", "")
    assert "Long prose" not in page


def test_notes_are_for_the_speaker_only(deck):
    page = deck(markdown("## One end", "slide", notes="Say: **hello**. Ask: who?"))
    notes = page[page.index("Say: <strong>hello") - 200 : page.index("Say: <strong>hello")]
    assert '<aside class="notes"' in notes


@pytest.mark.parametrize("tag", ["exercise", "check"])
def test_what_the_student_does_alone_is_left_out(deck, tag):
    assert "def secret" not in deck(code("def secret(): ...", tags=[tag]))


def test_skipped_cells_are_left_out(deck):
    assert "aside_remark" not in deck(code("aside_remark = 1", "skip"))


def test_a_question_is_shown_without_its_code(deck):
    page = deck(code('quiz("07-q1")', output=text("Which end is the input?"), tags=["quiz"]))
    assert "Which end is the input?" in page
    assert "07-q1" not in page


def test_code_is_highlighted_and_its_output_shown(deck):
    page = deck(code("with open(path) as pipe: 1 + 1", output=text("the sum is 2")))
    assert '<span class="k">with</span>' in page
    assert "the sum is 2" in page


def test_pictures_keep_their_words(deck):
    svg = "<svg xmlns='http://www.w3.org/2000/svg' role='img'><title>a red dot</title></svg>"
    picture = {
        "data": {"image/svg+xml": svg, "text/plain": "a red dot"},
        "metadata": {"image/svg+xml": {"alt": "a red dot"}},
    }
    png = {
        "data": {"image/png": "iVBORw0KGgo=", "text/plain": "a curve"},
        "metadata": {"image/png": {"alt": "a curve"}},
    }
    page = deck(code("draw()", output=picture), code("plot()", output=png))
    assert "a red dot" in page
    assert 'alt="a curve"' in page


def test_an_answer_stays_inside_of_what_hides_it(deck):
    hidden = "<details><summary>Answer</summary>\n\nBytes, in *order*.\n</details>"
    page = deck(markdown(f"**Predict.** What comes out?\n\n{hidden}", "subslide"))
    assert page.index("<details>") < page.index("Bytes, in <em>order</em>") < page.index("</details>")


def test_a_picture_beside_the_lesson_travels_with_the_deck(deck, folder):
    (folder / "a dot.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    page = deck(markdown("![a dot](a%20dot.svg)", "slide"))
    assert "a%20dot.svg" not in page
    assert 'src="data:image/svg+xml;base64,' in page


def test_words_for_a_code_cell_stand_above_it(deck):
    cell = code("1 + 1", output=text("2"))
    cell["metadata"]["netlab"] = {"slide": "One and one **more**."}
    page = deck(cell)
    assert page.index("One and one <strong>more</strong>.") < page.index('class="code"')


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 100" width="80" height="100"/>'


def tall(*heights):
    cell = code("draw()", output={"data": {"image/svg+xml": DRAWING, "text/plain": "tall"}, "metadata": {}})
    cell["metadata"]["netlab"] = {"cut": list(heights)}
    return cell


def drawings_of(page):
    found = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    return [base64.b64decode(each).decode() for each in found]


def test_a_tall_drawing_is_cut_and_the_code_stands_above_its_top(deck):
    page = deck(markdown("## Towers", "slide"), tall(30, 70))
    boxes = [re.search(r'viewBox="([^"]+)" width="(\S+)" height="(\S+)"', each) for each in drawings_of(page)]
    assert [box.groups() for box in boxes] == [
        ("0 0 80 30", "80", "30"),
        ("0 30 80 40", "80", "40"),
        ("0 70 80 30", "80", "30"),
    ]
    assert page.count('class="code"') == 1
    assert page.index('class="code"') < page.index('src="data:image/svg')


@pytest.mark.parametrize("heights", [(70, 30), (0, 30), (100,), (120,)])
def test_a_cut_outside_of_the_drawing_is_named(deck, heights):
    with pytest.raises(CourseError, match=r"netlab\.cut of cell 1 is"):
        deck(tall(*heights))


def test_a_cut_without_a_drawing_is_named(deck):
    cell = code("1 + 1", output=text("2"))
    cell["metadata"]["netlab"] = {"cut": [30]}
    with pytest.raises(CourseError, match="its one drawing"):
        deck(cell)


def test_code_that_refutes_a_myth_stands_below_it(deck):
    page = deck(
        markdown("## Myths", "slide"),
        markdown("**“Pipes leak.”** They do not: what goes in comes out.", "skip"),
        code("drops = 0", "subslide"),
    )
    assert page.index("“Pipes leak.”") < page.index("drops")


def notes_of(page):
    return " ".join(part.partition("</aside>")[0] for part in page.split('<aside class="notes">')[1:])


def test_the_speaker_reads_what_an_output_means_but_not_the_task_below_it(deck):
    notes = notes_of(
        deck(
            code("1 + 1", output=text("2")),
            markdown("Two, as expected.", "skip"),
            code("2 + 2", output=text("4")),
            markdown("Now you.", "skip"),
            code("...", "skip", tags=["exercise"]),
        )
    )
    assert "Two, as expected." in notes
    assert "Now you." not in notes


def test_the_speaker_has_the_answer_of_a_question(deck):
    cell = code('quiz("00-q1")', output=text("What is a cell?"), tags=["quiz"])
    cell["metadata"]["netlab"] = {"quiz": "00-q1"}
    assert f"Answer: {find_quiz('00-q1').answer}." in notes_of(deck(cell))


def test_nothing_is_loaded_but_what_lies_beside_the_deck(deck):
    links = list(resources_of(deck(code("1 + 1", output=text("2")))))
    assert links
    assert all(link.startswith(("assets/", "data:", "#")) for link in links)


def test_a_picture_from_the_net_is_refused_and_named(deck):
    with pytest.raises(
        CourseError, match=r"07_pipes\.ipynb has no deck: it would load https://pictures\.example/x\.png"
    ):
        deck(markdown("![x](https://pictures.example/x.png)", "slide"))


def test_the_same_lesson_makes_the_same_bytes(deck):
    cell = code("1 + 1", output=text("2"))
    assert deck(cell) == deck(cell)


def test_an_unknown_lesson_is_named(folder, deck, tmp_path):
    deck()
    with pytest.raises(CourseError, match="99"):
        build_slides(tmp_path / "out", ["99"], folder=folder)


def test_the_command_says_where_the_decks_are(tmp_path, capsys):
    assert command(tmp_path, [catalogue.load()[0].name]) == 0
    assert "index.html" in capsys.readouterr().out
    assert (tmp_path / "index.html").exists()
