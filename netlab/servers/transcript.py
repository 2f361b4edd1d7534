"""What was said at a server, by whom: recorded as it happens, shown as a dialogue."""

from __future__ import annotations

import html
import itertools
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from netlab.text import preview

ENTRIES = 1000  # a transcript is for reading: the oldest entries make room for new ones
KEPT = 4 * 1024 * 1024  # bytes that it keeps at the most
SHOWN = 100  # characters of one entry that are shown


@dataclass(frozen=True, slots=True)
class Entry:
    """Something said: when (seconds since the epoch), by whom ("client 1"), to whom ("server"), and what."""

    time: float
    speaker: str
    listener: str
    data: bytes

    def __str__(self) -> str:
        return f"{self.speaker} → {self.listener}: {preview(self.data, SHOWN)}"


class Transcript:
    """The conversation of a server with its clients, as a sequence of entries.

    Clients are numbered in the order in which they came, since their port numbers tell a reader nothing.
    """

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self._size = 0
        self._forgotten = 0
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)

    def new_client(self) -> str:
        """Name the next client: "client 1", "client 2" and so on."""
        return f"client {next(self._numbers)}"

    def record(self, speaker: str, listener: str, data: bytes) -> None:
        """Add what somebody said."""
        with self._lock:
            self._entries.append(Entry(time.time(), speaker, listener, data))
            self._size += len(data)
            while len(self._entries) > ENTRIES or self._size > KEPT:
                self._size -= len(self._entries.popleft().data)
                self._forgotten += 1

    def said_by(self, speaker: str) -> bytes:
        """All that one party said, joined: "server", or a client such as "client 1"."""
        return b"".join(entry.data for entry in self if entry.speaker == speaker)

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        lines = [str(entry) for entry in self]
        if self._forgotten:
            lines.insert(0, f"({self._forgotten:,} earlier entries are no longer kept)")
        return "\n".join(lines) or "(nothing was said)"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        plain = repr(self)
        body = html.escape(plain)
        return {"text/plain": plain, "text/html": f'<pre aria-label="transcript">{body}</pre>'}
