"""The exercises of lesson 07 on what a client does with responses: keep them, and try again."""

from __future__ import annotations

import functools
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.http.messages import Response
from netlab.servers.web import WebServer

Errors = dict[type[BaseException], str]
OURS = "the session of the judge"
Kept = dict[str, tuple[bytes, str | None, float]]


class Fields(dict[str, str]):
    """Header fields that are found in any spelling: `etag` is as good as `ETag` (RFC 9110, section 5.1)."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(self._spelled(name))

    def __contains__(self, name: object) -> bool:
        return super().__contains__(self._spelled(name))

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a field, or the default."""
        return super().get(self._spelled(name), default)

    def _spelled(self, name: object) -> str:
        return next((each for each in self if each.lower() == str(name).lower()), str(name))


class Site:
    """A page with a validator, and what it was asked."""

    def __init__(self, cache_control: str = "max-age=60", etag: str | None = '"v1"') -> None:
        self.cache_control, self.etag, self.content = cache_control, etag, b"AAPL 430.47\n"
        self.status = 200
        self.asked: list[dict[str, str]] = []

    def get(self, _: str, headers: dict[str, str]) -> tuple[int, Fields, bytes]:
        """Answer as a server would: 304 when the client has it already."""
        self.asked.append(dict(headers))
        fields = Fields({"Cache-Control": self.cache_control} if self.cache_control else {})
        if self.status != 200:
            return self.status, fields, b"Sorry\n"
        if self.etag:
            fields["ETag"] = self.etag
        if self.etag and headers.get("If-None-Match") == self.etag:
            return 304, fields, b""
        return 200, fields, self.content


