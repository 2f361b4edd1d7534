"""The exercises of lesson 13 that answer: the response, and the app around it all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from netlab.apps import tiny
from netlab.apps.tiny import HTTPError
from netlab.exercises.lesson_13_framework import Errors, environ_of
from netlab.exercises.lesson_13_stage import Stage, by_the_rules, visit
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong

FALSY = (
    "`match` gives `{}` for a path that fits and has no parameters, and `{}` counts as false: ask `is None`."
)
GOES_OUT = "What is a Response already goes out as it is: `isinstance(answer, Response)`."


@contextlib.contextmanager
def _of_text(case: Case) -> Iterator[None]:
    """Say which value of a field was a number."""
    try:
        yield
    except TypeError as error:
        if "'int'" in str(error):
            words = "Values of fields are text, the number of bytes too: `str(len(self.content))`."
            case.errors = {**case.errors, TypeError: words}
        raise


@exercise(
    "13-response",
    title="A Response",
    objective="13-o3",
    points=3,
    hints=(
        "`content.encode() if isinstance(content, str) else content`: a picture is bytes already.",
        "Content-Length counts bytes, and a header value is text: `str(len(self.content))`.",
        'A value with `"\\r"` or `"\\n"` in it would end its line: `raise ValueError`. Check them all, those in `fields` too.',
        '`send` calls `start_response(self.status, self.fields)` and returns `[self.content]`, or `[]` when `environ["REQUEST_METHOD"]` is HEAD.',
    ),
    passed="Whatever a view returns, it leaves as a response that PEP 3333 accepts, and no field can be smuggled in.",
)
def response(t: Trial, Response: Callable[..., Any]) -> None:  # noqa: N803
    """Responses of all kinds, behind a real server."""

    def sent(made: Any, method: str = "GET") -> Any:
        return Stage(made.send).ask(visit("/", method))

    with t.case("a page") as case, _of_text(case), by_the_rules(case):
        came = sent(Response("<h1>Quotes</h1>"))
        case.expect((came.status, came.content), (200, b"<h1>Quotes</h1>"))
        case.expect(came.headers.get("Content-Type"), "text/html; charset=utf-8")
    with t.case("a page that is not ASCII") as case, _of_text(case), by_the_rules(case):
        counted = "Content-Length counts bytes, and `é` has two: encode first, then `len(self.content)`."
        made = Response("Café")
        case.expect(
            dict(made.fields).get("Content-Length"),
            "5",
            [("4", counted), (5, "Header values are text: `str(...)`.")],
        )
        case.expect(sent(made).content, "Café".encode())
    with t.case("a picture", {AttributeError: "Bytes need no `.encode()`: look first, `isinstance(content, str)`."}) as case, _of_text(case), by_the_rules(case):  # fmt: skip
        came = sent(Response(b"\x89PNG\r\n", kind="image/png"))
        case.expect((came.content, came.headers.get("Content-Type")), (b"\x89PNG\r\n", "image/png"))
    with t.case("404, and a further field") as case, _of_text(case), by_the_rules(case):
        came = sent(Response("none", 404, fields=[("X-Why", "delisted")]))
        case.expect((came.status, came.reason, came.headers.get("X-Why")), (404, "Not Found", "delisted"))
    with t.case("HEAD") as case, _of_text(case), by_the_rules(case):
        made = Response("<h1>Quotes</h1>")
        given: list[Any] = []
        content = b"".join(made.send(environ_of(REQUEST_METHOD="HEAD"), lambda *said: given.append(said)))
        case.expect(content, b"", advice="HEAD asks for the header alone: return `[]`.")
        case.expect(dict(given[0][1]).get("Content-Length"), "15", advice="The same fields as for GET.")
    inject = (
        "A line break ends the line: what follows would be a field of the attacker's. `raise ValueError`."
    )
    for what, value in {"a line break in a field": "/\r\nSet-Cookie: user=admin", "a lone `\\n` in a field": "/\nX: y", "a lone `\\r` in a field": "/\rX: y"}.items():  # fmt: skip
        with t.case(what) as case, _of_text(case):
            case.expect_error(ValueError, partial(Response, "", 303, fields=[("Location", value)]), inject)
    with t.case("a line break in the media type") as case, _of_text(case):
        case.expect_error(
            ValueError,
            lambda: Response("", kind="text/html\r\nX-Evil: yes"),
            "All values, the media type too.",
        )


@exercise(
    "13-app",
    title="The app around it all",
    objective="13-o3",
    points=6,
    limit=8.0,
    hints=(
        "`respond`: go through `self.routes`. Where `match(pattern, request.path)` is not None and the method is among the route's methods: call `view(request, **values)`. The two stars make `ticker=\"AAPL\"` of `{\"ticker\": \"AAPL\"}`.",
        "A view may return text: `answer if isinstance(answer, Response) else Response(answer)`.",
        "A path that fits with another method: collect its methods in a set, and go on; a later route may have the right one. After the loop: a set that is not empty is 405, with `(\"Allow\", \", \".join(sorted(allowed)))`; an empty one is 404.",
        "`__call__`: `try` around `self.respond(Request(environ))`; `except HTTPError` before `except Exception`. The error's status and fields make the Response.",
        "For any other exception: `environ[\"wsgi.errors\"].write(traceback.format_exc())`, and to the visitor a page that says 500 and nothing else.",
    ),
    passed="That is a framework. Flask's is larger, and does the same at this place.",
)  # fmt: skip
def app(t: Trial, App: Callable[[], Any]) -> None:  # noqa: N803
    """A small site on the student's framework, among visitors of all kinds."""
    site = App()
    names = getattr(getattr(App, "respond", None), "__globals__", {})
    response_class = names.get("Response", tiny.Response)
    calls = mount(site, response_class)
    stage = Stage(site)

    def got(target: str, method: str = "GET", content: bytes = b"") -> Any:
        return stage.ask(visit(target, method, content))

    def died(designed: str = "") -> Wrong:
        """What to say about a 500 that nobody wanted: the app's own words, if it has left some."""
        said = stage.log.getvalue().replace("mount.<locals>.", "").strip().splitlines()
        words = (
            f"Something has failed on the way. The last line in `wsgi.errors`: `{said[-1]}`"
            if said
            else designed
        )
        return [(lambda v: 500 in (v if isinstance(v, tuple) else (v,)), words)] if words else []

    named: Wrong = [
        (lambda v: isinstance(v[0][0][0], dict), "The view got the whole dictionary. By name: `view(request, **values)` makes `ticker=\"AAPL\"` of it."),
        (lambda v: v[0][0], "The parameters go by their names, `view(request, **values)`: a view may have them in another order."),
    ]  # fmt: skip
    wrap: Errors = {
        AttributeError: "A view may return text: `answer if isinstance(answer, Response) else Response(answer)`."
    }
    with t.case("GET /quotes/AAPL", wrap) as case, by_the_rules(case):
        came = got("/quotes/AAPL")
        if calls:
            case.expect(calls, [((), {"ticker": "AAPL"})], named)
        words = "The view returns its parameter: `view(request, **values)`."
        case.expect((came.status, came.content), (200, b"AAPL"), died(), advice=words)
    with t.case("a number as parameter", wrap) as case, by_the_rules(case):
        came = got("/double/21")
        case.expect((came.status, came.content), (200, b"42"), died())
    with t.case("HEAD", wrap) as case, by_the_rules(case):
        words = "Who can GET can HEAD: `route` has put it into the methods."
        came = got("/quotes/AAPL", "HEAD")
        case.expect((came.status, came.headers.get("Content-Length")), (200, "4"), died(), advice=words)
    lost: Errors = {
        HTTPError: "An HTTPError is an answer: catch it in `__call__`, and make a Response of its status and fields.",
        **wrap,
    }
    with t.case("a path that nobody has", lost) as case, by_the_rules(case):
        came = got("/nothing")
        case.expect(came.status, 404, died())
        has_a_page(case, came)
        case.expect(got("/double/many").status, 404, [(500, "No route fits `/double/many`: 404.")])
    with t.case("DELETE for a quote", lost) as case, by_the_rules(case):
        came = got("/quotes/AAPL", "DELETE")
        case.expect(
            came.status,
            405,
            [
                (404, "The path is there, the method is not: 405."),
                (200, "The view is for GET: look at the methods."),
            ],
        )
        allow = {each.strip() for each in (came.headers.get("Allow") or "").split(",")}
        case.expect(
            allow,
            {"GET", "HEAD"},
            advice="A 405 says in the field Allow what there is; the error has it in `fields`.",
        )
    with t.case("BREW, a method that nobody knows", lost) as case, by_the_rules(case):
        case.expect(got("/quotes/AAPL", "BREW").status, 405)
    with t.case("one path, two views", lost) as case, by_the_rules(case):
        late = "The path fits the first route and the method the second: go on until the last route before you say 405."
        came = got("/alerts", "POST", b"ticker=AAPL")
        case.expect(came.status, 201, [(405, late), (404, FALSY), (200, GOES_OUT), *died()])
        case.expect(came.content, b"AAPL")
        allow = {each.strip() for each in (got("/alerts", "PUT").headers.get("Allow") or "").split(",")}
        case.expect(
            allow, {"GET", "HEAD", "POST"}, advice="Collect the methods of all routes that fit the path."
        )
    with t.case("a view that redirects", lost) as case, by_the_rules(case):
        came = got("/move?to=/about")
        case.expect(
            (came.status, came.headers.get("Location")),
            (303, "/about"),
            [((404, None), FALSY), *died()],
            advice=GOES_OUT,
        )
    with t.case("a view that raises HTTPError(403)", lost) as case, by_the_rules(case):
        came = got("/private")
        first = "HTTPError is an Exception too: `except HTTPError` has to stand first."
        unseen = "HTTPError" in stage.log.getvalue() or not stage.log.getvalue()
        case.expect(came.status, 403, [(500, first)] if unseen else died())
        has_a_page(case, came)
    crash: Errors = {
        ZeroDivisionError: "A view that fails must not take the server along: catch Exception in `__call__`, and answer 500."
    }
    with t.case("a view that fails", crash) as case, by_the_rules(case):
        came = got("/broken")
        case.expect(came.status, 500, [(404, FALSY)])
        has_a_page(case, came)
        leak = "The traceback is for you, not for the visitor: to `wsgi.errors` with it."
        case.expect_that(
            b"Traceback" not in came.content and b"division" not in came.content,
            "a page that says nothing of the inside",
            came.content.decode(errors="replace"),
            leak,
        )
        case.expect_that(
            "ZeroDivisionError" in stage.log.getvalue(),
            "the traceback in wsgi.errors",
            "nothing",
            'Nobody would ever learn why: write `traceback.format_exc()` to `environ["wsgi.errors"]`.',
        )
    early: Errors = {HTTPError: "`Request(environ)` raises HTTPError(400): it has to stand inside the `try`."}
    with t.case("a path that is no UTF-8", early) as case, by_the_rules(case):
        case.expect(got("/quotes/%ff").status, 400)
    with t.case("a form that is no UTF-8", early) as case, by_the_rules(case):
        came = got("/alerts", "POST", b"ticker=%ff")
        case.expect(came.status, 400, died())
    smuggled: Errors = {
        ValueError: "The Response refuses the line break while the view runs: that is 500, no crash."
    }
    with (
        t.case("a line break for a field, `?to=/%0d%0aSet-Cookie:x=1`", smuggled) as case,
        by_the_rules(case),
    ):
        came = got("/move?to=/%0d%0aSet-Cookie:x=1")
        case.expect((came.status, came.headers.get("Set-Cookie")), (500, None))
    with t.case("Ctrl-C while a view runs") as case:
        greedy = "A bare `except:` and `except BaseException` take Ctrl-C as well, so you could not stop your server: `except Exception`."
        with contextlib.suppress(KeyboardInterrupt):
            site(environ_of(PATH_INFO="/stop"), lambda *_: None)
            case.fail("KeyboardInterrupt goes through", "it was caught", greedy)


