"""A tap: it listens in front of a server, passes on all that client and server say, and records it.

The client connects to the tap's address instead of the server's. Server and client stay as they are.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, cast

from netlab.errors import OptionError
from netlab.servers.base import Address, Listener, Server
from netlab.servers.loop import background_loop, close_listener, let_the_loop_read
from netlab.servers.udp import LARGEST_DATAGRAM, bound_udp_socket
from netlab.svg import Drawing
from netlab.text import Text
from netlab.wire.impair import Impairment
from netlab.wire.recording import Party, Recording

READ_SIZE = 65536
BACKLOG = 1024
SETTLE_TIME = 0.25  # seconds for conversations that are ending to end
HOLD_TIME = 0.05  # seconds after which a datagram that was to be overtaken goes on alone
CLIENTS = 512  # UDP clients at a time; each needs a socket


class Tap(Listener):
    """A recording relay in front of anything on this machine that listens.

    Args:
        target: a running netlab server, or the (host, port) of any other.
        transport: "tcp" or "udp"; known for a netlab server, "tcp" for an address.
        to_server: what happens to datagrams on their way to the server (UDP only).
        to_client: what happens to datagrams on their way back (UDP only).
        port: the port to listen on, 0 for any free one.

    Attributes:
        recording: what has passed so far.

    Raises:
        OptionError: for an impairment of TCP: the kernel would repair it before anybody saw it.
    """

    def __init__(
        self,
        target: Server | Address,
        *,
        transport: Literal["tcp", "udp"] | None = None,
        to_server: Impairment | None = None,
        to_client: Impairment | None = None,
        port: int = 0,
    ) -> None:
        address = target.address if isinstance(target, Server) else target
        super().__init__(address[0], port)
        self.target: Address = (address[0], address[1])
        self.transport = transport or (target.transport if isinstance(target, Server) else "tcp")
        if self.transport == "tcp" and (to_server or to_client):
            raise OptionError("Only datagrams can be lost, doubled or swapped: tap a UDP server for that.")
        self.recording = Recording(self.transport)
        self._relay: _TCPRelay | _UDPRelay = (
            _TCPRelay(self)
            if self.transport == "tcp"
            else _UDPRelay(self, to_server or Impairment(), to_client or Impairment())
        )

    def ladder(self) -> Drawing:
        """A sequence diagram of what has passed (see `Recording.ladder`)."""
        self.settle()
        return self.recording.ladder()

    def hexdump(self) -> Text:
        """The bytes that have passed (see `Recording.hexdump`)."""
        self.settle()
        return self.recording.hexdump()

    def save(self, path: str | Path) -> Path:
        """Write what has passed as a pcap file (see `Recording.save`)."""
        self.settle()
        return self.recording.save(path)

    def settle(self) -> None:
        """Wait until what the sockets hold already has passed and ending conversations have ended."""
        if self.running:
            background_loop().run(self._relay.settle())

    def _open(self, host: str, port: int) -> int:
        return background_loop().run(self._relay.open(host, port))

    def _close(self) -> None:
        background_loop().run(self._relay.close())


class _TCPRelay:
    """Listens for clients, and connects each to the server through a pair of halves."""

    def __init__(self, tap: Tap) -> None:
        self.tap = tap
        self.recording = tap.recording
        self.halves: set[_Half] = set()

    async def open(self, host: str, port: int) -> int:
        self.listener = await asyncio.get_running_loop().create_server(
            lambda: _Half(self, "client"), host, port, backlog=BACKLOG
        )
        return cast("int", self.listener.sockets[0].getsockname()[1])

    async def settle(self) -> None:
        await let_the_loop_read()
        deadline = asyncio.get_running_loop().time() + SETTLE_TIME
        while any(half.ended for half in self.halves) and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.001)

    async def close(self) -> None:
        await close_listener(self.listener)
        await self.settle()
        for half in tuple(self.halves):
            half.abort()
        await let_the_loop_read()


class _Half(asyncio.Protocol):
    """One side of a tapped connection: what it receives goes out through the other half."""

    transport: asyncio.Transport
    other: _Half
    number: int

    def __init__(self, relay: _TCPRelay, party: Party) -> None:
        self.relay = relay
        self.party = party
        self.ended = False  # it will send no more

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        if hasattr(transport, "max_size"):
            transport.max_size = READ_SIZE
        self.relay.halves.add(self)
        if self.party == "client":
            self.transport.pause_reading()
            self.connecting = asyncio.get_running_loop().create_task(self.connect())

    async def connect(self) -> None:
        relay, target = self.relay, self.relay.tap.target
        self.number = relay.recording.add_connection(self.transport.get_extra_info("peername")[:2], target)
        relay.recording.add(self.number, "client", "open")
        try:
            _, self.other = await asyncio.get_running_loop().create_connection(
                lambda: _Half(relay, "server"), *target
            )
        except OSError:
            relay.recording.add(self.number, "server", "refused")
            self.reset()
            return
        self.other.other, self.other.number = self, self.number
        if self.transport.is_closing():  # the client did not wait
            self.other.reset()
        else:
            self.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        self.relay.recording.add(self.number, self.party, "data", data)
        self.other.transport.write(data)

    def eof_received(self) -> bool:
        self.ended = True
        self.relay.recording.add(self.number, self.party, "close")
        if self.other.ended:
            self.transport.close()
            self.other.transport.close()
        elif not self.other.transport.is_closing():
            self.other.transport.write_eof()
        return True  # the other direction stays open

    def pause_writing(self) -> None:
        self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        self.other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.relay.halves.discard(self)
        if exc is not None and hasattr(self, "other") and not self.other.transport.is_closing():
            self.relay.recording.add(self.number, self.party, "reset")
            self.other.reset()

    def reset(self) -> None:
        """Close with RST instead of FIN, as the other side did."""
        sock = self.transport.get_extra_info("socket")
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.abort()

    def abort(self) -> None:
        self.transport.abort()


class _UDPRelay:
    """Receives datagrams for the server, and keeps a socket a client through which the answers come back."""

    def __init__(self, tap: Tap, to_server: Impairment, to_client: Impairment) -> None:
        self.tap = tap
        self.recording = tap.recording
        self.to_server = to_server
        self.to_client = to_client
        self.clients: dict[Any, tuple[int, socket.socket]] = {}

    async def open(self, host: str, port: int) -> int:
        self.loop = asyncio.get_running_loop()
        self.socket = bound_udp_socket(host, port)
        self.loop.add_reader(self.socket, self.from_client)
        return cast("int", self.socket.getsockname()[1])

    async def settle(self) -> None:
        await let_the_loop_read()

    async def close(self) -> None:
        await self.settle()
        for sock in (self.socket, *(sock for _, sock in self.clients.values())):
            self.loop.remove_reader(sock)
            sock.close()
        self.clients.clear()

    def from_client(self) -> None:
        try:
            datagram, sender = self.socket.recvfrom(LARGEST_DATAGRAM)
        except OSError:  # a client that has gone: ICMP said so
            return
        number, out = self.clients.get(sender) or self.new_client(sender)
        self.pass_on(datagram, number, "client", self.to_server, out.send)

    def from_server(self, number: int, client: Any, sock: socket.socket) -> None:
        try:
            datagram = sock.recv(LARGEST_DATAGRAM)
        except OSError:  # nobody listens at the target: ICMP said so
            return
        self.pass_on(datagram, number, "server", self.to_client, lambda d: self.socket.sendto(d, client))

    def new_client(self, sender: Any) -> tuple[int, socket.socket]:
        if len(self.clients) == CLIENTS:
            _, oldest = self.clients.pop(next(iter(self.clients)))
            self.loop.remove_reader(oldest)
            oldest.close()
        sock = bound_udp_socket(sender[0])
        sock.connect(self.tap.target)
        number = self.recording.add_connection(sender[:2], self.tap.target)
        self.loop.add_reader(sock, self.from_server, number, sender, sock)
        self.clients[sender] = number, sock
        return number, sock

    def pass_on(
        self, datagram: bytes, number: int, party: Party, impairment: Impairment, send: Callable[[bytes], Any]
    ) -> None:
        def go(datagrams: list[bytes]) -> None:
            for each in datagrams:
                self.recording.add(number, party, "data", each)
                with contextlib.suppress(OSError):  # a full buffer or a closed port loses it, as networks do
                    send(each)

        arriving = impairment.deliver(datagram)
        if impairment.delay:
            self.loop.call_later(impairment.delay, go, arriving)
        else:
            go(arriving)
        if impairment.lost:
            self.recording.add(number, party, "lost", datagram)
        elif not arriving:
            self.loop.call_later(HOLD_TIME, lambda: go(impairment.release()))
