"""HTTP/1.1 messages out of a stream of bytes, however it is cut into pieces (RFC 9112)."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace
from typing import Generic, Literal, TypeVar, cast

from netlab.http.messages import CHUNKED, Headers, HTTPSyntaxError, Request, Response, parse_field
from netlab.text import preview, size_of

HEAD_LIMIT = 64 * 1024  # bytes of a start line and its header fields
CONTENT_LIMIT = 64 * 1024 * 1024  # bytes of content
UNTIL_CLOSE = "until close"

# RFC 9112, section 4; the blank before an absent reason is often forgotten, and forgiven
_STATUS_LINE = re.compile(r"(?P<version>HTTP/1\.[01]) (?P<status>\d{3})(?: (?P<reason>.*))?")
# RFC 9112, section 7.1: chunk-size, and chunk-ext, which is read and forgotten
_CHUNK_SIZE = re.compile(rb"(?P<size>[0-9A-Fa-f]{1,16})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?")

M = TypeVar("M", Request, Response)


class MessageReader(Generic[M]):
    r"""Reads messages from a stream: feed it what came, get the messages that are complete.

    Args:
        kind: `Request` or `Response`.
        method: for responses, the method of the request: a response to HEAD has no content.
        head_limit: the most bytes that a start line with its header fields may have; trailers too.
        content_limit: the most bytes of content.

    Attributes:
        method: the method that the next response answers; set it anew for each request.

    Example:
        >>> reader = MessageReader(Request)
        >>> reader.feed(b"GET / HT")
        []
        >>> reader.feed(b"TP/1.1\r\nHost: ticker.example\r\n\r\n")[0].target
        '/'
    """

    def __init__(
        self,
        kind: type[M],
        method: str = "GET",
        *,
        head_limit: int = HEAD_LIMIT,
        content_limit: int = CONTENT_LIMIT,
    ) -> None:
        self.method = method
        self._kind: type[M] = kind
        self._head_limit = head_limit
        self._content_limit = content_limit
        self._buffer = bytearray()
        self._ended = False
        self._error: HTTPSyntaxError | None = None
        self._messages: list[M] = []
        self._steps = self._read_messages()

    def feed(self, data: bytes) -> list[M]:
        """Take a piece of the stream, of any length.

        Returns:
            The messages that it completed.

        Raises:
            HTTPSyntaxError: for bytes that are no message; nothing can be read from the stream after that.
        """
        self._buffer += data
        return self._advance()

    def close(self) -> list[M]:
        """Take the end of the stream.

        Returns:
            The response that the end completed, if it was one without a length.

        Raises:
            HTTPSyntaxError: when the stream ends in the middle of a message.
        """
        self._ended = True
        return self._advance()

    @property
    def rest(self) -> bytes:
        """What came and has not been read yet."""
        return bytes(self._buffer)

    def _advance(self) -> list[M]:
        if self._error is None:
            try:
                next(self._steps, None)
            except HTTPSyntaxError as error:
                self._error = error
        messages, self._messages = self._messages, []
        if self._error is not None and not messages:
            raise self._error
        return messages

    # Each step below reads one thing, and yields as long as it needs more bytes.

    def _read_messages(self) -> Generator[None, None, None]:
        while True:
            while not self._buffer:
                if self._ended:
                    return
                yield
            message = yield from self._message()
            self._messages.append(message)

    def _message(self) -> Generator[None, None, M]:
        line = yield from self._line(self._head_limit, "the start line")
        if not line and self._kind is Request:  # RFC 9112, section 2.2: an empty line is forgiven
            line = yield from self._line(self._head_limit, "the start line")
        start = cast(M, parse_request_line(line) if self._kind is Request else parse_status_line(line))
        headers = yield from self._fields(self._head_limit - len(line))
        framing = find_framing(replace(start, headers=headers), self.method)
        trailers = Headers()
        if framing == CHUNKED:
            content = yield from self._chunks()
            trailers = yield from self._fields(self._head_limit)
        elif framing == UNTIL_CLOSE:
            content = yield from self._until_close()
        else:
            content = yield from self._take(int(framing))
        return replace(start, headers=headers, content=content, trailers=trailers)

    def _line(self, limit: int, what: str) -> Generator[None, None, bytes]:
        r"""A line without its \r\n (RFC 9112, section 2.2)."""
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0 and len(self._buffer) <= limit:
            searched = len(self._buffer)
            yield from self._more(f"in {what}")
        if not 0 <= end <= limit:
            raise HTTPSyntaxError(f"Too long: {what} and what came before it exceed the limit.")
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        if not line.endswith(b"\r") or b"\r" in line[:-1]:
            raise HTTPSyntaxError(
                f"A line ends with \\r\\n, both of them, and neither stands alone: {preview(line, 60)!r}."
            )
        return line[:-1]

    def _fields(self, limit: int) -> Generator[None, None, Headers]:
        fields = []
        while line := (yield from self._line(limit, "the header")):
            limit -= len(line) + 2
            fields.append(parse_field(line))
        return Headers(fields)

    def _chunks(self) -> Generator[None, None, bytes]:
        """The content of a chunked message, without the marks (RFC 9112, section 7.1)."""
        content = bytearray()
        while True:
            line = yield from self._line(self._head_limit, "a chunk's size")
            size = parse_chunk_size(line)
            if size == 0:
                return bytes(content)
            content += yield from self._take(size, len(content))
            end = yield from self._take(2)
            if end != b"\r\n":
                raise HTTPSyntaxError(f"After a chunk of {size} bytes comes \\r\\n, not {preview(end)!r}.")

    def _take(self, count: int, before: int = 0) -> Generator[None, None, bytes]:
        self._check_size(before + count)
        while len(self._buffer) < count:
            yield from self._more(f"after {len(self._buffer)} of {count} bytes")
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data

    def _until_close(self) -> Generator[None, None, bytes]:
        while not self._ended:
            self._check_size(len(self._buffer))
            yield
        return (yield from self._take(len(self._buffer)))

    def _more(self, where: str) -> Generator[None, None, None]:
        if self._ended:
            raise HTTPSyntaxError(f"The connection was closed {where}: the message is not whole.")
        yield

    def _check_size(self, size: int) -> None:
        if size > self._content_limit:
            raise HTTPSyntaxError(
                f"Too long: the content exceeds the limit of {self._content_limit:,} bytes."
            )


def parse_request_line(line: bytes) -> Request:
    r"""Read a request line, without its \r\n, into a request that has nothing else yet (RFC 9112, section 3).

    Raises:
        HTTPSyntaxError: for any other line.
    """
    words = line.decode("latin-1").split(" ")
    if len(words) != 3:
        raise HTTPSyntaxError(
            f"{preview(line, 60)!r} is no request line: write the method, the target and HTTP/1.1, "
            f"with one blank between them."
        )
    return Request(words[0], words[1], version=words[2])


def parse_status_line(line: bytes) -> Response:
    r"""Read a status line, without its \r\n, into a response that has nothing else yet (RFC 9112, section 4).

    Raises:
        HTTPSyntaxError: for any other line.
    """
    match = _STATUS_LINE.fullmatch(line.decode("latin-1"))
    if match is None:
        raise HTTPSyntaxError(f"{preview(line, 60)!r} is no status line, such as HTTP/1.1 200 OK.")
    return Response(int(match["status"]), reason=match["reason"] or "", version=match["version"])


def parse_chunk_size(line: bytes) -> int:
    r"""Read the line before a chunk, without its \r\n (RFC 9112, section 7.1).

    Returns:
        The number of bytes in the chunk; 0 ends the content.

    Raises:
        HTTPSyntaxError: for any other line.
    """
    match = _CHUNK_SIZE.fullmatch(line)
    if match is None:
        raise HTTPSyntaxError(f"{preview(line, 60)!r} is no chunk size: it is written in hex, such as 1f.")
    return int(match["size"], 16)


def find_framing(message: Request | Response, method: str = "GET") -> int | Literal["chunked", "until close"]:
    """How a message's content ends (RFC 9112, section 6.3).

    Args:
        message: its start line and header fields.
        method: for a response, the method of the request.

    Returns:
        The number of bytes, "chunked" or "until close".

    Raises:
        HTTPSyntaxError: when the header fields contradict each other. To guess would be dangerous: where two
            programs disagree about the end of a message, an attacker can hide a second one in it.
    """
    coding = message.headers.get("Transfer-Encoding")
    lengths = {length.strip(" \t") for length in (message.headers.get("Content-Length") or "").split(",")}
    if isinstance(message, Response) and _has_no_content(message.status, method):
        return 0
    if coding is not None:
        if "Content-Length" in message.headers:
            raise HTTPSyntaxError(
                "Transfer-Encoding and Content-Length contradict each other: send one of them."
            )
        if coding.lower() != CHUNKED or message.version == "HTTP/1.0":
            raise HTTPSyntaxError(
                f"Transfer-Encoding: {coding} is not understood in {message.version}: use chunked."
            )
        return "chunked"
    if "Content-Length" in message.headers:
        if len(lengths) != 1 or not all(re.fullmatch(r"[0-9]{1,18}", length) for length in lengths):
            raise HTTPSyntaxError(
                f"Content-Length: {message.headers['Content-Length']!r} is no length: send one number of bytes."
            )
        return int(lengths.pop())
    return 0 if isinstance(message, Request) else "until close"


def _has_no_content(status: int, method: str) -> bool:
    """Whether a response ends with its empty line whatever its fields say (RFC 9112, section 6.3, rules 1 and 2)."""
    tunnel = method == "CONNECT" and 200 <= status < 300
    return method == "HEAD" or status < 200 or status in (204, 304) or tunnel


def parse_request(data: bytes) -> Request:
    """Read one whole request.

    Raises:
        HTTPSyntaxError: for bytes that are not exactly one request.
    """
    return _parse_one(MessageReader(Request), data)


def parse_response(data: bytes, method: str = "GET") -> Response:
    """Read one whole response; interim ones (1xx) before it are left out.

    Args:
        data: the bytes; their end is the end of the stream.
        method: the method of the request.

    Raises:
        HTTPSyntaxError: for bytes that are not exactly one response.
    """
    return _parse_one(MessageReader(Response, method), data)


def _parse_one(reader: MessageReader[M], data: bytes) -> M:
    messages = reader.feed(data) + reader.close()
    final = [m for m in messages if isinstance(m, Request) or m.status >= 200]
    if len(final) != 1:
        raise HTTPSyntaxError(f"One message was expected in {size_of(data)}; there are {len(final)}.")
    return final[0]
