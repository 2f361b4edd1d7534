"""Sites for the crawlers of lesson 08: small, real, and hostile in a way that is chosen."""

from __future__ import annotations

import html
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from netlab.http.messages import Response
from netlab.servers.web import WebServer

if TYPE_CHECKING:
    import httpx

HTML = "text/html; charset=utf-8"
PATIENCE = 0.3  # seconds that our client waits
SILENT = "silent"  # a page that never comes
BROKEN = "broken"  # a page whose connection breaks before its end
ENOUGH = 300  # requests: no crawler of ours needs more

# A page: its links; a status; where it redirects to; SILENT or BROKEN.
Plan = list[str] | int | str
Get = Callable[[str], tuple[int, list[str]]]


class EnoughError(BaseException):
    """A crawler has asked so often that it will never end; not to be caught by `except Exception`."""


class Site:
    """A web app of pages that are nothing but links.

    Args:
        pages: each by its path.
        page: makes the pages that are not in `pages`; without it they are 404.
    """

    def __init__(
        self, pages: Mapping[str, Plan], page: Callable[[str], list[str] | None] | None = None
    ) -> None:
        self.pages = pages
        self.page = page or (lambda _: None)
        self.over = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else "")
        plan = self.pages.get(path, self.page(path))
        if plan == SILENT:
            self.over.wait(3)
            plan = []
        if plan == BROKEN:
            start_response("200 OK", [("Content-Type", HTML), ("Content-Length", "99")])
            return [b"<!DOCTYPE html>"]
        if isinstance(plan, str):
            start_response("302 Found", [("Location", plan)])
            return [b""]
        status = plan if isinstance(plan, int) else 404 if plan is None else 200
        start_response(f"{status} {Response(status).reason}", [("Content-Type", HTML)])
        links = plan if isinstance(plan, list) else []
        anchors = "".join(f'<a href="{html.escape(link)}">x</a>' for link in links)
        return [f"<!DOCTYPE html><title>{path}</title>{anchors}".encode()]


class Links(HTMLParser):
    """Collects the targets of a page's links, as they stand there."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the target of a link."""
        target = dict(attrs).get("href")
        if tag == "a" and target:
            self.targets.append(target)


@contextmanager
def client() -> Iterator[httpx.Client]:
    """A client for loopback; it waits for a short time only, and makes a context for TLS as cheaply as it can."""
    import httpx

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with httpx.Client(timeout=PATIENCE, trust_env=False, verify=context) as made:
        yield made


class Visitor:
    """What a crawler fetches with, counted.

    Args:
        client: for the requests.
        site: the URL of the site's front page.

    Attributes:
        asked: the URLs that were fetched, those of other sites too, which are never really asked.
        log: every call of the crawler: "get", "wait" and "may" with their URLs.
    """

    def __init__(self, client: httpx.Client, site: str) -> None:
        self.client, self.site = client, site
        self.asked: list[str] = []
        self.log: list[str] = []

    @property
    def paths(self) -> list[str]:
        """The pages of this site that were fetched, without the host."""
        return [url.removeprefix(self.site.rstrip("/")) for url in self.asked if not self.is_foreign(url)]

    @property
    def foreign(self) -> list[str]:
        """The URLs of elsewhere that were to be fetched."""
        return [url for url in self.asked if self.is_foreign(url)]

    def is_foreign(self, url: str) -> bool:
        """Whether a URL leads away from the site."""
        return urlsplit(url)[:2] != urlsplit(self.site)[:2]

    def get(self, url: str) -> tuple[int, list[str]]:
        """Fetch a page: its status and the absolute targets of its links; a redirect has one.

        Raises:
            httpx.HTTPError: when the page cannot be had.
        """
        import httpx

        self.asked.append(url)
        self.log.append("get")
        if len(self.asked) > ENOUGH:
            raise EnoughError
        if self.is_foreign(url):
            raise httpx.ConnectError(f"{url} is another site")
        response = self.client.get(url)
        if "Location" in response.headers:
            return response.status_code, [urljoin(url, response.headers["Location"])]
        page = Links()
        page.feed(response.text)
        return response.status_code, [urljoin(url, target) for target in page.targets]

    def may(self, url: str) -> bool:
        """What robots.txt allows: everything but /private/."""
        return not urlsplit(url).path.startswith("/private/")

    def wait(self) -> None:
        """The pause between two requests, of no length."""
        self.log.append("wait")


@contextmanager
def visiting(
    pages: Mapping[str, Plan], page: Callable[[str], list[str] | None] | None = None
) -> Iterator[Visitor]:
    """A site that is served, and a visitor of it."""
    site = Site(pages, page)
    with WebServer(site) as server, client() as made:
        try:
            yield Visitor(made, f"{server.url}/")
        finally:
            site.over.set()
