"""Typical wrong answers of lesson 08: the exercise, words that the report must hold, and the student's code."""

# ruff: noqa: E501 (a wrong answer a line)

STEPS = [
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

NEEDED = """
from html.parser import HTMLParser


class Needed(HTMLParser):
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
"""

LINKS = """
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit


def clean(base, href):
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
"""

ROBOTS = """
from urllib.robotparser import RobotFileParser


def may_fetch(status, text, agent, url):
    if status >= 500:
        return False
    if status >= 400:
        return True
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    return rules.can_fetch(agent, url)
"""

GET = """
import time
from urllib.parse import urljoin


def get(client, url, largest=100_000, patience=2.0):
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
"""

CRAWL = """
from collections import deque
from urllib.parse import urldefrag, urlsplit

import httpx


def crawl(start, get, may, wait, limit=50):
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
"""

FETCH = """
import asyncio

import httpx


async def fetch_all(get, urls, at_once):
    places = asyncio.Semaphore(at_once)

    async def one(url):
        async with places:
            try:
                return await get(url)
            except httpx.HTTPError:
                return None

    answers = await asyncio.gather(*(one(url) for url in urls))
    return dict(zip(urls, answers))
"""

ONE_AFTER_THE_OTHER = """
import httpx


async def fetch_all(get, urls, at_once):
    found = {}
    for url in urls:
        try:
            found[url] = await get(url)
        except httpx.HTTPError:
            found[url] = None
    return found
"""

GROUPS = """
import asyncio

import httpx


async def fetch_all(get, urls, at_once):
    async def one(url):
        try:
            return await get(url)
        except httpx.HTTPError:
            return None

    found = {}
    for start in range(0, len(urls), at_once):
        group = urls[start : start + at_once]
        found.update(zip(group, await asyncio.gather(*map(one, group))))
    return found
"""

ANSWERS = {
    "a round trip to the server": 40,
    "until the first byte of /": 445,
    "the server's program, for /": 300,
    "saved on / if the connection had been open": 105,
    "connections opened": 2,
    "the first thing to make smaller": "/photo.jpg",
}
DECISIONS = {
    "never fetched before": "fetch",
    "max-age=60, came 30 s ago": "use",
    "max-age=60, came 90 s ago, with an ETag": "ask",
    "max-age=60, came 90 s ago, no ETag": "fetch",
    "no-cache, came 1 s ago, with an ETag": "ask",
    "no-store, came 1 s ago": "fetch",
    "max-age=60, came 30 s ago, now as /#chart": "use",
    "max-age=60, came 30 s ago, now as /?day=2": "fetch",
}


def change(source: str, *changes: tuple[str, str]) -> str:
    """A solution with some of its text changed."""
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return source


def moved(step: str, before: str) -> str:
    """The steps in their order, but for one."""
    steps = [each for each in STEPS if each != step]
    steps.insert(steps.index(before), step)
    return f"steps = {steps}"


def answers(question: str, value: object) -> str:
    assert question in ANSWERS, question
    return f"answers = { {**ANSWERS, question: value} }"


def decisions(situation: str, value: str) -> str:
    assert situation in DECISIONS, situation
    return f"decisions = { {**DECISIONS, situation: value} }"


WRONG = [
    ("08-order", "no server ever sees it", f"steps = {[*STEPS[:4], 'send #chart to the server', *STEPS[4:]]}"),
    ("08-order", "the cache comes first", moved("look into the cache", "TCP handshake, port 443")),
    ("08-order", "not to a name", moved("TCP handshake, port 443", "ask DNS for the address")),
    ("08-order", "TLS speaks over a TCP connection", moved("TLS handshake", "TCP handshake, port 443")),
    ("08-order", "readable for everybody", moved("send GET /quotes/AAPL", "TLS handshake")),
    ("08-order", "read that first", moved("fetch style and pictures", "read the HTML, find what it needs")),
    ("08-order", "painted twice, and jump", moved("lay out and paint", "fetch style and pictures")),
    ("08-order", "closed when all is there", moved("close the connection", "fetch style and pictures")),
    ("08-order", "Missing, or doubled", f"steps = {STEPS[:-1]}"),
    ("08-needed", "A link is for a click", change(NEEDED, ('"script"):', '"script", "a"):'), ('get("src")', 'get("src") or attributes.get("href")'))),
    ("08-needed", "needed twice and fetched once", change(NEEDED, ("url and url not in self.urls", "url"))),
    ("08-needed", "A script with `src` is fetched", change(NEEDED, ('("img", "script")', '("img",)'))),
    ("08-needed", "The pictures are missing", change(NEEDED, ('("img", "script")', '("script",)'))),
    ("08-needed", "`rel` is `icon`", change(NEEDED, (' or "icon" in rel', ""), ('("img", "script"):\n', '("script", "img"):\n'), ("self.urls.append(url)", "self.urls.append(url)\n        self.urls.sort(key=lambda u: 'logo' in u)"))),
    ("08-needed", "nothing is fetched then", change(NEEDED, ("if url and url not in", "if url not in"))),
    ("08-needed", "Only a style sheet and an icon", change(NEEDED, ('"icon" in rel', "True"))),
    ("08-needed", "may have no `rel` at all", change(NEEDED, ('(attributes.get("rel") or "")', 'attributes["rel"]'))),
    ("08-needed", "may come in capitals", change(NEEDED, (".lower()", ""))),
    ("08-needed", "is another word", change(NEEDED, (".lower().split()", ".lower()"))),
    ("08-needed", "in any order", change(NEEDED, (".lower().split()", ".lower()"), ('"stylesheet" in rel or "icon" in rel', 'rel in ("stylesheet", "icon", "shortcut icon")'))),
    ("08-waterfall", "which is nearer", answers("a round trip to the server", 24)),
    ("08-waterfall", "there and back", answers("a round trip to the server", 20)),
    ("08-waterfall", "its 10 ms come after it", answers("until the first byte of /", 455)),
    ("08-waterfall", "Before it can wait", answers("until the first byte of /", 340)),
    ("08-waterfall", "the answer back: 40 ms", answers("the server's program, for /", 340)),
    ("08-waterfall", "need not ask DNS either", answers("saved on / if the connection had been open", 81)),
    ("08-waterfall", "no handshake again", answers("saved on / if the connection had been open", 64)),
    ("08-waterfall", "the others used it again", answers("connections opened", 4)),
    ("08-waterfall", "another host, another connection", answers("connections opened", 1)),
    ("08-waterfall", "not because of its size", answers("the first thing to make smaller", "/")),
    ("08-waterfall", "Which row has a long last phase?", answers("the first thing to make smaller", "/quotes")),
    ("08-waterfall", "A number, without a unit", answers("a round trip to the server", "40 ms")),
    ("08-waterfall", "as it stands in the table", answers("the first thing to make smaller", "photo.jpg")),
    ("08-cache", "Nothing was kept", decisions("never fetched before", "use")),
    ("08-cache", "nothing to compare", decisions("never fetched before", "ask")),
    ("08-cache", "It has half a minute left", decisions("max-age=60, came 30 s ago", "fetch")),
    ("08-cache", "stale after 60", decisions("max-age=60, came 90 s ago, no ETag", "use")),
    ("08-cache", "and that page is fresh", decisions("max-age=60, came 30 s ago, now as /#chart", "ask")),
    ("08-cache", "asking about the other one", decisions("max-age=60, came 30 s ago, now as /?day=2", "ask")),
    ("08-cache", "One of three words", decisions("never fetched before", "get")),
    ("08-cache", "without asking anybody", decisions("max-age=60, came 30 s ago", "ask")),
    ("08-cache", "a few bytes settle it", decisions("max-age=60, came 90 s ago, with an ETag", "fetch")),
    ("08-cache", "it is stale", decisions("max-age=60, came 90 s ago, with an ETag", "use")),
    ("08-cache", "Ask with what?", decisions("max-age=60, came 90 s ago, no ETag", "ask")),
    ("08-cache", "keep it, but ask each time", decisions("no-cache, came 1 s ago, with an ETag", "fetch")),
    ("08-cache", "nothing to ask about", decisions("no-store, came 1 s ago", "ask")),
    ("08-cache", "a place on the same page", decisions("max-age=60, came 30 s ago, now as /#chart", "fetch")),
    ("08-cache", "Another query is another page", decisions("max-age=60, came 30 s ago, now as /?day=2", "use")),
    ("08-links", "That is no URL yet", "def clean(base, href):\n    return href"),
    ("08-links", "Relative to the page's folder", change(LINKS, ("urljoin(base, href)", "urljoin(base, '/' + href if href.isalpha() else href)"))),
    ("08-links", "the fragment is never sent", change(LINKS, ("urldefrag(urljoin(base, href)).url", "urljoin(base, href)"), ('"&".join(pairs), "")', '"&".join(pairs), parts.fragment)'))),
    ("08-links", "it is another page", change(LINKS, ('"&".join(pairs)', '""'))),
    ("08-links", "Mail is no page", change(LINKS, ("if (parts.scheme, host) !=", "if host and (parts.scheme, host) !="))),
    ("08-links", "compare scheme, host and port", change(LINKS, ("        return None\n    pairs", "        pass\n    pairs"))),
    ("08-links", "not beginnings of text", change(LINKS, ("(parts.scheme, host) != (home.scheme, home.netloc.lower())", "not parts.geturl().lower().startswith(f'{home.scheme}://{home.netloc}')"))),
    ("08-links", "Capitals do not count in a host", change(LINKS, ("host = parts.netloc.lower()", "host = parts.netloc"))),
    ("08-links", "but they do in the path", change(LINKS, ('parts.path or "/"', 'parts.path.lower() or "/"'))),
    ("08-links", "choose one of them", change(LINKS, ('parts.path or "/"', "parts.path"))),
    ("08-links", "would find new addresses, for ever", change(LINKS, ('if not pair.startswith("session=")', ""))),
    ("08-links", "the `?` goes as well", change(LINKS, ("    return urlunsplit((parts.scheme, host, parts.path or \"/\", \"&\".join(pairs), \"\"))", "    end = '?' + '&'.join(pairs) if parts.query else ''\n    return f'{parts.scheme}://{host}{parts.path or \"/\"}{end}'"))),
    ("08-links", "Pages are full of mistakes", change(LINKS, ("except ValueError", "except KeyError"))),
    ("08-links", "The port belongs to the origin", change(LINKS, ("host = parts.netloc.lower()", "host = parts.hostname"))),
    ("08-links", "The port belongs to the origin", change(LINKS, ("(parts.scheme, host) != (home.scheme, home.netloc.lower())", "(parts.scheme, parts.hostname) != (home.scheme, home.hostname)"))),
    ("08-links", "The scheme belongs to the origin", change(LINKS, ("(parts.scheme, host) != (home.scheme, home.netloc.lower())", "host != home.netloc.lower()"), ("parts.scheme, host, parts.path", '"http", host, parts.path'))),
    ("08-links", "whose name is `session` goes", change(LINKS, ('pair.startswith("session=")', 'pair.startswith("session")'))),
    ("08-links", "whose name is `session` goes", change(LINKS, ('not pair.startswith("session=")', '"session" not in pair'))),
    ("08-links", "whose name is `session` goes", change(LINKS, ('not pair.startswith("session=")', '"session=" not in pair'))),
    ("08-robots", "takes a list of lines", change(ROBOTS, ("text.splitlines()", "text"))),
    ("08-robots", "who, then what", change(ROBOTS, ("can_fetch(agent, url)", "can_fetch(url, agent)"))),
    ("08-robots", "there is nothing to keep to", change(ROBOTS, ("        return True", "        return False"))),
    ("08-robots", "everything is forbidden then", change(ROBOTS, ("        return False", "        return True"))),
    ("08-robots", "any 4xx counts", change(ROBOTS, ("status >= 400", "status == 404"))),
    ("08-robots", "All of 5xx", change(ROBOTS, ("status >= 500", "status == 503"), ("status >= 400", "400 <= status < 500"))),
    ("08-robots", "counts instead of the one for everybody", change(ROBOTS, ("can_fetch(agent, url)", 'can_fetch("*", url)'))),
    ("08-get", "Return three things", change(GET, ("return response.status_code, text, None", "return response.status_code, text"))),
    ("08-get", "and do not go there", change(GET, ('client.stream("GET", url)', 'client.stream("GET", url, follow_redirects=True)'))),
    ("08-get", "may be relative", change(GET, ('urljoin(url, response.headers["Location"])', 'response.headers["Location"]'))),
    ("08-get", "do not read it", change(GET, ('if not response.headers.get("Content-Type", "").lower().startswith("text/html")', "if False"))),
    ("08-get", "404 is an answer", change(GET, ("        data = b\"\"\n", "        if response.status_code >= 400:\n            return None\n        data = b\"\"\n"))),
    ("08-get", "stop: `text` and `read()` fetch all", change(GET, ("if len(data) >= largest or time", "if time"))),
    ("08-get", "Cut it", change(GET, ("data[:largest]", "data"), ("len(data) >= largest", "len(data) > largest + 30_000"))),
    ("08-get", "look at the clock after each piece", change(GET, (" or time.monotonic() > end", ""))),
    ("08-get", "comes only when so many bytes are there", change(GET, ("iter_bytes()", "iter_bytes(1024)"))),
    ("08-get", "The text of a redirect", change(GET, ('status_code, "", urljoin', "status_code, None, urljoin"))),
    ("08-get", "Not every answer has a Content-Type", change(GET, ('        if "Location"', '        kind = response.headers["Content-Type"]\n        if "Location"'))),
    ("08-get", "one byte does not cost a page", change(GET, (', "replace")', ")"))),
    ("08-get", "says in which encoding it is", change(GET, ('response.charset_encoding or "utf-8"', '"utf-8"'))),
    ("08-crawl", "went round and round", change(CRAWL, ("link not in seen and ", ""), ("len(found) < limit", "True"))),
    ("08-crawl", "A missing page belongs", change(CRAWL, ("        found[url] = status\n", "        if status != 404:\n            found[url] = status\n"))),
    ("08-crawl", "before you look whether it was seen", change(CRAWL, ("link = urldefrag(link).url", "pass"))),
    ("08-crawl", "It went to another site", change(CRAWL, ("urlsplit(link)[:2] == urlsplit(start)[:2]", 'link.startswith("http")'))),
    ("08-crawl", "the beginning of a text proves nothing", change(CRAWL, ("urlsplit(link)[:2] == urlsplit(start)[:2]", 'link.startswith(start.rstrip("/"))'))),
    ("08-crawl", "The port belongs to the origin", change(CRAWL, ("urlsplit(link)[:2] == urlsplit(start)[:2]", "(urlsplit(link).scheme, urlsplit(link).hostname) == (urlsplit(start).scheme, urlsplit(start).hostname)"))),
    ("08-crawl", "The scheme belongs to the origin", change(CRAWL, ("urlsplit(link)[:2] == urlsplit(start)[:2]", "urlsplit(link).netloc == urlsplit(start).netloc"))),
    ("08-crawl", "not only a time that is over", change(CRAWL, ("except httpx.HTTPError", "except httpx.TimeoutException"))),
    ("08-crawl", "what robots.txt allows", change(CRAWL, (" and may(link)", ""))),
    ("08-crawl", "makes the pause", change(CRAWL, ("            wait()", "            pass"))),
    ("08-crawl", "catch `httpx.HTTPError`", change(CRAWL, ("except httpx.HTTPError", "except KeyError"))),
    ("08-crawl", "its status is None", change(CRAWL, ("status, links = None, []", "continue"))),
    ("08-crawl", "A calendar has no last page", change(CRAWL, (" and len(found) < limit", ""))),
    ("08-crawl", "never came to the pages that were near", change(CRAWL, ("popleft()", "pop()"))),
    ("08-async", "waits for each", ONE_AFTER_THE_OTHER),
    ("08-async", "It took too long", change(ONE_AFTER_THE_OTHER, ("await get(url)", "await asyncio.sleep(0.1, await get(url))"))),
    ("08-async", "One semaphore for all of them", change(FETCH, ("async with places:", "async with asyncio.Semaphore(at_once):"))),
    ("08-async", "use them all", change(FETCH, ("Semaphore(at_once)", "Semaphore(2)"))),
    ("08-async", "it is not always four", change(FETCH, ("Semaphore(at_once)", "Semaphore(4)"))),
    ("08-async", "Return a dictionary", change(FETCH, ("dict(zip(urls, answers))", "answers"))),
    ("08-async", "must not take the others with it", change(FETCH, ("except httpx.HTTPError", "except KeyError"))),
    ("08-async", "could not be had", change(FETCH, ("except httpx.HTTPError:\n                return None", "except httpx.HTTPError as error:\n                return error"))),
    ("08-async", "Groups of four wait for their slowest", GROUPS),
]  # fmt: skip
