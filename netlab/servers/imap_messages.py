"""The IMAP commands about messages of the selected folder (RFC 3501, section 6.4; MOVE of RFC 6851)."""

# ruff: noqa: N802 (the handlers are named by their verbs)

from __future__ import annotations

from collections.abc import Iterator

from netlab.servers.imap_commands import FlagChange, RefusedError, untagged
from netlab.servers.imap_fetch import Item, named
from netlab.servers.imap_folders import FolderCommands
from netlab.servers.imap_search import Search
from netlab.servers.mailbox import Flags


class MessageCommands(FolderCommands):
    """What can be done with messages. With `uid` the numbers are UIDs (section 6.4.8)."""

    def imap_CHECK(self) -> list[bytes]:
        """Nothing: everything is kept at once (section 6.4.1)."""
        return []

    def imap_CLOSE(self) -> list[bytes]:
        """Leave the folder, and expunge without a word (section 6.4.2)."""
        if not self.selected.read_only:
            self._expunge()
        self.view = None
        return []

    def imap_EXPUNGE(self) -> list[bytes]:
        r"""Take out what is \Deleted; the news tells the numbers (section 6.4.3)."""
        self._must_be_writable()
        self._expunge()
        return []

    def imap_SEARCH(self, search: Search, *, uid: bool = False) -> list[bytes]:
        """The numbers of messages (section 6.4.4)."""
        found = search.find(self.selected)
        numbers = [message.uid if uid else number for number, message in found]
        return [untagged(b" ".join([b"SEARCH", *(b"%d" % number for number in numbers)]))]

    def imap_FETCH(self, sequence: str, items: list[Item], *, uid: bool = False) -> Iterator[bytes]:
        r"""What the client wants of messages; reading makes them \Seen (section 6.4.5)."""
        view = self.selected
        if uid and b"UID" not in [item.label for item in items]:
            items = [named("UID"), *items]
        reads = any(item.reads for item in items) and not view.read_only
        for number, message in view.chosen(sequence, uid=uid):
            extra = []
            if reads and "\\Seen" not in message.flags:
                view.folder.flag([message], lambda flags: flags | {"\\Seen"})
                extra = [named("FLAGS")] if b"FLAGS" not in [item.label for item in items] else []
            start = b"* %d FETCH (" % number
            for item in [*items, *extra]:  # one by one: a mail may be large
                yield start + item.label + b" " + item.value(view, message)
                start = b" "
            yield b")\r\n"

    def imap_STORE(self, sequence: str, change: FlagChange, *, uid: bool = False) -> list[bytes]:
        """Change flags (section 6.4.6)."""
        self._must_be_writable()
        view = self.selected
        chosen = view.chosen(sequence, uid=uid)

        def changed(flags: Flags) -> Flags:
            if change.sign == "+":
                return flags | change.flags
            return flags - change.flags if change.sign == "-" else change.flags

        believed = {message: view.believed(message) for _, message in chosen}
        view.folder.flag(believed, changed)
        if change.silent:
            for message, flags in believed.items():
                view.assume(message, changed(flags))
            return []
        numbers = [b"UID %d " % message.uid if uid else b"" for _, message in chosen]
        return [
            untagged(b"%d FETCH (%sFLAGS %s)" % (number, which, view.flags(message)))
            for which, (number, message) in zip(numbers, chosen, strict=True)
        ]

    def imap_COPY(self, sequence: str, name: str, *, uid: bool = False, move: bool = False) -> list[bytes]:
        """Copy messages to another folder, all or none (section 6.4.7)."""
        view = self.selected
        chosen = [message for _, message in view.chosen(sequence, uid=uid)]
        view.folder.copy(chosen, self.target(name), move=move)
        return []

    def imap_MOVE(self, sequence: str, name: str, *, uid: bool = False) -> list[bytes]:
        """Move them; the news tells which numbers are gone (RFC 6851)."""
        self._must_be_writable()
        return self.imap_COPY(sequence, name, uid=uid, move=True)

    def _expunge(self) -> None:
        view = self.selected
        view.folder.remove(message for message in view.messages if "\\Deleted" in message.flags)

    def _must_be_writable(self) -> None:
        if self.selected.read_only:
            raise RefusedError("this folder is open for reading only: SELECT it")
