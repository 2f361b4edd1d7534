"""A host: a node with one network card and programs that talk."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface
from typing import ClassVar, NamedTuple

from netlab.lan.addresses import as_address, host_address
from netlab.lan.conversation import Conversation
from netlab.lan.device import Kind
from netlab.lan.node import Node, RouteEntry
from netlab.lan.results import Path, Ping
from netlab.lan.simulation import Simulation
from netlab.lan.tcp import Connection
from netlab.wire import icmp, ipv4
from netlab.wire.icmp import ICMP
from netlab.wire.ipv4 import IPv4
from netlab.wire.packet import Packet
from netlab.wire.tcp import ACK, RST, SYN, TCP
from netlab.wire.udp import UDP

FIRST_OWN_PORT, LAST_OWN_PORT = 49152, 65535  # dynamic ports (RFC 6335, section 6)
TRACEROUTE_PORT = 33434  # of the first probe: nothing listens there
PATIENCE = 4.0  # seconds to wait for an answer: longer than ARP takes to give up

AnswerUDP = Callable[[bytes], bytes | None]
HandleTCP = Callable[[Connection, bytes], None]


class Failure(NamedTuple):
    """An ICMP error that came in."""

    by: str  # the address of whoever reports it
    type: int
    code: int
    words: str


@dataclass(slots=True)
class _Waiting:
    """Somebody who waits for an answer."""

    sent_at: float
    answer: bytes | None = None
    failure: Failure | None = None
    ttl: int = 0
    answered_at: float = 0.0

    @property
    def over(self) -> bool:
        return self.answer is not None or self.failure is not None


class Host(Node):
    """A computer with one network card.

    Args:
        name: how it is called.
        simulation: the network's time and trace.
        address: with its mask.
        mac: of its network card.
        gateway: the router to which it gives what is for other networks; None for none.
    """

    kind: ClassVar[Kind] = "host"

    def __init__(
        self, name: str, simulation: Simulation, address: IPv4Interface, mac: str, gateway: str | None = None
    ) -> None:
        super().__init__(name, simulation.clock, [address], [mac], simulation.chance)
        self.gateway: str | None = None
        self._use_gateway(gateway)
        self._simulation = simulation
        self._echoes: dict[tuple[int, int], _Waiting] = {}
        self._questions: dict[int, _Waiting] = {}
        self._udp: dict[int, AnswerUDP] = {}
        self._tcp: dict[int, HandleTCP] = {}
        self._connections: dict[tuple[int, IPv4Address, int], Connection] = {}
        self._next_port = FIRST_OWN_PORT
        self._pings = 0

    @property
    def address(self) -> IPv4Interface:
        """Its IP address with the mask."""
        return self.interfaces[0].address

    @property
    def mac(self) -> str:
        """The MAC address of its network card."""
        return self.interfaces[0].mac

    def configure(self, address: str, gateway: str | None = None) -> None:
        """Give it another address, mask and gateway; what it knew of its neighbours is forgotten.

        Args:
            address: with its mask, such as "192.168.1.10/24".
            gateway: the router for what is not on its own network; None for none.

        Raises:
            OptionError: for an address without a mask, or a gateway that is not on the same network.
        """
        interface = self.interfaces[0]
        interface.address = host_address(address)
        interface.cache.clear()
        self.routes = [RouteEntry(interface.address.network, None, interface)]
        self._use_gateway(gateway)

    def _use_gateway(self, gateway: str | None) -> None:
        self.gateway = gateway
        if gateway is not None:
            self.route("0.0.0.0/0", gateway)

    # asking

    def ping(self, target: str, *, ttl: int = 64, size: int = 56) -> Ping:
        """Send one ICMP echo request and wait for what comes back.

        Args:
            target: an IP address.
            ttl: how many links it may cross.
            size: bytes of content.
        """
        address = as_address(target)
        self._pings += 1
        key = (1, self._pings & 0xFFFF)
        waiting = self._echoes[key] = _Waiting(self.clock.now)
        if not self.send_from(None, address, ipv4.ICMP, ICMP.echo(*key), pattern(size), ttl=ttl):
            return Ping(target, answered=False, error=self._no_route(address))
        self._simulation.wait(lambda: waiting.over, PATIENCE)
        del self._echoes[key]
        if waiting.failure:
            took = waiting.answered_at - waiting.sent_at
            return Ping(target, False, took, error=waiting.failure.words, by=waiting.failure.by)
        if waiting.answer is None:
            return Ping(target, False, error=f"nothing came back in {PATIENCE:g} s")
        return Ping(target, True, waiting.answered_at - waiting.sent_at, waiting.ttl)

    def who_has(self, target: str) -> str | None:
        """Ask by ARP for the MAC address of a neighbour, even if it is known already.

        Args:
            target: an IP address on the same link.

        Returns:
            The MAC address; None if nobody answers.
        """
        address, interface = as_address(target), self.interfaces[0]
        interface.cache.pop(address, None)
        interface.ask(address)
        self._simulation.wait(lambda: address in interface.cache, PATIENCE)
        return interface.cache[address].mac if address in interface.cache else None

    def traceroute(self, target: str, *, most: int = 30) -> Path:
        """Find the routers on the way, by packets that may pass 0, 1, 2, … of them.

        Args:
            target: an IP address.
            most: how far to look.
        """
        address = as_address(target)
        hops: list[str | None] = []
        for ttl in range(1, most + 1):
            waiting = self._send_datagram((address, TRACEROUTE_PORT + ttl - 1), b"netlab", ttl)
            if waiting is None:
                return Path(target, tuple(hops), reached=False, error=self._no_route(address))
            self._simulation.wait(lambda w=waiting: w.over, PATIENCE)  # type: ignore[misc]
            hops.append(waiting.failure.by if waiting.failure else None)
            if waiting.failure and waiting.failure.type == icmp.UNREACHABLE:
                reached = waiting.failure.code == icmp.PORT_UNREACHABLE
                return Path(target, tuple(hops), reached, "" if reached else waiting.failure.words)
        return Path(target, tuple(hops), reached=False, error=f"not reached after {most} routers")

    def tell(self, address: tuple[str, int], data: bytes) -> None:
        """Send a UDP datagram and wait for nothing; `Network.run` lets it travel.

        Args:
            address: IP address and port.
            data: what to send.

        Raises:
            OSError: when there is no way there.
        """
        target = as_address(address[0])
        if self._send_datagram((target, address[1]), data) is None:
            raise OSError(errno.ENETUNREACH, self._no_route(target))

    def ask(self, address: tuple[str, int], data: bytes, *, timeout: float = PATIENCE) -> bytes:
        """Send a UDP datagram and wait for the answer.

        Args:
            address: IP address and port.
            data: what to send.
            timeout: seconds to wait.

        Raises:
            ConnectionRefusedError: when nothing listens on the port.
            TimeoutError: when no answer comes.
            OSError: when there is no way there.
        """
        target = as_address(address[0])
        waiting = self._send_datagram((target, address[1]), data)
        if waiting is None:
            raise OSError(errno.ENETUNREACH, self._no_route(target))
        self._simulation.wait(lambda: waiting.over, timeout)
        if waiting.failure:
            raise self._as_error(waiting.failure)
        if waiting.answer is None:
            raise TimeoutError(f"{address[0]} port {address[1]} did not answer in {timeout:g} s.")
        return waiting.answer

    def connect(self, address: tuple[str, int], *, timeout: float = 10.0) -> Conversation:
        """Open a TCP connection.

        Args:
            address: IP address and port.
            timeout: seconds to wait for the handshake.

        Returns:
            The open connection, used like a socket: `sendall`, `recv`, `close`.

        Raises:
            ConnectionRefusedError: when nothing listens on the port.
            TimeoutError: when no answer comes.
            OSError: when there is no way there.
        """
        target = as_address(address[0])
        if self.route_to(target) is None:
            raise OSError(errno.ENETUNREACH, self._no_route(target))
        connection = self._new_connection(self._own_port(), target, address[1])
        connection.connect()
        self._simulation.wait(lambda: connection.state != "SYN-SENT", timeout)
        if connection.state == "SYN-SENT":
            connection.close()
            raise TimeoutError(f"{address[0]} port {address[1]} did not answer in {timeout:g} s.")
        if connection.error:
            raise connection.error
        return Conversation(connection, self._simulation)

    # answering

    def serve_udp(self, port: int, answer: AnswerUDP) -> None:
        """Answer the datagrams that come to a port.

        Args:
            port: 1 to 65535.
            answer: gets a datagram's content, and returns the answer's or None.
        """
        self._udp[port] = answer

    def serve_tcp(self, port: int, handle: HandleTCP) -> None:
        """Accept the connections that come to a port.

        Args:
            port: 1 to 65535.
            handle: called with the connection and the bytes of each piece that arrives; it answers with
                `connection.sendall(data)` and may `connection.close()`.
        """
        self._tcp[port] = handle

    # what comes in

    def accept(self, packet: Packet, data: bytes) -> None:
        """Take a packet that is for us: it goes to whoever waits for it."""
        ip = packet.ip
        assert isinstance(ip, IPv4)
        if packet.icmp and packet.icmp.type == icmp.ECHO_REPLY:
            waiting = self._echoes.get((packet.icmp.identifier, packet.icmp.sequence))
            self._answered(waiting, packet.payload, ip.ttl)
        elif packet.icmp and packet.icmp.type in (icmp.UNREACHABLE, icmp.TIME_EXCEEDED):
            self._failed(
                Failure(str(ip.src), packet.icmp.type, packet.icmp.code, packet.icmp.kind), packet.payload
            )
        elif packet.udp and packet.udp.dst_port in self._questions:
            self._answered(self._questions.get(packet.udp.dst_port), packet.payload, ip.ttl)
        elif packet.udp and packet.udp.dst_port in self._udp:
            answer = self._udp[packet.udp.dst_port](packet.payload)
            if answer is not None:
                header = UDP(packet.udp.dst_port, packet.udp.src_port)
                self.send_from(ip.dst, ip.src, ipv4.UDP, header, answer)
        elif packet.tcp and self._segment(ip, packet.tcp, packet.payload):
            return
        else:
            super().accept(packet, data)

    def _segment(self, ip: IPv4, segment: TCP, payload: bytes) -> bool:
        """Give a segment to its connection, or to a new one; false if nobody wants it."""
        connection = self._connections.get((segment.dst_port, ip.src, segment.src_port))
        if connection and connection.state != "CLOSED":
            connection.receive(segment, payload)
            return True
        handle = self._tcp.get(segment.dst_port)
        if handle is None or segment.flags & (SYN | ACK | RST) != SYN:
            return False
        connection = self._new_connection(segment.dst_port, ip.src, segment.src_port)
        connection.received = handle
        connection.accept(segment)
        return True

    def _answered(self, waiting: _Waiting | None, data: bytes, ttl: int) -> None:
        if waiting and not waiting.over:
            waiting.answer, waiting.ttl, waiting.answered_at = data, ttl, self.clock.now

    def _failed(self, failure: Failure, quoted: bytes) -> None:
        """Tell whoever sent the packet that an ICMP error quotes."""
        if len(quoted) < IPv4.LENGTH + 8:  # too little to tell whose it was
            return
        start = (quoted[0] & 0xF) * 4
        protocol, head = quoted[9], quoted[start : start + 8]
        waiting: _Waiting | None = None
        if protocol == ipv4.ICMP:
            waiting = self._echoes.get((int.from_bytes(head[4:6], "big"), int.from_bytes(head[6:8], "big")))
        elif protocol == ipv4.UDP:
            waiting = self._questions.get(int.from_bytes(head[:2], "big"))
        elif protocol == ipv4.TCP:
            ports = int.from_bytes(head[:2], "big"), int.from_bytes(head[2:4], "big")
            connection = self._connections.get((ports[0], IPv4Address(quoted[16:20]), ports[1]))
            if connection:
                connection.unreachable(self._as_error(failure))
        if waiting and not waiting.over:
            waiting.failure, waiting.answered_at = failure, self.clock.now

    # helpers

    def _send_datagram(self, target: tuple[IPv4Address, int], data: bytes, ttl: int = 64) -> _Waiting | None:
        port = self._own_port()
        waiting = self._questions[port] = _Waiting(self.clock.now)
        sent = self.send_from(None, target[0], ipv4.UDP, UDP(port, target[1]), data, ttl=ttl)
        return waiting if sent else None

    def _new_connection(self, port: int, other: IPv4Address, other_port: int) -> Connection:
        def emit(header: TCP, payload: bytes) -> None:
            self.send_from(None, other, ipv4.TCP, header, payload)

        first = self._simulation.chance.randrange(1 << 32)
        connection = Connection(self.clock, (port, other_port), first, emit)
        self._connections[port, other, other_port] = connection
        return connection

    def _own_port(self) -> int:
        port = self._next_port
        self._next_port = FIRST_OWN_PORT if port == LAST_OWN_PORT else port + 1
        self._questions.pop(port, None)
        return port

    def _no_route(self, target: IPv4Address) -> str:
        words = f"network unreachable: {target} is not in {self.address.network}"
        return f"{words}, and {self.name} has no gateway" if self.gateway is None else words

    def _as_error(self, failure: Failure) -> OSError:
        words = f"{failure.words}, says {failure.by}"
        if failure.type == icmp.UNREACHABLE and failure.code == icmp.PORT_UNREACHABLE:
            return ConnectionRefusedError(words)
        return OSError(errno.EHOSTUNREACH, words)


def pattern(size: int) -> bytes:
    """The content of a ping: bytes that count up, as most systems send them."""
    return bytes(number & 0xFF for number in range(size))
