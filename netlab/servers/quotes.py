r"""Ticker's quotes over raw sockets.

A request is a line of text, a share and a question mark; the answer is a line too:

    AAPL?\n    →    AAPL 430.47\n
    bye\n      →    bye\n            and the server closes the connection

Over UDP each line is a datagram, without the newline. A request may begin with a number of the client's
choice, which the answer repeats, so that a client can tell which of its questions was answered:
`17 AAPL?` → `17 AAPL 430.47`.
"""

from __future__ import annotations

import re
from typing import ClassVar

from netlab.prices import latest_closes
from netlab.servers.tcp import Connection, TCPServer
from netlab.servers.udp import UDPServer

LONGEST_LINE = 1024
_REQUEST = re.compile(rb"(?P<id>\d{1,10} )?(?P<ticker>[A-Z]{1,5})\?")


def answer(request: bytes) -> bytes:
    """Answer one request.

    Args:
        request: a line without its newline.

    Returns:
        The answer, without a newline; it begins with ERR when the request cannot be served.
    """
    match = _REQUEST.fullmatch(request)
    if match is None:
        return b"ERR ask with a share and a question mark, such as AAPL?"
    number, ticker = match["id"] or b"", match["ticker"].decode("ascii")
    price = latest_closes().get(ticker)
    if price is None:
        return number + f"ERR no such share: {ticker}".encode("ascii")
    return number + f"{ticker} {price:.2f}".encode("ascii")


class _QuoteConnection(Connection):
    def opened(self) -> None:
        self._waiting = b""

    def received(self, data: bytes) -> None:
        *lines, self._waiting = (self._waiting + data).split(b"\n")
        for line in lines:
            request = line.removesuffix(b"\r")
            if request == b"bye":
                self.send(b"bye\n")
                self.close()
                return
            self.send(answer(request) + b"\n")
        if len(self._waiting) > LONGEST_LINE:
            self.send(b"ERR the line is too long\n")
            self.close()


class QuoteServer(TCPServer):
    """Ticker over TCP: one line asks for a price, one line answers."""

    connection: ClassVar[type[Connection]] = _QuoteConnection

    def _open(self, host: str, port: int) -> int:
        latest_closes()  # read now, so that the first client waits no longer than the next
        return super()._open(host, port)


class UDPQuoteServer(UDPServer):
    """Ticker over UDP: one datagram asks for a price, one answers."""

    def respond(self, datagram: bytes) -> bytes:
        """Answer a request."""
        return answer(datagram.rstrip(b"\r\n"))
