"""A trace as a table and as a ladder."""

from __future__ import annotations

from collections.abc import Iterable

from netlab.errors import PacketError
from netlab.lan.trace import Hop, Trace
from netlab.svg import Drawing
from netlab.text import Table, preview, size_of
from netlab.wire.arp import REQUEST
from netlab.wire.ethernet import BROADCAST
from netlab.wire.ladder import Arrow, draw_ladder
from netlab.wire.packet import Packet

ROWS = 60  # hops that a table or a ladder shows
DNS_PORT = 53
LANE = 190  # pixels between two devices of a ladder
STP = "01:80:c2:00:00:00"


def what(packet: Packet) -> tuple[str, str]:
    """A frame in words: a name for the label, and details; addresses are left out where they stand beside it."""
    if packet.arp:
        if packet.arp.operation == REQUEST:
            return f"ARP who has {packet.arp.target_ip}?", ""
        return f"ARP {packet.arp.sender_ip} is at …{packet.arp.sender_mac[-5:]}", ""
    if packet.icmp:
        return f"ICMP {packet.icmp.kind}", ""
    if packet.tcp:
        flags = ", ".join(packet.tcp.flag_names)
        if packet.payload:
            return preview(packet.payload, 30), f"TCP {flags}, {size_of(packet.payload)}"
        return f"TCP {flags}", ""
    if packet.udp:
        if DNS_PORT in (packet.udp.src_port, packet.udp.dst_port):
            from netlab.wire.dns import DNSMessage

            try:
                return DNSMessage.parse(packet.payload).summary(), f"UDP, {size_of(packet.payload)}"
            except PacketError:
                pass
        return preview(packet.payload, 30), f"UDP, {size_of(packet.payload)}"
    if packet.ethernet and packet.ethernet.dst == STP:
        return "spanning tree", ""
    return packet.summary(), ""


def time_to_live(packet: Packet) -> str:
    """The time to live of an IP packet, for a column; empty for what has none."""
    ttl = getattr(packet.ip, "ttl", None)
    return "" if ttl is None else str(ttl)


def table(trace: Trace) -> Table:
    """One line a hop: when, from where to where, addresses, what it is."""
    hops, left_out = _shown(trace)
    first = hops[0].sent if hops else 0.0
    rows = []
    for number, hop in enumerate(hops, 1):
        packet = hop.packet
        label, note = what(packet)
        lost = "" if hop.fate == "delivered" else f"  ✗ {hop.fate}"
        rows.append(
            (
                str(number),
                f"{(hop.sent - first) * 1000:.3f}",
                f"{hop.source.device.name} → {hop.target.device.name}",
                _macs(packet),
                _addresses(packet),
                time_to_live(packet),
                f"{label}{f'  ({note})' if note else ''}{lost}",
            )
        )
    head = ("no.", "ms", "on the wire", "MAC from → to", "IP from → to", "TTL", "what")
    return Table(head, rows, _caption(left_out))


def ladder(trace: Trace) -> Drawing:
    """A sequence diagram of the hops, a column for each device."""
    hops, left_out = _shown(trace)
    first = hops[0].sent if hops else 0.0
    names = devices_of(hops)
    arrows = []
    for hop in hops:
        label, note = what(hop.packet)
        fate = "" if hop.fate == "delivered" else hop.fate
        ends = names.index(hop.source.device.name), names.index(hop.target.device.name)
        kind = "data" if hop.packet.payload and not hop.packet.icmp else "control"
        notes = ", ".join(filter(None, (note, fate)))
        arrows.append(Arrow(hop.sent - first, *ends, label, notes, lost=bool(fate), kind=kind))  # type: ignore[arg-type]
    return draw_ladder(names, arrows, caption=_caption(left_out), lane=LANE)


def devices_of(hops: Iterable[Hop]) -> list[str]:
    """The names of the devices along the way of a trace: each new one beside the one it was first heard from."""
    names: list[str] = []
    for hop in hops:
        source, target = hop.source.device.name, hop.target.device.name
        if source not in names:
            names.append(source)
        if target not in names:
            names.insert(names.index(source) + 1, target) if names[-1] == source else names.append(target)
    return names


def _shown(trace: Trace) -> tuple[list[Hop], int]:
    hops = list(trace[:ROWS])
    return hops, len(trace) + trace.left_out - len(hops)


def _caption(left_out: int) -> str:
    return "Source: simulated." + (f" {left_out:,} later hops are not shown." if left_out else "")


def _macs(packet: Packet) -> str:
    if packet.ethernet is None:
        return ""
    ends = (packet.ethernet.src, packet.ethernet.dst)
    return " → ".join("all" if mac == BROADCAST else f"…{mac[-5:]}" for mac in ends)


def _addresses(packet: Packet) -> str:
    if packet.ip is None:
        return ""
    ports = packet.tcp or packet.udp
    if ports is None:
        return f"{packet.ip.src} → {packet.ip.dst}"
    return f"{packet.ip.src}:{ports.src_port} → {packet.ip.dst}:{ports.dst_port}"
