"""The exercises of lesson 13, web frameworks: who does what, environ, a WSGI app, middleware."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any
from unittest import mock
from wsgiref.util import setup_testing_defaults

from netlab.exercises.lesson_13_stage import Stage, by_the_rules, visit
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.http.messages import Response

WORK = {
    "runs the JavaScript of a page": "browser",
    "keeps a cookie, and sends it with each request": "browser",
    "ends TLS, serves the pictures, passes the rest on": "web server",
    "turns a request into environ, and calls a Python function": "application server",
    "starts a worker again that has died": "application server",
    "fills in a template": "application",
    "refuses a price below zero, although the form's JavaScript has done so already": "application",
    "finds one row among millions": "database",
}
HIRED = {
    ("runs the JavaScript of a page", "application"): "The application sends JavaScript as text. It runs where the page is: ask who draws it.",
    ("runs the JavaScript of a page", "web server"): "To the server, JavaScript is a file like a picture. It runs where the page is.",
    ("refuses a price below zero, although the form's JavaScript has done so already", "browser"): "What runs in the browser is the visitor's to change, or to leave out: `exchange` has no JavaScript at all. Who sees every request?",
    ("refuses a price below zero, although the form's JavaScript has done so already", "database"): "It can be told to refuse as well, as a last net. Who sees the form first, and can tell the visitor what is wrong with it?",
    ("fills in a template", "browser"): "The browser gets the page filled in. (JavaScript *can* fill in pages, but this template is Jinja2's.)",
    ("fills in a template", "web server"): "nginx knows no Python and no Jinja2: who writes the page?",
    ("finds one row among millions", "application"): "It asks; the one that has the index finds.",
    ("turns a request into environ, and calls a Python function", "application"): "That is the function which is called. Who calls it?",
    ("turns a request into environ, and calls a Python function", "web server"): "nginx speaks HTTP to what stands behind it, and knows no Python.",
    ("starts a worker again that has died", "application"): "A worker runs the application; dead, it cannot start itself.",
    ("ends TLS, serves the pictures, passes the rest on", "application server"): "It can, but slowly, and its workers would wait for slow readers. Who stands in front?",
}  # fmt: skip


@exercise(
    "13-work",
    title="Who does what",
    objective="13-o1",
    points=2,
    hints=(
        "The five names: `browser`, `web server`, `application server`, `application`, `database`.",
        "Follow the request in the drawing from left to right, and the answer back.",
        "Two tasks are the browser's, two the application server's, two the application's.",
    ),
    passed="You know where to look when a page is wrong: five programs, five logs.",
)
def work(t: Trial, work: dict[str, str]) -> None:
    """Which of the five programs does each task."""
    for task, right in WORK.items():
        wrong: Wrong = [(name, words) for (about, name), words in HIRED.items() if about == task]
        with t.case(task) as case:
            came = str(work.get(task)).strip().lower()
            case.expect(came, right, wrong, advice="Look at the drawing: in whose box does it stand?")


READ = {
    "method": "POST",
    "path": "/quotes/Café AG",
    "days": "5",
    "note": "",
    "host": "ticker.example",
    "key of Accept-Language": "HTTP_ACCEPT_LANGUAGE",
    "key of Content-Type": "CONTENT_TYPE",
    "bytes to read": 8,
}
KEY = "The key is asked for, as it stands on the left."
VALUE = "That is the key. What stands behind it?"


@exercise(
    "13-environ",
    title="Read environ",
    objective="13-o2",
    points=2,
    hints=(
        "The method and the path have keys of their own. `PATH_INFO` has its percent signs decoded to bytes, each byte shown as one character.",
        'To text: `"/quotes/CafÃ© AG".encode("latin-1").decode()`. Write down what comes out.',
        "A query is text. Nobody has turned `5` into a number: in quotes. What is between `note=` and the end?",
        "`SERVER_NAME` is the server's own opinion; what the *client* named is the field Host. All fields but two have a key that begins with `HTTP_`.",
    ),
    passed="You can read a request as a Python web server hands it over.",
)
def environ(t: Trial, seen: dict[str, Any]) -> None:
    """What a dictionary says about a request."""
    wrong: dict[str, Wrong] = {
        "path": [
            ("/quotes/CafÃ© AG", "Two characters for one `é`: these are the two bytes of UTF-8, shown as Latin-1. Turn them back into bytes, then decode."),
            ("/quotes/Caf%C3%A9%20AG", "That is what went over the wire. The percent signs are gone in `PATH_INFO`; the bytes are left to decode."),
            (lambda v: "?" in v, "The query stands in a key of its own, and is no part of the path."),
            (lambda v: "%" in v, "In `PATH_INFO` no percent sign is left, and `%20` was a blank."),
        ],
        "days": [(5, "Parameters are text, always: nobody knows that you mean a number.")],
        "note": [
            (None, "It is there, and empty: the visitor left the field blank."),
            ("note", "That is its name."),
            ("limit=45", "That is the content. The note is in the query."),
        ],
        "host": [("127.0.0.1", "That is where the server listens. One address may have many sites: the client says in Host which it wants."), ("HTTP_HOST", VALUE)],
        "key of Accept-Language": [
            ("ACCEPT_LANGUAGE", "A field of the request has `HTTP_` in front, so that no client can set `PATH` or `HOME`."),
            ("HTTP_ACCEPT-LANGUAGE", "A hyphen becomes an underscore."),
            ("fr", KEY),
            ("Accept-Language", "That is the field as it was sent. Under which key does environ have it?"),
        ],
        "key of Content-Type": [
            ("HTTP_CONTENT_TYPE", "Content-Type and Content-Length are the two without `HTTP_`: CGI had names for them before."),
            ("Content-Type", "That is the field as it was sent. Under which key does environ have it?"),
            ("application/x-www-form-urlencoded", KEY),
        ],
        "bytes to read": [("8", "Right, and to read them you need a number: write it without quotes."), (None, "It stands in environ: how long is the content?"), (b"limit=45", "That is the content itself. How many bytes has it?")],
    }  # fmt: skip
    for name, right in READ.items():
        with t.case(name) as case:
            case.expect(
                seen.get(name),
                right,
                wrong.get(name, ()),
                advice="Look for it in the cell above, key by key.",
            )


@exercise(
    "13-wsgi",
    title="A WSGI app",
    objective="13-o2",
    points=3,
    hints=(
        'The path is `environ["PATH_INFO"]`; `.removeprefix("/")` takes the slash away. Is what is left in `PRICES`?',
        'Two statuses: `"200 OK"` and `"404 Not Found"`, as text. Choose one, and the text of the content; then one call of `start_response`.',
        'Encode first: `data = content.encode()`; then `("Content-Length", str(len(data)))`: values are text.',
        "`return [data]`: a list with one piece of bytes. (A generator that yields it will do, too.)",
    ),
    passed="Any Python web server can run your app: they all know this one call.",
)
def wsgi(t: Trial, quotes: Callable[..., Any]) -> None:
    """The smallest app that is worth serving."""
    stage = Stage(quotes)

    def answered(response: Response) -> tuple[int, bytes]:
        return response.status, response.content

    with t.case("GET /AAPL") as case, by_the_rules(case):
        came = stage.ask(visit("/AAPL"))
        case.expect(
            answered(came), (200, b"AAPL 430.47\n"), advice="`AAPL 430.47` and a newline, with status 200."
        )
        kind = str(came.headers.get("Content-Type")).partition(";")[0]
        case.expect(kind, "text/plain", [("text/html", "There is no HTML in it: text/plain.")])
    for what, target in {"how long it is": "/AAPL", "how long the 404 is": "/ZOE"}.items():
        with t.case(what) as case, by_the_rules(case):
            words = "Say it in Content-Length, as text: `str(len(data))`."
            given = {name.lower() for name, _ in _fields(quotes, target)}
            case.expect_that("content-length" in given, "a field Content-Length", "none", words)
    with t.case("GET /IBM") as case, by_the_rules(case):
        case.expect(answered(stage.ask(visit("/IBM"))), (200, b"IBM 202.90\n"), [
            ((200, b"IBM 202.9\n"), "Two digits behind the point: `{price:.2f}`."),
            ((200, b"AAPL 430.47\n"), "Whatever was asked, it says AAPL: look at `PATH_INFO`."),
        ])  # fmt: skip
    with t.case("a share that is put into PRICES later") as case, by_the_rules(case):
        with mock.patch.dict(_globals_of(quotes).get("PRICES", {}), {"KO": 61.5}):
            came = stage.ask(visit("/KO"))
        words = "It is in `PRICES` now, and was not when you wrote: look there, `PRICES[ticker]`, at each request."
        case.expect(answered(came), (200, b"KO 61.50\n"), [(lambda v: v[0] != 200, words)])
    gone = "It is not in `PRICES`: 404 Not Found, as text, and no exception."
    for what, target in {"GET /ZOE": "/ZOE", "the path /": "/", "GET /AAPL/IBM": "/AAPL/IBM", "a path that is no UTF-8": "/%ff%fe"}.items():  # fmt: skip
        with t.case(what, {KeyError: gone}) as case, by_the_rules(case):
            case.expect(stage.ask(visit(target)).status, 404, [(200, gone)], advice=gone)
    with t.case("the page of a 404") as case, by_the_rules(case):
        came = stage.ask(visit("/%3Cscript%3E"))
        case.expect(came.status, 404, advice=gone)
        html = "In HTML, what a visitor wrote into the path would be code. As `text/plain` it is text."
        kind = str(came.headers.get("Content-Type")).partition(";")[0]
        case.expect(kind, "text/plain", [("text/html", html)])
        case.expect_that(
            came.content.strip() != b"",
            "a sentence",
            "no content",
            "Tell the visitor in a sentence what is wrong.",
        )
    with t.case("HEAD /AAPL") as case, by_the_rules(case):
        case.expect(
            stage.ask(visit("/AAPL", "HEAD")).status,
            200,
            advice="The server leaves the content out by itself; answer as for GET.",
        )


def _globals_of(app: Any) -> dict[str, Any]:
    """The names around a student's app, which may be a function or a class."""
    return getattr(app, "__globals__", None) or getattr(getattr(app, "__init__", None), "__globals__", {})


