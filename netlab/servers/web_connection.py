"""One client of a web server: its bytes recorded, its requests read strictly, its connection closed gently."""

from __future__ import annotations

import contextlib
import errno
import io
import select
import socket
import ssl
import time
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from cheroot.errors import MaxSizeExceeded
from cheroot.server import HTTPConnection, HTTPRequest

from netlab.http.messages import Headers, HTTPSyntaxError, Request, Response, parse_field
from netlab.http.reader import find_framing, parse_chunk_size
from netlab.servers.transcript import Transcript

if TYPE_CHECKING:
    from netlab.servers.web_engine import Engine

FRAMING = frozenset({"Content-Length", "Transfer-Encoding"})
LINE_LIMIT = 8192  # bytes of a line between chunks
CONTENT_LIMIT = 64 * 1024 * 1024  # bytes of a request's content
GREETING_TIME = 0.01  # seconds that a thread waits for a new client's first word
LINGER_TIME = 0.25  # seconds that a client gets to read the last answer
LINGER_SIZE = 4 * 1024 * 1024  # bytes of an unwanted request that are read and dropped meanwhile


class ClientGoneError(BrokenPipeError):
    """There is nobody to send to; not to be taken for an error of the app's own."""


class _RecordedIO(socket.SocketIO):
    """The bytes that a client sends, written into the transcript as they are read."""

    asleep = False
    ended = False  # whether the client has said its last

    def __init__(self, sock: socket.socket, transcript: Transcript, name: str) -> None:
        super().__init__(sock, "rb")
        self._record = (transcript, name)

    def readinto(self, buffer: Any) -> int | None:
        if self.asleep:
            return None
        count = super().readinto(buffer)
        if count:
            transcript, name = self._record
            transcript.record(name, "server", bytes(buffer[:count]))
        else:
            self.ended = True
        return count


class _Reader(io.BufferedReader):
    """What a connection reads from; cheroot's own is written in Python, to see into its buffer, and slow."""

    def __init__(self, sock: socket.socket, transcript: Transcript, name: str) -> None:
        self.source = _RecordedIO(sock, transcript, name)
        super().__init__(self.source)
        self._sock = sock

    def has_data(self) -> bool:
        """Whether the next request has begun already, in the buffer or in the TLS layer."""
        self.source.asleep = True  # peek into the buffer, and do not read on when it is empty
        waiting = bool(self.peek(1))
        self.source.asleep = False
        return waiting or (isinstance(self._sock, ssl.SSLSocket) and self._sock.pending() > 0)


class _Writer:
    """What a connection writes to: recorded, then sent."""

    def __init__(self, sock: socket.socket, transcript: Transcript, name: str) -> None:
        self._sock = sock
        self._record = (transcript, name)
        self._held = b""
        self.holding = False  # whether the next data waits for more: a head for the first of its content

    def write(self, data: bytes) -> int:
        """Send all of the data; the time limit is for each piece, so that a slow reader gets it all."""
        if self.holding:
            self._held, self.holding = data, False
            return len(data)
        data, self._held = self._held + data, b""
        transcript, name = self._record
        if data:
            transcript.record("server", name, data)
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._sock.send(rest[:65536]) :]
        except OSError as error:
            raise ClientGoneError(errno.EPIPE, "the client is gone") from error
        return len(data)


class _Request(HTTPRequest):
    """A request, read as strictly as `netlab.http` reads; what is wrong with it is answered in words."""

    def header_reader(self, rfile: Any, fields: dict[bytes, bytes]) -> None:
        """Read the header fields into a dictionary.

        Raises:
            HTTPSyntaxError: for fields that HTTP/1.1 does not allow; cheroot answers 400.
        """
        names: dict[str, list[str]] = {}
        while (line := rfile.readline()) != b"\r\n":
            if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
                raise HTTPSyntaxError(
                    "Each line of a header ends with \\r\\n, and an empty line ends the header."
                )
            name, value = parse_field(line[:-2])
            if "_" not in name:  # WSGI would take it for a -
                names.setdefault(name.title(), []).append(value)
        version = self.request_protocol.decode("latin-1")
        if version == "HTTP/1.1" and len(names.get("Host", ())) != 1:
            raise HTTPSyntaxError("An HTTP/1.1 request names its host, once: Host: ticker.example")
        if FRAMING & names.keys():
            framing = Headers((name, value) for name in FRAMING & names.keys() for value in names[name])
            find_framing(Request("POST", "/", framing, version=version))
        for name, values in names.items():
            fields[name.encode()] = ("; " if name == "Cookie" else ", ").join(values).encode("latin-1")

    def respond(self) -> None:
        """Read the content, all of it, so that the next request begins where it should; then ask the app."""
        source = self.conn.rfile
        try:
            if self.chunked_read:
                content = _read_chunks(source)
            else:
                content = _read_exactly(source, int(self.inheaders.get(b"Content-Length", 0)))
        except MaxSizeExceeded:
            self.simple_response("413", f"The content exceeds {CONTENT_LIMIT:,} bytes.")
        except HTTPSyntaxError as error:
            self.simple_response("400", str(error))
        else:
            self.rfile = io.BytesIO(content)
            self.server.gateway(self).respond()
            self.conn.wfile.write(b"0\r\n\r\n" if self.chunked_write else b"")

    def send_headers(self) -> None:
        """Send the head of the response; who speaks HTTP/1.0 is told of the close as well."""
        said = [value.lower() for name, value in self.outheaders if name.lower() == b"connection"]
        if b"close" in said:
            self.close_connection = True
        elif self.close_connection:
            self.outheaders.append((b"Connection", b"close"))
        self.conn.wfile.holding = True
        super().send_headers()

    def simple_response(self, status: str, msg: str = "") -> None:
        """Answer with an error, after which the connection is closed."""
        if status.startswith("405"):  # cheroot's answer to CONNECT, and to nothing else
            status, msg = "501", "This server is no proxy."
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.conn.wfile.write(error_response(int(status[:3]), msg).pack())


