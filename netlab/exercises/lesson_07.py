"""The exercises of lesson 07, HTTP: messages written and read by hand, methods, cookies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netlab.exercises import peers
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.http.messages import HTTPSyntaxError
from netlab.http.reader import parse_request


@exercise(
    "07-request",
    title="Write a request",
    objective="07-o1",
    points=2,
    hints=(
        "Collect the lines in a list: the request line, Host, then a line for each field of the dictionary.",
        r'Join them with `"\r\n"`; behind the last one come two of them, one ends the line, one is the empty line.',
        "`Content-Length` counts bytes: `data = content.encode()` first, then `len(data)`.",
        r'A line break inside a line would begin a line of its own: `if "\r" in line or "\n" in line: raise ValueError`.',
    ),
    passed="Every web server of the world reads your requests, and nobody can smuggle a line into them.",
)
def request(t: Trial, build_request: Callable[..., bytes]) -> None:
    """A request in bytes."""
    with t.case("GET, without content") as case:
        right = b"GET /quotes/AAPL HTTP/1.1\r\nHost: ticker.example\r\n\r\n"
        wrong: Wrong = [
            (lambda v: isinstance(v, str), "Return bytes: `.encode()` turns the text into them."),
            (right.replace(b"\r", b""), r"Lines end with `\r\n` in HTTP, not with `\n` alone."),
            (right[:-2], "The empty line at the end is missing: the server would wait for more fields."),
            (
                lambda v: isinstance(v, bytes) and b"Host" not in v,
                "Which site is it for? HTTP/1.1 wants `Host`.",
            ),
        ]
        case.expect(build_request("GET", "/quotes/AAPL", "ticker.example", {}), right, wrong)
    with t.case("two more fields", {HTTPSyntaxError: "What came is no request."}) as case:
        fields = {"Accept": "application/json", "Connection": "close"}
        came = parse_request(build_request("GET", "/", "ticker.example", fields))
        case.expect(
            dict(came.headers),
            {"Host": "ticker.example", **fields},
            advice="A line for each: `name: value`.",
        )
    broken = "Your Content-Length and the bytes behind the empty line do not fit together."
    with t.case("with content", {HTTPSyntaxError: broken}) as case:
        came = parse_request(build_request("POST", "/alerts", "ticker.example", {}, "AAPL 450"))
        case.expect(came.content, b"AAPL 450", [(b"", "The content, or its Content-Length, is missing.")])
        case.expect(came.method, "POST")
    counted = "Content-Length counts bytes: `ü` is one character, and two bytes in UTF-8."
    with t.case("with content that is not ASCII", {HTTPSyntaxError: counted}) as case:
        came = parse_request(build_request("POST", "/alerts", "ticker.example", {}, "Grüße, 株"))
        case.expect(came.content, "Grüße, 株".encode(), advice=counted)
    with t.case("a value with a line break") as case:
        words = (
            "Whoever can choose a value could add fields of their own, or a second request: raise ValueError."
        )
        evil = {"Accept": "text/html\r\nX-Admin: yes"}
        case.expect_error(ValueError, lambda: build_request("GET", "/", "ticker.example", evil), words)


Errors = dict[type[BaseException], str]
OK = b"HTTP/1.1 200 OK\r\n"
QUOTE = OK + b"Content-Type: text/plain\r\nContent-Length: 12\r\n\r\nAAPL 430.47\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nAAPL \r\n7\r\n430.47\n\r\n0\r\n\r\n"
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
        'Then lines until `b"\\r\\n"`: `name, _, value = line.decode().partition(":")`, and `name.lower()` in the dictionary.',
        "How does the content end? 204 and 304: there is none. Chunked: a loop. Content-Length: `stream.read(n)`. Else: `stream.read()`.",
        "A chunk: `size = int(line.partition(b';')[0], 16)`, `stream.read(size)`, then the line end behind it. Size 0 is the last one; an empty line follows.",
        "`read(n)` returns less than n only when the connection is over: then raise ValueError.",
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
    with t.case("one byte at a time", {TimeoutError: waits}) as case:
        case.expect(read(QUOTE, slowly=True)[2], b"AAPL 430.47\n")
    with t.case("two responses, one behind the other", {TimeoutError: waits}) as case:
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
    chunks = "Chunked: each chunk has its size in front, in hex, and a line end behind it; size 0 ends."
    with t.case("in chunks", {TimeoutError: chunks, ValueError: chunks}, hangs=chunks) as case:
        case.expect(
            read(CHUNKED)[2],
            b"AAPL 430.47\n",
            [(lambda v: isinstance(v, bytes) and b"\r\n" in v, "The sizes and line ends are not content.")],
        )
    hexed = "The size of a chunk is written in hex, and `;x=y` may stand behind it: `int(..., 16)`."
    with t.case("a long chunk, and an extension", {TimeoutError: hexed, ValueError: hexed}) as case:
        case.expect(read(LONG_CHUNKS + b"\r\n0\r\n\r\n")[2] == LONG, True, advice=hexed)
    left = "Behind the chunk of size 0 comes an empty line: it belongs to this response, read it too."
    errors: Errors = {TimeoutError: left, ValueError: left, IndexError: left}
    with t.case("another response behind the last chunk", errors, hangs=left) as case:
        case.expect(read(CHUNKED + QUOTE, times=2)[1].get("content-length"), "12", advice=left)
    none = "A 304 has no content, whatever its Content-Length says: that is the length it *would* have."
    with t.case("304, with a Content-Length", {TimeoutError: none, ValueError: none}) as case:
        case.expect(read(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 12\r\n\r\n")[2], b"")
    with t.case(
        "no length at all", {KeyError: "Without a length the content ends with the connection."}
    ) as case:
        case.expect(
            read(OK + b"\r\nAAPL 430.47\n", "close")[2],
            b"AAPL 430.47\n",
            advice="Without Content-Length and chunks the content goes to the end: `stream.read()`.",
        )
    with t.case("the connection ends too early") as case:
        words = "12 bytes were promised and 4 came. Half a quote is a wrong quote: raise ValueError."
        case.expect_error(ValueError, lambda: read(QUOTE[:-8], "close"), words)


SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
METHODS = {
    "read the quote of AAPL": "GET",
    "learn how long the quote is, without fetching it": "HEAD",
    "have the server make a new alert and choose its number": "POST",
    "store this alert as number 7, whatever was there": "PUT",
    "add one field to alert 7 and leave the others": "PATCH",
    "remove alert 7": "DELETE",
    "ask which methods alert 7 allows": "OPTIONS",
    "see what arrives of your own request": "TRACE",
    "ask a proxy for a tunnel to another host": "CONNECT",
}


@exercise(
    "07-methods",
    title="Nine methods",
    objective="07-o2",
    points=2,
    hints=(
        "Each of the nine methods is used once.",
        "Safe: the client asks for no change. Four methods are safe, and you have seen three of them.",
        "Idempotent: to do it twice leaves the same as once. All safe ones are, and two more.",
        'Write sets of strings: `safe = {"GET", …}`. PATCH *may* be idempotent, but nobody promises it: leave it out.',
    ),
    passed="You know which requests may be repeated when no answer comes.",
)
def methods(t: Trial, methods: dict[str, str], safe: set[str], idempotent: set[str]) -> None:
    """The right method for each task, and which may be repeated."""
    words = {
        ("have the server make a new alert and choose its number", "PUT"): "PUT stores at the very path you name. Who chooses the number here?",
        ("store this alert as number 7, whatever was there", "POST"): "With POST, 7 would be told what to do with the content; PUT stores it there.",
        ("add one field to alert 7 and leave the others", "PUT"): "PUT replaces all of it: the other fields would be gone.",
        ("learn how long the quote is, without fetching it", "GET"): "GET fetches it. One method asks for the header fields only.",
    }  # fmt: skip
    for task, right in METHODS.items():
        with t.case(task) as case:
            wrong = [(method, said) for (about, method), said in words.items() if about == task]
            case.expect(
                methods.get(task), right, wrong, advice="Look at the table again: what does it ask for?"
            )
    with t.case("the safe ones") as case:
        case.expect(
            set(safe),
            SAFE,
            [
                (
                    lambda v: "DELETE" in v or "PUT" in v,
                    "Safe is more than idempotent: no change is asked for.",
                ),
                (lambda v: "CONNECT" in v, "CONNECT opens a tunnel, through which anything may pass."),
            ],
            advice="Safe methods are those that only look. Four of the nine.",
        )
    with t.case("the idempotent ones") as case:
        case.expect(
            set(idempotent),
            {*SAFE, "PUT", "DELETE"},
            [
                ({"PUT", "DELETE"}, "To look twice changes nothing either: safe methods are idempotent too."),
                (lambda v: "POST" in v, "Two POSTs make two alerts: that is what idempotent excludes."),
                (
                    lambda v: "PATCH" in v,
                    "PATCH may say *add one*: nobody promises that twice is once (RFC 5789).",
                ),
            ],
            advice="All safe ones, and the two whose result is the same the second time.",
        )


COOKIES = """
def remember(jar, set_cookie):
    name, value = set_cookie.split("=")[:2]
    jar[name] = value


