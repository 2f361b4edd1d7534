"""Where the time of one request goes: name, connection, encryption, request, wait, download.

The phases are those of a browser's network panel (W3C, Resource Timing). What a browser keeps from one request to
the next, and so need not do again, is a `Session`.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urldefrag

from netlab.http.messages import Headers, Response
from netlab.http.places import Place, literal, request_for, split_url, system_resolver
from netlab.http.reader import MessageReader

PHASES = ("dns", "connect", "tls", "request", "wait", "download")
TIMEOUT = 5.0  # seconds for each wait
READ_SIZE = 65536

Resolver = Callable[[str], str]
Via = Literal["a new connection", "an open connection", "the cache"]


@dataclass(frozen=True)
class Timing:
    """How long each phase of a request took, in seconds; 0 for one that was not needed.

    Attributes:
        url: what was asked for.
        start: when it began, on the clock of `time.perf_counter`.
        dns: from the name to an address.
        connect: the TCP handshake.
        tls: the TLS handshake.
        request: handing the request to the system.
        wait: until the first byte of the answer.
        download: from the first byte to the last.
        status: the status code that came over the network, or that of the kept answer if nobody was asked.
        response: the answer; the kept one when the server said 304, so that its content is there. None where
            nothing but the times was taken.
        via: how the answer came.
        resumed: whether the TLS handshake built on an earlier one.
    """

    url: str
    start: float = field(repr=False)
    dns: float = 0.0
    connect: float = 0.0
    tls: float = 0.0
    request: float = 0.0
    wait: float = 0.0
    download: float = 0.0
    status: int = 200
    response: Response | None = field(default=None, repr=False)
    via: Via = "a new connection"
    resumed: bool = False

    @property
    def phases(self) -> dict[str, float]:
        """The seconds of each phase that there was, in order."""
        return {name: getattr(self, name) for name in PHASES if getattr(self, name)}

    @property
    def total(self) -> float:
        """The seconds of all phases together."""
        return sum(self.phases.values())


def timing(
    url: str,
    *,
    resolver: Resolver | None = None,
    context: ssl.SSLContext | None = None,
    session: Session | None = None,
) -> Timing:
    """Fetch a URL with GET and measure each phase.

    Args:
        url: with http or https.
        resolver: turns a host's name into an IP address; the system's own if left out.
        context: for https; the course's own authority is trusted if left out.
        session: what was kept from earlier requests; then its own resolver and context are used.

    Raises:
        OptionError: for another kind of URL.
        OSError: when the server cannot be reached.
        HTTPSyntaxError: when what it says is not HTTP.
    """
    if session is not None:
        return session.get(url)
    with Session(resolver=resolver, context=context) as short:
        return short.get(url)


class Session:
    """What a client keeps from one request to the next. Use it in `with`: it holds connections open.

    Args:
        resolver: turns a host's name into an IP address; the system's own if left out.
        context: for https; the course's own authority is trusted if left out.
        ports: where to connect to instead: `{443: server.port}` for a server that plays one on port 443, which
            needs special rights. The server is told the port of the URL.
        clock: the seconds of now, by which kept answers age.

    Attributes:
        addresses: the names that have been looked up. They never expire here: a session is short.
        kept: answers that may be used again, by URL, with the time when they came (RFC 9111).
    """

    def __init__(
        self,
        *,
        resolver: Resolver | None = None,
        context: ssl.SSLContext | None = None,
        ports: Mapping[int, int] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.addresses: dict[str, str] = {}
        self.kept: dict[str, tuple[float, Response]] = {}
        self._resolver = resolver or system_resolver
        self._context = context
        self._ports = dict(ports or {})
        self._clock = clock
        self._open: dict[Place, socket.socket] = {}
        self._tickets: dict[Place, ssl.SSLSession | None] = {}

    def close(self) -> None:
        """Close the connections; what else was kept is kept."""
        while self._open:
            self._open.popitem()[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(self, url: str) -> Timing:
        """Fetch a URL, from the cache if it may be; see `timing`."""
        parts, place = split_url(url)
        page = urldefrag(url).url  # a fragment is a place on the page, and never sent
        watch = _Stopwatch()
        came, kept = self.kept.get(page, (0.0, None))
        if kept and self._clock() < came + max_age(kept):
            return Timing(url, watch.start, status=kept.status, response=kept, via="the cache")
        request = request_for(parts, place, kept)
        via: Via = "an open connection"
        try:
            sock = self._open.pop(place)
            response = _exchange(sock, request, watch)
        except (KeyError, ConnectionError, ssl.SSLError):  # there was none, or the server has closed it
            via, watch = "a new connection", _Stopwatch()
            sock = self._connect(place, watch)
            response = _exchange(sock, request, watch)
        self._put_away(place, sock, response)
        status = response.status
        if kept and status == 304:
            response = freshened(kept, response)
        self._keep(page, response)
        return Timing(
            url, watch.start, **watch.laps, status=status, response=response, via=via, resumed=watch.resumed
        )

    def _connect(self, place: Place, watch: _Stopwatch) -> socket.socket:
        scheme, host, port = place
        address = self.addresses.get(host) or literal(host)
        if address is None:
            address = self.addresses[host] = self._resolver(host)
            watch.lap("dns")
        sock = socket.create_connection((address, self._ports.get(port, port)), timeout=TIMEOUT)
        watch.lap("connect")
        if scheme == "http":
            return sock
        try:
            secure = self._tls().wrap_socket(sock, server_hostname=host, session=self._tickets.get(place))
        except BaseException:
            sock.close()
            raise
        watch.lap("tls")
        watch.resumed = bool(secure.session_reused)
        return secure

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            from netlab.servers.tls import client_context

            self._context = client_context()
        return self._context

    def _put_away(self, place: Place, sock: socket.socket, response: Response) -> None:
        """Keep the connection for the next request, unless the server closes it (RFC 9112, section 9.3)."""
        if isinstance(sock, ssl.SSLSocket):
            self._tickets[place] = sock.session
        said = (response.headers.get("Connection") or "").lower()
        stays = response.version == "HTTP/1.1" or "keep-alive" in said
        if sock.fileno() < 0 or "close" in said or not stays:
            sock.close()
        else:
            self._open[place] = sock

    def _keep(self, page: str, response: Response) -> None:
        self.kept.pop(page, None)
        if response.status == 200 and "no-store" not in cache_control(response):
            self.kept[page] = self._clock(), response


class _Stopwatch:
    """Laps, one a phase."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self.resumed = False  # the TLS session
        self.start = self._last = time.perf_counter()

    def lap(self, phase: str) -> None:
        now = time.perf_counter()
        self.laps[phase] = now - self._last
        self._last = now


