"""A folder of mails, which may be used from any thread: a notebook looks into an inbox while a server delivers.

What is in a message never changes but for its flags, and those are replaced, never altered; who changes a folder
holds its lock, and who has asked to be is told afterwards.
"""

from __future__ import annotations

import email
import email.policy
import itertools
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from netlab.servers.mime import Part

Flags = frozenset[str]

_validities = itertools.count(int(time.time()))  # a folder that is made anew gets another number


@dataclass(slots=True, eq=False, repr=False)
class Message:
    r"""One mail in one folder.

    Attributes:
        uid: its number in the folder, never given twice.
        data: header and body as they were sent, lines ending in \r\n.
        received: when it came, with its time zone.
        flags: such as "\\Seen" (RFC 3501, section 2.3.2).
        sender: of the envelope; not what the header says.
        recipients: of the envelope.
    """

    uid: int
    data: bytes
    received: datetime
    flags: Flags = frozenset()
    sender: str = ""
    recipients: tuple[str, ...] = ()
    _tree: Part | None = field(default=None, init=False)

    @property
    def source(self) -> str:
        """Header and body as text; a byte that is no UTF-8 becomes �."""
        return self.data.decode("utf-8", "replace")

    @property
    def email(self) -> EmailMessage:
        """The mail for a program to read: `message.email["Subject"]`, `message.email.get_body()`."""
        return email.message_from_bytes(self.data, policy=email.policy.default)

    @property
    def tree(self) -> Part:
        """The parts of the mail, found once."""
        if self._tree is None:
            self._tree = Part.parse(self.data)
        return self._tree

    def __repr__(self) -> str:
        fields = self.tree.header_text("From"), self.tree.header_text("Subject")
        return f"<Message {self.uid} from {fields[0] or self.sender!r}: {fields[1]!r}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        from netlab.servers.inbox import message_html

        return {"text/plain": repr(self), "text/html": message_html(self)}


class Folder:
    """A folder of an account.

    Attributes:
        name: such as "INBOX" or "Work/2013".
        messages: in the order of their numbers.
        uid_validity: changes when the numbers begin anew (RFC 3501, section 2.3.1.1).
        uid_next: the number of the next message.
        uid_recent: the first message that no IMAP session has been told of (RFC 3501, section 2.3.2).
        version: another one after each change.
        watchers: called after each change, in the thread that made it.
        lock: held by who changes the folder.
    """

    def __init__(self, name: str, lock: threading.RLock | None = None) -> None:
        self.name = name
        self.messages: list[Message] = []
        self.uid_validity = next(_validities)
        self.uid_next = 1
        self.uid_recent = 1
        self.version = 0
        self.watchers: set[Callable[[], None]] = set()
        self.lock = lock or threading.RLock()

    def add(
        self,
        data: bytes,
        flags: Iterable[str] = (),
        *,
        received: datetime | None = None,
        sender: str = "",
        recipients: tuple[str, ...] = (),
    ) -> Message:
        r"""Put a mail in, with the next number.

        Args:
            data: the mail; line ends that are not \r\n become so (RFC 5322, section 2.3).
            flags: such as "\\Seen".
            received: when it came, now if left out; without a time zone it is in this machine's.
            sender: of the envelope.
            recipients: of the envelope.
        """
        when = received or datetime.now(UTC)
        if when.tzinfo is None:
            when = when.astimezone()
        message = Message(0, with_crlf(data), when, frozenset(flags), sender, recipients)
        self._take([message])
        return message

    def remove(self, messages: Iterable[Message]) -> None:
        """Take messages out; one that is gone already does not matter."""
        gone = set(messages)
        with self.lock:
            left = [message for message in self.messages if message not in gone]
            if len(left) == len(self.messages):
                return
            self.messages = left
            self.version += 1
        self._tell()

    def flag(self, messages: Iterable[Message], change: Callable[[Flags], Flags]) -> None:
        """Change flags of messages.

        Args:
            messages: which ones.
            change: the new flags, made of the old ones.
        """
        with self.lock:
            for message in messages:
                message.flags = change(message.flags)
            self.version += 1
        self._tell()

    def copy(self, messages: Iterable[Message], target: Folder, *, move: bool = False) -> None:
        """Copy messages to another folder of the account, or move them: all of them or none (RFC 6851)."""
        with self.lock:
            there = set(self.messages)
            chosen = [message for message in messages if message in there]
            target._take([Message(0, m.data, m.received, m.flags, m.sender, m.recipients) for m in chosen])
            if move:
                self.remove(chosen)

    def snapshot(self) -> tuple[int, tuple[Message, ...]]:
        """The version and the messages that belong to it."""
        with self.lock:
            return self.version, tuple(self.messages)

    def claim_recent(self, last: int) -> int:
        r"""The first message that is \Recent, for the one session that is told of all up to the last one."""
        with self.lock:
            first, self.uid_recent = self.uid_recent, max(self.uid_recent, last + 1)
            return first

    def __len__(self) -> int:
        return len(self.messages)

    def __iter__(self) -> Iterator[Message]:
        return iter(tuple(self.messages))

    def __getitem__(self, index: int) -> Message:
        return self.messages[index]

    def __repr__(self) -> str:
        return f"<Folder {self.name!r}: {len(self)} message{'s' * (len(self) != 1)}>"

    def _take(self, messages: list[Message]) -> None:
        with self.lock:
            for message in messages:
                message.uid = self.uid_next
                self.uid_next += 1
            self.messages += messages
            self.version += 1
        self._tell()

    def _tell(self) -> None:
        for tell in tuple(self.watchers):
            tell()


def with_crlf(data: bytes) -> bytes:
    r"""A mail with each line end as \r\n: a lone \n would let a mail end a POP3 answer too early."""
    ends = data.count(b"\r\n")
    if data.count(b"\n") == ends == data.count(b"\r"):
        return data
    return re.sub(rb"\r\n|\r|\n", b"\r\n", data)
