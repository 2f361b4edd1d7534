"""What `import netlab` adds to the start of Python."""

from __future__ import annotations

import subprocess
import sys
import time

from figures import in_turns, row

ROUNDS = 15
AIM = 50  # milliseconds more than bare Python


def measure() -> list[dict[str, object]]:
    times = in_turns({code: lambda c=code: start(c) for code in ("pass", "import netlab")}, ROUNDS)
    added = times["import netlab"] - times["pass"]
    aim = f"under {AIM} ms more; it is {added:.1f}"
    return [
        row(
            "import netlab",
            "ms",
            times["import netlab"],
            times["pass"],
            "bare Python",
            aim=aim,
            less_is_better=True,
        )
    ]


def start(code: str) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (time.perf_counter() - begin) * 1000
