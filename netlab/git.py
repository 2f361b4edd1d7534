"""A git repository in a temporary folder, to see what git keeps; nobody else's repository or settings are touched."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from netlab.errors import MissingError, NetlabError

# One author at one time, so that the same files get the same commits everywhere.
WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ada"), ("EMAIL", "ada@customer.example"), ("DATE", "2013-03-01T21:05:00Z"))
}
SECONDS = 10.0  # that git may take


class Repository:
    """A repository with one branch, gone when its block ends.

    Attributes:
        folder: where its files are.

    Raises:
        MissingError: when there is no git on this machine.

    Example:
        >>> with Repository() as repository:
        ...     repository.commit("Begin", {"notes.txt": "hello"})
        ...     repository.git("show", "HEAD:notes.txt")
        'hello'
    """

    def __init__(self) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="netlab-git-")
        self.folder = Path(self._temporary.name)
        try:
            self.git("init", "--quiet", "--initial-branch=main")
        except NetlabError:
            self._temporary.cleanup()
            raise

    def __enter__(self) -> Repository:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._temporary.cleanup()

    def commit(self, message: str, files: Mapping[str, str]) -> None:
        """Write files, and commit them.

        Args:
            message: says why.
            files: texts by their paths in the repository.
        """
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.git("add", "--", *files)
        self.git("commit", "--quiet", "--message", message)

    def git(self, *words: str) -> str:
        """Run a command of git, such as `git("log", "--oneline")`, and return what it prints.

        Raises:
            MissingError: when there is no git on this machine.
            NetlabError: when git does not like the command; the message is git's own.
        """
        try:
            done = subprocess.run(  # noqa: S603 - a list of words, and no shell
                ["git", *words],  # noqa: S607 - the git that the user has
                cwd=self.folder,
                env=_environment(),
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=SECONDS,
            )
        except FileNotFoundError:
            raise MissingError(
                "There is no git on this machine: install it from your system's packages."
            ) from None
        if done.returncode:
            raise NetlabError(f"git {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout


def _environment() -> dict[str, str]:
    """The environment without what would lead git to another repository, as in a hook, or to its settings."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    nowhere = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return others | WHO | nowhere | {"GIT_TERMINAL_PROMPT": "0"}
