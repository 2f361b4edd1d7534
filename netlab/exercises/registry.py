"""Exercises and quiz questions as data, and how to find them by name.

The exercises of lesson 03 are in `netlab.exercises.lesson_03`, those of lesson 05 in `lesson_05`, and so on.
A module is imported when the first of its exercises is asked for.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from netlab.errors import CourseError

LIMIT = 5.0  # seconds that a student's code gets

Check = Callable[..., None]
T = TypeVar("T")


@dataclass(frozen=True)
class Exercise:
    """Something for the student to write or change.

    Attributes:
        name: such as "03-framing"; it begins with the lesson's number.
        title: what is to be done, in a few words.
        objective: the id of the lesson's objective that it trains.
        points: what it counts in marks.
        hints: from a nudge to nearly the solution.
        judge: the function that checks; it gets a `Trial` and the student's objects.
        passed: what a solution has proved, in a sentence.
        starter: what the student's cell holds at first, where that is more than a stub: source, or a value.
        limit: seconds that the whole check may take.
    """

    name: str
    title: str
    objective: str
    points: int
    hints: tuple[str, ...]
    judge: Check = field(repr=False)
    passed: str = ""
    starter: Any = None
    limit: float = LIMIT


@dataclass(frozen=True)
class Choice:
    """One answer of a quiz question, and why it is right or what belief makes it look right."""

    text: str
    why: str


@dataclass(frozen=True)
class Quiz:
    """A question with several choices.

    Attributes:
        name: such as "03-q1", or "03-r1" for one on an earlier lesson.
        question: Markdown with `code`, **bold** and *emphasis* only.
        choices: by their letters, "a" first.
        answer: the letter of the right one.
        objective: the id of the objective that it asks about; of an earlier lesson for retrieval.
        about: the number of the lesson that it is about, where that is an earlier one.
        code: a piece of code shown under the question.
    """

    name: str
    question: str
    choices: dict[str, Choice]
    answer: str
    objective: str
    about: str = ""
    code: str = ""

    def __post_init__(self) -> None:
        if self.answer not in self.choices:
            raise CourseError(f"Quiz {self.name}: the answer {self.answer!r} is none of its choices.")


class UnknownNameError(CourseError):
    """There is no exercise or question of that name; the message has the names that are most like it."""

    def __init__(self, name: object, kind: str, known: Iterable[str]) -> None:
        self.name = name if isinstance(name, str) else "?"
        if not isinstance(name, str):
            super().__init__(f"The name of the {kind} comes first, in quotes, as it stands in the lesson.")
            return
        if close := difflib.get_close_matches(name, known, n=3):
            advice = f"Did you mean {' or '.join(map(repr, close))}?"
        else:
            advice = "Copy its name from the lesson."
        super().__init__(f"There is no {kind} called {self.name!r}. {advice}")


_exercises: dict[str, Exercise] = {}
_quizzes: dict[str, Quiz] = {}


def exercise(
    name: str,
    *,
    title: str,
    objective: str,
    points: int = 1,
    hints: tuple[str, ...],
    passed: str = "",
    starter: Any = None,
    limit: float = LIMIT,
) -> Callable[[Check], Check]:
    """Register the decorated function as the judge of an exercise (see `Exercise` for the arguments)."""

    def register(judge: Check) -> Check:
        _exercises[name] = Exercise(name, title, objective, points, hints, judge, passed, starter, limit)
        return judge

    return register


def quizzes(*questions: Quiz) -> None:
    """Register the questions of a lesson."""
    _quizzes.update({question.name: question for question in questions})


def find_exercise(name: str) -> Exercise:
    """The exercise of that name.

    Raises:
        UnknownNameError: when there is none.
    """
    _load(name)
    return _find(name, _exercises, "exercise")


def find_quiz(name: str) -> Quiz:
    """The quiz question of that name.

    Raises:
        UnknownNameError: when there is none.
    """
    _load(name)
    return _find(name, _quizzes, "question")


def all_exercises() -> dict[str, Exercise]:
    """Every exercise of the course by its name."""
    _load_all()
    return dict(_exercises)


def all_quizzes() -> dict[str, Quiz]:
    """Every quiz question of the course by its name."""
    _load_all()
    return dict(_quizzes)


def _find(name: str, known: dict[str, T], kind: str) -> T:
    if not isinstance(name, str) or name not in known:
        _load_what_loads()
        raise UnknownNameError(name, kind, known)
    return known[name]


def _load(name: str) -> None:
    number = re.match(r"\d\d", str(name))
    if number and f"lesson_{number[0]}" in _modules():
        importlib.import_module(f"netlab.exercises.lesson_{number[0]}")


def _load_all() -> None:
    for module in _modules():
        importlib.import_module(f"netlab.exercises.{module}")


def _load_what_loads() -> None:
    """For suggestions: a lesson that is broken has none, and must not hide those of the others."""
    for module in _modules():
        with contextlib.suppress(Exception):
            importlib.import_module(f"netlab.exercises.{module}")


@functools.cache
def _modules() -> tuple[str, ...]:
    import netlab.exercises

    found = (module.name for module in pkgutil.iter_modules(netlab.exercises.__path__))
    return tuple(name for name in found if re.fullmatch(r"lesson_\d\d", name))
