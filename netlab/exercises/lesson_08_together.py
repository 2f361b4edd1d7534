"""The exercise of lesson 08 on many requests at the same time, counted by the server."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

from netlab.exercises.coroutines import together
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial
from netlab.servers.web import WebServer

PATIENCE = 0.4  # seconds that a request waits for others
WORK = 0.02  # seconds that it takes
AT_ONCE = 4

FetchAll = Callable[[Callable[[str], Awaitable[int]], list[str], int], Awaitable[dict[str, int | None]]]


class Meter:
    """A web app that counts how many requests it has at the same time.

    The first requests wait until there are as many as are allowed, so that who fetches one after the other is seen.
    The path /slow waits until the others have been answered; at /broken the connection breaks.

    Args:
        at_once: how many requests are allowed at the same time.
        others: how many requests /slow waits for.
    """

    def __init__(self, at_once: int, others: int) -> None:
        self.peak = self._inside = self._answered = 0
        self._at_once, self._others = at_once, others
        self._lock = threading.Lock()
        self._full, self._alone = threading.Event(), threading.Event()
        self.slow_waited_in_vain = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"]
        with self._lock:
            self._inside += 1
            self.peak = max(self.peak, self._inside)
            if self._inside == self._at_once:
                self._full.set()
        self._full.wait(PATIENCE)
        self._full.set()
        if path == "/slow":
            self.slow_waited_in_vain = not self._alone.wait(PATIENCE)
        else:
            time.sleep(WORK)
        with self._lock:
            self._inside -= 1
            self._answered += 1
            if self._answered >= self._others:
                self._alone.set()
        promised = (
            [("Content-Length", "99")] if path == "/broken" else []
        )  # 99 are promised, 12 come: it is cut
        status = "404 Not Found" if path == "/404" else "200 OK"
        start_response(status, [("Content-Type", "text/plain"), *promised])
        return [b"AAPL 430.47\n"]


@exercise(
    "08-async",
    title="Many at once, but not too many",
    objective="08-o5",
    points=3,
    limit=8.0,
    hints=(
        "One `asyncio.Semaphore(at_once)`, made once, before the tasks: it has so many places.",
        "A coroutine for one URL: `async with places:` and in it `await get(url)`.",
        "`await asyncio.gather(*(one(url) for url in urls))` runs them together; results come in the order of the URLs.",
        "Catch `httpx.HTTPError` inside of the coroutine for one URL, and return None: then the others go on.",
        "`dict(zip(urls, answers))`.",
    ),
    passed="Fast, and no more at a time than was agreed; who fails, fails alone.",
)
def fetch_all(t: Trial, fetch_all: FetchAll) -> None:
    """At most n at the same time, measured by the server."""
    import httpx

    def run(paths: list[str], others: int = 0, at_once: int = AT_ONCE) -> tuple[Any, Meter, list[str]]:
        meter = Meter(at_once, others)
        with WebServer(meter) as server:
            urls = [server.url + path for path in paths]

            async def main() -> Any:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                async with httpx.AsyncClient(timeout=2, trust_env=False, verify=context) as client:

                    async def get(url: str) -> int:
                        return (await client.get(url)).status_code

                    result = fetch_all(get, urls, at_once)
                    return await result

            return together(main), meter, urls

    never = "`fetch_all` gives no coroutine: it has to be `async def`."
    single = "The server never had more than one of your requests: an `await` in a plain loop waits for each. Start them all with `gather`."
    late = "It took too long. An `await` in a plain loop waits for each page: start them all with `gather`, and let a semaphore hold back those that have no place."
    with t.case("twelve pages, four at once", {TypeError: never, TimeoutError: late}) as case:
        came, meter, urls = run([f"/{n}" for n in range(12)])
        case.expect_that(meter.peak > 1, "four requests at the same time", "one at a time", single)
        words = "The server had more than four at the same time. One semaphore for all of them, entered by each before its request."
        case.expect_that(
            meter.peak <= AT_ONCE, "at most four at the same time", f"{meter.peak} at the same time", words
        )
        words = "Four places were allowed: use them all."
        case.expect_that(meter.peak == AT_ONCE, "four at the same time", f"{meter.peak}", words)
        kind = "Return a dictionary: the URL, and the status that `get` returned for it."
        case.expect(came, dict.fromkeys(urls, 200), advice=kind)
    with t.case("six pages, two at once", {TimeoutError: late}) as case:
        _, meter, _ = run([f"/{n}" for n in range(6)], at_once=2)
        case.expect_that(meter.peak > 1, "two requests at the same time", "one at a time", single)
        words = "`at_once` says how many may be under way, and it is not always four: `Semaphore(at_once)`."
        case.expect_that(
            meter.peak == 2, "two requests at the same time", f"{meter.peak} at the same time", words
        )
    alone = "One failure must not take the others with it: catch `httpx.HTTPError` where one URL is fetched, and note None."
    with t.case("a page is missing, a connection breaks", {httpx.HTTPError: alone}) as case:
        came, _, urls = run(["/1", "/broken", "/404", "/2"])
        right = dict(zip(urls, [200, None, 404, 200], strict=True))
        case.expect(
            came,
            right,
            [(lambda v: any(isinstance(each, Exception) for each in v.values()), "None for a page that could not be had.")],
            advice=alone,
        )  # fmt: skip
    with t.case("one page is slow", {TimeoutError: late}) as case:
        _, meter, _ = run(["/slow", *(f"/{n}" for n in range(8))], others=8)
        words = "Groups of four wait for their slowest: with a semaphore the next request begins as soon as any one is done."
        case.expect_that(
            not meter.slow_waited_in_vain, "the others go on meanwhile", "all waited for the slow one", words
        )
    with t.case("nothing to do") as case:
        case.expect(run([])[0], {}, advice="No URLs, an empty dictionary.")
