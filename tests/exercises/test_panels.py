"""What a student sees of `hint`, `quiz` and `progress`."""

from __future__ import annotations

import pytest

from netlab.course import catalogue
from netlab.errors import CourseError
from netlab.exercises import check, hint, panels, progress, quiz, record, registry
from netlab.exercises.registry import Choice, Quiz

pytestmark = pytest.mark.usefixtures("double", "question")


def test_each_call_gives_one_more_hint_and_says_when_there_are_no_more():
    assert repr(hint("99-task")) == "Hint 1 of 3: first\nRun this cell again for the next hint."
    assert "Hint 1 of 3: first\nHint 2 of 3: second\nRun" in repr(hint("99-task"))
    for _ in range(3):
        assert repr(hint("99-task")).endswith("Hint 3 of 3: third\nThere are no more hints.")
    assert record.read()["99-task"]["hints"] == 3


def test_a_question_shows_its_choices_and_how_to_answer():
    assert repr(quiz("99-q1")) == (
        "What reads one line?\n  a) one `recv`\n  b) a loop\n  c) a longer buffer\n"
        'Answer with quiz("99-q1", "a"), for example.'
    )
    assert record.read() == {}


@pytest.mark.parametrize("answer", ["b", "B", " b ", "b)", "(b)", "b."])
def test_the_right_answer_is_explained_and_so_are_the_others(answer):
    shown = repr(quiz("99-q1", answer))
    assert shown.startswith("b) is right. It reads until the line ends.")
    assert "a) A stream has no messages." in shown
    assert record.done() == {"99-q1"}


def test_a_wrong_answer_is_explained_and_the_right_one_stays_open():
    shown = repr(quiz("99-q1", "a"))
    assert shown == "a) is not right. A stream has no messages.\nChoose again."
    assert record.done() == frozenset()


@pytest.mark.parametrize("answer", ["d", "", 1, print, [b"b"]])
def test_what_is_no_choice_is_told_so(answer):
    assert "answer with one of a, b, c" in repr(quiz("99-q1", answer))


@pytest.mark.parametrize("call", [hint, quiz])
def test_an_unknown_name_is_a_sentence(call):
    assert "Copy its name from the lesson" in repr(call("nothing like it"))
    assert "in quotes" in repr(call(42))


def test_code_and_nothing_else_is_marked_up():
    registry.quizzes(
        Quiz(
            "99-q2",
            "What is `<b>`?",
            {"a": Choice("<i>", "x"), "b": Choice("y", "z")},
            answer="a",
            objective="99-o1",
        )
    )
    html = quiz("99-q2")._repr_mimebundle_()["text/html"]
    assert "&lt;b&gt;</code>" in html
    assert "&lt;i&gt;" in html


def test_a_question_whose_answer_is_none_of_its_choices_is_refused():
    with pytest.raises(CourseError, match="none of its choices"):
        Quiz("99-q3", "?", {"a": Choice("x", "y")}, answer="b", objective="99-o1")


def test_progress_counts_by_lesson(monkeypatch):
    def no_notebooks():
        raise CourseError

    monkeypatch.setattr(catalogue, "load", no_notebooks)
    check("99-task", lambda number: 2 * number)
    hint("99-task")
    quiz("99-q1", "a")
    assert repr(progress()).splitlines()[1].split() == [
        "99",
        "1",
        "of",
        "1",
        "3",
        "of",
        "3",
        "0",
        "of",
        "1",
        "1",
    ]
    quiz("99-q1", "b")
    assert repr(progress()).splitlines()[1].split() == [
        "99",
        "1",
        "of",
        "1",
        "3",
        "of",
        "3",
        "1",
        "of",
        "1",
        "1",
    ]


@pytest.mark.parametrize("call", [hint, quiz, lambda name: progress()])
def test_a_fault_of_the_course_is_a_sentence_in_a_notebook_and_seen_in_tests(call, monkeypatch):
    def broken(*_: object, **__: object):
        raise RuntimeError("broken")

    for name in ("note", "read"):
        monkeypatch.setattr(record, name, broken)
    monkeypatch.setattr("netlab.exercises.panels.find_quiz", broken)
    assert "a fault of its own" in repr(call("99-task"))
    monkeypatch.setenv("NETLAB_STRICT", "1")
    with pytest.raises(RuntimeError):
        call("99-task")


def test_stars_in_code_are_no_bold_words():
    assert repr(panels._message("**Bold**: `2**n`, not `2n`.", "#000")) == "Bold: `2**n`, not `2n`."
