"""POP3, by which a mail program fetches what is in the inbox (RFC 1939; CAPA of RFC 2449; STLS of RFC 2595).

`POP3Session` is the protocol: bytes in, bytes out. `POP3Server` puts it on a socket.
"""

# ruff: noqa: N802 (the handlers are named by their verbs)

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

from netlab.servers.dialogue import Session, SessionConnection
from netlab.servers.lines import LineBuffer, LineTooLongError
from netlab.servers.mailbox import Account, Mailbox, Message
from netlab.servers.tcp import Connection, TCPServer

State = Literal["AUTHORIZATION", "TRANSACTION", "UPDATE"]

LONGEST_LINE = 255  # bytes of a command (RFC 2449, section 4)
MOST_ERRORS = 10  # wrong commands or passwords until the connection is closed
PATIENCE = 600.0  # seconds without a command until it is closed (RFC 1939, section 3)


@dataclass(frozen=True, slots=True)
class Command:
    """The rules of a command.

    Attributes:
        states: in which it may be given.
        arguments: how many it takes, at the least and at the most.
        help: its arguments as RFC 1939 writes them.
    """

    states: tuple[State, ...]
    arguments: tuple[int, int]
    help: str


COMMANDS: dict[str, Command] = {
    "CAPA": Command(("AUTHORIZATION", "TRANSACTION"), (0, 0), ""),
    "USER": Command(("AUTHORIZATION",), (1, 1), "name"),
    "PASS": Command(("AUTHORIZATION",), (1, 99), "password"),
    "STLS": Command(("AUTHORIZATION",), (0, 0), ""),
    "STAT": Command(("TRANSACTION",), (0, 0), ""),
    "LIST": Command(("TRANSACTION",), (0, 1), "[message]"),
    "UIDL": Command(("TRANSACTION",), (0, 1), "[message]"),
    "RETR": Command(("TRANSACTION",), (1, 1), "message"),
    "TOP": Command(("TRANSACTION",), (2, 2), "message lines"),
    "DELE": Command(("TRANSACTION",), (1, 1), "message"),
    "RSET": Command(("TRANSACTION",), (0, 0), ""),
    "NOOP": Command(("TRANSACTION",), (0, 0), ""),
    "QUIT": Command(("AUTHORIZATION", "TRANSACTION"), (0, 0), ""),
}


class RefusedError(Exception):
    """The answer is -ERR; the message is what stands behind it."""


