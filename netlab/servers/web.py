"""A web server for any WSGI app (PEP 3333), on cheroot."""

from __future__ import annotations

import io
import re
import ssl
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from cheroot.wsgi import Gateway_10

from netlab.errors import OptionError
from netlab.http.messages import Headers
from netlab.servers.base import Server
from netlab.servers.loop import log
from netlab.servers.web_connection import ClientGoneError, error_response
from netlab.servers.web_engine import Engine, TLSAdapter

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STATUS = re.compile(r"[2-5]\d\d [\t\x20-\x7e\x80-\xff]*")  # RFC 9112, section 4
NO_CONTENT = frozenset({b"204", b"304"})


class _Gateway(Gateway_10):
    """One request to the app. What the app gets wrong becomes a 500, or a connection that ends early."""

    def __init__(self, req: Any) -> None:
        super().__init__(req)
        self._sent = 0

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]
        environ["SERVER_NAME"] = self.req.server.bind_addr[0]
        if self.req.chunked_read:  # the chunks are put together already
            environ["CONTENT_LENGTH"] = str(len(self.req.rfile.getbuffer()))
        environ["wsgi.errors"] = _ErrorStream()
        return environ

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        """Take the status and the header fields; refuse what would end a line too early (PEP 3333)."""
        if isinstance(status, str) and not STATUS.fullmatch(status):
            raise ValueError(f"{status!r} is no status: write three digits and a reason, such as '200 OK'.")
        Headers(headers)
        self.req.outheaders = []
        return super().start_response(status, headers, exc_info)

    def respond(self) -> None:
        """Run the app and send what it returns."""
        try:
            self._run_app()
        except ClientGoneError:
            raise
        except Exception:
            log.exception("The app raised an exception at %s", self.env.get("REQUEST_URI"))
            self._apologize()

    def _run_app(self) -> None:
        response: Iterable[bytes] = self.req.server.wsgi_app(self.env, self.start_response)
        try:
            if isinstance(response, list | tuple) and len(response) == 1 and self._length_is_open:
                self.remaining_bytes_out = len(response[0])  # known, so that nothing needs to be chunked
                self.req.outheaders.append((b"Content-Length", b"%d" % len(response[0])))
            for chunk in response:
                self.write(chunk)
            if not self.started_response:
                raise RuntimeError("The app returned without calling start_response.")
            self.req.ensure_headers_sent()
            if self._carries_content and self._sent < (self.remaining_bytes_out or 0):
                raise ValueError(
                    f"The app's content ends after {self._sent} bytes, before its Content-Length."
                )
        finally:
            if hasattr(response, "close"):
                response.close()

    def write(self, chunk: bytes) -> None:
        """Send a piece of content."""
        if not isinstance(chunk, bytes):
            raise TypeError(f"A WSGI app yields bytes, not {type(chunk).__name__}: encode the text.")
        if not self.started_response:
            raise RuntimeError("The app yielded content before it called start_response.")
        self._sent += len(chunk)
        if self.remaining_bytes_out is not None and self._sent > self.remaining_bytes_out:
            raise ValueError("The app's content is longer than its Content-Length.")
        if chunk:
            self.req.ensure_headers_sent()
            if self._carries_content:
                self.req.write(chunk)

    @property
    def _length_is_open(self) -> bool:
        """Whether the app has left it to the server to say how long the content is."""
        wanted = self.started_response and self.req.status[:3] not in NO_CONTENT
        return wanted and self.remaining_bytes_out is None

    @property
    def _carries_content(self) -> bool:
        """Whether this response may have content at all (RFC 9110, section 6.4.1)."""
        return self.req.method != b"HEAD" and self.req.status[:3] not in NO_CONTENT

    def _apologize(self) -> None:
        """Answer 500, or cut the connection when an answer has begun, so that nobody takes it for whole."""
        req = self.req
        req.close_connection = True
        if req.sent_headers:
            req.chunked_write = False  # no last chunk
            return
        req.sent_headers = True
        page = error_response(500, "The app raised an exception; the log has its traceback.")
        req.conn.wfile.write((page if self._carries_content else replace(page, content=b"")).pack())


class _ErrorStream(io.TextIOBase):
    """What an app writes to `wsgi.errors` goes to the log: printed, it would land in whichever cell runs."""

    def write(self, text: str) -> int:
        if text.strip():
            log.error("%s", text.rstrip("\n"))
        return len(text)


class WebServer(Server):
    """A web server that serves a WSGI app, HTTP/1.1 with connections that stay open.

    An exception in the app is answered with 500; its traceback goes to the logger "netlab" and nowhere else.

    Args:
        app: any WSGI app: a function of your own, a Flask app, Django's `application`.
        host: a loopback address.
        port: the port to listen on, 0 for any free one.
        tls: speak HTTPS, with a certificate of the course's own authority, or with a context of yours.
        timeout: seconds that a client may be silent before its connection is closed.

    Raises:
        OptionError: for an app that cannot be called.

    Example:
        >>> with WebServer(app) as server:
        ...     requests.get(server.url, timeout=2)
    """

    scheme: ClassVar[str] = "http"

    def __init__(
        self,
        app: WSGIApplication,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        tls: bool | ssl.SSLContext = False,
        timeout: float = 10.0,
    ) -> None:
        super().__init__(host, port, tls=bool(tls))
        self._own_context = tls if isinstance(tls, ssl.SSLContext) else None
        if not callable(app):
            raise OptionError(
                f"{app!r} is no WSGI app. Give a function `app(environ, start_response)` or an app object."
            )
        self.app = app
        self._timeout = timeout

    def _open(self, host: str, port: int) -> int:
        self._engine = Engine(host, port, self.app, self.transcript, self._timeout)
        self._engine.gateway = _Gateway
        if self.tls:
            from netlab.servers.tls import server_context

            self._engine.ssl_adapter = TLSAdapter(self._own_context or server_context())
        self._engine.prepare()
        return int(self._engine.bind_addr[1])

    def _close(self) -> None:
        self._engine.stop()
