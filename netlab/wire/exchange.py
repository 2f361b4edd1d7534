"""Packets as an exchange between parties: who is the client, what each packet does, as a ladder and a table."""

from __future__ import annotations

from collections.abc import Sequence

from netlab.errors import PacketError
from netlab.svg import Drawing
from netlab.text import Table, clock, preview, size_of
from netlab.wire.icmp import ECHO_REPLY, ECHO_REQUEST
from netlab.wire.ladder import Arrow, draw_ladder
from netlab.wire.packet import Packet
from netlab.wire.tcp import ACK, SYN

Timed = tuple[float, Packet]
Endpoint = tuple[str, int]  # address and port; port 0 for ICMP


def ladder(packets: Sequence[Timed], *, caption: str) -> Drawing:
    """A sequence diagram of captured packets."""
    parties = _Parties([packet for _, packet in packets])
    numbers = _Numbers()
    first = packets[0][0] if packets else 0.0
    arrows = []
    for time, packet in packets:
        source, target = parties.columns(packet)
        label, note = _label(packet, numbers)
        kind = "data" if packet.payload and not packet.icmp else "control"
        arrows.append(Arrow(time - first, source, target, label, note, kind=kind))  # type: ignore[arg-type]
    return draw_ladder(parties.names(), arrows, caption=caption)


def table(packets: Sequence[Timed], *, caption: str) -> Table:
    """Captured packets as a table."""
    numbers = _Numbers()
    first = packets[0][0] if packets else 0.0
    rows = []
    for index, (time, packet) in enumerate(packets, 1):
        source, target = _ends(packet)
        label, note = _label(packet, numbers)
        when = f"{clock(time - first):<10}"  # always as wide, so that columns do not move from run to run
        rows.append((str(index), when, _text(source), _text(target), f"{label}  {note}".rstrip()))
    return Table(("no.", "time", "from", "to", "what"), rows, caption)


def _label(packet: Packet, numbers: _Numbers) -> tuple[str, str]:
    if packet.tcp:
        seq, ack = numbers.relative(packet)
        flags = ", ".join(packet.tcp.flag_names)
        counted = f"seq {seq}" + (f", ack {ack}" if packet.tcp.flags & ACK else "")
        if packet.payload:
            return preview(packet.payload), f"{flags}, {counted}, {size_of(packet.payload)}"
        return flags, counted
    if packet.udp:
        return preview(packet.payload), f"UDP, {size_of(packet.payload)}"
    if packet.icmp:
        return f"ICMP {packet.icmp.kind}", ""
    return packet.summary(), ""


class _Numbers:
    """Sequence numbers counted from 0, as Wireshark shows them: the real ones begin anywhere."""

    def __init__(self) -> None:
        self.first: dict[tuple[Endpoint, Endpoint], int] = {}

    def relative(self, packet: Packet) -> tuple[int, int]:
        assert packet.tcp
        source, target = _ends(packet)
        there = self.first.setdefault((source, target), packet.tcp.seq)
        back = self.first.get((target, source), packet.tcp.ack)
        return (packet.tcp.seq - there) % 2**32, (packet.tcp.ack - back) % 2**32


class _Parties:
    """Gives each endpoint a column: those that begin a conversation on the left, those that answer on the right."""

    def __init__(self, packets: Sequence[Packet]) -> None:
        self.clients: list[Endpoint] = []
        self.servers: list[Endpoint] = []
        for packet in packets:
            source, target = _ends(packet)
            if source in self.clients + self.servers:
                continue
            answers = bool(packet.tcp and packet.tcp.flags & (SYN | ACK) == SYN | ACK)
            client, server = (target, source) if answers else (source, target)
            self.clients.append(client)
            if server not in self.servers:
                self.servers.append(server)

    def names(self) -> list[str]:
        return [
            *self._numbered("client", self.clients),
            *self._numbered("server", self.servers),
        ]

    def columns(self, packet: Packet) -> tuple[int, int]:
        source, target = _ends(packet)
        order = [*self.clients, *self.servers]
        return order.index(source), order.index(target)

    @staticmethod
    def _numbered(name: str, endpoints: list[Endpoint]) -> list[str]:
        several = len(endpoints) > 1
        return [
            f"{name}{f' {number}' if several else ''} {_text(end)}" for number, end in enumerate(endpoints, 1)
        ]


def _ends(packet: Packet) -> tuple[Endpoint, Endpoint]:
    """Sender and receiver; on loopback both have the same address, so ICMP's are told apart by what it says."""
    ip = packet.ip
    if ip is None:
        return ("", 0), ("", 1)
    src, dst = str(ip.src), str(ip.dst)
    if packet.icmp is None:
        ports = packet.tcp or packet.udp
        return (src, ports.src_port if ports else 0), (dst, ports.dst_port if ports else 0)
    asking, answering = -1, -2
    if packet.icmp.type == ECHO_REQUEST:
        return (src, asking), (dst, answering)
    if packet.icmp.type == ECHO_REPLY:
        return (src, answering), (dst, asking)
    try:  # an error carries the head of the packet that it is about
        source, target = _ends(Packet.parse(packet.payload, link="ip"))
    except PacketError:
        return (src, answering), (dst, asking)
    return target, source


def _text(end: Endpoint) -> str:
    address, port = end
    if port < 0:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
