"""Exercises made for one test, and a place where no workspace is near."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netlab.exercises import record, registry
from netlab.exercises.registry import Choice, Exercise, Quiz

Judge = Callable[..., None]


@pytest.fixture(autouse=True)
def _no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds the record, the environment or the exercises of another one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.delenv("NETLAB_STRICT", raising=False)
    monkeypatch.setattr(record, "_memory", {})
    monkeypatch.setattr(registry, "_exercises", {})
    monkeypatch.setattr(registry, "_quizzes", {})
    monkeypatch.setattr(registry, "_modules", lambda: ())


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace around the current folder; the path of its record."""
    (tmp_path / ".netlab").mkdir()
    return tmp_path / ".netlab" / record.FILE


@pytest.fixture
def judged_by() -> Callable[..., Exercise]:
    """Make an exercise, 99-task, of a judge and whatever else matters."""

    def make(judge: Judge, **options: Any) -> Exercise:
        details = {"title": "Task", "objective": "99-o1", "hints": ("first", "second", "third"), **options}
        registry.exercise("99-task", **details)(judge)
        return registry.find_exercise("99-task")

    return make


@pytest.fixture
def double(judged_by: Callable[..., Exercise]) -> Exercise:
    """An exercise that asks for a function which doubles a number."""

    def judge(t: Any, double: Callable[[int], int]) -> None:
        with t.case("of two") as case:
            case.expect(double(2), 4, [(2, "That is the number itself.")])
        with t.case("of zero") as case:
            case.expect(double(0), 0)

    return judged_by(judge, points=3, limit=2.0, passed="It doubles.")


@pytest.fixture
def question() -> Quiz:
    """A question, 99-q1, whose answer is b."""
    choices = {
        "a": Choice("one `recv`", "A stream has no messages."),
        "b": Choice("a loop", "It reads until the line ends."),
        "c": Choice("a longer buffer", "The length is not the matter."),
    }
    asked = Quiz("99-q1", "What reads **one line**?", choices, answer="b", objective="99-o1")
    registry.quizzes(asked)
    return asked
