"""Where each device of a network stands in a picture.

Switches, hubs and routers form a spine from left to right; hosts and branches hang above and below it. What
closes a loop is drawn as a bow. The same network always gives the same picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Side = Literal["row", "up", "down"]

CELL = 150  # pixels that a device and its address take from left to right
ROW = 120  # pixels between two rows
ICON = 84, 48  # pixels of a device's symbol
NEXT = 180  # pixels between two devices of the spine at the least
APART = 226  # the same when an address is written at the cable
FOLDED = 12  # hosts on one device that are drawn one by one


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a device stands: its centre, and on which side of the spine."""

    x: float
    y: float
    side: Side


@dataclass(frozen=True, slots=True)
class Edge:
    """A cable between two spots; `bow` says how far its middle is pulled aside (dx, dy)."""

    one: str
    other: str
    bow: tuple[float, float] = (0.0, 0.0)


@dataclass
class Graph:
    """Names and the cables between them, in the order in which they were made.

    Attributes:
        leaves: those that end a way: hosts.
        wide: those that write an address at each of their cables: routers.
    """

    names: Sequence[str]
    cables: Sequence[tuple[str, str]]
    leaves: frozenset[str] = frozenset()
    wide: frozenset[str] = frozenset()
    _near: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._near = {name: [] for name in self.names}
        for one, other in self.cables:
            if other not in self._near[one]:
                self._near[one].append(other)
                self._near[other].append(one)

    def near(self, name: str) -> list[str]:
        """The names at the other ends of its cables."""
        return self._near[name]

    def components(self) -> list[list[str]]:
        """The names in groups that are connected."""
        groups: list[list[str]] = []
        seen: set[str] = set()
        for name in self.names:
            if name not in seen:
                group = list(self.walk(name))
                seen.update(group)
                groups.append(group)
        return groups

    def walk(self, start: str, only: Iterable[str] | None = None) -> dict[str, str | None]:
        """All that can be reached, depth first, each with the one that it was reached from."""
        allowed = self._near.keys() if only is None else set(only)
        parents: dict[str, str | None] = {}
        waiting: list[tuple[str, str | None]] = [(start, None)]
        while waiting:
            name, parent = waiting.pop()
            if name not in parents:
                parents[name] = parent
                waiting += [(each, name) for each in reversed(self._near[name]) if each in allowed]
        return parents


def arrange(graph: Graph) -> tuple[dict[str, Spot], list[Edge], tuple[float, float]]:
    """Place all names of a graph.

    Returns:
        The spots, the cables in their order, and width and height of the whole in pixels.
    """
    spots: dict[str, Spot] = {}
    tree: set[tuple[str, str]] = set()
    width, top = 0.0, 0.0
    for group in graph.components():
        own, parents = _component(graph, group)
        left = min(spot.x for spot in own.values()) - CELL / 2
        high = min(spot.y for spot in own.values()) - ROW / 2
        loops = _loops(graph, own, parents)
        moved = {name: Spot(spot.x - left, spot.y - high + top, spot.side) for name, spot in own.items()}
        spots |= moved
        width = max(width, *(spot.x + CELL / 2 for spot in moved.values()))
        top = max(spot.y for spot in moved.values()) + ROW / 2 + (ROW * 0.5 if loops else 0)
        tree |= {
            pair for name, parent in parents.items() if parent for pair in ((name, parent), (parent, name))
        }
    return spots, _edges(graph, tree), (width, top)


def _loops(graph: Graph, own: dict[str, Spot], parents: dict[str, str | None]) -> bool:
    """Whether a connected part has more cables than a tree."""
    return sum(one in own for one, _ in graph.cables) >= len(parents)


