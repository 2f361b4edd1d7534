"""An FTP server for a folder on this machine (RFC 959, 2428, 3659), with TLS if wanted (RFC 4217).

pyftpdlib speaks the protocol; its event loop runs in a thread of its own for each server.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from netlab.errors import OptionError
from netlab.servers.base import Server

if TYPE_CHECKING:
    from pyftpdlib.authorizers import DummyAuthorizer  # type: ignore[import-untyped]

BACKLOG = 1024
READ = "elr"  # pyftpdlib's letters: enter a folder, list it, retrieve files
WRITE = "adfmw"  # append, delete, rename, make a folder, store

logging.getLogger("pyftpdlib").addHandler(logging.NullHandler())  # else it prints into whichever cell runs


class FTPServer(Server):
    """An FTP server that shows a folder as its root, and never leaves it.

    Args:
        root: the folder.
        host: a loopback address.
        port: of the control connection, 0 for any free one; data connections get ports of their own.
        users: names and passwords.
        writable: the users who may change files; all of them if it is left out.
        anonymous: let in whoever calls themselves "anonymous", to read.
        tls: explicit TLS: the same port, and clients must say AUTH TLS before they log in.

    Raises:
        OptionError: for a root that is no folder, or when nobody could log in.
    """

    scheme: ClassVar[str] = "ftp"

    def __init__(
        self,
        root: str | Path,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        users: Mapping[str, str] | None = None,
        writable: Collection[str] | None = None,
        anonymous: bool = True,
        tls: bool = False,
    ) -> None:
        super().__init__(host, port, tls=tls)
        self.root = Path(root).resolve()
        self.users = dict(users or {})
        self.writable = frozenset(self.users if writable is None else writable)
        self.anonymous = anonymous
        self._check_options()

    @property
    def url(self) -> str:
        """The address as a URL: `ftp` with TLS too, since TLS begins later; `ftps` means from the first byte."""
        return super().url.replace("ftps:", "ftp:")

    def _check_options(self) -> None:
        if not self.root.is_dir():
            raise OptionError(f"{str(self.root)!r} is not a folder: make it before you serve it.")
        if not self.users and not self.anonymous:
            raise OptionError('Nobody could log in: give users={"ada": "a password"}, or anonymous=True.')
        if "" in self.users or "anonymous" in self.users:
            raise OptionError("Users need a name of their own; anonymous=True lets strangers in, to read.")
        if unknown := self.writable - self.users.keys():
            names = ", ".join(self.users) or "there are none"
            raise OptionError(f"{', '.join(sorted(unknown))} may write, but is none of the users: {names}.")

    def _open(self, host: str, port: int) -> int:
        from pyftpdlib.ioloop import IOLoop  # type: ignore[import-untyped]
        from pyftpdlib.servers import FTPServer as Acceptor  # type: ignore[import-untyped]

        from netlab.servers.ftp_session import Waker, session_class

        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
        loop = IOLoop()
        Acceptor(listener, session_class(self._authorizer(), self.transcript, tls=self.tls), loop, BACKLOG)
        self._waker = Waker(loop)
        self._thread = threading.Thread(
            target=_serve, args=(loop, self._waker), name="netlab-ftp", daemon=True
        )
        self._thread.start()
        number: int = listener.getsockname()[1]
        return number

    def _close(self) -> None:
        self._waker.wake()
        self._thread.join()

    def _authorizer(self) -> DummyAuthorizer:
        from pyftpdlib.authorizers import DummyAuthorizer

        authorizer = DummyAuthorizer()
        for name, password in self.users.items():
            permissions = READ + WRITE if name in self.writable else READ
            authorizer.add_user(name, password, str(self.root), perm=permissions)
        if self.anonymous:
            authorizer.add_anonymous(str(self.root))
        return authorizer


def _serve(loop: Any, waker: Any) -> None:
    """Run an event loop until it is woken up to end, then close all that it serves."""
    pause = None
    while not waker.woken:
        loop.poll(pause)
        pause = loop.sched.poll()
    served = list(loop.socket_map.values())
    loop.close()
    for each in served:  # one that was saying goodbye in TLS is still open
        each.socket.close()
