"""A web project of real files in a temporary folder, which a lesson builds step by step, shows, imports and runs."""

from __future__ import annotations

import difflib
import html
import importlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from netlab.errors import NetlabError, OptionError
from netlab.svg import MONO

STEPS = Path(__file__).parent / "steps"
SECONDS = 60.0  # that a command may take
STYLE = f"font-family:{MONO};font-size:13px;line-height:1.4;white-space:pre-wrap;margin:4px 0 8px 0"
NEW, OLD = "background:#e2f2e6;color:#0b3d1a", "background:#fbe9e7;color:#7a1f12;text-decoration:line-through"


@dataclass(frozen=True)
class Edit:
    """A whole file, and what it was before.

    Attributes:
        name: its path in the project.
        before: its text before; "" for a new file.
        after: its text now.
    """

    name: str
    before: str = field(repr=False)
    after: str = field(repr=False)

    def lines(self) -> Iterator[tuple[str, int, str]]:
        """Every line with its sign (" ", "+" or "-"), its number (of the new file; 0 for one that is gone)."""
        old, new = self.before.splitlines(), self.after.splitlines()
        for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind != "equal":
                yield from (("-", 0, line) for line in old[a:b])
            sign = " " if kind == "equal" else "+"
            yield from ((sign, number, new[number - 1]) for number in range(c + 1, d + 1))

    def __str__(self) -> str:
        signs = [sign for sign, _, _ in self.lines()]
        changes = f", +{signs.count('+')} −{signs.count('-')}" if self.before != self.after else ""
        news = ", new" if not self.before and self.after else changes
        count = len(self.after.splitlines())
        return f"{self.name}, {count} line{'s' if count != 1 else ''}{news}"

    def html(self, *, is_open: bool) -> str:
        """The file with line numbers; what is new is marked, what is gone is struck out."""
        marks = {"+": f' style="{NEW}"', "-": f' style="{OLD}"', " ": ""} if self.before else {}
        body = "".join(
            f"<span{marks.get(sign, '')}>{number or '':>3} {sign if self.before else ' '} {html.escape(text)}</span>\n"
            for sign, number, text in self.lines()
        )
        summary = f"<summary><code>{html.escape(str(self))}</code></summary>"
        return f'<details{" open" if is_open else ""}>{summary}<pre style="{STYLE}">{body}</pre></details>'


@dataclass(frozen=True)
class Edits:
    """The files that a step has made or changed; in a notebook a click on a name opens or closes it.

    Attributes:
        files: the files.
        opened: the names of those that are open at first.
    """

    files: tuple[Edit, ...]
    opened: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n".join(map(str, self.files)) or "nothing has changed"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        shown = "".join(each.html(is_open=each.name in self.opened) for each in self.files)
        return {"text/html": shown or "nothing has changed", "text/plain": repr(self)}


