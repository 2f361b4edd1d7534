"""A program of this machine as a server of the course: in a process of its own, in a temporary folder, and gone after.

It needs no rights, writes nowhere else, and ends even when the kernel that started it is killed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

import psutil

from netlab.errors import MissingError, OptionError, ServerCrashedError, StoppedError
from netlab.servers.base import Listener

PATIENCE = 30.0  # seconds that a program has to begin, on a machine that is busy
LOOK = 0.005  # seconds between two looks
TRIES = 5  # free ports, should another program be faster
SHOWN = 1500  # characters of a log in a message
ELSEWHERE = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin", "/usr/local/bin")  # not in everybody's PATH
COLOUR = re.compile(r"\x1b\[[\d;]*m")
SETTINGS_OF_OTHERS = ("GUNICORN_CMD_ARGS", "WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS", "FLASK_", "WERKZEUG_")
# A shell that reads from the kernel, and ends the program when there is nobody left who could write.
KEEPER = 'read -r _; kill -s TERM -- "-$0" 2>/dev/null; sleep 5; kill -s KILL -- "-$0" 2>/dev/null'


class ProgramMissingError(MissingError):
    """A program that this lesson shows is not installed; in a notebook the message is all that is shown."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Program(Listener):
    """A program that listens, for the length of a `with` block or from `start()` to `stop()`.

    Args:
        files: what lies in its folder, texts by their names.
        env: its environment variables, beside those of this process.
        port: the port to listen on, 0 for any free one.

    Attributes:
        folder: where it runs; a temporary folder that is gone when it stops.

    Raises:
        ServerCrashedError: by `start()`, when the program ends at once; the message has its log.
    """

    grace: ClassVar[float] = 6.0  # seconds from SIGTERM until it is killed

    def __init__(
        self,
        *,
        files: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
        port: int = 0,
    ) -> None:
        super().__init__("127.0.0.1", port)
        self.files = dict(files or {})
        self.env = dict(env or {})
        self._kept_log = ""

    @abstractmethod
    def _command(self, host: str, port: int) -> list[str]:
        """The words of the command, once the folder is there."""

    @abstractmethod
    def _is_ready(self) -> bool:
        """Whether a client is answered now."""

    @property
    def url(self) -> str:
        """The address as a URL."""
        return f"http://{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        """The number of its process; of the first one, where it has several."""
        self._check_running()
        return self._process.pid

    @property
    def log(self) -> str:
        """What it has written to its log so far; it can be read after the end, too."""
        return self._read("log") if self.running else self._kept_log

    def wait_for(self, text: str, count: int = 1) -> None:
        """Wait until its log holds a text so many times.

        Raises:
            ServerCrashedError: when it ends before, or writes nothing of the kind.
        """
        self._check_running()
        self._wait_until(lambda: self.log.count(text) >= count)

    def has_ended(self, within: float = 10.0) -> bool:
        """Whether its process ends by itself within some seconds."""
        self._check_running()
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def signal(self, number: int) -> None:
        """Send it a signal, as `kill` does."""
        self._check_running()
        self._process.send_signal(number)

    def children(self) -> list[int]:
        """The numbers of the processes that it has started."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return sorted(child.pid for child in psutil.Process(self.pid).children())
        return []

    def _open(self, host: str, port: int) -> int:
        for _ in range(TRIES):
            try:
                number = free_port(host, port)
            except OSError:  # the system gave us a port that another process began to listen on just then
                if port:
                    raise
                continue
            try:
                self._begin(host, number)
            except (OSError, ServerCrashedError) as error:
                self._close()
                if port or not _says_taken(error):
                    raise
            except BaseException:
                self._close()
                raise
            else:
                return number
        raise OptionError("No free port was found. Try again.")

    def _begin(self, host: str, port: int) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="netlab-deploy-")
        self.folder = Path(self._temporary.name)
        for name, text in self.files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self._launch(self._command(host, port), host, port)

    def _launch(self, command: list[str], host: str, port: int) -> None:
        """Start the process in its folder, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - a list of words, and no shell
                command,
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self._handed_down(),
            )
        self._keeper = _keep(self._process.pid)
        self._wait_until(lambda: self._is_listening(host, port) and self._is_ready())

    def _environment(self) -> dict[str, str]:
        ours = {k: v for k, v in os.environ.items() if not k.startswith(SETTINGS_OF_OTHERS)}
        return {**ours, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", **self.env}

    def _handed_down(self) -> tuple[int, ...]:
        """Files that the program gets open."""
        return ()

    def _is_listening(self, host: str, port: int) -> bool:
        """Whether it accepts connections there, itself.

        Raises:
            OSError: when somebody else does.
        """
        try:
            socket.create_connection((host, port), timeout=PATIENCE).close()
        except OSError:
            return False
        if not self._owns(port):
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
        return True

    def _owns(self, port: int) -> bool:
        """Whether one of its processes listens at a port."""
        try:
            process = psutil.Process(self._process.pid)
            return any(port in ports_of(each) for each in (process, *process.children(recursive=True)))
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:  # this system does not say whose a port is
            return True

    def _wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds, and look whether the program is still there."""
        deadline = time.monotonic() + PATIENCE
        while self._process.poll() is None:
            if holds():
                return
            if time.monotonic() > deadline:
                raise ServerCrashedError(
                    f"{self._name} was not ready in {PATIENCE:g} seconds.{self._end_of_log()}"
                )
            time.sleep(LOOK)
        raise ServerCrashedError(f"{self._name} has ended, and this is its log.{self._end_of_log()}")

    def _close(self) -> None:
        if not hasattr(self, "_temporary"):  # it has not begun: its program is missing
            return
        if hasattr(self, "_process"):
            self._end()
        self._kept_log = self._read("log")
        self._before_folder_goes()
        self._temporary.cleanup()
        del self._temporary

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(self.grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        finally:
            if hasattr(os, "killpg"):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, signal.SIGKILL)  # what it has left behind
            if self._keeper:
                self._keeper.kill()
                self._keeper.communicate()
            del self._process

    def _before_folder_goes(self) -> None:
        """Keep what is wanted after the end."""

    def _read(self, name: str) -> str:
        with contextlib.suppress(FileNotFoundError):
            return COLOUR.sub("", (self.folder / name).read_text(encoding="utf-8", errors="replace"))
        return ""

    def _end_of_log(self) -> str:
        return f"\n\n{self._read('log')[-SHOWN:].strip()}"

    def _check_running(self) -> None:
        if not self.running:
            raise StoppedError(f"This {self._name} is not running: ask inside its `with` block.")

    @property
    def _name(self) -> str:
        return type(self).__name__


