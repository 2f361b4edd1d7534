"""SMTP, by which mail is handed over (RFC 5321; AUTH of RFC 4954, STARTTLS of RFC 3207, SIZE of RFC 1870).

aiosmtpd speaks the protocol; `smtp_rules` decide what is taken and put it into the mailbox; `SMTPServer` listens.
"""

# ruff: noqa: ARG002, N802 (names and arguments are those that aiosmtpd asks for)

from __future__ import annotations

import asyncio
import collections
import logging
import re
from typing import AnyStr, ClassVar

from aiosmtpd.smtp import SMTP

from netlab.errors import OptionError
from netlab.servers.loop import log
from netlab.servers.mailbox import Mailbox
from netlab.servers.smtp_rules import ADDRESS, Rules
from netlab.servers.tcp import FLUSH_TIME, READ_SIZE, Connection, TCPServer, shake_hands

SIZE_LIMIT = 10_240_000  # bytes of a mail, as Postfix has it
HIDDEN = b"***"  # stands for a password in the transcript

_PATH = re.compile(rf"<({ADDRESS.pattern})?>((?: .*)?)")
_AUTH = re.compile(rb"(\s*AUTH\s+\S+\s+)\S", re.IGNORECASE)

# There aiosmtpd tells what clients send, passwords included. (`disabled` would end at any `dictConfig`.)
logging.getLogger("mail.log").addFilter(lambda _: False)


class SMTPConnection(SMTP, Connection):  # type: ignore[misc]  # both have a transport
    """One client: aiosmtpd's protocol, tracked by the server and written down in its transcript."""

    server: SMTPServer

    AuthLoginUsernameChallenge = "Username:"
    AuthLoginPasswordChallenge = "Password:"

    def __init__(self, server: SMTPServer) -> None:
        Connection.__init__(self, server)
        # aiosmtpd's own dictionary is shared by all connections, and grows with each EHLO.
        self.command_size_limits = collections.defaultdict(lambda: SMTP.line_length_limit)
        upgradable = server.starttls and not server.tls
        SMTP.__init__(
            self,
            server.rules,
            data_size_limit=server.size_limit,
            hostname=server.rules.host_name,
            ident="ESMTP netlab",
            tls_context=server.context if upgradable else None,
            auth_require_tls=upgradable,
            authenticator=server.rules.log_in,
            loop=asyncio.get_running_loop(),
        )
        self._heard = bytearray()  # what the client said and the transcript does not have yet
        self._logging_in = False  # whether what the client says answers a question of AUTH
        self._login_failed = False  # whether what is no command could be a password in the wrong place

    # the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the connection is there, after the TLS handshake if there is one."""
        Connection.connection_made(self, transport)
        if not self.server.accepting:
            return
        SMTP.connection_made(self, transport)
        if self.server.tls:
            self._is_secure(transport)
        assert self._handler_coroutine
        self._handler_coroutine.add_done_callback(self._ended)

    def connection_lost(self, error: Exception | None) -> None:
        """asyncio: the connection is gone."""
        if self.session is not None:
            self._write_down()
            SMTP.connection_lost(self, error)
        Connection.connection_lost(self, error)

    def close(self) -> None:
        """Send what is waiting, then close the connection."""
        if self.transport is not None:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """asyncio: bytes came."""
        self._heard += data
        SMTP.data_received(self, data)
        if len(self._heard) > READ_SIZE:
            self._write_down()

    def eof_received(self) -> bool:
        """asyncio: the client says no more. Without TLS it may still listen: answer what it has said."""
        if not self._tls_protocol:
            asyncio.StreamReaderProtocol.eof_received(self)
            return True
        assert self._handler_coroutine
        self._handler_coroutine.cancel()
        return False

    def _is_secure(self, transport: asyncio.BaseTransport) -> None:
        """Tell aiosmtpd that this is a TLS connection."""
        assert self.session
        self.session.ssl = {"sslcontext": self.server.context}
        self._tls_protocol = transport._ssl_protocol  # type: ignore[attr-defined]

    def _ended(self, handler: asyncio.Task[None]) -> None:
        """Nobody listens to the client any more. Where it has left first, asyncio's TLS may wait for ever."""
        if not handler.cancelled():
            handler.exception()  # looked at, or asyncio would complain that nobody did
        transport = getattr(self._tls_protocol, "_transport", None)
        if transport is not None:
            self.loop.call_later(FLUSH_TIME, transport.abort)

    async def handle_exception(self, error: Exception) -> str:
        """aiosmtpd: something went wrong, be it only that the client stopped in the middle of a line."""
        if isinstance(error, asyncio.IncompleteReadError):
            self.close()
        else:
            log.error("SMTP session failed", exc_info=error)
        return "451 4.3.0 Error: this server has failed, try again later"

    # the transcript

    async def push(self, status: AnyStr) -> None:
        """aiosmtpd: answer the client."""
        reply = status if isinstance(status, bytes) else status.encode("ascii", "replace")
        if reply.startswith(b'500 Error: command "'):  # it repeats what could be a password
            reply = b"500 5.5.2 Error: command not recognized"
        self._write_down()
        if self.transport is None or self.transport.is_closing():
            raise ConnectionResetError  # so that aiosmtpd stops
        self.server.transcript.record("server", self.name, reply + b"\r\n")
        await super().push(reply)
        if self._reader._buffer:  # type: ignore[attr-defined]
            await asyncio.sleep(0)  # the client has said more than it should: let others have their turn

    def _write_down(self) -> None:
        """Put what the server has read since the last time into the transcript, but no password."""
        count = len(self._heard) - len(self._reader._buffer)  # type: ignore[attr-defined]
        if count > 0:
            said = bytes(self._heard[:count])
            del self._heard[:count]
            self.server.transcript.record(self.name, "server", self._without_password(said))

    def _without_password(self, said: bytes) -> bytes:
        login = _AUTH.match(said)
        if login:
            return login[1] + HIDDEN + b"\r\n"
        verb = said.decode("ascii", "replace").partition(" ")[0].strip().upper()
        if self._logging_in or (self._login_failed and verb not in self._smtp_methods):
            return HIDDEN + b"\r\n"
        self._login_failed = False
        return said

    # commands

    async def smtp_AUTH(self, arg: str) -> None:
        """AUTH, and all that the client says until it is answered."""
        self._write_down()
        self._logging_in = True
        try:
            await super().smtp_AUTH(arg)
        finally:
            self._logging_in = False
            self._login_failed = not (self.session and self.session.authenticated)

    async def smtp_STARTTLS(self, arg: str) -> None:
        """STARTTLS: aiosmtpd's own keeps a client for ever that goes in the middle of the handshake."""
        if arg:
            await self.push("501 Syntax: STARTTLS")
        elif self._tls_protocol:
            await self.push("503 5.5.1 Error: TLS is on already")
        elif self.tls_context is None:
            await self.push("454 4.7.0 Error: there is no TLS here")
        else:
            await self.push("220 2.0.0 Ready to start TLS")
            await self._go_on_with_tls()

    async def _go_on_with_tls(self) -> None:
        assert isinstance(self.transport, asyncio.Transport)
        assert self.session
        peer = self.session.peer
        self._reader._buffer.clear()  # type: ignore[attr-defined]  # nobody knows who said it
        secure = await shake_hands(self.transport, self.server.context)
        if secure is None:
            self.connection_lost(None)
            return
        # From here on it is aiosmtpd's `connection_made`, but for what the client has said since the handshake.
        self.transport = self._reader._transport = self._writer._transport = secure.transport  # type: ignore[attr-defined]
        self._set_rset_state()  # type: ignore[no-untyped-call]
        self.session = self._create_session()
        self.session.peer = peer
        self._is_secure(secure.transport)
        secure.hand_over_to(self)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """aiosmtpd: the address in MAIL or RCPT, and what stands behind it; (None, None) if there is none."""
        plain = _PATH.fullmatch(arg)
        if plain:
            return plain[1] or "<>", plain[2]
        try:
            return super()._getaddr(arg)
        except Exception:  # Python's parser stumbles over a few addresses
            return None, None

    async def check_auth_needed(self, caller_method: str) -> bool:
        """aiosmtpd: whether a command has to wait for AUTH; says so to the client."""
        assert self.session
        if not self.server.auth_required or self.session.authenticated:
            return False
        await self.push("530 5.7.0 Error: log in first")
        return True


