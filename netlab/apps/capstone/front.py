"""The front: it ends TLS and hands each connection on to the program whose name the client asked for (lesson 12).

The name is in the client hello (SNI, RFC 6066, section 3); after the handshake bytes are passed on as they come.
"""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, cast

from cryptography import x509

from netlab.apps.capstone.parts import ZONE
from netlab.servers.base import Address
from netlab.servers.tcp import Connection, TCPServer
from netlab.servers.tls import course_ca

DAYS = 90  # that a certificate is good for


@dataclass(frozen=True)
class Certificate:
    """A certificate with its key, and what can be read in it.

    Attributes:
        names: the hosts that it is for.
        until: when it ends.
        context: for a server that shows it.
    """

    names: tuple[str, ...]
    until: datetime.datetime
    context: ssl.SSLContext


def issue(*names: str, days: float = DAYS) -> Certificate:
    """Let the course's authority sign a certificate.

    Args:
        *names: the hosts it is for; `ticker.example` and all hosts in it if none is given.
        days: for how long from now; negative for one that has ended.
    """
    names = names or (ZONE, f"*.{ZONE}")
    now = datetime.datetime.now(datetime.UTC)
    until = now + datetime.timedelta(days=days)
    begin = min(now, until) - datetime.timedelta(days=DAYS)
    leaf = course_ca().issue_cert(*names, not_before=begin, not_after=until)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    found = x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes())
    return Certificate(names, found.not_valid_after_utc, context)


class _Behind(asyncio.Protocol):
    """The connection to the program behind the front."""

    def __init__(self, client: _Visitor) -> None:
        self.client = client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.client.transport.write(data)

    def pause_writing(self) -> None:
        self.client.transport.pause_reading()

    def resume_writing(self) -> None:
        self.client.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.client.transport.close()


class _Visitor(Connection):
    """A visitor, after the TLS handshake."""

    server: Front

    def opened(self) -> None:
        """Connect to the program that the visitor wants; until then nothing is read."""
        self._behind: _Behind | None = None
        self.transport.pause_reading()
        self._early = bytearray()
        self._task = asyncio.get_running_loop().create_task(self._connect())

    async def _connect(self) -> None:
        name = getattr(self.transport.get_extra_info("ssl_object"), "wanted", "")
        try:
            _, behind = await asyncio.get_running_loop().create_connection(
                lambda: _Behind(self), *self.server.route(name)
            )
        except OSError:  # nobody there: the connection ends, as it does behind nginx without an error page
            self.transport.abort()
            return
        if self.transport.is_closing():
            behind.transport.close()
            return
        self._behind = behind
        behind.transport.write(bytes(self._early))
        self.transport.resume_reading()

    def received(self, data: bytes) -> None:
        """Pass it on."""
        if self._behind is None:
            self._early += data
        else:
            self._behind.transport.write(data)

    def pause_writing(self) -> None:
        """asyncio: the visitor is slow."""
        if self._behind:
            self._behind.transport.pause_reading()

    def resume_writing(self) -> None:
        """asyncio: the visitor has caught up."""
        if self._behind:
            self._behind.transport.resume_reading()

    def closed(self) -> None:
        """The visitor is gone."""
        if self._behind:
            self._behind.transport.close()


class Front(TCPServer):
    """Ends TLS for some hosts.

    Args:
        routes: for each host the address of the program behind it; the first one is for clients that name none.
        certificate: what it shows.
        port: the port to listen on, 0 for any free one.
    """

    connection: ClassVar[type[Connection]] = _Visitor
    scheme: ClassVar[str] = "http"

    def __init__(self, routes: Mapping[str, Address], certificate: Certificate, port: int = 0) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = self._named
        super().__init__(port=port, tls=context)
        self.routes = dict(routes)
        self.certificate = certificate

    def route(self, name: str) -> Address:
        """Where connections for a host go."""
        return self.routes.get(name) or next(iter(self.routes.values()))

    def _named(self, wanted: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        wanted.wanted = name or ""  # type: ignore[attr-defined]
        wanted.context = self.certificate.context
