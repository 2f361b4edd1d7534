"""Network address translation: many hosts behind one address, told apart by ports (RFC 3022, RFC 4787).

The exception to "a router leaves IP addresses alone".
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from typing import NamedTuple

from netlab.lan.clock import Clock
from netlab.lan.interface import Interface
from netlab.text import Table
from netlab.wire import icmp, ipv4
from netlab.wire.checksum import internet_checksum
from netlab.wire.icmp import ICMP
from netlab.wire.ipv4 import IPv4
from netlab.wire.packet import Packet, build
from netlab.wire.tcp import TCP
from netlab.wire.udp import UDP

FIRST_PORT, LAST_PORT = 49152, 65535  # to choose from when the host's own port is taken
_CHECKSUMS = {ipv4.ICMP: 2, ipv4.TCP: 16, ipv4.UDP: 6}  # where the header has it
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
        quotation = self.before(quoted)
        if quotation is None:
            return None
        return build(replace(ip, dst=IPv4Address(quotation[12:16])), error, payload=quotation)

    def before(self, data: bytes) -> bytes | None:
        """A packet that we sent out, or its beginning, as it came from inside; None if it is nobody's there."""
        if len(data) < IPv4.LENGTH + 8 or data[12:16] != self.outside.address.ip.packed:
            return None
        start, protocol = (data[0] & 0xF) * 4, data[9]
        if protocol == ipv4.ICMP and data[start : start + 1] != bytes([icmp.ECHO_REQUEST]):
            return None
        at = start + (4 if protocol == ipv4.ICMP else 0)
        inside = self._who(protocol, int.from_bytes(data[at : at + 2], "big"))
        if inside is None:
            return None
        address, port = inside.address.packed, inside.port.to_bytes(2, "big")
        old, new = (
            (data[at : at + 2], port)
            if protocol == ipv4.ICMP
            else (data[12:16] + data[at : at + 2], address + port)
        )
        packet = bytearray(data)
        packet[12:16], packet[at : at + 2] = address, port
        _change_checksum(packet, 10, data[12:16], address)
        _change_checksum(packet, start + _CHECKSUMS[protocol], old, new, optional=protocol == ipv4.UDP)
        return bytes(packet)

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


def _change_checksum(packet: bytearray, at: int, old: bytes, new: bytes, *, optional: bool = False) -> None:
    """Let a checksum follow a change without a look at all that it guards (RFC 1624, equation 3).

    Args:
        packet: changed in place; it may end before the checksum.
        at: where the checksum is.
        old: the bytes that it guarded.
        new: the bytes that are there now.
        optional: whether a checksum of 0 says that there is none.
    """
    was = bytes(packet[at : at + 2])
    if len(was) < 2 or (optional and was == b"\0\0"):
        return
    checksum = internet_checksum(bytes(0xFF - byte for byte in was + old) + new)
    packet[at : at + 2] = ((checksum or 0xFFFF) if optional else checksum).to_bytes(2, "big")


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