def _read_exactly(source: Any, count: int) -> bytes:
    data: bytes = source.read(count)
    if len(data) < count:
        raise HTTPSyntaxError(f"The request ended after {len(data)} of {count} bytes.")
    return data


def _read_chunks(source: Any) -> bytes:
    """The content of a chunked request (RFC 9112, section 7.1); trailers are dropped."""
    content = bytearray()
    while size := parse_chunk_size(_read_line(source)):
        if len(content) + size > CONTENT_LIMIT:
            raise MaxSizeExceeded
        content += _read_exactly(source, size)
        if _read_exactly(source, 2) != b"\r\n":
            raise HTTPSyntaxError(f"After a chunk of {size} bytes comes \\r\\n.")
    while _read_line(source):
        pass
    return bytes(content)


def _read_line(source: Any) -> bytes:
    line: bytes = source.readline(LINE_LIMIT)
    if not line.endswith(b"\r\n"):
        raise HTTPSyntaxError("A line between chunks is too long, or does not end with \\r\\n.")
    return line[:-2]


def error_response(status: int, words: str) -> Response:
    """A plain page that says what was wrong."""
    text = Response(status).reason or ""
    content = f"{status} {text}\n{words}\n".encode()
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(content)),
        "Connection": "close",
        "Date": formatdate(usegmt=True),
        "Server": "netlab",
    }
    return Response(status, Headers(headers), content)


class Connection(HTTPConnection):
    """One client's connection."""

    RequestHandlerClass = _Request

    def __init__(self, server: Engine, sock: socket.socket, _makefile: object = None) -> None:
        name = server.transcript.new_client()
        super().__init__(server, sock, lambda *_: None)
        self.rfile = _Reader(sock, server.transcript, name)
        self.wfile = _Writer(sock, server.transcript, name)
        self._greeted = False
        self._shaken = not isinstance(sock, ssl.SSLSocket)
        server.connections.add(self)

    def communicate(self) -> bool:
        """Serve a request, after the TLS handshake if there is one; true when the client may send another.

        A new client that says nothing for a moment goes to the selector, where it costs no thread.
        """
        if not self._greeted:
            self._greeted = True
            if not _readable(self.socket, GREETING_TIME):
                return True
        if not self._shaken:
            try:
                self.socket.do_handshake()
            except OSError as error:  # ssl.SSLError is one
                if getattr(error, "reason", "") == "HTTP_REQUEST":
                    self._refuse_plain_http()
                return False
            self._shaken = True
        return bool(super().communicate())  # type: ignore[no-untyped-call]

    def _refuse_plain_http(self) -> None:
        page = error_response(400, "This server speaks TLS: begin the address with https://")
        with contextlib.suppress(OSError):  # past the TLS layer, which has given up
            socket.socket.sendall(self.socket, page.pack())

    def cut(self, how: int) -> None:
        """End the conversation under the TLS layer, whoever is in the middle of it."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.socket, how)

    def close_gently(self) -> None:
        """Close so that the client can read the last answer: a close with unread bytes would reset it.

        See RFC 9112, section 9.6.
        """
        if self.rfile.source.ended:
            self.close()
            return
        deadline = time.monotonic() + LINGER_TIME
        dropped = 0
        with contextlib.suppress(OSError, ValueError):
            if isinstance(self.socket, ssl.SSLSocket) and self._shaken:
                self.socket.settimeout(0)
                with contextlib.suppress(ssl.SSLError):
                    self.socket.unwrap()
            self.cut(socket.SHUT_WR)
            while dropped < LINGER_SIZE and (left := deadline - time.monotonic()) > 0:
                self.socket.settimeout(left)
                piece = socket.socket.recv(self.socket, 65536)
                if not piece:
                    break
                dropped += len(piece)
        self.close()

    def close(self) -> None:
        """Close the connection; whatever state it is in."""
        self.server.connections.discard(self)
        with contextlib.suppress(OSError, ValueError):
            super().close()
        self.socket.close()


def _readable(sock: socket.socket, seconds: float) -> bool:
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
