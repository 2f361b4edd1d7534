"""Mail as a server keeps it: accounts with folders with messages. SMTP brings mail in, POP3 and IMAP read it."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from netlab.errors import NetlabError, OptionError
from netlab.servers.folder import Flags as Flags
from netlab.servers.folder import Folder as Folder
from netlab.servers.folder import Message as Message

INBOX = "INBOX"
SEPARATOR = "/"  # between the parts of a folder's name
LONGEST_NAME = 100  # characters of a folder's name
MOST_FOLDERS = 200  # of an account


class FolderError(NetlabError, ValueError):
    """A folder cannot be made, renamed or deleted, or does not exist."""


class Account:
    """What belongs to one user.

    Attributes:
        address: the user's mail address, by which they log in.
        folders: by name; "INBOX" is always there.
        subscriptions: the names of folders that a mail program shows.
        locked: whether a POP3 session has it for itself (RFC 1939, section 4).
        lock: held by who changes a folder.
    """

    def __init__(self, address: str, password: str) -> None:
        self.address = address
        self.lock = threading.RLock()
        self.folders: dict[str, Folder] = {INBOX: Folder(INBOX, self.lock)}
        self.subscriptions: set[str] = {INBOX}
        self.locked = False
        self._password = password

    def accepts(self, password: str) -> bool:
        """Whether that is the password."""
        return hmac.compare_digest(password.encode(), self._password.encode())

    @property
    def inbox(self) -> Folder:
        """Where new mail comes."""
        return self.folders[INBOX]

    def create(self, name: str) -> Folder:
        """Make a folder, and those above it: "Work/2013" is in "Work".

        Raises:
            FolderError: when it exists, or the name will not do, or there are too many.
        """
        check_folder_name(name)
        with self.lock:
            if name in self.folders:
                raise FolderError(f"There is a folder {name!r} already: choose another name.")
            missing = [each for each in [*parents(name), name] if each not in self.folders]
            if len(self.folders) + len(missing) > MOST_FOLDERS:
                raise FolderError(f"An account has at most {MOST_FOLDERS} folders: delete some.")
            for each in missing:
                self.folders = {**self.folders, each: Folder(each, self.lock)}
            return self.folders[name]

    def delete(self, name: str) -> None:
        """Delete a folder and its messages; folders inside it stay.

        Raises:
            FolderError: for the inbox, and when there is no such folder.
        """
        if name == INBOX:
            raise FolderError("The inbox cannot be deleted: delete its messages.")
        with self.lock:
            folder = self.folder(name)
            self.folders = {key: each for key, each in self.folders.items() if key != name}
            folder.remove(folder.messages)

    def rename(self, old: str, new: str) -> None:
        """Rename a folder with those inside it; of the inbox, move the messages (RFC 3501, section 6.3.5).

        Raises:
            FolderError: when there is no such folder, or the new name is taken or will not do.
        """
        with self.lock:
            if old == INBOX:
                self.inbox.copy(self.inbox, self.create(new), move=True)
                return
            moved = {name: new + name[len(old) :] for name in self.folders if is_within(name, old)}
            if not moved:
                self.folder(old)
            if is_within(new, old):
                raise FolderError(f"{new!r} would be inside {old!r} itself: choose another name.")
            for name in moved.values():
                check_folder_name(name)
                if name in self.folders:
                    raise FolderError(f"There is a folder {name!r} already: choose another name.")
            for parent in parents(new):
                if parent not in self.folders:
                    self.create(parent)
            self.folders = {moved.get(name, name): folder for name, folder in self.folders.items()}
            for name in moved.values():
                self.folders[name].name = name

    def folder(self, name: str) -> Folder:
        """The folder of a name.

        Raises:
            FolderError: when there is none.
        """
        try:
            return self.folders[name]
        except KeyError:
            there = ", ".join(self.folders)
            raise FolderError(f"There is no folder {name!r}. There are: {there}.") from None

    def __repr__(self) -> str:
        counts = ", ".join(f"{name} {len(folder)}" for name, folder in self.folders.items())
        return f"<Account {self.address}: {counts}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        from netlab.servers.inbox import account_html

        return {"text/plain": repr(self), "text/html": account_html(self)}


class Mailbox:
    """The mail of all users, shared by the servers for it.

    Args:
        users: passwords by mail address.

    Attributes:
        accounts: by address in small letters.

    Raises:
        OptionError: for an address without a name or a domain.
    """

    def __init__(self, users: Mapping[str, str]) -> None:
        self.accounts: dict[str, Account] = {}
        for address, password in users.items():
            name, at, domain = address.partition("@")
            if not (name and at and domain):
                raise OptionError(f"{address!r} is not a mail address: write it as 'ada@ticker.example'.")
            self.accounts[address.lower()] = Account(address, password)

    def find(self, address: str) -> Account | None:
        """The account of an address, None if there is none; capitals do not matter."""
        return self.accounts.get(address.lower())

    def login(self, address: str, password: str) -> Account | None:
        """The account, if the password is right."""
        account = self.find(address)
        return account if account and account.accepts(password) else None

    def deliver(self, recipient: str, data: bytes, *, sender: str, recipients: tuple[str, ...]) -> Message:
        """Put a mail into a recipient's inbox.

        Raises:
            KeyError: when nobody has the address.
        """
        return self[recipient].inbox.add(data, sender=sender, recipients=recipients)

    def __getitem__(self, address: str) -> Account:
        account = self.find(address)
        if account is None:
            known = ", ".join(each.address for each in self.accounts.values())
            raise KeyError(f"Nobody here has the address {address!r}. There are: {known}.")
        return account

    def __iter__(self) -> Iterator[Account]:
        return iter(self.accounts.values())

    def __repr__(self) -> str:
        return f"<Mailbox of {', '.join(account.address for account in self)}>"


def check_folder_name(name: str) -> None:
    """Refuse a name that cannot be listed, or is too long.

    Raises:
        FolderError: with the reason.
    """
    if not name.isprintable() or any(sign in name for sign in "*%"):
        raise FolderError("A folder's name has no control characters, no * and no %: choose another.")
    if not all(name.split(SEPARATOR)):
        raise FolderError(f"No part of a folder's name is empty: write it as 'Work{SEPARATOR}2013'.")
    if len(name) > LONGEST_NAME:
        raise FolderError(f"A folder's name has at most {LONGEST_NAME} characters: choose a shorter one.")


def parents(name: str) -> list[str]:
    """The names of the folders that a folder is in, the outermost first."""
    parts = name.split(SEPARATOR)
    return [SEPARATOR.join(parts[:count]) for count in range(1, len(parts))]


def is_within(name: str, folder: str) -> bool:
    """Whether a name is that of a folder, or of one inside it."""
    return name == folder or name.startswith(folder + SEPARATOR)
