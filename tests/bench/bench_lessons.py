"""All lessons by the project's runner, beside plain `pytest --nbval`."""

from __future__ import annotations

import subprocess
import sys
import time

from figures import in_turns, row

from netlab.course.outputs import SANITIZE
from netlab.paths import lessons_dir

ROUNDS = 3
AIM = "at most half the time: a ratio of 2"
NBVAL = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env"]


def measure() -> list[dict[str, object]]:
    commands = {
        "netlab run": [sys.executable, "-m", "netlab", "run"],
        "pytest --nbval": [*NBVAL, "--nbval-sanitize-with", str(SANITIZE), str(lessons_dir())],
    }
    times = in_turns({name: lambda c=command: seconds(c) for name, command in commands.items()}, ROUNDS)
    ours, peer = times["netlab run"], times["pytest --nbval"]
    return [
        row(
            "all lessons, executed and compared",
            "s",
            ours,
            peer,
            "pytest --nbval",
            aim=AIM,
            less_is_better=True,
        )
    ]


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start
