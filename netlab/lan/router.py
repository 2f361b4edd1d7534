"""A router: it passes packets from one network to another (RFC 1812)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface
from typing import ClassVar

from netlab.errors import OptionError
from netlab.lan.device import Kind
from netlab.lan.interface import Interface
from netlab.lan.link import Port
from netlab.lan.nat import AddressTranslation
from netlab.lan.node import NET_UNREACHABLE, Node
from netlab.lan.simulation import Simulation
from netlab.wire import icmp
from netlab.wire.ipv4 import IPv4


class Router(Node):
    """A node with several network cards that forwards what is not for itself.

    Args:
        name: how it is called.
        simulation: the network's time and trace.
        addresses: one for each network card, with its mask.
        macs: one for each network card.
        nat: the address, one of its own, that stands for all the others behind it; None for none.

    Attributes:
        nat: the address translation, if it does that.
    """

    kind: ClassVar[Kind] = "router"

    def __init__(
        self,
        name: str,
        simulation: Simulation,
        addresses: Sequence[IPv4Interface],
        macs: Sequence[str],
        nat: str | None = None,
    ) -> None:
        super().__init__(name, simulation.clock, addresses, macs, simulation.chance)
        self.nat = AddressTranslation(self._interface(nat), simulation.clock) if nat else None

    def __getitem__(self, address: str) -> Port:
        """The port with an address, to plug a cable into: `router["192.168.1.1"]`."""
        return self._interface(address).port

    def _interface(self, address: str) -> Interface:
        for interface in self.interfaces:
            if str(interface.address.ip) == address:
                return interface
        own = ", ".join(str(each.address.ip) for each in self.interfaces)
        raise OptionError(f"{self.name} has no network card with the address {address}: it has {own}.")

    def receive_packet(self, interface: Interface, ip: IPv4, packet: bytes) -> None:
        """Keep what is for us, forward the rest."""
        if self.nat and interface is self.nat.outside and ip.dst == interface.address.ip:
            translated = self.nat.inbound(packet)
            if translated is not None:
                self._forward(interface, IPv4.unpack(translated)[0], translated)
                return
        if self.owns(ip.dst) or ip.dst == IPv4Address("255.255.255.255"):
            super().receive_packet(interface, ip, packet)
        else:
            self._forward(interface, ip, packet)

    def _forward(self, came_in: Interface, ip: IPv4, packet: bytes) -> None:
        """One hop further: a new MAC header, one less to live, a new checksum; the addresses stay."""
        entry = self.route_to(ip.dst)
        if entry is None:
            self.complain(packet, icmp.UNREACHABLE, NET_UNREACHABLE)
            return
        if ip.ttl <= 1:
            self.complain(packet, icmp.TIME_EXCEEDED, 0)
            return
        content = packet[ip.header_length :]
        onward = replace(ip, ttl=ip.ttl - 1).completed(len(content)).pack() + content
        if self.nat and entry.interface is self.nat.outside and came_in is not self.nat.outside:
            onward = self.nat.outbound(onward)
        entry.interface.send(onward, entry.via or ip.dst)

    def no_neighbour(self, packet: bytes) -> None:
        """Report to whoever made the packet, also if the address that it left by stands for them."""
        super().no_neighbour((self.nat and self.nat.before(packet)) or packet)
