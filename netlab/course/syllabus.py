"""A syllabus: the course's sections laid out over weeks of much the same length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from netlab.course.catalogue import Lesson, Section
from netlab.errors import CourseError

WEEKS = 14
WITHIN_A_LESSON = 40  # minutes of unevenness that we bear rather than end a week in the middle of a lesson


@dataclass(frozen=True, slots=True)
class Week:
    """The sections of one week, in the order of the course.

    Attributes:
        number: from 1.
        steps: each section with its lesson.
    """

    number: int
    steps: tuple[tuple[Lesson, Section], ...]

    @property
    def minutes(self) -> int:
        """How long a student works through it."""
        return sum(section.minutes for _, section in self.steps)

    def lessons(self) -> Iterator[tuple[Lesson, tuple[Section, ...]]]:
        """The lessons of the week, each with those of its sections that fall into it."""
        for lesson, steps in groupby(self.steps, key=lambda step: step[0]):
            yield lesson, tuple(section for _, section in steps)


def weeks(lessons: Sequence[Lesson], count: int = WEEKS) -> list[Week]:
    """Divide the course into weeks that differ as little as can be, and end with a lesson where that is near.

    Args:
        lessons: in the order of the course.
        count: how many weeks.

    Raises:
        CourseError: when there are not so many sections, or no week.
    """
    steps = [(lesson, section) for lesson in lessons for section in lesson.sections]
    if not 1 <= count <= len(steps):
        raise CourseError(f"The course has {len(steps)} sections: choose from 1 to {len(steps)} weeks.")
    before = [0]
    for _, section in steps:
        before.append(before[-1] + section.minutes)
    mean = before[-1] / count

    @cache
    def best(end: int, left: int) -> tuple[float, tuple[int, ...]]:
        """The least unevenness of the first `end` steps in `left` weeks, and where each week begins."""
        if left == 0:
            return (0.0, ()) if end == 0 else (float("inf"), ())
        found = (float("inf"), ())  # type: tuple[float, tuple[int, ...]]
        for start in range(left - 1, end):
            cost, starts = best(start, left - 1)
            cost += (before[end] - before[start] - mean) ** 2
            if start > 0 and steps[start - 1][0] is steps[start][0]:
                cost += WITHIN_A_LESSON**2
            found = min(found, (cost, (*starts, start)))
        return found

    _, starts = best(len(steps), count)
    ends = [*starts[1:], len(steps)]
    return [
        Week(number, tuple(steps[start:end]))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    ]


def syllabus(lessons: Sequence[Lesson], count: int = WEEKS) -> str:
    """The syllabus as Markdown: a table of weeks, and for each what a student can do at its end."""
    planned = weeks(lessons, count)
    total = sum(week.minutes for week in planned)
    lines = [
        "# Syllabus",
        "",
        f"{len(lessons)} lessons in {count} weeks: {_time(total)} in all, {_time(round(total / count))} a week. "
        "The times are those of a student who runs every cell, answers every question and solves every exercise.",
        "",
        "| week | lessons | time |",
        "|---|---|---|",
    ]
    lines += [
        f"| {week.number} | {'<br>'.join(_line(*part) for part in week.lessons())} | {_time(week.minutes)} |"
        for week in planned
    ]
    for week in planned:
        lines += ["", f"## Week {week.number}", ""]
        for lesson, sections in week.lessons():
            lines.append(f"**{lesson.id} {lesson.title}**. {_until(lesson, sections)}")
            lines.append("")
            lines += [f"- {section.title} ({section.minutes} min)" for section in sections]
            lines += ["", *_objectives(lesson, sections)]
    return "\n".join(lines).rstrip() + "\n"


def _line(lesson: Lesson, sections: tuple[Section, ...]) -> str:
    link = f"[{lesson.id} {lesson.title}]({lesson.path.name})"
    if sections == lesson.sections:
        return link
    if sections[0] is lesson.sections[0]:
        return f"{link}, to “{sections[-1].title}”"
    if sections[-1] is lesson.sections[-1]:
        return f"{link}, from “{sections[0].title}”"
    return f"{link}, “{sections[0].title}” to “{sections[-1].title}”"


def _until(lesson: Lesson, sections: tuple[Section, ...]) -> str:
    if sections[-1] is not lesson.sections[-1]:
        return "It goes on next week."
    return lesson.summary


def _objectives(lesson: Lesson, sections: tuple[Section, ...]) -> list[str]:
    """What a student can do when the lesson is over; nothing while it goes on."""
    if sections[-1] is not lesson.sections[-1]:
        return []
    texts = "; ".join(objective.text.rstrip(".") for objective in lesson.objectives)
    return [f"Then a student can: {texts}.", ""]


def _time(minutes: int) -> str:
    return f"{minutes // 60} h {minutes % 60:02d} min"
