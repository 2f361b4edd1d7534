"""The commands of IMAP and their rules (RFC 3501, section 6), and what their handlers share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from netlab.servers.dialogue import Session
from netlab.servers.imap_fetch import fetch_items
from netlab.servers.imap_search import search_program
from netlab.servers.imap_syntax import BadCommandError, Parser
from netlab.servers.imap_view import View
from netlab.servers.mailbox import Account

State = Literal["not authenticated", "authenticated", "selected"]

STATUS_ITEMS = ("MESSAGES", "RECENT", "UIDNEXT", "UIDVALIDITY", "UNSEEN")


class RefusedError(Exception):
    """The answer is NO; the message is what stands behind it."""


class Credentials(NamedTuple):
    """What AUTHENTICATE brings: the mechanism, and perhaps the first answer at once (SASL-IR, RFC 4959)."""

    mechanism: str
    answer: bytes | None


class NewMessage(NamedTuple):
    """What APPEND brings."""

    flags: list[str]
    received: datetime | None
    data: bytes


class FlagChange(NamedTuple):
    """What STORE asks for: to add ("+"), to remove ("-") or to replace (""), with an answer or silently."""

    sign: str
    silent: bool
    flags: frozenset[str]


def credentials(parser: Parser) -> Credentials:
    """A mechanism, and perhaps an answer in base64."""
    mechanism = parser.atom().upper()
    return Credentials(mechanism, parser.astring() if parser.skip(b" ") else None)


def new_message(parser: Parser) -> NewMessage:
    """Flags and a time, both optional, and a mail (section 6.3.11)."""
    flags: list[str] = []
    received = None
    if parser.next_is(b"("):
        flags = parser.flags()
        parser.space()
    if parser.next_is(b'"'):
        received = parser.date_time()
        parser.space()
    if not parser.next_is(b"{"):
        raise BadCommandError("a mail is sent as a literal, such as {310}")
    return NewMessage(flags, received, parser.string())


def flag_change(parser: Parser) -> FlagChange:
    """What to do with which flags (section 6.4.6)."""
    sign = next((sign for sign in "+-" if parser.skip(sign.encode())), "")
    parser.expect(b"FLAGS")
    silent = parser.skip(b".SILENT")
    parser.space()
    flags = parser.flags() if parser.next_is(b"(") else [parser.flag()]
    while parser.skip(b" "):
        flags.append(parser.flag())
    return FlagChange(sign, silent, frozenset(flags))


def status_items(parser: Parser) -> list[str]:
    """What to tell of a folder (section 6.3.10)."""
    items = [item.upper() for item in parser.some(parser.atom)]
    if not set(items) <= set(STATUS_ITEMS):
        raise BadCommandError(f"STATUS tells {', '.join(STATUS_ITEMS)}")
    return items


@dataclass(frozen=True, slots=True)
class Command:
    """The rules of a command.

    Attributes:
        states: in which it may be given.
        arguments: what reads them, with a space before each.
        help: how it is written.
        uid: whether UID may stand before it (section 6.4.8).
    """

    states: tuple[State, ...]
    arguments: tuple[Callable[[Parser], object], ...] = ()
    help: str = ""
    uid: bool = False


ANY: tuple[State, ...] = ("not authenticated", "authenticated", "selected")
BEFORE: tuple[State, ...] = ("not authenticated",)
AFTER: tuple[State, ...] = ("authenticated", "selected")
SELECTED: tuple[State, ...] = ("selected",)

COMMANDS: dict[str, Command] = {
    "CAPABILITY": Command(ANY),
    "NOOP": Command(ANY),
    "LOGOUT": Command(ANY),
    "STARTTLS": Command(BEFORE),
    "AUTHENTICATE": Command(BEFORE, (credentials,), "PLAIN"),
    "LOGIN": Command(BEFORE, (Parser.astring, Parser.astring), "name password"),
    "SELECT": Command(AFTER, (Parser.mailbox,), "folder"),
    "EXAMINE": Command(AFTER, (Parser.mailbox,), "folder"),
    "CREATE": Command(AFTER, (Parser.mailbox,), "folder"),
    "DELETE": Command(AFTER, (Parser.mailbox,), "folder"),
    "RENAME": Command(AFTER, (Parser.mailbox, Parser.mailbox), "old new"),
    "SUBSCRIBE": Command(AFTER, (Parser.mailbox,), "folder"),
    "UNSUBSCRIBE": Command(AFTER, (Parser.mailbox,), "folder"),
    "LIST": Command(AFTER, (Parser.mailbox, Parser.list_mailbox), '"" *'),
    "LSUB": Command(AFTER, (Parser.mailbox, Parser.list_mailbox), '"" *'),
    "STATUS": Command(AFTER, (Parser.mailbox, status_items), "folder (MESSAGES UNSEEN)"),
    "APPEND": Command(AFTER, (Parser.mailbox, new_message), 'folder (\\Seen) "time" {length}'),
    "IDLE": Command(AFTER),
    "CHECK": Command(SELECTED),
    "CLOSE": Command(SELECTED),
    "EXPUNGE": Command(SELECTED),
    "SEARCH": Command(SELECTED, (search_program,), "UNSEEN SUBJECT alert", uid=True),
    "FETCH": Command(SELECTED, (Parser.sequence, fetch_items), "1:* (FLAGS BODY.PEEK[])", uid=True),
    "STORE": Command(SELECTED, (Parser.sequence, flag_change), "1 +FLAGS (\\Seen)", uid=True),
    "COPY": Command(SELECTED, (Parser.sequence, Parser.mailbox), "1:* folder", uid=True),
    "MOVE": Command(SELECTED, (Parser.sequence, Parser.mailbox), "1:* folder", uid=True),
}


class Handlers(Session):
    """What the handlers of all commands share.

    Attributes:
        view: the selected folder.
        code: what stands in square brackets behind the OK.
        then: takes the client's next line, which is no command (AUTHENTICATE, IDLE).
    """

    view: View | None = None
    code = ""
    then: Callable[[bytes], list[bytes]] | None = None
    _account: Account | None = None

    @property
    def account(self) -> Account:
        """The account of who is logged in."""
        assert self._account
        return self._account

    @property
    def selected(self) -> View:
        """The folder that is selected."""
        assert self.view
        return self.view


def untagged(words: bytes) -> bytes:
    """A line that tells something."""
    return b"* " + words + b"\r\n"
