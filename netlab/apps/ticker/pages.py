"""What every page has at hand: who is logged in, where it is, how figures are written, files that do not change."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

from netlab.apps.ticker import words
from netlab.apps.ticker.context import ticker
from netlab.apps.ticker.logins import current_user
from netlab.apps.ticker.navigation import here

YEAR = 365 * 24 * 3600  # seconds


def register(app: Flask) -> None:
    """Give the templates what they need, and say how long a reply may be kept."""
    words.register(app)
    app.context_processor(_at_hand)
    app.after_request(_limit_keeping)


def _at_hand() -> dict[str, object]:
    """What every template may use; `confirms` says whether addresses are confirmed by mail on this site."""
    confirms = bool(ticker().config.smtp_host)
    return {"current_user": current_user(), "here": here(), "static": static, "confirms": confirms}


def static(name: str) -> str:
    """The address of a static file, with a digest of its content: a new version has a new address."""
    folder = Path(current_app.static_folder or "")
    return url_for("static", filename=name, v=_digest(folder / name))


@functools.cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _limit_keeping(response: Response) -> Response:
    """A static file is kept for ever, a page is asked for again, and what only its user may see is kept nowhere."""
    if request.endpoint == "static":
        if "v" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store" if current_user() else "no-cache"
        response.vary.add("Cookie")
    return response