def cookie_field(jar):
    return ", ".join(f"{name}={value}" for name, value in jar.items())
"""


@exercise(
    "07-cookies",
    title="Mend a cookie jar",
    objective="07-o4",
    points=3,
    starter=COOKIES,
    hints=(
        'Take `"visits=2; Path=/visits"` and go through `remember` by hand: what is `value`?',
        'The attributes come behind semicolons: `pair, *attributes = set_cookie.split(";")`.',
        'A value may hold a `=`: `pair.partition("=")` splits at the first one only. `.strip()` takes blanks away.',
        "Max-Age=0 says: forget it. Attribute names may come in any case. `jar.pop(name, None)`.",
        'In the field `Cookie` the pairs are joined by `"; "`.',
    ),
    passed="Your jar keeps what a server gives, forgets what it takes back, and sends the pairs only.",
)
def cookies(
    t: Trial, remember: Callable[[dict[str, str], str], None], cookie_field: Callable[[dict[str, str]], str]
) -> None:
    """A jar of cookies for one site."""

    def jar_after(*values: str) -> dict[str, str]:
        jar: dict[str, str] = {}
        for value in values:
            remember(jar, value)
        return jar

    unpack: Errors = {
        ValueError: "Not each attribute has a `=`, and a value may have several: split at `;` first."
    }
    with t.case("a name and a value", unpack) as case:
        case.expect(jar_after("visits=1"), {"visits": "1"})
    with t.case("attributes behind it", unpack) as case:
        words = "Path, HttpOnly and the like are notes for the client: cut the value at the first `;`."
        came = jar_after("visits=2; Path=/visits; HttpOnly")
        wrong: Wrong = [
            (lambda v: ";" in str(v), words),
            (lambda v: len(v) > 1, "Attributes are no cookies."),
        ]
        case.expect(came, {"visits": "2"}, wrong, advice=words)
    with t.case("a value that holds `=`", unpack) as case:
        words = "Split at the *first* `=` only: session keys often end in one."
        case.expect(jar_after("session=a2V5=="), {"session": "a2V5=="}, advice=words)
    with t.case("the same name again", unpack) as case:
        case.expect(jar_after("visits=1", "theme=dark", "visits=2; Path=/"), {"visits": "2", "theme": "dark"})
    gone: Errors = {KeyError: "It may be gone already: `jar.pop(name, None)`.", **unpack}
    with t.case("Max-Age=0", gone) as case:
        words = "Max-Age=0 says: forget this cookie. That is how a server logs you out."
        case.expect(
            jar_after("session=abc", "session=; Path=/; Max-Age=0"),
            {},
            [({"session": ""}, words)],
            advice=words,
        )
        case.expect(jar_after("unknown=; Max-Age=0"), {})
    with t.case("max-age=0, in other capitals", gone) as case:
        words = "Names of attributes may come in any case: compare `.lower()`."
        case.expect(jar_after("session=abc", "session=x; max-age=0"), {}, advice=words)
    with t.case("Max-Age=60", unpack) as case:
        case.expect(
            jar_after("session=abc; Max-Age=60"), {"session": "abc"}, advice="60 seconds are not over yet."
        )
    with t.case("the field to send") as case:
        words = "In `Cookie` the pairs are joined by a semicolon and a blank (RFC 6265)."
        came_field = cookie_field({"visits": "2", "theme": "dark"})
        case.expect(came_field, "visits=2; theme=dark", [("visits=2, theme=dark", words)], advice=words)


from netlab.exercises import lesson_07_quizzes, lesson_07_server, lesson_07_services  # noqa: E402,F401