class Said(str):
    """What a program printed, shown in a notebook as it stands."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class Project:
    """A project in a temporary folder, gone when its block, or the notebook, ends.

    Args:
        package: the name of its Python package.

    Attributes:
        folder: where its files are.

    Example:
        >>> with Project() as project:
        ...     project.step("1.factory")
        ...     app = project.app()
    """

    def __init__(self, package: str = "ticker") -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="netlab-project-")
        self.folder = Path(self._temporary.name)
        self.package = package

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the folder, and forget its modules."""
        self._forget()
        self._temporary.cleanup()

    def step(self, name: str, *opened: str) -> Edits:
        """Bring in the files of the course's own site as they are after a step.

        The steps before it are brought in with it, so that a new sitting may begin with any step. Taken once more,
        a step shows its files as they are.

        Args:
            name: of the step, such as "2.templates".
            *opened: files that are shown open; all that are Python if none is named.

        Raises:
            OptionError: when there is no such step.
        """
        if name not in steps():
            raise OptionError(f"There is no step {name!r}; there are {', '.join(steps())}.")
        files: dict[str, Path] = {}
        for each in steps()[: steps().index(name) + 1]:
            files |= {path.relative_to(STEPS / each).as_posix(): path for path in _files(STEPS / each)}
        edits = [self._put(file, path.read_text("utf-8")) for file, path in sorted(files.items())]
        changed = tuple(each for each in edits if each.before != each.after)
        if not changed:  # taken already: its own files, as they are
            changed = tuple(each for each in edits if files[each.name].is_relative_to(STEPS / name))
        return Edits(changed, opened or tuple(each.name for each in changed if each.name.endswith(".py")))

    def write(self, name: str, text: str) -> Edits:
        """Write one file, and show what has changed in it.

        Args:
            name: its path in the project, such as "ticker/templates/front.html".
            text: all of it; a line break at its beginning is left out.
        """
        return Edits((self._put(name, text.removeprefix("\n")),), (name,))

    def replace(self, name: str, old: str, new: str) -> Edits:
        """Put other text in place of some text of a file, which stands there once.

        Raises:
            OptionError: when it does not.
        """
        text = self.read(name)
        if text.count(old) != 1:
            raise OptionError(
                f"{old!r} stands {text.count(old)} times in {name}: name a text that is there once."
            )
        return self.write(name, text.replace(old, new))

    def read(self, name: str) -> str:
        """The text of a file."""
        return self._path(name).read_text(encoding="utf-8")

    def show(self, *names: str) -> Edits:
        """Whole files as they are now."""
        return Edits(tuple(Edit(name, text := self.read(name), text) for name in names), names)

    def tree(self) -> Said:
        """The files, one a line."""
        return Said(
            "\n".join(sorted(path.relative_to(self.folder).as_posix() for path in _files(self.folder)))
        )

    def app(self, **settings: Any) -> Any:
        """Import the project anew, as it is now, and return what its `create_app` makes.

        Args:
            **settings: given to `create_app`.
        """
        self._forget()
        bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        sys.path.insert(0, str(self.folder))
        try:
            importlib.invalidate_caches()
            module = importlib.import_module(self.package)
            return module.create_app(settings)
        finally:
            sys.path.remove(str(self.folder))
            sys.dont_write_bytecode = bytecode

    def module(self, name: str) -> ModuleType:
        """A module of the project as it was imported by `app`, such as `module("models")`."""
        return importlib.import_module(f"{self.package}.{name}")

    def run(self, *words: str, **environment: str) -> Said:
        """Run a Python program in the folder, such as `run("flask", "--app", "ticker", "routes")`.

        Args:
            *words: a module, as after `python -m`, and its arguments.
            **environment: variables for it, such as `TICKER_SECRET_KEY="…"`.

        Returns:
            What it printed, errors included, without the seconds it took.

        Raises:
            NetlabError: when it does not end in time.
        """
        try:
            done = subprocess.run(  # noqa: S603 - a list of words, and no shell
                [sys.executable, "-B", "-m", *words],
                cwd=self.folder,
                env=_environment() | environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise NetlabError(f"{' '.join(words)} did not end within {SECONDS:g} seconds.") from None
        said = done.stdout.replace(str(self.folder), ".")
        return Said(re.sub(r" in \d+\.\d+s", "", said).rstrip())

    def _put(self, name: str, text: str) -> Edit:
        path = self._path(name)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return Edit(name, before, text)

    def _path(self, name: str) -> Path:
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise OptionError(f"{name!r} lies outside of the project.")
        return path

    def _forget(self) -> None:
        for name in [each for each in sys.modules if each.split(".")[0] == self.package]:
            del sys.modules[name]


def steps() -> tuple[str, ...]:
    """The names of the steps of the course's own site, in their order."""
    return tuple(sorted(path.name for path in STEPS.glob("[0-9].*")))


def _files(folder: Path) -> list[Path]:
    """The files under a folder that somebody has written."""
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]


def _environment() -> dict[str, str]:
    """The environment without settings of other sites, colours, and plugins that a project does not ask for."""
    foreign = ("TICKER_", "FLASK_", "PYTEST_", "COVERAGE")
    loud = ("FORCE_COLOR", "CI", "BUILD_NUMBER")  # by which pytest decides how much it says
    others = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    plain = {"NO_COLOR": "1", "COLUMNS": "100", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONUTF8": "1"}
    return {name: value for name, value in others.items() if name not in loud} | plain
