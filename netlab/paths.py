"""Where the course's files are: in a checkout beside the package, in an installed wheel inside it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def course_root() -> Path:
    """The folder that holds `lessons/` and `data/`."""
    packaged = _PACKAGE / "_course"
    return packaged if packaged.is_dir() else _PACKAGE.parent


def is_checkout() -> bool:
    """Whether this is the course's repository rather than an installed wheel."""
    return course_root() == _PACKAGE.parent


def lessons_dir() -> Path:
    """The folder of the lessons as they were published, outputs stored."""
    return course_root() / "lessons"


def data_dir() -> Path:
    """The folder of `stocks.csv` and the recorded captures."""
    return course_root() / "data"
