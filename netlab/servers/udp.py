"""UDP servers on the shared background loop: one datagram in, at most one out."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, Literal, cast

from netlab.servers.base import Server
from netlab.servers.loop import background_loop

CLIENTS = 1024  # senders whose number in the transcript is remembered


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
        async def bind() -> int:
            transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: _Datagrams(self), (host, port)
            )
            self._transport = transport
            return cast("int", transport.get_extra_info("sockname")[1])

        return background_loop().run(bind())

    def _close(self) -> None:
        async def unbind() -> None:
            self._transport.close()
            await asyncio.sleep(0)  # the socket itself is closed by a callback of the loop

        background_loop().run(unbind())


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: UDPServer) -> None:
        self.server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        transcript, sender = self.server.transcript, self.server.name_of(addr)
        transcript.record(sender, "server", data)
        answer = self.server.respond(data)
        if answer is not None:
            transcript.record("server", sender, answer)
            self.transport.sendto(answer, addr)
