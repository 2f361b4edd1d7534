"""Network address translation: many hosts behind one address, told apart by ports (RFC 3022, RFC 4787).

The exception to "a router leaves IP addresses alone".
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import NamedTuple

from netlab.errors import PacketError
from netlab.lan.clock import Clock
from netlab.lan.interface import Interface
from netlab.text import Table
from netlab.wire import icmp, ipv4
from netlab.wire.icmp import ICMP
from netlab.wire.ipv4 import IPv4
from netlab.wire.packet import Packet, build
from netlab.wire.tcp import TCP
from netlab.wire.udp import UDP

FIRST_PORT, LAST_PORT = 49152, 65535  # to choose from when the host's own port is taken
REMEMBERED = 300.0  # seconds without a packet after which a mapping may be given to another


class Inside(NamedTuple):
    """Who is behind a port of ours: protocol, address, and port (for a ping its identifier)."""

    protocol: int
    address: IPv4Address
    port: int


class AddressTranslation:
    """The table of a translating router.

    Args:
        outside: the interface whose address stands for all.
        clock: of the simulation.
    """

    def __init__(self, outside: Interface, clock: Clock) -> None:
        self.outside = outside
        self._clock = clock
        self._ports: dict[Inside, int] = {}
        self._hosts: dict[tuple[int, int], tuple[Inside, float]] = {}  # protocol, our port → who, last used

    def outbound(self, data: bytes) -> bytes:
        """Replace the sender of a packet that leaves by our address and a port that stands for it."""
        packet = Packet.parse(data, link="ip")
        ip, port = packet.ip, _source_port(packet)
        assert isinstance(ip, IPv4)
        if port is None:
            return data
        inside = Inside(ip.protocol, ip.src, port)
        ours = self._port_for(inside)
        header = _with_port(packet.layers[-1], source=ours)
        return build(replace(ip, src=self.outside.address.ip), header, payload=packet.payload)

    def inbound(self, data: bytes) -> bytes | None:
        """Replace the receiver of a packet that came for one of our ports; None if the port stands for nobody."""
        packet = Packet.parse(data, link="ip")
        ip = packet.ip
        assert isinstance(ip, IPv4)
        if packet.icmp and packet.icmp.type in (icmp.UNREACHABLE, icmp.TIME_EXCEEDED):
            return self._inbound_error(ip, packet.icmp, packet.payload)
        header = packet.layers[-1]
        port = _target_port(packet)
        inside = self._who(ip.protocol, port) if port is not None else None
        if inside is None:
            return None
        return build(
            replace(ip, dst=inside.address), _with_port(header, target=inside.port), payload=packet.payload
        )

    def _inbound_error(self, ip: IPv4, error: ICMP, quoted: bytes) -> bytes | None:
        """An ICMP error is about a packet that we changed: change its quotation back."""
        try:
            about = Packet.parse(quoted, link="ip")
        except PacketError:  # a quotation that is cut short
            return None
        port = _source_port(about)
        inside = self._who(about.ip.protocol, port) if about.ip and port is not None else None
        if inside is None:
            return None
        assert isinstance(about.ip, IPv4)
        inner = build(
            replace(about.ip, src=inside.address),
            _with_port(about.layers[-1], source=inside.port),
            payload=about.payload,
        )
        return build(replace(ip, dst=inside.address), error, payload=inner)

    def _who(self, protocol: int, port: int) -> Inside | None:
        entry = self._hosts.get((protocol, port))
        if entry is None:
            return None
        self._hosts[protocol, port] = entry[0], self._clock.now
        return entry[0]

    def _port_for(self, inside: Inside) -> int:
        port = self._ports.get(inside)
        if port is None:
            port = next(
                each
                for each in (inside.port, *range(FIRST_PORT, LAST_PORT + 1))
                if self._is_free(inside, each)
            )
            self._ports[inside] = port
        self._hosts[inside.protocol, port] = inside, self._clock.now
        return port

    def _is_free(self, inside: Inside, port: int) -> bool:
        entry = self._hosts.get((inside.protocol, port))
        if entry and self._clock.now - entry[1] > REMEMBERED:
            del self._hosts[inside.protocol, port]
            del self._ports[entry[0]]
            entry = None
        return entry is None

    @property
    def table(self) -> Table:
        """Who is behind which port of ours."""
        rows = [
            (
                ipv4.PROTOCOLS.get(protocol, str(protocol)),
                f"{inside.address}:{inside.port}",
                f"{self.outside.address.ip}:{port}",
            )
            for (protocol, port), (inside, _) in self._hosts.items()
        ]
        return Table(
            ("protocol", "inside", "outside"), rows, f"Translations of {self.outside.port.device.name}"
        )


def _source_port(packet: Packet) -> int | None:
    if packet.tcp or packet.udp:
        return (packet.tcp or packet.udp).src_port  # type: ignore[union-attr]
    return packet.icmp.identifier if packet.icmp and packet.icmp.type == icmp.ECHO_REQUEST else None


def _target_port(packet: Packet) -> int | None:
    if packet.tcp or packet.udp:
        return (packet.tcp or packet.udp).dst_port  # type: ignore[union-attr]
    return packet.icmp.identifier if packet.icmp and packet.icmp.type == icmp.ECHO_REPLY else None


def _with_port(header: object, *, source: int | None = None, target: int | None = None) -> TCP | UDP | ICMP:
    if isinstance(header, ICMP):
        number = source if source is not None else target
        assert number is not None
        return replace(header, rest=number << 16 | header.sequence)
    assert isinstance(header, TCP | UDP)
    if source is not None:
        return replace(header, src_port=source)
    assert target is not None
    return replace(header, dst_port=target)
