"""A machine without nginx passes what does not show nginx; CI compares every cell."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from netlab.course import runner
from netlab.course.needs import missing
from netlab.course.normalize import keep_stored, normalize
from netlab.paths import lessons_dir

ROOT = Path(__file__).parents[2]
NOWHERE = {"netlab": {"needs": "no-such-program"}}
# What in a cell's code runs a program of the system.
RUNS = {"Nginx(": "nginx", "Repository(": "git"}


def notebook(text: str, metadata: dict[str, object]) -> dict[str, object]:
    output = {"output_type": "stream", "name": "stdout", "text": [text]}
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": metadata,
        "source": ["print('here')"],
        "execution_count": 1,
        "outputs": [output],
    }
    return normalize({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(autouse=True)
def _at_home(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


def test_a_program_that_is_here_is_not_missing():
    assert missing({"netlab": {"needs": "sh"}}) == ""
    assert missing({}) == ""


def test_one_that_is_not_here_is():
    assert missing(NOWHERE) == "no-such-program"


def test_in_ci_nothing_may_be_missing(monkeypatch):
    monkeypatch.setenv("CI", "true")
    assert missing(NOWHERE) == ""


def test_a_cell_without_its_program_is_not_compared():
    assert runner.compare(notebook("stored\n", NOWHERE), notebook("missing\n", NOWHERE)) == []
    assert runner.compare(notebook("stored\n", {}), notebook("missing\n", {})) != []


def test_refreshing_keeps_what_was_stored_where_the_program_was():
    assert keep_stored(notebook("missing\n", NOWHERE), notebook("stored\n", NOWHERE)) == notebook(
        "stored\n", NOWHERE
    )


@pytest.mark.parametrize(("ci", "outcome"), [(None, "1 skipped"), ("true", "1 failed")])
def test_nbval_skips_it_and_fails_in_ci(ci, outcome, tmp_path):
    shutil.copy(ROOT / "conftest.py", tmp_path)
    (tmp_path / "lesson.ipynb").write_text(json.dumps(notebook("stored\n", NOWHERE)), encoding="utf-8")
    environment = os.environ | ({"CI": ci} if ci else {})
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env"]
    done = subprocess.run(
        [sys.executable, *words, "lesson.ipynb"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert outcome in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("path", sorted(lessons_dir().glob("*.ipynb")), ids=lambda path: path.stem)
def test_each_cell_that_runs_such_a_program_says_so_and_run_all_goes_on_without_it(path):
    for cell in json.loads(path.read_bytes())["cells"]:
        source, metadata = "".join(cell["source"]), cell["metadata"]
        needed = [program for call, program in RUNS.items() if call in source]
        if cell["cell_type"] != "code" or not needed:
            continue
        assert metadata.get("netlab", {}).get("needs") in needed, cell["id"]
        assert "raises-exception" in metadata["tags"], cell["id"]
