"""What those who run the site ask of it: whether it lives, whether it is ready, and its figures for Prometheus."""

from __future__ import annotations

import ipaddress
import os
import time
from typing import cast

from flask import Blueprint, Flask, Response, abort, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from netlab.apps.ticker.context import ticker

pages = Blueprint("operations", __name__)

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
# What a client can make up endlessly must be no label: each new one is kept for ever.
OTHER_METHOD, NO_ENDPOINT = "other", "none"


class Metrics:
    """Counters of one app.

    With several processes, PROMETHEUS_MULTIPROC_DIR names a folder in which they put their figures together.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "endpoint", "status")
        self.requests = Counter(
            "ticker_http_requests_total", "Requests by what answered them.", labels, registry=self.registry
        )
        self.seconds = Histogram(
            "ticker_http_request_seconds", "How long an answer took.", ("endpoint",), registry=self.registry
        )

    def count(self, endpoint: str, status: int, seconds: float) -> None:
        """Count a request."""
        method = request.method if request.method in METHODS else OTHER_METHOD
        self.requests.labels(method, endpoint, status).inc()
        self.seconds.labels(endpoint).observe(seconds)

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


def register(app: Flask) -> None:
    """Count an app's requests from now on."""
    app.extensions["ticker-metrics"] = Metrics()
    app.before_request(_begin)
    app.after_request(_count)


@pages.get("/health/live")
def live() -> ResponseReturnValue:
    """The process answers: whoever started it has no reason to start it anew."""
    return jsonify(status="ok")


@pages.get("/health/ready")
def ready() -> ResponseReturnValue:
    """The database answers and its tables are up to date: requests may be sent here."""
    try:
        current = ticker().database.is_current
    except SQLAlchemyError:
        return jsonify(status="unavailable", reason="the database does not answer"), 503
    if not current:
        return jsonify(status="unavailable", reason="the tables are not up to date"), 503
    return jsonify(status="ok")


@pages.get("/metrics")
def metrics() -> Response:
    """The figures, for programs on this machine only."""
    if not _from_this_machine():
        abort(404)
    return Response(_metrics().text(), content_type=CONTENT_TYPE_LATEST)


def _metrics() -> Metrics:
    return cast(Metrics, current_app.extensions["ticker-metrics"])


def _from_this_machine() -> bool:
    if "X-Forwarded-For" in request.headers:  # a proxy stands between: it is not the one who asks
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _begin() -> None:
    g.begin = time.perf_counter()


def _count(response: Response) -> Response:
    if "begin" in g:  # not if something before it refused the request
        seconds = time.perf_counter() - g.begin
        _metrics().count(request.endpoint or NO_ENDPOINT, response.status_code, seconds)
    return response