def which(name: str) -> str | None:
    """The path of a program, also where not everybody's PATH leads; None if there is none."""
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *ELSEWHERE)))


def find_program(name: str, install: str) -> str:
    """The path of a program.

    Args:
        name: what it is called.
        install: what to do when it is missing, a sentence.

    Raises:
        ProgramMissingError: when it is.
    """
    if path := which(name):
        return path
    raise ProgramMissingError(f"{name} is not installed. {install} Then run this cell again.")


def free_port(host: str, port: int = 0) -> int:
    """A port that is free now, the wanted one if it is; else the system's error."""
    with socket.create_server((host, port)) as listener:
        return int(listener.getsockname()[1])


def ports_of(process: psutil.Process) -> set[int]:
    """The ports at which a process accepts connections; none once it has ended.

    Raises:
        psutil.AccessDenied: where the system does not say.
    """
    with contextlib.suppress(psutil.NoSuchProcess):
        sockets = process.net_connections("tcp")
        return {each.laddr.port for each in sockets if each.status == psutil.CONN_LISTEN}
    return set()


def _says_taken(error: Exception) -> bool:
    """Whether the port was taken by another program, by the system's number or in the program's own log."""
    return getattr(error, "errno", None) == errno.EADDRINUSE or "already in use" in str(error)


def _keep(pid: int) -> subprocess.Popen[bytes] | None:
    """A process that ends a program's whole session when this process is gone; not on Windows."""
    if os.name != "posix":
        return None
    return subprocess.Popen(  # noqa: S603 - a script of ours, and a number
        ["/bin/sh", "-c", KEEPER, str(pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
