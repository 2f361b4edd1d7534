"""What keeps the weak site at home: it answers this machine, asked by a loopback name, with nobody in between."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

# Written by proxies: whoever is behind one may be anywhere.
BY_PROXIES = ("FORWARDED", "VIA", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_REAL_IP")


class LoopbackOnly:
    """A WSGI app in front of another: it lets in who is on this machine, and 403 is all that others get.

    Args:
        app: the app to guard.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or refuse it."""
        reason = refusal(environ)
        if reason is None:
            return self._app(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
        return [f"This site is weak on purpose, and for this machine only: {reason}.\n".encode()]


def refusal(environ: dict[str, Any]) -> str | None:
    """Why a request is refused; None if it may pass.

    The Host is looked at because a page elsewhere may let its own name point to 127.0.0.1 (DNS rebinding).
    """
    if not _is_loopback(environ.get("SERVER_NAME", "")):
        return "the server listens on more than loopback"
    if not _is_loopback(environ.get("REMOTE_ADDR", "")):
        return "you are on another machine"
    if not _is_loopback(_host(environ.get("HTTP_HOST", ""))):
        return "it was called by another name than localhost"
    if any(f"HTTP_{name}" in environ for name in BY_PROXIES):
        return "a proxy stands in between"
    return None


def _host(value: str) -> str:
    try:
        return urlsplit(f"//{value}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
