"""An IMAP session without a socket: bytes in, bytes out (RFC 3501).

`imap_commands` has the rules of the commands as a table; the method that obeys FETCH is called `imap_FETCH`. Those
for the way in are here, those about folders in `imap_folders`, those about messages in `imap_messages`.
"""

# ruff: noqa: N802 (the handlers are named by their verbs)

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Callable, Iterable, Iterator

from netlab.servers.imap_commands import COMMANDS, Command, Credentials, RefusedError, State, untagged
from netlab.servers.imap_messages import MessageCommands
from netlab.servers.imap_reader import LARGEST_COMMAND, CommandReader, TooLongError
from netlab.servers.imap_search import CHARSETS, BadCharsetError
from netlab.servers.imap_syntax import BadCommandError, Parser
from netlab.servers.mailbox import FolderError, Mailbox

MOST_ERRORS = 20  # mistakes in a row until the connection is closed
KEEPS_NUMBERS = ("FETCH", "STORE", "SEARCH")  # no EXPUNGE may come with these (section 7.4.1)

_TAG = re.compile(rb'[^\x00-\x20\x7f-\xff(){%*"\\+]+')
_SECRET = re.compile(
    rb'(\S+ +(?:LOGIN(?: "[^"\\]*"| [^\s"{]+)?|AUTHENTICATE \S+)) .*', re.IGNORECASE | re.DOTALL
)


