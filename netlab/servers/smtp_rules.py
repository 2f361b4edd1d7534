"""What a mail server takes, and from whom, and what it writes on it (RFC 5321, sections 3.3 and 4.4)."""

# ruff: noqa: ARG002, N802 (names and arguments are those that aiosmtpd asks for)

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from netlab.servers.mailbox import Account, Mailbox

MOST_RECIPIENTS = 100  # of one mail (RFC 5321, section 4.5.3.1.8)

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
_HELLO = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")


class Rules:
    """What a server takes, and from whom. aiosmtpd asks before it answers MAIL, RCPT and DATA.

    Args:
        mailbox: where mail goes; its domains are the server's own.

    Attributes:
        host_name: what the server calls itself.
        to_defer: how many recipients it will put off with 450, as a greylisting server does.
    """

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.domains = {address.partition("@")[2].lower(): None for address in mailbox.accounts}
        self.host_name = f"mail.{next(iter(self.domains), 'example')}"
        self.to_defer = 0

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender: any address, or `<>` for a bounce; whoever logged in sends as themselves only."""
        if address != "<>":
            if not _is_address(address):
                return "553 5.1.7 Error: the sender is no mail address"
            account = session.auth_data
            if isinstance(account, Account) and account.address.lower() != address.lower():
                return f"553 5.7.1 Error: you are {account.address} and may not send as {address}"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient who has an account here. Mail for other servers is not passed on."""
        if not _is_address(address):
            return "553 5.1.3 Error: the recipient is no mail address"
        if address.rpartition("@")[2].lower() not in self.domains:
            return f"550 5.7.1 Error: relaying denied, {address} is not of this server"
        if self.mailbox.find(address) is None:
            return f"550 5.1.1 Error: nobody here has the address {address}"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return f"452 4.5.3 Error: a mail has at most {MOST_RECIPIENTS} recipients"
        if self.to_defer > 0:
            self.to_defer -= 1
            return "450 4.2.0 Error: not now, try again later"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Deliver the mail; when this returns 250, every recipient has it."""
        content = envelope.original_content or b""
        ends = content.count(b"\r\n")  # much faster than a search
        if not content.count(b"\r") == ends == content.count(b"\n"):
            return "550 5.6.11 Error: a line ends with CR LF, neither stands alone"
        sender = (envelope.mail_from or "").removeprefix("<>")
        data = trace(session, sender, self.host_name) + content
        recipients = {address.lower(): address for address in envelope.rcpt_tos}
        for recipient in recipients:
            self.mailbox.deliver(recipient, data, sender=sender, recipients=tuple(recipients.values()))
        return "250 2.0.0 OK, delivered"

    def log_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        """Check what came with AUTH PLAIN or AUTH LOGIN."""
        assert isinstance(given, LoginPassword)
        try:
            account = self.mailbox.login(given.login.decode(), given.password.decode())
        except UnicodeDecodeError:
            account = None
        return AuthResult(success=account is not None, handled=False, auth_data=account)


def _is_address(text: str) -> bool:
    """Whether that is an address without quotes, comments and the like (RFC 5321, section 4.1.2)."""
    return len(text) <= 254 and ADDRESS.fullmatch(text) is not None


def trace(session: Session, sender: str, host_name: str) -> bytes:
    """What a server puts before a mail: the envelope's sender, and where the mail came from (RFC 5321, section 4.4)."""
    hello = session.host_name if _HELLO.fullmatch(session.host_name or "") else "unknown"
    peer = session.peer[0] if session.peer else "unknown"
    protocol = "ESMTP" if session.extended_smtp else "SMTP"  # with S and A: RFC 3848
    protocol += "S" * bool(session.ssl) + "A" * bool(session.authenticated)
    when = format_datetime(datetime.now(UTC))
    return (
        f"Return-Path: <{sender}>\r\n"
        f"Received: from {hello} ([{peer}])\r\n\tby {host_name} with {protocol};\r\n\t{when}\r\n"
    ).encode("ascii")
