"""Peers for a student's coroutines: an asyncio server around them in a thread, and clients as sockets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from types import TracebackType
from typing import Any, Self

from netlab.exercises import peers

Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[object]]


@contextlib.contextmanager
def conversing(handle: Handle) -> Iterator[tuple[str, int]]:
    """Run an asyncio server with a student's handler in a thread, and yield the address to connect to.

    Raises:
        Exception: what the handler raised, when the block fails too: it is the cause. A ConnectionError that it
            let through is none: asyncio reports those and goes on.
    """
    errors: list[Exception] = []
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def watched(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handle(reader, writer)
        except asyncio.CancelledError:  # by us, at the end; Python 3.11 would print a traceback
            writer.close()
        except ConnectionError:
            pass
        except Exception as error:
            errors.append(error)

    async def serve() -> None:
        async with await asyncio.start_server(watched, sock=listener) as server:
            await stop.wait()
            server.close()
            here = asyncio.current_task()
            for task in asyncio.all_tasks():
                if task is not here:
                    task.cancel()

    def serving() -> None:
        with contextlib.closing(loop):
            loop.run_until_complete(serve())

    with socket.create_server(("127.0.0.1", 0)) as listener, peers.running(serving):
        try:
            yield listener.getsockname()
        except Exception:
            if errors:
                raise errors[0] from None
            raise
        finally:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                loop.call_soon_threadsafe(stop.set)


def together(main: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a coroutine to its end in a loop of its own, whatever loop this thread runs already."""
    results: list[Any] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(asyncio.run(main()))
        except BaseException as error:
            errors.append(error)

    with peers.running(run):
        pass
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError("the coroutine did not end")
    return results[0]


class Client:
    """A client that speaks in lines.

    Args:
        address: of the server.
        *lines: what to say at once.
    """

    def __init__(self, address: tuple[str, int], *lines: str) -> None:
        self.sock = socket.create_connection(address, timeout=peers.TIMEOUT)
        self._received = b""
        for line in lines:
            self.say(line)

    def say(self, line: str) -> None:
        """Send a line of text."""
        self.sock.sendall(line.encode() + b"\n")

    def hear(self) -> str:
        """The next line; nothing at the end of the stream.

        Raises:
            TimeoutError: when none comes.
        """
        while b"\n" not in self._received:
            piece = self.sock.recv(4096)
            if not piece:
                return ""
            self._received += piece
        line, _, self._received = self._received.partition(b"\n")
        return line.decode(errors="replace").rstrip("\r")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.sock.close()
