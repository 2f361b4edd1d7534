"""The exercises of lesson 08 on crawling: fetching with limits, and a crawler on hostile sites."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from netlab.exercises import lesson_08_site as sites
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.servers.web import WebServer

Errors = dict[type[BaseException], str]
PIECE = b"<p>All prices of all days.</p>\n" * 100
LARGEST = 20_000
ENDLESS = 20_000_000  # bytes after which even a hostile page ends


class Pages:
    """A web app whose pages are hard to fetch; it counts the bytes that it could send of them."""

    def __init__(self) -> None:
        self.sent = 0
        self.asked: list[str] = []
        self.over = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterator[bytes] | list[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if path == "/old":
            start_response("301 Moved Permanently", [("Location", "../about")])
            return [b""]
        kind = (
            "text/csv"
            if path.endswith(".csv")
            else "TEXT/HTML; charset=latin-1"
            if path == "/latin"
            else "text/html"
        )
        start_response("404 Not Found" if path == "/404" else "200 OK", [("Content-Type", kind)])
        if path in ("/huge", "/huge.csv"):
            return self.huge()
        if path == "/drips":
            return self.drips()
        return [b"<h1>Gr\xfc\xdfe</h1>" if path in ("/latin", "/broken") else b"<h1>Quotes</h1>"]

    def huge(self) -> Iterator[bytes]:
        """A page that hardly ends."""
        while self.sent < ENDLESS:
            self.sent += len(PIECE)
            yield PIECE

    def drips(self) -> Iterator[bytes]:
        """A page that never keeps its client waiting for long, and never ends either."""
        while not self.over.wait(0.05):
            yield b"<br>"


@contextmanager
def fetching() -> Iterator[tuple[Pages, Any, str]]:
    """The app, a client and the URL of the site."""
    app = Pages()
    with WebServer(app) as server, sites.client() as client:
        try:
            yield app, client, server.url
        finally:
            app.over.set()


@exercise(
    "08-get",
    title="No more than you want",
    objective="08-o4",
    points=3,
    limit=10.0,
    hints=(
        'In `with client.stream("GET", url) as response:` the header has come, and the content has not.',
        'A redirect has a field `Location`: `urljoin(url, response.headers["Location"])`, and no text.',
        'Only `text/html` is read: `response.headers.get("Content-Type", "").lower().startswith("text/html")`.',
        "A loop over `response.iter_bytes()` collects; `break` when there is enough, or when `time.monotonic()` is past the end.",
        '`data[:largest].decode(response.charset_encoding or "utf-8", "replace")`.',
    ),
    passed="Neither a page without an end nor one that drips can stop your crawler.",
)
def get(t: Trial, get: Callable[..., tuple[int, str, str | None]]) -> None:
    """Fetching from a server that means no good."""
    from httpx import HTTPError

    def fetched(client: Any, url: str, patience: float = 0.5) -> Any:
        return get(client, url, largest=LARGEST, patience=patience)

    with t.case("a page") as case, fetching() as (_, client, url):
        triple = "Return three things: status, text, and None, as the page redirects nowhere."
        case.expect(fetched(client, f"{url}/about"), (200, "<h1>Quotes</h1>", None), advice=triple)
    words = "404 is an answer like any other: the crawler will note it. Return it, do not raise."
    missing: Errors = {HTTPError: words, TypeError: words}
    with t.case("a page that is missing", missing) as case, fetching() as (_, client, url):
        case.expect(fetched(client, f"{url}/404")[0], 404, advice=words)
    kind = 'Not every answer has a Content-Type, this redirect has none: `response.headers.get("Content-Type", "")`.'
    with t.case("a redirect", {KeyError: kind}) as case, fetching() as (app, client, url):
        words = "Say where it leads, as an absolute URL, and do not go there: the crawler decides."
        none = 'The text of a redirect is `""`, and so it is where nothing is read.'
        wrong: Wrong = [
            (lambda v: v[1] is None and v[2] == f"{url}/about", none),
            (lambda v: v[2] == "../about", "`Location` may be relative: `urljoin(url, location)`."),
            (lambda v: v[0] == 200, words),
        ]
        case.expect(fetched(client, f"{url}/old"), (301, "", f"{url}/about"), wrong, advice=words)
    with t.case("a file that is no page") as case, fetching() as (app, client, url):
        words = "It is no HTML, so there are no links in it: do not read it. The Content-Type is there before the content."
        case.expect(fetched(client, f"{url}/huge.csv"), (200, "", None), advice=words)
        case.expect_that(app.sent < ENDLESS, "not read", "all of it was fetched", words)
    words = "`largest` bytes are enough. Read it in pieces with `iter_bytes()`, and stop: `text` and `read()` fetch all."
    with t.case("a page of 20 MB", hangs=words) as case, fetching() as (app, client, url):
        begin = time.monotonic()
        _, text, _ = fetched(client, f"{url}/huge", patience=10)
        stopped = app.sent < ENDLESS and time.monotonic() - begin < 2
        case.expect_that(stopped, "a part of it", "all of it was fetched", words)
        cut = f"at most {LARGEST:,} characters"
        case.expect_that(0 < len(text) <= LARGEST, cut, f"{len(text):,}", "Cut it: `data[:largest]`.")
    drips = (
        "It sends a little all the time, so a timeout of the client never strikes: look at the clock after each piece. "
        "If you do: with a size, as in `iter_bytes(1024)`, a piece comes only when so many bytes are there. Leave the size out."
    )
    with t.case("a page that drips", hangs=drips) as case, fetching() as (_, client, url):
        begin = time.monotonic()
        status, _, _ = fetched(client, f"{url}/drips")
        case.expect_that(time.monotonic() - begin < 2, "an end after 0.5 s", "it waited on and on", drips)
        case.expect(status, 200)
    broken = 'Half the web is badly encoded. Decode with `errors="replace"`, so that one byte does not cost a page.'
    with (
        t.case("a byte that is no UTF-8", {UnicodeDecodeError: broken}) as case,
        fetching() as (_, client, url),
    ):
        text = fetched(client, f"{url}/broken")[1]
        if text != "<h1>Gre</h1>":  # errors="ignore" does as well
            case.expect(text, "<h1>Gr\ufffd\ufffde</h1>", advice=broken)
    with (
        t.case("another encoding, and capitals", {UnicodeDecodeError: broken}) as case,
        fetching() as (_, client, url),
    ):
        words = "The Content-Type says in which encoding it is, `response.charset_encoding`, and its capitals do not count."
        case.expect(fetched(client, f"{url}/latin")[1], "<h1>Gr\u00fc\u00dfe</h1>", advice=words)


CRAWL = '''
def crawl(start, get, may, wait, limit=50):
    """Return {url: status} of the pages of one site, None for one that could not be had."""
    found, todo = {}, [start]
    while todo:
        url = todo.pop()
        status, links = get(url)
        found[url] = status
        todo += [link for link in links if link.startswith("http")]
    return found
'''


@exercise(
    "08-crawl",
    title="Mend a crawler",
    objective="08-o4",
    points=4,
    limit=12.0,
    starter=CRAWL,
    hints=(
        "Keep a set of all URLs that were ever put into `todo`; what is in it is not put there again.",
        "Before a link goes into the queue: `urldefrag(link).url`; same `urlsplit(link)[:2]` as `start`; not seen; `may(link)`.",
        "`deque` and `popleft()`: first the pages that are near. With `pop()` you follow the last link deeper and deeper.",
        "`wait()` before each request but the first; `len(found) < limit` in the condition of the loop.",
        "`try: status, links = get(url)`, `except httpx.HTTPError: status, links = None, []`.",
    ),
    passed="Your crawler is polite, ends everywhere, and finds what there is to find.",
)
def crawl(t: Trial, crawl: Callable[..., dict[str, int | None]]) -> None:
    """A crawler, on sites that are worse than the last."""
    from httpx import HTTPError

    again = "Pages link to each other, so your crawler went round and round: remember every URL that you have put into the queue."
    endless: Errors = {sites.EnoughError: again}

    def run(visitor: sites.Visitor, limit: int = 50) -> dict[str, int | None]:
        found = crawl(visitor.site, visitor.get, visitor.may, visitor.wait, limit)
        root = visitor.site.rstrip("/")
        return {url.removeprefix(root): status for url, status in found.items()}

    ring = {"/": ["/news", "/about"], "/news": ["/", "/about"], "/about": ["/", "/gone"]}
    with t.case("pages that link to each other", endless) as case, sites.visiting(ring) as visitor:
        came = run(visitor)
        case.expect_that(
            len(visitor.paths) == len(set(visitor.paths)),
            "each page once",
            f"{len(visitor.paths)} requests",
            again,
        )
        right: dict[str, int | None] = {"/": 200, "/news": 200, "/about": 200, "/gone": 404}
        case.expect(came, right, advice="A missing page belongs to the result: `found[url] = 404`.")
    page = "A fragment is a place on a page: `urldefrag(link).url` before you look whether it was seen."
    with (
        t.case("places on a page", endless) as case,
        sites.visiting({"/": ["/#top", "#end", "/a#1", "/a#2"], "/a": []}) as visitor,
    ):
        run(visitor)
        case.expect(sorted(visitor.paths), ["/", "/a"], advice=page)
    home = "It went to another site. Compare scheme and host, `urlsplit(link)[:2]`, with those of `start`; the beginning of a text proves nothing."
    mixed = ["http://exchange.example/", "mailto:ada@ticker.example", "javascript:void(0)", "/a"]
    with (
        t.case("links to elsewhere", {HTTPError: home, **endless}) as case,
        sites.visiting({"/": mixed, "/a": []}) as visitor,
    ):
        root = visitor.site.rstrip("/")
        mixed.append(f"{root}@evil.example/")
        run(visitor)
        case.expect(visitor.foreign, [], advice=home)
        case.expect(sorted(visitor.paths), ["/", "/a"])
    port = "The port belongs to the origin: there may be quite another server. Compare `netloc`, which has it; `hostname` has not."
    scheme = "The scheme belongs to the origin: compare it as well, as `urlsplit(link)[:2]` does."
    for name, words in (("another port", port), ("another scheme", scheme)):
        links = ["/a"]
        with (
            t.case(f"{name} of the same host", {HTTPError: words, **endless}) as case,
            sites.visiting({"/": links, "/a": []}) as visitor,
        ):
            old, new = ("http:", "https:") if words == scheme else (":" + visitor.site.split(":")[2], ":8/")
            links.append(visitor.site.replace(old, new))
            run(visitor)
            case.expect(visitor.foreign, [], advice=words)
    rules = "`may(link)` says what robots.txt allows. Ask it before a page goes into the queue."
    secret = {"/": ["/private/", "/a"], "/a": ["/private/x"], "/private/": [], "/private/x": []}
    with t.case("what robots.txt forbids", endless) as case, sites.visiting(secret) as visitor:
        run(visitor)
        case.expect(sorted(visitor.paths), ["/", "/a"], advice=rules)
    pause = "`wait()` makes the pause that robots.txt asks for: call it before each request but the first."
    with t.case("a pause between requests", endless) as case, sites.visiting(ring) as visitor:
        run(visitor)
        calls = re.sub("wait (?=wait)", "", " ".join(visitor.log))
        case.expect_that("get get" not in calls, "get, wait, get, wait, …", ", ".join(visitor.log[:6]), pause)
    loop: dict[str, sites.Plan] = {"/": ["/a"], "/a": "/b", "/b": "/a#again"}
    with t.case("redirects in a ring", endless) as case, sites.visiting(loop) as visitor:
        words = "A redirect is one more link. Each of its pages is fetched once, and so the ring ends."
        case.expect(run(visitor), {"/": 200, "/a": 302, "/b": 302}, advice=words)
    fails = "One page that cannot be had is no reason to stop: catch `httpx.HTTPError`, note None, and go on."
    with (
        t.case("a page that never comes", {HTTPError: fails, **endless}) as case,
        sites.visiting({"/": ["/slow", "/a"], "/slow": sites.SILENT, "/a": []}) as visitor,
    ):
        case.expect(
            run(visitor),
            {"/": 200, "/slow": None, "/a": 200},
            [(lambda v: "/slow" not in v, "Note it too: its status is None.")],
            advice=fails,
        )
    breaks = "A page can fail in many ways, not only a time that is over: `httpx.HTTPError` is all of them."
    with (
        t.case("a connection that breaks", {HTTPError: breaks, **endless}) as case,
        sites.visiting({"/": ["/cut", "/a"], "/cut": sites.BROKEN, "/a": []}) as visitor,
    ):
        case.expect(run(visitor), {"/": 200, "/cut": None, "/a": 200}, advice=breaks)

    def calendar(path: str) -> list[str] | None:
        day = re.fullmatch(r"/day/(\d+)", path)
        return [f"/day/{int(day[1]) + 1}"] if day else None

    real = {"/": [*(f"/page/{n}" for n in range(8)), "/day/1"], **{f"/page/{n}": [] for n in range(8)}}
    ends = "A calendar has no last page. `limit` is the most that you fetch: look at it in the condition of the loop."
    with (
        t.case("a site without an end", {sites.EnoughError: ends}, hangs=ends) as case,
        sites.visiting(real, calendar) as visitor,
    ):
        came = run(visitor, 20)
        case.expect_that(len(visitor.asked) <= 20, "20 requests at the most", f"{len(visitor.asked)}", ends)
        words = "Your crawler went deeper and deeper, and never came to the pages that were near. Take the oldest of the queue first: `popleft()`."
        near = sum(path.startswith("/page/") for path in came)
        case.expect_that(near == 8, "all 8 pages that the front page links to", f"{near} of them", words)
        case.expect(len(came), 20, advice="There is enough to find: use the limit.")
