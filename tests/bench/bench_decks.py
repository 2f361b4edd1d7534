"""All decks in one process, beside one `jupyter nbconvert --to slides` each."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time

from figures import in_turns, row

from netlab.course import catalogue

ROUNDS = 3
AIM = "at most a quarter of the time: a ratio of 4"


def measure() -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        times = in_turns({"ours": lambda: ours(folder), "nbconvert": lambda: nbconvert(folder)}, ROUNDS)
    return [
        row(
            "all decks",
            "s",
            times["ours"],
            times["nbconvert"],
            "nbconvert, one each",
            aim=AIM,
            less_is_better=True,
        )
    ]


def ours(folder: str) -> float:
    return seconds([[sys.executable, "-m", "netlab", "slides", "--out", f"{folder}/ours"]])


def nbconvert(folder: str) -> float:
    command = [sys.executable, "-m", "nbconvert", "--to", "slides", "--output-dir", f"{folder}/nbconvert"]
    return seconds([[*command, str(lesson.path)] for lesson in catalogue.load()])


def seconds(commands: list[list[str]]) -> float:
    start = time.perf_counter()
    for command in commands:
        subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start
