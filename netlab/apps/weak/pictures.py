"""Uploads. Weak: name and type are believed, and the file is served as it says. Mended: looked at, named by us."""

from __future__ import annotations

import secrets

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue

LARGEST = 100_000
BEGINNINGS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


def kind_of(content: bytes) -> str | None:
    """What a picture is, by its first bytes; None if it is none that we take."""
    return next((kind for kind, begins in BEGINNINGS.items() if content.startswith(begins)), None)


def register(app: Flask, *, mended: bool) -> None:
    """Send a picture, and fetch it."""
    kept: dict[str, tuple[str, bytes]] = {}

    @app.post("/pictures")
    def send_picture() -> ResponseReturnValue:
        sent = request.files.get("picture") or abort(422)
        content = sent.stream.read(LARGEST + 1 if mended else -1)
        name, kind = sent.filename or "", sent.mimetype
        if mended:
            found = kind_of(content)
            if found is None or len(content) > LARGEST:
                abort(422, "A PNG or a JPEG, of 100 kB at the most.")
            name, kind = secrets.token_urlsafe(8), found
        kept[name] = (kind, content)
        return {"path": f"/pictures/{name}"}, 201

    @app.get("/pictures/<path:name>")
    def fetch_picture(name: str) -> Response:
        kind, content = kept.get(name) or abort(404)
        response = Response(content, mimetype=kind)
        if mended:
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response
