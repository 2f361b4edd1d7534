"""What every netlab server is: a context manager that listens on loopback, ready once it has started."""

from __future__ import annotations

import errno
import ipaddress
import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import ClassVar, Literal, Self

from netlab.errors import AddressInUseError, OptionError, StoppedError
from netlab.servers.transcript import Transcript

Address = tuple[str, int]


class Listener(ABC):
    """Something that listens on loopback, for the length of a `with` block or from `start()` to `stop()`.

    Args:
        host: a loopback address; netlab never listens where another machine could reach it.
        port: the port to listen on, 0 for any free one.

    Raises:
        OptionError: for a host that is not loopback, or a port that is none.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._wanted = (check_loopback(host), check_port(port))
        self._bound: Address | None = None
        self._lock = threading.Lock()

    @abstractmethod
    def _open(self, host: str, port: int) -> int:
        """Listen, and return the port; when this returns, a client can connect."""

    @abstractmethod
    def _close(self) -> None:
        """Free the port, the threads and every connection."""

    @property
    def running(self) -> bool:
        """Whether the server listens now."""
        return self._bound is not None

    @property
    def address(self) -> Address:
        """The pair (host, port), as `socket.create_connection` wants it.

        Raises:
            StoppedError: when the server is not running.
        """
        if self._bound is None:
            name = type(self).__name__
            raise StoppedError(f"This {name} is not running. Start it: `with {name}() as server:`.")
        return self._bound

    @property
    def host(self) -> str:
        """The address that the server listens on."""
        return self.address[0]

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        return self.address[1]

    def start(self) -> Self:
        """Start listening; a server that runs already is left alone.

        Raises:
            AddressInUseError: when the port is taken.
            OptionError: when this machine cannot listen there.
        """
        with self._lock:
            if self._bound is None:
                host, port = self._wanted
                try:
                    self._bound = (host, self._open(host, port))
                except OSError as error:
                    raise explain_bind_error(error, host, port) from error
        return self

    def stop(self) -> None:
        """Stop listening and drop every client; a stopped server is left alone."""
        with self._lock:
            if self._bound is not None:
                self._bound = None
                self._close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        where = f"on {self._bound[0]}:{self._bound[1]}" if self._bound else "(stopped)"
        return f"<{type(self).__name__} {where}>"


class Server(Listener):
    """A server on this machine.

    Args:
        host: a loopback address.
        port: the port to listen on, 0 for any free one.
        tls: speak TLS, with a certificate of the course's own authority (see `netlab.servers.tls`).

    Attributes:
        transport: "tcp" or "udp".
        scheme: what its URLs begin with.
        transcript: what was said, by whom.
    """

    transport: ClassVar[Literal["tcp", "udp"]] = "tcp"
    scheme: ClassVar[str] = "tcp"

    def __init__(self, host: str = "127.0.0.1", port: int = 0, *, tls: bool = False) -> None:
        super().__init__(host, port)
        self.tls = tls
        self.transcript = Transcript()

    @property
    def url(self) -> str:
        """The address as a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}{'s' if self.tls else ''}://{host}:{self.port}"


def check_loopback(host: str) -> str:
    """Return the address to bind for a loopback host, refuse any other."""
    if host == "localhost":
        return "127.0.0.1"
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise OptionError(
        f"{host!r} is not a loopback address. netlab's servers never leave this machine: "
        f"use '127.0.0.1' (the default), '::1' or 'localhost'."
    )


def check_port(port: int) -> int:
    """Return a port number that can be bound, 0 included, refuse any other value."""
    if isinstance(port, int) and 0 <= port <= 65535:
        return port
    raise OptionError(f"{port!r} is not a port. Use a whole number from 0 (any free port) to 65535.")


def explain_bind_error(error: OSError, host: str, port: int) -> Exception:
    """Turn the system's error about a bind into one that says what to do."""
    if error.errno == errno.EADDRINUSE:
        return AddressInUseError(
            error.errno,
            f"Port {port} on {host} is already in use. Stop the server that holds it, "
            f"or leave the port out to get a free one.",
        )
    if error.errno == errno.EACCES:
        return OptionError(f"Port {port} needs special rights. Choose one above 1023, or 0 for a free one.")
    if error.errno == errno.EADDRNOTAVAIL:
        return OptionError(f"This machine has no address {host}. Use '127.0.0.1'.")
    return error
