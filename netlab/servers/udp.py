"""UDP servers on the shared background loop: one datagram in, at most one out.

They use the socket itself: asyncio's transport would swallow an empty datagram before Python 3.13.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Any, ClassVar, Literal, cast

from netlab.servers.base import Server
from netlab.servers.loop import background_loop

LARGEST_DATAGRAM = 65535
CLIENTS = 1024  # senders whose number in the transcript is remembered


def bound_udp_socket(host: str, port: int = 0) -> socket.socket:
    """A non-blocking UDP socket, IPv4 or IPv6 as the host is, bound to the port (0 for a free one)."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    try:
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


class UDPServer(Server):
    """A UDP server; a subclass says in `respond` what to answer."""

    transport: ClassVar[Literal["tcp", "udp"]] = "udp"
    scheme: ClassVar[str] = "udp"

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(host, port)
        self._names: dict[Any, str] = {}

    def respond(self, datagram: bytes) -> bytes | None:
        """Return the answer to a datagram, None for no answer."""
        raise NotImplementedError

    def name_of(self, sender: Any) -> str:
        """The name of a sender in the transcript: "client 1" and so on, in order of appearance."""
        if sender not in self._names:
            if len(self._names) == CLIENTS:
                del self._names[next(iter(self._names))]
            self._names[sender] = self.transcript.new_client()
        return self._names[sender]

    def _open(self, host: str, port: int) -> int:
        self._socket = bound_udp_socket(host, port)
        background_loop().call(lambda: asyncio.get_running_loop().add_reader(self._socket, self._receive))
        return cast("int", self._socket.getsockname()[1])

    def _close(self) -> None:
        background_loop().call(lambda: asyncio.get_running_loop().remove_reader(self._socket))
        self._socket.close()

    def _receive(self) -> None:
        try:
            datagram, sender = self._socket.recvfrom(LARGEST_DATAGRAM)
        except OSError:  # an earlier answer found nobody listening
            return
        name = self.name_of(sender)
        self.transcript.record(name, "server", datagram)
        answer = self.respond(datagram)
        if answer is not None:
            self.transcript.record("server", name, answer)
            with contextlib.suppress(OSError):  # too large, or no room in the buffer: lost, as networks do
                self._socket.sendto(answer, sender)