class POP3Session(Session):
    """One client's session.

    Args:
        mailbox: whose mail it is about.
        record: told each command, a password left out.
        can_upgrade: whether STLS is offered.

    Attributes:
        state: of RFC 1939, section 3.
    """

    def __init__(
        self, mailbox: Mailbox, *, record: Callable[[bytes], None] | None = None, can_upgrade: bool = False
    ) -> None:
        super().__init__(record=record, can_upgrade=can_upgrade)
        self.state: State = "AUTHORIZATION"
        self._mailbox = mailbox
        self._input = LineBuffer(LONGEST_LINE)
        self._user = ""
        self._account: Account | None = None
        self._messages: list[Message] = []
        self._deleted: set[Message] = set()
        self._errors = 0

    def greeting(self) -> bytes:
        """What the server says first."""
        return b"+OK netlab POP3 at your service\r\n"

    def feed(self, data: bytes) -> None:
        """Take what came from the client."""
        self._input.feed(data)

    def answer(self) -> bytes | None:
        """Answer the next command; None when none has come, or after the last one."""
        if self.over or self.upgrading:
            return None
        try:
            line = self._input.line()
            return None if line is None else self._obey(line)
        except LineTooLongError:
            return self._refuse(f"a command has at most {LONGEST_LINE} bytes")
        except RefusedError as error:
            return self._refuse(str(error))

    def secured(self) -> None:
        """TLS is there."""
        self.upgrading = self.can_upgrade = False

    def end(self) -> None:
        """The connection is gone: without QUIT nothing is deleted (RFC 1939, section 6)."""
        if self._account:
            self._account.locked = False
            self._account = None
        self.over = True

    def _refuse(self, words: str) -> bytes:
        self._errors += 1
        if self._errors >= MOST_ERRORS:
            self.end()
            words += "; that was one mistake too many"
        return f"-ERR {words}\r\n".encode()

    def _obey(self, line: bytes) -> bytes:
        first, _, rest = line.partition(b" ")
        self.record((first + b" ***" if first.upper() == b"PASS" else line) + b"\r\n")
        try:
            words = line.decode("utf-8").split()
        except UnicodeDecodeError:
            raise RefusedError("a command is text in UTF-8") from None
        verb = first.decode("utf-8").upper()
        command = COMMANDS.get(verb)
        if command is None:
            raise RefusedError(f"unknown command; there are {', '.join(COMMANDS)}")
        if self.state not in command.states:
            when = "log in first" if self.state == "AUTHORIZATION" else "you are logged in already"
            raise RefusedError(f"{verb} is not possible now: {when}")
        least, most = command.arguments
        if not least <= len(words) - 1 <= most:
            raise RefusedError(f"write it as: {verb} {command.help}".rstrip())
        handler: Callable[..., bytes] = getattr(self, f"pop3_{verb}")
        if verb == "PASS":  # a password may have spaces
            return handler(rest.decode("utf-8"))
        return handler(*words[1:])

    # before the login

    def pop3_CAPA(self) -> bytes:
        """What this server can do (RFC 2449, section 5)."""
        offered = ["USER", "TOP", "UIDL", "RESP-CODES", "PIPELINING"]
        if self.can_upgrade and self.state == "AUTHORIZATION":
            offered.append("STLS")
        return many_lines("capabilities follow", [each.encode() for each in offered])

    def pop3_USER(self, name: str) -> bytes:
        """Who wants in (RFC 1939, section 7); whether there is such a user is not said, or anybody could find out."""
        self._user = name
        return ok("now the password")

    def pop3_PASS(self, password: str) -> bytes:
        """Log in (section 7), and have the inbox for oneself until the end (section 4)."""
        if not self._user:
            raise RefusedError("give USER first")
        account = self._mailbox.login(self._user, password)
        self._user = ""
        if account is None:
            raise RefusedError("[AUTH] name or password is wrong")
        if account.locked:
            raise RefusedError("[IN-USE] another session has this mailbox open")
        account.locked = True
        self._account = account
        self._messages = list(account.inbox)
        self.state = "TRANSACTION"
        return ok(counted(len(self._messages)))

    def pop3_STLS(self) -> bytes:
        """Go on with TLS; what was said before is forgotten, pipelined or not (RFC 2595, section 4)."""
        if not self.can_upgrade:
            raise RefusedError("TLS is not offered, or is on already")
        self.upgrading = True
        self._input = LineBuffer(LONGEST_LINE)
        self._user = ""
        return ok("begin TLS now")

    # after it

    def pop3_STAT(self) -> bytes:
        """How many messages there are, and how long they are together (section 5)."""
        left = self._left()
        return ok(f"{len(left)} {sum(len(message.data) for _, message in left)}")

    def pop3_LIST(self, number: str = "") -> bytes:
        """The length of each message, or of one (section 5)."""
        if number:
            return ok(f"{int(number)} {len(self._message(number).data)}")
        left = self._left()
        return many_lines(counted(len(left)), [b"%d %d" % (n, len(each.data)) for n, each in left])

    def pop3_UIDL(self, number: str = "") -> bytes:
        """A name for each message that it keeps for ever, so that a program knows which ones are new (section 7)."""
        if number:
            return ok(f"{int(number)} {unique_name(self._message(number))}")
        names = [f"{n} {unique_name(message)}".encode() for n, message in self._left()]
        return many_lines("names follow", names)

    def pop3_RETR(self, number: str) -> bytes:
        """A whole message (section 5)."""
        data = self._message(number).data
        return many_lines(f"{len(data)} octets", _lines(data))

    def pop3_TOP(self, number: str, count: str) -> bytes:
        """The header of a message and the first lines of its body (section 7)."""
        data = self._message(number).data
        if not count.isascii() or not count.isdigit():
            raise RefusedError("the number of lines is 0 or more")
        lines = _lines(data)
        header = lines.index(b"") + 1 if b"" in lines else len(lines)
        return many_lines("the top follows", lines[: header + int(count)])

    def pop3_DELE(self, number: str) -> bytes:
        """Mark a message; it goes when the session ends with QUIT (section 5)."""
        self._deleted.add(self._message(number))
        return ok(f"message {int(number)} will be deleted")

    def pop3_RSET(self) -> bytes:
        """Unmark all (section 5)."""
        self._deleted.clear()
        return ok(counted(len(self._messages)))

    def pop3_NOOP(self) -> bytes:
        """Nothing (section 5)."""
        return ok("")

    def pop3_QUIT(self) -> bytes:
        """Delete what is marked, and say goodbye (section 6)."""
        count = len(self._deleted)
        if self._account:
            self.state = "UPDATE"
            self._account.inbox.remove(self._deleted)
        self.end()
        return ok(f"bye, {count} deleted" if count else "bye")

    # helpers

    def _left(self) -> list[tuple[int, Message]]:
        return [(n, each) for n, each in enumerate(self._messages, 1) if each not in self._deleted]

    def _message(self, number: str) -> Message:
        if not re.fullmatch(r"[0-9]{1,9}", number):
            raise RefusedError("a message has a number, such as 1")
        index = int(number)
        if not 1 <= index <= len(self._messages) or self._messages[index - 1] in self._deleted:
            raise RefusedError(f"there is no message {index}")
        return self._messages[index - 1]


def unique_name(message: Message) -> str:
    """What UIDL calls a message: the same in every session, another one for each copy (RFC 1939, section 7)."""
    return hashlib.blake2b(b"%d " % message.uid + message.data, digest_size=10).hexdigest()


def counted(messages: int) -> str:
    """A number of messages in words."""
    return f"{messages} message{'s' * (messages != 1)}"


def ok(words: str) -> bytes:
    """A positive answer of one line."""
    return f"+OK {words}".rstrip().encode() + b"\r\n"


def many_lines(words: str, lines: list[bytes]) -> bytes:
    """A positive answer of many lines, ended by a dot; a line that begins with a dot gets another one."""
    stuffed = (b"." + line if line.startswith(b".") else line for line in lines)
    return ok(words) + b"".join(line + b"\r\n" for line in stuffed) + b".\r\n"


def _lines(data: bytes) -> list[bytes]:
    """The lines of a message, without their ends."""
    return data.removesuffix(b"\r\n").split(b"\r\n") if data else []


class _POP3Connection(SessionConnection):
    server: POP3Server
    patience = PATIENCE

    def new_session(self) -> Session:
        return POP3Session(self.server.mailbox, record=self.record, can_upgrade=not self.server.tls)


class POP3Server(TCPServer):
    """A POP3 server for a mailbox.

    Args:
        mailbox: whose mail it gives out.
        host: a loopback address.
        port: 0 for any free one.
        tls: speak TLS from the first byte, as port 995 does; without it STLS is offered.
    """

    connection: ClassVar[type[Connection]] = _POP3Connection
    scheme: ClassVar[str] = "pop3"

    def __init__(
        self, mailbox: Mailbox, host: str = "127.0.0.1", port: int = 0, *, tls: bool = False
    ) -> None:
        super().__init__(host, port, tls=tls)
        self.mailbox = mailbox
