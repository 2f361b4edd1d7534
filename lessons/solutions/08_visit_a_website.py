"""Solutions of the exercises of lesson 08, a visit of a website."""

import asyncio
import time
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

import httpx

# 08-order
steps = [
    "look into the cache",
    "ask DNS for the address",
    "TCP handshake, port 443",
    "TLS handshake",
    "send GET /quotes/AAPL",
    "read the HTML, find what it needs",
    "fetch style and pictures",
    "lay out and paint",
    "close the connection",
]


# 08-needed
class Needed(HTMLParser):
    """Collects in self.urls what a browser fetches by itself to show a page, each thing once."""

    def __init__(self):
        super().__init__()
        self.urls = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "link":
            rel = (attributes.get("rel") or "").lower().split()
            if "stylesheet" in rel or "icon" in rel:
                self.add(attributes.get("href"))
        elif tag in ("img", "script"):
            self.add(attributes.get("src"))

    def add(self, url):
        if url and url not in self.urls:
            self.urls.append(url)


# 08-waterfall
answers = {
    "a round trip to the server": 40,
    "until the first byte of /": 445,
    "the server's program, for /": 300,
    "saved on / if the connection had been open": 105,
    "connections opened": 2,
    "the first thing to make smaller": "/photo.jpg",
}

# 08-cache
decisions = {
    "never fetched before": "fetch",
    "max-age=60, came 30 s ago": "use",
    "max-age=60, came 90 s ago, with an ETag": "ask",
    "max-age=60, came 90 s ago, no ETag": "fetch",
    "no-cache, came 1 s ago, with an ETag": "ask",
    "no-store, came 1 s ago": "fetch",
    "max-age=60, came 30 s ago, now as /#chart": "use",
    "max-age=60, came 30 s ago, now as /?day=2": "fetch",
}


# 08-links
def clean(base, href):
    """Return the address of the page that a link leads to, None for one that is not to be followed."""
    try:
        parts = urlsplit(urldefrag(urljoin(base, href)).url)
        home = urlsplit(base)
    except ValueError:
        return None
    host = parts.netloc.lower()
    if (parts.scheme, host) != (home.scheme, home.netloc.lower()):
        return None
    pairs = [pair for pair in parts.query.split("&") if not pair.startswith("session=")]
    return urlunsplit((parts.scheme, host, parts.path or "/", "&".join(pairs), ""))


# 08-robots
def may_fetch(status, text, agent, url):
    """Whether a robot may fetch a page, from the answer to /robots.txt."""
    if status >= 500:
        return False
    if status >= 400:
        return True
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    return rules.can_fetch(agent, url)


# 08-get
def get(client, url, largest=100_000, patience=2.0):
    """Return status, text, and where a redirect leads; never more than largest bytes or patience seconds."""
    end = time.monotonic() + patience
    with client.stream("GET", url) as response:
        if "Location" in response.headers:
            return response.status_code, "", urljoin(url, response.headers["Location"])
        if not response.headers.get("Content-Type", "").lower().startswith("text/html"):
            return response.status_code, "", None
        data = b""
        for piece in response.iter_bytes():
            data += piece
            if len(data) >= largest or time.monotonic() > end:
                break
        text = data[:largest].decode(response.charset_encoding or "utf-8", "replace")
        return response.status_code, text, None


# 08-crawl
def crawl(start, get, may, wait, limit=50):
    """Return {url: status} of the pages of one site, None for one that could not be had."""
    found, todo, seen = {}, deque([start]), {start}
    while todo and len(found) < limit:
        url = todo.popleft()
        if found:
            wait()
        try:
            status, links = get(url)
        except httpx.HTTPError:
            status, links = None, []
        found[url] = status
        for link in links:
            link = urldefrag(link).url
            if link not in seen and urlsplit(link)[:2] == urlsplit(start)[:2] and may(link):
                seen.add(link)
                todo.append(link)
    return found


# 08-async
async def fetch_all(get, urls, at_once):
    """Return {url: status}, None for a page that could not be had; at most at_once requests at a time."""
    places = asyncio.Semaphore(at_once)

    async def one(url):
        async with places:
            try:
                return await get(url)
            except httpx.HTTPError:
                return None

    answers = await asyncio.gather(*(one(url) for url in urls))
    return dict(zip(urls, answers, strict=True))
