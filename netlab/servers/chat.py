"""A chat over TCP: `ChatRoom` says who reads what, this says how it reaches them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import ClassVar

from netlab.servers.chatroom import LONGEST_LINE, ChatRoom, Delivery
from netlab.servers.tcp import FLUSH_TIME, Connection, TCPServer

QUEUE = 128 * 1024  # bytes that wait for a slow reader at the most
TOO_SLOW = "too slow to read"


class _Chatter(Connection):
    server: ChatServer

    def opened(self) -> None:
        self._waiting = b""
        self._timer = asyncio.get_running_loop().call_later(self.server.patience, self._still_nameless)
        self.server.deliver(self.server.room.come(self))

    def received(self, data: bytes) -> None:
        *lines, self._waiting = (self._waiting + data).split(b"\n")
        for line in lines:
            self.server.deliver(self.server.room.hear(self, line))
        if len(self._waiting) > LONGEST_LINE + 1:  # there may be a \r
            self._waiting = b""
            self.server.deliver(self.server.room.refuse_endless(self))

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()
        super().connection_lost(exc)
        self.server.deliver(self.server.room.leave(self))

    def _still_nameless(self) -> None:
        self.server.deliver(self.server.room.refuse_nameless(self, self.server.patience))

    @property
    def too_slow(self) -> bool:
        """Whether more waits for this reader than it may keep waiting."""
        return self.transport.get_write_buffer_size() > QUEUE

    def show_out(self) -> None:
        """Close the connection even if the client reads nothing more, not even why."""
        self.send(f"! you were {TOO_SLOW}\n".encode())
        self.close()
        asyncio.get_running_loop().call_later(FLUSH_TIME, self.transport.abort)


class ChatServer(TCPServer):
    """A room where everybody reads what everybody writes; `netlab.servers.chatroom` has its protocol.

    Nobody can harm the others: who sends endless lines or does not read is shown out.

    Args:
        host: a loopback address.
        port: the port to listen on, 0 for any free one.
        tls: speak TLS.
        most: how many clients it takes.
        patience: seconds that a client has to give a name; until then it takes the place of somebody else.

    Attributes:
        room: who is there.
    """

    connection: ClassVar[type[Connection]] = _Chatter

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        tls: bool = False,
        most: int = 100,
        patience: float = 30.0,
    ) -> None:
        super().__init__(host, port, tls=tls)
        self.patience = patience
        self.room: ChatRoom[_Chatter] = ChatRoom(most)

    def deliver(self, deliveries: Iterable[Delivery[_Chatter]]) -> None:
        """Send lines to their readers; only in the loop's thread."""
        waiting = deque(deliveries)
        while waiting:
            to, line, close = waiting.popleft()
            data = line.encode() + b"\n"
            if to:  # once, however many read it: the transcript is for readers too
                listener = to[0].name if len(to) == 1 else f"{len(to)} clients"
                self.transcript.record("server", listener, data)
            for member in to:
                if member.transport.is_closing():
                    continue
                if member.too_slow:
                    waiting.extend(self.room.leave(member, TOO_SLOW))
                    member.show_out()
                    continue
                member.transport.write(data)
                if close:
                    member.close()
