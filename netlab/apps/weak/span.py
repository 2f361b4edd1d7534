"""A page whose script writes. Weak: as HTML (XSS in the DOM). Mended: as text. The server sees nothing of either."""

from __future__ import annotations

from flask import Flask, Response

from netlab.apps.weak.house import page

PAGE = '<h1>Prices</h1><p>Shown: <span id="span"></span></p><script src="/span.js"></script>'
WEAK = 'document.getElementById("span").innerHTML = decodeURIComponent(location.hash.slice(1));'
MENDED = 'document.getElementById("span").textContent = decodeURIComponent(location.hash.slice(1));'


def register(app: Flask, *, mended: bool) -> None:
    """The page and its script."""
    script = MENDED if mended else WEAK

    @app.get("/span")
    def span() -> str:
        return page("Prices", PAGE)

    @app.get("/span.js")
    def span_js() -> Response:
        return Response(script, mimetype="text/javascript")
