"""What runs a Python web app: gunicorn and waitress, and Flask's development server to compare them with."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Mapping

import psutil

from netlab.deploy.program import Program, ProgramMissingError
from netlab.errors import OptionError

# How gunicorn says which of its workers have loaded the app. It is the end of its configuration file.
HOOKS = """

# Written by netlab: which workers are ready.
from pathlib import Path as _Path
_before = {{name: globals().get(name) for name in ("post_worker_init", "child_exit")}}


def post_worker_init(worker):
    if _before["post_worker_init"]:
        _before["post_worker_init"](worker)
    _Path({ready!r}, str(worker.pid)).touch()


def child_exit(server, worker):
    if _before["child_exit"]:
        _before["child_exit"](server, worker)
    _Path({ready!r}, str(worker.pid)).unlink(missing_ok=True)
"""


class Gunicorn(Program):
    """gunicorn: a master process that listens, and workers that answer.

    Args:
        app: where the app is, "module:name", or "module:make()" for a function that makes it.
        workers: how many processes answer.
        threads: how many requests each of them has in hand; with 1 they are gunicorn's "sync" workers.
        config: the text of a `gunicorn.conf.py`; what is said here by arguments wins.
        patience: seconds in which a worker may finish its requests when it is to end (`graceful_timeout`).
        files: what lies in its folder, texts by their names; the app's module, for example.
        env: its environment variables, beside those of this process.
        port: the port to listen on, 0 for any free one.

    Example:
        >>> with Gunicorn("web:app", files={"web.py": source}, workers=2) as server:
        ...     requests.get(server.url, timeout=5)
    """

    def __init__(
        self,
        app: str,
        *,
        workers: int = 1,
        threads: int = 1,
        config: str = "",
        patience: int = 5,
        files: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(files=files, env=env, port=port)
        if workers < 1 or threads < 1:
            raise OptionError("gunicorn needs at least one worker, with at least one thread.")
        self.app = check_app(app)
        self.workers = workers
        self.threads = threads
        self.config = config
        self.patience = patience

    def reload(self) -> None:
        """Load the app and the configuration anew (SIGHUP): new workers begin, the old ones finish and end.

        Raises:
            ServerCrashedError: when the new app cannot be loaded; then gunicorn has ended, and serves nothing.
        """
        before = set(self.ready())
        self.signal(signal.SIGHUP)
        self._wait_until(lambda: self._are_enough(before))

    def settle(self) -> None:
        """Wait until there are as many workers as there should be, after one has died, for example."""
        self._check_running()
        self._wait_until(self._is_ready)

    def ready(self) -> list[int]:
        """The process numbers of the workers that have loaded the app."""
        self._check_running()
        return self._marked()

    def memory(self) -> int:
        """The bytes of memory that the workers have of their own, not shared with each other (USS)."""
        return sum(int(psutil.Process(pid).memory_full_info().uss) for pid in self.ready())

    def _command(self, host: str, port: int) -> list[str]:  # noqa: ARG002
        if os.name != "posix":
            raise ProgramMissingError(
                "gunicorn needs fork, which Windows does not have. Use Waitress, or run the course in WSL."
            )
        (self.folder / "ready").mkdir()
        path = self.folder / "gunicorn.conf.py"
        path.write_text(self.config + HOOKS.format(ready=str(self.folder / "ready")), encoding="utf-8")
        arguments = {
            "--config": path,
            "--bind": f"fd://{self._socket.fileno()}",
            "--workers": self.workers,
            "--threads": self.threads,
            "--graceful-timeout": self.patience,
            "--worker-tmp-dir": self.folder,
        }
        words = [str(word) for pair in arguments.items() for word in pair]
        return [sys.executable, "-m", "gunicorn", *words, *_unless_old(), self.app]

    def _begin(self, host: str, port: int) -> None:
        with socket.create_server((host, port), backlog=2048) as self._socket:
            super()._begin(host, port)

    def _handed_down(self) -> tuple[int, ...]:
        return (self._socket.fileno(),)

    def _is_listening(self, host: str, port: int) -> bool:  # noqa: ARG002
        return True  # we listen ourselves; what counts is that there are workers

    def _is_ready(self) -> bool:
        return self._are_enough(set())

    def _are_enough(self, old: set[int]) -> bool:
        now = set(self._marked())
        return len(now) >= self.workers and not now & old

    def _marked(self) -> list[int]:
        marked = [int(path.name) for path in (self.folder / "ready").iterdir()]
        return sorted(filter(psutil.pid_exists, marked))  # one that has just died may still be marked


class Waitress(Program):
    """waitress: one process, a few threads, pure Python; it runs on Windows, too.

    Args:
        app: where the app is, "module:name".
        threads: how many requests it works on at once.
        files: what lies in its folder, texts by their names.
        env: its environment variables, beside those of this process.
        port: the port to listen on, 0 for any free one.
    """

    def __init__(
        self,
        app: str,
        *,
        threads: int = 4,
        files: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(files=files, env=env, port=port)
        self.app = check_app(app)
        self.threads = threads

    def _command(self, host: str, port: int) -> list[str]:
        return [
            *(sys.executable, "-m", "waitress"),
            *(f"--listen={host}:{port}", f"--threads={self.threads}", self.app),
        ]

    def _is_ready(self) -> bool:
        return True


class DevelopmentServer(Program):
    """What `app.run()` and `flask run` start: Werkzeug's server, for the one who writes the app.

    Args:
        app: where the Flask app is, "module:name".
        debug: show visitors what went wrong, and let them run code.
        files: what lies in its folder, texts by their names.
        env: its environment variables, beside those of this process.
        port: the port to listen on, 0 for any free one.
    """

    def __init__(
        self,
        app: str,
        *,
        debug: bool = False,
        files: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(files=files, env=env, port=port)
        self.app = check_app(app)
        self.debug = debug

    def _command(self, host: str, port: int) -> list[str]:
        kind = "--debug" if self.debug else "--no-debug"
        run = ["run", f"--host={host}", f"--port={port}", "--no-reload"]
        return [sys.executable, "-m", "flask", f"--app={self.app}", kind, *run]

    def _is_ready(self) -> bool:
        return True


def check_app(app: str) -> str:
    """Return the place of an app, refuse what cannot be one.

    Raises:
        OptionError: for anything but "module:name".
    """
    module, colon, name = app.partition(":") if isinstance(app, str) else ("", "", "")
    if not (module and colon and name):
        raise OptionError(f"{app!r} is no place of an app. Write module and name, such as 'web:app'.")
    return app


def _unless_old() -> list[str]:
    """No control socket in the user's home, in the versions that have one."""
    from gunicorn.config import KNOWN_SETTINGS  # type: ignore[import-untyped]

    names = {setting.name for setting in KNOWN_SETTINGS}
    return ["--no-control-socket"] if "control_socket_disable" in names else []