def _component(graph: Graph, group: list[str]) -> tuple[dict[str, Spot], dict[str, str | None]]:
    """Place one connected part around the point (0, 0)."""
    boxes = [name for name in group if name not in graph.leaves]
    parents = graph.walk(boxes[0] if boxes else group[0])
    children: dict[str, list[str]] = {name: [] for name in parents}
    for name in group:
        parent = parents[name]
        if parent is not None:
            children[parent].append(name)
            children[name].append(parent)
    spine = _spine(graph, group, children)
    loops = _loops(graph, dict.fromkeys(group, Spot(0, 0, "row")), parents)
    spots: dict[str, Spot] = {}
    x = 0.0
    previous: tuple[str, float] | None = None
    for name in spine:
        hanging = [each for each in children[name] if each not in spine]
        half = (len(hanging) + 1) // 2 if not loops else len(hanging)
        above, below = hanging[:half], hanging[half:]
        wide = max(_width(children, name, above), _width(children, name, below), CELL) / 2
        if previous:
            apart = APART if {previous[0], name} & graph.wide else NEXT
            x += max(apart, previous[1] + wide)
        spots[name] = Spot(x, 0.0, "row")
        _hang(children, name, above, x, -ROW, spots)
        _hang(children, name, below, x, ROW, spots)
        previous = name, wide
    return spots, parents


def _spine(graph: Graph, group: list[str], tree: dict[str, list[str]]) -> list[str]:
    """The longest way through switches, hubs and routers, and the one host at each of its ends."""
    boxes = [name for name in group if name not in graph.leaves]
    if not boxes:
        return group[:2]

    def farthest(start: str) -> list[str]:
        ways = {start: [start]}
        for name in _by_distance(tree, start, set(boxes), ways):
            last = name
        return ways[last]

    spine = farthest(farthest(boxes[0])[-1])
    first, last = spine[0], spine[-1]
    order = {name: index for index, name in enumerate(graph.names)}

    def earliest(end: str) -> int:
        return min(order[each] for each in [end, *tree[end]] if each == end or each not in spine)

    if len(spine) > 1 and earliest(last) < earliest(first):
        spine.reverse()
        first, last = last, first
    hosts = {end: [each for each in tree[end] if each in graph.leaves] for end in (first, last)}
    if first == last:
        return [hosts[first][0], first, *hosts[first][1:]] if len(hosts[first]) in (1, 2) else spine
    left = hosts[first] if len(hosts[first]) == 1 else []
    right = hosts[last] if len(hosts[last]) == 1 else []
    return [*left, *spine, *right]


def _by_distance(
    tree: dict[str, list[str]], start: str, allowed: set[str], ways: dict[str, list[str]]
) -> Iterable[str]:
    """The names of a tree by their distance from one of them; notes in `ways` how each is reached."""
    waiting = [start]
    for name in waiting:
        yield name
        for each in tree[name]:
            if each in allowed and each not in ways:
                ways[each] = [*ways[name], each]
                waiting.append(each)


def _width(tree: dict[str, list[str]], parent: str, names: list[str]) -> float:
    return sum(max(CELL, _width(tree, name, _onward(tree, name, parent))) for name in names)


def _onward(tree: dict[str, list[str]], name: str, parent: str) -> list[str]:
    return [each for each in tree[name] if each != parent]


def _hang(
    tree: dict[str, list[str]], parent: str, names: list[str], x: float, y: float, spots: dict[str, Spot]
) -> None:
    """Place names side by side in a row, and their own branches in the rows beyond it."""
    left = x - _width(tree, parent, names) / 2
    for name in names:
        onward = _onward(tree, name, parent)
        wide = max(CELL, _width(tree, name, onward))
        spots[name] = Spot(left + wide / 2, y, "up" if y < 0 else "down")
        _hang(tree, name, onward, left + wide / 2, y + (ROW if y > 0 else -ROW), spots)
        left += wide


def _edges(graph: Graph, tree: set[tuple[str, str]]) -> list[Edge]:
    """The cables; one beside another, or one that closes a loop, is bowed downwards."""
    edges: list[Edge] = []
    drawn: dict[frozenset[str], int] = {}
    for one, other in graph.cables:
        pair = frozenset((one, other))
        beside = drawn.get(pair, 0)
        drawn[pair] = beside + 1
        straight = (one, other) in tree and not beside
        edges.append(Edge(one, other, (0.0, 0.0) if straight else (0.0, ROW * (0.75 + 0.5 * beside))))
    return edges
