"""How often a password may be tried. Weak: without end. Mended: five times in a quarter of an hour for an account."""

from __future__ import annotations

import time

from flask import Flask, current_app

WINDOW, MOST = 15 * 60.0, 5


class Tries:
    """Counts tries by the moment they were made.

    Args:
        clock: a function that tells the time in seconds.
    """

    def __init__(self, clock: object = None) -> None:
        self._clock = clock if callable(clock) else time.monotonic
        self._made: dict[str, list[float]] = {}

    def too_many(self, whose: str) -> bool:
        """Count one more try; whether it is one too many."""
        now = self._clock()
        recent = [moment for moment in self._made.get(whose, ()) if moment > now - WINDOW]
        self._made[whose] = [*recent, now][-MOST - 1 :]
        return len(recent) >= MOST

    def forget(self, whose: str) -> None:
        """Begin anew, because the password was right."""
        self._made.pop(whose, None)


def too_many(email: str) -> bool:
    """Whether no password is looked at for now."""
    tries: Tries | None = current_app.extensions["tries"]
    return tries is not None and tries.too_many(email.lower())


def forget(email: str) -> None:
    """Count no tries of somebody who has come in."""
    tries: Tries | None = current_app.extensions["tries"]
    if tries is not None:
        tries.forget(email.lower())


def register(app: Flask, *, mended: bool) -> None:
    """Count, or do not."""
    app.extensions["tries"] = Tries() if mended else None
