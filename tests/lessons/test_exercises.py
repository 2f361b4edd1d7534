"""Every exercise of the course in its three states, and exercises and questions against their notebook.

A lesson's author adds only data:

- `lessons/solutions/NN_name.py`, plain Python that defines what the notebook's check cells hand in: the cell
  `check("03-framing", read_line)` needs a `read_line` there.
- `tests/lessons/wrong_NN.py`, or several of them, `wrong_NN_topic.py`, with `WRONG`, a list of
  `(exercise, words, source)`: typical wrong answers and the words that the report must have for them. What a
  wrong answer leaves out comes from the solution.
"""

from __future__ import annotations

import ast
import importlib
import json
import runpy
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from netlab.course import catalogue
from netlab.exercises import check, registry
from netlab.exercises.report import Report
from netlab.paths import lessons_dir

LESSONS = [catalogue.read(path) for path in sorted(lessons_dir().glob("[0-9][0-9]_*.ipynb"))]
STUB, SOLUTION = "stub.py", "solution.py"


@dataclass(frozen=True)
class Task:
    """One exercise as its notebook has it."""

    name: str
    lesson: catalogue.Lesson
    stub: str
    arguments: tuple[str, ...]
    points: float

    @property
    def solution(self) -> Path:
        return lessons_dir() / "solutions" / f"{self.lesson.name}.py"


def tasks() -> Iterator[Task]:
    """The exercises of all notebooks; a stub comes with the imports that stand in the cells before it."""
    for lesson in LESSONS:
        imports, stubs = "", {}
        for cell in json.loads(lesson.path.read_bytes())["cells"]:
            source, metadata = "".join(cell["source"]), cell["metadata"]
            if cell["cell_type"] != "code":
                continue
            name = metadata.get("netlab", {}).get("exercise")
            if "exercise" in metadata.get("tags", ()):
                stubs[name] = imports + source
            elif "check" in metadata.get("tags", ()):
                call = ast.parse(source, mode="eval").body
                assert isinstance(call, ast.Call), f"{name}: the check cell is one call of check()"
                arguments = tuple(ast.unparse(each) for each in call.args[1:])
                yield Task(name, lesson, stubs[name], arguments, metadata["nbgrader"]["points"])
            imports += "".join(
                ast.unparse(node) + "\n"
                for node in _statements(source)
                if isinstance(node, (ast.Import, ast.ImportFrom))
            )


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:  # a cell with a magic command
        return []


TASKS = {task.name: task for task in tasks()}


def wrong_answers() -> Iterator[tuple[str, str, str]]:
    for path in sorted(Path(__file__).parent.glob("wrong_[0-9][0-9]*.py")):
        yield from runpy.run_path(str(path))["WRONG"]


WRONG = list(wrong_answers())


def define(source: str, path: Path, names: dict[str, Any]) -> dict[str, Any]:
    """Run source as if it were in a file of its own, so that reports can show its lines."""
    path.write_text(source, encoding="utf-8")
    exec(compile(source, str(path), "exec"), names)
    return names


def check_with(task: Task, names: dict[str, Any]) -> Report:
    return check(task.name, *(eval(argument, names) for argument in task.arguments))


# What the checks import as they need it: once here, instead of anew in each of the forked copies.
WARM = (
    "OpenSSL.SSL",
    "alembic.command",
    "alembic.config",
    "alembic.migration",
    "apscheduler.schedulers.background",
    "apscheduler.schedulers.blocking",
    "apscheduler.triggers.interval",
    "cryptography.hazmat.primitives.asymmetric.rsa",
    "django.core.handlers.wsgi",
    "django.core.management",
    "django.core.servers.basehttp",
    "django.core.wsgi",
    "django.db.migrations",
    "django.db.models",
    "django.middleware.clickjacking",
    "django.middleware.common",
    "django.middleware.security",
    "django.template.defaulttags",
    "django.template.loader_tags",
    "dns.query",
    "flask_smorest",
    "httpx",
    "matplotlib.backends.backend_agg",
    "matplotlib.pyplot",
    "netlab.prices",
    "netlab.servers.ftp",
    "netlab.servers.quotes",
    "netlab.servers.udp",
    "numpy.random",
    "pandas",
)


@pytest.fixture(autouse=True, scope="module")
def _warm() -> None:
    for name in WARM:
        importlib.import_module(name)


