"""The site as one WSGI application: a table of paths, and a function for each kind of page."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Iterable
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from netlab.apps.static_site import pages
from netlab.apps.static_site.chart import logo, year_chart
from netlab.apps.static_site.shares import days, shares
from netlab.apps.static_site.visit import DAY, HTML, JSON, MINUTE, REVALIDATE, Reply, Visit

USER, PASSWORD = "ada", "analytical engine"  # made for the course, and good for nothing else
FOLDER = Path(__file__).parent
LONGEST_FORM = 4096  # bytes
LONGEST_WAIT = 3.0  # seconds of /slow
SESSIONS = 1000  # kept at most, so that logging in again and again fills nothing
FORM = "application/x-www-form-urlencoded"
NOT_KEPT = "no-store"  # Cache-Control of what depends on the client
METHODS = frozenset(HTTPMethod)  # the known ones (RFC 9110, section 9.1)

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Page = Callable[..., Reply]


def ticker_site() -> TickerSite:
    """Ticker's web site, to be served by `netlab.servers.WebServer` or any other WSGI server."""
    return TickerSite()


class TickerSite:
    """The application; each has its own sessions."""

    def __init__(self) -> None:
        self._sessions: dict[str, str] = {}
        routes: dict[str, dict[str, Page]] = {
            r"/": {"GET": lambda _: html(pages.home())},
            r"/about": {"GET": lambda _: html(pages.about())},
            r"/news/": {"GET": lambda _: html(pages.news())},
            r"/news/([\w-]+)": {"GET": article},
            r"/quotes/(\w+)": {"GET": quote},
            r"/archive/([\d-]+)": {"GET": archive},
            r"/private/": {"GET": lambda _: html(pages.private())},
            r"/api/quotes": {"GET": lambda _: as_json([share.quote for share in shares().values()])},
            r"/api/quotes/(\w+)": {"GET": api_quote},
            r"/data/(\w+)\.csv": {"GET": history},
            r"/charts/(\w+)\.svg": {"GET": chart},
            r"/(?:logo\.svg|favicon\.ico)": {"GET": lambda _: svg(logo())},
            r"/style\.css": {"GET": lambda _: file("style.css", "text/css; charset=utf-8")},
            r"/robots\.txt": {"GET": lambda _: file("robots.txt", "text/plain; charset=utf-8")},
            r"/old": {"GET": lambda _: redirect("/about", HTTPStatus.MOVED_PERMANENTLY)},
            r"/temp": {"GET": lambda _: redirect("/temp/2", HTTPStatus.FOUND)},
            r"/temp/2": {"GET": lambda _: redirect("/", HTTPStatus.FOUND)},
            r"/visits": {"GET": visits},
            r"/slow": {"GET": slow},
            r"/broken": {"GET": broken},
            r"/broken-page": {"GET": lambda _: file("broken.html", HTML)},
            r"/login": {"GET": lambda _: html(pages.login()), "POST": self.login},
            r"/account": {"GET": self.account},
            r"/logout": {"POST": self.logout},
        }
        self._routes = [(re.compile(pattern), functions) for pattern, functions in routes.items()]

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        visit = Visit(environ)
        reply = self.answer(visit).prepared(visit)
        start_response(*reply.start())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [reply.content]

    def answer(self, visit: Visit) -> Reply:
        """The reply to a request, before it is made to fit what the client accepts."""
        if visit.method not in METHODS:
            return failure(HTTPStatus.NOT_IMPLEMENTED, f"Nobody here knows what {visit.method} means.")
        for pattern, functions in self._routes:
            if match := pattern.fullmatch(visit.path):
                allowed = sorted({*functions, "OPTIONS", *(["HEAD"] if "GET" in functions else [])})
                if visit.method in functions:
                    return functions[visit.method](visit, *match.groups())
                if visit.method == "OPTIONS":
                    return Reply(status=HTTPStatus.NO_CONTENT).plus(("Allow", ", ".join(allowed)))
                refusal = failure(HTTPStatus.METHOD_NOT_ALLOWED, f"{visit.method} makes no sense here.")
                return refusal.plus(("Allow", ", ".join(allowed)))
        return missing()

    def login(self, visit: Visit) -> Reply:
        """Check the form; who is right gets a session cookie and is sent to the account."""
        form = read_form(visit)
        if isinstance(form, Reply):
            return form
        right = [
            secrets.compare_digest(form.get(name, "").encode(), value.encode())
            for name, value in (("name", USER), ("password", PASSWORD))
        ]
        if not all(right):
            return html(pages.login("Name or password is wrong."), HTTPStatus.FORBIDDEN, cache=NOT_KEPT)
        while len(self._sessions) >= SESSIONS:
            self._sessions.pop(next(iter(self._sessions)), None)
        token = secrets.token_urlsafe()
        self._sessions[token] = USER
        cookie = f"session={token}; Path=/; HttpOnly; SameSite=Lax"
        return redirect("/account", HTTPStatus.SEE_OTHER).plus(("Set-Cookie", cookie))

    def account(self, visit: Visit) -> Reply:
        """The page behind the login."""
        name = self._sessions.get(visit.cookie("session") or "")
        if name is None:
            return redirect("/login", HTTPStatus.SEE_OTHER)
        return html(pages.account(name), cache=NOT_KEPT)

    def logout(self, visit: Visit) -> Reply:
        """End the session on both sides."""
        self._sessions.pop(visit.cookie("session") or "", None)
        return redirect("/", HTTPStatus.SEE_OTHER).plus(("Set-Cookie", "session=; Path=/; Max-Age=0"))


