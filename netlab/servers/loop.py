"""The one background event loop that every asynchronous server and tap of netlab shares.

It runs in a daemon thread of its own, so that the notebook kernel's loop is never touched and a
blocking call in a cell does not stop a server.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from netlab.errors import NetlabError

T = TypeVar("T")

log = logging.getLogger("netlab")
log.addHandler(logging.NullHandler())  # a line printed from this thread would land in whichever cell runs


class BackgroundLoop:
    """An asyncio event loop in a daemon thread.

    Attributes:
        loop: the event loop; only touch it from its own thread.
    """

    def __init__(self) -> None:
        self.loop = asyncio.SelectorEventLoop()  # also on Windows: taps need add_reader
        self.loop.set_exception_handler(_log_exception)
        self._thread = threading.Thread(target=self.loop.run_forever, name="netlab-loop", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Run a coroutine on the loop and wait for its result.

        Args:
            coroutine: what to run; it is cancelled if the caller gives up.
            timeout: the longest wait in seconds; None waits for ever.

        Raises:
            TimeoutError: when the coroutine takes longer than the timeout.
            NetlabError: when called from the loop's own thread, which would wait for itself.
        """
        if threading.current_thread() is self._thread:
            coroutine.close()
            raise NetlabError("This would block the background loop for ever: await the coroutine instead.")
        future = asyncio.run_coroutine_threadsafe(coroutine, self.loop)
        try:
            return future.result(timeout)
        except BaseException:
            future.cancel()
            raise

    def call(self, function: Callable[..., T], *args: object) -> T:
        """Call a plain function in the loop's thread and wait for its result."""

        async def caller() -> T:
            return function(*args)

        return self.run(caller())


_shared: BackgroundLoop | None = None
_lock = threading.Lock()
_abandoned: list[BackgroundLoop] = []


def background_loop() -> BackgroundLoop:
    """The shared loop, started when it is first asked for."""
    global _shared
    with _lock:
        if _shared is None:
            _shared = BackgroundLoop()
        return _shared


def _forget_after_fork() -> None:
    """Let a forked child start a loop of its own.

    The inherited one has no thread, and must not be closed: its epoll set is the parent's too.
    """
    global _shared, _lock
    _lock = threading.Lock()
    if _shared is not None:
        _abandoned.append(_shared)
        _shared = None


async def close_listener(listener: asyncio.Server) -> None:
    """Close a listening socket once the connections that it is just accepting have been made.

    Closed at once, asyncio would neither serve nor close them, and their clients would wait for ever.
    """
    for sock in listener.sockets:
        asyncio.get_running_loop().remove_reader(sock.fileno())
    await let_the_loop_read()
    listener.close()


async def let_the_loop_read() -> None:
    """Let the loop take what its sockets hold already; each of its turns takes a step."""
    for _ in range(10):
        await asyncio.sleep(0)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)


def _log_exception(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    log.error(context["message"], exc_info=context.get("exception"))
