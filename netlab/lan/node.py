"""What hosts and routers have in common: IP. Addresses, routes, and the messages of ICMP.

RFC 791 and RFC 1122 for what a host does, RFC 792 for ICMP, RFC 1812 for what a router adds.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from netlab.errors import OptionError, PacketError
from netlab.lan.clock import Clock
from netlab.lan.device import Device
from netlab.lan.interface import Interface
from netlab.lan.link import Port
from netlab.lan.tcp import refusal
from netlab.text import Table
from netlab.wire import ethernet, icmp, ipv4
from netlab.wire.arp import ARP
from netlab.wire.ethernet import BROADCAST, Ethernet
from netlab.wire.icmp import ICMP
from netlab.wire.ipv4 import IPv4
from netlab.wire.packet import Layer, Packet, build
from netlab.wire.tcp import RST

MTU = 1500  # bytes of an IP packet that fit into a frame
TTL = 64  # that a packet starts with
QUOTED = 548  # bytes of the packet that an ICMP error quotes at most: 576 in all (RFC 1812, section 4.3.2.3)
ERRORS = (bytes([icmp.UNREACHABLE]), bytes([icmp.TIME_EXCEEDED]))  # the first byte of each
NET_UNREACHABLE, HOST_UNREACHABLE = 0, 1  # codes of UNREACHABLE
INTERNETWORK_CONTROL = 48  # the class of service of ICMP errors (RFC 1812, section 4.3.2.5)


@dataclass(frozen=True, slots=True)
class RouteEntry:
    """A line of a routing table.

    Attributes:
        network: the addresses that it is for.
        via: the router to give the packet to; None if they are on this very link.
        interface: the network card to send it by.
    """

    network: IPv4Network
    via: IPv4Address | None
    interface: Interface


class Node(Device):
    """A device with IP addresses.

    Attributes:
        interfaces: its network cards.
        routes: its routing table.
        ignored: frames that came in and were for others.
        broken: frames that came in and made no sense.
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        addresses: Sequence[IPv4Interface],
        macs: Sequence[str],
        chance: random.Random,
    ) -> None:
        super().__init__(name, clock, len(addresses))
        self.interfaces = [
            Interface(port, f"eth{number}", mac, address, clock, self.no_neighbour)
            for number, (port, mac, address) in enumerate(zip(self.ports, macs, addresses, strict=True))
        ]
        self.routes = [RouteEntry(each.address.network, None, each) for each in self.interfaces]
        self.ignored = 0
        self.broken = 0
        self._identification = chance.randrange(1 << 16)

    # routes

    def route(self, network: str, via: str) -> None:
        """Add a route: packets for `network` go to the router `via`, which must be on one of this node's links.

        Args:
            network: such as "198.51.100.0/24"; "0.0.0.0/0" is the default route.
            via: the router's address on our side.
        """
        try:
            gateway, destination = IPv4Address(via), IPv4Network(network)
        except ValueError as error:
            raise OptionError(
                f"{error}. Give a network and an address, as in ('198.51.100.0/24', '192.0.2.1')."
            ) from None
        for interface in self.interfaces:
            if gateway in interface.address.network:
                self.routes.append(RouteEntry(destination, gateway, interface))
                return
        links = ", ".join(str(each.address.network) for each in self.interfaces)
        raise OptionError(
            f"{self.name} cannot reach the gateway {gateway}: a gateway must be on a link of its own ({links})."
        )

    def route_to(self, address: IPv4Address) -> RouteEntry | None:
        """The route for an address: of those that fit the one with the longest prefix; None if none does."""
        fitting = [entry for entry in self.routes if address in entry.network]
        return max(fitting, key=lambda entry: entry.network.prefixlen, default=None)

    def owns(self, address: IPv4Address) -> bool:
        """Whether an address is one of ours, or speaks to all on one of our links."""
        return any(
            address in (each.address.ip, each.address.network.broadcast_address) for each in self.interfaces
        )

    @property
    def arp_cache(self) -> Table:
        """Which MAC addresses it knows."""
        rows = [
            (str(ip), neighbour.mac, interface.name, f"{self.clock.now - neighbour.learned:.3f} s")
            for interface in self.interfaces
            for ip, neighbour in sorted(interface.cache.items())
        ]
        return Table(("IP address", "MAC address", "on", "age"), rows, f"ARP cache of {self.name}")

    @property
    def routing_table(self) -> Table:
        """Where it sends packets, the longest prefix first."""
        rows = [
            (str(entry.network), str(entry.via or "on this link"), entry.interface.name)
            for entry in sorted(self.routes, key=lambda entry: -entry.network.prefixlen)
        ]
        return Table(("for", "next hop", "by"), rows, f"Routes of {self.name}")

    # what comes in

    def receive(self, port: Port, frame: bytes) -> None:
        """Take a frame: ARP and IP for us are looked at, what is for others is ignored."""
        interface = port.interface
        assert interface
        try:
            if len(frame) > Ethernet.LENGTH + MTU:
                raise PacketError("A frame that long is none.")
            header, content = Ethernet.unpack(frame)
            if header.dst not in (interface.mac, BROADCAST):
                self.ignored += 1
            elif header.ethertype == ethernet.ARP:
                interface.hear(ARP.unpack(content)[0])
            elif header.ethertype == ethernet.IPV4:
                ip, _ = IPv4.unpack(content)
                if ip.checksum_is_right:
                    self.receive_packet(interface, ip, content[: ip.total_length])
                else:
                    self.broken += 1
        except PacketError:
            self.broken += 1

    def receive_packet(self, interface: Interface, ip: IPv4, packet: bytes) -> None:  # noqa: ARG002
        """Take an IP packet that came in by an interface."""
        if self.owns(ip.dst) or ip.dst == IPv4Address("255.255.255.255"):
            self.accept(Packet.parse(packet, link="ip"), packet)
        else:
            self.ignored += 1

    def accept(self, packet: Packet, data: bytes) -> None:
        """Take a packet that is for us: pings are answered, ports are closed."""
        ip, message = packet.ip, packet.icmp
        assert isinstance(ip, IPv4)
        if (
            message
            and message.type == icmp.ECHO_REQUEST
            and any(ip.dst == each.address.ip for each in self.interfaces)
        ):
            reply = ICMP.echo(message.identifier, message.sequence, reply=True)
            self.send_from(ip.dst, ip.src, ipv4.ICMP, reply, packet.payload)
        elif packet.tcp:
            if not packet.tcp.flags & RST:
                self.send_from(ip.dst, ip.src, ipv4.TCP, refusal(packet.tcp, packet.payload))
        elif message is None:
            self.complain(data, icmp.UNREACHABLE, icmp.PORT_UNREACHABLE)

    # what goes out

    def send_from(
        self,
        source: IPv4Address | None,
        target: IPv4Address,
        protocol: int,
        header: Layer,
        payload: bytes = b"",
        *,
        ttl: int = TTL,
        dscp: int = 0,
    ) -> bool:
        """Put an IP header around a message and send it.

        Args:
            source: our address to use; None for that of the interface it leaves by.
            target: whom it is for.
            protocol: the number of what is inside.
            header: of what is inside.
            payload: what follows the header.
            ttl: how many routers may pass it on, plus one.
            dscp: its class of service.

        Returns:
            Whether there is a route.
        """
        entry = self.route_to(target)
        if entry is None:
            return False
        self._identification = (self._identification + 1) & 0xFFFF
        ip = IPv4(
            source or entry.interface.address.ip,
            target,
            protocol,
            ttl=ttl,
            identification=self._identification,
            dscp=dscp,
        )
        packet = build(ip, header, payload=payload)
        if len(packet) > MTU:
            raise OptionError(
                f"An IP packet of {len(packet):,} bytes does not fit into a frame, which carries {MTU:,}; "
                "this network does not fragment: send less at once."
            )
        if self.owns(target) and target != entry.interface.address.network.broadcast_address:
            self.clock.after(0.0, self.accept, Packet.parse(packet, link="ip"), packet)  # it never leaves us
        else:
            entry.interface.send(packet, entry.via or target)
        return True

    def complain(self, packet: bytes, kind: int, code: int) -> None:
        """Tell the sender of a packet what became of it, unless that must not be done (RFC 1122, section 3.2.2)."""
        ip, content = IPv4.unpack(packet)
        broadcast = any(ip.dst == each.address.network.broadcast_address for each in self.interfaces)
        is_error = ip.protocol == ipv4.ICMP and content[:1] in ERRORS
        if not (broadcast or is_error or ip.fragment_offset or ip.dst == IPv4Address("255.255.255.255")):
            self.send_from(
                None, ip.src, ipv4.ICMP, ICMP(kind, code), packet[:QUOTED], dscp=INTERNETWORK_CONTROL
            )

    def no_neighbour(self, packet: bytes) -> None:
        """Nobody on the link has the address of the next hop: the packet cannot be delivered."""
        self.complain(packet, icmp.UNREACHABLE, HOST_UNREACHABLE)
