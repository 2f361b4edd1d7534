"""What passed on the wires: a list of hops, each one frame on one cable, and the ways to look at it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, overload

from netlab.errors import PacketError
from netlab.svg import Drawing
from netlab.text import Table
from netlab.wire.packet import Packet

if TYPE_CHECKING:
    from netlab.lan.link import Link, Port

Fate = Literal["delivered", "lost", "cut", "collision", "dropped"]

KEPT = 200_000  # hops that a trace keeps; what comes later is counted only


class Hop(NamedTuple):
    """One frame on one cable.

    Attributes:
        sent: when its first bit left, in seconds.
        arrived: when its last bit arrived, or would have.
        link: the cable.
        source: the port that it left by.
        target: the port at the other end.
        frame: its bytes, without padding and check sequence.
        fate: what became of it: "delivered", "lost" on the way, "cut" with the cable, hit by another one
            ("collision"), "dropped" since too many were waiting.
    """

    sent: float
    arrived: float
    link: Link
    source: Port
    target: Port
    frame: bytes
    fate: Fate

    @property
    def packet(self) -> Packet:
        """The frame taken apart."""
        return parsed(self.frame)


@cache
def _parse(frame: bytes) -> Packet:
    try:
        return Packet.parse(frame)
    except PacketError:  # a frame that a student made by hand
        return Packet((), frame)


def parsed(frame: bytes) -> Packet:
    """A frame taken apart; one that cannot be read has no headers, just a payload."""
    return _parse(frame)


class Trace:
    """The hops of a simulation, in the order in which they were sent.

    Attributes:
        in_flight: frames that are on a wire now.
        left_out: hops that were not kept, since there were too many.
    """

    def __init__(self, hops: Iterable[Hop] = ()) -> None:
        self._hops = list(hops)
        self._sorted = True
        self.in_flight = 0
        self.left_out = 0

    def add(self, hop: Hop) -> None:
        """Note a hop."""
        if len(self._hops) >= KEPT:
            self.left_out += 1
            return
        self._hops.append(hop)
        self._sorted = False

    def clear(self) -> None:
        """Forget what passed so far, to look only at what comes next."""
        self._hops.clear()
        self.left_out = 0

    @property
    def hops(self) -> list[Hop]:
        """The hops in order of time."""
        if not self._sorted:
            self._hops.sort(key=lambda hop: hop.sent)
            self._sorted = True
        return self._hops

    def __iter__(self) -> Iterator[Hop]:
        return iter(tuple(self.hops))

    def __len__(self) -> int:
        return len(self._hops)

    @overload
    def __getitem__(self, index: int) -> Hop: ...
    @overload
    def __getitem__(self, index: slice) -> Trace: ...
    def __getitem__(self, index: int | slice) -> Hop | Trace:
        return Trace(self.hops[index]) if isinstance(index, slice) else self.hops[index]

    def where(self, wanted: Callable[[Hop], bool]) -> Trace:
        """The hops for which `wanted(hop)` is true."""
        return Trace(hop for hop in self if wanted(hop))

    def on(self, link: Link) -> Trace:
        """The hops on one cable: what a sniffer there would see."""
        return self.where(lambda hop: hop.link is link)

    def table(self) -> Table:
        """One line a hop: when, from where to where, MAC addresses, what it is."""
        from netlab.lan.views import table

        return table(self)

    def story(self) -> Table:
        """The hops as chapters of a story: each with the step it belongs to and what it is for."""
        from netlab.lan.story import story

        return story(self)

    def ladder(self) -> Drawing:
        """A sequence diagram of the hops between the devices."""
        from netlab.lan.views import ladder

        return ladder(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a pcap file that Wireshark opens: each frame that arrived, at the time it arrived."""
        from netlab.wire.pcap import CapturedFrame, write_pcap

        arrived = sorted((hop for hop in self if hop.fate == "delivered"), key=lambda hop: hop.arrived)
        write_pcap(path, (CapturedFrame(hop.arrived, hop.frame) for hop in arrived))
        return Path(path)

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return self.table()._repr_mimebundle_()
