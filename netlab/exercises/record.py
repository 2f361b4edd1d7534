"""What a student has done, kept in the workspace and never lost."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from netlab._files import write_atomic

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

Entry = dict[str, Any]

_memory: dict[str, Entry] = {}  # where there is no workspace, for as long as the kernel lives


def folder() -> Path | None:
    """The `.netlab` folder of the workspace that we are in, None outside of one."""
    here = Path.cwd()
    return next((each / ".netlab" for each in (here, *here.parents) if (each / ".netlab").is_dir()), None)


def read() -> dict[str, Entry]:
    """What is known of each exercise and question by its name."""
    place = folder()
    return _load(place / "progress.json") if place else dict(_memory)


def done() -> frozenset[str]:
    """The names of the exercises that passed and of the questions that were answered rightly."""
    return frozenset(name for name, entry in read().items() if entry.get("done"))


def note(name: str, **changes: Any) -> Entry:
    """Change what is known of one exercise or question, and return it.

    Args:
        name: of the exercise or question.
        **changes: new values; `done` stays true once it was, `tries` and `hints` are added.
    """
    place = folder()
    with _locked(place):
        entries = _load(place / "progress.json") if place else _memory
        entry = entries.setdefault(name, {})
        for key, value in changes.items():
            if key == "done":
                entry[key] = bool(entry.get(key)) or bool(value)
            else:
                entry[key] = int(entry.get(key, 0)) + value
        if place:
            data = json.dumps(entries, indent=1, sort_keys=True, ensure_ascii=False)
            write_atomic(place / "progress.json", data.encode("utf-8"))
        return dict(entry)


def _load(path: Path) -> dict[str, Entry]:
    """Read the record; a damaged one is set aside, not overwritten."""
    try:
        entries = json.loads(path.read_bytes())
        if isinstance(entries, dict) and all(isinstance(entry, dict) for entry in entries.values()):
            return entries
    except FileNotFoundError:
        return {}
    except ValueError:
        pass
    with contextlib.suppress(OSError):
        path.replace(path.with_name(f"progress.damaged-{int(time.time())}.json"))
    return {}


@contextlib.contextmanager
def _locked(place: Path | None) -> Iterator[None]:
    """Let one notebook at a time change the record."""
    if place is None or fcntl is None:
        yield
        return
    with (place / "progress.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
