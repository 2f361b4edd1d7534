"""A Django project of real files, which a lesson makes, changes, runs and visits, each time in a process of its own.

The kernel of a notebook has an event loop of its own, in which Django's ORM refuses to work
(`SynchronousOnlyOperation`). So nothing of the project is imported here: each command is a process.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from netlab.apps import project as base
from netlab.apps.project import Edit, Edits, Project, Said
from netlab.errors import NetlabError, OptionError
from netlab.paths import data_dir

STEPS = Path(__file__).parent / "django_steps"
PACKAGE, APPS = "ticker", ("shares", "people")
PEOPLE = """
for name in ("ada", "bob", "grace"):
    User.objects.create_user(name, f"{name}@ticker.example", "a long password")
ada, bob, grace = User.objects.order_by("username")
ada.watched.set(Stock.objects.filter(ticker__in=["AAPL", "IBM"]))
bob.watched.add(Stock.objects.get(ticker="IBM"))
"""
SECRET = re.compile(r"django-insecure-[^'\"\s]+")  # what startproject has made up: no secret is shown
NOISE = re.compile(r"(?m) in \d+\.\d+s|^\d+ objects? imported automatically.*\n+")
ADDRESS = re.compile(rb"development server at (http://[\d.]+:\d+)/.*CONTROL-C\.\s*", re.DOTALL)
RUNSERVER = ("[", "WARNING: This is a dev", "For more information on production")  # how its own lines begin
READY = 20.0  # seconds that a server may take to begin


class DjangoProject(Project):
    """A project in a temporary folder, gone when it is closed.

    Args:
        step: of the course's own project to begin with; "" for a folder without a file.

    Example:
        >>> with DjangoProject() as project:
        ...     project.run("django", "startproject", "ticker", ".")
        ...     project.manage("check")
    """

    def __init__(self, step: str = "") -> None:
        super().__init__(PACKAGE)
        self._commands = _Commands() if hasattr(os, "fork") else None
        if step:
            self.resume(step)

    def close(self) -> None:
        """End what still runs, and remove the folder."""
        if self._commands is not None:
            self._commands.close()
        super().close()

    def step(self, name: str, *opened: str) -> Edits:
        """Bring in the files of the course's own project as they are after a step.

        Args:
            name: of the step, such as "2.models".
            *opened: files that are shown open; all that are Python if none is named.

        Raises:
            OptionError: when there is no such step, or no project yet.
        """
        if name not in steps():
            raise OptionError(f"There is no step {name!r}; there are {', '.join(steps())}.")
        if not (self.folder / "manage.py").exists():
            raise OptionError(
                "There is no project in the folder yet. `project.resume(…)` makes one, with all steps before."
            )
        edits = [self._put(file, path.read_text("utf-8")) for file, path in files_of(name).items()]
        changed = tuple(_without_secret(each) for each in edits if each.before != each.after)
        return Edits(changed, opened or tuple(each.name for each in changed if each.name.endswith(".py")))

    def resume(self, name: str) -> Said:
        """Let a new sitting begin where the lesson is after a step: with its files, tables, prices and people.

        Where there is a project already, nothing is done.

        Args:
            name: of the step, "3.import" or a later one.
        """
        if not (self.folder / "manage.py").exists():
            self.run("django", "startproject", PACKAGE, ".")
            for app in APPS:
                self.manage("startapp", app)
            self.step(name)
            self.manage("makemigrations", "--no-header")
            self.manage("migrate")
            self.manage("import_prices", str(data_dir() / "stocks.csv"))
            self.shell(PEOPLE)
        return Said(f"The project is there, as after step {name}.")

    def show(self, *names: str) -> Edits:
        """Whole files as they are now; a secret key is left out."""
        return Edits(tuple(map(_without_secret, super().show(*names).files)), names)

    def run(self, *words: str, **environment: str) -> Said:
        """Run a Python program in the folder, as `python -m …` does: `run("django", "startproject", "ticker", ".")`.

        Args:
            *words: a module, and its arguments.
            **environment: variables for it.

        Returns:
            What it printed, errors included, without the seconds it took.

        Raises:
            NetlabError: when it does not end in time.
        """
        return self._run(["-m", *words], environment)

    def manage(self, *words: str, **environment: str) -> Said:
        """Run a command of the project, as `python manage.py …` does in its folder: `manage("migrate")`.

        Args:
            *words: the command, and its arguments.
            **environment: variables for it.
        """
        return self._run(["manage.py", *words], environment)

    def shell(self, code: str, **environment: str) -> Said:
        """Run some lines of Python inside of the project, as `python manage.py shell` does; print what you want to see.

        The models of all its apps are imported already.
        """
        return self.manage("shell", "-c", textwrap.dedent(code), **environment)

    @contextlib.contextmanager
    def site(self, *words: str, **environment: str) -> Iterator[Site]:
        """Run the site, as `python manage.py runserver` does, while a block runs.

        Args:
            *words: more arguments of `runserver`.
            **environment: variables for it.
        """
        command = ["manage.py", "runserver", "--noreload", "127.0.0.1:0", *words]
        with self._process(command, environment) as output:
            said = b""
            deadline = time.monotonic() + READY
            while not (found := ADDRESS.search(said)):
                piece = _read(output, deadline)
                said += piece
                if not piece:
                    raise NetlabError(f"The site does not begin:\n{self._clean(said)}")
            site = Site(found[1].decode(), output, said[found.end() :])
            try:
                yield site
            finally:
                site.end()

    def _run(self, words: list[str], environment: dict[str, str]) -> Said:
        said = b""
        deadline = time.monotonic() + base.SECONDS
        with self._process(words, environment) as output:
            while piece := _read(output, deadline):
                said += piece
            if time.monotonic() >= deadline:
                raise NetlabError(f"{' '.join(words)} did not end within {base.SECONDS:g} seconds.")
        return Said(self._clean(said))

    def _clean(self, printed: bytes) -> str:
        said = printed.decode("utf-8", "replace")
        said = said.replace(str(self.folder.resolve()), ".").replace(str(self.folder), ".")
        return NOISE.sub("", said.replace("\r\n", "\n")).rstrip()

    @contextlib.contextmanager
    def _process(self, words: list[str], environment: dict[str, str]) -> Iterator[int]:
        """Run Python with these words; gives the descriptor to read its output from, and ends it afterwards."""
        if not self.folder.is_dir():
            raise NetlabError(
                "This project is closed: run the cell that makes it, and those after it, again."
            )
        settings = {k: v for k, v in base._environment().items() if not k.startswith("DJANGO_")} | environment
        if self._commands is not None:
            with self._commands.process(words, str(self.folder), settings) as output:
                yield output
            return
        with subprocess.Popen(  # noqa: S603 - a list of words, and no shell
            [sys.executable, "-B", "-u", *words],
            cwd=self.folder,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            assert process.stdout is not None
            try:
                yield process.stdout.fileno()
            finally:
                process.kill()


class Site:
    """A site that runs.

    Attributes:
        url: where it is, without a slash at its end.
        address: its host and port.
    """

    def __init__(self, url: str, output: int, said: bytes) -> None:
        self.url = url
        host, _, port = url.removeprefix("http://").partition(":")
        self.address = (host, int(port))
        self._output = output
        self._said = said
        self._ended = False

    def __repr__(self) -> str:
        return f"<Site at {self.url}>"

    def said(self) -> Said:
        """All that the site has printed since it began to answer."""
        while not self._ended and (piece := _read(self._output, time.monotonic() + 0.05)):
            self._said += piece
        return Said(self._said.decode("utf-8", "replace"))

    def log(self) -> Said:
        """What the site has logged, without the lines with a date that `runserver` writes of itself."""
        lines = self.said().splitlines()
        return Said("\n".join(line for line in lines if line.strip() and not line.startswith(RUNSERVER)))

    def end(self) -> None:
        """Read the rest of the log; the process ends now."""
        self.said()
        self._ended = True


class _Commands:
    """The warm process, and how to ask it."""

    def __init__(self) -> None:
        self._channel, other = socket.socketpair()
        with other:
            self._process = subprocess.Popen(  # noqa: S603 - a list of words, and no shell
                [sys.executable, "-B", "-m", "netlab.apps.django_warm", str(other.fileno())],
                pass_fds=[other.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the notebook
            )

    def close(self) -> None:
        """End the warm process, and what it has started."""
        self._channel.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:  # pragma: no cover - only a stopped process does not notice
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    @contextlib.contextmanager
    def process(self, words: list[str], folder: str, environment: dict[str, str]) -> Iterator[int]:
        """Run a command; gives the descriptor to read its output from, and ends it afterwards."""
        reading, writing = os.pipe()
        number = 0
        try:
            try:
                request = {"words": words, "folder": folder, "environment": environment}
                number = self._ask(request, writing)
            finally:
                os.close(writing)
            yield reading
        finally:
            os.close(reading)
            if number:
                self._ask({"end": number})

    def _ask(self, request: Mapping[str, object], *descriptors: int) -> int:
        data = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(self._channel, [data], list(descriptors)) if descriptors else 0
        self._channel.sendall(data[sent:])
        answer = b""
        while not answer.endswith(b"\n"):
            piece = self._channel.recv(64)
            if not piece:
                raise NetlabError("The process that runs Django has ended: make the project anew.")
            answer += piece
        return int(answer)


def steps(folder: Path = STEPS) -> tuple[str, ...]:
    """The names of the steps in a folder of them, in their order; those of lesson 17 by default."""
    return tuple(sorted(path.name for path in folder.glob("[0-9].*")))


def files_of(name: str, folder: Path = STEPS) -> dict[str, Path]:
    """Where the files of a project are after a step, by their path in it."""
    names = steps(folder)
    found = {}
    for step in names[: names.index(name) + 1]:
        for path in (folder / step).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                found[path.relative_to(folder / step).as_posix()] = path
    return dict(sorted(found.items()))


def _read(output: int, deadline: float) -> bytes:
    """What comes next; nothing at the end, or when the time is over."""
    if os.name == "nt":  # pragma: no cover - select is for sockets there
        return os.read(output, 65536)
    ready, _, _ = select.select([output], [], [], max(0.0, deadline - time.monotonic()))
    return os.read(output, 65536) if ready else b""


def _without_secret(edit: Edit) -> Edit:
    return Edit(
        edit.name, SECRET.sub("django-insecure-…", edit.before), SECRET.sub("django-insecure-…", edit.after)
    )
