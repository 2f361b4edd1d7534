"""Every exercise of the course in its three states, and exercises and questions against their notebook.

A lesson's author adds only data:

- `lessons/solutions/NN_name.py`, plain Python that defines what the notebook's check cells hand in: the cell
  `check("03-framing", read_line)` needs a `read_line` there.
- `tests/lessons/wrong_NN.py`, or several of them, `wrong_NN_topic.py`, with `WRONG`, a list of
  `(exercise, words, source)`: typical wrong answers and the words that the report must have for them. What a
  wrong answer leaves out comes from the solution.
"""

from __future__ import annotations

import contextlib
import runpy
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from netlab.course import catalogue
from netlab.exercises import registry
from tests.lessons.tasks import Examiner, tasks

TASKS = tasks()
LESSONS = catalogue.load()


def wrong_answers() -> Iterator[tuple[str, str, str]]:
    for path in sorted(Path(__file__).parent.glob("wrong_[0-9][0-9]*.py")):
        yield from runpy.run_path(str(path))["WRONG"]


WRONG = list(wrong_answers())


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    with contextlib.closing(Examiner()) as examiner:
        yield examiner


@pytest.mark.parametrize("name", TASKS)
def test_an_untouched_stub_is_not_started(name: str, examiner: Examiner, tmp_path: Path) -> None:
    state, report = examiner.examine(TASKS[name], [TASKS[name].stub], tmp_path)
    assert state == "not started", report


@pytest.mark.parametrize("name", TASKS)
def test_the_solution_passes(name: str, examiner: Examiner, tmp_path: Path) -> None:
    task = TASKS[name]
    source = task.solution.read_text(encoding="utf-8")
    assert f"# {name}" in source, f"a comment in {task.solution.name} names {name}"
    state, report = examiner.examine(task, [source], tmp_path)
    assert state == "passed", report
    assert "your code printed" not in report, "what the judge does is no noise of the student's"


@pytest.mark.parametrize(
    ("name", "words", "source"), WRONG, ids=[f"{name}-{n}" for n, (name, _, _) in enumerate(WRONG)]
)
def test_a_wrong_answer_is_told_its_misconception(
    name: str, words: str, source: str, examiner: Examiner, tmp_path: Path
) -> None:
    task = TASKS[name]
    state, report = examiner.examine(task, [task.solution.read_text(encoding="utf-8"), source], tmp_path)
    assert state == "failed", report
    assert words in report


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


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_right_answers_cannot_be_guessed_by_their_length(lesson: catalogue.Lesson) -> None:
    guessed = []
    for question in map(registry.find_quiz, lesson.quizzes):
        lengths = sorted((len(choice.text), letter) for letter, choice in question.choices.items())
        if lengths[-1][1] == question.answer:
            guessed.append(question.name)
    assert len(guessed) <= len(lesson.quizzes) / 2, guessed
