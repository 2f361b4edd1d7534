"""A cable between two ports: it takes time, it has a rate, it may lose frames, and it can be cut."""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import TYPE_CHECKING

from netlab.errors import OptionError
from netlab.lan.clock import Clock
from netlab.lan.trace import Fate, Hop, Trace

if TYPE_CHECKING:
    from netlab.lan.device import Device
    from netlab.lan.interface import Interface

SHORTEST = 60  # bytes of a frame without its check sequence: shorter ones are padded
OVERHEAD = (
    24  # bytes that each frame costs besides: preamble 8, check sequence 4, gap 12 (IEEE 802.3, clause 4)
)


def bits_of(frame: bytes) -> int:
    """How long a frame keeps the wire busy, in bit times."""
    return 8 * (max(len(frame), SHORTEST) + OVERHEAD)


class Port:
    """A socket of a device that a cable can be plugged into.

    Attributes:
        device: whose port it is.
        number: counted from 1.
        link: the cable, if one is plugged in.
        interface: its MAC and IP address, for a port of a host or router.
    """

    def __init__(self, device: Device, number: int) -> None:
        self.device = device
        self.number = number
        self.link: Link | None = None
        self.interface: Interface | None = None

    @property
    def peer(self) -> Port | None:
        """The port at the other end of the cable."""
        return self.link.other(self) if self.link else None

    def send(self, frame: bytes) -> None:
        """Put a frame on the cable; without one it goes nowhere."""
        if self.link:
            self.link.transmit(self, frame)

    def __repr__(self) -> str:
        return f"<port {self.number} of {self.device.name}>"


class Link:
    """A cable that carries frames both ways at once.

    Args:
        ends: the two ports.
        clock: of the simulation.
        trace: where each frame is noted.
        chance: the simulation's random numbers.
        delay: seconds that a signal takes from end to end (5 ns a metre).
        bandwidth: bits a second.
        loss: the share of frames that never arrive, 0 to 1.
        drop: numbers of frames that never arrive, counted from 1 on this link, besides those lost by chance.
        buffer: bytes that may wait at each end; what comes when it is full is dropped.
    """

    def __init__(
        self,
        ends: tuple[Port, Port],
        clock: Clock,
        trace: Trace,
        chance: random.Random,
        *,
        delay: float,
        bandwidth: float,
        loss: float = 0.0,
        drop: Collection[int] = (),
        buffer: int = 256 * 1024,
    ) -> None:
        if delay < 0:
            raise OptionError(f"delay={delay} lies in the past: give 0 or more seconds, such as 5e-6.")
        if bandwidth <= 0:
            raise OptionError(f"bandwidth={bandwidth} carries nothing: give bits a second, such as 100e6.")
        if not 0 <= loss <= 1:
            raise OptionError(f"loss={loss} is not a share: use a number from 0 (never) to 1 (always).")
        self.ends = ends
        self.delay = delay
        self.bandwidth = bandwidth
        self.loss = loss
        self.drop = frozenset(drop)
        self.buffer = buffer
        self.is_cut = False
        self.count = 0
        self._clock = clock
        self.trace = trace
        self._chance = chance
        self._free_at = {ends[0]: 0.0, ends[1]: 0.0}

    def other(self, port: Port) -> Port:
        """The port at the other end."""
        return self.ends[1] if port is self.ends[0] else self.ends[0]

    def cut(self) -> None:
        """Cut the cable: what is sent from now on is lost, and both devices notice."""
        self.is_cut = True
        for port in self.ends:
            port.device.lost_contact(port)

    def mend(self) -> None:
        """Make the cable whole again."""
        self.is_cut = False

    def fate(self) -> Fate:
        """Decide what becomes of the next frame, and count it."""
        self.count += 1
        if self.is_cut:
            return "cut"
        if self.count in self.drop or (self.loss and self._chance.random() < self.loss):
            return "lost"
        return "delivered"

    def transmit(self, source: Port, frame: bytes) -> None:
        """Send a frame from one end to the other, after those that wait before it."""
        now = self._clock.now
        start = max(now, self._free_at[source])
        if (start - now) * self.bandwidth > 8 * self.buffer:
            self.note(now, now, source, frame, "dropped")
            return
        sent = start + bits_of(frame) / self.bandwidth
        self._free_at[source] = sent
        self.carry(start, sent + self.delay, source, frame)

    def carry(self, start: float, arrival: float, source: Port, frame: bytes) -> None:
        """Note a frame that takes the wire, and deliver it unless it is lost."""
        fate = self.fate()
        self.note(start, arrival, source, frame, fate)
        if fate == "delivered":
            self.trace.in_flight += 1
            self._clock.after(arrival - self._clock.now, self._deliver, self.other(source), frame)

    def note(self, start: float, arrival: float, source: Port, frame: bytes, fate: Fate) -> None:
        """Add a frame to the trace."""
        self.trace.add(Hop(start, arrival, self, source, self.other(source), frame, fate))

    def _deliver(self, target: Port, frame: bytes) -> None:
        self.trace.in_flight -= 1
        target.device.receive(target, frame)

    def __repr__(self) -> str:
        a, b = (port.device.name for port in self.ends)
        return f"<link {a} – {b}{', cut' if self.is_cut else ''}>"
