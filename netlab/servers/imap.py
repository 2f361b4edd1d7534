"""An IMAP server: mail stays in folders on the server, and many programs look at it at once (RFC 3501).

`imap_session` is the protocol; this puts it on a socket.
"""

from __future__ import annotations

from typing import ClassVar

from netlab.servers.dialogue import Session, SessionConnection
from netlab.servers.imap_session import IMAPSession
from netlab.servers.mailbox import Mailbox
from netlab.servers.tcp import Connection, TCPServer

PATIENCE = 1800.0  # seconds without a command until the connection is closed (RFC 3501, section 5.4)


class _IMAPConnection(SessionConnection):
    server: IMAPServer
    patience = PATIENCE

    def new_session(self) -> Session:
        return IMAPSession(
            self.server.mailbox,
            record=self.record,
            wake=self.wake,
            can_upgrade=not self.server.tls,
        )

    def wake(self) -> None:
        """There may be news for a client that idles; told in any thread."""
        self.loop.call_soon_threadsafe(self.go_on)

    def close(self) -> None:
        if not self.session.over:  # the server stops, or the client is silent: section 7.1.5
            self.send(b"* BYE the server closes the connection\r\n")
        super().close()


class IMAPServer(TCPServer):
    """An IMAP server for a mailbox.

    Args:
        mailbox: whose mail it shows.
        host: a loopback address.
        port: 0 for any free one.
        tls: speak TLS from the first byte, as port 993 does; without it STARTTLS is offered.
    """

    connection: ClassVar[type[Connection]] = _IMAPConnection
    scheme: ClassVar[str] = "imap"

    def __init__(
        self, mailbox: Mailbox, host: str = "127.0.0.1", port: int = 0, *, tls: bool = False
    ) -> None:
        super().__init__(host, port, tls=tls)
        self.mailbox = mailbox
