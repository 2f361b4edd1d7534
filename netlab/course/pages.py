"""The pages beside the lessons: glossary, index and syllabus, made from the lessons and stored with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from netlab._files import write_atomic
from netlab.course import catalogue
from netlab.course.catalogue import Lesson
from netlab.course.reference import glossary, index
from netlab.course.syllabus import WEEKS, syllabus
from netlab.paths import lessons_dir


def _over_a_term(lessons: Sequence[Lesson]) -> str:
    """The syllabus of a term; a course of fewer sections takes fewer weeks."""
    return syllabus(lessons, min(WEEKS, sum(len(lesson.sections) for lesson in lessons)))


PAGES: dict[str, Callable[[Sequence[Lesson]], str]] = {
    "GLOSSARY.md": glossary,
    "INDEX.md": index,
    "SYLLABUS.md": _over_a_term,
}


def published() -> list[Path]:
    """The pages as they were published."""
    return [path for name in PAGES if (path := lessons_dir() / name).is_file()]


def stale(folder: Path | None = None) -> list[str]:
    """The names of the pages that no longer say what the lessons of a folder say."""
    return list(_changed(folder or lessons_dir()))


def write(folder: Path | None = None) -> list[str]:
    """Write the pages that are stale, and return their names."""
    folder = folder or lessons_dir()
    changed = _changed(folder)
    for name, text in changed.items():
        write_atomic(folder / name, text)
    return list(changed)


def _changed(folder: Path) -> dict[str, bytes]:
    """The pages as they should be, of those that are not."""
    lessons = catalogue.load(folder)
    made = {name: make(lessons).encode() for name, make in PAGES.items()}
    return {
        name: text
        for name, text in made.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != text
    }
