"""A browser on paper: it loads pages, sends the forms that a script sends, and decides which cookies go along.

What it does by the rules of RFC 6265bis a real browser does as well; tests compare it with Chromium.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urljoin, urlsplit

import requests

TIMEOUT = 5.0


@dataclass
class Cookie:
    """A cookie as a browser keeps it: by host, without the port."""

    host: str
    name: str
    value: str
    same_site: str
    http_only: bool


@dataclass(frozen=True)
class Sent:
    """A request that the visitor's browser has made.

    Attributes:
        method: its method.
        url: its URL.
        origin: of the page that made it, or "".
        with_cookie: whether a cookie went along.
        status: of the answer.
    """

    method: str
    url: str
    origin: str
    with_cookie: bool
    status: int


class Visitor:
    """A browser without a screen.

    Attributes:
        cookies: what it keeps.
        sent: the requests that it has made.
    """

    def __init__(self) -> None:
        self.cookies: list[Cookie] = []
        self.sent: list[Sent] = []

    def open(self, url: str, page: str = "") -> str:
        """Open a URL, typed in or clicked on a page; forms that the page sends by a script are sent."""
        text = self._ask("GET", url, page)
        for action, fields in _sent_by_script(text):
            text = self.post(urljoin(url, action), fields, page=url)
        return text

    def post(self, url: str, fields: dict[str, str], page: str = "") -> str:
        """Send a form; `page` is where it stands, the site itself if nothing is said."""
        return self._ask("POST", url, page or url, fields)

    def log_in(self, site: str, email: str, password: str) -> Visitor:
        """Log in at the weak site."""
        self.post(f"{site}/log-in", {"email": email, "password": password})
        return self

    def _ask(self, method: str, url: str, page: str, fields: dict[str, str] | None = None) -> str:
        cookies = {
            each.name: each.value for each in self.cookies if self._goes_along(each, method, url, page)
        }
        headers = {"Origin": origin(page)} if method == "POST" else {}
        response = requests.request(
            method, url, data=fields, cookies=cookies, headers=headers, timeout=TIMEOUT, allow_redirects=False
        )
        self.sent.append(Sent(method, url, headers.get("Origin", ""), bool(cookies), response.status_code))
        self._keep(response, url)
        if "Location" in response.headers:
            return self._ask("GET", urljoin(url, response.headers["Location"]), page)
        return response.text

    def _goes_along(self, cookie: Cookie, method: str, url: str, page: str) -> bool:
        """RFC 6265bis, section 5.8.3; a top-level navigation in all our cases. Without SameSite: as of old."""
        if urlsplit(url).hostname != cookie.host:
            return False
        if not page or site(page) == site(url):
            return True
        return cookie.same_site == "none" or (cookie.same_site == "lax" and method == "GET")

    def _keep(self, response: requests.Response, url: str) -> None:
        host = urlsplit(url).hostname or ""
        for line in response.raw.headers.getlist("Set-Cookie"):
            for name, each in SimpleCookie(line).items():
                self.cookies = [old for old in self.cookies if (old.host, old.name) != (host, name)]
                same_site = each["samesite"].lower() or "none"
                self.cookies.append(Cookie(host, name, each.value, same_site, bool(each["httponly"])))


def content(page: str) -> str:
    """What a page has to say: what stands in its `main`."""
    found = re.search(r"<main>(.*?)</main>", page, re.DOTALL)
    return found[1].strip() if found else page.strip()


def origin(url: str) -> str:
    """Scheme, host and port (RFC 6454): whose pages may read each other."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def site(url: str) -> str:
    """Scheme and registrable domain, without the port: what SameSite is about. Here hosts are whole domains."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}"


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((about.get("action", ""), {}))
        elif tag == "input" and self.forms and "name" in about:
            self.forms[-1][1][about["name"]] = about.get("value", "")


def _sent_by_script(text: str) -> list[tuple[str, dict[str, str]]]:
    """The forms of a page, if a script of it sends them."""
    if not re.search(r"<script>[^<]*\.submit\(\)", text):
        return []
    parser = _Forms()
    parser.feed(text)
    return parser.forms
