"""A share's close as a chart: one geometry, drawn here as SVG and by `static/chart.js` from the same figures.

A split is no fall: the line is broken where a share became two, and a dashed line says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor, log10
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from netlab.apps.ticker.models import ONE, Stock
from netlab.apps.ticker.shares import Close
from netlab.apps.ticker.words import money, ratio
from netlab.svg import INK, MUTED, PALETTE, RULE, SANS, element, line, text

# How far back a chart goes, in days; None is all there is.
RANGES: dict[str, tuple[str, int | None]] = {
    "1m": ("1 month", 31),
    "1y": ("1 year", 366),
    "5y": ("5 years", 5 * 366),
    "all": ("All", None),
}
USUAL = "1y"
SIZES = {"wide": (720, 340), "narrow": (344, 280)}  # CSS pixels: a desk, and a phone of 360 pixels
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 28, 28  # margins
LABEL = 12  # font size
WIDEST_DAY_LABEL = 84  # pixels from one label of the day axis to the next


@dataclass(frozen=True)
class Mark:
    """A label at a place on an axis.

    Attributes:
        at: pixels from the left or from the top.
        label: what it says.
        anchor: which part of the label is there: its "start", "middle" or "end".
    """

    at: float
    label: str
    anchor: str = "middle"


class Point(NamedTuple):
    """A trading day.

    Attributes:
        x: pixels from the left.
        y: pixels from the top.
        day: which.
        close: its close.
    """

    x: float
    y: float
    day: date
    close: Decimal


@dataclass(frozen=True)
class Chart:
    """A chart as numbers and words.

    Attributes:
        width: pixels.
        height: pixels.
        title: what it shows.
        description: what can be seen in it, for who cannot see it.
        lines: the days between one split and the next.
        prices: the price axis.
        days: the day axis.
        splits: where a share became several.
    """

    width: int
    height: int
    title: str
    description: str
    lines: tuple[tuple[Point, ...], ...]
    prices: tuple[Mark, ...]
    days: tuple[Mark, ...]
    splits: tuple[Mark, ...]

    def as_json(self) -> dict[str, Any]:
        """The figures for `chart.js`; those of a day have an order: their names would be most of the weight."""
        return {
            **vars(self),
            "lines": [
                [(x, y, day.isoformat(), money(close)) for x, y, day, close in points]
                for points in self.lines
            ],
            **{axis: [vars(mark) for mark in getattr(self, axis)] for axis in ("prices", "days", "splits")},
        }

    def svg(self, name: str) -> str:
        """The picture.

        Args:
            name: for its ids, unlike any other on the page.
        """
        right, bottom = self.width - RIGHT, self.height - BOTTOM
        parts = [element("title", escape(self.title), id=f"{name}-title")]
        parts.append(element("desc", escape(self.description), id=f"{name}-desc"))
        for mark in self.prices:
            parts.append(line(LEFT, mark.at, right, mark.at, stroke=RULE))
            parts.append(text(LEFT - 6, mark.at + 4, mark.label, size=LABEL, fill=MUTED, anchor="end"))
        for mark in self.days:
            parts.append(line(mark.at, bottom, mark.at, bottom + 5, stroke=MUTED))
            parts.append(text(mark.at, bottom + 20, mark.label, size=LABEL, fill=MUTED, anchor=mark.anchor))
        for mark in self.splits:
            parts.append(line(mark.at, TOP, mark.at, bottom, stroke=PALETTE["red"], stroke_dasharray="5 4"))
            parts.append(text(mark.at, TOP - 8, mark.label, size=LABEL, fill=INK, anchor=mark.anchor))
        for points in self.lines:
            path = " ".join(f"{x:g},{y:g}" for x, y, _, _ in points)
            parts.append(
                element("polyline", points=path, fill="none", stroke=PALETTE["blue"], stroke_width=2)
            )
        return element(
            "svg",
            "\n" + "\n".join(parts) + "\n",
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {self.width} {self.height}",
            role="img",
            aria_labelledby=f"{name}-title {name}-desc",
            font_family=SANS,
            class_=name,
        )


def first_day(last: date, span: str) -> date | None:
    """The first day of a range that ends on a day; None if there is no limit."""
    days = RANGES[span][1]
    return last - timedelta(days=days) if days else None


def chart(stock: Stock, prices: Sequence[Close], size: str) -> Chart:
    """The chart of a share.

    Args:
        stock: the share.
        prices: its trading days, oldest first, at least one.
        size: "wide" or "narrow".
    """
    width, height = SIZES[size]
    first, last = prices[0].day, prices[-1].day
    days = max(1, (last - first).days)
    ticks = price_ticks(min(price.close for price in prices), max(price.close for price in prices))

    pixels_a_day = (width - LEFT - RIGHT) / days
    pixels_a_dollar = (height - TOP - BOTTOM) / float(ticks[-1] - ticks[0])

    def across(day: date) -> float:
        return round(LEFT + (day - first).days * pixels_a_day, 1)

    def down(close: Decimal) -> float:
        return round(height - BOTTOM - float(close - ticks[0]) * pixels_a_dollar, 1)

    return Chart(
        width,
        height,
        f"{stock.name}: closing price from {first} to {last}, US dollars, as traded",
        describe(prices),
        tuple(
            tuple(Point(across(p.day), down(p.close), p.day, p.close) for p in part)
            for part in (thinned(part, width) for part in unsplit(prices))
        ),
        tuple(Mark(down(tick), f"{tick:f}", "end") for tick in ticks),
        tuple(
            Mark(at, label, "end" if at > width - WIDEST_DAY_LABEL / 2 else "middle")
            for at, label in (
                (across(day), label) for day, label in day_ticks(first, last, width // WIDEST_DAY_LABEL)
            )
        ),
        tuple(
            Mark(at, f"Split {words}", "end" if at > width / 2 else "start")
            for at, words in ((across(p.day), ratio(p.split)) for p in prices[1:] if p.split != ONE)
        ),
    )


def describe(prices: Sequence[Close]) -> str:
    """What can be seen: where it begins and ends, its lowest and highest close, and the splits."""
    first, last = prices[0], prices[-1]
    low, high = min(prices, key=lambda p: p.close), max(prices, key=lambda p: p.close)
    words = [
        f"From {money(first.close)} on {first.day} to {money(last.close)} on {last.day}.",
        f"Lowest close {money(low.close)} on {low.day}, highest {money(high.close)} on {high.day}.",
    ]
    found = [f"{ratio(p.split)} on {p.day}" for p in prices[1:] if p.split != ONE]
    if found:
        words.append(f"Split {' and '.join(found)}: the price fell, what a holder had did not.")
    return " ".join(words)


def unsplit(prices: Sequence[Close]) -> list[list[Close]]:
    """The days in parts, a new one with each split."""
    parts: list[list[Close]] = [[]]
    for price in prices:
        if price.split != ONE and parts[-1]:
            parts.append([])
        parts[-1].append(price)
    return parts


def thinned(prices: Sequence[Close], most: int) -> Sequence[Close]:
    """So many days at most, evenly taken, the first, the last, the lowest and the highest among them."""
    if len(prices) <= most:
        return prices
    step = (len(prices) - 1) / (most - 1)
    kept = {round(n * step) for n in range(most)}
    closes = [price.close for price in prices]
    kept |= {closes.index(min(closes)), closes.index(max(closes))}
    return [prices[n] for n in sorted(kept)]


def price_ticks(low: Decimal, high: Decimal, most: int = 6) -> list[Decimal]:
    """Round numbers around all prices: 1, 2 or 5 times a power of ten apart, at most so many."""
    if low == high:
        low, high = low * Decimal("0.95"), high * Decimal("1.05")
    rough = float(high - low) / (most - 2)
    power = Decimal(10) ** floor(log10(rough))
    step = next(power * n for n in (1, 2, 5, 10) if float(power) * n >= rough)
    start, end = floor(low / step), ceil(high / step)
    return [n * step for n in range(start, end + 1)]


def day_ticks(first: date, last: date, most: int) -> list[tuple[date, str]]:
    """The beginnings of years or months between two days, at most so many, and how they are written."""
    months = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first <= date(year, month, 1) <= last
    ]
    years = [day for day in months if day.month == 1]
    if len(years) >= 3:
        return [(day, str(day.year)) for day in years[:: -(-len(years) // most)]]
    if months[2:]:
        return [(day, f"{day:%b %Y}") for day in months[:: -(-len(months) // most)]]
    step = max(1, ((last - first).days + 1) // most)
    days = [first + timedelta(days=n) for n in range(step // 2, (last - first).days + 1, step)]
    return [(day, f"{day.day} {day:%b}") for day in days[:most]]
