"""A hub: all its ports are one shared wire, on which one frame at a time may travel (CSMA/CD).

A station listens before it sends. Two that begin at nearly the same time collide; both stop, and each tries
again after a random time that grows with every collision (IEEE 802.3, clause 4.2.3).
"""

from __future__ import annotations

import random
from collections import deque
from typing import ClassVar

from netlab.errors import OptionError
from netlab.lan.clock import Clock, Timer
from netlab.lan.device import Device, Kind
from netlab.lan.link import Link, Port, bits_of

SLOT = 512  # bit times: the unit of the random wait
JAM = 32  # bit times that stations go on sending after a collision, so that all notice it
GAP = 96  # bit times of silence between two frames
MOST_ATTEMPTS = 16
LONGEST_WAIT = 10  # doublings of the random wait
NANOSECOND = 1e-9  # less than the rounding of a time makes no difference


class Transmission:
    """A frame that is being sent to a hub."""

    def __init__(self, station: Station, frame: bytes, began: float, timer: Timer) -> None:
        self.station = station
        self.frame = frame
        self.began = began
        self.timer = timer  # its end


class Station:
    """The end of a cable to a hub: listens, sends, and tries again after a collision."""

    def __init__(self, hub: Hub, port: Port, chance: random.Random) -> None:
        self.hub = hub
        self.port = port
        self.waiting: deque[bytes] = deque()
        self.attempts = 0
        self._chance = chance
        self._trying = False

    @property
    def link(self) -> Link:
        """The cable to the hub."""
        assert self.port.link
        return self.port.link

    def send(self, frame: bytes) -> None:
        """Send a frame when its turn has come."""
        self.waiting.append(frame)
        self.link.trace.in_flight += 1
        if not self._trying:
            self._trying = True
            self.try_now()

    def try_now(self) -> None:
        """Send if the wire is silent; listen again when it may be."""
        silent_in = self.hub.silent_in(self)
        if silent_in > 0:
            self.hub.clock.after(silent_in, self.try_now)
        else:
            self.hub.begin(self, self.waiting[0])

    def sent(self) -> None:
        """The frame is through, or given up: on to the next one."""
        self.waiting.popleft()
        self.link.trace.in_flight -= 1
        self.attempts = 0
        self._trying = bool(self.waiting)
        if self.waiting:
            self.hub.clock.after(GAP / self.hub.bandwidth, self.try_now)

    def collided(self) -> None:
        """Wait for a random number of slots, out of twice as many after each collision."""
        self.attempts += 1
        if self.attempts == MOST_ATTEMPTS:
            self.sent()
            return
        slots = self._chance.randrange(2 ** min(self.attempts, LONGEST_WAIT))
        self.hub.clock.after((JAM + slots * SLOT) / self.hub.bandwidth, self.try_now)


class HubLink(Link):
    """A cable to a hub: the device at its other end has to wait for the shared wire."""

    def transmit(self, source: Port, frame: bytes) -> None:
        """Send a frame to the hub when the wire is silent."""
        hub = self.other(source).device
        assert isinstance(hub, Hub)
        hub.take(source, frame)


class Hub(Device):
    """Repeats whatever comes in by one port to all others, bit by bit.

    Attributes:
        bandwidth: bits a second, which all ports share.
        collisions: how often two stations sent at the same time.
    """

    kind: ClassVar[Kind] = "hub"

    def __init__(
        self, name: str, clock: Clock, ports: int, chance: random.Random, bandwidth: float = 10e6
    ) -> None:
        super().__init__(name, clock, ports)
        if bandwidth <= 0:
            raise OptionError(f"bandwidth={bandwidth} carries nothing: give bits a second, such as 10e6.")
        self.bandwidth = bandwidth
        self.collisions = 0
        self._chance = chance
        self._stations: dict[Port, Station] = {}
        self._active: list[Transmission] = []
        self._silent_at = -1.0

    def take(self, port: Port, frame: bytes) -> None:
        """Take a frame that the device at `port`, the other end of a cable, wants to send."""
        if port not in self._stations:
            self._stations[port] = Station(self, port, self._chance)
        self._stations[port].send(frame)

    def silent_in(self, station: Station) -> float:
        """Seconds until the wire may be silent as this station hears it, 0 if it is; signals need time to get there."""
        now = self.clock.now
        silent_at = self._silent_at
        for other in self._active:
            if other.began + other.station.link.delay + station.link.delay <= now:
                silent_at = other.timer.time
        rest = silent_at + station.link.delay + GAP / self.bandwidth - now
        return rest if rest > NANOSECOND else 0.0

    def begin(self, station: Station, frame: bytes) -> None:
        """A station begins to send: its frame goes through, unless another one is on the wire."""
        now = self.clock.now
        timer = self.clock.after(station.link.delay + bits_of(frame) / self.bandwidth, self._end, station)
        self._active.append(Transmission(station, frame, now, timer))
        if len(self._active) > 1:
            self._collide()

    def _collide(self) -> None:
        self.collisions += 1
        over = self.clock.now + JAM / self.bandwidth
        self._silent_at = max(self._silent_at, over)
        for each in self._active:
            each.timer.cancel()
            each.station.link.note(each.began, over, each.station.port, each.frame, "collision")
            each.station.collided()
        self._active.clear()

    def _end(self, station: Station) -> None:
        transmission = self._active.pop()
        frame, link, now = transmission.frame, station.link, self.clock.now
        self._silent_at = now
        fate = link.fate()
        link.note(transmission.began, now, station.port, frame, fate)
        station.sent()
        if fate == "delivered":
            self._repeat(link.other(station.port), frame, now - bits_of(frame) / self.bandwidth)

    def _repeat(self, came_in: Port, frame: bytes, began: float) -> None:
        for port in self.ports:
            if port.link and port is not came_in:
                port.link.carry(began, self.clock.now + port.link.delay, port, frame)
