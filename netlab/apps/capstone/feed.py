r"""An exchange, and who listens to it (lessons 03 and 05).

The tape goes out over UDP, a datagram for each price, with a number:

    17 AAPL,2013-01-24,460.0,465.73,450.25,450.5,52173300,61.117…

A datagram may be lost, and nobody sends it again. But it has a number: the listener sees the gap, and asks for what is
missing over TCP, a line for a line. Real exchanges do it in this way, the tape by multicast.

    LAST?\n  →  17\n
    17?\n    →  17 AAPL,2013-01-24,…\n
"""

from __future__ import annotations

import csv
import re
import socket
import threading
from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar

from netlab.errors import NetlabError
from netlab.paths import data_dir
from netlab.servers.base import Address
from netlab.servers.tcp import Connection, TCPServer
from netlab.servers.udp import UDPServer

BEGIN = "2013-01-23"  # the first day that the exchange brings; what was before is in the database
LONGEST_LINE = 256
TIMEOUT = 5.0  # seconds for an answer


def trading_days(first: str = BEGIN) -> dict[str, list[str]]:
    """The lines of `stocks.csv` from a day on, by their days."""
    days: dict[str, list[str]] = defaultdict(list)
    with (data_dir() / "stocks.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            if row[1] >= first and row[1] != "Date":
                days[row[1]].append(",".join(row))
    return {day: sorted(days[day]) for day in sorted(days)}


class _Replay(Connection):
    """Somebody who missed something."""

    server: Exchange

    def opened(self) -> None:
        """Nothing has been said."""
        self._waiting = b""

    def received(self, data: bytes) -> None:
        """Answer each line."""
        *lines, self._waiting = (self._waiting + data).split(b"\n")
        for line in lines:
            self.send(self.server.answer(line.strip()) + b"\n")
        if len(self._waiting) > LONGEST_LINE:
            self.close()


class Exchange(TCPServer):
    """Publishes a day's prices on its tape, and repeats what was missed over TCP.

    Args:
        days: the lines of each day, as `trading_days` returns them.
        port: for what was missed.

    Attributes:
        tape: all lines that were published, in order.
    """

    connection: ClassVar[type[Connection]] = _Replay

    def __init__(self, days: dict[str, list[str]], port: int = 0) -> None:
        super().__init__(port=port)
        self._days = iter(days.items())
        self.tape: list[str] = []

    def publish(self, listener: Address) -> str:
        """Send the next day's prices to a listener, and return the day.

        Raises:
            NetlabError: when there is no other day.
        """
        day, lines = next(self._days, ("", []))
        if not day:
            raise NetlabError("The prices end on 2013-03-01: the exchange has no other day.")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for line in lines:
                self.tape.append(line)
                sock.sendto(f"{len(self.tape)} {line}".encode("ascii"), listener)
        return day

    def answer(self, request: bytes) -> bytes:
        """Answer one request."""
        if request == b"LAST?":
            return b"%d" % len(self.tape)
        match = re.fullmatch(rb"(\d{1,9})\?", request)
        if match and 1 <= int(match[1]) <= len(self.tape):
            return match[1] + b" " + self.tape[int(match[1]) - 1].encode("ascii")
        return b"ERR ask LAST? or for a number, such as 17?"


class TapeListener(UDPServer):
    """Takes down what comes on the tape, by its number.

    Attributes:
        received: how many datagrams have come.
    """

    def __init__(self, port: int = 0) -> None:
        super().__init__(port=port)
        self._lines: dict[int, str] = {}
        self._guard = threading.Lock()
        self.received = 0

    def respond(self, datagram: bytes) -> None:
        """Keep a line; what is no line is ignored, and what came twice is kept once."""
        self.received += 1
        match = re.fullmatch(rb"(\d{1,9}) ([\x20-\x7e]{1,200})", datagram)
        if match:
            with self._guard:
                self._lines[int(match[1])] = match[2].decode("ascii")

    def take(self) -> dict[int, str]:
        """What has come since the last time, by its number."""
        with self._guard:
            lines, self._lines = self._lines, {}
        return lines


class Replay:
    """A client of the exchange's replay, in `with`.

    Raises:
        OSError: when there is no exchange.
    """

    def __init__(self, address: Address) -> None:
        self._socket = socket.create_connection(address, timeout=TIMEOUT)
        self._reader = self._socket.makefile("rb")

    def __enter__(self) -> Replay:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()
        self._socket.close()

    def last(self) -> int:
        """The number of the last line."""
        return int(self._ask(b"LAST?"))

    def lines(self, numbers: Iterable[int]) -> dict[int, str]:
        """Some lines by their numbers."""
        return {number: self._ask(b"%d?" % number).partition(" ")[2] for number in numbers}

    def _ask(self, request: bytes) -> str:
        self._socket.sendall(request + b"\n")
        line = self._reader.readline(LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise ConnectionResetError("The exchange ended the conversation.")
        return line.decode("ascii").rstrip()
