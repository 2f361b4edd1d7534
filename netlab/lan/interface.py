"""A network card with its addresses, and ARP: how it finds the MAC address that belongs to an IP address.

The waiting follows RFC 826 and RFC 1122, section 2.3.2.2: packets wait while the question is open, and are
given back when nobody answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface
from typing import NamedTuple

from netlab.lan.clock import Clock
from netlab.lan.link import Port
from netlab.wire import arp, ethernet
from netlab.wire.arp import ARP
from netlab.wire.ethernet import BROADCAST, Ethernet

NOBODY = "00:00:00:00:00:00"
ATTEMPTS = 3  # times that a question is asked
PATIENCE = 1.0  # seconds between them
REMEMBERED = 60.0  # seconds that an answer is good for
QUEUE = 100  # packets that may wait for an answer


class Neighbour(NamedTuple):
    """An entry of an ARP cache."""

    mac: str
    learned: float  # seconds since the simulation began


@dataclass(slots=True)
class _Question:
    """A MAC address that has been asked for, and the packets that wait for it."""

    packets: list[bytes]
    asked: int = 0


class Interface:
    """A network card.

    Args:
        port: where its cable goes.
        name: such as "eth0".
        mac: its MAC address.
        address: its IPv4 address with the mask.
        clock: of the simulation.
        give_up: called with each packet that could not be sent, since nobody has the address of its next hop.

    Attributes:
        cache: the neighbours whose MAC address it knows.
    """

    def __init__(
        self,
        port: Port,
        name: str,
        mac: str,
        address: IPv4Interface,
        clock: Clock,
        give_up: Callable[[bytes], None],
    ) -> None:
        self.port = port
        self.name = name
        self.mac = mac
        self.address = address
        self.cache: dict[IPv4Address, Neighbour] = {}
        self._clock = clock
        self._give_up = give_up
        self._questions: dict[IPv4Address, _Question] = {}
        port.interface = self

    def send(self, packet: bytes, next_hop: IPv4Address) -> None:
        """Send an IP packet to a neighbour on this link; ask for its MAC address first if need be."""
        if next_hop in (self.address.network.broadcast_address, IPv4Address("255.255.255.255")):
            self._emit(BROADCAST, ethernet.IPV4, packet)
            return
        known = self.cache.get(next_hop)
        if known and self._clock.now - known.learned < REMEMBERED:
            self._emit(known.mac, ethernet.IPV4, packet)
        elif next_hop in self._questions:
            waiting = self._questions[next_hop].packets
            waiting[:] = [*waiting, packet][-QUEUE:]
        else:
            self.ask(next_hop, packet)

    def ask(self, ip: IPv4Address, *packets: bytes) -> None:
        """Ask by ARP who has an address; the packets wait for the answer."""
        self._questions[ip] = _Question([*packets])
        self._ask(ip)

    def hear(self, message: ARP) -> None:
        """Take in an ARP message: learn from it, and answer it if it asks for us."""
        for_us = message.target_ip == self.address.ip
        if for_us or message.sender_ip in self.cache:
            self._learn(message.sender_ip, message.sender_mac)
        if for_us and message.operation == arp.REQUEST:
            answer = ARP(arp.REPLY, self.mac, self.address.ip, message.sender_mac, message.sender_ip)
            self._emit(message.sender_mac, ethernet.ARP, answer.pack())

    def _learn(self, ip: IPv4Address, mac: str) -> None:
        self.cache[ip] = Neighbour(mac, self._clock.now)
        question = self._questions.pop(ip, None)
        for packet in question.packets if question else ():
            self._emit(mac, ethernet.IPV4, packet)

    def _ask(self, ip: IPv4Address) -> None:
        question = self._questions.get(ip)
        if question is None:  # answered meanwhile
            return
        if question.asked == ATTEMPTS:
            del self._questions[ip]
            for packet in question.packets:
                self._give_up(packet)
            return
        question.asked += 1
        self._emit(BROADCAST, ethernet.ARP, ARP(arp.REQUEST, self.mac, self.address.ip, NOBODY, ip).pack())
        self._clock.after(PATIENCE, self._ask_again, ip, question)

    def _ask_again(self, ip: IPv4Address, question: _Question) -> None:
        if self._questions.get(ip) is question:
            self._ask(ip)

    def _emit(self, mac: str, ethertype: int, content: bytes) -> None:
        self.port.send(Ethernet(mac, self.mac, ethertype).pack() + content)

    def __repr__(self) -> str:
        return f"<{self.name} of {self.port.device.name}: {self.address}, {self.mac}>"
