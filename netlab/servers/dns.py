"""A name server over UDP and TCP, on one port (RFC 1035, section 4.2; RFC 7766)."""

from __future__ import annotations

import asyncio
import contextlib
import errno
from typing import ClassVar

from netlab.errors import OptionError
from netlab.servers.base import check_port
from netlab.servers.tcp import Connection, TCPServer
from netlab.servers.udp import UDPServer
from netlab.servers.zone import SMALLEST, Zone, answer

ATTEMPTS = 20  # to find a port that is free for both
IDLE = 10.0  # seconds that a TCP client may be silent (RFC 7766, section 6.2.3)


class _OverTCP(Connection):
    """Over TCP each message stands behind its length, two bytes."""

    server: _TCPHalf

    def opened(self) -> None:
        self._waiting = bytearray()
        self._wait()

    def received(self, data: bytes) -> None:
        self._waiting += data
        self._timer.cancel()
        while len(self._waiting) >= 2:
            length = int.from_bytes(self._waiting[:2], "big")
            if len(self._waiting) < 2 + length:
                break
            query = bytes(self._waiting[2 : 2 + length])
            del self._waiting[: 2 + length]
            reply = answer(self.server.zones, query, size=None)
            if reply is None:  # no query: there is nothing to say
                self.close()
                return
            self.send(len(reply).to_bytes(2, "big") + reply)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(IDLE, self.close)


class _TCPHalf(TCPServer):
    connection: ClassVar[type[Connection]] = _OverTCP

    def __init__(self, server: DNSServer) -> None:
        super().__init__(*server.wanted)
        self.zones = server.zones
        self.transcript = server.transcript


class DNSServer(UDPServer):
    """A name server that is responsible for some zones, and asks nobody else.

    Args:
        *zones: what it knows; more than one if it serves more than one.
        host: a loopback address.
        port: for UDP and TCP alike; 0 for one that is free for both.

    Raises:
        OptionError: without a zone.
    """

    scheme: ClassVar[str] = "dns"

    def __init__(self, *zones: Zone, host: str = "127.0.0.1", port: int = 0) -> None:
        if not zones or not all(isinstance(zone, Zone) for zone in zones):
            raise OptionError('A DNSServer needs a zone: DNSServer(Zone("ticker.example", "…")).')
        super().__init__(host, port)
        self.zones = zones
        self.wanted = self._wanted

    def respond(self, datagram: bytes) -> bytes | None:
        """Answer a query that came over UDP."""
        return answer(self.zones, datagram, size=SMALLEST)

    def _open(self, host: str, port: int) -> int:
        """Listen over TCP first, whose free ports are fewer, then over UDP on the same port."""
        for attempt in range(1, ATTEMPTS + 1):
            self._tcp = _TCPHalf(self)
            number = self._tcp._open(host, port)
            try:
                return super()._open(host, check_port(number))
            except OSError as error:
                self._tcp._close()
                if port or error.errno != errno.EADDRINUSE or attempt == ATTEMPTS:
                    raise
        raise AssertionError  # the loop returns or raises

    def _close(self) -> None:
        with contextlib.ExitStack() as stack:
            stack.callback(self._tcp._close)
            super()._close()
