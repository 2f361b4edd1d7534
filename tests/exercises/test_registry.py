"""Exercises and questions are found by name, and one broken lesson breaks no other."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import netlab.exercises
from netlab.exercises import check, hint, quiz, registry

SOUND = """
from netlab.exercises.registry import Choice, Quiz, exercise, quizzes


@exercise("98-framing", title="Task", objective="98-o1", hints=("first",))
def framing(t, student):
    pass


quizzes(Quiz("98-q1", "So?", {"a": Choice("Yes.", "Right."), "b": Choice("No.", "Wrong.")}, "a", "98-o1"))
"""
LESSONS = {"lesson_97": "raise RuntimeError('half written')", "lesson_98": SOUND, "lesson_99": "def broken(:"}


@pytest.fixture(autouse=True)
def _three_lessons_of_which_two_are_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, source in LESSONS.items():
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr(netlab.exercises, "__path__", [*netlab.exercises.__path__, str(tmp_path)])
    monkeypatch.setattr(registry, "_modules", lambda: tuple(LESSONS))
    yield
    for name in LESSONS:
        sys.modules.pop(f"netlab.exercises.{name}", None)
        vars(netlab.exercises).pop(name, None)


@pytest.mark.parametrize("call", [lambda name: check(name, print), hint])
def test_a_typo_is_told_the_name_that_is_meant_though_another_lesson_is_broken(call, monkeypatch):
    monkeypatch.setenv("NETLAB_STRICT", "1")
    assert "There is no exercise called '98-framng'. Did you mean '98-framing'?" in repr(call("98-framng"))


def test_a_question_with_a_typo_is_told_its_name_too():
    assert "Did you mean '98-q1'?" in repr(quiz("98-q11"))


def test_the_broken_lesson_itself_has_a_fault_of_its_own():
    assert "a fault of its own" in repr(check("97-task", print))
    assert "a fault of its own" in repr(quiz("99-q1"))


def test_who_asks_for_every_exercise_is_told_that_one_lesson_is_broken():
    with pytest.raises(RuntimeError, match="half written"):
        registry.all_exercises()
