"""The exercises of lesson 07, HTTP: a request written by hand, and the methods."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from netlab.exercises.choosing import expect_choice
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong, show
from netlab.http.messages import HTTPSyntaxError, Request
from netlab.http.reader import parse_request

# What can be wrong with the shape of any request; the first that fits is said.
MISSHAPEN: list[tuple[Callable[[Any], bool], str]] = [
    (lambda v: v is None, "Your function ends without returning anything: is there a `return`?"),
    (lambda v: isinstance(v, str), "Return bytes: `.encode()` turns the text into them."),
    (lambda v: b"\n" in v.replace(b"\r\n", b""), r"Lines end with `\r\n` in HTTP, not with `\n` alone."),
    (
        lambda v: b"\r\n\r\n" not in v,
        "The empty line at the end is missing: the server would wait for more fields.",
    ),
]


def read_back(case: Case, data: Any, content: str = "") -> Request:
    """What a server makes of a student's request; the case fails with words when it can make nothing of it."""
    words = next((words for found, words in MISSHAPEN if found(data)), "")
    if words:
        case.fail("a request that a server can read", show(data), words)
    try:
        return parse_request(data)
    except HTTPSyntaxError:
        words = "What came is no request: look at its first line, and at the lines of the fields."
        if content:
            words = "Your Content-Length and the bytes after the empty line do not fit together."
        if not content.isascii() and b"Content-Length: %d\r\n" % len(content) in data:
            words = "Content-Length counts bytes: `ü` is one character, and two bytes in UTF-8."
        case.fail("a request that a server can read", show(data), words)


@exercise(
    "07-request",
    title="Write a request",
    objective="07-o1",
    points=2,
    hints=(
        "Collect the lines in a list: the request line, Host, then a line for each field of the dictionary.",
        r'Join them with `"\r\n"`; after the last one come two of them, one ends the line, one is the empty line.',
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
            *MISSHAPEN,
            (
                lambda v: isinstance(v, bytes) and b"Host" not in v,
                "Which site is it for? HTTP/1.1 wants `Host`.",
            ),
            (
                lambda v: b"content-length" in v.lower(),
                "Without content no `Content-Length`: a GET has nothing to count.",
            ),
        ]
        case.expect(build_request("GET", "/quotes/AAPL", "ticker.example", {}), right, wrong)
    with t.case("two more fields") as case:
        fields = {"Accept": "application/json", "Connection": "close"}
        came = read_back(case, build_request("GET", "/", "ticker.example", fields))
        case.expect(
            dict(came.headers),
            {"Host": "ticker.example", **fields},
            advice="A line for each: `name: value`.",
        )
    for what, content in {"with content": "AAPL 450", "with content that is not ASCII": "Grüße, 株"}.items():
        with t.case(what) as case:
            came = read_back(case, build_request("POST", "/alerts", "ticker.example", {}, content), content)
            case.expect(
                came.content, content.encode(), [(b"", "The content, or its Content-Length, is missing.")]
            )
            case.expect(came.method, "POST")
    words = "Whoever can choose {} could add fields of their own, or a second request: raise ValueError."
    half = r"`\r` and `\n` are evil each on its own: some server takes it for the end of a line."
    value = words.format("a value")
    for what, evil, advice in (
        ("a value with a line break", ("/", "t", {"Accept": "text/html\r\nX-Admin: yes"}), value),
        (r"a value with `\n` alone", ("/", "t", {"Accept": "text/html\nX-Admin: yes"}), half),
        (r"a value with `\r` alone", ("/", "t", {"Accept": "text/html\rX-Admin: yes"}), half),
        ("a name with a line break", ("/", "t", {"X-Admin: yes\r\nAccept": "*/*"}), words.format("a name")),
        ("a host with a line break", ("/", "t\r\nX-Admin: yes", {}), words.format("a host")),
        ("a path with a line break", ("/ HTTP/1.1\r\nX-Admin: yes\r\nX:", "t", {}), words.format("a path")),
    ):
        with t.case(what) as case:
            case.expect_error(ValueError, functools.partial(build_request, "GET", *evil), advice)


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
            advice = "Look at the table again: what does it ask for?"
            expect_choice(case, methods.get(task), right, wrong, advice=advice)
    with t.case("the safe ones") as case:
        wrong_safe: Wrong = [
            (lambda v: {"DELETE", "PUT"} & v, "Safe is more than idempotent: no change is asked for."),
            (lambda v: "CONNECT" in v, "CONNECT opens a tunnel, through which anything may pass."),
        ]
        advice = "Safe methods are those that only look. Four of the nine."
        _expect_methods(case, safe, SAFE, wrong_safe, advice)
    with t.case("the idempotent ones") as case:
        wrong_idempotent: Wrong = [
            ({"PUT", "DELETE"}, "To look twice changes nothing either: safe methods are idempotent too."),
            (lambda v: "POST" in v, "Two POSTs make two alerts: that is what idempotent excludes."),
            (
                lambda v: "PATCH" in v,
                "PATCH may say *add one*: nobody promises that twice is once (RFC 5789).",
            ),
        ]
        advice = "All safe ones, and the two whose result is the same the second time."
        _expect_methods(case, idempotent, {*SAFE, "PUT", "DELETE"}, wrong_idempotent, advice)


def _expect_methods(case: Case, came: Any, right: set[str], wrong: Wrong, advice: str) -> None:
    """Compare a set of methods with the right one, which the report does not give away."""
    if not isinstance(came, set | frozenset | list | tuple):
        case.fail("a set", show(came), 'Write a set of names: `{"GET", "HEAD"}`.')
    names = {str(name).strip().upper() for name in came}
    if names != right:
        words = (
            said for pattern, said in wrong if (pattern(names) if callable(pattern) else pattern == names)
        )
        case.fail("another set", ", ".join(sorted(names)), next(words, advice))


from netlab.exercises import (  # noqa: E402
    lesson_07_cookies,  # noqa: F401
    lesson_07_forms,  # noqa: F401
    lesson_07_quizzes,  # noqa: F401
    lesson_07_response,  # noqa: F401
    lesson_07_server,  # noqa: F401
    lesson_07_services,  # noqa: F401
)
