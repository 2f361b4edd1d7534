"""Simulated time: a heap of what is going to happen, taken in order. Nothing here waits for a real clock."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from netlab.errors import OptionError, SimulationError

MOST_EVENTS = 250_000  # in one run: more are taken for a storm


class Timer:
    """Something that is going to happen, and can still be called off."""

    __slots__ = ("action", "arguments", "time")

    def __init__(self, time: float, action: Callable[..., object], arguments: tuple[Any, ...]) -> None:
        self.time = time
        self.action: Callable[..., object] | None = action
        self.arguments = arguments

    def cancel(self) -> None:
        """Let it not happen."""
        self.action = None


class Clock:
    """The time of one simulation.

    Attributes:
        now: seconds since the simulation began.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self._heap: list[tuple[float, int, Timer]] = []
        self._count = 0
        self._running = False

    def after(self, delay: float, action: Callable[..., object], *arguments: Any) -> Timer:
        """Call `action(*arguments)` so many seconds from now; what is due at the same time happens in this order."""
        if delay < 0:
            raise OptionError(f"Nothing can happen {-delay:g} s ago: give a delay of 0 or more seconds.")
        timer = Timer(self.now + delay, action, arguments)
        self._count += 1
        heapq.heappush(self._heap, (timer.time, self._count, timer))
        return timer

    def run(self, until: float, stop: Callable[[], bool] | None = None) -> bool:
        """Let time pass.

        Args:
            until: the time, in seconds since the beginning, at which to stop.
            stop: looked at after each event; true ends the run early, at that event's time.

        Returns:
            Whether `stop` was true.

        Raises:
            SimulationError: called by something that happens in the simulation, or when there is no end to events.
        """
        if self._running:
            raise SimulationError(
                "Time is running already: what the simulation calls cannot wait in it. Answer, and return."
            )
        self._running = True
        try:
            return self._run(until, stop)
        finally:
            self._running = False

    def _run(self, until: float, stop: Callable[[], bool] | None) -> bool:
        heap, pop = self._heap, heapq.heappop
        if stop is not None and stop():
            return True
        for _ in range(MOST_EVENTS):
            if not heap or heap[0][0] > until:
                self.now = max(self.now, until)
                return False
            time, _, timer = pop(heap)
            if timer.action is None:
                continue
            self.now = time
            timer.action(*timer.arguments)
            if stop is not None and stop():
                return True
        raise SimulationError(
            f"{MOST_EVENTS:,} things have happened and the time is only {self.now:.6f} s: is a broadcast storm "
            "going round a loop? Cut one of its links, or build its switches with spanning_tree=True."
        )
