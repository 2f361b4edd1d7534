"""Axes of dates that read well at a week, a year and thirteen years.

A tick stands at the beginning of a day, week, month, quarter or year, whichever leaves room for the labels; a
label says what the one before has not said: the year stands under the first month, and under each January.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib.ticker import Formatter, Locator

from netlab.charts.stocks.frame import points_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Days = NDArray[np.datetime64]

# The calendar's periods from short to long: NumPy's unit, how many of them, and the points that a label needs.
UNITS = (("D", 1, 42), ("W", 1, 42), ("M", 1, 27), ("M", 3, 27), ("Y", 1, 32), ("Y", 2, 32), ("Y", 5, 32))
LEAST = 0.9  # of a label's width, from one to the next
MONDAY = 4  # 1970-01-01, NumPy's day 0, was a Thursday
LONGEST_PAUSE = 5  # days without trade, at most, in a market that is open


def begins(first: np.datetime64, last: np.datetime64, unit: str, step: int) -> Days:
    """The first days of all calendar periods that begin from `first` to `last`."""
    if unit == "W":
        start = first + (MONDAY - first.astype(int)) % 7
        return np.arange(start, last + 1, 7)
    period = f"datetime64[{unit}]"
    count = np.arange(first.astype(period).astype(int), last.astype(period).astype(int) + 1)
    origin = 1970 if unit == "Y" else 0
    starts = count[(count + origin) % step == 0].astype(period).astype("datetime64[D]")
    later: Days = starts[starts >= first]
    return later


def labels(days: Days, unit: str) -> list[str]:
    """What stands at ticks at these days, each saying no more than is new."""
    upper = {"D": "{0:%a} {0.day}", "W": "{0.day} {0:%b}", "M": "{0:%b}", "Y": "{0.year}"}[unit]
    lower = {"D": "{0:%b} {0.year}", "W": "{0.year}", "M": "{0.year}", "Y": ""}[unit]
    said, texts = "", []
    for day in days.astype(object):
        under = lower.format(day)
        texts.append(upper.format(day) + (f"\n{under}" if under != said else ""))
        said = under
    return texts


def _thinned(ticks: list[float], least: float) -> list[float]:
    """The ticks without those that a short week or month has brought too close to another."""
    if len(ticks) > 2 and ticks[1] - ticks[0] < least:
        ticks = ticks[1:]
    kept = ticks[:1]
    for tick in ticks[1:]:
        if tick - kept[-1] >= least:
            kept.append(tick)
    return kept


class CalendarLocator(Locator):
    """Ticks at the beginnings of calendar periods.

    Attributes:
        traded: the day at each position 0, 1, 2 … of an axis without gaps; None on an axis of real time.
        unit: of the ticks that were placed last.
    """

    def __init__(self, traded: Days | None = None) -> None:
        self.traded = traded
        self.unit = "D"

    def __call__(self) -> Sequence[float]:
        """The places of the ticks in view."""
        low, high = sorted(self.axis.get_view_interval())  # type: ignore[union-attr]
        return self.tick_values(low, high)

    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        """The places of the ticks between two places."""
        place = self._positions(vmin, vmax) if self.traded is not None else self._times(vmin, vmax)
        room = self._room()
        ticks: list[float] = []
        for unit, step, width in UNITS:
            self.unit = unit
            ticks = place(unit, step)
            if len(ticks) * width <= room:
                break
        else:
            ticks = ticks[:: len(ticks) * width // int(room) + 1]
        return _thinned(ticks, LEAST * width * (vmax - vmin) / room)

    def days(self, places: Sequence[float]) -> Days:
        """The days at these places."""
        if self.traded is not None:
            traded: Days = self.traded[np.clip(np.round(places).astype(int), 0, len(self.traded) - 1)]
            return traded
        from matplotlib import dates

        to_day: Any = dates.num2date
        return np.array([to_day(place).replace(tzinfo=None) for place in places], "datetime64[D]")

    def _room(self) -> float:
        """How many points the axis is long."""
        axes = cast("Axes", self.axis.axes)  # type: ignore[union-attr]
        return max(points_of(axes)[0], 30)

    def _times(self, vmin: float, vmax: float) -> Callable[[str, int], list[float]]:
        from matplotlib import dates

        date2num: Any = dates.date2num
        first, last = self.days([vmin, vmax])
        if date2num(first) < vmin:
            first += 1
        return lambda unit, step: list(date2num(begins(first, last, unit, step)))

    def _positions(self, vmin: float, vmax: float) -> Callable[[str, int], list[float]]:
        traded = self.traded
        assert traded is not None
        low, high = max(int(np.ceil(vmin)), 0), min(int(np.floor(vmax)), len(traded) - 1)
        # A period that begins on a day without trade is marked at the first day with it.
        since = traded[low - 1] + 1 if low else traded[0] - LONGEST_PAUSE + 1

        def place(unit: str, step: int) -> list[float]:
            if low > high:
                return []
            found = np.unique(np.searchsorted(traded, begins(since, traded[high], unit, step)))
            return [float(position) for position in found]

        return place


class CalendarFormatter(Formatter):
    """Labels for the ticks of a `CalendarLocator`, and the full date for the cursor."""

    def __init__(self, locator: CalendarLocator) -> None:
        self.locator = locator

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """The labels of all ticks."""
        return labels(self.locator.days(values), self.locator.unit) if len(values) else []

    def __call__(self, x: float, pos: int | None = None) -> str:  # noqa: ARG002
        """The date at a place."""
        return str(self.locator.days([x])[0])


def date_axis(ax: Axes, traded: Any = None) -> None:
    """Make the horizontal axis one of dates.

    Args:
        ax: the axes.
        traded: the day at each position 0, 1, 2 … where days without trade are left out; None for real time.
    """
    days = None if traded is None else np.asarray(traded).astype("datetime64[D]")
    locator = CalendarLocator(days)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(CalendarFormatter(locator))
