"""Echo, the oldest test of a connection: every byte comes back (RFC 862)."""

from __future__ import annotations

from typing import ClassVar

from netlab.servers.tcp import Connection, TCPServer
from netlab.servers.udp import UDPServer


class _Echo(Connection):
    def received(self, data: bytes) -> None:
        self.send(data)


class TCPEchoServer(TCPServer):
    """Sends every byte back to the client that sent it."""

    connection: ClassVar[type[Connection]] = _Echo


class UDPEchoServer(UDPServer):
    """Sends every datagram back to its sender."""

    def respond(self, datagram: bytes) -> bytes:
        """Answer with the same bytes."""
        return datagram