@pytest.fixture(autouse=True)
def _outside_of_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NETLAB_STRICT", "1")


@pytest.mark.parametrize("name", TASKS)
def test_an_untouched_stub_is_not_started(name: str, tmp_path: Path) -> None:
    task = TASKS[name]
    report = check_with(task, define(task.stub, tmp_path / STUB, {}))
    assert report.state == "not started", report


@pytest.mark.parametrize("name", TASKS)
def test_the_solution_passes(name: str, tmp_path: Path) -> None:
    task = TASKS[name]
    source = task.solution.read_text(encoding="utf-8")
    assert f"# {name}" in source, f"a comment in {task.solution.name} names {name}"
    report = check_with(task, define(source, tmp_path / SOLUTION, {}))
    assert report.state == "passed", report
    assert "your code printed" not in repr(report), "what the judge does is no noise of the student's"


@pytest.mark.parametrize(
    ("name", "words", "source"), WRONG, ids=[f"{name}-{n}" for n, (name, _, _) in enumerate(WRONG)]
)
def test_a_wrong_answer_is_told_its_misconception(name: str, words: str, source: str, tmp_path: Path) -> None:
    task = TASKS[name]
    names = define(task.solution.read_text(encoding="utf-8"), tmp_path / SOLUTION, {})
    report = check_with(task, define(source, tmp_path / "wrong.py", names))
    assert report.state == "failed", report
    assert words in repr(report)


@pytest.mark.parametrize("name", TASKS)
def test_three_wrong_answers_are_designed_for_each_exercise(name: str) -> None:
    assert len({words for exercise, words, _ in WRONG if exercise == name}) >= 3


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
class TestALessonAndItsExercises:
    """The notebook and the registry say the same."""

    def test_each_has_a_place_in_the_notebook(self, lesson: catalogue.Lesson) -> None:
        exercises = {name for name in registry.all_exercises() if name.startswith(f"{lesson.id}-")}
        questions = {name for name in registry.all_quizzes() if name.startswith(f"{lesson.id}-")}
        assert exercises == set(lesson.exercises)
        assert questions == set(lesson.quizzes)

    def test_points_are_those_of_the_check_cell(self, lesson: catalogue.Lesson) -> None:
        registered = {name: registry.find_exercise(name).points for name in lesson.exercises}
        assert registered == {name: TASKS[name].points for name in lesson.exercises}

    def test_exercises_have_an_objective_of_the_lesson_and_three_hints(
        self, lesson: catalogue.Lesson
    ) -> None:
        objectives = {objective.id for objective in lesson.objectives}
        for exercise in map(registry.find_exercise, lesson.exercises):
            assert exercise.objective in objectives, exercise.name
            assert len(exercise.hints) >= 3, exercise.name
            assert exercise.passed, f"{exercise.name} says what a solution has proved"

    def test_questions_have_an_objective_of_the_lesson_that_they_are_about(
        self, lesson: catalogue.Lesson
    ) -> None:
        known = {each.id: {objective.id for objective in each.objectives} for each in LESSONS}
        for question in map(registry.find_quiz, lesson.quizzes):
            about = question.about or lesson.id
            assert about <= lesson.id, f"{question.name} is about a later lesson"
            assert question.objective in known[about], question.name

    def test_every_choice_has_its_own_explanation(self, lesson: catalogue.Lesson) -> None:
        for question in map(registry.find_quiz, lesson.quizzes):
            explanations = {choice.why.strip() for choice in question.choices.values()}
            assert "" not in explanations, question.name
            assert len(explanations) == len(question.choices) >= 3, question.name

    def test_each_objective_is_exercised_and_asked_about(self, lesson: catalogue.Lesson) -> None:
        uses = defaultdict(set)
        for exercise in map(registry.find_exercise, lesson.exercises):
            uses[exercise.objective].add("exercise")
        for question in map(registry.find_quiz, lesson.quizzes):
            uses[question.objective].add("question")
        for objective in lesson.objectives:
            assert uses[objective.id] == {"exercise", "question"}, objective.id


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_right_answers_cannot_be_guessed_by_their_letter(lesson: catalogue.Lesson) -> None:
    letters = Counter(registry.all_quizzes()[name].answer for name in lesson.quizzes)
    assert max(letters.values()) <= letters.total() * 2 / 3, letters
