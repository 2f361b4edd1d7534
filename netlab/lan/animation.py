"""The frames of a trace, moving along the cables of a picture.

Plain SVG animation (SMIL): it plays in JupyterLab and in a deck, without a script. On paper, and for readers
who want no motion, the picture stands still; the list of steps says what happened in both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from netlab.lan.picture import Sketch, Way, along, draw_parts, edge_of_icon, listed
from netlab.lan.trace import Hop, Trace
from netlab.lan.views import DNS_PORT, what
from netlab.svg import INK, PALETTE, Drawing, element, rect, text
from netlab.wire.arp import REQUEST
from netlab.wire.packet import Packet

if TYPE_CHECKING:
    from netlab.lan.link import Port
    from netlab.lan.network import Network

STEPS = 24  # steps that are shown
MOVE, REST = 1.2, 0.5  # seconds that a frame moves on the screen, and that it rests at its goal
LINE = 19  # pixels of a line of the list
LIST = 430  # pixels that the list is wide
BESIDE = 520  # a picture wider than this has the list under it


@dataclass(frozen=True, slots=True)
class Step:
    """Frames that are on the wires at the same time."""

    hops: Sequence[Hop]

    def __str__(self) -> str:
        """What happens in this step, in a line."""
        told: dict[tuple[str, str], list[Hop]] = {}
        for hop in self.hops:
            fate = "" if hop.fate == "delivered" else f" ✗ {hop.fate}"
            told.setdefault((what(hop.packet)[0], fate), []).append(hop)
        lines = [
            f"{_listed(hop.source for hop in hops)} → {_listed(hop.target for hop in hops)}: {label}{fate}"
            for (label, fate), hops in told.items()
        ]
        return lines[0] if len(lines) == 1 else f"{lines[0]}; and {len(lines) - 1} more"


def draw_animation(net: Network, trace: Trace, *, still: bool = False) -> Drawing:
    """Draw a network, the frames of a trace moving along its cables, and the list of steps.

    Args:
        net: the network.
        trace: its trace, or a part of it; of a long one the first 24 steps are shown.
        still: without motion, for paper.
    """
    sketch = Sketch(net)
    found = steps(trace)
    shown = found[:STEPS]
    width, height = sketch.size
    lines = [f"{number}. {step}" for number, step in enumerate(shown, 1)]
    rest = len(found) - len(shown) + trace.left_out
    if rest:
        lines.append(f"… and {rest:,} later steps, not shown")
    if not shown:
        lines.append("No frame was sent.")
    total = max(len(shown), 1) * (MOVE + REST) + REST
    tag = hashlib.sha256("\n".join([*lines, str(width)]).encode()).hexdigest()[:8]
    places, size = _list_places(len(lines), width, height)
    parts = draw_parts(sketch)
    for place, entry in zip(places, lines, strict=True):
        parts.append(text(place[0] + 4, place[1] + LINE * 0.75, _cut(entry), size=13))
    if not still:
        marks = _list_marks(len(shown), places, total, tag)
        frames = (each for row, step in enumerate(shown) for each in _frames(sketch, step, row, total, tag))
        parts = [_style(tag), *marks, *parts, *frames]
    alt = f"{len(shown)} steps on a network, one after the other: " + "; ".join(lines) + "."
    return Drawing(*size, alt, parts, "\n".join(lines))


def _list_places(
    count: int, width: float, height: float
) -> tuple[list[tuple[float, float]], tuple[float, float]]:
    """Where the lines of the list stand, beside a narrow picture or under a wide one, and the size of it all."""
    if width <= BESIDE:
        places = [(width + 10, 10.0 + LINE * row) for row in range(count)]
        return places, (width + LIST + 10, max(height, 20 + LINE * count))
    columns = 2 if count > 6 else 1
    rows = -(-count // columns)
    places = [(10.0 + LIST * (row // rows), height + LINE * (row % rows)) for row in range(count)]
    return places, (max(width, LIST * columns), height + LINE * rows + 10)


def steps(trace: Trace) -> list[Step]:
    """The hops of a trace in groups of those that are on the wires at the same time.

    What a hub repeats while it is still hearing it comes in a step of its own, to be seen after what it repeats.
    """
    groups: list[list[Hop]] = []
    end = float("-inf")
    for hop in trace:
        if groups and hop.sent < end:
            groups[-1].append(hop)
        else:
            groups.append([hop])
            end = hop.arrived
    parted = (
        [hop for hop in group if (hop.source.device.kind == "hub") is from_hub]
        for group in groups
        for from_hub in (False, True)
    )
    return [Step(hops) for hops in parted if hops]


def short(packet: Packet) -> tuple[str, str]:
    """A frame in a word, and the colour of its kind."""
    if packet.arp:
        return ("ARP ?" if packet.arp.operation == REQUEST else "ARP !"), PALETTE["orange"]
    if packet.icmp:
        words = {8: "ping", 0: "pong", 11: "TTL over", 3: "cannot"}
        return words.get(packet.icmp.type, "ICMP"), PALETTE["sky"]
    if packet.tcp:
        flags = [flag for flag in packet.tcp.flag_names if flag != "ACK" or not packet.payload]
        return ("data" if packet.payload else " ".join(flags)), PALETTE["purple"]
    if packet.udp:
        dns = DNS_PORT in (packet.udp.src_port, packet.udp.dst_port)
        return ("DNS" if dns else "UDP"), PALETTE["yellow"]
    return "frame", "#d9d9d9"


def _listed(ports: Iterable[Port]) -> str:
    return listed(list(dict.fromkeys(port.device.name for port in ports)))


def _cut(line: str) -> str:
    return line if len(line) <= 58 else line[:57] + "…"


def _style(tag: str) -> str:
    """No motion on paper, nor for readers who asked for none."""
    return element(
        "style",
        f"@media print {{ .move-{tag} {{ display: none }} }} "
        f"@media (prefers-reduced-motion: reduce) {{ .move-{tag} {{ display: none }} }}",
    )


def _while(start: float, end: float, total: float) -> str:
    """Visible from start to end, seconds of each round."""
    times = f"0;{start / total:.4f};{end / total:.4f}"
    return element(
        "animate",
        attributeName="visibility",
        values="hidden;visible;hidden",
        keyTimes=times,
        calcMode="discrete",
        dur=f"{total:g}s",
        repeatCount="indefinite",
    )


def _list_marks(count: int, places: Sequence[tuple[float, float]], total: float, tag: str) -> list[str]:
    """Behind each line of the list a bar that shows while its step plays."""
    parts = []
    for row, (x, y) in enumerate(places[:count]):
        begin = row * (MOVE + REST) + 0.01
        shows = _while(begin, begin + MOVE + REST - 0.02, total)
        bar = {"x": x, "y": y, "width": LIST - 10, "height": LINE, "fill": "#fff3c4", "visibility": "hidden"}
        parts.append(element("g", element("rect", shows, **bar), class_=f"move-{tag}"))
    return parts


def _frames(sketch: Sketch, step: Step, row: int, total: float, tag: str) -> list[str]:
    """The labels that move in a step; on each way of the picture one."""
    ways: dict[tuple[Way, str], Hop] = {}
    for hop in step.hops:
        ways.setdefault((sketch.way(hop.source, hop.target), hop.fate), hop)
    start = row * (MOVE + REST) + 0.01
    return [
        element("g", moving, class_=f"move-{tag}")
        for (way, fate), hop in ways.items()
        for moving in _frame(way, fate, hop, start, total)
    ]


def _frame(way: Way, fate: str, hop: Hop, start: float, total: float) -> list[str]:
    """A label that moves along a way; a cross where it is lost."""
    word, colour = short(hop.packet)
    width = 8 * len(word) + 12
    begin, end = edge_of_icon(way), 1 - edge_of_icon(way[::-1])
    if fate != "delivered":
        end = (begin + end) / 2
    middle = "Q" if len(way) == 3 else "L"
    path = f"M{way[0][0]:g},{way[0][1]:g} {middle} " + " ".join(f"{x:g},{y:g}" for x, y in way[1:])
    times = [start / total, (start + MOVE) / total]
    motion = element(
        "animateMotion",
        path=path,
        keyPoints=f"{begin:.3f};{begin:.3f};{end:.3f};{end:.3f}",
        keyTimes=f"0;{times[0]:.4f};{times[1]:.4f};1",
        calcMode="linear",
        dur=f"{total:g}s",
        repeatCount="indefinite",
    )
    pill = rect(-width / 2, -10, width, 20, rx=10, fill=colour, stroke=INK)
    label = element(
        "text", escape(word), x=0, y=4.5, font_size=12, font_weight="600", text_anchor="middle", fill=INK
    )
    gone = start + MOVE + (REST - 0.02 if fate == "delivered" else 0)
    moving = element("g", pill + label + motion + _while(start, gone, total), visibility="hidden")
    if fate == "delivered":
        return [moving]
    x, y = along(way, end)
    cross = element(
        "text",
        "✗" + _while(start + MOVE, start + MOVE + REST - 0.02, total),
        x=x,
        y=y + 8,
        font_size=26,
        font_weight="700",
        text_anchor="middle",
        fill=PALETTE["red"],
        visibility="hidden",
    )
    return [moving, cross]
