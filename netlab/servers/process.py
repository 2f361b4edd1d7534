"""A student's own server in a process of its own: it may block, hang, grow or die, and the notebook goes on.

The process is a forked copy of the kernel, so `serve` can be a function of any cell. It is cut off from the
kernel: it holds none of its sockets, is not reached by Ctrl-C, and ends when the kernel does.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Callable
from typing import cast

import psutil

from netlab.errors import NetlabError, ServerCrashedError, StoppedError
from netlab.exercises.sandbox import fork
from netlab.servers.base import Listener
from netlab.servers.tcp import BACKLOG

Serve = Callable[[socket.socket], object]


class ServerProcess(Listener):
    """Runs a function as a server, for the length of a `with` block or from `start()` to `stop()`.

    What the function prints is shown when the server stops.

    Args:
        serve: gets a listening TCP socket on 127.0.0.1 and serves its clients; it need not ever return.
        grace: seconds that it has to end by itself, after SIGTERM, before it is killed.

    Attributes:
        exit_code: how the process ended: 0 for well, minus the signal's number if a signal ended it
            (-15: SIGTERM, -9: killed after `grace`); None before that.

    Raises:
        ServerCrashedError: by `stop()`, and so at the end of the block, when `serve` raised an exception.
    """

    def __init__(self, serve: Serve, *, grace: float = 2.0) -> None:
        super().__init__()
        self.serve = serve
        self.grace = grace
        self.exit_code: int | None = None

    @property
    def url(self) -> str:
        """The address as a URL."""
        return f"tcp://{self.host}:{self.port}"

    def memory(self) -> int:
        """The bytes of memory that the process has of its own, not shared with the kernel (USS)."""
        with self._alive() as process:
            return int(process.memory_full_info().uss)

    def grown(self) -> int:
        """The bytes of memory that the process has taken since `serve` began."""
        return self.memory() - self._at_first

    def threads(self) -> int:
        """How many threads the server runs, its main thread included."""
        with self._alive() as process:
            return int(process.num_threads()) - 1  # one watches over the kernel

    def _alive(self) -> _Alive:
        if not self.running:
            raise StoppedError("This server has stopped: ask it for its memory and threads inside its block.")
        return _Alive(self._process)

    def _open(self, host: str, port: int) -> int:
        if not hasattr(os, "fork"):
            raise NetlabError(
                "A server of your own in a process of its own needs fork, which Windows does not have. "
                "Run the course in WSL, where everything works."
            )
        self.exit_code = None
        self._report = _Report()
        began, begin = os.pipe()
        watched, self._lifeline = os.pipe()
        with socket.create_server((host, port), backlog=BACKLOG) as listener:
            child, presses = fork()
            if child == 0:
                _live(self.serve, listener, self._report, begin, watched)
            os.close(begin)
            os.close(watched)
            self._process = psutil.Process(child)
            os.read(began, 1)
            os.close(began)
            if presses:
                self._close()
                raise KeyboardInterrupt
            self._at_first = int(self._process.memory_full_info().uss)
            return cast("int", listener.getsockname()[1])

    def _close(self) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            self._process.terminate()
        try:
            self.exit_code = self._process.wait(self.grace)
        except psutil.TimeoutExpired:
            self._process.kill()
            self.exit_code = self._process.wait()
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)  # what it has started itself
            os.close(self._lifeline)
            output, crash = self._report.read()
        print(output, end="")
        if crash:
            raise ServerCrashedError(f"The server ended with an exception; this is where:\n\n{crash}")


class _Alive:
    """A process that is asked something; one that has ended by itself is an error that says so."""

    def __init__(self, process: psutil.Process) -> None:
        self.process = process

    def __enter__(self) -> psutil.Process:
        return self.process

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, psutil.NoSuchProcess):
            raise StoppedError("The server's process has ended by itself: the end of its block says why.")
