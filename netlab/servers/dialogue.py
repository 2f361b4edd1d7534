"""A text protocol on a socket: a session says what to answer, this sends it no faster than the client takes it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable

from netlab.servers.tcp import FLUSH_TIME, READ_SIZE, Connection


class Session(ABC):
    """A protocol without a socket: bytes are fed in, and answers asked for until there is none.

    Args:
        record: told each command as a transcript may show it, without passwords.
        can_upgrade: whether STLS or STARTTLS is offered.

    Attributes:
        over: the connection is to be closed once the answers are out.
        upgrading: TLS is to begin once the answers are out; what was fed before has been dropped, and nothing is
            answered until `secured`.
    """

    over = False
    upgrading = False

    def __init__(self, *, record: Callable[[bytes], None] | None = None, can_upgrade: bool = False) -> None:
        self.record = record or (lambda _: None)
        self.can_upgrade = can_upgrade

    @abstractmethod
    def greeting(self) -> bytes:
        """What the server says first."""

    @abstractmethod
    def feed(self, data: bytes) -> None:
        """Take what came from the client."""

    @abstractmethod
    def answer(self) -> bytes | None:
        """The next piece of what there is to say; None when it is the client's turn."""

    @abstractmethod
    def secured(self) -> None:
        """TLS is there, and what is fed from now on came through it."""

    @abstractmethod
    def end(self) -> None:
        """The connection is gone."""


class SessionConnection(Connection, ABC):
    """A connection that a session speaks on.

    Attributes:
        patience: seconds that a client may be silent.
    """

    patience: float

    @abstractmethod
    def new_session(self) -> Session:
        """The session of a client that has just come."""

    def opened(self) -> None:
        """Greet."""
        self.loop = asyncio.get_running_loop()
        self.session = self.new_session()
        self._writable = True
        self._heard_all = False
        self._wait()
        self.send(self.session.greeting())

    def record(self, command: bytes) -> None:
        """Write a client's command into the transcript."""
        self.server.transcript.record(self.name, "server", command)

    def data_received(self, data: bytes) -> None:
        """asyncio: bytes came; the session writes them into the transcript, command by command."""
        self._timer.cancel()
        self._wait()
        self.session.feed(data)
        self.go_on()

    def go_on(self) -> None:
        """Send the next answers; in pieces, so that other clients have their turn, and nothing piles up."""
        if not self._writable or self.session.upgrading or self.transport.is_closing():
            return
        pieces: list[bytes] = []
        size = 0
        while size < READ_SIZE and (piece := self.session.answer()) is not None:
            pieces.append(piece)
            size += len(piece)
        self.send(b"".join(pieces))
        if self.session.upgrading:
            self.start_tls()
        elif size >= READ_SIZE:
            self.transport.pause_reading()
            self.loop.call_soon(self.go_on)
        elif self.session.over or self._heard_all:
            self.close()
        elif self._writable:
            self.transport.resume_reading()

    def eof_received(self) -> bool:
        """asyncio: the client says no more, but may still listen; in TLS there is no such thing."""
        self._heard_all = True
        self.go_on()
        return self.transport.get_extra_info("sslcontext") is None

    def secured(self) -> None:
        """TLS is there; what waited to be written before it does not count any more."""
        self._writable = True
        self.session.secured()

    def pause_writing(self) -> None:
        """asyncio: the client is slow."""
        self._writable = False
        super().pause_writing()

    def resume_writing(self) -> None:
        """asyncio: the client has caught up."""
        self._writable = True
        self._timer.cancel()
        self._wait()
        self.go_on()

    def closed(self) -> None:
        """End the session."""
        self._timer.cancel()
        self.session.end()

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self.patience, self._give_up)

    def _give_up(self) -> None:
        self.close()
        self.loop.call_later(FLUSH_TIME, self.transport.abort)  # it may not be reading either
