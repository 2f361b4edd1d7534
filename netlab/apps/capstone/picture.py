"""The architecture as a picture: every arrow is a lesson, and is lit when traffic has passed its tap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netlab.apps.capstone.parts import ARROWS, PARTS, Arrow, Part
from netlab.svg import INK, MUTED, PALETTE, Drawing, element, line, rect, text

if TYPE_CHECKING:
    from netlab.apps.capstone.system import Capstone
    from netlab.wire import Tap

BOX = (124, 62)
COLUMNS = (0, 244, 518, 682, 956)  # where each begins; an arrow and its words stand between two
ROW = 116  # from one box to the next
LEFT, TOP = 8, 30
WIDTH = 2 * LEFT + COLUMNS[-1] + BOX[0]
BASE = TOP + 2 * ROW + BOX[1] + 36  # where the database is
HEIGHT = BASE + 56
SHIFTS = {"tape": -15, "feed": 15}  # two arrows between the same boxes
SHARED = ("web", "office", "charts", "jobs")  # who uses the database
LIT, DARK = PALETTE["blue"], "#8a8a8a"


@dataclass(frozen=True)
class Count:
    """What has passed a tap.

    Attributes:
        conversations: connections, or datagrams that were sent to the server.
        refused: connections that found nobody behind the tap, or datagrams that were lost.
    """

    conversations: int = 0
    refused: int = 0

    def since(self, before: Count) -> Count:
        """What came after an earlier count."""
        return Count(self.conversations - before.conversations, self.refused - before.refused)


def count(tap: Tap) -> Count:
    """Count what has passed a tap so far."""
    if tap.transport == "udp":
        sent = [event.kind for event in tap.recording if event.sender == "client"]
        return Count(len(sent), sent.count("lost"))
    kinds = [event.kind for event in tap.recording]
    return Count(kinds.count("open"), kinds.count("refused"))


def counts(system: Capstone, before: Mapping[str, Count]) -> dict[str, Count]:
    """What has passed each tap since earlier counts."""
    for key in system.taps:
        system.settle(key)
    return {key: count(tap).since(before.get(key, Count())) for key, tap in system.taps.items()}


def remember(system: Capstone) -> None:
    """Count from now on."""
    system.dimmed = counts(system, {})


def draw(system: Capstone, passed: Mapping[str, Count]) -> Drawing:
    """Draw the system, and what has passed."""
    arrows = [arrow for arrow in ARROWS if arrow.key in passed]
    used = {end for arrow in arrows for end in (arrow.start, arrow.end)}
    boxes = {part.key: part for part in PARTS if part.key in used}
    parts = [piece for arrow in arrows for piece in _arrow(arrow, boxes, passed[arrow.key])]
    parts += [piece for box in boxes.values() for piece in _box(box, system.runner)]
    parts += _database([box for key, box in boxes.items() if key in SHARED])
    sentences = [describe(arrow, boxes, passed[arrow.key]) for arrow in arrows]
    alt = "The parts of Ticker and what has passed between them. " + " ".join(
        f"{each}." for each in sentences
    )
    return Drawing(WIDTH, HEIGHT, alt, parts, "\n".join(sentences))


def describe(arrow: Arrow, boxes: dict[str, Part], passed: Count) -> str:
    """An arrow in words."""
    way = f"{boxes[arrow.start].title} → {boxes[arrow.end].title}"
    return f"{arrow.key} · {way}: {arrow.words}, {lessons(arrow)}, {words(arrow, passed)}"


def lessons(arrow: Arrow) -> str:
    """The lessons of an arrow."""
    return f"lesson{'s' if len(arrow.lessons) > 1 else ''} {', '.join(arrow.lessons)}"


def words(arrow: Arrow, passed: Count) -> str:
    """What has passed, in words."""
    if not passed.conversations:
        return "quiet"
    kind = "datagram" if arrow.transport == "udp" else "connection"
    shown = f"{passed.conversations} {kind}{'s' if passed.conversations > 1 else ''}"
    if passed.refused:
        shown += f", {passed.refused} {'lost' if arrow.transport == 'udp' else 'refused'}"
    return shown


def _place(part: Part) -> tuple[float, float, float]:
    """Left, top and height of a box."""
    x = LEFT + COLUMNS[part.column]
    if part.row is None:
        return x, TOP, 2 * ROW + BOX[1]
    return x, TOP + part.row * ROW, BOX[1]


def _box(part: Part, runner: str) -> list[str]:
    x, y, height = _place(part)
    middle = x + BOX[0] / 2
    first = y + height / 2
    return [
        rect(x, y, BOX[0], height, rx=5, fill="#ffffff", stroke=INK, stroke_width=1.5),
        text(middle, first - 4, part.title, weight="700", anchor="middle"),
        text(middle, first + 16, part.what.format(runner=runner), size=12, fill=MUTED, anchor="middle"),
    ]


def _database(users: list[Part]) -> list[str]:
    """One file that all of them use: no wire, so no tap and no light."""
    left, right = LEFT + COLUMNS[1], LEFT + COLUMNS[3] + BOX[0]
    middle = (left + right) / 2
    words = "one SQLite file, opened by site, back office, charts and jobs: no wire · 14"
    ends = []
    for part in users:
        x, y, height = _place(part)
        if part.row in (None, 2):  # the others would cross boxes: the words name them
            at = x + BOX[0] / 2
            ends.append(line(at, y + height, at, BASE, stroke=MUTED, stroke_dasharray="3 4"))
    return [
        *ends,
        rect(left, BASE, right - left, 46, rx=5, fill="#f2f2f2", stroke=INK, stroke_width=1.5),
        text(middle, BASE + 19, "database", weight="700", anchor="middle"),
        text(middle, BASE + 37, words, size=12, fill=MUTED, anchor="middle"),
    ]


def _arrow(arrow: Arrow, boxes: dict[str, Part], passed: Count) -> list[str]:
    """A line with a head, thick and coloured when it is lit, and its words."""
    (x1, y1), (x2, y2) = _ends(boxes[arrow.start], boxes[arrow.end], SHIFTS.get(arrow.key, 0))
    lit = passed.conversations > 0
    colour, width = LIT if lit else DARK, 4 if lit else 1.5
    dashes = None if lit else "5 5"
    if x1 == x2:
        sign = 1 if y2 > y1 else -1
        end, head = (x2, y2 - 13 * sign), f"M{x2:g},{y2 - 2 * sign:g} l-6,{-11 * sign} h12 z"
    else:
        sign = 1 if x2 > x1 else -1
        end, head = (x2 - 13 * sign, y2), f"M{x2 - 2 * sign:g},{y2:g} l{-11 * sign},-6 v12 z"
    return [
        line(x1, y1, *end, stroke=colour, stroke_width=width, stroke_dasharray=dashes),
        element("path", d=head, fill=colour),
        *_label(arrow, ((x1 + x2) / 2, (y1 + y2) / 2), passed, upright=x1 == x2),
    ]


def _label(arrow: Arrow, middle: tuple[float, float], passed: Count, *, upright: bool) -> list[str]:
    """The name of the arrow, the protocol and its lessons, and what has passed."""
    x, y = middle
    rows = (f"{arrow.key}: {arrow.words} · {', '.join(arrow.lessons)}", words(arrow, passed))
    look: dict[str, Any] = {"size": 12, "fill": LIT if passed.conversations else MUTED}
    if upright:
        return [text(x + 10, y - 3 + 16 * n, row, **look) for n, row in enumerate(rows)]
    shift = SHIFTS.get(arrow.key, 0)
    tops = (y - 24, y - 9) if shift < 0 else (y + 18, y + 33) if shift > 0 else (y - 9, y + 18)
    return [text(x, top, row, anchor="middle", **look) for top, row in zip(tops, rows, strict=True)]


def _ends(start: Part, end: Part, shift: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where an arrow leaves and arrives: across from box to box, or up or down in one column."""
    (x1, y1, height1), (x2, y2, height2) = _place(start), _place(end)
    if start.column == end.column:
        middle = x1 + BOX[0] / 2
        down = y2 > y1
        return (middle, y1 + (height1 if down else 0)), (middle, y2 + (0 if down else height2))
    low = start if start.row is not None else end  # a high box is met where the other one is
    y = _place(low)[1] + BOX[1] / 2 + shift
    right = x2 > x1
    return (x1 + (BOX[0] if right else 0), y), (x2 + (0 if right else BOX[0]), y)
