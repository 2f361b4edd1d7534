"""The exercise of lesson 07 that reads a response, whichever way its end is marked."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from netlab.exercises import peers
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

Errors = dict[type[BaseException], str]
OK = b"HTTP/1.1 200 OK\r\n"
QUOTE = OK + b"Content-Type: text/plain\r\nContent-Length: 12\r\n\r\nAAPL 430.47\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nAAPL \r\n7\r\n430.47\n\r\n0\r\n\r\n"
ENDS_IN_HEADER = r"`readline()` gave `b''`: that is the end of the stream, and no empty line, which is `\r\n`. Raise ValueError."
NOTHING = (
    "Nothing came at all: the first `readline()` gave `b''`, which has no second word. Raise ValueError."
)
LONG = bytes(range(256)) * 2
LONG_CHUNKS = OK + b"transfer-encoding: chunked\r\n\r\n1fe\r\n" + LONG[:510] + b"\r\n2;x=y\r\n" + LONG[510:]


@exercise(
    "07-response",
    title="Read a response",
    objective="07-o1",
    points=4,
    limit=4.0,
    hints=(
        "`stream.readline()` gives a line with its end. The first is the status line: `int(line.split()[1])`.",
        'Then lines until `b"\\r\\n"`: `name, _, value = line.decode().partition(":")`; `name.lower()` and `value.strip()` go into the dictionary.',
        "How does the content end? 204 and 304: there is none. Chunked: a loop. Content-Length: `stream.read(n)`. Else: `stream.read()`.",
        "A chunk: `size = int(line.partition(b';')[0], 16)`, `stream.read(size)`, then the line end after it. Size 0 is the last one; an empty line follows.",
        '`read(n)` returns less than n only when the connection is over: then raise ValueError. `readline()` returns `b""` then, which is no empty line.',
    ),
    passed="You read what servers send: kept open or closed, in one piece or in chunks.",
)
def response(t: Trial, read_response: Callable[[Any], tuple[int, dict[str, str], bytes]]) -> None:
    """Responses from a stream that stays open."""

    def read(data: bytes, then: str = "wait", times: int = 1, slowly: bool = False) -> Any:
        pieces = peers.one_byte_at_a_time(data) if slowly else [data]
        with peers.sending(*pieces, then=then) as sock, sock.makefile("rb") as stream:
            return [read_response(stream) for _ in range(times)][-1]

    waits = "The server keeps the connection open, so reading to the end waits for ever: read as many bytes as Content-Length says."
    with t.case("a quote, and the connection stays open", {TimeoutError: waits}, hangs=waits) as case:
        came = read(QUOTE)
        wrong: Wrong = [(lambda v: isinstance(v, str), "The status is a number: `int(...)`.")]
        case.expect(came[0], 200, wrong)
        case.expect(
            came[2],
            b"AAPL 430.47\n",
            [(lambda v: isinstance(v, str), "Content is bytes: it may be a picture.")],
        )
        case.expect(
            came[1].get("content-type"), "text/plain", advice="Names in lower case, values without blanks."
        )
    reason = "The reason phrase is for people: it may have several words, or none. Take the second word of the line, `line.split()[1]`."
    for line in ("HTTP/1.1 404 Not Found", "HTTP/1.1 404 "):
        errors: Errors = {ValueError: reason, IndexError: reason, TimeoutError: waits}
        with t.case(f"the status line `{line}`", errors) as case:
            case.expect(read(line.encode() + b"\r\nContent-Length: 0\r\n\r\n")[0], 404, advice=reason)
    with t.case("one byte at a time", {TimeoutError: waits}) as case:
        case.expect(read(QUOTE, slowly=True)[2], b"AAPL 430.47\n")
    with t.case("two responses, one after the other", {TimeoutError: waits}) as case:
        second = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        case.expect(
            read(QUOTE + second, times=2)[0],
            404,
            advice="The first one has to leave the second one in the stream.",
        )
    with t.case(
        "a name in other capitals", {TimeoutError: waits, KeyError: "Compare names in lower case."}
    ) as case:
        case.expect(read(QUOTE.replace(b"Content-Length", b"CONTENT-length"))[2], b"AAPL 430.47\n")
    blanks = "Cut at the first colon only, then `.strip()`: the blank after it may be missing, and a value may hold `: `."
    with t.case("values with and without blanks", {ValueError: blanks}) as case:
        came = read(OK + b"Server:netlab\r\nX-Note:  AAPL: up \r\nContent-Length: 0\r\n\r\n")[1]
        case.expect([came.get("server"), came.get("x-note")], ["netlab", "AAPL: up"], advice=blanks)
    chunks = "Chunked: each chunk has its size in front, in hex, and a line end after it; size 0 ends."
    with t.case("in chunks", {TimeoutError: chunks, ValueError: chunks}, hangs=chunks) as case:
        case.expect(
            read(CHUNKED)[2],
            b"AAPL 430.47\n",
            [(lambda v: isinstance(v, bytes) and b"\r\n" in v, "The sizes and line ends are not content.")],
        )
    hexed = "The size of a chunk is written in hex, and `;x=y` may follow it: `int(..., 16)` of what stands before the semicolon."
    with t.case("a long chunk, and an extension", {TimeoutError: hexed, ValueError: hexed}) as case:
        case.expect(read(LONG_CHUNKS + b"\r\n0\r\n\r\n")[2] == LONG, True, advice=hexed)
    left = "After the chunk of size 0 comes an empty line: it belongs to this response, read it too."
    errors = {TimeoutError: left, ValueError: left, IndexError: left}
    with t.case("another response after the last chunk", errors, hangs=left) as case:
        case.expect(read(CHUNKED + QUOTE, times=2)[1].get("content-length"), "12", advice=left)
    none = "A 304 has no content, whatever its Content-Length says: that is the length it *would* have."
    with t.case("304, with a Content-Length", {TimeoutError: none, ValueError: none}) as case:
        case.expect(read(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 12\r\n\r\n")[2], b"")
    gone = "204 says *No Content*: its response ends with the empty line, there is nothing to read."
    with t.case("204", {TimeoutError: gone, ValueError: gone}, hangs=gone) as case:
        case.expect(read(b"HTTP/1.1 204 No Content\r\n\r\n" + QUOTE, times=2)[0], 200, advice=gone)
    with t.case(
        "no length at all", {KeyError: "Without a length the content ends with the connection."}
    ) as case:
        case.expect(
            read(OK + b"\r\nAAPL 430.47\n", "close")[2],
            b"AAPL 430.47\n",
            advice="Without Content-Length and chunks the content goes to the end: `stream.read()`.",
        )
    half = "Half a quote is a wrong quote: raise ValueError."
    for what, cut, words in (
        ("the connection ends too early", QUOTE[:-8], f"12 bytes were promised and 4 came. {half}"),
        (
            "it ends within a chunk",
            CHUNKED[: CHUNKED.index(b".47")],
            f"A chunk of 7 bytes, and 3 came. {half}",
        ),
        (
            "it ends between two chunks",
            CHUNKED[: CHUNKED.index(b"7\r\n")],
            f"No chunk of size 0 came. {half}",
        ),
        ("it ends before the first byte", b"", NOTHING),
        ("it ends within the header", QUOTE[: QUOTE.index(b"Content-Length")], ENDS_IN_HEADER),
    ):
        with t.case(what, {IndexError: words}, hangs=words) as case:
            case.expect_error(ValueError, functools.partial(read, cut, "close"), words)
