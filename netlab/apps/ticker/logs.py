"""The log: one JSON object a line, with the request it belongs to, and nothing that must stay secret.

A path is logged without its query, a user as a number. Nothing is written until a server calls `write_to`, so that
an app in a notebook prints nothing.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from typing import IO

from flask import Flask, Response, g, has_request_context, request
from pythonjsonlogger.json import JsonFormatter

from netlab.apps.ticker.context import ticker

log = logging.getLogger("ticker")
log.addHandler(logging.NullHandler())

HEADER = "X-Request-ID"
_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)


def register(app: Flask) -> None:
    """Give each request an id, and log it when it is answered."""
    app.before_request(_begin)
    app.after_request(_note)


def write_to(stream: IO[str], level: int = logging.INFO) -> None:
    """Write the log to a stream from now on, and to nothing else."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        JsonFormatter(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
        )
    )
    handler.addFilter(_add_request)
    log.handlers = [handler]
    log.setLevel(level)
    log.propagate = False


def _begin() -> None:
    """A proxy's id of the request is kept, so that its log and ours can be joined; any other is made anew."""
    given = request.headers.get(HEADER, "") if ticker().config.behind_proxy else ""
    g.request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
    g.begun = time.perf_counter()


def _note(response: Response) -> Response:
    if "request_id" not in g:
        return response
    response.headers[HEADER] = g.request_id
    user = g.get("user")
    log.info(
        "request",
        extra={
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "milliseconds": round(1000 * (time.perf_counter() - g.begun), 2),
            "address": request.remote_addr,
            "user": user.id if user else None,
        },
    )
    return response


def _add_request(record: logging.LogRecord) -> bool:
    if has_request_context() and "request_id" in g:
        record.request_id = g.request_id
    return True
