"""A trace told step by step: which frame belongs to which step of a visit, and what it is for."""

from __future__ import annotations

from netlab.lan.trace import Hop, Trace
from netlab.lan.views import DNS_PORT, what
from netlab.text import Table
from netlab.wire import arp
from netlab.wire.packet import Packet
from netlab.wire.tcp import ACK, FIN, RST, SYN


class _Teller:
    """Remembers how far each connection is, since an ACK alone does not say which step it belongs to."""

    def __init__(self) -> None:
        self.closing: set[frozenset[int]] = set()
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
        if flags & FIN or connection in self.closing:
            self.closing.add(connection)
            return "teardown", "I have no more to say" if flags & FIN else "I have heard that"
        if packet.payload:
            self.talking.add(connection)
            return "HTTP" if 80 in connection else "data", what(packet)[0]
        if connection in self.talking:
            return "HTTP" if 80 in connection else "data", "your bytes have arrived"
        return "handshake", "yes: connected"


def story(trace: Trace) -> Table:
    """One line a frame of its journey over all cables, with the step that it belongs to.

    Frames that follow one another over several cables and carry the same message are one line.
    """
    teller = _Teller()
    rows: list[tuple[str, str, str, str]] = []
    for journey in journeys(trace):
        step, purpose = teller.step(journey[0].packet)
        way = [journey[0].source.device.name]
        for hop in journey:
            ends = [hop.target.device.name] if hop.source.device.name == way[-1] else [hop.target.device.name]
            way += ends
        rows.append((str(len(rows) + 1), step, " → ".join(way), purpose))
    return Table(("no.", "step", "way", "what it says"), rows, "Source: simulated.")


def journeys(trace: Trace) -> list[list[Hop]]:
    """The hops of each message from the device that made it to the last one it reached.

    A router changes the MAC addresses and the time to live; what is inside stays, and tells the message.
    """
    found: list[list[Hop]] = []
    open_: dict[object, list[Hop]] = {}
    for hop in trace:
        key = _message(hop.packet)
        journey = open_.get(key)
        if journey and journey[-1].target.device is hop.source.device:
            journey.append(hop)
        elif journey and any(
            hop.source.device in (each.target.device, each.source.device) for each in journey
        ):
            continue  # a flood: another copy of the same frame
        else:
            open_[key] = [hop]
            found.append(open_[key])
    return found


def _message(packet: Packet) -> object:
    """What stays the same in a message from hop to hop."""
    return (
        packet.layers[2:] if packet.ip else packet.arp,
        packet.payload,
        getattr(packet.ip, "identification", 0),
    )
