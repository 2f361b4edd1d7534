"""A whole frame: its headers, one inside the other, and what they carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, TypeVar

from netlab.errors import OptionError
from netlab.text import preview, size_of
from netlab.wire import ethernet, ipv4
from netlab.wire.arp import ARP
from netlab.wire.checksum import pseudo_header
from netlab.wire.ethernet import Ethernet
from netlab.wire.icmp import ICMP
from netlab.wire.ipv4 import IPv4
from netlab.wire.ipv6 import IPv6
from netlab.wire.tcp import TCP
from netlab.wire.udp import UDP

Layer = Ethernet | ARP | IPv4 | IPv6 | ICMP | UDP | TCP
T = TypeVar("T", bound=Layer)


@dataclass(frozen=True, slots=True)
class Packet:
    """A frame taken apart.

    Attributes:
        layers: its headers, the outermost first.
        payload: what the innermost header carries.
    """

    layers: tuple[Layer, ...]
    payload: bytes = b""

    @classmethod
    def parse(cls, data: bytes, *, link: str = "ethernet") -> Self:
        """Take a frame apart.

        Args:
            data: the frame's bytes; what pads it to the shortest Ethernet frame is dropped.
            link: "ethernet", or "ip" for a packet without a link header.

        Raises:
            PacketError: when a header is not what it claims to be.
        """
        layers: list[Layer] = []
        if link == "ethernet":
            frame, rest = Ethernet.unpack(data)
            layers.append(frame)
            ethertype = frame.ethertype
        else:
            ethertype = ethernet.IPV6 if data[:1] and data[0] >> 4 == 6 else ethernet.IPV4
            rest = data
        if ethertype == ethernet.ARP:
            message, _padding = ARP.unpack(rest)
            return cls((*layers, message))
        if ethertype not in (ethernet.IPV4, ethernet.IPV6):
            return cls(tuple(layers), rest)
        ip, rest = IPv4.unpack(rest) if ethertype == ethernet.IPV4 else IPv6.unpack(rest)
        layers.append(ip)
        if isinstance(ip, IPv4) and ip.fragment_offset:  # the inner header was in the first fragment
            return cls(tuple(layers), rest)
        inner, rest = _unpack_inner(ip, rest)
        return cls((*layers, *inner), rest)

    @classmethod
    def build(cls, *layers: Layer, payload: bytes = b"") -> Self:
        """Put headers around some content, with the lengths and checksums that they need.

        Args:
            *layers: the headers, the outermost first.
            payload: what the innermost carries.
        """
        done: list[Layer] = []
        content = payload
        for index in range(len(layers) - 1, -1, -1):
            layer = layers[index]
            if isinstance(layer, (TCP, UDP, ICMP)):
                outer = layers[index - 1] if index else None
                pseudo = b""
                if isinstance(outer, (IPv4, IPv6)):
                    length = len(layer.pack()) + len(content)
                    pseudo = pseudo_header(outer.src, outer.dst, outer.protocol, length)
                layer = layer.completed(content, pseudo)
            elif isinstance(layer, (IPv4, IPv6)):
                layer = layer.completed(len(content))
            done.insert(0, layer)
            content = layer.pack() + content
        return cls(tuple(done), payload)

    def pack(self) -> bytes:
        """The frame's bytes, just as the headers say."""
        return b"".join(layer.pack() for layer in self.layers) + self.payload

    def layer(self, kind: type[T]) -> T | None:
        """The header of a kind, None where the packet has none."""
        return next((layer for layer in self.layers if isinstance(layer, kind)), None)

    @property
    def ethernet(self) -> Ethernet | None:
        """The Ethernet header."""
        return self.layer(Ethernet)

    @property
    def arp(self) -> ARP | None:
        """The ARP message."""
        return self.layer(ARP)

    @property
    def ip(self) -> IPv4 | IPv6 | None:
        """The IPv4 or IPv6 header."""
        return self.layer(IPv4) or self.layer(IPv6)

    @property
    def icmp(self) -> ICMP | None:
        """The ICMP header."""
        return self.layer(ICMP)

    @property
    def udp(self) -> UDP | None:
        """The UDP header."""
        return self.layer(UDP)

    @property
    def tcp(self) -> TCP | None:
        """The TCP header."""
        return self.layer(TCP)

    @property
    def checksums_are_right(self) -> bool:
        """Whether every checksum is what it should be; a UDP checksum of 0 says that there is none."""
        rebuilt = Packet.build(*self.layers, payload=self.payload).layers
        return all(
            getattr(was, "checksum", None)
            in (getattr(right, "checksum", None), 0 if isinstance(was, UDP) else None)
            for was, right in zip(self.layers, rebuilt, strict=True)
        )

    def summary(self) -> str:
        """The packet in one line."""
        if self.arp:
            if self.arp.operation == 1:
                return f"ARP who has {self.arp.target_ip}? Tell {self.arp.sender_ip}"
            return f"ARP {self.arp.sender_ip} is at {self.arp.sender_mac}"
        if self.ip is None:
            return f"{self.layers[-1].NAME if self.layers else 'raw'} {size_of(self.payload)}"
        if self.tcp:
            flags = ", ".join(self.tcp.flag_names)
            what = f"TCP [{flags}] seq={self.tcp.seq} ack={self.tcp.ack} win={self.tcp.window}"
        elif self.udp:
            what = "UDP"
        elif self.icmp:
            what = f"ICMP {self.icmp.kind}"
        else:
            what = f"protocol {self.ip.protocol}"
        said = f" {preview(self.payload)} ({size_of(self.payload)})" if self.payload and not self.icmp else ""
        return f"{self._end('src')} → {self._end('dst')} {what}{said}"

    def _end(self, side: str) -> str:
        address = getattr(self.ip, side)
        ports = self.tcp or self.udp
        if ports is None:
            return str(address)
        host = f"[{address}]" if address.version == 6 else str(address)
        return f"{host}:{getattr(ports, f'{side}_port')}"

    def __repr__(self) -> str:
        return f"<Packet {self.summary()}>"


def _unpack_inner(ip: IPv4 | IPv6, data: bytes) -> tuple[tuple[Layer, ...], bytes]:
    if isinstance(ip, IPv4) and ip.flags & ipv4.MORE_FRAGMENTS and ip.protocol == ipv4.UDP:
        return (), data  # the length in the UDP header is that of the whole datagram
    inner: Layer
    if ip.protocol == ipv4.TCP:
        inner, rest = TCP.unpack(data)
    elif ip.protocol == ipv4.UDP:
        inner, rest = UDP.unpack(data)
    elif ip.protocol == (ipv4.ICMP if isinstance(ip, IPv4) else ipv4.ICMPV6):
        inner, rest = ICMP.unpack(data, version=ip.src.version)
    else:
        return (), data
    return (inner,), rest


def build(*layers: Layer, payload: bytes = b"") -> bytes:
    """The bytes of a frame: headers, the outermost first, around some content (see `Packet.build`)."""
    if not layers:
        raise OptionError("A frame needs at least one header, such as Ethernet(...).")
    return Packet.build(*layers, payload=payload).pack()
