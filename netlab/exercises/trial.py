"""What a judge uses: a `Trial`, whose cases compare what a student's code did with what it should do."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from netlab.exercises.mistakes import explain_exception, without_addresses

REPR = 200  # characters of a value that a report shows

# A wrong value, or a function that recognizes one, and the misconception's words.
Wrong = Sequence[tuple[Any, str]]


@dataclass(frozen=True)
class Result:
    """How one case went.

    Attributes:
        case: what was tried, in words.
        passed: whether it went as it should.
        expected: what should have come.
        came: what came instead.
        advice: what to try next.
    """

    case: str
    passed: bool
    expected: str = ""
    came: str = ""
    advice: str = ""


class Case:
    """One thing that is tried. It fails at the first expectation that is not met."""

    def __init__(self, name: str, errors: Mapping[type[BaseException], str]) -> None:
        self.name = name
        self.errors = errors
        self.expected = "no exception"
        self.result = Result(name, passed=True)

    def expect(self, came: Any, expected: Any, wrong: Wrong = (), *, advice: str = "") -> None:
        """Compare a value with the one that should have come.

        Args:
            came: what the student's code gave.
            expected: what it should be: equal, and of the same type.
            wrong: typical wrong values, or functions that recognize one, with what to say about each.
            advice: what to say about any other wrong value.
        """
        if type(came) is type(expected) and came == expected:
            return
        words = next((words for pattern, words in wrong if _matches(pattern, came)), "")
        self.fail(show(expected), show(came), words or advice or _about_type(came, expected))

    def expect_that(self, holds: bool, expected: str, came: str, advice: str) -> None:
        """Fail unless something holds.

        Args:
            holds: whether it does.
            expected: what should have happened, in words.
            came: what happened, in words.
            advice: what to try next.
        """
        if not holds:
            self.fail(expected, came, advice)

    def expect_error(self, kind: type[Exception], call: Callable[[], Any], advice: str) -> None:
        """Fail unless a call raises an exception of a kind."""
        self.expected = f"{kind.__name__} is raised"
        try:
            came = call()
        except kind:
            self.expected = "no exception"
            return
        self.fail(self.expected, f"no exception; {show(came)} was returned", advice)

    def fail(self, expected: str, came: str, advice: str) -> NoReturn:
        """End this case as failed."""
        self.result = Result(self.name, False, expected, came, advice)
        raise _CaseOverError


class TimeIsOverError(BaseException):
    """Raised in the student's code when its time is over, where it runs in a thread."""


class _CaseOverError(Exception):
    pass


class Trial:
    """The cases of one check, reported one by one as they end.

    Attributes:
        results: of the cases so far.
    """

    def __init__(self, report: Callable[[Result, bool], None], files: frozenset[str]) -> None:
        self.results: list[Result] = []
        self._report = report
        self._files = files

    @contextlib.contextmanager
    def case(
        self, name: str, errors: Mapping[type[BaseException], str] | None = None, *, hangs: str = ""
    ) -> Iterator[Case]:
        """Try one thing; an exception of the student's code is a failed case, and the next case follows.

        Args:
            name: what is tried, in words: "two messages in one read".
            errors: typical exceptions of wrong solutions, with what to say about each.
            hangs: what to say when this case does not end within the time limit.
        """
        self._report(Result(name, False, advice=hangs), False)
        case = Case(name, errors or {})
        try:
            yield case
        except _CaseOverError:
            pass
        except TimeIsOverError:
            raise
        except BaseException as error:  # of the student's code: SystemExit and the like as well
            came, advice = explain_exception(error, self._files)
            designed = next((words for kind, words in case.errors.items() if isinstance(error, kind)), "")
            case.result = Result(name, False, case.expected, came, designed or advice)
        self.results.append(case.result)
        self._report(case.result, True)


def show(value: Any) -> str:
    """A value as a report shows it: its repr, cut off when it is long."""
    if value is None:
        return "None (nothing was returned)"
    if isinstance(value, socket.socket):
        return "a closed socket" if value.fileno() < 0 else "an open socket"
    try:
        shown = without_addresses(repr(value))
    except Exception as error:  # a student's class may have a broken repr
        shown = f"a {type(value).__name__} whose repr raises {type(error).__name__}"
    return shown if len(shown) <= REPR else shown[: REPR - 1] + "…"


def _matches(pattern: Any, came: Any) -> bool:
    if callable(pattern):
        try:
            return bool(pattern(came))
        except Exception:
            return False
    return type(pattern) is type(came) and bool(pattern == came)


def _about_type(came: Any, expected: Any) -> str:
    if came is None:
        return "Your function ends without returning anything: is there a `return`, and is it reached?"
    if came is ...:
        return "There is still a `...` to replace."
    if isinstance(came, str) and isinstance(expected, bytes):
        return "That is text; bytes were expected. `.encode()` turns text into bytes."
    if isinstance(came, bytes) and isinstance(expected, str):
        return "Those are bytes; text was expected. `.decode()` turns bytes into text."
    if type(came) is not type(expected):
        return f"The type is `{type(came).__name__}`; `{type(expected).__name__}` was expected."
    return "Compare the two, and follow your code by hand for this case."
