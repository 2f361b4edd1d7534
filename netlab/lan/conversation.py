"""A TCP connection of a simulated host, used like a socket: each call lets time pass until it is done."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from netlab.lan.simulation import Simulation
from netlab.lan.tcp import Connection

PATIENCE = 30.0  # seconds: long enough for some retransmissions


class Conversation:
    """An open connection.

    Attributes:
        connection: its states and numbers.
    """

    def __init__(self, connection: Connection, simulation: Simulation) -> None:
        self.connection = connection
        self._simulation = simulation

    def sendall(self, data: bytes) -> None:
        """Send bytes; they are on their way when this returns, as with a socket."""
        if self.connection.error:
            raise self.connection.error
        self.connection.sendall(data)

    def recv(self, timeout: float = PATIENCE) -> bytes:
        """Wait until something has come, and take it.

        Returns:
            What has come; b"" when the other side has closed.

        Raises:
            TimeoutError: when nothing comes.
            ConnectionResetError: when the other side has reset the connection.
        """
        connection = self.connection
        self._simulation.wait(lambda: bool(connection.incoming) or connection.ended, timeout)
        if connection.incoming:
            data = bytes(connection.incoming)
            connection.incoming.clear()
            return data
        if connection.error:
            raise connection.error
        if not connection.ended:
            raise TimeoutError(f"Nothing came in {timeout:g} s.")
        return b""

    def recv_all(self, timeout: float = PATIENCE) -> bytes:
        """Take all that comes until the other side closes."""
        pieces = []
        while piece := self.recv(timeout):
            pieces.append(piece)
        return b"".join(pieces)

    def close(self, timeout: float = PATIENCE) -> None:
        """Close our side, and wait until the other one has closed too."""
        connection = self.connection
        connection.close()
        self._simulation.wait(lambda: connection.state in ("TIME-WAIT", "CLOSED"), timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return repr(self.connection)
