"""A certificate of what was done, from the record of progress: nothing is on it that was not solved."""

from __future__ import annotations

import datetime
import math

from netlab.exercises import record
from netlab.svg import INK, MUTED, PALETTE, RULE, Drawing, element, line, rect, text
from netlab.text import counted

WIDTH, ROW = 720, 20
TOP, LEFT, RIGHT = 150, 40, 680
FULL, PART = "●", "◐"
NOTHING = "Nothing is solved yet, so there is nothing to certify"


def certificate(name: str = "", *, today: datetime.date | None = None) -> Drawing:
    """Draw the certificate.

    Args:
        name: whose it is; a line to write on if it is left out.
        today: the day that it is given; today if None.
    """
    lessons = achieved()
    rows = [row for row in lessons if row[2] or row[4]]
    day = today or datetime.datetime.now().astimezone().date()
    solved, points = sum(row[2] for row in rows), sum(row[4] for row in rows)
    height = TOP + ROW * (len(rows) + 1) + 110
    whole = bool(rows) and all((row[2], row[4]) == (row[3], row[5]) for row in lessons)
    summary = (
        f"{counted(solved, 'exercise')} solved, {counted(points, 'question')} answered" if rows else NOTHING
    )
    if whole:
        summary += ": the whole course"
    parts = [
        rect(10, 10, WIDTH - 20, height - 20, stroke=PALETTE["blue"], stroke_width=3, rx=8),
        text(WIDTH / 2, 56, "Network programming with Python", size=24, weight="700", anchor="middle"),
        text(WIDTH / 2, 84, "what was done, and checked", fill=MUTED, anchor="middle"),
        text(WIDTH / 2, 118, name or "." * 40, size=20, anchor="middle"),
        *_head(),
        *(_seal() if whole else []),
    ]
    for place, row in enumerate(rows):
        parts += _row(TOP + ROW * (place + 1) + 6, *row)
    bottom = TOP + ROW * (len(rows) + 1) + 16
    parts += [
        line(LEFT, bottom, RIGHT, bottom, stroke=RULE),
        text(LEFT, bottom + 30, f"{summary}.", weight="700"),
        text(LEFT, bottom + 54, f"Given on {day}.", fill=MUTED),
        text(RIGHT, bottom + 54, "netlab kept the record; every check ran.", fill=MUTED, anchor="end"),
    ]
    lines = [
        f"{number} {title}: {done} of {all_} exercises, {q} of {of} questions"
        for number, title, done, all_, q, of in rows
    ]
    alt = f"Certificate{f' for {name}' if name else ''}: {summary}. Given on {day}. " + "; ".join(lines)
    return Drawing(WIDTH, height, alt, parts, "\n".join([f"{summary}. Given on {day}.", *lines]))


def achieved() -> list[tuple[str, str, int, int, int, int]]:
    """For each lesson: number, title, exercises solved and there, questions answered and there."""
    from netlab.course import catalogue

    done = record.done()
    rows = []
    for lesson in catalogue.load():
        exercises, questions = set(lesson.exercises), set(lesson.quizzes)
        counts = (len(done & exercises), len(exercises), len(done & questions), len(questions))
        rows.append((lesson.id, lesson.title, *counts))
    return rows


def _head() -> list[str]:
    return [
        text(LEFT, TOP, "lesson", size=12, fill=MUTED),
        text(520, TOP, "exercises", size=12, fill=MUTED, anchor="end"),
        text(RIGHT, TOP, "questions", size=12, fill=MUTED, anchor="end"),
        line(LEFT, TOP + 6, RIGHT, TOP + 6, stroke=RULE),
    ]


def _seal() -> list[str]:
    """Ten rays, as many as the capstone has arrows, and a tick: for a record without a gap."""
    x, y, colour = RIGHT - 30, 76, PALETTE["blue"]
    rays = [
        line(
            *(x + 24 * math.cos(turn), y + 24 * math.sin(turn)),
            *(x + 31 * math.cos(turn), y + 31 * math.sin(turn)),
            stroke=colour,
            stroke_width=4,
            stroke_linecap="round",
        )
        for turn in (2 * math.pi * n / 10 for n in range(10))
    ]
    tick = element("path", d=f"M{x - 9},{y + 1} l6,7 l12,-14", fill="none", stroke="#ffffff", stroke_width=4)
    return [*rays, element("circle", cx=x, cy=y, r=19, fill=colour), tick]


def _row(y: float, number: str, title: str, solved: int, there: int, right: int, asked: int) -> list[str]:
    mark = FULL if (solved, right) == (there, asked) else PART
    ink = INK if solved else MUTED
    return [
        text(LEFT, y, f"{mark} {number} {title}", size=13, fill=ink),
        text(520, y, f"{solved} of {there}", size=13, fill=ink, anchor="end"),
        text(RIGHT, y, f"{right} of {asked}", size=13, fill=INK if right else MUTED, anchor="end"),
    ]
