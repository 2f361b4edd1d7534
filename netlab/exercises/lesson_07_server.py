"""The last exercise of lesson 07: a web server, among clients of all kinds."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

from netlab.exercises import peers
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial
from netlab.http.messages import HTTPSyntaxError, Response
from netlab.http.reader import MessageReader

Errors = dict[type[BaseException], str]
PRICES = {"AAPL": 430.47, "IBM": 202.91, "KO": 39.0}
GET = b"GET /quotes/AAPL HTTP/1.1\r\nHost: ticker.example\r\n\r\n"
QUOTE = b"AAPL 430.47\n"
NO_REQUEST = "That is no HTTP/1.1 request with a Host"
BAD = {  # what is bad, and why
    "no request line": (b"hello\r\n\r\n", NO_REQUEST),
    "another version": (GET.replace(b"HTTP/1.1", b"HTTP/3"), NO_REQUEST),
    "no Host": (b"GET /quotes/AAPL HTTP/1.1\r\n\r\n", NO_REQUEST),
    r"lines that end in `\n` alone": (
        GET.replace(b"\r", b""),
        r"Each line ends with `\r\n`: a lax server and a strict one disagree about where a message ends",
    ),
    "a line without a colon": (
        GET.replace(b"\r\n\r\n", b"\r\nwhat is this\r\n\r\n"),
        "A field has a name, a colon, and a value",
    ),
    "a length that is no number": (
        GET.replace(b"\r\n\r\n", b"\r\nContent-Length: twelve\r\n\r\n"),
        "A length is digits only: without one nobody knows where the next request begins",
    ),
}


def converse(handle: Callable[..., object], *pieces: bytes, then: str = "close") -> bytes:
    """Run a student's handler on a connection on which these pieces arrive, and return all that it sent.

    Args:
        handle: the handler.
        *pieces: each arrives when the one before has been read.
        then: whether the client is done after them ("close"), or still listens ("wait").
    """
    received = bytearray()
    with peers.pair() as (student, ours):

        def client() -> None:
            over = threading.Event()
            for piece in pieces:
                peers._wait_until_read(student, over)
                ours.sendall(piece)
            if then == "close":
                ours.shutdown(socket.SHUT_WR)
            while data := ours.recv(65536):
                received.extend(data)

        with peers.running(client):
            try:
                handle(student, PRICES)
            finally:
                if student.fileno() >= 0:
                    student.shutdown(socket.SHUT_RDWR)
    return bytes(received)


def responses_in(data: bytes, *methods: str) -> list[Response]:
    """The responses in what a handler sent; their methods tell which have no content."""
    reader = MessageReader(Response)
    found: list[Response] = []
    for method in methods:
        reader.method = method
        found += reader.feed(data)
        data = b""
    return found + reader.close()


@exercise(
    "07-server",
    title="A web server of fifty lines",
    objective="07-o5",
    points=6,
    limit=5.0,
    hints=(
        '`with connection.makefile("rb") as stream:` and a loop: read the request line, then the fields until the empty line, as a client reads a response. An empty `readline()` is the end: return.',
        "A small function that builds a response helps: status, reason, content, further fields; it adds `Content-Length`, and leaves the content out for HEAD.",
        "Check in this order: the request line (three words, the last `HTTP/1.1`) and Host: 400. Then the method: 405. Then the path: 404. Then 200.",
        "If there is a Content-Length, read as many bytes, although you do not want them: the next request begins after them. What is no number is no request: `.isdecimal()`.",
        "The connection stays open, unless the client sent `Connection: close`, or the request was so bad that you cannot tell where the next one begins: after 400, return.",
    ),
    passed="A browser can visit your server. What the big ones add is speed, TLS, and years of attacks survived.",
)
def server(t: Trial, handle: Callable[..., object]) -> None:
    """A web server for quotes, among clients of all kinds."""
    no_http: Errors = {
        HTTPSyntaxError: "What you sent is no HTTP response: status line, fields, empty line, content, each line with \\r\\n."
    }
    ends: Errors = {
        TimeoutError: "The client had said all it wanted: an empty `readline()` is the end, and `handle` returns."
    }

    def only(data: bytes, method: str = "GET") -> Response:
        found = responses_in(data, method)
        return found[0] if len(found) == 1 else Response(599, reason=f"{len(found)} responses")

    with t.case("a quote", {**no_http, **ends}, hangs=ends[TimeoutError]) as case:
        came = only(converse(handle, GET))
        case.expect(came.status, 200, [(599, "One request, one response.")])
        case.expect(came.content, QUOTE, advice="The content of /quotes/AAPL is `AAPL 430.47` and a newline.")
        words = "Say how long it is: without Content-Length the client has to wait until you close."
        case.expect(came.headers.get("Content-Length"), "12", [(None, words)])
    with t.case("a price that is a whole number", no_http) as case:
        words = 'Two digits after the point, always: `f"{price:.2f}"`.'
        case.expect(only(converse(handle, GET.replace(b"AAPL", b"KO"))).content, b"KO 39.00\n", advice=words)
    with t.case("a share that is not there", {**no_http, KeyError: "It is not in `prices`: 404."}) as case:
        case.expect(only(converse(handle, GET.replace(b"AAPL", b"ZOE"))).status, 404)
    with t.case("another path", no_http) as case:
        came = only(converse(handle, GET.replace(b"/quotes/AAPL", b"/AAPL")))
        case.expect(came.status, 404, [(200, "Only paths that begin with /quotes/ are quotes.")])
    words = "One connection, several requests: a loop. After the answer read the next request."
    with t.case("two requests, one after the other", {**no_http, **ends}) as case:
        found = responses_in(converse(handle, GET, GET.replace(b"AAPL", b"IBM")), "GET", "GET")
        case.expect([r.content for r in found], [QUOTE, b"IBM 202.91\n"], [([QUOTE], words)], advice=words)
    with t.case("two requests in one piece", no_http) as case:
        split = "Two requests came in one read: keep what follows the first. A stream from `makefile` does."
        found = responses_in(converse(handle, GET + GET), "GET", "GET")
        case.expect(len(found), 2, [(1, split)])
    pieces = "One recv is not one request: read lines from a stream."
    with t.case("one byte at a time", {**no_http, ValueError: pieces, IndexError: pieces}) as case:
        came = only(converse(handle, *peers.one_byte_at_a_time(GET)))
        case.expect(came.status, 200, advice=pieces)
    rest = "A response to HEAD ends with its empty line: the client would take the content for the next response."
    for share, status in {b"AAPL": 200, b"ZOE": 404}.items():
        with t.case(f"HEAD, {status}", no_http) as case:
            data = converse(handle, b"HEAD" + GET[3:].replace(b"AAPL", share))
            head, end, content = data.partition(b"\r\n\r\n")
            came = only(head + end, "HEAD")
            case.expect(came.status, status, advice="HEAD is GET without the content.")
            if status == 200:
                length = came.headers.get("Content-Length")
                case.expect(length, "12", advice="The same fields as for GET.")
            case.expect(content, b"", advice=rest)
    with t.case("DELETE", no_http) as case:
        came = only(converse(handle, GET.replace(b"GET", b"DELETE")))
        case.expect(
            came.status,
            405,
            [(404, "The path is fine, the method is not: 405."), (200, "DELETE is not GET.")],
        )
        allowed = {each.strip() for each in (came.headers.get("Allow") or "").split(",")}
        case.expect(allowed, {"GET", "HEAD"}, advice="A 405 says in the field Allow which methods there are.")
    with t.case("POST with content, then GET", no_http) as case:
        post = b"POST /quotes/AAPL HTTP/1.1\r\nHost: ticker.example\r\nContent-Length: 22\r\n\r\nGET /evil HTTP/1.1\r\n\r\n"
        found = responses_in(converse(handle, post + GET), "POST", "GET")
        unread = (
            "The content of the POST is no request: read its Content-Length bytes away, whatever you answer."
        )
        case.expect([r.status for r in found], [405, 200], advice=unread)
    with t.case(
        "Connection: close", {TimeoutError: "After `Connection: close` answer, and return.", **no_http}
    ) as case:
        closing = GET.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")
        case.expect(only(converse(handle, closing, then="wait")).status, 200)
    crash: Errors = dict.fromkeys(
        (ValueError, IndexError, KeyError), "Whatever comes, the server must not fall: answer 400."
    )
    for what, (bad, why) in BAD.items():
        with t.case(what, {**no_http, **crash}, hangs=ends[TimeoutError]) as case:
            came = only(converse(handle, bad))
            if came.status != 505 or what != "another version":  # RFC 9110, section 15.6.6
                case.expect(came.status, 400, advice=f"{why}: answer 400 Bad Request.")
    with t.case("after a 400", {**no_http, **crash}) as case:
        words = "Nobody knows where the next request begins: after 400, return. The rest may be an attack."
        found = responses_in(converse(handle, BAD["no Host"][0] + GET), "GET", "GET")
        case.expect([r.status for r in found], [400], advice=words)
    with t.case(
        "a client that leaves in the middle", {IndexError: "Half a request is no request.", **ends}
    ) as case:
        came_back = converse(handle, GET[:30])
        case.expect_that(
            b" 200 " not in came_back,
            "no quote",
            "a quote",
            "The request never ended: answer nothing, or 400, but no quote.",
        )
