r"""What one session knows of the folder that it has selected: message numbers are each session's own.

A message's number changes only when its session has been told (RFC 3501, section 7.4.1): a message that another
session has expunged keeps its place here until then. Comparing what was told with what is there gives the news.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from netlab.servers.imap_syntax import BadCommandError, ranges, written_flags
from netlab.servers.mailbox import Flags, Folder, Message


class View:
    r"""A selected folder.

    Args:
        folder: the folder.
        read_only: whether EXAMINE has opened it.

    Attributes:
        messages: those the client knows of; number 1 is the first.
        recent: those that no session knew of before this one (`\Recent`).
    """

    def __init__(self, folder: Folder, *, read_only: bool) -> None:
        self.folder = folder
        self.read_only = read_only
        self.messages: list[Message] = []
        self.recent: set[Message] = set()
        self._told: dict[Message, Flags] = {}
        self._last_uid = 0
        self._version = -1
        self.news()

    def news(self, *, expunges: bool = True) -> list[bytes]:
        """What the client has not been told yet: EXPUNGE, FETCH with flags, EXISTS and RECENT.

        Args:
            expunges: whether the numbers may change now.
        """
        version, there = self.folder.snapshot()
        if version == self._version:
            return []
        lines = self._expunged(set(there)) if expunges else []
        for number, message in enumerate(self.messages, 1):
            if self._told[message] != message.flags:
                lines.append(b"%d FETCH (FLAGS %s)" % (number, self.flags(message)))
        lines += self._arrived(there)
        self._version = version if expunges else -1
        return lines

    def _expunged(self, there: set[Message]) -> list[bytes]:
        lines = []
        for index in range(len(self.messages) - 1, -1, -1):
            message = self.messages[index]
            if message not in there:
                del self.messages[index], self._told[message]
                self.recent.discard(message)
                lines.append(b"%d EXPUNGE" % (index + 1))
        return lines

    def _arrived(self, there: tuple[Message, ...]) -> list[bytes]:
        new = there[bisect_right(there, self._last_uid, key=_uid) :]
        if not new:
            return []
        first_recent = self.folder.uid_recent if self.read_only else self.folder.claim_recent(new[-1].uid)
        self.recent.update(message for message in new if message.uid >= first_recent)
        self._told.update((message, message.flags) for message in new)
        self.messages += new
        self._last_uid = new[-1].uid
        return [b"%d EXISTS" % len(self.messages), b"%d RECENT" % len(self.recent)]

    def flags(self, message: Message) -> bytes:
        r"""A message's flags, `\Recent` included, as an answer has them; from now on the client knows them."""
        self._told[message] = message.flags
        return written_flags({*message.flags, "\\Recent"} if message in self.recent else message.flags)

    def assume(self, message: Message, flags: Flags) -> None:
        """The client believes that these are the message's flags."""
        self._told[message] = flags

    def believed(self, message: Message) -> Flags:
        """The flags that the client has been told of."""
        return self._told[message]

    def chosen(self, sequence: str, *, uid: bool) -> list[tuple[int, Message]]:
        """The messages of a set of numbers, each with its number; a UID that nobody has does not matter.

        Raises:
            BadCommandError: for a message number that there is not.
        """
        count = len(self.messages)
        last = (self.messages[-1].uid if self.messages else 0) if uid else count
        found = ranges(sequence, last)
        if not uid and (found[0][0] < 1 or found[-1][1] > count):
            raise BadCommandError(f"there are only messages 1 to {count}" if count else "there is no message")
        messages: list[tuple[int, Message]] = []
        for first, until in found:
            if uid:
                start = bisect_left(self.messages, first, key=_uid)
                end = bisect_right(self.messages, until, key=_uid)
            else:
                start, end = first - 1, until
            messages += enumerate(self.messages[start:end], start + 1)
        return messages


def _uid(message: Message) -> int:
    return message.uid
