"""`check()`: runs a student's code against its exercise and reports; it never raises."""

from __future__ import annotations

import inspect
import os
import traceback
from dataclasses import replace
from typing import Any

from netlab.errors import CourseError
from netlab.exercises import child, record, sandbox
from netlab.exercises.mistakes import is_of_the_student
from netlab.exercises.registry import Exercise, UnknownNameError, find_exercise
from netlab.exercises.report import Report, State
from netlab.exercises.stubs import is_untouched, source_files
from netlab.exercises.trial import Result, TimeIsOverError, Trial

OWN_FAULT = "This check has a fault of its own, not yours. Please report it, and go on."


def check(name: str, *objects: Any) -> Report:
    """Check an exercise by running what you wrote.

    Args:
        name: of the exercise, such as "03-framing"; it stands in the lesson.
        *objects: what the exercise asks for: your function, class or value.

    Returns:
        A report that shows each case. With an unfinished exercise it says so, and the notebook goes on.
    """
    try:
        return _check(find_exercise(name), objects)
    except UnknownNameError as error:
        return Report(str(error.name), "check", "problem", str(error))
    except Exception:
        return _own_fault(
            Report(name if isinstance(name, str) else "?", "check", "problem", OWN_FAULT),
            traceback.format_exc(),
        )


def _check(exercise: Exercise, objects: tuple[Any, ...]) -> Report:
    if problem := _wrong_number(exercise, objects):
        return _report(exercise, "problem", problem)
    if is_untouched(objects, exercise.starter):
        todo = "Replace the `...` in" if exercise.starter is None else "Change"
        return _report(exercise, "not started", f"{todo} the code above, run that cell, then this one.")
    return _judge(exercise, objects)


def _judge(exercise: Exercise, objects: tuple[Any, ...]) -> Report:
    files = source_files(objects)

    def job(trial: Trial) -> None:
        try:
            exercise.judge(trial, *objects)
        except TimeIsOverError:
            raise
        except BaseException as error:
            if not is_of_the_student(error, files, objects):
                raise
            with trial.case("your code runs to its end"):  # the judge called it outside of any case
                raise

    outcome = sandbox.run(job, files, exercise.limit)
    if outcome.crash:
        report = _report(exercise, "problem", OWN_FAULT)
        if all(result.passed for result in outcome.results):
            return _own_fault(report, outcome.crash)
        _own_fault(report, outcome.crash)  # after a failed case: that case is what the student can mend
    if outcome.ended == "interrupted":
        return _report(exercise, "problem", "You stopped the check.")
    results = list(outcome.results)
    complete = outcome.ended == "done"
    if not complete:
        results.append(_unfinished(outcome, exercise.limit))
    if outcome.threads:
        results.append(_threads(outcome.threads))
    passed = bool(results) and all(result.passed for result in results)
    record.note(exercise.name, done=passed, tries=1)
    hint = f'`hint("{exercise.name}")` gives a hint.'
    message = (exercise.passed or "All cases passed.") if passed else hint
    return replace(
        _report(exercise, "passed" if passed else "failed", f"{message} {record.trouble()}".rstrip()),
        results=tuple(_say_once(results)),
        output=outcome.output,
        complete=complete,
    )


def _say_once(results: list[Result]) -> list[Result]:
    """Leave out advice that an earlier case has given already."""
    seen: set[str] = set()
    shown = []
    for result in results:
        shown.append(replace(result, advice="") if result.advice in seen else result)
        seen.add(result.advice)
    return shown


def _report(exercise: Exercise, state: State, message: str) -> Report:
    return Report(exercise.name, exercise.title, state, message, points=exercise.points)


def _own_fault(report: Report, details: str) -> Report:
    """The report of a check that failed itself; tests of the course want to see why."""
    if os.environ.get("NETLAB_STRICT"):
        raise CourseError(f"The check of {report.name} failed itself:\n{details}")
    return report


def _wrong_number(exercise: Exercise, objects: tuple[Any, ...]) -> str:
    expected = list(inspect.signature(exercise.judge).parameters)[1:]
    if len(objects) == len(expected):
        return ""
    call = ", ".join([f'"{exercise.name}"', *expected])
    things = "one thing" if len(expected) == 1 else f"{len(expected)} things"
    return f"This check takes {things} of yours, not {len(objects)}: `check({call})`."


def _unfinished(outcome: sandbox.Outcome, limit: float) -> Result:
    """The case in which the run was ended, by its time limit or by the student's code."""
    case = outcome.unfinished or Result("the check comes to its end", False)
    if outcome.ended in ("late", "busy"):
        busy = outcome.ended == "busy"
        after = f"{child.COMPUTING * limit:g} seconds of computing" if busy else f"{limit:g} seconds"
        waits = "Either a loop never ends, or a call such as `recv` or `accept` waits for what never comes."
        return replace(
            case,
            expected="an end" if busy else f"an end within {limit:g} seconds",
            came=f"still running after {after}" + (f" at {outcome.line}" if outcome.line else ""),
            advice=case.advice or ("Most likely a loop never ends." if busy else waits),
        )
    return replace(
        case,
        expected="an end, and a result",
        came="the whole process ended",
        advice="Something in your code ends Python, such as `os._exit`, or closes what is not its own.",
    )


def _threads(count: int) -> Result:
    return Result(
        "nothing is left running",
        False,
        "no thread outlives the call",
        f"{count} thread{'s' if count > 1 else ''} still running",
        "Wait for your threads with `join()`, or close the socket that they wait for.",
    )
