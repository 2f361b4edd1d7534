"""The student's own copy of the lessons, which a new version of the course must never spoil.

What holds, and what the tests prove by killing the process at every step:

- A notebook is *yours* once its text differs from every version the course gave you. It is then never
  touched. Running cells does not make it yours: outputs and empty cells do not count.
- A notebook that is not yours follows the course; what stood there before goes to `.netlab/backup/`.
- `reset` puts a fresh copy in place and keeps the old one beside it, under a name that was free.
- A notebook that is missing comes back, so a deleted or renamed lesson costs nothing.

`.netlab/manifest.json` remembers the digest of each version that was given. It is written before the
notebooks are: a process that dies in between leaves older versions of its own, which the next run mends.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

from netlab._files import write_atomic
from netlab.course import catalogue, pages
from netlab.errors import CourseError
from netlab.paths import course_root, is_checkout, lessons_dir

ENVIRONMENT = "NETLAB_WORKSPACE"
STATE = ".netlab"
LOCK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace that has been brought up to date, and what that meant; each tuple names lessons."""

    path: Path
    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()
    repaired: bool = False

    @property
    def news(self) -> list[str]:
        """What the student should know, a sentence each."""
        lines = []
        if self.repaired:
            lines.append(
                "The workspace's record of lessons could not be read, so every notebook that differs "
                "from the course counts as yours."
            )
        if self.new:
            lines.append(f"New: {', '.join(self.new)}.")
        if self.updated:
            lines.append(f"Brought up to date: {', '.join(self.updated)} (before: .netlab/backup).")
        if self.restored:
            lines.append(f"Missing, and put back: {', '.join(self.restored)}.")
        lines += [
            f"{name} has a newer version; yours stays as it is. For the new one, in a JupyterLab terminal: "
            f"netlab reset {name[:2] if name[:2].isdigit() else name}"
            for name in self.newer
        ]
        return lines


def default_path() -> Path:
    """Where the workspace is: $NETLAB_WORKSPACE, else `workspace/` of a checkout, else `~/netlab`."""
    chosen = os.environ.get(ENVIRONMENT)
    if chosen:
        return Path(chosen).expanduser()
    return course_root() / "workspace" if is_checkout() else Path.home() / "netlab"


def open_workspace(path: Path | None = None) -> Workspace:
    """Create the workspace or bring it up to date.

    Args:
        path: its folder; `default_path()` if None.

    Raises:
        CourseError: when the folder cannot be a workspace, or another process holds it.
    """
    path = (path or default_path()).absolute()
    lessons = catalogue.load()
    with clear_errors(path):
        _prepare(path, {lesson.path.name for lesson in lessons})
        with _locked(path):
            return _update(path, [*lessons, *map(Page, pages.published())])


def reset(query: str, path: Path | None = None) -> Path | None:
    """Put a fresh copy of one lesson, or of a page, into the workspace and keep the old one beside it.

    Args:
        query: the lesson, as `catalogue.find` takes it; or the name of a page, "GLOSSARY".
        path: the workspace; `default_path()` if None.

    Returns:
        Where the old copy is now; None if there was nothing to keep because it was as published.
    """
    item = find(query)
    path = open_workspace(path).path
    target = path / item.path.name
    fresh = item.path.read_bytes()
    with clear_errors(path), _locked(path):
        kept = _free_name(path, item.path) if target.read_bytes() != fresh else None
        if kept:
            given, _ = _read_manifest(path)
            _write_manifest(path, _give(given, item.name, source_digest(fresh)))
            write_atomic(target, fresh, scratch=path / STATE, keep=kept)
    return kept


def find(query: str) -> Published:
    """The lesson that is meant, as `catalogue.find` takes it, or the page: "GLOSSARY"."""
    pages_by_name = {page.name.lower(): page for page in map(Page, pages.published())}
    wanted = Path(query).name.removesuffix(".md").lower()
    return pages_by_name.get(wanted) or catalogue.find(query)


