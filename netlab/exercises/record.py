"""What a student has done, kept in the workspace and never lost.

`.netlab/progress.json` has an entry for each exercise and question by its name:

    {"03-framing": {"done": true, "tries": 4, "hints": 1}, "03-q1": {"done": true, "tries": 2}}

What a later version adds to it stays there. Outside a workspace the record lives as long as the kernel.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from netlab._files import write_atomic

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

FILE = "progress.json"

Entry = dict[str, Any]

_memory: dict[str, Any] = {}
_trouble: list[str] = []


def folder() -> Path | None:
    """The `.netlab` folder of the workspace that we are in, None outside of one."""
    here = Path.cwd()
    return next((each / ".netlab" for each in (here, *here.parents) if (each / ".netlab").is_dir()), None)


def read() -> dict[str, Entry]:
    """What is known of each exercise and question by its name."""
    try:
        place = folder()
        entries = _load(place) if place else _memory
    except OSError as error:
        _trouble.append(f"Your progress cannot be read: {error.strerror}.")
        entries = _memory
    return {name: dict(entry) for name, entry in entries.items() if isinstance(entry, dict)}


def done() -> frozenset[str]:
    """The names of the exercises that passed and of the questions that were answered rightly."""
    return frozenset(name for name, entry in read().items() if entry.get("done"))


def note(name: str, **changes: int) -> Entry:
    """Change what is known of one exercise or question, and return it.

    Args:
        name: of the exercise or question.
        **changes: new values; `done` stays true once it was, others (`tries`, `hints`) are added.
    """
    try:
        place = folder()
        if place is not None:
            return _note_in(place, name, changes)
    except OSError as error:
        _trouble.append(f"Your progress cannot be saved: {error.strerror}. Is the disk full or read-only?")
    return _change(_memory, name, changes)


def trouble() -> str:
    """What the student should know about the record, in sentences; each is said once."""
    sentences = " ".join(dict.fromkeys(_trouble))
    _trouble.clear()
    return sentences


def _note_in(place: Path, name: str, changes: dict[str, int]) -> Entry:
    with _locked(place):
        entries = _load(place)
        entry = _change(entries, name, changes)
        data = json.dumps(entries, indent=1, sort_keys=True, ensure_ascii=False)
        write_atomic(place / FILE, data.encode("utf-8"))
    return entry


def _change(entries: dict[str, Any], name: str, changes: dict[str, int]) -> Entry:
    entry = entries.get(name)
    entry = entries[name] = dict(entry) if isinstance(entry, dict) else {}
    for key, value in changes.items():
        before = entry.get(key)
        if key == "done":
            entry[key] = bool(before) or bool(value)
        else:
            entry[key] = (before if isinstance(before, int) else 0) + value
    return dict(entry)


def _load(place: Path) -> dict[str, Any]:
    """Read the record; a damaged one is set aside, not overwritten."""
    path = place / FILE
    try:
        entries = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError:
        entries = None
    if isinstance(entries, dict):
        return entries
    aside = next(p for n in count(1) if not (p := place / f"progress.damaged-{n}.json").exists())
    with contextlib.suppress(FileNotFoundError):  # another notebook has just set it aside
        path.rename(aside)
        _trouble.append(f"Your record of progress was damaged; it is kept as .netlab/{aside.name}.")
    return {}


@contextlib.contextmanager
def _locked(place: Path) -> Iterator[None]:
    """Let one notebook at a time change the record."""
    with (place / "progress.lock").open("w") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
