"""The IMAP commands about folders (RFC 3501, section 6.3; IDLE of RFC 2177)."""

# ruff: noqa: N802 (the handlers are named by their verbs)

from __future__ import annotations

from collections.abc import Callable

from netlab.servers.imap_commands import Handlers, NewMessage, RefusedError, untagged
from netlab.servers.imap_names import matches, with_levels
from netlab.servers.imap_syntax import SYSTEM_FLAGS, BadCommandError, written_flags, written_name
from netlab.servers.imap_view import View
from netlab.servers.mailbox import SEPARATOR, Folder


class FolderCommands(Handlers):
    """What can be done with folders.

    Attributes:
        wake: to be called when the selected folder has changed while the client idles.
    """

    wake: Callable[[], None]

    def imap_SELECT(self, name: str, *, read_only: bool = False) -> list[bytes]:
        """Open a folder (section 6.3.1); if that fails, none is open."""
        self.view = None
        folder = self.existing(name)
        self.view = view = View(folder, read_only=read_only)
        keywords = {flag for message in view.messages for flag in message.flags}
        self.code = "[READ-ONLY] " if read_only else "[READ-WRITE] "
        lines = [
            b"FLAGS " + written_flags(keywords.union(SYSTEM_FLAGS)),
            b"%d EXISTS" % len(view.messages),
            b"%d RECENT" % len(view.recent),
        ]
        unseen = [number for number, each in enumerate(view.messages, 1) if "\\Seen" not in each.flags]
        if unseen:
            lines.append(b"OK [UNSEEN %d] the first one not read" % unseen[0])
        lines += [
            b"OK [PERMANENTFLAGS %s] these are kept"
            % (b"()" if read_only else written_flags([*SYSTEM_FLAGS, "\\*"])),
            b"OK [UIDNEXT %d] the next number" % folder.uid_next,
            b"OK [UIDVALIDITY %d] numbers hold as long as this one" % folder.uid_validity,
        ]
        return [untagged(line) for line in lines]

    def imap_EXAMINE(self, name: str) -> list[bytes]:
        """Open a folder without changing anything (section 6.3.2)."""
        return self.imap_SELECT(name, read_only=True)

    def imap_CREATE(self, name: str) -> list[bytes]:
        """Make a folder; a separator at the end says that others will be in it (section 6.3.3)."""
        self.account.create(name.removesuffix(SEPARATOR))
        return []

    def imap_DELETE(self, name: str) -> list[bytes]:
        """Delete a folder (section 6.3.4)."""
        self.account.delete(name)
        return []

    def imap_RENAME(self, old: str, new: str) -> list[bytes]:
        """Rename a folder (section 6.3.5)."""
        self.account.rename(old, new.removesuffix(SEPARATOR))
        return []

    def imap_SUBSCRIBE(self, name: str) -> list[bytes]:
        """Let a folder be shown; it stays so when the folder is gone (section 6.3.6)."""
        self.existing(name)
        self.account.subscriptions.add(name)
        return []

    def imap_UNSUBSCRIBE(self, name: str) -> list[bytes]:
        """Let a folder no longer be shown (section 6.3.7)."""
        self.account.subscriptions.discard(name)
        return []

    def imap_LIST(self, reference: str, pattern: str) -> list[bytes]:
        r"""The folders that fit a pattern, and the levels above them (section 6.3.8).

        A level that is no folder is `\Noselect`.
        """
        if not pattern:  # the client wants to know the separator
            return [listing("LIST", "", is_folder=False)]
        folders = set(self.account.folders)
        return [
            listing("LIST", name, is_folder=name in folders)
            for name in sorted(with_levels(folders))
            if matches(reference + pattern, name)
        ]

    def imap_LSUB(self, reference: str, pattern: str) -> list[bytes]:
        """The same of folders that are shown; levels above them only for a `%` at the end (section 6.3.9)."""
        shown = self.account.subscriptions
        names = with_levels(shown) if pattern.endswith("%") else shown
        return [
            listing("LSUB", name, is_folder=name in shown)
            for name in sorted(names)
            if matches(reference + pattern, name)
        ]

    def imap_STATUS(self, name: str, items: list[str]) -> list[bytes]:
        """What there is to know of a folder without opening it (section 6.3.10)."""
        folder = self.existing(name)
        messages = folder.snapshot()[1]
        values = {
            "MESSAGES": len(messages),
            "RECENT": sum(each.uid >= folder.uid_recent for each in messages),
            "UIDNEXT": folder.uid_next,
            "UIDVALIDITY": folder.uid_validity,
            "UNSEEN": sum("\\Seen" not in each.flags for each in messages),
        }
        told = " ".join(f"{item} {values[item]}" for item in items)
        return [untagged(b"STATUS %s (%s)" % (written_name(name), told.encode()))]

    def imap_APPEND(self, name: str, new: NewMessage) -> list[bytes]:
        """Put a mail into a folder (section 6.3.11)."""
        self.target(name).add(new.data, new.flags, received=new.received)
        return []

    def imap_IDLE(self) -> list[bytes]:
        """Tell what happens as it happens, until the client says DONE (RFC 2177)."""
        if self.view:
            self.view.folder.watchers.add(self.wake)
        self.then = self.imap_DONE
        return [b"+ idling\r\n"]

    def imap_DONE(self, line: bytes) -> list[bytes]:
        """The end of IDLE."""
        self.stop_watching()
        if line.upper() != b"DONE":
            raise BadCommandError("IDLE ends with DONE")
        return []

    def stop_watching(self) -> None:
        """No longer be woken."""
        if self.view:
            self.view.folder.watchers.discard(self.wake)

    def existing(self, name: str) -> Folder:
        """A folder that is there."""
        folder = self.account.folders.get(name)
        if folder is None:
            raise RefusedError("[NONEXISTENT] there is no such folder")
        return folder

    def target(self, name: str) -> Folder:
        """A folder to put messages into; a client may make one that is missing (section 7.1)."""
        folder = self.account.folders.get(name)
        if folder is None:
            raise RefusedError("[TRYCREATE] there is no such folder; create it")
        return folder


def listing(verb: str, name: str, *, is_folder: bool) -> bytes:
    """A line of LIST."""
    attributes = b"" if is_folder else b"\\Noselect"
    return untagged(b'%s (%s) "%s" %s' % (verb.encode(), attributes, SEPARATOR.encode(), written_name(name)))
