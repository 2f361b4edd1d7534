"""What a test does until something has happened that nobody tells it of."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(happened: Callable[[], object], seconds: float = 30) -> None:
    """Look again and again, until something has happened; fail after some seconds, instead of looking for ever."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"nothing happened for {seconds} seconds"
        time.sleep(0.001)
