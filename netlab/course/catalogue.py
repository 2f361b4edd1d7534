"""The lessons, as the notebooks' own metadata describes them; and the map of the course.

A notebook is read as plain JSON: importing nbformat would cost more time than the reading.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netlab.errors import CourseError
from netlab.paths import lessons_dir

if TYPE_CHECKING:
    from netlab.course.map import CourseMap


@dataclass(frozen=True, slots=True)
class Objective:
    """What a student can do after the lesson: an id such as "03-o1", a verb one can check, a sentence."""

    id: str
    verb: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A document to read, and the section of it."""

    title: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a lesson under one `##` heading, with the minutes it takes."""

    title: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson.

    Attributes:
        id: two digits, "03".
        path: the published notebook; its name without the suffix is the lesson's name.
        title: as the map shows it, "TCP sockets".
        part: the part of the course it belongs to, "Sockets"; empty for the lesson before all parts.
        minutes: the time a student needs.
        summary: one sentence that makes you want it.
        prerequisites: the ids of the lessons to know before.
        objectives: three to five.
        glossary: each new term with its definition.
        reading: documents to read on.
        sections: in the order of the notebook.
        exercises: the ids of its checks, "03-framing", in the order of the notebook.
        quizzes: the ids of its questions, "03-q1", in the order of the notebook.
    """

    id: str
    path: Path
    title: str
    part: str
    minutes: int
    summary: str
    prerequisites: tuple[str, ...]
    objectives: tuple[Objective, ...]
    glossary: dict[str, str]
    reading: tuple[Reading, ...]
    sections: tuple[Section, ...]
    exercises: tuple[str, ...]
    quizzes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The lesson's file name without its suffix, "03_tcp_sockets"."""
        return self.path.stem


def load(folder: Path | None = None) -> list[Lesson]:
    """Read every lesson of a folder, in order; a lesson that is not there yet is not listed.

    Args:
        folder: where the notebooks are; the published lessons if None.

    Raises:
        CourseError: when there is no lesson, or one has no metadata that can be read.
    """
    folder = folder or lessons_dir()
    lessons = [read(path) for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))]
    if not lessons:
        raise CourseError(f"There is no lesson in {folder}. Install netlab again: its lessons are missing.")
    return lessons


def find(query: str, folder: Path | None = None) -> Lesson:
    """The lesson that is meant by "03", "3", "03_tcp_sockets", "tcp_sockets" or the path of its notebook.

    Raises:
        CourseError: when no lesson is meant; the message names the closest ones.
    """
    lessons = load(folder)
    wanted = Path(query).name.removesuffix(".ipynb").lower()
    for lesson in lessons:
        if wanted in (lesson.id, lesson.id.removeprefix("0"), lesson.name, lesson.name[3:]):
            return lesson
    raise CourseError(_unknown(query, wanted, lessons))


def select(queries: Sequence[str], folder: Path | None = None) -> list[Lesson]:
    """The lessons that are meant, each once and in the order of the course; all of them if none is named."""
    if not queries:
        return load(folder)
    found = {lesson.id: lesson for lesson in (find(query, folder) for query in queries)}
    return [found[key] for key in sorted(found)]


def read(path: Path) -> Lesson:
    """Read one lesson from its notebook.

    Raises:
        CourseError: when the file is no notebook or its `metadata.netlab` lacks something.
    """
    try:
        notebook = json.loads(path.read_bytes())
        return _lesson(path, notebook["metadata"]["netlab"], notebook["cells"])
    except KeyError as error:
        raise CourseError(
            f"{path.name} is not a lesson yet: its metadata has no {error}. Add it; `netlab lint` tells more."
        ) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise CourseError(
            f"{path.name} is not a lesson that can be read: {error}. "
            f"Restore it from the course, for instance with git checkout."
        ) from error


def course_map() -> CourseMap:
    """The map of the course: its parts and lessons, how long each takes, and how far you are."""
    from netlab.course.map import CourseMap

    return CourseMap.of(load())


def _lesson(path: Path, about: dict[str, Any], cells: list[dict[str, Any]]) -> Lesson:
    return Lesson(
        id=str(about["id"]),
        path=path,
        title=str(about["title"]),
        part=str(about["part"]),
        minutes=int(about["minutes"]),
        summary=str(about["summary"]),
        prerequisites=tuple(about["prerequisites"]),
        objectives=tuple(Objective(o["id"], o["verb"], o["text"]) for o in about["objectives"]),
        glossary=dict(about["glossary"]),
        reading=tuple(Reading(r["title"], r.get("section", "")) for r in about["reading"]),
        sections=tuple(_sections(cells)),
        exercises=tuple(_marked(cells, "check", "exercise")),
        quizzes=tuple(_marked(cells, "quiz", "quiz")),
    )


def _sections(cells: Iterable[dict[str, Any]]) -> Iterable[Section]:
    for cell in cells:
        source = "".join(cell["source"])
        minutes = cell["metadata"].get("netlab", {}).get("minutes")
        if cell["cell_type"] == "markdown" and source.startswith("## ") and minutes is not None:
            yield Section(source.splitlines()[0].removeprefix("## ").strip(), int(minutes))


def _marked(cells: Iterable[dict[str, Any]], tag: str, key: str) -> Iterable[str]:
    """The ids under `netlab.<key>` of the cells that carry a tag."""
    for cell in cells:
        metadata = cell["metadata"]
        if tag in metadata.get("tags", ()) and key in metadata.get("netlab", {}):
            yield metadata["netlab"][key]


def _unknown(query: str, wanted: str, lessons: Sequence[Lesson]) -> str:
    from difflib import get_close_matches

    spellings = {
        spelling: lesson
        for lesson in lessons
        for spelling in (lesson.id, lesson.name, lesson.name[3:], lesson.title.lower())
    }
    close = {spellings[word].name for word in get_close_matches(wanted, spellings, n=3, cutoff=0.5)}
    if close:
        return f"There is no lesson {query!r}. Did you mean {' or '.join(sorted(close))}?"
    return f"There is no lesson {query!r}. There are: {', '.join(lesson.name for lesson in lessons)}."