@exercise(
    "07-cache",
    title="Keep a page",
    objective="07-o3",
    points=4,
    hints=(
        "Three ways: it is kept and still fresh (`now < until`): no request at all. It is kept and stale: ask, with If-None-Match. Not kept: ask.",
        "`content, etag, until = kept.get(url, (None, None, 0))` treats “not kept” like “stale, without a tag”.",
        'The header fields to send: `{"If-None-Match": etag}` if there is a tag, else `{}`.',
        "After 304 the content is the one you kept; after 200 the new one. Store it in both cases, with its new end: a 304 makes it fresh again. Any other status: return the content, store nothing.",
        '`no-store` means: keep nothing of it, `kept.pop(url, None)`. max-age: `re.search(r"max-age=(\\d+)", value)`, 0 if there is none.',
    ),
    passed="The second visit costs nothing, the third a few bytes, and nobody sees an old price for long.",
)
def cache(t: Trial, fetch: Callable[..., bytes]) -> None:
    """A client's cache: fresh, stale, not modified."""
    url = "/quotes/AAPL"

    def visits(site: Site, *times: float, kept: Kept | None = None) -> list[bytes]:
        kept = {} if kept is None else kept
        return [fetch(url, site.get, kept, now) for now in times]

    unpack: Errors = {
        TypeError: "What is not kept has no content, no tag and no end yet: think of the first visit."
    }
    with t.case("the first visit", unpack) as case:
        site = Site()
        case.expect(visits(site, 0), [b"AAPL 430.47\n"])
        case.expect(site.asked, [{}], advice="Without a tag there is nothing to ask with: send no fields.")
    with t.case("while it is fresh") as case:
        site = Site()
        case.expect(visits(site, 0, 59), [b"AAPL 430.47\n"] * 2)
        words = "At second 59 of 60 it is still fresh: no request is needed."
        case.expect(len(site.asked), 1, [(2, words)])
    with t.case("when it is stale, and has not changed") as case:
        site = Site()
        empty = "304 has no content: give back what you kept."
        case.expect(visits(site, 0, 60), [b"AAPL 430.47\n"] * 2, [([b"AAPL 430.47\n", b""], empty)])
        words = "At second 60 it is stale: ask, and send the tag along as If-None-Match."
        case.expect(site.asked, [{}, {"If-None-Match": '"v1"'}], [([{}], words), ([{}, {}], words)])
    with t.case("304 makes it fresh again") as case:
        site = Site()
        visits(site, 0, 60, 100)
        words = (
            "The 304 at second 60 came with max-age=60: until 120 no request is needed. Store the new end."
        )
        case.expect(len(site.asked), 2, [(3, words)], advice=words)
    with t.case("when it is stale, and has changed") as case:
        site = Site()
        kept: Kept = {}
        visits(site, 0, kept=kept)
        site.content, site.etag = b"AAPL 431.00\n", '"v2"'
        case.expect(
            visits(site, 60, 61, kept=kept),
            [b"AAPL 431.00\n"] * 2,
            advice="After 200 the new content counts.",
        )
        visits(site, 130, kept=kept)
        words = "Keep the new tag with the new content."
        case.expect(site.asked[-1], {"If-None-Match": '"v2"'}, advice=words)
    with t.case("no-cache") as case:
        site = Site("no-cache")
        visits(site, 0, 1)
        words = "no-cache does not forbid to keep it, but to use it without asking: ask, with the tag."
        case.expect(site.asked, [{}, {"If-None-Match": '"v1"'}], [([{}, {}], words)], advice=words)
    unsaid: Errors = {
        KeyError: "Not each response has a Cache-Control: `.get`.",
        TypeError: "No Cache-Control, no max-age.",
    }
    with t.case("without Cache-Control", unsaid) as case:
        site = Site("")
        case.expect(visits(site, 0, 1), [b"AAPL 430.47\n"] * 2)
        words = "Nothing says how long it is fresh: it is stale at once, so ask, with the tag."
        case.expect(site.asked, [{}, {"If-None-Match": '"v1"'}], advice=words)
    with t.case("an error in between") as case:
        site, kept = Site(), Kept()
        visits(site, 0, kept=kept)
        site.status = 503
        words = (
            "What came with 503 is given back, but not kept: it would stand in the place of the good page."
        )
        case.expect(visits(site, 60, kept=kept), [b"Sorry\n"], advice="Give back what came.")
        site.status = 200
        case.expect(visits(site, 61, kept=kept), [b"AAPL 430.47\n"], advice=words)
        case.expect(site.asked[-1], {"If-None-Match": '"v1"'}, advice=words)
    with t.case("no-store") as case:
        site, kept = Site("no-store"), Kept()
        visits(site, 0, 1, kept=kept)
        words = "no-store forbids to keep it: somebody's account may be on the page."
        case.expect(kept, {}, advice=words)
        case.expect(site.asked, [{}, {}], advice=words)
    with t.case("no-store after max-age") as case:
        site, kept = Site(), Kept()
        visits(site, 0, kept=kept)
        site.cache_control, site.etag = "no-store", '"v2"'
        visits(site, 60, kept=kept)
        words = "Now the server says no-store: what you kept before has to go as well."
        case.expect(kept, {}, advice=words)
    with t.case("without a tag", {KeyError: "Not each response has an ETag: `.get`."}) as case:
        site = Site(etag=None)
        case.expect(visits(site, 0, 30, 90), [b"AAPL 430.47\n"] * 3)
        words = "No tag, no If-None-Match: a field with the value None would be sent as text."
        case.expect(site.asked, [{}, {}], advice=words)


