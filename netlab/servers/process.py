"""A student's own server in a process of its own: it may block, hang, grow or die, and the notebook goes on.

The process is a forked copy of the kernel, so `serve` can be a function of any cell. It is cut off from the
kernel: it holds none of its sockets, is not reached by Ctrl-C, and ends when the kernel does.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import stat
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn, cast

import psutil

from netlab.errors import NetlabError, OptionError, ServerCrashedError, StoppedError
from netlab.exercises.child import Sink, leave_the_kernel
from netlab.exercises.sandbox import fork
from netlab.load import allow_files
from netlab.servers.base import Listener
from netlab.servers.tcp import BACKLOG

Serve = Callable[[socket.socket], object]


class ServerProcess(Listener):
    """Runs a function as a server, for the length of a `with` block or from `start()` to `stop()`.

    What the function prints is shown when the server stops.

    Args:
        serve: gets a listening TCP socket on 127.0.0.1 and serves its clients; it need not ever return.
            Its backlog is 1,024; `asyncio.start_server(..., sock=listener)` makes that 100 unless told.
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

    @contextlib.contextmanager
    def _alive(self) -> Iterator[psutil.Process]:
        if not self.running:
            raise StoppedError("This server is not running: ask for its memory and threads inside its block.")
        try:
            if self._process.status() == psutil.STATUS_ZOMBIE:
                raise psutil.NoSuchProcess(self._process.pid)
            yield self._process
        except psutil.NoSuchProcess:
            raise StoppedError(
                "The server's process has ended by itself: the end of its block says why."
            ) from None

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
            os.write(self._lifeline, b"x")  # now it may serve
            return cast("int", listener.getsockname()[1])

    def _close(self) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            self._process.terminate()
        try:
            self.exit_code = int(self._process.wait(self.grace))
        except psutil.TimeoutExpired:
            self._process.kill()
            self.exit_code = int(self._process.wait())
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)  # what it has started itself
            os.close(self._lifeline)
            output, crash = self._report.read()
        print(output, end="")
        if crash:
            raise ServerCrashedError(f"The server ended with an exception; this is where:\n\n{crash}")


class _Report:
    """What the process leaves behind: what it printed, and the traceback of its end."""

    def __init__(self) -> None:
        self._files = [tempfile.TemporaryFile() for _ in range(2)]  # noqa: SIM115 - `read` closes them

    def printed(self, text: str) -> None:
        os.write(self._files[0].fileno(), text.encode("utf-8", "replace"))

    def crashed(self, error: BaseException) -> None:
        error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next  # from `serve` on
        os.write(
            self._files[1].fileno(), "".join(traceback.format_exception(error)).encode("utf-8", "replace")
        )

    def read(self) -> list[str]:
        """The two texts; the report is closed then."""
        texts = []
        for file in self._files:
            with file:
                file.seek(0)
                texts.append(file.read().decode("utf-8"))
        return texts


def _live(serve: Serve, listener: socket.socket, report: _Report, begin: int, watched: int) -> NoReturn:
    """What the forked process does."""
    code = 1
    try:
        os.setsid()  # Ctrl-C is for the kernel; and what the server starts can be ended with it
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        leave_the_kernel(Sink(report.printed))
        _let_go_of_the_kernel(keep={listener.fileno(), begin, watched})
        go = threading.Event()
        threading.Thread(target=_end_with_the_kernel, args=(watched, go), daemon=True).start()
        with contextlib.suppress(OptionError):
            allow_files(BACKLOG)
        gc.freeze()  # a collection would write to every object, and thereby copy the kernel's memory
        os.write(begin, b"x")
        os.close(begin)
        go.wait()
        serve(listener)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:
        report.crashed(error)
    finally:
        os._exit(code & 255)


def _let_go_of_the_kernel(keep: set[int]) -> None:
    """Close the kernel's connections and pipes, or their other ends would never learn that the kernel did.

    Their numbers stay taken: a number used again would be closed when an old object that holds it goes.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in [int(path.name) for path in Path("/dev/fd").iterdir()]:
        with contextlib.suppress(OSError):
            mode = os.fstat(number).st_mode
            if number not in keep and (stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode)):
                os.dup2(nowhere, number)


def _end_with_the_kernel(watched: int, go: threading.Event) -> None:
    if os.read(watched, 1):
        go.set()
        os.read(watched, 1)  # returns when the kernel has closed its end, or is gone
    os.killpg(0, signal.SIGKILL)