class SMTPServer(TCPServer):
    """A mail server: takes mail for the users of a mailbox.

    Anybody may hand in mail for them, as on port 25. A user who logs in with AUTH (PLAIN or LOGIN) sends under
    their own address only. While the server offers STARTTLS, AUTH has to wait for TLS; with neither STARTTLS nor
    TLS it takes passwords in the clear, as servers did when the network was young.

    Args:
        mailbox: where the mail goes; its domains are the server's own, and nothing is passed on to others.
        host: a loopback address.
        port: 0 for any free one.
        tls: speak TLS from the first byte, as port 465 does.
        starttls: offer to go on with TLS, as port 587 does.
        auth_required: take mail only from users who logged in, as port 587 does.
        size_limit: the largest mail that is taken, in bytes.

    Raises:
        OptionError: for a size limit that is no positive number.
    """

    connection: ClassVar[type[Connection]] = SMTPConnection
    scheme: ClassVar[str] = "smtp"

    def __init__(
        self,
        mailbox: Mailbox,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        tls: bool = False,
        starttls: bool = True,
        auth_required: bool = False,
        size_limit: int = SIZE_LIMIT,
    ) -> None:
        if not isinstance(size_limit, int) or size_limit < 1:
            raise OptionError(f"A size limit of {size_limit!r} bytes makes no sense: use 10_000_000, say.")
        super().__init__(host, port, tls=tls)
        self.rules = Rules(mailbox)
        self.starttls = starttls
        self.auth_required = auth_required
        self.size_limit = size_limit

    def defer_next(self, count: int) -> None:
        """Put off the next recipients with 450 (try again later), as a greylisting server does.

        Args:
            count: how many.
        """
        self.rules.to_defer = count

    def _open(self, host: str, port: int) -> int:
        if self.tls or self.starttls:
            _ = self.context  # made here: later it would keep the loop waiting
        return super()._open(host, port)
