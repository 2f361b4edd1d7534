"""A quote, or an apology. Weak: the apology says what was asked for as it came (reflected XSS). Mended: escaped."""

from __future__ import annotations

from flask import Flask, request

from netlab.apps.weak.house import db, page

WEAK = "<p>There is no share called {{ ticker|safe }}.</p>"
MENDED = "<p>There is no share called {{ ticker }}.</p>"


def register(app: Flask, *, mended: bool) -> None:
    """The page."""
    sorry = MENDED if mended else WEAK

    @app.get("/quote")
    def quote() -> tuple[str, int]:
        ticker = request.args.get("ticker", "")
        share = db().execute("SELECT * FROM shares WHERE ticker = ?", (ticker,)).fetchone()
        if share is None:
            return page("Quote", sorry, ticker=ticker), 404
        return page("Quote", "<h1>{{ share.name }}</h1><p>{{ share.close }} US dollars</p>", share=share), 200