def source_digest(notebook: bytes) -> str:
    """A digest of what a student can write: types, sources and attachments of the cells that are not empty.

    Outputs, execution counts and metadata do not count, nor does the empty cell that Shift-Enter leaves
    at the end. Bytes that are no notebook have a digest, too: that of the bytes.
    """
    try:
        cells = [
            [cell["cell_type"], "".join(cell["source"]), cell.get("attachments") or {}]
            for cell in json.loads(notebook)["cells"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return hashlib.sha256(notebook).hexdigest()
    filled = [cell for cell in cells if cell[1].strip() or cell[2]]
    return hashlib.sha256(json.dumps(filled, sort_keys=True).encode()).hexdigest()


class Published(Protocol):
    """What the course puts into a workspace: a lesson, or a page such as the glossary."""

    @property
    def name(self) -> str:
        """What the manifest and the news call it."""

    @property
    def path(self) -> Path:
        """Where it was published; its file name is that in the workspace, too."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page beside the lessons; see `Published`."""

    path: Path

    @property
    def name(self) -> str:
        """Its name without the suffix, "GLOSSARY"."""
        return self.path.stem


Given = dict[str, list[str]]  # for each lesson the digests of the versions the student got, the latest last
Verdict = Literal["new", "restored", "updated", "newer", "current"]


def decide(mine: str | None, published: str, given: Sequence[str]) -> Verdict:
    """What to do about one notebook, by the digests of its text.

    Args:
        mine: of the notebook in the workspace; None if there is none.
        published: of the version that the course has now.
        given: of the versions that the student was given, the latest last; empty if nobody knows.
    """
    if mine is None:
        return "restored" if given else "new"
    if mine == published or not given:
        return "current"
    if mine in given:
        return "updated"
    return "current" if given[-1] == published else "newer"


def _update(path: Path, published: Sequence[Published]) -> Workspace:
    before, readable = _read_manifest(path)
    after = before
    verdicts: dict[str, Verdict] = {}
    for item in published:
        target = path / item.path.name
        mine = source_digest(target.read_bytes()) if target.exists() else None
        latest = source_digest(item.path.read_bytes())
        verdicts[item.name] = decide(mine, latest, before.get(item.name, []))
        if verdicts[item.name] != "newer":
            after = _give(after, item.name, latest)
    if after != before or not readable:
        _write_manifest(path, after)
    for item in published:
        verdict = verdicts[item.name]
        if verdict in ("new", "restored", "updated"):
            kept = _free_name(path / STATE / "backup", item.path) if verdict == "updated" else None
            write_atomic(path / item.path.name, item.path.read_bytes(), scratch=path / STATE, keep=kept)

    def names(wanted: Verdict) -> tuple[str, ...]:
        return tuple(name for name, verdict in verdicts.items() if verdict == wanted)

    return Workspace(path, names("new"), names("updated"), names("restored"), names("newer"), not readable)


def _prepare(path: Path, notebooks: Set[str]) -> None:
    """Make the folder, unless something stands there that is not a workspace."""
    state = path / STATE
    if path.resolve().is_relative_to(lessons_dir()):
        raise CourseError(f"{path} holds the published lessons. {_ELSEWHERE}")
    if path.exists() and not path.is_dir():
        raise CourseError(f"The workspace {path} is a file, not a folder. {_ELSEWHERE}")
    if path.is_dir() and not state.is_dir():
        names = {entry.name for entry in path.iterdir() if not entry.name.startswith(".")}
        if names and not names & notebooks:
            raise CourseError(f"{path} holds other files and is not a workspace of netlab. {_ELSEWHERE}")
    (state / "backup").mkdir(parents=True, exist_ok=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the workspace alone; the system lets go of the lock when a process dies."""
    with (path / STATE / "lock").open("wb") as file:
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise CourseError(
                        f"Another netlab command has been at work in {path} for {LOCK_SECONDS:g} seconds. "
                        "Wait for it or end it, then try again."
                    ) from None
                time.sleep(0.02)
        for ours in ("manifest.json", "*.ipynb", "*.md"):
            for unfinished in (path / STATE).glob(f"{ours}.*.tmp"):  # of a process that was killed
                unfinished.unlink()
        yield


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Say in one sentence what the system says in an OSError."""
    try:
        yield
    except OSError as error:
        where = error.filename or path
        raise CourseError(
            f"The workspace {path} cannot be used: {error.strerror or error} ({where}). {_ELSEWHERE}"
        ) from error


_ELSEWHERE = f"Choose another folder with --workspace FOLDER or the variable {ENVIRONMENT}."


def _read_manifest(path: Path) -> tuple[Given, bool]:
    """The record of the versions that were given, and whether it could be read."""
    try:
        lessons = json.loads((path / STATE / "manifest.json").read_bytes())["given"]
        return {str(name): [str(digest) for digest in digests] for name, digests in lessons.items()}, True
    except FileNotFoundError:
        return {}, True
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}, False


def _write_manifest(path: Path, given: Given) -> None:
    data = json.dumps({"given": given}, indent=1, sort_keys=True).encode()
    write_atomic(path / STATE / "manifest.json", data)


def _give(given: Given, name: str, digest: str) -> Given:
    """The record with one more version given, the latest last."""
    others = [one for one in given.get(name, []) if one != digest]
    return {**given, name: [*others, digest]}


def _free_name(folder: Path, published: Path) -> Path:
    """A path such as `03_tcp_sockets.2026-11-20-1.ipynb` where nothing stands yet."""
    today = date.today().isoformat()
    number = 1
    while (free := folder / f"{published.stem}.{today}-{number}{published.suffix}").exists():
        number += 1
    return free