def cache_control(response: Response) -> str:
    """What the server says about keeping an answer, in lower case."""
    return (response.headers.get("Cache-Control") or "").lower()


def max_age(response: Response) -> int:
    """For how many seconds an answer may be used without asking (RFC 9111, section 5.2.2)."""
    control = cache_control(response)
    seconds = re.search(r"\bmax-age=(\d+)", control)
    return int(seconds[1]) if seconds and "no-cache" not in control else 0


def freshened(kept: Response, answer: Response) -> Response:
    """A kept answer with the fields of a 304, which count from now on (RFC 9111, section 4.3.4)."""
    newer = [(name, value) for name, value in answer.headers if name.lower() != "content-length"]
    older = [
        (name, value) for name, value in kept.headers if not any(n.lower() == name.lower() for n, _ in newer)
    ]
    return replace(kept, headers=Headers([*older, *newer]))


def _exchange(sock: socket.socket, request: bytes, watch: _Stopwatch) -> Response:
    """Send a request and read its response; a socket on which this fails is closed."""
    reader = MessageReader(Response)
    try:
        sock.sendall(request)
        watch.lap("request")
        data = sock.recv(READ_SIZE)
        watch.lap("wait")
        if not data:
            raise ConnectionResetError("The server closed the connection without an answer.")
        while not (final := [each for each in reader.feed(data) if each.status >= 200]):
            data = sock.recv(READ_SIZE)
            if not data:
                final = reader.close()
                sock.close()
                if not final:
                    raise ConnectionResetError("The server closed the connection before its answer.")
                break
        watch.lap("download")
    except BaseException:
        sock.close()
        raise
    return final[0]
