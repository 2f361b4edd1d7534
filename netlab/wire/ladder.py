"""Ladder diagrams: who sent what to whom, time running down the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from netlab.svg import MUTED, PALETTE, RULE, Drawing, element, line, text
from netlab.text import clock

ROW = 44  # pixels from one arrow to the next
TIME_WIDTH = 92  # the margin for the times
HEAD = 46
MIN_LANE = 330  # pixels between two columns
CHAR = 7.3  # width of a character of a label


@dataclass(frozen=True, slots=True)
class Arrow:
    """One message of a ladder diagram.

    Attributes:
        time: seconds since the first message.
        source: index of the column that it leaves.
        target: index of the column that it reaches.
        label: what it is, written above the arrow.
        note: details such as its size, written below.
        lost: it never arrives; the arrow ends in a cross.
        kind: "control" for what only manages the conversation, such as SYN and FIN; "data" for what is said.
    """

    time: float
    source: int
    target: int
    label: str
    note: str = ""
    lost: bool = False
    kind: Literal["data", "control"] = "data"


def draw_ladder(
    columns: Sequence[str],
    arrows: Sequence[Arrow],
    *,
    caption: str,
    alt: str | None = None,
    lane: float = MIN_LANE,
) -> Drawing:
    """Draw a sequence diagram.

    Args:
        columns: the parties, from left to right.
        arrows: the messages in the order in which they were sent.
        caption: where the picture comes from (live, recorded or modelled); stands under it.
        alt: the text alternative; made from the messages if left out.
        lane: pixels between two columns at the least; labels between neighbours make it wider.

    Returns:
        A drawing that a notebook shows as SVG and a terminal as text.
    """
    lane = max([lane, *(_room(arrow) for arrow in arrows)])
    x = [TIME_WIDTH + 60 + index * lane for index in range(len(columns))]
    width = x[-1] + max(60, len(columns[-1]) * 4.5 + 10)
    bottom = HEAD + ROW * (len(arrows) + 0.5)
    parts = [
        *(line(cx, HEAD - 8, cx, bottom, stroke=RULE, stroke_width=2) for cx in x),
        *(text(cx, 24, name, weight="600", anchor="middle") for cx, name in zip(x, columns, strict=True)),
    ]
    for row, arrow in enumerate(arrows):
        parts += _arrow(arrow, x, HEAD + ROW * (row + 0.7))
    parts.append(text(10, bottom + 24, caption, size=12, fill=MUTED))
    plain = as_text(columns, arrows, caption)
    return Drawing(width, bottom + 38, alt or _alt(columns, arrows), parts, plain)


def _room(arrow: Arrow) -> float:
    """The width of a lane that the words of an arrow need."""
    return (max(len(arrow.label), len(arrow.note)) * CHAR + 40) / max(1, abs(arrow.target - arrow.source))


def _arrow(arrow: Arrow, x: Sequence[float], y: float) -> list[str]:
    start, end = x[arrow.source], x[arrow.target]
    way = 1 if end > start else -1
    if arrow.lost:
        end = start + (end - start) * 0.8
    colour = PALETTE["red"] if arrow.lost else PALETTE["blue"] if arrow.kind == "data" else MUTED
    middle = (x[arrow.source] + x[arrow.target]) / 2
    head = (
        text(end, y + 6, "✗", fill=colour, anchor="middle", size=18, weight="700")
        if arrow.lost
        else element("path", d=f"M{end:g},{y:g} l{-10 * way},-5 v10 z", fill=colour)
    )
    return [
        text(10, y + 4, clock(arrow.time), size=12, fill=MUTED),
        line(start, y, end - 8 * way, y, stroke=colour, stroke_width=2),
        head,
        text(middle, y - 6, arrow.label, size=13, anchor="middle", mono=arrow.kind == "data"),
        *([text(middle, y + 15, arrow.note, size=11, fill=MUTED, anchor="middle")] if arrow.note else []),
    ]


def as_text(columns: Sequence[str], arrows: Sequence[Arrow], caption: str) -> str:
    """The same diagram for a terminal: one line a message."""
    rows = [
        (
            clock(a.time),
            columns[a.source],
            "──✗" if a.lost else "──▶",
            columns[a.target],
            f"{a.label}  ({a.note})" if a.note else a.label,
        )
        for a in arrows
    ]
    name = max((len(column) for column in columns), default=0)
    lines = [
        f"{t:>12}  {src:<{name}} {way} {dst:<{name}}  {what}".rstrip() for t, src, way, dst, what in rows
    ]
    return "\n".join([*lines, caption])


def _alt(columns: Sequence[str], arrows: Sequence[Arrow]) -> str:
    told = [
        f"{columns[a.source]} to {columns[a.target]}: {a.label}{' (lost)' if a.lost else ''}" for a in arrows
    ]
    shown = told[:12] + ([f"and {len(told) - 12} more"] if len(told) > 12 else [])
    return f"Sequence diagram of {len(arrows)} messages. " + "; ".join(shown) + "."