def html(text: str, status: int = HTTPStatus.OK, cache: str = REVALIDATE) -> Reply:
    """A page."""
    return Reply(text.encode(), HTML, status, cache)


def as_json(value: object, status: int = HTTPStatus.OK) -> Reply:
    """A value as JSON."""
    return Reply(json.dumps(value).encode() + b"\n", JSON, status, MINUTE)


def svg(text: str) -> Reply:
    """A picture."""
    return Reply(text.encode(), "image/svg+xml", cache=DAY)


def file(name: str, kind: str) -> Reply:
    """A file that lies beside this module."""
    return Reply((FOLDER / name).read_bytes(), kind, cache=DAY)


def redirect(target: str, status: int) -> Reply:
    """Go elsewhere."""
    return Reply(status=status, kind="text/plain; charset=utf-8").plus(("Location", target))


def failure(status: HTTPStatus, sentence: str) -> Reply:
    """A page that says what went wrong."""
    return html(pages.error(status.phrase, sentence), status, cache=NOT_KEPT)


def missing() -> Reply:
    """There is no such page."""
    return failure(HTTPStatus.NOT_FOUND, "There is no such page.")


def quote(visit: Visit, ticker: str) -> Reply:
    """A share in the form that the client likes best, HTML before JSON."""
    if ticker not in shares():
        return missing()
    likes = {kind: visit.quality("Accept", kind) for kind in ("text/html", JSON)}
    if not any(likes.values()):
        return failure(HTTPStatus.NOT_ACCEPTABLE, "A quote can be had as text/html or application/json.")
    share = shares()[ticker]
    chosen = (
        html(pages.quote(share), cache=MINUTE) if likes["text/html"] >= likes[JSON] else as_json(share.quote)
    )
    return chosen.plus(("Vary", "Accept"))


def api_quote(_: Visit, ticker: str) -> Reply:
    """A share as JSON."""
    if ticker not in shares():
        return as_json({"error": f"there is no share {ticker}"}, HTTPStatus.NOT_FOUND)
    return as_json(shares()[ticker].quote)


def article(_: Visit, name: str) -> Reply:
    """An article."""
    return html(pages.article(name)) if name in pages.ARTICLES else missing()


def archive(_: Visit, day: str) -> Reply:
    """The closes of a day."""
    return html(pages.archive(day)) if day in days() else missing()


def history(_: Visit, ticker: str) -> Reply:
    """All prices of a share as a file."""
    if ticker not in shares():
        return missing()
    reply = Reply(shares()[ticker].csv.encode(), "text/csv; charset=utf-8", cache=DAY, ranges=True)
    return reply.plus(
        ("Accept-Ranges", "bytes"), ("Content-Disposition", f'attachment; filename="{ticker}.csv"')
    )


def chart(_: Visit, ticker: str) -> Reply:
    """A share's year as a picture."""
    return svg(year_chart(shares()[ticker])) if ticker in shares() else missing()


def visits(visit: Visit) -> Reply:
    """Count in a cookie, which the client may have changed."""
    before = visit.cookie("visits") or ""
    number = int(before) + 1 if re.fullmatch(r"\d{1,6}", before, re.ASCII) else 1
    return html(pages.visits(number), cache=NOT_KEPT).plus(("Set-Cookie", f"visits={number}; Path=/visits"))


def slow(visit: Visit) -> Reply:
    """Answer late, but not too late."""
    try:
        wanted = float(visit.query("seconds") or 1)
    except ValueError:
        wanted = 1.0
    seconds = min(max(0.0, wanted), LONGEST_WAIT)  # in this order it is 0 for "nan"
    time.sleep(seconds)
    return html(pages.slow(seconds), cache=NOT_KEPT)


def broken(_: Visit) -> Reply:
    """What a client gets when the program has an error."""
    return failure(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong, and it was not your fault.")


def read_form(visit: Visit) -> dict[str, str] | Reply:
    """The fields of a form that was sent, or the reply to one that cannot be read."""
    kind = str(visit.environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
    if kind != FORM:
        return failure(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send the form as {FORM}.")
    length = str(visit.environ.get("CONTENT_LENGTH", ""))
    if not length.isdecimal():
        return failure(HTTPStatus.LENGTH_REQUIRED, "Say in Content-Length how long the form is.")
    if int(length) > LONGEST_FORM:
        return failure(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A form has at most {LONGEST_FORM:,} bytes here."
        )
    body = visit.environ["wsgi.input"].read(int(length)).decode("utf-8", "replace")
    return {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
