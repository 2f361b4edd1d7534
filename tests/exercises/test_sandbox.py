"""Where there is no fork, the same checks run in a thread."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from netlab.exercises import check, child, sandbox
from netlab.exercises.trial import Trial

FILES = frozenset({__file__})


def job_of(student) -> sandbox.Job:
    def job(trial: Trial) -> None:
        with trial.case("of one") as case:
            case.expect(student(), 1)

    return job


RUNNERS = [sandbox.run_in_fork, sandbox.run_in_thread]


@pytest.mark.parametrize("run", RUNNERS)
def test_results_and_output_come_back(run, capsys):
    outcome = run(job_of(lambda: print("hello") or 1), FILES, 5.0)
    assert [(result.case, result.passed) for result in outcome.results] == [("of one", True)]
    assert (outcome.ended, outcome.output, outcome.crash) == ("done", "hello\n", "")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("run", RUNNERS)
def test_an_endless_loop_is_stopped_and_its_line_known(run, monkeypatch):
    monkeypatch.setattr(child, "COMPUTING", 0.05)  # which a busy machine, too, computes within the limit

    def endless():
        while True:
            str(1)

    outcome = run(job_of(endless), FILES, 2.0)
    assert outcome.ended == {sandbox.run_in_fork: "busy", sandbox.run_in_thread: "late"}[run]
    assert outcome.unfinished is not None
    assert outcome.unfinished.case == "of one"
    assert "endless: " in outcome.line
    assert not [thread for thread in threading.enumerate() if thread.name == "netlab-check"]


@pytest.mark.parametrize("run", RUNNERS)
def test_a_check_that_fails_itself_is_known(run):
    def job(trial: Trial) -> None:
        raise KeyError("oops")

    assert "KeyError: 'oops'" in run(job, FILES, 5.0).crash


def test_the_line_of_a_students_thread_is_shown_when_the_check_waits_for_it(tmp_path: Path):
    source = tmp_path / "student.py"
    source.write_text("def serve(never):\n    never.wait()\n")
    serve = runpy.run_path(str(source))["serve"]

    def job(trial: Trial) -> None:
        with trial.case("waits"):
            threading.Thread(target=serve, args=[threading.Event()], daemon=True).start()
            threading.Event().wait()

    outcome = sandbox.run_in_fork(job, frozenset({str(source)}), 0.3)
    assert outcome.line == "line 2 of its cell, serve: never.wait()"


def test_a_process_that_the_student_started_ends_with_the_check():
    reading, writing = os.pipe()
    command = [sys.executable, "-c", "import time; time.sleep(60)"]

    def student():
        subprocess.Popen(command, pass_fds=[writing])
        return 1

    assert sandbox.run_in_fork(job_of(student), FILES, 5.0).results[0].passed
    os.close(writing)
    assert os.read(reading, 1) == b""  # nobody holds the other end any more
    os.close(reading)


def test_a_whole_check_works_without_fork(double, monkeypatch):
    monkeypatch.setattr(sandbox, "run_in_fork", sandbox.run_in_thread)
    assert check("99-task", lambda number: 2 * number).passed
    assert check("99-task", lambda number: number).state == "failed"


@pytest.mark.parametrize("wanted", ["file descriptors", "processes"])
def test_nothing_is_left_behind(wanted):
    def count() -> int:
        if wanted == "file descriptors":
            return len(os.listdir("/proc/self/fd"))  # noqa: PTH208
        return len(
            subprocess.run(["ps", "--ppid", str(os.getpid())], capture_output=True).stdout.splitlines()
        )

    before = count()
    for _ in range(20):
        sandbox.run_in_fork(job_of(lambda: 1), FILES, 5.0)
        sandbox.run_in_fork(job_of(lambda: os._exit(1)), FILES, 5.0)
    assert count() == before
