"""The packets that would carry what a tap saw, with headers, numbers and checksums as they should be.

They are modelled: the tap sits between two sockets and sees no packets. `capture` shows the kernel's own.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from netlab.wire import ethernet, ipv4
from netlab.wire.ethernet import Ethernet
from netlab.wire.ipv4 import IPv4
from netlab.wire.ipv6 import IPv6
from netlab.wire.packet import build
from netlab.wire.pcap import CapturedFrame
from netlab.wire.recording import Endpoints, Event, Party, Recording
from netlab.wire.tcp import ACK, FIN, PSH, RST, SYN, TCP, TCPOption
from netlab.wire.udp import UDP

SEGMENT = 1460  # bytes of content: what an MTU of 1,500 leaves after 40 bytes of headers
TICK = 1e-6  # seconds between packets that one event makes
MACS: dict[Party, str] = {"client": "02:00:00:00:00:01", "server": "02:00:00:00:00:02"}
FIRST_SEQ: dict[Party, int] = {"client": 1_000, "server": 5_000}


def model(recording: Recording) -> list[CapturedFrame]:
    """The frames of a recording, in order of time."""
    kind = _TCPConversation if recording.transport == "tcp" else _UDPConversation
    conversations = {number: kind(ends) for number, ends in recording.connections.items()}
    frames = []
    last = 0.0
    for event in recording:
        for number, data in enumerate(conversations[event.connection].frames(event)):
            last = max(last + TICK, recording.began + event.time + number * TICK)
            frames.append(CapturedFrame(last, data))
    return frames


def _wrap(sender: Party, ends: Endpoints, inner: TCP | UDP, payload: bytes, number: int) -> bytes:
    """Put a segment into an IP packet in an Ethernet frame from one side to the other."""
    client, server = (ipaddress.ip_address(end[0]) for end in (ends.client, ends.server))
    src, dst = (client, server) if sender == "client" else (server, client)
    other: Party = "server" if sender == "client" else "client"
    protocol = ipv4.TCP if isinstance(inner, TCP) else ipv4.UDP
    ip: IPv4 | IPv6
    if isinstance(src, ipaddress.IPv4Address) and isinstance(dst, ipaddress.IPv4Address):
        ip = IPv4(src, dst, protocol, identification=number & 0xFFFF)
    else:
        ip = IPv6(ipaddress.IPv6Address(src), ipaddress.IPv6Address(dst), protocol)
    ethertype = ethernet.IPV4 if isinstance(ip, IPv4) else ethernet.IPV6
    return build(Ethernet(MACS[other], MACS[sender], ethertype), ip, inner, payload=payload)


class _UDPConversation:
    def __init__(self, ends: Endpoints) -> None:
        self.ends = ends
        self.count = 0

    def frames(self, event: Event) -> Iterator[bytes]:
        src, dst = (self.ends.client, self.ends.server)
        if event.sender == "server":
            src, dst = dst, src
        self.count += 1
        yield _wrap(event.sender, self.ends, UDP(src[1], dst[1]), event.data, self.count)


class _TCPConversation:
    """Keeps each side's next sequence number, and turns events into segments with their acknowledgments."""

    def __init__(self, ends: Endpoints) -> None:
        self.ends = ends
        self.next = dict(FIRST_SEQ)
        self.count = 0

    def frames(self, event: Event) -> Iterator[bytes]:
        me, other = event.sender, _other(event.sender)
        if event.kind == "open":
            yield self.segment(me, SYN, takes=1)
        elif event.kind == "refused" or event.kind == "reset":
            yield self.segment(me, RST | ACK)
        elif event.kind == "close":
            yield from self.handshake_end()
            yield self.segment(me, FIN | ACK, takes=1)
            yield self.segment(other, ACK)
        else:
            yield from self.handshake_end()
            for start in range(0, len(event.data), SEGMENT):
                piece = event.data[start : start + SEGMENT]
                push = PSH if start + SEGMENT >= len(event.data) else 0
                yield self.segment(me, ACK | push, piece, takes=len(piece))
            yield self.segment(other, ACK)

    def handshake_end(self) -> Iterator[bytes]:
        """The server's half of the handshake: it answered the SYN before anything could be said."""
        if self.next["server"] == FIRST_SEQ["server"]:
            yield self.segment("server", SYN | ACK, takes=1)
            yield self.segment("client", ACK)

    def segment(self, sender: Party, flags: int, payload: bytes = b"", takes: int = 0) -> bytes:
        src, dst = (self.ends.client, self.ends.server)
        if sender == "server":
            src, dst = dst, src
        options = (TCPOption.mss(SEGMENT),) if flags & SYN else ()
        ack = self.next[_other(sender)] if flags & ACK else 0
        header = TCP(src[1], dst[1], self.next[sender], ack, flags, options=options)
        self.next[sender] = (self.next[sender] + takes) % 2**32
        self.count += 1
        return _wrap(sender, self.ends, header, payload, self.count)


def _other(party: Party) -> Party:
    return "server" if party == "client" else "client"
