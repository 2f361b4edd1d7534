"""The exercises of lesson 13 that make a framework: routes, requests, responses, the app around them."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any
from wsgiref.util import setup_testing_defaults

from netlab.apps.tiny import HTTPError
from netlab.exercises.lesson_13_stage import Stage, by_the_rules
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong
from netlab.http.messages import Headers
from netlab.http.messages import Request as Asked

Errors = dict[type[BaseException], str]


@exercise(
    "13-route",
    title="Match a path",
    objective="13-o3",
    points=3,
    hints=(
        'Split both at the slashes: `pattern.split("/")`, `path.split("/")`. Another number of parts: no match.',
        "Go through the pairs: `for part, value in zip(wanted, came)`. A part that does not begin with `<` has to be equal to the value.",
        'A parameter: `kind, _, name = part.strip("<>").rpartition(":")`. For `<ticker>`, `kind` is empty.',
        "A number: `value.isascii() and value.isdigit() and len(value) <= 9`, then `int(value)`. Anything else: return None.",
        "No match is `None`, not `{}`: a pattern without parameters that fits returns `{}`.",
    ),
    passed="Your table finds its way, and a number is a number, whatever stands in the address line.",
)
def route(t: Trial, match: Callable[[str, str], Any]) -> None:
    """Patterns and paths, honest and hostile."""
    empty = "It fits and has no parameters: an empty dictionary, `{}`. None means that it does not fit."
    with t.case("/about") as case:
        case.expect(match("/about", "/about"), {}, [(None, empty), (True, empty)])
        case.expect(match("/about", "/news"), None, [({}, "They differ: None.")])
    with t.case("/quotes/<ticker>") as case:
        wrong: Wrong = [
            (
                {"": "AAPL"},
                "The kind stands before the colon, the name behind it. Without a colon all is name: `rpartition`.",
            ),
            ({"<ticker>": "AAPL"}, 'The name stands between the brackets: `part.strip("<>")`.'),
            (None, "`<ticker>` stands for any text: it fits."),
        ]
        case.expect(match("/quotes/<ticker>", "/quotes/AAPL"), {"ticker": "AAPL"}, wrong)
        case.expect(
            match("/quotes/<ticker>", "/news/AAPL"),
            None,
            advice="`quotes` is no parameter: it has to be equal.",
        )
    with t.case(
        "two parameters, one a number", {KeyError: "The kind stands before the colon, the name behind it."}
    ) as case:
        came = match("/quotes/<ticker>/<int:days>", "/quotes/AAPL/5")
        case.expect(came, {"ticker": "AAPL", "days": 5}, [
            ({"ticker": "AAPL", "days": "5"}, "`<int:days>` promises a number: `int(value)`."),
            ({"ticker": "AAPL", "int:days": "5"}, "The kind stands before the colon, the name behind it."),
        ])  # fmt: skip
    with t.case(
        "more parts than the pattern has", {IndexError: "Compare the numbers of parts first."}
    ) as case:
        words = "A parameter is one part of the path: a slash ends it. Compare the numbers of parts first."
        case.expect(match("/quotes/<ticker>", "/quotes/AAPL/5"), None, advice=words)
        case.expect(match("/quotes/<ticker>", "/quotes"), None, advice=words)
        case.expect(match("/about", "/about/"), None, advice="A slash more is another path.")
    with t.case("an empty parameter") as case:
        words = "`/quotes/` names no share: a parameter has at least one character."
        case.expect(match("/quotes/<ticker>", "/quotes/"), None, advice=words)
    crash: Errors = {
        ValueError: "Look before you leap: a visitor may write anything where you want a number."
    }
    for what, value in {"no number": "five", "a number below zero": "-5", "a fraction": "2.5", "nothing": "", "`٣`, a digit of Arabic": "٣", "`²`": "²", "`1_000`": "1_000", "5,000 digits": "9" * 5000}.items():  # fmt: skip
        with t.case(f"`<int:days>` and {what}", crash) as case:
            words = "Nine ASCII digits at the most: `value.isascii() and value.isdigit() and len(value) <= 9`. Python's `int` takes more than you think."
            case.expect(match("/last/<int:days>", f"/last/{value}"), None, advice=words)
    with t.case("a dot in the pattern") as case:
        words = (
            "In a regular expression a dot fits anything: `re.escape` what is no parameter, or compare text."
        )
        case.expect(match("/stocks.csv", "/stocksXcsv"), None, advice=words)
    with t.case("a line break behind the path") as case:
        words = "`$` fits before a last line break too: use `fullmatch`, or compare text."
        case.expect(match("/about", "/about\n"), None, advice=words)


class Wire:
    """`wsgi.input` as a connection that stays open: who reads more than was sent waits for ever."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)
        self._left = len(content)

    def read(self, size: int = -1) -> bytes:
        """Read as many bytes; raise where a socket would wait."""
        if size < 0 or size > self._left:
            raise TimeoutError("the client keeps the connection open and sends nothing more")
        self._left -= size
        return self._content.read(size)


