"""The WSGI callable: finds the view for a request, and answers when there is none or when it fails."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from netlab.apps.tiny.messages import HTTPError, Request, Response
from netlab.apps.tiny.routes import match

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

View = Callable[..., Response | str]


class App:
    """A web application: views, each behind a pattern and its methods."""

    def __init__(self) -> None:
        self.routes: list[tuple[str, set[str], View]] = []

    def route(self, pattern: str, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
        """Register the decorated function as the view of a pattern; who can GET can HEAD."""

        def register(view: View) -> View:
            self.routes.append((pattern, {*methods, *(["HEAD"] if "GET" in methods else [])}, view))
            return view

        return register

    def respond(self, request: Request) -> Response:
        """Call the view that fits; without one it is 404, or 405 if only the method is wrong."""
        allowed: set[str] = set()
        for pattern, methods, view in self.routes:
            values = match(pattern, request.path)
            if values is not None and request.method in methods:
                answer = view(request, **values)
                return answer if isinstance(answer, Response) else Response(answer)
            allowed |= methods if values is not None else set()
        if allowed:
            raise HTTPError(405, ("Allow", ", ".join(sorted(allowed))))
        raise HTTPError(404)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        """Answer one request (PEP 3333), whatever happens."""
        try:
            response = self.respond(Request(environ))
        except HTTPError as error:
            response = Response(f"<h1>{error}</h1>\n", error.status, fields=error.fields)
        except Exception:
            environ["wsgi.errors"].write(traceback.format_exc())
            response = Response("<h1>500 Internal Server Error</h1>\n", 500)
        return response.send(environ, start_response)