def has_a_page(case: Case, came: Any) -> None:
    """An answer that says something to the visitor."""
    words = "The visitor sees a blank window: a page of this status says at least what it is, `<h1>404 Not Found</h1>`."
    case.expect_that(came.content.strip() != b"", "a page", "no content", words)


def mount(site: Any, response_class: Any) -> list[Any]:
    """The views of the judge's site; what one of them is called with comes into the list that is returned."""
    calls: list[Any] = []

    def quote(_: Any, *places: Any, **names: Any) -> str:
        calls.append((places, names))
        return str(names.get("ticker"))

    def stop(_: Any) -> str:
        raise KeyboardInterrupt

    site.route("/quotes/<ticker>")(quote)
    site.route("/stop")(stop)
    site.route("/double/<int:number>")(lambda _, number: str(2 * number))
    site.route("/alerts")(lambda _: "no alerts")

    def alert(request: Any) -> Any:
        return response_class(request.form()["ticker"], 201)

    def move(request: Any) -> Any:
        return response_class("", 303, fields=[("Location", request.query["to"])])

    def private(_: Any) -> str:
        raise HTTPError(403)

    site.route("/alerts", methods=("POST",))(alert)
    site.route("/move")(move)
    site.route("/private")(private)
    site.route("/broken")(lambda _: str(1 // 0))
    return calls
