"""cheroot, made fit for a notebook: a silent client costs nothing, a stop is quick, nothing is printed.

cheroot keeps a thread waiting for each new client, does the TLS handshake in the thread that accepts, and waits
for clients that stop in the middle of a request. Here a client who says nothing waits in the selector, threads
are started when they are needed, and a stop ends every wait.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from typing import Any

from cheroot import wsgi
from cheroot.connections import ConnectionManager

from netlab.servers.loop import log
from netlab.servers.transcript import Transcript
from netlab.servers.web_connection import CONTENT_LIMIT, LINGER_TIME, Connection

BACKLOG = 128
THREADS = 100  # requests that are served at the same time at the most
POLL_TIME = 0.02  # seconds within which a stop is noticed
STOP_TIME = 1  # seconds that an app gets to finish its answer when the server stops
HEADER_LIMIT = 65536  # bytes of a request's head


class _Workers:
    """Threads that serve requests: as many as there are requests at the same time."""

    def __init__(self, server: Engine) -> None:
        self._server = server
        self._queue: queue.SimpleQueue[Connection | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._waiting = 0  # connections in the queue or in a thread
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin with no thread at all."""

    def put(self, connection: Connection) -> None:
        """Serve a request of this connection."""
        with self._lock:
            self._waiting += 1
            if self._waiting > len(self._threads) < THREADS:
                thread = threading.Thread(target=self._work, name="netlab-web", daemon=True)
                self._threads.append(thread)
                thread.start()
        self._queue.put(connection)

    def stop(self, timeout: float) -> None:
        """End the threads; one that is still in the app after so many seconds is left to itself."""
        for _ in self._threads:
            self._queue.put(None)
        self._join(timeout)
        for connection in tuple(self._server.connections):
            connection.cut(socket.SHUT_RDWR)
        self._join(LINGER_TIME)

    def _join(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            if thread is not threading.current_thread():  # an app may stop its own server
                thread.join(max(0.0, deadline - time.monotonic()))

    def _work(self) -> None:
        while (connection := self._queue.get()) is not None:
            try:
                if connection.communicate():
                    self._server.put_conn(connection)
                else:
                    connection.close_gently()
            except Exception:
                log.exception("A connection to a web server ended with an error")
                connection.close()
            with self._lock:
                self._waiting -= 1


class TLSAdapter:
    """TLS for cheroot from an `ssl.SSLContext`; the handshake is left to the thread that serves the client."""

    makefile = None

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context

    def wrap(self, sock: socket.socket) -> tuple[socket.socket, dict[str, str]]:
        """Put TLS on a connection."""
        secure = self._context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return secure, {"HTTPS": "on", "wsgi.url_scheme": "https"}


class Engine(wsgi.Server):
    """A cheroot server that already listens once it is prepared.

    Attributes:
        transcript: what is said.
        connections: those that are open now.
    """

    ConnectionClass = Connection
    expiration_interval = POLL_TIME
    keep_alive_conn_limit = None  # type: ignore[assignment]
    max_request_header_size = HEADER_LIMIT
    max_request_body_size = CONTENT_LIMIT

    def __init__(self, host: str, port: int, app: Any, transcript: Transcript, timeout: float) -> None:
        super().__init__((host, port), app, server_name="netlab", shutdown_timeout=STOP_TIME)
        self.timeout = timeout
        self.transcript = transcript
        self.connections: set[Connection] = set()
        self.requests = _Workers(self)

    def prepare(self) -> None:
        """Listen; cheroot's own loses the system's error number."""
        host, port = self.bind_addr
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.create_server((host, port), family=family, backlog=BACKLOG)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.bind_addr = self.socket.getsockname()[:2]
        self.software = self.server_name
        self._connections = ConnectionManager(self)
        self.ready = True
        self._thread = threading.Thread(target=self.serve, name="netlab-web-accept", daemon=True)
        self._thread.start()

    def serve(self) -> None:
        """Accept connections and hand on those whose clients have said something."""
        while self.ready:
            try:
                self._connections.run(self.expiration_interval)
            except Exception:
                log.exception("A web server could not accept a connection")

    def process_conn(self, conn: Connection) -> None:
        """Serve a client that is new or has said something."""
        self.requests.put(conn)

    def stop(self) -> None:
        """Stop listening, give requests in progress a second, then drop every client."""
        for connection in tuple(self.connections):
            connection.cut(socket.SHUT_RD)  # nobody waits for the rest of a request
        super().stop()
        self._thread.join()
        for connection in tuple(self.connections):
            connection.close()

    def clear_stats(self) -> None:
        """Keep no statistics: cheroot puts them, and with them the server, into a list that nobody empties."""
        self.stats = {"Enabled": False}
        self._start_time = None

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """Log what cheroot would print."""
        log.log(level, "%s", msg, exc_info=traceback)
