"""A real nbgrader grades a lesson's cells as they are."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
import pytest

SETUP = """
from netlab import check
from netlab.exercises.registry import exercise

@exercise("99-double", title="Double", objective="99-o1", points=3, hints=("a", "b", "c"), limit=1.0)
def judge(t, double):
    for number in (0, 1, 2):
        with t.case(f"of {number}") as case:
            case.expect(double(number), 2 * number)
"""
CHECK = 'check("99-double", double)'
ANSWERS = {
    "untouched": ("def double(number):\n    return ...", 0),
    "solved": ("def double(number):\n    return 2 * number", 3),
    "partly": ("def double(number):\n    return number * number", 2),
    "endless": ("def double(number):\n    while True: pass", 0),
    "noisy": (
        "import sys, warnings\n"
        "def double(number):\n    warnings.warn('careful')\n    print('x', file=sys.stderr)\n    return 2 * number",
        3,
    ),
    "raising": ("def double(number):\n    raise SystemExit", 0),
}


def notebook(answer: str) -> nbformat.NotebookNode:
    """A lesson in small, with the metadata that the lessons' cells carry."""
    common = {"schema_version": 3, "task": False, "cell_type": "code"}
    code = {"grade": False, "grade_id": "99-double-code", "locked": False, "solution": True, **common}
    checks = {
        "grade": True,
        "grade_id": "99-double",
        "locked": True,
        "solution": False,
        "points": 3,
        **common,
    }
    cell = nbformat.v4.new_code_cell
    cells = [
        cell(SETUP, id="setup"),
        cell(answer, id="99-double-code", metadata={"nbgrader": code}),
        cell(CHECK, id="99-double", metadata={"nbgrader": checks}),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=kernel)


@pytest.mark.filterwarnings("ignore")  # nbgrader's own, and those of what it imports
def test_nbgrader_gives_the_share_of_the_cases_as_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    # nbgrader calls alembic by its name, as in an activated environment.
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    config.CourseDirectory.course_id = "netlab"
    source = tmp_path / "source" / "ps1"
    source.mkdir(parents=True)
    nbformat.write(notebook(ANSWERS["untouched"][0]), source / "lesson.ipynb")
    api = NbGraderAPI(config=config)
    assert api.generate_assignment("ps1")["success"]
    for student, (answer, _) in ANSWERS.items():
        folder = tmp_path / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        submitted = nbformat.read(tmp_path / "release" / "ps1" / "lesson.ipynb", as_version=4)
        submitted.cells[1].source = answer
        nbformat.write(submitted, folder / "lesson.ipynb")
        graded = api.autograde("ps1", student)
        assert graded["success"], graded["error"]

    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        scores = {student: book.find_submission("ps1", student).score for student in ANSWERS}
    assert scores == {student: points for student, (_, points) in ANSWERS.items()}
    cell = nbformat.read(tmp_path / "autograded" / "noisy" / "ps1" / "lesson.ipynb", as_version=4).cells[2]
    assert [dict(output.data) for output in cell.outputs] == [{"text/plain": "3.0"}]
    assert "NBGRADER_EXECUTION" not in os.environ
