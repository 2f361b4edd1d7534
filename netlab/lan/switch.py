"""A switch: it learns who is behind which port from the frames that come in (IEEE 802.1D, clause 7)."""

from __future__ import annotations

from typing import ClassVar

from netlab.errors import OptionError
from netlab.lan.clock import Clock
from netlab.lan.device import Device, Kind
from netlab.lan.link import Port
from netlab.lan.stp import GROUP_ADDRESS, SpanningTree
from netlab.text import Table
from netlab.wire.ethernet import Ethernet, mac_text

AGEING = 300.0  # seconds that an entry lasts without a frame from its address


class Switch(Device):
    """Forwards a frame to the port behind which its receiver is, and to all ports while it does not know.

    Attributes:
        mac: its own address, which only the spanning tree uses.
        ageing: seconds after which an entry that was not confirmed is forgotten.
        tree: the spanning tree protocol, if it takes part in one.
        flooded: frames that went to all ports.
        forwarded: frames that went to one port.
        filtered: frames that went nowhere, since the receiver is where they came from.
    """

    kind: ClassVar[Kind] = "switch"

    def __init__(
        self,
        name: str,
        clock: Clock,
        ports: int,
        mac: str,
        *,
        ageing: float = AGEING,
        spanning_tree: bool = False,
        priority: int = 32768,
    ) -> None:
        super().__init__(name, clock, ports)
        if ageing <= 0:
            raise OptionError(f"ageing={ageing} would forget at once: give seconds, such as 300.")
        self.mac = mac
        self.ageing = ageing
        self.flooded = self.forwarded = self.filtered = 0
        self._table: dict[bytes, tuple[Port, float]] = {}
        self.tree = SpanningTree(self, priority) if spanning_tree else None

    def receive(self, port: Port, frame: bytes) -> None:
        """Learn from a frame where its sender is, and pass it on."""
        if len(frame) < Ethernet.LENGTH:
            return
        target, sender = frame[:6], frame[6:12]
        if self.tree:
            if target == GROUP_ADDRESS:
                self.tree.receive(port, frame)
                return
            if not self.tree.learns(port):
                return
        if not sender[0] & 1:  # a group address cannot be a sender
            self._table[sender] = port, self.clock.now
        if self.tree is None or self.tree.forwards(port):
            self._pass_on(port, target, frame)

    def _pass_on(self, came_in: Port, target: bytes, frame: bytes) -> None:
        port = self.port_of(target)
        if port is came_in:
            self.filtered += 1
        elif port is not None:
            self.forwarded += 1
            port.send(frame)
        else:
            self.flooded += 1
            for port in self.ports:
                if port is not came_in and port.link and (self.tree is None or self.tree.forwards(port)):
                    port.send(frame)

    def port_of(self, mac: bytes) -> Port | None:
        """The port behind which an address is; None if that is not known, or not any more."""
        entry = self._table.get(mac)
        if entry is None:
            return None
        ageing = self.tree.ageing if self.tree else self.ageing
        if self.clock.now - entry[1] > ageing:
            del self._table[mac]
            return None
        return entry[0]

    def lost_contact(self, port: Port) -> None:
        """Nobody is behind the port any more: forget who was."""
        self._table = {mac: entry for mac, entry in self._table.items() if entry[0] is not port}
        if self.tree:
            self.tree.lost_contact(port)

    def forget(self) -> None:
        """Empty the table, as after a restart."""
        self._table.clear()

    @property
    def table(self) -> Table:
        """What it has learned: addresses, their ports, and how long ago."""
        known = [(mac, self._table[mac]) for mac in sorted(self._table) if self.port_of(mac)]
        rows = [
            (mac_text(mac), str(port.number), f"{self.clock.now - learned:.3f} s")
            for mac, (port, learned) in known
        ]
        return Table(("MAC address", "port", "age"), rows, f"What {self.name} has learned")
