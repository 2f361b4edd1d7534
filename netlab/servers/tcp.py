"""TCP servers on the shared background loop: a connection speaks, the server keeps and drops connections."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from typing import ClassVar, cast

from netlab.servers.base import Server
from netlab.servers.loop import background_loop, close_listener

BACKLOG = 1024
READ_SIZE = 65536  # asyncio's 256 KiB make malloc map and unmap memory for every message
FLUSH_TIME = 0.25  # seconds that clients get to read what was still to be sent when the server stops
HANDSHAKE_TIME = 10.0  # seconds that a client gets for the TLS handshake


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
        """asyncio: the connection is gone."""
        self.server.connections.discard(self)
        if not self.server.connections:
            self.server.all_gone.set()


class _Handshake(asyncio.Protocol):
    """A client between its TCP and its TLS handshake: kept in a set, so that a stop can drop it."""

    def __init__(self, server: TCPServer, context: ssl.SSLContext) -> None:
        self.server = server
        self.context = context

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        if not self.server.accepting:
            self.transport.abort()
            return
        self.transport.pause_reading()  # the first bytes are for the TLS layer
        self.task = asyncio.get_running_loop().create_task(self.upgrade())
        self.server.handshakes.add(self)

    async def upgrade(self) -> None:
        connection = self.server.connection(self.server)
        try:
            secure = await asyncio.get_running_loop().start_tls(
                self.transport,
                connection,
                self.context,
                server_side=True,
                ssl_handshake_timeout=HANDSHAKE_TIME,
                ssl_shutdown_timeout=FLUSH_TIME,
            )
        except (OSError, asyncio.CancelledError):  # ssl.SSLError is an OSError
            self.transport.abort()
        else:
            if secure is not None:
                connection.connection_made(secure)
        finally:
            self.server.handshakes.discard(self)


class TCPServer(Server):
    """A TCP server; a subclass names the kind of its connections.

    Attributes:
        connection: the class that speaks with a client.
        connections: those that are open now.
        handshakes: clients that have not finished the TLS handshake.
        all_gone: set when the last connection has ended.
        accepting: whether a new connection is welcome.
    """

    connection: ClassVar[type[Connection]]

    def __init__(self, host: str = "127.0.0.1", port: int = 0, *, tls: bool = False) -> None:
        super().__init__(host, port, tls=tls)
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
            self._protocol_factory(), host, port, backlog=BACKLOG
        )
        return cast("int", self._listener.sockets[0].getsockname()[1])

    def _protocol_factory(self) -> Callable[[], asyncio.Protocol]:
        if not self.tls:
            return lambda: self.connection(self)
        from netlab.servers.tls import server_context

        context = server_context()
        return lambda: _Handshake(self, context)

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