def environ_of(content: bytes = b"", **changed: Any) -> dict[str, Any]:
    """An environ as a server makes it; None leaves a key out."""
    environ: dict[str, Any] = {
        "wsgi.input": Wire(content),
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(content)),
    }
    environ |= changed
    setup_testing_defaults(environ)
    return {key: value for key, value in environ.items() if value is not None}


def _telling(
    request_class: Callable[[dict[str, Any]], Any], environ: dict[str, Any], start_response: Any
) -> Any:
    """An app that says which form it has read."""
    form = request_class(environ).form()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [repr(form).encode()]


REQUEST = '''
class Request:
    """What environ says, decoded."""

    def __init__(self, environ):
        self.environ = environ
        self.method = environ["REQUEST_METHOD"]
        self.path = environ["PATH_INFO"]
        self.query = dict(parse_qsl(environ["QUERY_STRING"]))

    def form(self):
        """The fields of a form."""
        content = self.environ["wsgi.input"].read()
        return dict(parse_qsl(content.decode()))
'''


@exercise(
    "13-request",
    title="Mend a Request",
    objective="13-o3",
    points=4,
    starter=REQUEST,
    hints=(
        '`PATH_INFO` holds bytes as Latin-1 characters: `.encode("latin-1").decode()`. Bytes that are no UTF-8: catch `UnicodeDecodeError` and `raise HTTPError(400)`.',
        "PEP 3333 lets a server leave `QUERY_STRING` and `CONTENT_LENGTH` out, or empty: `environ.get(\"QUERY_STRING\", \"\")`, `environ.get(\"CONTENT_LENGTH\") or \"0\"`.",
        "`read()` waits for the end of a connection that stays open: `read(int(length))`. Before that: `length.isascii() and length.isdigit()`, or it is 400 (`read(-1)` would read all there is); more than 10,000 bytes: `raise HTTPError(413)`, and read nothing.",
        "`parse_qsl` drops empty values unless you say `keep_blank_values=True`, and hides bad bytes unless you say `errors=\"strict\"`; then catch `ValueError` (a `UnicodeDecodeError` is one).",
        "The content can be read once: keep what you made of it, `self._form`, and give it again. `None` says that it has not been read; an empty form is `{}`.",
    ),
    passed="Your Request reads what honest and other visitors send, and what it cannot read is 400, not a crash.",
)  # fmt: skip
def request(t: Trial, Request: Callable[[dict[str, Any]], Any]) -> None:  # noqa: N803
    """The mistakes of the starter, one a case."""

    def refused(case: Case, status: int, call: Callable[[], Any], advice: str) -> None:
        try:
            came = call()
        except HTTPError as error:
            case.expect(error.status, status, advice=advice)
        else:
            case.fail(f"HTTPError({status}) is raised", f"{came!r}", advice)

    with t.case("GET /quotes/AAPL?days=5") as case:
        came = Request(environ_of(PATH_INFO="/quotes/AAPL", QUERY_STRING="days=5"))
        case.expect((came.method, came.path, came.query), ("GET", "/quotes/AAPL", {"days": "5"}))
    latin = "Each character of PATH_INFO is a byte: make bytes of it with Latin-1, text with UTF-8."
    with t.case("a path with é") as case:
        case.expect(
            Request(environ_of(PATH_INFO="/Caf\xc3\xa9")).path,
            "/Café",
            [("/Caf\xc3\xa9", latin)],
            advice=latin,
        )
    bad = "What is no UTF-8 is the visitor's mistake, not ours: `raise HTTPError(400)`."
    with t.case("a path that is no UTF-8", {UnicodeDecodeError: bad}) as case:
        refused(case, 400, lambda: Request(environ_of(PATH_INFO="/\xff\xfe")).path, bad)
    with t.case(
        "no QUERY_STRING at all", {KeyError: "A server may leave QUERY_STRING out (PEP 3333): `.get`."}
    ) as case:
        case.expect(Request(environ_of(QUERY_STRING=None)).query, {})
    with t.case("an empty field, `?note=&days=5`") as case:
        words = "An empty field is a field: `keep_blank_values=True`."
        case.expect(
            Request(environ_of(QUERY_STRING="note=&days=5")).query, {"note": "", "days": "5"}, advice=words
        )
    with t.case("bytes in the query that are no UTF-8", {UnicodeDecodeError: bad}) as case:
        hidden = (
            '`parse_qsl` puts a � where the bytes are no UTF-8, and says nothing: `errors="strict"`, and 400.'
        )
        refused(case, 400, lambda: Request(environ_of(QUERY_STRING="q=%ff")).query, hidden)
    waits = "The client keeps the connection open: read as many bytes as CONTENT_LENGTH says, not to the end."
    with t.case("a form", {TimeoutError: waits}) as case:
        came = Request(environ_of(b"ticker=AAPL&limit=450", REQUEST_METHOD="POST"))
        case.expect(came.form(), {"ticker": "AAPL", "limit": "450"})
        words = "The second time nothing is left to read: keep the fields, and give them again."
        try:
            case.expect(came.form(), {"ticker": "AAPL", "limit": "450"}, advice=words)
        except TimeoutError:
            case.fail("the same fields again", "nothing is left to read", words)
    none = 'Without content CONTENT_LENGTH is missing, or empty: `environ.get("CONTENT_LENGTH") or "0"`.'
    for what, length in {"no CONTENT_LENGTH": None, "an empty CONTENT_LENGTH": ""}.items():
        with t.case(what, {KeyError: none, ValueError: none, TypeError: none, TimeoutError: waits}) as case:
            case.expect(Request(environ_of(CONTENT_LENGTH=length)).form(), {})
    large = (
        "Whoever lets a stranger choose how much he reads, is out of memory one day: `raise HTTPError(413)`."
    )
    with t.case("a form of a gigabyte, it says", {TimeoutError: large}) as case:
        refused(case, 413, Request(environ_of(b"q=1", CONTENT_LENGTH="1000000000")).form, large)
    with t.case(
        "a form of 10,000 bytes", {HTTPError: "10,000 bytes are allowed, 10,001 are not: `>`."}
    ) as case:
        content = b"q=" + b"a" * 9998
        case.expect(len(Request(environ_of(content)).form()["q"]), 9998)
    with t.case("a form of 10,001 bytes") as case:
        refused(case, 413, Request(environ_of(b"q=" + b"a" * 9999)).form, large)
    odd = "Look at it before `int()`, which takes +3 and 1_0, too, and before `read()`: `length.isascii() and length.isdigit()`, or else 400. `read(-1)` reads all that comes, whatever the limit."
    for length in ("-1", "abc", "+3", "1_0"):
        with t.case(f"CONTENT_LENGTH is `{length}`", {ValueError: odd, TimeoutError: odd}) as case:
            refused(case, 400, Request(environ_of(b"q=1", CONTENT_LENGTH=length)).form, odd)
    with t.case("a form without fields, twice") as case:
        came = Request(environ_of(b"&"))
        words = "An empty form has been read, too: `is None` tells it from one that has not."
        try:
            case.expect((came.form(), came.form()), ({}, {}), advice=words)
        except TimeoutError:
            case.fail("an empty dictionary, twice", "nothing is left to read", words)
    with t.case("a form that is no UTF-8", {UnicodeDecodeError: bad}) as case:
        refused(case, 400, Request(environ_of(b"name=\xff")).form, bad)
    with t.case("percent signs in a form that are no UTF-8", {UnicodeDecodeError: bad}) as case:
        refused(case, 400, Request(environ_of(b"name=%ff")).form, bad)
    for what, fields, form in (
        ("no Content-Length, behind a real server", {}, {}),
        ("a form in chunks, behind a real server", {"Transfer-Encoding": "chunked"}, {"name": "Café"}),
    ):
        with t.case(what, {KeyError: none, ValueError: none, TypeError: none}) as case, by_the_rules(case):
            content = b"name=Caf%C3%A9" if fields else b""
            post = Asked("POST", "/", Headers({"Host": "ticker.example", **fields}), content)
            case.expect(Stage(partial(_telling, Request)).ask(post).content, repr(form).encode())
    with t.case("a blank field in a form") as case:
        case.expect(
            Request(environ_of(b"name=&limit=1")).form(),
            {"name": "", "limit": "1"},
            advice="An empty field is a field: `keep_blank_values=True`.",
        )
