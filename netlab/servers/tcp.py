"""TCP servers on the shared background loop: a connection speaks, the server keeps and drops connections."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import ssl
from typing import ClassVar, cast

from netlab.servers.base import Server
from netlab.servers.loop import background_loop, close_listener

BACKLOG = 1024
READ_SIZE = 65536  # asyncio's 256 KiB make malloc map and unmap memory for every message
FLUSH_TIME = 0.25  # seconds that clients get to read what was still to be sent when the server stops
HANDSHAKE_TIME = 10.0  # seconds that a client gets for the TLS handshake

# What is written to a TLS client that has gone without a word is dropped, with a warning for each piece, while
# nothing that is public tells that it has gone. In a notebook the warnings would stand under some cell.
logging.getLogger("asyncio").addFilter(lambda record: record.msg != "SSL connection is closed")


class Connection(asyncio.Protocol):
    """One client's connection. A subclass says in `received` what to do with what the client sends."""

    transport: asyncio.Transport

    def __init__(self, server: TCPServer) -> None:
        self.server = server
        self.name = "client"

    def opened(self) -> None:
        """The client is connected."""

    def received(self, data: bytes) -> None:
        """Bytes came: a piece of the stream, seldom just one message."""

    def send(self, data: bytes) -> None:
        """Send bytes to the client; reading stops while it is slow to take them."""
        if data and not self.transport.is_closing():
            self.server.transcript.record("server", self.name, data)
            self.transport.write(data)

    def close(self) -> None:
        """Send what is waiting, then close the connection."""
        self.transport.close()

    def closed(self) -> None:
        """The connection is gone; told once, and only of a connection that was opened."""

    def start_tls(self) -> None:
        """Send what is waiting, then go on with TLS, as STARTTLS and STLS ask for; `secured` tells when it is there.

        What the subclass holds of the stream is not of the TLS session, whoever put it there: it has to drop it, or
        a man in the middle could have his own commands obeyed (RFC 3501, section 6.2.1; CVE-2011-0411).
        """
        self.transport.pause_reading()  # the next bytes are for the TLS layer
        self._upgrade = asyncio.get_running_loop().create_task(self._go_on_with_tls())

    def secured(self) -> None:
        """The TLS that `start_tls` began is there."""

    async def _go_on_with_tls(self) -> None:
        secure = await shake_hands(self.transport, self.server.context)
        if secure is None:
            self.connection_lost(None)
        else:
            self.transport = secure.transport
            self.secured()
            secure.hand_over_to(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the connection is there, after the TLS handshake if there is one."""
        self.transport = cast("asyncio.Transport", transport)
        if hasattr(transport, "max_size"):
            transport.max_size = READ_SIZE
        if not self.server.accepting:  # accepted just before the stop
            self.transport.abort()
            return
        self.name = self.server.transcript.new_client()
        self.server.connections.add(self)
        self.opened()

    def data_received(self, data: bytes) -> None:
        """asyncio: bytes came."""
        self.server.transcript.record(self.name, "server", data)
        self.received(data)

    def pause_writing(self) -> None:
        """asyncio: the client is slow; take nothing more from it, or the answers would fill the memory."""
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """asyncio: the client has caught up."""
        self.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """asyncio: the connection is gone; perhaps one that came too late to be opened."""
        if self in self.server.connections:
            self.server.connections.discard(self)
            self.closed()
        if not self.server.connections:
            self.server.all_gone.set()


class Secure(asyncio.Protocol):
    """A connection whose TLS handshake has just been made.

    asyncio delivers what the client sent with the end of its handshake before anybody else knows of it: here it waits.
    """

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.lost = False
        self._early = bytearray()

    def data_received(self, data: bytes) -> None:
        """asyncio: bytes came."""
        self._early += data

    def eof_received(self) -> None:
        """asyncio: the client says no more, and TLS knows no half-closed connection."""
        self.lost = True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """asyncio: the connection is gone."""
        self.lost = True

    def hand_over_to(self, connection: Connection) -> None:
        """Let a connection have what came, and what comes from now on."""
        self.transport.set_protocol(connection)
        if self._early and not self.transport.is_closing():
            connection.data_received(bytes(self._early))


async def shake_hands(transport: asyncio.Transport, context: ssl.SSLContext) -> Secure | None:
    """Begin TLS on a transport; None, and the transport is dropped, if the client is not up to it."""
    if transport.is_closing():
        transport.abort()
        return None  # asyncio would wait for ever: it is not told again that the connection is lost
    secure = Secure()
    try:
        upgraded = await asyncio.get_running_loop().start_tls(
            transport,
            secure,
            context,
            server_side=True,
            ssl_handshake_timeout=HANDSHAKE_TIME,
            ssl_shutdown_timeout=FLUSH_TIME,
        )
    except (OSError, asyncio.CancelledError):  # ssl.SSLError is an OSError
        transport.abort()
        return None
    if upgraded is None or secure.lost:
        transport.abort()
        return None
    secure.transport = upgraded
    return secure


class _Handshake(asyncio.Protocol):
    """A client between its TCP and its TLS handshake: kept in a set, so that a stop can drop it."""

    def __init__(self, server: TCPServer) -> None:
        self.server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        if not self.server.accepting:
            self.transport.abort()
            return
        self.transport.pause_reading()  # the first bytes are for the TLS layer
        self.task = asyncio.get_running_loop().create_task(self.upgrade())
        self.server.handshakes.add(self)

    async def upgrade(self) -> None:
        try:
            secure = await shake_hands(self.transport, self.server.context)
            if secure is not None:
                connection = self.server.connection(self.server)
                connection.connection_made(secure.transport)
                secure.hand_over_to(connection)
        finally:
            self.server.handshakes.discard(self)


class TCPServer(Server):
    """A TCP server; a subclass names the kind of its connections.

    Args:
        host: a loopback address.
        port: the port to listen on, 0 for any free one.
        tls: speak TLS, with a certificate of the course's own authority, or with a context of yours.

    Attributes:
        connection: the class that speaks with a client.
        connections: those that are open now.
        handshakes: clients that have not finished the TLS handshake.
        all_gone: set when the last connection has ended.
        accepting: whether a new connection is welcome.
    """

    connection: ClassVar[type[Connection]]

    def __init__(self, host: str = "127.0.0.1", port: int = 0, *, tls: bool | ssl.SSLContext = False) -> None:
        super().__init__(host, port, tls=bool(tls))
        self._own_context = tls if isinstance(tls, ssl.SSLContext) else None
        self.connections: set[Connection] = set()
        self.handshakes: set[_Handshake] = set()
        self.all_gone = asyncio.Event()
        self.accepting = False

    def _open(self, host: str, port: int) -> int:
        return background_loop().run(self._listen(host, port))

    def _close(self) -> None:
        background_loop().run(self._drop_all())

    async def _listen(self, host: str, port: int) -> int:
        self.accepting = True
        self._listener = await asyncio.get_running_loop().create_server(
            self._accept, host, port, backlog=BACKLOG
        )
        return cast("int", self._listener.sockets[0].getsockname()[1])

    def _accept(self) -> asyncio.Protocol:
        return _Handshake(self) if self.tls else self.connection(self)

    @functools.cached_property
    def context(self) -> ssl.SSLContext:
        """What TLS needs to know here."""
        from netlab.servers.tls import server_context

        return self._own_context or server_context()

    async def _drop_all(self) -> None:
        # Server.wait_closed() is of no use: it hangs on 3.12 and leaves clients connected on 3.11.
        self.accepting = False
        await close_listener(self._listener)
        for handshake in tuple(self.handshakes):
            handshake.task.cancel()
        for connection in tuple(self.connections):
            connection.close()
        await self._wait_until_gone()
        for connection in tuple(self.connections):
            connection.transport.abort()
        await self._wait_until_gone()

    async def _wait_until_gone(self) -> None:
        self.all_gone.clear()
        if self.connections:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.all_gone.wait(), FLUSH_TIME)
