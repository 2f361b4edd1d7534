"""Clients that no server should have to trust."""

import contextlib
import resource
import socket
from collections.abc import Iterator

import pytest

from netlab.servers import Mailbox
from netlab.servers.imap_session import IMAPSession


@pytest.fixture
def connect() -> Iterator:
    """Connect to an address with a time limit; every socket is closed after the test."""
    with contextlib.ExitStack() as stack:

        def connect(address, timeout=5):
            return stack.enter_context(socket.create_connection(address, timeout=timeout))

        yield connect


@pytest.fixture
def udp() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        yield sock


@pytest.fixture
def many_files() -> Iterator[None]:
    """Let the process open as many files as the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard) if hard > 0 else 8192, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def receive_all():
    """Everything until the other side closes."""

    def receive_all(sock: socket.socket) -> bytes:
        received = b""
        while piece := sock.recv(65536):
            received += piece
        return received

    return receive_all


@pytest.fixture
def mailbox() -> Mailbox:
    """Two users, nothing in their inboxes."""
    return Mailbox({"ada@ticker.example": "lovelace", "bob@ticker.example": "builder"})


class Spoken:
    """A session to talk to, without a socket.

    Args:
        session: POP3 or IMAP.
        size: how many bytes come at a time, None for all.
    """

    def __init__(self, session, size: int | None = None) -> None:
        self.session = session
        self.size = size

    def hear(self) -> bytes:
        """What the server says now."""
        return b"".join(iter(self.session.answer, None))

    def say(self, text: str | bytes) -> bytes:
        """Send lines, and return what is answered."""
        data = text.encode() if isinstance(text, str) else text
        size = self.size or max(len(data), 1)
        heard = b""
        for start in range(0, len(data), size):
            self.session.feed(data[start : start + size])
            heard += self.hear()
        return heard

    def lines(self, command: str | bytes) -> list[str]:
        """Send one IMAP command without its tag; the untagged lines that come before its OK."""
        data = command.encode() if isinstance(command, str) else command
        heard = self.say(b"t " + data + b"\r\n").decode("utf-8")
        *untagged, tagged, end = heard.split("\r\n")
        assert tagged.startswith("t OK"), heard
        assert end == ""
        return [line.removeprefix("* ") for line in untagged]


@pytest.fixture
def spoken() -> type[Spoken]:
    """Talk to a session without a socket."""
    return Spoken


@pytest.fixture
def imap(mailbox):
    """Open an IMAP session of Ada's: logged in, and with a folder selected if one is named."""

    def open_session(folder: str = "", **options) -> Spoken:
        spoken = Spoken(IMAPSession(mailbox, **options))
        spoken.lines("LOGIN ada@ticker.example lovelace")
        if folder:
            spoken.lines(f"SELECT {folder}")
        return spoken

    return open_session
