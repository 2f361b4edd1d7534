"""The front page's charts as SVG that stands in the page: they take its fonts and colours, and need no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from netlab.svg import element

WIDTH, HEIGHT = 460, 220
LEFT, RIGHT, TOP, BOTTOM = 46, 64, 12, 28
DASHES = ("", "7 3", "2 3", "9 3 2 3", "5 5", "1 4", "12 4", "4 2 1 2")
GAP = 12  # between the names of two lines


@dataclass(frozen=True)
class Chart:
    """A picture with its heading, and the same in words for those who do not see it.

    Attributes:
        title: what it shows.
        svg: the picture.
        words: what can be read from it.
    """

    title: str
    svg: SafeString
    words: str


def bars(title: str, counts: Sequence[tuple[str, int]]) -> Chart:
    """A bar for each name, its number at its end."""
    high = max((count for _name, count in counts), default=0) or 1
    step = (HEIGHT - TOP - BOTTOM) / max(len(counts), 1)
    parts = []
    for number, (name, count) in enumerate(counts):
        middle = TOP + (number + 0.5) * step
        width = (WIDTH - 2 * RIGHT - 40) * count / high
        thick = min(step * 0.7, 26)
        parts += [
            _text(RIGHT + 8, middle + 4, name, "end"),
            element(
                "rect",
                x=RIGHT + 16,
                y=_n(middle - thick / 2),
                width=_n(width),
                height=_n(thick),
                class_="bar",
            ),
            _text(RIGHT + 22 + width, middle + 4, f"{count:,}"),
        ]
    words = ", ".join(f"{name}: {count:,}" for name, count in counts)
    return Chart(title, _svg(title, parts), words)


def lines(title: str, series: Mapping[str, Sequence[tuple[date, float]]]) -> Chart:
    """A line for each name, over days."""
    points = [point for line in series.values() for point in line]
    first, last = min(day for day, _value in points), max(day for day, _value in points)
    low, high = min(value for _day, value in points), max(value for _day, value in points)
    days, range_ = max((last - first).days, 1), (high - low) or 1.0

    def place(day: date, value: float) -> tuple[float, float]:
        x = LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / days
        return x, TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / range_

    parts = []
    for value in _ticks(low, high):
        y = place(first, value)[1]
        parts.append(element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=_n(y), y2=_n(y), class_="rule"))
        parts.append(_text(LEFT - 6, y + 4, f"{value:g}", "end"))
    for day, anchor in ((first, "start"), (last, "end")):
        parts.append(_text(place(day, low)[0], HEIGHT - 8, day.isoformat(), anchor))
    ends = []
    for number, (name, line) in enumerate(series.items()):
        path = " ".join(",".join(map(_n, place(*point))) for point in line)
        parts.append(
            element(
                "polyline",
                points=path,
                class_=f"line line-{number % 8}",
                stroke_dasharray=DASHES[number % 8] or None,
            )
        )
        ends.append((place(*line[-1])[1], name))
    y = -GAP * 1.0
    for end, name in sorted(ends):
        y = max(end + 4, y + GAP)
        parts.append(_text(WIDTH - RIGHT + 6, y, name))
    words = ", ".join(f"{name}: {line[-1][1]:.0f}" for name, line in series.items())
    return Chart(title, _svg(title, parts), _("On the last day: %(list)s") % {"list": words})


def _ticks(low: float, high: float) -> list[float]:
    """About four round numbers between two."""
    for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 10_000, 100_000):
        if (high - low) / step <= 5:
            first = -(-low // step)
            return [step * (first + n) for n in range(6) if step * (first + n) <= high]
    return []


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return element("text", escape(words), x=_n(x), y=_n(y), text_anchor=anchor)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _svg(title: str, parts: Sequence[str]) -> SafeString:
    """The whole picture; the words of a chart stand in `escape`, its numbers are ours."""
    inside = "".join(parts)
    picture = element(
        "svg", inside, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=title, class_="chart"
    )
    return mark_safe(picture)  # noqa: S308
