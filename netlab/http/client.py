"""A client that hides nothing: it sends the bytes it is given and shows every byte that passes."""

from __future__ import annotations

import html
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from netlab.errors import NetlabError, OptionError
from netlab.http.messages import HTTPSyntaxError, Request, Response
from netlab.http.reader import UNTIL_CLOSE, MessageReader, find_framing
from netlab.svg import MONO, PALETTE
from netlab.text import preview, size_of

SHOWN_LINES = 40  # of what one side says in a turn
SHOWN_WIDTH = 110
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Turn:
    """What the client sent, the bytes that came back, and the responses that were in them."""

    sent: bytes
    received: bytes
    responses: tuple[Response, ...]


@dataclass(frozen=True)
class Exchange:
    """A conversation over one connection; in a notebook it shows itself as a dialogue, line ends included.

    Attributes:
        turns: each request with what came back.
        ending: how the conversation ended.
    """

    turns: tuple[Turn, ...]
    ending: str

    @property
    def sent(self) -> bytes:
        """All that the client sent."""
        return b"".join(turn.sent for turn in self.turns)

    @property
    def received(self) -> bytes:
        """All that the server sent."""
        return b"".join(turn.received for turn in self.turns)

    @cached_property
    def responses(self) -> tuple[Response, ...]:
        """The responses in their order, interim ones (1xx) included."""
        return tuple(response for turn in self.turns for response in turn.responses)

    @property
    def response(self) -> Response:
        """The last response.

        Raises:
            NetlabError: when there was none.
        """
        if not self.responses:
            raise NetlabError(f"There was no whole response; {self.ending}. Look at what was sent: `.sent`.")
        return self.responses[-1]

    def _parts(self) -> Iterator[tuple[str, list[str]]]:
        for turn in self.turns:
            yield "client → server", _lines(turn.sent)
            if turn.received:
                yield "server → client", _lines(turn.received)

    def __repr__(self) -> str:
        lines: list[str] = []
        for who, said in self._parts():
            lines += [who, *("    " + line for line in said)]
        return "\n".join([*lines, f"({self.ending})"])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        colours = {"client → server": PALETTE["orange"], "server → client": PALETTE["sky"]}
        style = f"margin:0;white-space:pre-wrap;font-family:{MONO}"
        blocks = [
            f'<div style="border-left:4px solid {colours[who]};padding-left:10px;margin:6px 0">'
            f'<div><strong>{who}</strong></div><pre style="{style}">{html.escape(chr(10).join(said))}</pre></div>'
            for who, said in self._parts()
        ]
        ending = f"<div><em>{html.escape(self.ending)}</em></div>"
        return {"text/plain": repr(self), "text/html": f"<div>{''.join(blocks)}{ending}</div>"}


def exchange(
    where: str | tuple[str, int],
    *requests: bytes | Request,
    timeout: float = 2.0,
    tls: ssl.SSLContext | None = None,
) -> Exchange:
    """Send requests over one connection, byte for byte, and read what comes back.

    The bytes need not be HTTP: that is how to see what a server makes of a mistake.

    Args:
        where: a pair (host, port) or a URL, of which the host and the port are used.
        *requests: sent one after the other, each when the one before has been answered.
        timeout: seconds of silence after which the client gives up.
        tls: a context for TLS; for an https URL the course's own authority is trusted if it is None.

    Raises:
        OptionError: for a URL that is none.
        OSError: when there is no connection.
    """
    host, port, tls = _destination(where, tls)
    turns: list[Turn] = []
    ending = "nothing was sent"
    with socket.create_connection((host, port), timeout=timeout) as connection:
        sock = tls.wrap_socket(connection, server_hostname=host) if tls else connection
        with sock:
            for request in requests:
                turn, end = _take_turn(sock, request.pack() if isinstance(request, Request) else request)
                turns.append(turn)
                ending = end or "the client closed the connection"
                if end:
                    break
    return Exchange(tuple(turns), ending)


def _destination(
    where: str | tuple[str, int], tls: ssl.SSLContext | None
) -> tuple[str, int, ssl.SSLContext | None]:
    if not isinstance(where, str):
        return (*where, tls)
    url = urlsplit(where)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise OptionError(f"{where!r} is no URL: write http://host:port/ or give the pair (host, port).")
    if url.scheme == "https" and tls is None:
        from netlab.servers.tls import client_context

        tls = client_context()
    return url.hostname, url.port or (443 if url.scheme == "https" else 80), tls


def _take_turn(sock: socket.socket, request: bytes) -> tuple[Turn, str]:
    """Send a request and read its answer; the string says why nothing more can follow, if so."""
    methods = _methods(request)
    reader = MessageReader(Response, methods.pop(0))
    received = bytearray()
    responses: list[Response] = []
    ending = ""
    answered = False
    try:
        sock.sendall(request)
        while not (answered or ending):
            piece = sock.recv(65536)
            received += piece
            if not piece:
                ending = "the server closed the connection" + ("" if received else " without a word")
            for response in reader.feed(piece) if piece else reader.close():
                responses.append(response)
                if response.status >= 200:
                    answered = not methods and not _closes(response, reader.method)
                    reader.method = methods.pop(0) if methods else "GET"
    except TimeoutError:
        ending = f"nothing more came within {sock.gettimeout():g} s"
    except HTTPSyntaxError as error:
        ending = f"{ending} early: {error}" if ending else f"what came is no HTTP: {error}"
    except OSError as error:
        ending = f"the connection broke: {error.strerror or error}"
    return Turn(request, bytes(received), tuple(responses)), ending


def _methods(request: bytes) -> list[str]:
    """The methods of the requests in these bytes, in their order; the first word if they are no request."""
    reader = MessageReader(Request)
    try:
        methods = [message.method for message in reader.feed(request)]
    except HTTPSyntaxError:
        methods = []
    return methods or [request.partition(b" ")[0].decode("latin-1")]


def _closes(response: Response, method: str) -> bool:
    """Whether the server closes the connection after this response (RFC 9112, section 9.3)."""
    options = [option.strip().lower() for option in (response.headers.get("Connection") or "").split(",")]
    if find_framing(response, method) == UNTIL_CLOSE or "close" in options:
        return True
    return response.version == "HTTP/1.0" and "keep-alive" not in options


def _lines(data: bytes) -> list[str]:
    """Bytes as lines that show their ends; what is not text as one line of hex."""
    shown: list[str] = []
    position = 0
    for match in _LINE.finditer(data):
        rest = data[position:]
        if len(shown) == SHOWN_LINES:
            return [*shown, f"… and {size_of(rest)} more"]
        try:
            match[0].decode("utf-8")
        except UnicodeDecodeError:
            return [*shown, f"{preview(rest, SHOWN_WIDTH)} ({size_of(rest)}, not text)"]
        shown.append(preview(match[0], SHOWN_WIDTH))
        position = match.end()
    return shown
