"""A trace told step by step: which frame belongs to which step of a visit, and what it is for."""

from __future__ import annotations

from netlab.lan.trace import Hop, Trace
from netlab.lan.views import DNS_PORT, what
from netlab.text import Table, preview
from netlab.wire import arp
from netlab.wire.ethernet import BROADCAST
from netlab.wire.ipv4 import IPv4
from netlab.wire.packet import Packet
from netlab.wire.tcp import ACK, FIN, RST, SYN


class _Teller:
    """Remembers how far each connection is, since an ACK alone does not say which step it belongs to."""

    def __init__(self) -> None:
        self.ends: set[tuple[frozenset[int], int]] = set()  # connection, number after a FIN
        self.talking: set[frozenset[int]] = set()

    def step(self, packet: Packet) -> tuple[str, str]:
        """The step a frame belongs to, and what it is for."""
        if packet.arp:
            asks = packet.arp.operation == arp.REQUEST
            return "ARP", f"which MAC address has {packet.arp.target_ip}?" if asks else "here is mine"
        if packet.udp and DNS_PORT in (packet.udp.src_port, packet.udp.dst_port):
            return "DNS", what(packet)[0]
        if packet.icmp:
            return "ICMP", packet.icmp.kind
        if packet.tcp:
            return self._tcp_step(packet)
        return "other", packet.summary()

    def _tcp_step(self, packet: Packet) -> tuple[str, str]:
        assert packet.tcp
        connection = frozenset((packet.tcp.src_port, packet.tcp.dst_port))
        flags = packet.tcp.flags
        if flags & SYN:
            return "handshake", "yes, and may I too?" if flags & ACK else "may I connect?"
        if flags & RST:
            return "reset", "there is no such connection"
        if flags & FIN:
            end = packet.tcp.seq + len(packet.payload) + 1
            self.ends.add((connection, end % 2**32))
            return "teardown", "I have no more to say"
        if (connection, packet.tcp.ack) in self.ends:
            return "teardown", "I have heard that"
        if packet.payload:
            self.talking.add(connection)
            if 80 in connection:
                return "HTTP", preview(packet.payload.partition(b"\r\n")[0])
            return "data", what(packet)[0]
        if connection in self.talking:
            return "HTTP" if 80 in connection else "data", "your bytes have arrived"
        return "handshake", "yes: connected"


def story(trace: Trace) -> Table:
    """The messages of a trace, one line each, with the step that each belongs to.

    A message that crosses several cables is one line; `Trace.table` has a line for every cable.
    """
    teller = _Teller()
    rows = []
    for number, journey in enumerate(journeys(trace), 1):
        step, purpose = teller.step(journey[0].packet)
        if journey[-1].fate != "delivered":
            purpose += f"  ✗ {journey[-1].fate}"
        rows.append((str(number), step, _way(journey), purpose))
    return Table(("no.", "step", "way", "what it says"), rows, "Source: simulated.")


def _way(journey: list[Hop]) -> str:
    first = journey[0]
    header = first.packet.ethernet
    if header and header.dst == BROADCAST:
        return f"{first.source.device.name} → everybody on the link"
    return " → ".join([first.source.device.name, *(hop.target.device.name for hop in journey)])


def journeys(trace: Trace) -> list[list[Hop]]:
    """The hops of each message, from the device that made it to the last one that it reached.

    A router changes the MAC addresses and the time to live; what is inside stays, and tells the message.
    Of the copies of a flood the first is followed.
    """
    found: list[list[Hop]] = []
    latest: dict[object, list[Hop]] = {}
    for hop in trace:
        key = _message(hop.packet)
        journey = latest.get(key)
        if journey is None or (hop.source is journey[0].source):
            latest[key] = [hop]
            found.append(latest[key])
        elif journey[-1].target.device is hop.source.device and journey[-1].target is not hop.source:
            journey.append(hop)
    return found


def _message(packet: Packet) -> object:
    """What stays the same in a message from hop to hop."""
    ip = packet.layer(IPv4)
    if ip is None:
        return packet
    return ip.src, ip.dst, ip.identification, packet.payload
