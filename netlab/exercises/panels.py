"""`hint()`, `quiz()` and `progress()`: what a lesson says besides checking; none of them ever raises."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from netlab.errors import CourseError
from netlab.exercises import record
from netlab.exercises.registry import (
    Quiz,
    UnknownNameError,
    all_exercises,
    all_quizzes,
    find_exercise,
    find_quiz,
)
from netlab.exercises.report import BLUE, GREEN, GREY, RED, block, code_spans, panel
from netlab.text import Table

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class Panel:
    """A box of text for a notebook, with the same text for a terminal."""

    plain: str
    html: str

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.plain, "text/html": self.html}


def _never_raises(function: Callable[P, T]) -> Callable[P, T | Panel]:
    """Turn what goes wrong into a panel, so that the notebook goes on; tests of the course want to see it."""

    @functools.wraps(function)
    def kind(*args: P.args, **kwargs: P.kwargs) -> T | Panel:
        try:
            return function(*args, **kwargs)
        except UnknownNameError as error:
            return _message(str(error), GREY)
        except Exception:
            if os.environ.get("NETLAB_STRICT"):
                raise
            return _message("This has failed by a fault of its own, not yours. Please report it.", GREY)

    return kind


@_never_raises
def hint(name: str) -> Panel:
    """Give one more step towards the solution of an exercise; ask again for the next one.

    Args:
        name: of the exercise, such as "03-framing".
    """
    exercise = find_exercise(name)
    given = record.read().get(name, {}).get("hints", 0)
    if given < len(exercise.hints):
        given = record.note(name, hints=1)["hints"]
    lines = [
        f"Hint {i} of {len(exercise.hints)}: {words}" for i, words in enumerate(exercise.hints[:given], 1)
    ]
    more = (
        "Run this cell again for the next hint."
        if given < len(exercise.hints)
        else "There are no more hints."
    )
    return _message("\n".join([*lines, more]), BLUE)


@_never_raises
def quiz(name: str, answer: str | None = None) -> Panel:
    """Ask a question, or answer it: `quiz("03-q1", "b")`.

    Args:
        name: of the question; it stands in the lesson.
        answer: the letter of your choice; without it the question is shown.
    """
    question = find_quiz(name)
    if answer is None:
        return _ask(question)
    letter = str(answer).strip(" .()").lower()
    if letter not in question.choices:
        letters = ", ".join(question.choices)
        return _message(f"{answer!r} is none of the choices: answer with one of {letters}.", GREY)
    right = letter == question.answer
    record.note(question.name, done=right, tries=1)
    why = question.choices[letter].why
    if not right:
        return _message(f"{letter}) is not right. {why}\nChoose again. {record.trouble()}".rstrip(), RED)
    others = [f"{other}) {choice.why}" for other, choice in question.choices.items() if other != letter]
    verdict = f"{letter}) is right. {why} {record.trouble()}".rstrip()
    return Panel(
        _plain("\n".join([verdict, "The others:", *(f"  {words}" for words in others)])),
        panel(f"{_lines(verdict)}<details><summary>The others</summary>{_lines(*others)}</details>", GREEN),
    )


def _ask(question: Quiz) -> Panel:
    call = f'quiz("{question.name}", "a")'
    choices = {letter: choice.text for letter, choice in question.choices.items()}
    plain = [question.question, *([question.code] if question.code else [])]
    plain += [f"  {letter}) {text}" for letter, text in choices.items()]
    code = block(question.code) if question.code else ""
    items = "".join(f"<li>{code_spans(text)}</li>" for text in choices.values())
    html = (
        f'<b>{code_spans(question.question)}</b>{code}<ol style="list-style-type:lower-alpha;margin:6px 0">{items}</ol>'
        f'<span style="color:{GREY}">Answer with {code_spans(f"`{call}`")}, for example.</span>'
    )
    return Panel(_plain("\n".join([*plain, f"Answer with {call}, for example."])), panel(html, BLUE))


@_never_raises
def progress() -> Table:
    """Show how far you are: exercises passed, questions answered, hints taken, lesson by lesson."""
    known = record.read()
    rows = []
    for number, title in _titles().items():
        exercises = [e for e in all_exercises().values() if e.name.startswith(number)]
        questions = [q for q in all_quizzes() if q.startswith(number)]
        passed = [e for e in exercises if known.get(e.name, {}).get("done")]
        rows.append(
            (
                f"{number} {title}",
                f"{len(passed)} of {len(exercises)}",
                f"{sum(e.points for e in passed)} of {sum(e.points for e in exercises)}",
                f"{sum(bool(known.get(q, {}).get('done')) for q in questions)} of {len(questions)}",
                str(sum(known.get(e.name, {}).get("hints", 0) for e in exercises)),
            )
        )
    return Table(("lesson", "exercises", "points", "questions", "hints"), rows, record.trouble())


def _titles() -> dict[str, str]:
    """The lessons' titles by their numbers; the numbers alone where the notebooks are not at hand."""
    from netlab.course import catalogue

    try:
        return {lesson.id: lesson.title for lesson in catalogue.load()}
    except CourseError:
        return dict.fromkeys(sorted({name[:2] for name in [*all_exercises(), *all_quizzes()]}), "")


def _message(text: str, edge: str) -> Panel:
    return Panel(_plain(text), panel(_lines(*text.split("\n")), edge))


def _plain(text: str) -> str:
    """Without the stars of bold words; those in code stay."""
    return re.sub(r"(`[^`\n]*`)|\*\*", r"\1", text)


def _lines(*lines: str) -> str:
    return "<br>".join(map(code_spans, lines))
