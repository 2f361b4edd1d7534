"""A waterfall: when each request of a visit began, and where its time went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from netlab.charts.figures import Picture, picture
from netlab.errors import OptionError
from netlab.svg import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from netlab.http.timings import Timing

# A colour and a hatch for each phase, so that colour is never the only difference.
LOOKS = {
    "dns": ("DNS", PALETTE["sky"], "//"),
    "connect": ("TCP connect", PALETTE["orange"], ".."),
    "tls": ("TLS handshake", PALETTE["purple"], "xx"),
    "request": ("send request", PALETTE["yellow"], "||"),
    "wait": ("wait for first byte", PALETTE["green"], ""),
    "download": ("download", PALETTE["blue"], "--"),
}
ROW = 0.42  # inches
THICKNESS = 0.62  # of a row


def draw_waterfall(timings: Timing | Sequence[Timing], *, alt: str = "") -> Picture:
    """Draw requests below one another over one axis of time, each a bar of its phases.

    Args:
        timings: as `netlab.http.timing` measures them; a single one is drawn as a stair, a row a phase.
        alt: what the picture shows, in words; made from the requests and their phases if left out.

    Raises:
        OptionError: when there is nothing to draw.
    """
    import matplotlib.pyplot as plt

    requests = list(timings) if isinstance(timings, Sequence) else [timings]
    if not requests:
        raise OptionError("There is nothing to draw: give at least one timing.")
    stair = not isinstance(timings, Sequence)
    rows = len(requests[0].phases) if stair else len(requests)
    figure, axes = plt.subplots(figsize=(9, 1.2 + ROW * rows), layout="constrained")
    if stair:
        draw_stair(axes, requests[0])
    else:
        draw_bars(axes, requests)
    return picture(figure, alt or describe(requests))


def draw_stair(axes: Axes, timing: Timing) -> Axes:
    """Draw the phases of one request, a row each, each beginning where the one above ends."""
    names = [LOOKS[phase][0] for phase in timing.phases]
    left = 0.0
    for row, (phase, seconds) in enumerate(timing.phases.items()):
        _bar(axes, row, left, phase, seconds)
        left += seconds
        _label(axes, row, left, f"{1000 * seconds:.2f} ms")
    return _finish(axes, names, left)


def draw_bars(axes: Axes, timings: Sequence[Timing]) -> Axes:
    """Draw each request as one bar of its phases, beginning when it began."""
    from matplotlib.patches import Patch

    begin = min(timing.start for timing in timings)
    for row, timing in enumerate(timings):
        left = timing.start - begin
        for phase, seconds in timing.phases.items():
            _bar(axes, row, left, phase, seconds)
            left += seconds
        _label(axes, row, left, f"{1000 * timing.total:.2f} ms" if timing.phases else "from the cache")
    used = [phase for phase in LOOKS if any(phase in timing.phases for timing in timings)]
    handles = [Patch(label=LOOKS[phase][0], **_look(phase)) for phase in used]
    if handles:
        axes.figure.legend(handles=handles, loc="outside upper center", ncols=6, frameon=False)
    end = max(timing.start - begin + timing.total for timing in timings)
    return _finish(axes, [_name(timing) for timing in timings], end)


def describe(timings: Sequence[Timing]) -> str:
    """Say in words what a waterfall shows: the phases of each request, without numbers, which vary."""
    sentences = [
        f"{_name(timing)}: {', '.join(LOOKS[phase][0] for phase in timing.phases) or 'from the cache'}."
        for timing in timings
    ]
    count = "one request" if len(timings) == 1 else f"{len(timings)} requests"
    return " ".join([f"Waterfall of {count}.", *sentences])


def _name(timing: Timing) -> str:
    parts = urlsplit(timing.url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _look(phase: str) -> dict[str, Any]:
    _, colour, hatch = LOOKS[phase]
    return {"facecolor": colour, "hatch": hatch, "edgecolor": INK, "linewidth": 0.5}


def _bar(axes: Axes, row: int, left: float, phase: str, seconds: float) -> None:
    axes.barh(row, 1000 * seconds, THICKNESS, 1000 * left, **_look(phase))


def _label(axes: Axes, row: int, end: float, words: str) -> None:
    axes.annotate(words, (1000 * end, row), xytext=(5, 0), textcoords="offset points", va="center", size=9)


def _finish(axes: Axes, names: Sequence[str], end: float) -> Axes:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0, 1000 * end * 1.16 or 1)
    axes.set_xlabel("milliseconds")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x", alpha=0.3)
    axes.set_axisbelow(True)
    return axes
