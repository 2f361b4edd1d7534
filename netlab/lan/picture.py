"""A picture of a network: its devices, their addresses and the cables between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from netlab.lan.layout import FOLDED, ICON, Edge, Graph, Spot, arrange
from netlab.svg import INK, MONO, MUTED, PALETTE, Drawing, element, line, rect, text

if TYPE_CHECKING:
    from netlab.lan.device import Device
    from netlab.lan.link import Link, Port
    from netlab.lan.network import Network

TINTS = {"host": "#ffffff", "hub": "#fde8c4", "switch": "#cfe8f7", "router": "#cdeee3"}
MARGIN = 12

Way = tuple[tuple[float, float], ...]  # from point to point; the second of three bends it (quadratic)


class Sketch:
    """Where everything of a network stands in its picture.

    Args:
        net: the network; of many hosts on one device only the first are drawn one by one.

    Attributes:
        spots: the place of each name that is drawn.
        edges: the way of each cable that is drawn.
        size: width and height in pixels.
    """

    def __init__(self, net: Network) -> None:
        self.net = net
        self._drawn_as = _fold(net)
        self.folded = Counter(name for device, name in self._drawn_as.items() if name != device)
        names = list(dict.fromkeys(self._drawn_as.values()))
        links = {tuple(self.name(port) for port in link.ends): link for link in net.links}
        self.links = [
            link
            for link in net.links
            if links[self.name(link.ends[0]), self.name(link.ends[1])] is link
            or not {self.name(port) for port in link.ends} & self.folded.keys()
        ]
        devices = net.devices
        graph = Graph(
            names,
            [(self.name(link.ends[0]), self.name(link.ends[1])) for link in self.links],
            frozenset(n for n in names if n in self.folded or devices[n].kind == "host"),
            frozenset(n for n in names if n not in self.folded and devices[n].kind == "router"),
        )
        self.spots, edges, self.size = arrange(graph)
        self.edges: dict[Link, Edge] = dict(zip(self.links, edges, strict=True))

    def name(self, port: Port) -> str:
        """The name under which the device of a port is drawn."""
        return self._drawn_as[port.device.name]

    def way(self, source: Port, target: Port) -> Way:
        """The way of a frame from port to port."""
        one, other = self.spots[self.name(source)], self.spots[self.name(target)]
        edge = self.edges.get(source.link) if source.link else None
        ends = (one.x, one.y), (other.x, other.y)
        return ends if edge is None or edge.bow == (0, 0) else (ends[0], _bend(one, other, edge), ends[1])


def draw_network(net: Network) -> Drawing:
    """Draw the devices of a network with their addresses, and the cables between them.

    Hosts are screens, switches and hubs boxes, routers ovals; the small numbers are those of the ports. A cable
    that is cut is dashed and crossed. Of more than 12 hosts on one device the rest is one symbol.
    """
    sketch = Sketch(net)
    width, height = sketch.size
    parts = draw_parts(sketch)
    if not parts:
        parts, width, height = [text(MARGIN, 30, "No devices yet.", fill=MUTED)], 160.0, 50.0
    return Drawing(width, height, describe(net), parts)


def draw_parts(sketch: Sketch) -> list[str]:
    """The elements of a picture: cables, then devices, then what is written at the cables."""
    devices = sketch.net.devices
    boxes = [
        _group(sketch, name) if name in sketch.folded else _device(devices[name], spot)
        for name, spot in sketch.spots.items()
    ]
    return [
        *(each for link in sketch.links for each in _cable(sketch, link)),
        *(each for box in boxes for each in box),
        *(each for link in sketch.links for port in link.ends for each in _end(sketch, port)),
    ]


def describe(net: Network) -> str:
    """The picture in words."""
    kinds = Counter(device.kind for device in net.devices.values())
    if not kinds:
        return "A network without devices."
    plural = {"switch": "switches"}
    counted = ", ".join(
        f"{n} {kind if n == 1 else plural.get(kind, kind + 's')}" for kind, n in kinds.items()
    )
    shown = list(net.devices.values())[:FOLDED]
    told = "; ".join(_told(device) for device in shown)
    more = f"; and {len(net.devices) - len(shown)} more" if len(net.devices) > len(shown) else ""
    cut = [link for link in net.links if link.is_cut]
    broken = "".join(
        f" The cable {' – '.join(port.device.name for port in link.ends)} is cut." for link in cut
    )
    return f"A network of {counted}. {told}{more}.{broken}"


def _told(device: Device) -> str:
    addresses = [str(port.interface.address) for port in device.ports if port.interface]
    neighbours = [port.peer.device.name for port in device.ports if port.peer]
    at = f" ({', '.join(addresses)})" if addresses else ""
    return f"{device.kind} {device.name}{at} – {listed(neighbours) or 'no cable'}"


def listed(names: Sequence[str]) -> str:
    """Names with commas; of many the first three and how many more."""
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def _fold(net: Network) -> dict[str, str]:
    """The name under which each device is drawn: its own, or that of the group that it is in."""
    drawn = {name: name for name in net.devices}
    for box in net.devices.values():
        ports = (port.peer for port in box.ports if port.peer)
        hosts = [port.device.name for port in ports if port.device.kind == "host"]
        if box.kind != "host" and len(hosts) > FOLDED:
            for name in hosts[FOLDED - 1 :]:
                drawn[name] = f"{len(hosts) - FOLDED + 1} more on {box.name}"
    return drawn


def _bend(one: Spot, other: Spot, edge: Edge) -> tuple[float, float]:
    return (one.x + other.x) / 2 + edge.bow[0], (one.y + other.y) / 2 + edge.bow[1]


def _cable(sketch: Sketch, link: Link) -> list[str]:
    points = sketch.way(*link.ends)
    colour = PALETTE["red"] if link.is_cut else INK
    middle = "Q" if len(points) == 3 else "L"
    d = f"M{points[0][0]:g},{points[0][1]:g} {middle} " + " ".join(f"{x:g},{y:g}" for x, y in points[1:])
    parts = [
        element(
            "path",
            d=d,
            fill="none",
            stroke=colour,
            stroke_width=2,
            stroke_dasharray="6 5" if link.is_cut else None,
        )
    ]
    if link.is_cut:
        x, y = along(points, 0.5)
        parts += [
            element("circle", cx=x, cy=y, r=11, fill="#ffffff"),
            text(x, y + 7, "✗", size=20, fill=colour, anchor="middle", weight="700"),
            halo(x, y - 15, "cut", colour, anchor="middle"),
        ]
    return parts


def along(points: Way, share: float) -> tuple[float, float]:
    """The point of a line or a quadratic curve after a share of its way, 0 to 1."""
    if len(points) == 2:
        (x0, y0), (x1, y1) = points
        return x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
    a, b, c = (1 - share) ** 2, 2 * share * (1 - share), share**2
    (x0, y0), (x1, y1), (x2, y2) = points
    return a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2


def edge_of_icon(points: Way) -> float:
    """The share of a way at which it leaves the symbol that it begins at."""
    x0, y0 = points[0]
    for step in range(1, 100):
        x, y = along(points, step / 100)
        if abs(x - x0) > ICON[0] / 2 or abs(y - y0) > ICON[1] / 2:
            return step / 100
    return 0.5


def _device(device: Device, spot: Spot) -> list[str]:
    parts = [
        *_symbol(device.kind, spot),
        text(spot.x, spot.y + 1, device.name, anchor="middle", weight="600"),
    ]
    if device.kind != "host":
        return [*parts, text(spot.x, spot.y + 16, device.kind, size=11, fill=MUTED, anchor="middle")]
    address = device.ports[0].interface.address if device.ports[0].interface else ""
    y = spot.y - 34 if spot.side == "up" else spot.y + 44
    return [*parts, halo(spot.x, y, str(address), anchor="middle")]


def _symbol(kind: str, spot: Spot) -> list[str]:
    width, height = ICON
    left, top = spot.x - width / 2, spot.y - height / 2
    style = {"fill": TINTS[kind], "stroke": INK, "stroke_width": 1.5}
    if kind == "router":
        return [element("ellipse", cx=spot.x, cy=spot.y, rx=width / 2, ry=height / 2, **style)]
    if kind == "host":
        return [
            rect(left + 8, top, width - 16, height - 11, rx=4, **style),
            line(spot.x - 16, top + height - 2, spot.x + 16, top + height - 2, stroke_width=3),
            line(spot.x, top + height - 11, spot.x, top + height - 2, stroke_width=3),
        ]
    return [rect(left, top, width, height, rx=4 if kind == "switch" else 0, **style)]


def _group(sketch: Sketch, name: str) -> list[str]:
    spot = sketch.spots[name]
    behind = [_symbol("host", Spot(spot.x + shift, spot.y - shift, spot.side)) for shift in (8, 4, 0)]
    label = f"{sketch.folded[name]} more"
    return [
        *(part for each in behind for part in each),
        text(spot.x, spot.y + 1, label, size=12, anchor="middle"),
    ]


def _end(sketch: Sketch, port: Port) -> list[str]:
    """What is written where a cable enters a box: the port's number, and the address if it has one."""
    if sketch.name(port) != port.device.name or port.device.kind == "host" or port.peer is None:
        return []
    points = sketch.way(port, port.peer)
    x, y = along(points, edge_of_icon(points))
    x2, y2 = along(points, edge_of_icon(points) + 0.1)
    flat = abs(x2 - x) > abs(y2 - y)
    toward = 1 if x2 >= x else -1
    anchor = "start" if toward > 0 else "end"
    if port.interface:
        address = str(port.interface.address)
        if flat:  # the two ends of a cable write on different sides of it
            return [halo(x + 7 * toward, y + (-7 if toward > 0 else 17), address, anchor=anchor)]
        return [halo(x + 8 * toward, y + (15 if y2 > y else -7), address, anchor=anchor)]
    if abs(y2 - y) < 1:
        return [halo(x + 5 * toward, y - 5, str(port.number), MUTED, anchor=anchor)]
    x, y = along(points, edge_of_icon(points) + 0.08)
    return [
        halo(
            x + (7 if flat else 5) * toward,
            y + (12 if y2 < y else -3) * flat + 4,
            str(port.number),
            MUTED,
            anchor=anchor,
        )
    ]


def halo(x: float, y: float, words: str, fill: str = INK, *, anchor: str = "start") -> str:
    """Small text that stays readable over a cable."""
    return element(
        "text",
        escape(words),
        x=x,
        y=y,
        font_size=12,
        font_family=MONO,
        fill=fill,
        text_anchor=anchor,
        stroke="#ffffff",
        stroke_width=4,
        paint_order="stroke",
    )