class Flaky:
    """A web app that fails in given ways, then answers.

    Args:
        *faults: for each of the first requests a status, or "hang" for silence.
    """

    def __init__(self, *faults: int | str) -> None:
        self.faults = list(faults)
        self.asked = 0
        self.sender = ""
        self.over = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Answer one request."""
        self.asked += 1
        self.sender = environ.get("HTTP_USER_AGENT", "")
        fault = self.faults.pop(0) if self.faults else 200
        if fault == "hang":
            self.over.wait(3)
        status = fault if isinstance(fault, int) else 200
        start_response(f"{status} {Response(status).reason}", [("Content-Type", "application/json")])
        return [b'{"ticker": "AAPL", "close": 430.47}' if status == 200 else b"<h1>Sorry</h1>"]


@contextmanager
def served(*faults: int | str) -> Iterator[tuple[Flaky, str]]:
    """A server with faults, and the URL of a quote on it."""
    app = Flaky(*faults)
    with WebServer(app) as server:
        try:
            yield app, f"{server.url}/api/quotes/AAPL"
        finally:
            app.over.set()


@exercise(
    "07-fetch",
    title="Fetch a quote, whatever happens",
    objective="07-o4",
    points=3,
    limit=8.0,
    hints=(
        "A loop over the tries; in it `session.get(url, timeout=timeout)`.",
        "`response.raise_for_status()` raises `requests.HTTPError` for 4xx and 5xx. Which of the two is worth another try?",
        "Catch `requests.Timeout` and `requests.ConnectionError`, and go on, unless it was the last try: then `raise`.",
        "A status below 500 ends the loop, good or bad, and so does the last try. After it `raise_for_status()`, then `json()`.",
    ),
    passed="Your client waits no longer than it said, tries again where that can help, and tells where it cannot.",
)
def fetch(t: Trial, fetch_quote: Callable[..., Any]) -> None:
    """A client of a service that has bad days."""
    import requests

    right = {"ticker": "AAPL", "close": 430.47}

    def fetched(url: str, tries: int = 3) -> Any:
        with requests.Session() as session:
            session.headers["User-Agent"] = OURS
            return fetch_quote(session, url, tries=tries, timeout=0.3)

    with t.case("a good day") as case, served() as (app, url):
        text = "Return what the JSON says, as Python objects: `response.json()`."
        wrong: Wrong = [
            (lambda v: isinstance(v, str | bytes), text),
            (lambda v: isinstance(v, requests.Response), text),
        ]
        case.expect(fetched(url), right, wrong)
        case.expect(app.asked, 1, advice="One good answer is enough.")
        words = "Ask with the session that you were given: it has the cookies and the open connections."
        case.expect(app.sender, OURS, advice=words)
    for status in (503, 500):
        again = f"{status} is the server's trouble, as all from 500 on are. It is worth another try."
        with (
            t.case(f"{status}, then an answer", {requests.HTTPError: again}) as case,
            served(status) as (app, url),
        ):
            case.expect(fetched(url), right, advice=again)
    html = "The page of an error is no JSON: look at the status before you read the content."
    with t.case("503 all the time", {ValueError: html}) as case, served(*[503] * 9) as (app, url):
        words = "After the last try the error is the caller's: let `raise_for_status()` raise."
        case.expect_error(requests.HTTPError, lambda: fetched(url), words)
        case.expect(
            app.asked, 3, advice="`tries` is the number of requests in all, not of those after the first."
        )
    for status in (404, 401):
        with t.case(str(status)) as case, served(*[status] * 9) as (app, url):
            words = f"{status} is an answer: there is no quote for you. Raise HTTPError."
            case.expect_error(requests.HTTPError, functools.partial(fetched, url), words)
            twice = "Asking again will not help: 4xx is the client's mistake, raise at once."
            case.expect(app.asked, 1, advice=twice)
    waits = "The server said nothing, and your client waited and waited: hand on `timeout=timeout`."
    slow: Errors = {requests.Timeout: "A timeout may have been bad luck: try again."}
    with t.case("a server that hangs once", slow, hangs=waits) as case, served("hang") as (app, url):
        case.expect(fetched(url), right)
        case.expect(app.asked, 2, [(1, waits)], advice="One request that hangs, one that is answered.")
    own = "That is an error of your own making. After the last try the caller gets the one that came: a bare `raise`, in the `except`."
    made: Errors = {requests.RequestException: own}
    with (
        t.case("a server that hangs for ever", made, hangs=waits) as case,
        served(*["hang"] * 9) as (app, url),
    ):
        words = "After the last try let the Timeout go on to the caller: None looks like an answer."
        case.expect_error(requests.Timeout, lambda: fetched(url, tries=2), words)
    with t.case("nobody there", made) as case, socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
        closed.close()
        words = "After the last try let the ConnectionError go on to the caller."
        case.expect_error(requests.ConnectionError, lambda: fetched(f"http://127.0.0.1:{port}/"), words)
