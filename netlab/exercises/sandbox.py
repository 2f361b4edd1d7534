"""Runs a check with the student's code where it can do no harm, and for no longer than its time limit.

The check runs in a forked copy of the process, so that an endless loop, a blocking `recv`, a bare `except:`
or a thread left running ends with the copy. Where there is no fork (Windows), it runs in a thread.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import io
import json
import os
import re
import select
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from netlab.exercises.mistakes import where
from netlab.exercises.trial import Result, Trial

OUTPUT = 2000  # characters of the student's own output that are kept
SOCKET_TIMEOUT = 2.0  # seconds for a student's socket without a timeout: an error says more than a hang
GRACE = 1.0  # seconds after the limit until the copy is killed from outside

Job = Callable[[Trial], None]


@dataclass
class Outcome:
    """What a run brought.

    Attributes:
        results: of the cases that ended.
        hung: the case in which time ran out, or "".
        hung_at: the student's line that was running then, or "".
        output: what the student's code printed.
        threads: how many threads it left running.
        crash: the traceback when the check itself failed, or "".
        interrupted: whether the student stopped it.
    """

    results: list[Result] = field(default_factory=list)
    hung: str = ""
    hung_at: str = ""
    output: str = ""
    threads: int = 0
    crash: str = ""
    interrupted: bool = False


def run(job: Job, files: frozenset[str], limit: float) -> Outcome:
    """Run a check's job.

    Args:
        job: gets a `Trial` and tries its cases.
        files: the names of the files that hold the student's code.
        limit: seconds that it may take.
    """
    return run_in_fork(job, files, limit) if hasattr(os, "fork") else run_in_thread(job, files, limit)


def run_in_fork(job: Job, files: frozenset[str], limit: float) -> Outcome:
    """Run a job in a forked copy of this process, which is killed when its time is over."""
    reading, writing = os.pipe()
    with tempfile.TemporaryFile() as dump:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # 3.12 warns of a fork beside threads
            child = os.fork()
        if child == 0:
            os.close(reading)
            _be_the_child(job, files, limit, writing, dump.fileno())
        os.close(writing)
        outcome = Outcome()
        try:
            running = _follow(reading, time.monotonic() + limit + GRACE, outcome)
        except KeyboardInterrupt:
            outcome.interrupted, running = True, ""
        finally:
            os.close(reading)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        if running:
            dump.seek(0)
            outcome.hung = running
            outcome.hung_at = _student_line(dump.read().decode("utf-8", "replace"), files)
        return outcome


def run_in_thread(job: Job, files: frozenset[str], limit: float) -> Outcome:
    """Run a job in a thread, and raise an exception in it when its time is over."""
    outcome = Outcome()
    running = ""

    def report(case: str, result: Result | None) -> None:
        nonlocal running
        running = "" if result else case
        if result:
            outcome.results.append(result)

    def target() -> None:
        try:
            job(Trial(report, files))
        except _TimeIsOverError:
            pass
        except BaseException:
            outcome.crash = traceback.format_exc()

    with _captured() as output:
        thread = threading.Thread(target=target, daemon=True)
        thread.start()
        thread.join(limit)
        if thread.is_alive():
            outcome.hung = running
            set_exception = ctypes.pythonapi.PyThreadState_SetAsyncExc
            set_exception(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_TimeIsOverError))
            thread.join(0.2)
    outcome.output = output.getvalue()[:OUTPUT]
    return outcome


class _TimeIsOverError(BaseException):
    pass


@contextlib.contextmanager
def _captured() -> Iterator[io.StringIO]:
    output = io.StringIO()
    with (
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("default")
        yield output


def _be_the_child(job: Job, files: frozenset[str], limit: float, writing: int, dump: int) -> None:
    """Run the job, send each result as a line of JSON, and end without a trace."""

    def send(**message: Any) -> None:
        os.write(writing, json.dumps(message).encode() + b"\n")

    def report(case: str, result: Result | None) -> None:
        send(result=asdict(result)) if result else send(case=case)

    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        socket.setdefaulttimeout(SOCKET_TIMEOUT)
        faulthandler.dump_traceback_later(limit, exit=True, file=dump)
        before = threading.active_count()
        with _captured() as output:
            try:
                job(Trial(report, files))
            except BaseException:
                send(crash=traceback.format_exc())
            left = sum(thread.is_alive() for thread in threading.enumerate()) - before
            own_loop = any(thread.name == "netlab-loop" for thread in threading.enumerate())
        send(done=True, output=output.getvalue()[:OUTPUT], threads=left - own_loop)
    finally:
        os._exit(0)


def _follow(reading: int, deadline: float, outcome: Outcome) -> str:
    """Take in what the child sends until it is done or out of time; return the case still running."""
    running, rest = "the check", b""
    while True:
        ready, _, _ = select.select([reading], [], [], max(0, deadline - time.monotonic()))
        piece = os.read(reading, 65536) if ready else b""
        if not piece:
            return running
        *lines, rest = (rest + piece).split(b"\n")
        for message in map(json.loads, lines):
            if "case" in message:
                running = message["case"]
            elif "result" in message:
                outcome.results.append(Result(**message["result"]))
            elif "crash" in message:
                outcome.crash = message["crash"]
            else:
                outcome.output, outcome.threads = message["output"], max(0, message["threads"])
                return ""


def _student_line(dump: str, files: frozenset[str]) -> str:
    """The innermost line of the student's in a faulthandler's dump, whose last thread is the main one."""
    main = dump.rpartition("Thread 0x")[2]
    for filename, line, function in re.findall(r'File "(.*)", line (\d+) in (.*)', main):
        if filename in files:
            return where(filename, int(line), function)
    return ""


if sys.platform == "win32":  # pragma: no cover - select() takes only sockets there, and there is no fork
    run_in_fork = run_in_thread
