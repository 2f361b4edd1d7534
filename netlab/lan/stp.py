"""The spanning tree protocol (IEEE 802.1D-1998, clauses 8 and 9): switches agree on which ports to close.

They elect the switch with the lowest identifier as the root; each keeps open its port nearest to the root, and
on each cable the port of the switch that is nearer. Any other port is closed, so that no loop is left.

A port that is to open waits twice the forward delay, until every switch has heard of the change. Left out:
the acknowledgment of topology changes, and the faster version of 2004.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from netlab.errors import OptionError
from netlab.lan.link import Port
from netlab.text import Table
from netlab.wire.ethernet import Ethernet, mac_bytes

if TYPE_CHECKING:
    from netlab.lan.switch import Switch

GROUP_ADDRESS = bytes.fromhex("0180c2000000")  # all switches on the cable, and none passes it on
HELLO, MAX_AGE, FORWARD_DELAY = 2.0, 20.0, 15.0  # seconds
AGEING = 1.0  # seconds that a message grows older by each switch, so that none circles for ever
COST = 19  # of a cable of 100 Mbit/s
HIGHEST_COST = 0xFFFFFFFF
LLC = b"\x42\x42\x03"
CONFIGURATION, TOPOLOGY_CHANGE = 0x00, 0x80  # types of message
CHANGED = 0x01  # flag: forget soon what you have learned

State = Literal["blocking", "listening", "learning", "forwarding"]
Role = Literal["root", "designated", "blocked"]


class Offer(NamedTuple):
    """What a switch says on a cable; the lesser offer is the better one.

    Attributes:
        root: the identifier of the switch that it takes for the root.
        cost: of its way there.
        bridge: its own identifier: 2 bytes of priority, 6 of MAC address.
        port: the identifier of the port that it sends by.
    """

    root: bytes
    cost: int
    bridge: bytes
    port: int


@dataclass(slots=True)
class _PortState:
    heard: Offer | None = None  # the best offer on this cable
    heard_at: float = 0.0  # when the root said so
    role: Role = "designated"
    state: State = "blocking"
    since: float = 0.0  # seconds; when the state began


def pack(kind: int, offer: Offer | None = None, flags: int = 0, age: float = 0.0) -> bytes:
    """A message of the protocol (clause 9.3), with its LLC header."""
    head = LLC + struct.pack("!HBB", 0, 0, kind)
    if offer is None:
        return head
    times = (round(seconds * 256) for seconds in (age, MAX_AGE, HELLO, FORWARD_DELAY))
    return head + struct.pack("!B8sI8sHHHHH", flags, offer.root, offer.cost, offer.bridge, offer.port, *times)


class SpanningTree:
    """The protocol as one switch runs it.

    Args:
        switch: whose ports it opens and closes.
        priority: the first part of the identifier: the least becomes the root.
    """

    def __init__(self, switch: Switch, priority: int) -> None:
        if not 0 <= priority <= 0xFFFF:
            raise OptionError(f"priority={priority} is not from 0 (becomes the root) to 65535.")
        self.switch = switch
        self.identifier = priority.to_bytes(2, "big") + mac_bytes(switch.mac)
        self.root_port: Port | None = None
        self._ports = {port: _PortState() for port in switch.ports}
        self._root, self._cost = self.identifier, 0
        self._changing_until = -1.0
        self._told_at = -HELLO
        switch.clock.after(0.0, self._tick)

    # what the switch asks

    def learns(self, port: Port) -> bool:
        """Whether the switch may learn from frames that come in here."""
        return self._ports[port].state in ("learning", "forwarding")

    def forwards(self, port: Port) -> bool:
        """Whether frames may pass here."""
        return self._ports[port].state == "forwarding"

    @property
    def is_root(self) -> bool:
        """Whether this switch is the root, as far as it knows."""
        return self._root == self.identifier

    @property
    def ageing(self) -> float:
        """Seconds that the switch may remember an address: fewer while the tree is changing."""
        return FORWARD_DELAY if self.switch.clock.now < self._changing_until else self.switch.ageing

    @property
    def table(self) -> Table:
        """Each port's role and state; without a whole cable it has neither."""
        rows = [
            (
                str(port.number),
                port.peer.device.name,
                *(("–", "cut") if cut(port) else (each.role, each.state)),
            )
            for port, each in self._ports.items()
            if port.peer
        ]
        caption = (
            f"{self.switch.name} is the root" if self.is_root else f"{self.switch.name}, cost {self._cost}"
        )
        return Table(("port", "to", "role", "state"), rows, caption)

    # what comes in

    def lost_contact(self, port: Port) -> None:
        """The cable of a port has been cut: what was heard there holds no more."""
        self._ports[port].heard = None
        self._enter(self._ports[port], "blocking")
        self._decide()
        self._topology_changed()

    def receive(self, port: Port, frame: bytes) -> None:
        """Take a message of the protocol; anything else is dropped."""
        body = frame[Ethernet.LENGTH :]
        if body[:5] != LLC + b"\x00\x00" or len(body) < 7:
            return
        if body[6] == TOPOLOGY_CHANGE:
            self._topology_changed()
        elif body[6] == CONFIGURATION and len(body) >= 32:
            flags, *offer, age = struct.unpack_from("!B8sI8sHH", body, 7)
            if age < MAX_AGE * 256:
                self._hear(port, Offer(*offer), flags, age / 256)

    def _hear(self, port: Port, offer: Offer, flags: int, age: float) -> None:
        mine, now = self._ports[port], self.switch.clock.now
        if mine.heard and offer > mine.heard and offer.bridge != mine.heard.bridge:
            if mine.role == "designated":  # theirs is worse: say ours
                self._say(port)
            return
        mine.heard, mine.heard_at = offer, now - age
        self._decide()
        if port is self.root_port:
            if flags & CHANGED:
                self._changing_until = now + FORWARD_DELAY
            self._say_to_all()

    # deciding

    def _decide(self) -> None:
        """Find the root, the way to it, and each port's role."""
        offers = {
            port: each.heard._replace(cost=min(each.heard.cost + COST, HIGHEST_COST))
            for port, each in self._ports.items()
            if each.heard
        }
        best = min(offers, key=lambda port: (offers[port], port.number), default=None)
        if best is None or offers[best].root >= self.identifier:
            self._root, self._cost, self.root_port = self.identifier, 0, None
        else:
            self._root, self._cost, self.root_port = offers[best].root, offers[best].cost, best
        for port, each in self._ports.items():
            if port is self.root_port:
                self._become(port, each, "root")
            else:
                wins = each.heard is None or self._offer(port) < each.heard
                self._become(port, each, "designated" if wins else "blocked")

    def _become(self, port: Port, mine: _PortState, role: Role) -> None:
        mine.role = role
        if role == "blocked":
            if mine.state in ("learning", "forwarding"):
                self._topology_changed()
            self._enter(mine, "blocking")
        elif mine.state == "blocking" and _has_contact(port):
            self._enter(mine, "listening")

    def _enter(self, port: _PortState, state: State) -> None:
        if port.state != state:
            port.state, port.since = state, self.switch.clock.now

    # time

    def _tick(self) -> None:
        """Every second: what was heard grows old, ports open, the root says hello."""
        now = self.switch.clock.now
        for port, each in self._ports.items():
            if each.heard and now - each.heard_at > MAX_AGE:
                each.heard = None
            if not _has_contact(port):  # once there is a cable, it waits its full time
                self._enter(each, "blocking")
            elif each.state in ("listening", "learning") and now - each.since >= FORWARD_DELAY:
                if each.state == "listening":
                    self._enter(each, "learning")
                else:
                    self._enter(each, "forwarding")
                    self._topology_changed()
        self._decide()
        if self.is_root and now % HELLO < 1.0:
            self._say_to_all()
        self.switch.clock.after(1.0, self._tick)

    # speaking

    def _offer(self, port: Port) -> Offer:
        return Offer(self._root, self._cost, self.identifier, 0x8000 | port.number)

    def _say_to_all(self) -> None:
        for port, each in self._ports.items():
            if each.role == "designated" and port.link:
                self._say(port)

    def _say(self, port: Port) -> None:
        now = self.switch.clock.now
        age = now - self._ports[self.root_port].heard_at + AGEING if self.root_port else 0.0
        if age < MAX_AGE:
            flags = CHANGED if now < self._changing_until else 0
            self._send(port, pack(CONFIGURATION, self._offer(port), flags, age))

    def _topology_changed(self) -> None:
        """Tell the root, which tells all; they forget soon what they have learned."""
        now = self.switch.clock.now
        if self.is_root:
            self._changing_until = now + MAX_AGE + FORWARD_DELAY
        elif self.root_port and now - self._told_at >= HELLO:  # not for ever, where there is no root
            self._told_at = now
            self._send(self.root_port, pack(TOPOLOGY_CHANGE))

    def _send(self, port: Port, message: bytes) -> None:
        length = len(message)  # IEEE 802.3: a number below 1,536 here is a length, not a type
        port.send(GROUP_ADDRESS + mac_bytes(self.switch.mac) + length.to_bytes(2, "big") + message)


def _has_contact(port: Port) -> bool:
    return port.link is not None and not port.link.is_cut


def cut(port: Port) -> bool:
    """Whether a port has no cable, or one that is cut."""
    return port.link is None or port.link.is_cut
