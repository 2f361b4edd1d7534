"""The map of the course: parts, lessons, minutes, and how far the student is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby

from netlab.course.catalogue import Lesson


@dataclass(frozen=True, slots=True, repr=False)
class CourseMap:
    """The lessons in order, as a table in a notebook and as text in a terminal.

    Attributes:
        lessons: in the order of the course.
        done: the ids of the exercises and questions that the student has got right.
    """

    lessons: tuple[Lesson, ...]
    done: frozenset[str]

    @classmethod
    def of(cls, lessons: Iterable[Lesson]) -> CourseMap:
        """The map of these lessons with the progress of the workspace that we are in."""
        from netlab.exercises import record

        return cls(tuple(lessons), record.done())

    def __repr__(self) -> str:
        lines = []
        for part, lessons in groupby(self.lessons, key=lambda lesson: lesson.part):
            lines += [part] if part else []
            lines += [
                f"  {lesson.id}  {lesson.title:<28}{lesson.minutes:>4} min  {self._progress(lesson)}"
                for lesson in lessons
            ]
        return "\n".join([*lines, self._total()])

    def _repr_html_(self) -> str:
        rows = []
        for part, lessons in groupby(self.lessons, key=lambda lesson: lesson.part):
            if part:
                rows.append(f'<tr><th scope="rowgroup" colspan="5" style="{_LEFT}">{escape(part)}</th></tr>')
            rows += [self._row(lesson) for lesson in lessons]
        return (
            f"<table><caption>{escape(self._total())}</caption>"
            f"<thead><tr>{_HEAD}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        )

    def _row(self, lesson: Lesson) -> str:
        cells = (
            lesson.id,
            f'<a href="{escape(lesson.path.name)}">{escape(lesson.title)}</a>',
            f"{lesson.minutes} min",
            escape(lesson.summary),
            self._progress(lesson),
        )
        columns = "".join(f'<td style="{_LEFT}">{cell}</td>' for cell in cells)
        return f"<tr>{columns}</tr>"

    def _progress(self, lesson: Lesson) -> str:
        """Such as "2 of 9 done"."""
        tasks = [*lesson.exercises, *lesson.quizzes]
        return f"{len(self.done.intersection(tasks))} of {len(tasks)} done"

    def _total(self) -> str:
        hours, minutes = divmod(sum(lesson.minutes for lesson in self.lessons), 60)
        return f"{len(self.lessons)} lessons, {hours} h {minutes:02d} min"


_LEFT = "text-align:left"
_HEAD = "".join(
    f'<th scope="col" style="{_LEFT}">{title}</th>' for title in ("", "Lesson", "Time", "What for", "Done")
)
