"""Between the server and Django: a site that works under any prefix, as under jupyter-server-proxy, and in a frame.

The prefix is that of the request (`X-Forwarded-Prefix`), not a setting: the same process answers with and without one.
"""

from __future__ import annotations

import logging
import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "style-src-attr 'unsafe-inline'; "  # the fields that complete what is typed (select2) place themselves by it
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
ANCESTORS = {"SAMEORIGIN": "'self'", "DENY": "'none'"}


def behind_proxy(app: WSGIApplication) -> WSGIApplication:
    """Believe one proxy's header fields, if the settings say that there is one."""
    if not settings.CONFIG.behind_proxy:
        return app
    return ProxyFix(app, x_for=1, x_proto=1, x_host=1, x_prefix=1)


class StaticFiles(StaticFilesStorage):
    """Static files whose URLs begin with the prefix of this request; Django would keep the first one that it met."""

    def url(self, name: str | None) -> str:
        """The URL of a file."""
        return f"{get_script_prefix()}static/{quote(name or '')}"


class FitThePrefix:
    """Cookies for the path the site is at, and redirects that are right whatever a proxy does to them."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        response = self._answer(request)
        prefix = get_script_prefix()
        for cookie in response.cookies.values():  # on a hub, another user's server is at the same host
            cookie["path"] = prefix
        target = urlsplit(response.headers.get("Location", ""))
        ours = target.path.startswith("/") and target.netloc in ("", request.get_host())
        if prefix != "/" and 300 <= response.status_code < 400 and ours:
            query = f"?{target.query}" if target.query else ""
            response.headers["Location"] = relative(request.path, target.path) + query
        return response


def relative(here: str, there: str) -> str:
    """The reference that leads from one path to another (RFC 3986, section 4.2): from `/a/login/` to `/a/`, `../`.

    jupyter-server-proxy puts its prefix before each Location that begins with a slash, even if it is there;
    other proxies leave it alone. A relative reference is right with either.
    """
    path = posixpath.relpath(there, posixpath.dirname(here))
    slash = "/" if there.endswith("/") else ""
    return f"{path}{slash}" if path.startswith(".") else f"./{path}{slash}"


class ContentSecurityPolicy:
    """Scripts, styles and pictures come from this site alone, and none stands in a page."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._policy = POLICY.format(ancestors=ANCESTORS[settings.X_FRAME_OPTIONS])

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        response = self._answer(request)
        response.headers.setdefault("Content-Security-Policy", self._policy)
        return response


class ShortRefusals(logging.Filter):
    """Writes a request that was refused as one line: nothing has broken, and a traceback says that something has."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Leave out the traceback."""
        if record.levelno < logging.ERROR:
            record.exc_info = None
        return True
