"""What every reply says to the browser so that others can do no harm, and cookies that fit where the site is."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect

from netlab.apps.ticker.context import ticker
from netlab.apps.ticker.logins import LIFE

csrf = CSRFProtect()  # every form; `csrf.exempt` what proves itself by a key instead of a cookie

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
YEAR = 365 * 24 * 3600  # seconds


class CookieSession(SecureCookieSessionInterface):
    """Flask's signed cookie: only for the path the site is at, and over HTTPS only where it came by HTTPS."""

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002
        """Cookies do not tell ports apart: another Flask app on this machine must not meet ours."""
        return "ticker_session"

    def get_cookie_path(self, app: Flask) -> str:  # noqa: ARG002
        """The path under which a proxy shows the site."""
        return f"{request.script_root}/"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the browser may send it over HTTPS only."""
        return request.is_secure or ticker(app).config.public_url.startswith("https:")

    def get_cookie_samesite(self, app: Flask) -> str:  # noqa: ARG002
        """Other sites may link to us, and do nothing else in the user's name."""
        return "Lax"


def protect(app: Flask) -> None:
    """Add the headers, the cookies' rules and the CSRF tokens to an app."""
    csrf.init_app(app)
    app.session_interface = CookieSession()
    app.permanent_session_lifetime = LIFE
    app.after_request(_add_headers)
    app.after_request(_make_relative)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    config = ticker().config
    response.headers.setdefault("Content-Security-Policy", POLICY.format(ancestors=config.frame_ancestors))
    if config.frame_ancestors == "'self'":
        response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
    if request.is_secure and config.public_url.startswith("https:"):
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    return response


def _make_relative(response: Response) -> Response:
    """Behind a prefix, redirect by a relative reference (RFC 3986, section 4.2).

    jupyter-server-proxy puts its prefix before each Location that begins with a slash, even if it is there;
    other proxies leave it alone. A relative reference is right with either.
    """
    target = urlsplit(response.headers.get("Location", ""))
    ours = target.path.startswith("/") and target.netloc in ("", request.host)
    if request.script_root and 300 <= response.status_code < 400 and ours:
        here = f"{request.script_root}{request.path}"
        query = f"?{target.query}" if target.query else ""
        response.headers["Location"] = relative(here, target.path) + query
    return response


def relative(here: str, there: str) -> str:
    """The reference that leads from one path to another: from `/account/login` to `/watchlist`, `../watchlist`."""
    folders, target = here.split("/")[1:-1], there.split("/")[1:]
    shared = 0
    while shared < min(len(folders), len(target) - 1) and folders[shared] == target[shared]:
        shared += 1
    path = "../" * (len(folders) - shared) + "/".join(target[shared:])
    return path if path.startswith("../") else f"./{path}"
