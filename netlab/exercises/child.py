"""What happens inside the forked copy: cut off from the notebook's kernel, it runs the check and ends."""

from __future__ import annotations

import builtins
import contextlib
import faulthandler
import io
import json
import os
import signal
import socket
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, NoReturn

from netlab.exercises.trial import Result, Trial

OUTPUT = 2000  # characters of the student's own output that are kept
SOCKET_TIMEOUT = 2.0  # seconds for a student's socket without a timeout: an error says more than a hang
COMPUTING = 0.5  # the share of its time that a check may compute; no right answer needs a fourth of that
ENDING = 0.3  # seconds that the student's threads get to end by themselves


class Sink(io.TextIOBase):
    """A text stream that hands on what is written, up to a limit.

    Args:
        send: gets each piece of text.
    """

    def __init__(self, send: Callable[[str], object]) -> None:
        self._send = send
        self._room = OUTPUT

    def write(self, text: str) -> int:
        """Hand on the text while there is room for it."""
        kept = text[: self._room]
        self._room -= len(kept)
        if kept:
            self._send(kept)
        return len(text)


def live(
    job: Callable[[Trial], None], files: frozenset[str], limit: float, writing: int, dump: int
) -> NoReturn:
    """Run a job, send what happens as lines of JSON, and end without a trace.

    Args:
        job: gets a `Trial` and tries its cases.
        files: the names of the files that hold the student's code.
        limit: seconds after which this process ends itself, even if the kernel is gone by then; an endless loop
            ends sooner, by SIGPROF, when it has computed for the share `COMPUTING` of them.
        writing: the pipe to send to.
        dump: the file that says which lines were running when time was up.
    """
    lock = threading.Lock()

    def send(**message: Any) -> None:
        with lock:
            os.write(writing, json.dumps(message).encode() + b"\n")

    def report(result: Result, ended: bool) -> None:
        send(**{"result" if ended else "case": asdict(result)})

    try:
        os.setsid()  # Ctrl-C is for the kernel; and what the student starts can be ended as one group
        faulthandler.dump_traceback_later(limit, exit=True, file=dump)
        faulthandler.register(signal.SIGPROF, file=dump, chain=True)  # and then the signal ends the process
        signal.setitimer(signal.ITIMER_PROF, COMPUTING * limit)
        leave_the_kernel(Sink(lambda text: send(output=text)))
        socket.setdefaulttimeout(SOCKET_TIMEOUT)
        warnings.simplefilter("default")
        warnings.simplefilter(
            "ignore", ResourceWarning
        )  # it would name a line of Python's own, not the student's
        before = set(threading.enumerate())
        try:
            job(Trial(report, files))
        except BaseException:
            send(crash=traceback.format_exc())
        send(threads=_left_running(before), done=True)
    finally:
        os._exit(0)


def leave_the_kernel(sink: Sink) -> None:
    """Let nothing that the student's code does reach the kernel's streams, messages and signals."""
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):  # a logger may hold the old ones
        with contextlib.suppress(AttributeError):
            stream.write, stream.flush = sink.write, sink.flush  # type: ignore[union-attr,method-assign]
    sys.stdout = sys.stderr = sink
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    builtins.input = _no_input
    ipython = sys.modules.get("IPython")
    if ipython is not None and (shell := ipython.get_ipython()) is not None:
        shell.display_pub.publish = lambda *_, **__: None
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _no_input(_: object = "") -> str:
    raise EOFError("input() does not work in a check: take the value as an argument")


def _left_running(before: set[threading.Thread]) -> int:
    """How many threads the job has left running, apart from netlab's own."""
    left = [t for t in threading.enumerate() if t not in before and not t.name.startswith("netlab-")]
    deadline = time.monotonic() + ENDING
    for thread in left:
        thread.join(max(0.0, deadline - time.monotonic()))
    return sum(thread.is_alive() for thread in left)
