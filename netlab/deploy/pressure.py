"""Clients that ask without a pause, and what came of it: no request may be lost while a server is restarted."""

from __future__ import annotations

import http.client
import ssl
import statistics
import threading
import time
from collections import Counter
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from netlab.errors import NetlabError, OptionError

SHOWN = 60  # characters of an answer


class Pressure:
    """Clients that ask for one page again and again, for the length of a `with` block.

    Args:
        url: the page.
        clients: how many ask at the same time.
        keep_alive: whether each keeps its connection; else it makes a new one for each request.
        timeout: the seconds after which a client gives up waiting.

    Attributes:
        statuses: how many answers had which status.
        answers: how many answers had which content.
        failures: how many requests had no answer, by their exceptions.
        waits: the seconds that each answer took, connecting included.

    Example:
        >>> with Pressure(server.url, clients=8) as pressure:
        ...     server.reload()
        >>> pressure.failed
        0
    """

    def __init__(
        self, url: str, *, clients: int = 4, keep_alive: bool = False, timeout: float = 10.0
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not parts.port:
            raise OptionError(f"{url!r} is no address of a server here, such as http://127.0.0.1:8000/.")
        if clients < 1:
            raise OptionError("There is no pressure without a client.")
        self._host, self._port = parts.hostname, parts.port
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._context = _context() if parts.scheme == "https" else None
        self._keep_alive = keep_alive
        self._timeout = timeout
        self._news = threading.Condition()
        self._over = threading.Event()
        self.statuses: Counter[int] = Counter()
        self.answers: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self.waits: list[float] = []
        self._threads = [
            threading.Thread(target=self._ask_on, name="netlab-pressure", daemon=True) for _ in range(clients)
        ]

    def __enter__(self) -> Self:
        self._began = time.perf_counter()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._seconds = time.perf_counter() - self._began

    def wait_for(self, count: int, answer: str | None = None, timeout: float = 30.0) -> None:
        """Wait until so many more requests have ended.

        Args:
            count: how many.
            answer: count only those with this content.
            timeout: the seconds after which there is no hope.

        Raises:
            NetlabError: when that many do not come.
        """

        def so_far() -> int:
            return self.answers[answer] if answer is not None else len(self.waits) + self.failures.total()

        with self._news:
            goal = so_far() + count
            if not self._news.wait_for(lambda: so_far() >= goal, timeout):
                raise NetlabError(f"{count} more requests did not end within {timeout:g} seconds: {self!r}")

    @property
    def failed(self) -> int:
        """How many requests had no answer, or one with a status of 500 and above."""
        return self.failures.total() + sum(n for status, n in self.statuses.items() if status >= 500)

    @property
    def rate(self) -> float:
        """Answers a second."""
        seconds = getattr(self, "_seconds", None) or time.perf_counter() - self._began
        return len(self.waits) / seconds

    @property
    def median(self) -> float:
        """The seconds that half of the answers took at the most."""
        return statistics.median(self.waits)

    def __repr__(self) -> str:
        reasons = ", ".join(f"{number} {name}" for name, number in self.failures.items())
        return f"<Pressure: {len(self.waits):,} answers, {self.failed:,} failed{f' ({reasons})' if reasons else ''}>"

    def _ask_on(self) -> None:
        connection = self._connection()
        while not self._over.is_set():
            began = time.perf_counter()
            try:
                connection.request("GET", self._target)
                response = connection.getresponse()
                content = response.read().decode("utf-8", "replace").strip()[:SHOWN]
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                self._note(failure=type(error).__name__)
                self._over.wait(0.01)  # a server that is gone refuses at once: leave it some time
                continue
            if not self._keep_alive:
                connection.close()
            self._note(response.status, content, time.perf_counter() - began)
        connection.close()

    def _note(self, status: int = 0, content: str = "", seconds: float = 0.0, failure: str = "") -> None:
        with self._news:
            if failure:
                self.failures[failure] += 1
            else:
                self.statuses[status] += 1
                self.answers[content] += 1
                self.waits.append(seconds)
            self._news.notify_all()

    def _connection(self) -> http.client.HTTPConnection:
        if self._context:
            return http.client.HTTPSConnection(
                self._host, self._port, timeout=self._timeout, context=self._context
            )
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)


def _context() -> ssl.SSLContext:
    from netlab.servers.tls import client_context

    return client_context()
