"""Where a student's Flask app plays: behind a real web server, asked by a browser without a screen."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import requests

from netlab.apps.visits import TOKEN
from netlab.servers.web import WebServer

TIMEOUT = 3.0


class Visitor:
    """A browser at an app behind a real server; it keeps cookies, and follows no redirect by itself.

    Attributes:
        error: what the app raised at the last request, or None.
    """

    def __init__(self, app: Any) -> None:
        self.error: Exception | None = None
        self._app = app
        self._server = WebServer(self._watched)
        self.session = requests.Session()

    def __enter__(self) -> Visitor:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.session.close()
        self._server.stop()

    def get(self, path: str) -> requests.Response:
        """Ask for a path."""
        return self._ask("GET", path)

    def post(self, path: str, data: dict[str, str] | None = None) -> requests.Response:
        """Send a form."""
        return self._ask("POST", path, data=data)

    def token(self, path: str) -> str:
        """The CSRF token of the form on a page, or ""."""
        found = TOKEN.search(self.get(path).text)
        return found[1] if found else ""

    @staticmethod
    def json(response: requests.Response) -> Any:
        """What a response holds as JSON; None if it holds none."""
        try:
            return response.json()
        except ValueError:
            return None

    def raise_again(self) -> None:
        """Raise what the app raised at the last request, so that the report shows the student's line."""
        if self.error is not None:
            raise self.error

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        self.error = None
        return self.session.request(
            method, self._server.url + path, timeout=TIMEOUT, allow_redirects=False, **more
        )

    def _watched(self, environ: dict[str, Any], start_response: Any) -> Any:
        """The app, with a note of what it raised; Flask itself answers that with 500."""
        from flask import got_request_exception

        def note(_sender: Any, exception: Exception, **_extra: Any) -> None:
            self.error = exception

        with got_request_exception.connected_to(note):
            return self._app(environ, start_response)
