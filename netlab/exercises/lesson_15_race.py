"""Runs of a job in processes of their own, that can be stopped between any two of their steps."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from netlab.exercises.sandbox import fork

DAY = "2013-03-01"
QUOTES = [("AAPL", 430.47), ("IBM", 202.91), ("MSFT", 27.95)]
Quotes = Iterable[tuple[str, Any]]
RunDaily = Callable[[Path, str, Callable[[str], Quotes]], Any]
STOPPED, FETCHING, ENDED = b"s", b"f", b""
LOCKS = ("fcntl.flock", "fcntl.lockf", "sqlite3.connect")
FILES = ("open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.symlink")
PATIENCE = 8.0  # seconds; a database that is locked is asked for five


def forked(live: Callable[[], int]) -> int:
    """Start a process that does one thing, and says by its exit code how that went; return its id."""
    child, _ = fork()
    if child == 0:
        code = 1
        try:
            code = live()
        finally:
            os._exit(code)
    return child


class Run:
    """A run of a job; it waits for a word before its step of a number, and again when it fetches.

    Args:
        run_daily: the job.
        folder: where it works.
        stop: before which of its steps it waits, from 1 on; a step opens, removes or locks something.
        place: another working directory.
    """

    def __init__(self, run_daily: RunDaily, folder: Path, stop: int = 0, place: Path | None = None) -> None:
        self._sock, theirs = socket.socketpair()
        self._sock.settimeout(PATIENCE)
        self._code: int | None = None

        def wait(word: bytes) -> None:
            theirs.sendall(word)
            theirs.recv(1)

        def live() -> int:
            self._sock.close()
            if place:
                os.chdir(place)
            if stop:
                _before_step(stop, folder, lambda: wait(STOPPED))

            def fetch(_day: str) -> Quotes:
                wait(FETCHING)
                return QUOTES

            return 0 if run_daily(folder, DAY, fetch) == len(QUOTES) else 1

        self._child = forked(live)
        theirs.close()

    def heard(self) -> bytes:
        """Wait until it is stopped, or fetches, or has ended."""
        return self._sock.recv(1)

    def go_on(self) -> bytes:
        """Let it go on, and hear how far it comes."""
        with contextlib.suppress(OSError):  # it has ended
            self._sock.sendall(b"x")
        return self.heard()

    def end(self) -> int:
        """Let it go on to its end, and return its exit code: 0 for three quotes stored."""
        if self._code is None:
            self._sock.close()
            self._code = os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])
        return self._code


def _before_step(stop: int, folder: Path, call: Callable[[], None]) -> None:
    """Have a function called before the step of a number, in this process."""
    steps = itertools.count(1)

    def step(event: str, arguments: tuple[Any, ...]) -> None:
        there = event in FILES and str(arguments[0]).startswith(str(folder))
        if (event in LOCKS or there) and next(steps) == stop:
            call()

    sys.addaudithook(step)


@contextlib.contextmanager
def running(*arguments: Any, **options: Any) -> Iterator[tuple[Run, bytes]]:
    """A run, and how far it has come; at the end of the block it ends, too."""
    run = Run(*arguments, **options)
    try:
        yield run, run.heard()
    finally:
        run.end()


def gap(run_daily: RunDaily, folder: Path, step: int) -> bool | None:
    """Whether a second run comes in before a step of the first, and the first fetches as well; None without the step."""
    with running(run_daily, folder, step) as (first, halted), running(run_daily, folder) as (_, second):
        if halted != STOPPED:
            return None
        return first.go_on() == FETCHING and second == FETCHING


def orphan(run_daily: RunDaily, folder: Path, step: int) -> bool:
    """Whether a third run fetches beside the first, before a step of which the second one came and went."""
    with running(run_daily, folder, step) as (first, _):
        with running(run_daily, folder):
            pass
        came = first.go_on()
        with running(run_daily, folder) as (_, third):
            return came == third == FETCHING
