"""One run of a simulated network: its time, its chance, its trace."""

from __future__ import annotations

import random
from collections.abc import Callable

from netlab.lan.clock import Clock
from netlab.lan.trace import Trace

QUIET_LIMIT = 1.0  # seconds that frames get to arrive after what was waited for has happened
QUIET_EVENTS = 20_000  # and what may happen meanwhile: in a storm it is never quiet


class Simulation:
    """What all devices of a network share.

    Attributes:
        clock: the time.
        trace: what passed on the wires.
        chance: random numbers, the same in every run with the same seed.
    """

    def __init__(self, seed: int = 7) -> None:
        self.clock = Clock()
        self.trace = Trace()
        self.chance = random.Random(seed)  # noqa: S311

    def wait(self, stop: Callable[[], bool], timeout: float) -> bool:
        """Let time pass until something is so, then until no frame is under way.

        Args:
            stop: says whether it is so.
            timeout: seconds after which to give up.

        Returns:
            Whether it came to be so.
        """
        happened = self.clock.run(self.clock.now + timeout, stop)
        events = 0

        def quiet() -> bool:
            nonlocal events
            events += 1
            return self.trace.in_flight == 0 or events > QUIET_EVENTS

        if not quiet():
            self.clock.run(self.clock.now + QUIET_LIMIT, quiet)
        return happened
