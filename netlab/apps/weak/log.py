"""A log line for each request. Weak: all that came, secrets included. Mended: named fields, without secrets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

from netlab.apps.weak.house import house

KEPT = ("email", "ticker", "number")  # fields of a form that may stand in a log


def weak_line(response: Response) -> dict[str, Any]:
    """Everything, so that it is there if it should be needed."""
    return {
        "path": request.full_path.rstrip("?"),
        "form": dict(request.form),
        "cookie": request.headers.get("Cookie", ""),
        "status": response.status_code,
    }


def mended_line(response: Response) -> dict[str, Any]:
    """Who did what, whence, with what outcome: a list of what may be logged, not of what may not."""
    user = g.get("user")
    moment = datetime.fromtimestamp(house().clock(), UTC)
    return {
        "time": moment.isoformat(timespec="seconds"),
        "address": request.remote_addr,
        "user": user["id"] if user else None,
        "method": request.method,
        "path": request.path,
        "form": {name: request.form[name] for name in KEPT if name in request.form},
        "status": response.status_code,
    }


def register(app: Flask, *, mended: bool) -> None:
    """Write the line when the reply is ready."""
    line = mended_line if mended else weak_line

    @app.after_request
    def write(response: Response) -> Response:
        house().log.append(line(response))
        return response
