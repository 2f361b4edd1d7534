"""Every lesson keeps the contract: what a program can see of what makes a good one."""

from __future__ import annotations

from pathlib import Path

import pytest

from netlab.course import lint
from netlab.paths import lessons_dir

LESSONS = sorted(lessons_dir().glob("[0-9][0-9]_*.ipynb"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_keeps_the_contract(path: Path) -> None:
    assert [str(finding) for finding in lint.lint(lint.read(path))] == []
