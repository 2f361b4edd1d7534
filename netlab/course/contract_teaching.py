"""The contract, first part: objectives, questions, exercises, and the rhythm of a lesson."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from netlab.course.lint import Cell, Notebook, Problem, Rule

VAGUE_VERBS = {
    "understand",
    "know",
    "learn",
    "appreciate",
    "be",
    "become",
    "grasp",
    "see",
    "realize",
    "familiarize",
}
FIRST = "00"  # a short lesson that shows how lessons work
OBJECTIVES = (3, 5)
EXERCISES, QUESTIONS, RETRIEVAL = 4, 5, 3
MINUTES_WITHOUT_A_TASK = 15
RUNS_WITHOUT_A_TASK = 6


def objectives_are_few_and_can_be_observed(notebook: Notebook) -> Iterator[Problem]:
    """Three to five, each with an id and a verb that somebody else can see done."""
    objectives = notebook.about.get("objectives", [])
    low, high = OBJECTIVES
    if not low <= len(objectives) <= high:
        yield (
            "lesson",
            f"has {len(objectives)} objectives: state {low} to {high} in metadata.netlab.objectives",
        )
    for objective in objectives:
        if not objective["id"].startswith(f"{notebook.number}-o"):
            yield "lesson", f"objective {objective['id']!r}: its id should begin with {notebook.number}-o"
        if objective["verb"].lower() in VAGUE_VERBS:
            yield (
                "lesson",
                f"objective {objective['id']}: nobody can see you {objective['verb']!r}; name what you do",
            )


def every_objective_is_practised_and_asked_about(notebook: Notebook) -> Iterator[Problem]:
    """At least one exercise and one question for each objective."""
    from netlab.exercises.registry import all_exercises, all_quizzes

    practised = {e.objective for e in all_exercises().values() if e.name[:2] == notebook.number}
    asked = {q.objective for q in all_quizzes().values() if q.name[:2] == notebook.number and not q.about}
    ids = {objective["id"] for objective in notebook.about.get("objectives", [])}
    for missing in sorted(ids - practised):
        yield "lesson", f"no exercise trains objective {missing}"
    for missing in sorted(ids - asked):
        yield "lesson", f"no question asks about objective {missing}"
    for unknown in sorted((practised | asked) - ids):
        yield (
            "lesson",
            f"an exercise or question names the objective {unknown}, which the lesson does not have",
        )


def there_is_enough_to_do(notebook: Notebook) -> Iterator[Problem]:
    """At least four exercises and five questions; the first lesson shows one of each kind."""
    exercises = len(notebook.tagged("check"))
    questions = len(notebook.tagged("quiz")) - len(notebook.tagged("retrieval"))
    few = notebook.number == FIRST
    if exercises < (1 if few else EXERCISES):
        yield "lesson", f"has {exercises} exercises: write {EXERCISES} or more"
    if questions < (1 if few else QUESTIONS):
        yield "lesson", f"has {questions} questions: ask {QUESTIONS} or more"


def it_opens_with_questions_on_earlier_lessons(notebook: Notebook) -> Iterator[Problem]:
    """Three, before anything new; one of them about a lesson two or more back, where there is one."""
    from netlab.exercises.registry import all_quizzes

    if notebook.number == FIRST:
        return
    asked = notebook.tagged("retrieval")
    if len(asked) != RETRIEVAL:
        yield "lesson", f"opens with {len(asked)} questions on earlier lessons: ask {RETRIEVAL}"
    about = [
        all_quizzes()[cell.about["quiz"]].about for cell in asked if cell.about.get("quiz") in all_quizzes()
    ]
    for number in about:
        if not number or number >= notebook.number:
            yield "lesson", f"a retrieval question is about lesson {number or '?'}, which is no earlier one"
    back = int(notebook.number) - 2
    if back >= 0 and not any(number and int(number) <= back for number in about):
        yield "lesson", "no retrieval question is about a lesson two or more back"
    first_task = next((cell for cell in notebook.cells if cell.is_task), None)
    if asked and first_task is not asked[0]:
        yield asked[0].id, "the questions on earlier lessons come before anything else to do"


def every_exercise_has_its_check(notebook: Notebook) -> Iterator[Problem]:
    """The student's cell, then its check, both with nbgrader's metadata, and known to the checker."""
    from netlab.exercises.registry import all_exercises, all_quizzes

    for cell, following in zip(notebook.cells, (*notebook.cells[1:], None), strict=True):
        name = cell.about.get("exercise")
        if "exercise" in cell.tags:
            if following is None or following.about.get("exercise") != name or "check" not in following.tags:
                yield cell.id, f"exercise {name} is not followed by its check cell"
            if not cell.data["metadata"].get("nbgrader", {}).get("solution"):
                yield cell.id, "nbgrader's metadata should say solution: true"
        if "check" in cell.tags:
            grading = cell.data["metadata"].get("nbgrader", {})
            if name not in all_exercises():
                yield cell.id, f"there is no exercise called {name!r}"
            elif (
                not (grading.get("grade") and grading.get("locked"))
                or grading.get("points") != all_exercises()[name].points
            ):
                yield (
                    cell.id,
                    f"nbgrader's metadata should lock it and grade it with {all_exercises()[name].points} points",
                )
            if not cell.source.startswith(f'check("{name}"'):
                yield cell.id, f'a check cell holds only check("{name}", …)'
        if "quiz" in cell.tags and cell.about.get("quiz") not in all_quizzes():
            yield cell.id, f"there is no question called {cell.about.get('quiz')!r}"


def sections_go_from_predicting_to_making(notebook: Notebook) -> Iterator[Problem]:
    """Predict, run, modify, make (PRIMM): a prediction before its run, and what is changed was run before."""
    for section in notebook.sections():
        places = {
            tag: next((i for i, cell in enumerate(section) if tag in cell.tags), None)
            for tag in ("run", "modify", "make")
        }
        steps = [(tag, place) for tag, place in places.items() if place is not None]
        for (earlier, first), (later, second) in itertools.pairwise(steps):
            if second < first:
                yield (
                    section[second].id,
                    f"“{later}” comes before “{earlier}” in its section: change the order",
                )
        for place, cell in enumerate(section):
            if "predict" in cell.tags and not _has_its_answer(section[place : place + 4]):
                yield (
                    cell.id,
                    "a prediction has its run, or its answer in <details>, within the next three cells",
                )


def _has_its_answer(cells: list[Cell]) -> bool:
    return any(cell.is_code or "<details>" in cell.source for cell in cells)


def there_is_something_to_do_often(notebook: Notebook) -> Iterator[Problem]:
    """At least every fifteen minutes, and after six runs at the most."""
    waiting = 0
    for section in notebook.sections():
        minutes = section[0].about.get("minutes", 0)
        tasks = sum(cell.is_task for cell in section)
        if tasks:
            if waiting + minutes / (tasks + 1) > MINUTES_WITHOUT_A_TASK:
                yield section[0].id, f"more than {MINUTES_WITHOUT_A_TASK} minutes pass with nothing to do"
            waiting = 0
        else:
            waiting += minutes
    if waiting > MINUTES_WITHOUT_A_TASK:
        yield "lesson", f"the last {waiting} minutes have nothing to do"
    runs = 0
    for cell in notebook.cells:
        runs = 0 if cell.is_task or "check" in cell.tags else runs + cell.is_code
        if runs > RUNS_WITHOUT_A_TASK:
            yield cell.id, f"this is run number {runs} in a row with nothing to do: ask for a prediction"
            runs = 0


def times_add_up(notebook: Notebook) -> Iterator[Problem]:
    """Every section says how long it takes, and together they take as long as the lesson says."""
    total = 0
    for section in notebook.sections():
        minutes = section[0].about.get("minutes", 0)
        named = section[0].source.splitlines()[0].removeprefix("## ").lower()
        if not minutes and not named.startswith(("glossary", "read more")):
            yield section[0].id, "a section says in metadata.netlab.minutes how long it takes"
        total += minutes
    if total != notebook.about.get("minutes"):
        yield "lesson", f"the sections take {total} minutes, the lesson says {notebook.about.get('minutes')}"


RULES: tuple[Rule, ...] = (
    objectives_are_few_and_can_be_observed,
    every_objective_is_practised_and_asked_about,
    there_is_enough_to_do,
    it_opens_with_questions_on_earlier_lessons,
    every_exercise_has_its_check,
    sections_go_from_predicting_to_making,
    there_is_something_to_do_often,
    times_add_up,
)
