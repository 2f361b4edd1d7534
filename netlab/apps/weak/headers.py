"""What a reply tells the browser. Weak: nothing. Mended: what the page may load, who may frame it, what it may tell."""

from __future__ import annotations

from flask import Flask, Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def register(app: Flask, *, mended: bool) -> None:
    """Add them to every reply; one that a view has set stays."""

    @app.after_request
    def tell(response: Response) -> Response:
        for name, value in HEADERS.items() if mended else ():
            response.headers.setdefault(name, value)
        return response
