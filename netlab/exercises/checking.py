"""`check()`: runs a student's code against its exercise and reports; it never raises."""

from __future__ import annotations

import inspect
import os
from dataclasses import replace
from typing import Any

from netlab.errors import CourseError
from netlab.exercises import record, sandbox
from netlab.exercises.registry import Exercise, find_exercise
from netlab.exercises.report import Report
from netlab.exercises.stubs import is_untouched, source_files
from netlab.exercises.trial import Result, Trial


def check(name: str, *objects: Any) -> Report:
    """Check an exercise by running what you wrote.

    Args:
        name: of the exercise, such as "03-framing"; it stands in the lesson.
        *objects: what the exercise asks for: your function, class or value.

    Returns:
        A report that shows each case. With an unfinished exercise it says so, and the notebook goes on.
    """
    try:
        exercise = find_exercise(name)
    except CourseError as error:
        return Report(str(name), "check", "problem", str(error))
    if problem := _wrong_number(exercise, objects):
        return _report(exercise, "problem", problem)
    if is_untouched(objects, exercise.starter):
        todo = "Replace the `...` in" if exercise.starter is None else "Change"
        return _report(exercise, "not started", f"{todo} the code above, run that cell, then this one.")
    return _judge(exercise, objects)


def _judge(exercise: Exercise, objects: tuple[Any, ...]) -> Report:
    def job(trial: Trial) -> None:
        exercise.judge(trial, *objects)

    files = source_files(objects)
    outcome = sandbox.run(job, files, exercise.limit)
    if outcome.crash:
        if os.environ.get("NETLAB_STRICT"):
            raise CourseError(f"The check of {exercise.name} failed itself:\n{outcome.crash}")
        return _report(
            exercise, "problem", "This check has a fault of its own, not yours. Please report it, and go on."
        )
    if outcome.interrupted:
        return _report(exercise, "problem", "You stopped the check.")
    results = list(outcome.results)
    if outcome.hung:
        results.append(_hung(outcome, exercise.limit))
    if outcome.threads:
        results.append(_threads(outcome.threads))
    results = _say_once(results)
    passed = bool(results) and all(result.passed for result in results)
    record.note(exercise.name, done=passed, tries=1)
    hint = f'`hint("{exercise.name}")` gives a hint.'
    message = (exercise.passed or "All cases passed.") if passed else hint
    return Report(
        exercise.name,
        exercise.title,
        "passed" if passed else "failed",
        message,
        tuple(results),
        exercise.points,
        outcome.output,
    )


def _say_once(results: list[Result]) -> list[Result]:
    """Leave out advice that an earlier case has given already."""
    seen: set[str] = set()
    shown = []
    for result in results:
        shown.append(replace(result, advice="") if result.advice in seen else result)
        seen.add(result.advice)
    return shown


def _report(exercise: Exercise, state: Any, message: str) -> Report:
    return Report(exercise.name, exercise.title, state, message, points=exercise.points)


def _wrong_number(exercise: Exercise, objects: tuple[Any, ...]) -> str:
    expected = list(inspect.signature(exercise.judge).parameters)[1:]
    if len(objects) == len(expected):
        return ""
    call = ", ".join([f'"{exercise.name}"', *expected])
    return f"This check takes {len(expected)} thing(s) of yours, not {len(objects)}: `check({call})`."


def _hung(outcome: sandbox.Outcome, limit: float) -> Result:
    at = f" at {outcome.hung_at}" if outcome.hung_at else ""
    return Result(
        outcome.hung,
        False,
        f"an end within {limit:g} seconds",
        f"still running after {limit:g} seconds{at}",
        "Either a loop never ends, or a call such as `recv` or `accept` waits for what never comes.",
    )


def _threads(count: int) -> Result:
    return Result(
        "nothing is left running",
        False,
        "no thread outlives the call",
        f"{count} thread{'s' if count > 1 else ''} still running",
        "Wait for your threads with `join()`, or close the socket that they wait for.",
    )
