"""The whole course worked through in JupyterLab, from the first lesson to the last, in one workspace.

Each exercise's cell holds its solution, each question's its answer. That takes minutes: `make walk` does it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from netlab.course import catalogue
from netlab.course.outputs import join
from netlab.exercises import registry
from netlab.paths import lessons_dir
from tests.browser.lab import assert_sound, keep_picture, open_lesson, run_all
from tests.lessons.tasks import imports_of

pytestmark = [pytest.mark.browser, pytest.mark.walk, pytest.mark.timeout(240)]

COURSE = catalogue.load()
HEADING = re.compile(r"^# (\d\d-[\w-]+).*\n", re.MULTILINE)  # of an exercise, in a file of solutions


def solutions(lesson: catalogue.Lesson) -> dict[str, str]:
    """What a student would write in the cell of each exercise, with the imports."""
    text = (lessons_dir() / "solutions" / f"{lesson.name}.py").read_text(encoding="utf-8")
    preamble, *parts = HEADING.split(text)
    imports = imports_of(preamble)
    return {name: f"{imports}{source}" for name, source in zip(parts[::2], parts[1::2], strict=True)}


def solve(lesson: catalogue.Lesson, path: Path) -> None:
    """Fill in a student's copy of a lesson."""
    solved = solutions(lesson)
    notebook = json.loads(path.read_bytes())
    for cell in notebook["cells"]:
        names = cell["metadata"].get("netlab", {})
        if "exercise" in cell["metadata"].get("tags", ()):
            cell["source"] = solved[names["exercise"]].strip()
        elif question := names.get("quiz"):
            assert join(cell["source"]) == f'quiz("{question}")'
            cell["source"] = f'quiz("{question}", "{registry.find_quiz(question).answer}")'
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.name)
def test_a_lesson_is_solved(tab, lab, lesson):
    solve(lesson, lab.workspace / f"{lesson.name}.ipynb")
    open_lesson(tab, lab.url, lesson.name)
    run_all(tab)
    assert_sound(tab)
    reports = tab.locator(".jp-CodeCell", has_text='check("').all_inner_texts()
    assert [report for report in reports if ": passed" not in report] == []
    assert len(reports) == len(lesson.exercises)
    keep_picture(tab, lesson.name)


def test_the_certificate_says_that_all_is_done(tab, lab):
    open_lesson(tab, lab.url, COURSE[-1].name)
    run_all(tab)
    exercises = sum(len(lesson.exercises) for lesson in COURSE)
    questions = sum(len(lesson.quizzes) for lesson in COURSE)
    pictures = tab.evaluate("[...document.images].map(image => decodeURIComponent(image.src))")
    (certificate,) = (picture for picture in pictures if "<title>Certificate:" in picture)
    assert f"{exercises} exercises solved, {questions} questions answered" in certificate
