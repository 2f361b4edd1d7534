"""What a tap saw, as a list of events, and the three ways to look at it: a ladder, bytes, a pcap file."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from netlab.svg import Drawing
from netlab.text import Text, clock, preview, size_of
from netlab.wire.ladder import Arrow, draw_ladder

Party = Literal["client", "server"]
Kind = Literal["open", "data", "lost", "close", "reset", "refused"]

KEPT = 64 * 1024 * 1024  # bytes of data that a recording keeps; what comes later is counted only
ROWS = 60  # messages that a ladder shows

_WORDS: dict[Kind, str] = {
    "open": "connects",
    "close": "closes its side",
    "reset": "resets the connection",
    "refused": "refuses the connection",
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that passed the tap.

    Attributes:
        time: seconds since the recording began.
        connection: the number of the connection (of the client, over UDP), counted from 1.
        sender: which side did it.
        kind: what was done; "lost" is a datagram that the tap did not pass on.
        data: the bytes, for "data" and "lost".
    """

    time: float
    connection: int
    sender: Party
    kind: Kind
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The two addresses of a connection, each (host, port)."""

    client: tuple[str, int]
    server: tuple[str, int]


class Recording:
    """The events of one or many connections in the order in which the tap saw them.

    Attributes:
        transport: "tcp" or "udp".
        began: when the recording began, in seconds since the epoch.
        connections: the endpoints of each connection by its number.
    """

    def __init__(self, transport: Literal["tcp", "udp"]) -> None:
        self.transport = transport
        self.began = time.time()
        self.connections: dict[int, Endpoints] = {}
        self._start = time.perf_counter()
        self._events: list[Event] = []
        self._size = 0
        self._skipped = 0
        self._lock = threading.Lock()

    def add_connection(self, client: tuple[str, int], server: tuple[str, int]) -> int:
        """Note a new connection and return its number."""
        with self._lock:
            number = len(self.connections) + 1
            self.connections[number] = Endpoints(client, server)
        return number

    def add(self, connection: int, sender: Party, kind: Kind, data: bytes = b"") -> None:
        """Note what just happened."""
        now = time.perf_counter() - self._start
        with self._lock:
            if self._size + len(data) > KEPT:
                self._skipped += 1
                return
            self._size += len(data)
            self._events.append(Event(now, connection, sender, kind, data))

    def __iter__(self) -> Iterator[Event]:
        return iter(tuple(self._events))

    def __len__(self) -> int:
        return len(self._events)

    def data(self, sender: Party, connection: int | None = None) -> bytes:
        """All that one side sent, joined; of one connection, or of all."""
        return b"".join(
            e.data
            for e in self
            if e.sender == sender and connection in (None, e.connection) and e.kind == "data"
        )

    def ladder(self) -> Drawing:
        """A sequence diagram of what passed: who, to whom, when, how much, and how it begins."""
        events = list(self)
        first = events[0].time if events else 0.0
        columns = [*self._clients(), "server"]
        arrows = [self._arrow(event, first, len(columns) - 1) for event in events[:ROWS]]
        left_out = len(events) - len(arrows) + self._skipped
        caption = "Source: modelled by the tap from what it passed on."
        if left_out:
            caption += f" {left_out:,} later messages are not shown."
        return draw_ladder(columns, arrows, caption=caption)

    def hexdump(self) -> Text:
        """The bytes of each message, as offset, hex and characters."""
        from netlab.wire.hexview import hexdump

        events = [event for event in self if event.data]
        first = events[0].time if events else 0.0
        names = self._clients()
        blocks = []
        for event in events:
            client = names[event.connection - 1]
            way = f"{client} → server" if event.sender == "client" else f"server → {client}"
            lost = ", lost" if event.kind == "lost" else ""
            title = f"{clock(event.time - first)}  {way}, {size_of(event.data)}{lost}"
            blocks.append(f"{title}\n{hexdump(event.data)}")
        return Text("\n\n".join(blocks) or "(no bytes passed)")

    def save(self, path: str | Path) -> Path:
        """Write a pcap file that Wireshark opens, with modelled Ethernet, IP and TCP or UDP headers.

        Returns:
            The path of the file.
        """
        from netlab.wire.pcap import write_pcap
        from netlab.wire.segments import model

        write_pcap(path, model(self))
        return Path(path)

    def _clients(self) -> list[str]:
        if len(self.connections) <= 1:
            return ["client"]
        return [f"client {number}" for number in self.connections]

    def _arrow(self, event: Event, first: float, server: int) -> Arrow:
        client = event.connection - 1
        ends = (client, server) if event.sender == "client" else (server, client)
        if event.kind in ("data", "lost"):
            note = size_of(event.data) + (", lost" if event.kind == "lost" else "")
            return Arrow(event.time - first, *ends, preview(event.data), note, lost=event.kind == "lost")
        return Arrow(event.time - first, *ends, _WORDS[event.kind], kind="control")