class IMAPSession(MessageCommands):
    """One client's session.

    Args:
        mailbox: whose mail it is about.
        record: told each command, passwords left out.
        wake: called, perhaps in another thread, when `answer` has news for a client that idles.
        can_upgrade: whether STARTTLS is offered.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        *,
        record: Callable[[bytes], None] | None = None,
        wake: Callable[[], None] = lambda: None,
        can_upgrade: bool = False,
    ) -> None:
        super().__init__(record=record, can_upgrade=can_upgrade)
        self.wake = wake
        self._mailbox = mailbox
        self._reader = CommandReader()
        self._answers: Iterator[bytes] = iter(())
        self._command = ("*", "", False)  # the tag, the verb, whether UID stood before it
        self._errors = 0

    @property
    def state(self) -> State:
        """Of RFC 3501, section 3."""
        if self._account is None:
            return "not authenticated"
        return "selected" if self.view else "authenticated"

    def greeting(self) -> bytes:
        """What the server says first (section 7.1)."""
        return untagged(f"OK [CAPABILITY {self._capabilities()}] netlab IMAP at your service".encode())

    def feed(self, data: bytes) -> None:
        """Take what came from the client."""
        self._reader.feed(data)

    def answer(self) -> bytes | None:
        """The next piece of what there is to say; None when it is the client's turn."""
        while True:
            piece = next(self._answers, None)
            if piece is not None:
                return piece
            if self.over or self.upgrading:
                return None
            try:
                command = self._reader.command()
            except TooLongError as error:
                if self.then is None:
                    self._command = (error.tag, "", False)
                self._answers = self._perform(functools.partial(self._give_up, str(error)))
                continue
            if command is not None:
                self._answers = self._obey(command)
            elif self._reader.wants_literal:
                self._reader.wants_literal = False
                return b"+ go ahead\r\n"
            elif self.then == self.imap_DONE and self.view:
                return b"".join(map(untagged, self.view.news())) or None
            else:
                return None

    def secured(self) -> None:
        """TLS is there."""
        self.upgrading = self.can_upgrade = False

    def end(self) -> None:
        """The connection is gone."""
        self.stop_watching()
        self.view = self._account = self.then = None
        self.over = True

    # how a command is obeyed

    def _obey(self, data: bytes) -> Iterator[bytes]:
        if self.then:
            then, self.then = self.then, None
            secret = then == self._authenticate
            self.record(b"***\r\n" if secret else data + b"\r\n")
            return self._perform(functools.partial(then, data))
        secrets = _SECRET.fullmatch(data)
        self.record((secrets[1] + b" ***" if secrets else data) + b"\r\n")
        return self._perform(functools.partial(self._dispatch, data))

    def _dispatch(self, data: bytes) -> Iterable[bytes]:
        self._command = ("*", "", False)
        parser = Parser(data)
        tag = parser.match(_TAG, "a tag, which each command begins with, as in: a1 NOOP")[0].decode("ascii")
        self._command = (tag, "", False)
        parser.space()
        verb = parser.atom().upper()
        uid = verb == "UID"
        if uid:
            parser.space()
            verb = parser.atom().upper()
        rules = COMMANDS.get(verb)
        if rules is None or (uid and not rules.uid):
            there = [name for name, rules in COMMANDS.items() if rules.uid or not uid]
            raise BadCommandError(f"there is no {verb[:20]}; there are {', '.join(there)}")
        self._check_state(verb, rules)
        arguments = []
        for read in rules.arguments:
            parser.space()
            arguments.append(read(parser))
        parser.end()
        self._command = (tag, verb, uid)
        handler: Callable[..., Iterable[bytes]] = getattr(self, f"imap_{verb}")
        return handler(*arguments, uid=True) if uid else handler(*arguments)

    def _give_up(self, words: str) -> Iterable[bytes]:
        self.then = None
        self.stop_watching()
        raise BadCommandError(words)

    def _check_state(self, verb: str, rules: Command) -> None:
        if self.state in rules.states:
            return
        if self.state == "not authenticated":
            raise BadCommandError(f"{verb} needs a login first")
        if "selected" in rules.states:
            raise BadCommandError(f"{verb} needs a folder: SELECT one first")
        raise BadCommandError(f"{verb} comes before the login")

    def _perform(self, handle: Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
        """What a handler says, then the news, then whether it went well."""
        self.code = ""
        try:
            yield from handle()
        except BadCommandError as error:
            yield from self._refused("BAD", str(error))
        except BadCharsetError:
            yield from self._refused("NO", f"[BADCHARSET ({' '.join(CHARSETS)})] that charset is not known")
        except (RefusedError, FolderError) as error:
            yield from self._refused("NO", str(error))
        else:
            self._errors = 0
            tag, verb, uid = self._command
            if self.then is None:
                if self.view:
                    yield from map(untagged, self.view.news(expunges=uid or verb not in KEEPS_NUMBERS))
                yield f"{tag} OK {self.code}{verb} completed\r\n".encode()

    def _refused(self, how: str, words: str) -> Iterator[bytes]:
        self._errors += 1
        yield f"{self._command[0]} {how} {words}\r\n".encode("ascii", "replace")
        if self._errors >= MOST_ERRORS:
            yield untagged(b"BYE that was one mistake too many")
            self.end()

    # the way in and the way out

    def _capabilities(self) -> str:
        words = ["IMAP4rev1", "LITERAL+", "SASL-IR", "IDLE", "MOVE"]
        if self._account is None:
            words += [*(["STARTTLS"] if self.can_upgrade else []), "AUTH=PLAIN"]
        return " ".join(words)

    def imap_CAPABILITY(self) -> list[bytes]:
        """What this server can do (section 6.1.1)."""
        return [untagged(f"CAPABILITY {self._capabilities()}".encode())]

    def imap_NOOP(self) -> list[bytes]:
        """Nothing but the news (section 6.1.2)."""
        return []

    def imap_LOGOUT(self) -> list[bytes]:
        """Goodbye (section 6.1.3)."""
        self.end()
        return [untagged(b"BYE see you")]

    def imap_STARTTLS(self) -> list[bytes]:
        """Go on with TLS; what was said before is forgotten, pipelined or not (section 6.2.1)."""
        if not self.can_upgrade:
            raise BadCommandError("TLS is not offered, or is on already")
        self.upgrading = True
        self._reader = CommandReader()
        return []

    def imap_LOGIN(self, name: bytes, password: bytes) -> list[bytes]:
        """Log in by name and password (section 6.2.3)."""
        try:
            account = self._mailbox.login(name.decode("utf-8"), password.decode("utf-8"))
        except UnicodeDecodeError:
            account = None
        if account is None:
            raise RefusedError("[AUTHENTICATIONFAILED] name or password is wrong")
        self._account = account
        self._reader.limit = LARGEST_COMMAND
        self.code = f"[CAPABILITY {self._capabilities()}] "
        return []

    def imap_AUTHENTICATE(self, credentials: Credentials) -> list[bytes]:
        """Log in by a mechanism (section 6.2.2)."""
        if credentials.mechanism != "PLAIN":
            raise RefusedError("[CANNOT] there is no such mechanism, only PLAIN")
        if credentials.answer is not None:
            return self._authenticate(credentials.answer)
        self.then = self._authenticate
        return [b"+ \r\n"]

    def _authenticate(self, line: bytes) -> list[bytes]:
        """Take the answer of PLAIN: for whom, name and password, parted by zero bytes (RFC 4616)."""
        if line == b"*":
            raise BadCommandError("AUTHENTICATE was given up")
        try:
            whom, name, password = base64.b64decode(line, validate=True).split(b"\0")
        except ValueError:
            raise BadCommandError(
                "PLAIN is base64 of: for whom, zero byte, name, zero byte, password"
            ) from None
        if whom not in (b"", name):
            raise RefusedError("[AUTHORIZATIONFAILED] everybody reads their own mail only")
        return self.imap_LOGIN(name, password)
