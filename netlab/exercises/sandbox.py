"""Runs a check with the student's code where it can do no harm, and for no longer than its time limit.

The check runs in a forked copy of the process, so that an endless loop, a blocking `recv`, a bare `except:`
or a thread left running ends with the copy. Where there is no fork (Windows), it runs in a thread.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import selectors
import signal
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from netlab.exercises.child import OUTPUT, Sink, live
from netlab.exercises.mistakes import where
from netlab.exercises.trial import Result, TimeIsOverError, Trial

GRACE = 1.0  # seconds after the limit until the copy, which should have ended itself, is killed

Job = Callable[[Trial], None]


@dataclass
class Outcome:
    """What a run brought.

    Attributes:
        results: of the cases that ended.
        ended: how the run ended: by itself, by its time limit, by computing for too much of that time, by a
            death of its own, or by Ctrl-C.
        unfinished: the case that was running then, if it did not end by itself.
        line: the student's line that was running when time was up, or "".
        output: what the student's code printed.
        threads: how many threads it left running.
        crash: the traceback when the check itself failed, or "".
    """

    results: list[Result] = field(default_factory=list)
    ended: Literal["done", "late", "busy", "died", "interrupted"] = "died"
    unfinished: Result | None = None
    line: str = ""
    output: str = ""
    threads: int = 0
    crash: str = ""

    def take(self, message: dict[str, Any]) -> None:
        """Take in one message of the forked copy."""
        if "case" in message:
            self.unfinished = Result(**message["case"])
        elif "result" in message:
            self.results.append(Result(**message["result"]))
            self.unfinished = None
        elif "output" in message:
            self.output += message["output"]
        elif "crash" in message:
            self.crash = message["crash"]
        else:
            self.threads, self.ended = message["threads"], "done"


def run(job: Job, files: frozenset[str], limit: float) -> Outcome:
    """Run a check's job.

    Args:
        job: gets a `Trial` and tries its cases.
        files: the names of the files that hold the student's code.
        limit: seconds that it may take.
    """
    outcome = run_in_fork(job, files, limit) if hasattr(os, "fork") else run_in_thread(job, files, limit)
    if len(outcome.output) >= OUTPUT:
        outcome.output += "…"
    return outcome


def run_in_fork(job: Job, files: frozenset[str], limit: float) -> Outcome:
    """Run a job in a forked copy of this process, which ends when its time is over."""
    outcome = Outcome()
    deadline = time.monotonic() + limit
    reading, writing = os.pipe()
    with tempfile.TemporaryFile() as dump:
        child, presses = fork()
        if child == 0:
            os.close(reading)
            live(job, files, limit, writing, dump.fileno())
        try:
            os.close(writing)
            if presses:
                raise KeyboardInterrupt
            _follow(reading, deadline + GRACE, outcome)
        except KeyboardInterrupt:
            outcome.ended = "interrupted"
        finally:
            os.close(reading)
            ending = _kill(child)
        if outcome.ended == "died" and ending == -signal.SIGPROF:
            outcome.ended = "busy"
        elif outcome.ended == "died" and time.monotonic() >= deadline:
            outcome.ended = "late"
        if outcome.ended in ("busy", "late"):
            dump.seek(0)
            outcome.line = _line_in(dump.read().decode("utf-8", "replace"), files)
    return outcome


def run_in_thread(job: Job, files: frozenset[str], limit: float) -> Outcome:
    """Run a job in a thread, and raise an exception in it when its time is over."""
    outcome = Outcome()

    def report(result: Result, ended: bool) -> None:
        outcome.results += [result] if ended else []
        outcome.unfinished = None if ended else result

    def target() -> None:
        with contextlib.suppress(TimeIsOverError):
            try:
                job(Trial(report, files))
            except Exception:
                outcome.crash = traceback.format_exc()
            outcome.ended = "done"

    pieces: list[str] = []
    sink = Sink(pieces.append)
    with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
        thread = threading.Thread(target=target, daemon=True)
        thread.start()
        thread.join(limit)
        if thread.is_alive() and thread.ident is not None:
            stack = traceback.extract_stack(sys._current_frames()[thread.ident])
            outcome.line = _innermost(((f.filename, f.lineno or 0, f.name) for f in reversed(stack)), files)
            set_exception = ctypes.pythonapi.PyThreadState_SetAsyncExc
            set_exception(ctypes.c_ulong(thread.ident), ctypes.py_object(TimeIsOverError))
            thread.join(GRACE)
            outcome.ended = "late"
    outcome.output = "".join(pieces)
    return outcome


def fork() -> tuple[int, list[int]]:
    """Fork; return the child's id, 0 in the child, and the presses of Ctrl-C meanwhile.

    Raised in the middle of a fork, a KeyboardInterrupt would be lost, and with it logging's lock.
    """
    presses: list[int] = []
    in_main = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGINT, lambda *_: presses.append(1)) if in_main else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # 3.12 warns of a fork beside threads
            return os.fork(), presses
    finally:
        if handler is not None:
            signal.signal(signal.SIGINT, handler)


def _follow(reading: int, deadline: float, outcome: Outcome) -> None:
    """Take in what the copy sends, until it says that it is done, or is gone, or its time is over."""
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(reading, selectors.EVENT_READ)
        while outcome.ended != "done" and selector.select(max(0.0, deadline - time.monotonic())):
            piece = os.read(reading, 65536)
            if not piece:
                return
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                outcome.take(json.loads(line))


def _kill(child: int) -> int | None:
    """End the copy and what it has started, and let the system forget it.

    Returns:
        How the copy has ended: minus the number of the signal that ended it, or its exit code.
    """
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return None


def _line_in(dump: str, files: frozenset[str]) -> str:
    """The student's innermost line in a faulthandler's dump, where the main thread stands last."""
    for thread in reversed(dump.split("hread 0x")):
        frames = re.findall(r'File "(.*)", line (\d+) in (.*)', thread)
        if found := _innermost(((name, int(line), function) for name, line, function in frames), files):
            return found
    return ""


def _innermost(frames: Iterable[tuple[str, int, str]], files: frozenset[str]) -> str:
    """The first of some frames (file, line, function), innermost first, that is the student's."""
    return next((where(*frame) for frame in frames if frame[0] in files), "")


if sys.platform == "win32":  # pragma: no cover - no fork there
    run_in_fork = run_in_thread