def _fields(app: Callable[..., Any], path: str) -> list[tuple[str, str]]:
    """The header fields that an app gives, before a server adds its own; a generator has to run for them."""
    environ: dict[str, Any] = {"PATH_INFO": path}
    setup_testing_defaults(environ)
    given: list[tuple[str, str]] = []
    list(app(environ, lambda _status, fields, *_: given.extend(dict(fields).items())))
    return given


LINES = {
    "a": "            return start_response(status, [*headers, NOSNIFF], exc_info)",
    "b": "        def start(status, headers, exc_info=None):",
    "c": "    return wrapped",
    "d": "        return app(environ, start)",
    "e": "    def wrapped(environ, start_response):",
    "f": "        return app(environ, start_response)",
    "g": "def nosniff(app):",
}
FIELD = ("X-Content-Type-Options", "nosniff")


@exercise(
    "13-middleware",
    title="Lines in disorder: a middleware",
    objective="13-o2",
    points=2,
    hints=(
        "The indentation tells: what has none is outermost; what has most is innermost.",
        "Three functions, one in the other: `nosniff`, in it `wrapped`, in that `start`. Each is returned, or handed on, after its last line.",
        "`d` and `f` both call the app. Which of the two hands it the `start` that adds the field? The other one is too many.",
    ),
    passed="A function around a function: that is all that a middleware is. The app inside knows nothing of it.",
)
def middleware(t: Trial, order: str) -> None:
    """A Parsons problem: the judge puts the lines together and runs them."""
    letters = "".join(each for each in str(order).lower() if each.isalpha())
    wrapper: Callable[..., Any] | None = None
    with t.case("the lines make a function") as case:
        unknown = sorted(set(letters) - set(LINES))
        case.expect_that(
            not unknown, "letters from a to g", ", ".join(unknown), "There are seven lines, a to g."
        )
        names: dict[str, Any] = {"NOSNIFF": FIELD}
        words = "The lines do not fit: behind each `def` comes a line that is indented more, and `nosniff` is outermost."
        try:
            exec(compile("\n".join(LINES[each] for each in letters), "your lines", "exec"), names)  # noqa: S102
        except SyntaxError as error:
            case.fail("Python", f"{type(error).__name__}: {error.msg} in line {error.lineno}", words)
        wrapper = names.get("nosniff")
        case.expect_that(callable(wrapper), "a function nosniff", "none", words)
    if wrapper is None:
        return

    def plain(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        status = "200 OK" if environ["PATH_INFO"] == "/" else "404 Not Found"
        start_response(status, [("Content-Type", "text/plain")])
        return [b"AAPL 430.47\n"]

    early = "`return wrapped` stands before the lines of `wrapped`: a function must be there before it is returned."
    nothing = "`wrapped` never calls the app, or its result is lost: which line calls it with `start`?"
    bare = "The app is called with the server's own `start_response`, so `start` is never used."
    with t.case("a page behind it", {UnboundLocalError: early, NameError: early, TypeError: nothing}) as case:
        wrapped = wrapper(plain)
        case.expect_that(
            callable(wrapped), "an app", "None", "`nosniff` returns nothing: which line gives the new app?"
        )
        with contextlib.suppress(AssertionError):  # the validator's words come as a case of their own
            came = Stage(wrapped).ask(visit("/"))
            case.expect(came.headers.get(FIELD[0]), FIELD[1], [(None, bare)])
            case.expect(came.content, b"AAPL 430.47\n", advice=nothing)
        with by_the_rules(case):
            Stage(wrapped).ask(visit("/"))
    with (
        t.case("an error page behind it", {UnboundLocalError: early, TypeError: nothing}) as case,
        by_the_rules(case),
    ):
        came = Stage(wrapper(plain)).ask(visit("/nothing"))
        case.expect((came.status, came.headers.get(FIELD[0])), (404, FIELD[1]), [((404, None), bare)])
    with t.case("each line once") as case:
        case.expect(letters, "gebadc", [
            ("gebadfc", "`f` is too many: behind `return` no line of the function is ever run."),
            (lambda v: "f" in v and "d" not in v, "The line that is too many is another one: which of `d` and `f` uses `start`?"),
        ], advice="Six of the seven lines, each once.")  # fmt: skip


from netlab.exercises import (  # noqa: E402
    lesson_13_app,  # noqa: F401
    lesson_13_data,  # noqa: F401
    lesson_13_framework,  # noqa: F401
    lesson_13_pages,  # noqa: F401
    lesson_13_quizzes,  # noqa: F401
)
