"""A preview of a page elsewhere. Weak: the server fetches whatever it is told to (SSRF). Mended: known hosts only."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests
from flask import Flask, abort, request

from netlab.apps.weak.house import page

TIMEOUT = 2.0
LONGEST = 10_000  # characters that are shown


def weak_fetch(url: str, _partners: frozenset[str]) -> str:
    """Whatever the server can reach: its own machine, too, and what stands behind the firewall."""
    return requests.get(url, timeout=TIMEOUT).text


def mended_fetch(url: str, partners: frozenset[str]) -> str:
    """Scheme, host and port of the list, and no step further: a redirect could lead anywhere."""
    try:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.hostname}:{parts.port or 80}"
    except ValueError:
        abort(422, "That is no URL.")
    if origin not in partners or parts.username or any(each.isspace() or each == "\\" for each in url):
        abort(422, "We show pages of our partners only.")
    response = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
    return response.text if response.status_code == 200 else abort(502, "The partner has no such page.")


def register(app: Flask, *, mended: bool) -> None:
    """The page. `app.config["PARTNERS"]` lists the origins of the sites that may be shown."""
    fetch = mended_fetch if mended else weak_fetch

    @app.get("/preview")
    def preview() -> str:
        try:
            text = fetch(request.args.get("url", ""), frozenset(app.config["PARTNERS"]))
        except requests.RequestException:
            abort(502, "There was no answer.")
        return page("Preview", "<h1>Preview</h1><pre>{{ text }}</pre>", text=text[:LONGEST])
