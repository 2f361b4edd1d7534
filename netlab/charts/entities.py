"""An entity diagram: tables as boxes with their columns, and which column refers to which table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netlab.errors import OptionError
from netlab.svg import INK, MUTED, PALETTE, RULE, Drawing, element, line, rect, text

BOX, GAP, HEAD, ROW = 162, 46, 28, 21
LEFT, TOP, BETWEEN = 6, 8, 26
FOOT = 11  # the length of a crow's foot


@dataclass(frozen=True)
class Entity:
    """A table of a drawing.

    Attributes:
        name: of the table.
        columns: each as its name and what it holds; "→ stocks" for one that refers to a row of another table.
        place: the column of the drawing in which the table stands, from 0. Tables of one place stand below each other.
        promises: what else must hold, a line each.
    """

    name: str
    columns: Sequence[tuple[str, str]]
    place: int = 0
    promises: Sequence[str] = ()

    @property
    def height(self) -> float:
        """Of its box."""
        return HEAD + ROW * (len(self.columns) + len(self.promises)) + 6

    def refers(self) -> list[tuple[int, str]]:
        """The columns that refer to another table: their number, and its name."""
        return [
            (number, kind.removeprefix("→ "))
            for number, (_, kind) in enumerate(self.columns)
            if kind.startswith("→ ")
        ]


def draw_entities(*entities: Entity) -> Drawing:
    """Draw tables and their references; a crow's foot stands where there may be many, a bar where there is one.

    Args:
        *entities: the tables; one refers to tables in the places beside its own.

    Raises:
        OptionError: when one refers to a table that is not there, or not beside it.
    """
    corners: dict[str, tuple[float, float]] = {}
    below: dict[int, float] = {}
    for each in entities:
        y = below.get(each.place, TOP)
        corners[each.name] = (LEFT + each.place * (BOX + GAP), y)
        below[each.place] = y + each.height + BETWEEN
    parts = [piece for each in entities for piece in _box(each, *corners[each.name])]
    lines = [_reference(each, number, other, corners) for each in entities for number, other in each.refers()]
    parts += [piece for pieces in lines for piece in pieces]
    width = 2 * LEFT + (max(below) + 1) * BOX + max(below) * GAP
    return Drawing(width, max(below.values()) - BETWEEN + TOP, _words(entities), parts, _plain(entities))


def _box(entity: Entity, x: float, y: float) -> list[str]:
    parts = [
        rect(x, y, BOX, entity.height, fill="#ffffff", stroke=PALETTE["blue"], stroke_width=2, rx=4),
        rect(x, y, BOX, HEAD - 4, fill=PALETTE["blue"], stroke=PALETTE["blue"], stroke_width=2, rx=4),
        text(x + 8, y + 17, entity.name, fill="#ffffff", weight="700"),
    ]
    for number, (name, kind) in enumerate(entity.columns):
        base = y + HEAD + ROW * number + 14
        weight = "700" if kind == "key" else None
        parts += [
            text(x + 8, base, name, size=13, weight=weight),
            text(x + BOX - 8, base, kind, size=12, fill=MUTED, anchor="end"),
        ]
    start = y + HEAD + ROW * len(entity.columns)
    if entity.promises:
        parts.append(line(x, start, x + BOX, start, stroke=RULE))
    for number, words in enumerate(entity.promises):
        parts.append(text(x + 8, start + ROW * number + 15, words, size=12, fill=MUTED))
    return parts


def _reference(entity: Entity, number: int, other: str, corners: dict[str, tuple[float, float]]) -> list[str]:
    if other not in corners:
        raise OptionError(f"{entity.name} refers to {other}, which is not in the drawing.")
    (x, y), (there, top) = corners[entity.name], corners[other]
    if abs(there - x) != BOX + GAP:
        raise OptionError(f"{other} does not stand beside {entity.name}: give it the place before or after.")
    right = there > x
    begin, end = (x + BOX, there) if right else (x, there + BOX)
    way = 1 if right else -1
    row, key = y + HEAD + ROW * number + 10, top + HEAD + 10
    middle = (begin + end) / 2
    style = {"stroke": INK, "stroke_width": 1.5}
    return [
        element("path", d=f"M{begin:g},{row:g} H{middle:g} V{key:g} H{end:g}", fill="none", **style),
        line(begin + way * FOOT, row, begin, row - 6, **style),
        line(begin + way * FOOT, row, begin, row + 6, **style),
        line(end - way * 8, key - 6, end - way * 8, key + 6, **style),
    ]


def _words(entities: Sequence[Entity]) -> str:
    """The drawing for who cannot see it."""
    return "An entity diagram. " + " ".join(
        f"{each.name}: " + ", ".join(_column(*column) for column in each.columns) + _promised(each) + "."
        for each in entities
    )


def _column(name: str, kind: str) -> str:
    if kind.startswith("→ "):
        return f"{name} refers to one of {kind.removeprefix('→ ')}"
    return f"{name} ({kind})"


def _promised(entity: Entity) -> str:
    return f"; {', '.join(entity.promises)}" if entity.promises else ""


def _plain(entities: Sequence[Entity]) -> str:
    return "\n".join(
        f"{each.name}({', '.join(f'{name} {kind}' for name, kind in each.columns)}){_promised(each)}"
        for each in entities
    )
