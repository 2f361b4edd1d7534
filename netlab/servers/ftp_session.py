"""What one client of an `FTPServer` meets: pyftpdlib's sessions, recorded, and kept within the root."""

from __future__ import annotations

import os
import re
import socket
from typing import Any

from OpenSSL import SSL
from pyftpdlib.authorizers import DummyAuthorizer  # type: ignore[import-untyped]
from pyftpdlib.exceptions import FilesystemError, _RetryError  # type: ignore[import-untyped]
from pyftpdlib.filesystems import AbstractedFS  # type: ignore[import-untyped]
from pyftpdlib.handlers import (  # type: ignore[import-untyped]
    DTPHandler,
    FTPHandler,
    TLS_DTPHandler,
    TLS_FTPHandler,
)
from pyftpdlib.ioloop import AsyncChat  # type: ignore[import-untyped]

from netlab.servers.loop import log
from netlab.servers.transcript import Transcript

UNREAD = 100  # replies that may wait for a client who does not read
TRANSFERS = {"APPE", "LIST", "MLSD", "NLST", "RETR", "STOR", "STOU"}
NEW_BEGINNINGS = TRANSFERS | {"PASV", "EPSV", "PORT", "EPRT", "ABOR", "REIN", "USER"}
BROKEN_OFF = "426 Data connection broken off; transfer aborted."
_PASSWORD = re.compile(r"(?i)^(\W*pass\s).+")


class Waker(AsyncChat):  # type: ignore[misc]
    """Ends the wait of an event loop from another thread."""

    def __init__(self, loop: Any) -> None:
        ours, self._theirs = socket.socketpair()
        super().__init__(ours, loop)
        self.woken = False

    def wake(self) -> None:
        """Make the loop come back from its wait; `woken` is then true."""
        self._theirs.close()

    def handle_read(self) -> None:
        """pyftpdlib: the other end is closed."""
        self.woken = True


class Folder(AbstractedFS):  # type: ignore[misc]
    """The files under the root, of which all links are resolved. pyftpdlib asks `validpath` before nearly all."""

    def validpath(self, path: str) -> bool:
        """Whether a path, its links followed, is the root or lies under it."""
        real = os.path.realpath(path)
        return real == self.root or real.startswith(os.path.join(self.root, ""))  # noqa: PTH118

    def chdir(self, path: str) -> None:
        """Enter a folder, and leave the working directory of the whole process as it is."""
        os.scandir(path).close()
        self.cwd = self.fs2ftp(path)

    def open(self, filename: str, mode: str) -> Any:
        """Open a file; a named pipe would stop the server until somebody writes to it."""
        if not os.path.isfile(filename) and os.path.exists(filename):  # noqa: PTH110, PTH113
            raise FilesystemError("Not a file")
        return super().open(filename, mode)

    def mkstemp(self, suffix: str = "", prefix: str = "", dir: str = "", mode: str = "wb") -> Any:  # noqa: A002
        """Make a file with a name of its own for STOU, whose path pyftpdlib does not check."""
        if not self.validpath(dir):
            raise FilesystemError("Outside of the root directory")
        return super().mkstemp(suffix, prefix, dir, mode)

    def listdir(self, path: str) -> list[str]:
        """The names in a folder, without links that lead out of the root."""
        with os.scandir(path) as entries:
            return [entry.name for entry in entries if not entry.is_symlink() or self.validpath(entry.path)]


class _Passive(FTPHandler.passive_dtp):  # type: ignore[misc]
    timeout = None  # the session's own is enough

    def __repr__(self) -> str:  # pyftpdlib asks for it at every turn
        return f"<port of {self.cmd_channel}>"


class _Data(DTPHandler):  # type: ignore[misc]
    timeout = None  # on loopback a client that has died is noticed at once

    def __init__(self, sock: socket.socket, cmd_channel: Any) -> None:
        super().__init__(sock, cmd_channel)
        if not self.connected:  # the client reset it before it was accepted
            cmd_channel.data_connection_lost()

    def __repr__(self) -> str:
        return f"<data connection of {self.cmd_channel}>"

    def send(self, data: bytes) -> int:
        """Send a piece of a file; TLS that is told to send nothing, of an empty listing, confuses the client."""
        return super().send(data) if data else 0

    def recv(self, buffer_size: int) -> bytes:
        """Receive a piece of an upload. A reset, or TLS that ends without saying so, is no end of a file."""
        try:
            data: bytes = self.socket.recv(buffer_size)
        except BlockingIOError as error:
            raise _RetryError from error
        except (OSError, SSL.SysCallError):
            self._resp = (BROKEN_OFF, log.debug)
            self.close()
            return b""
        if not data:
            self.handle_close()
        return data


class _TLSData(TLS_DTPHandler, _Data):  # type: ignore[misc]
    pass


class _Session:
    """What both kinds of sessions have: mixed in before pyftpdlib's handler."""

    transcript: Transcript
    name = "client"
    banner = "Ticker's files."
    abstracted_fs = Folder
    passive_dtp = _Passive

    def __repr__(self) -> str:
        return f"<FTP session of {self.name}>"

    def on_connect(self) -> None:
        self.name = self.transcript.new_client()

    def push(self, data: str) -> None:
        self.transcript.record("server", self.name, data.encode())  # first: once sent, somebody may look
        super().push(data)  # type: ignore[misc]

    def pre_process_command(self: Any, line: str, cmd: str, arg: str) -> None:
        if self._closed:  # the line stood behind the one that ended the session
            return
        said = _PASSWORD.sub(r"\1***", line)
        self.transcript.record(self.name, "server", said.encode() + b"\r\n")
        if len(self.producer_fifo) > UNREAD:
            self.close()
        elif "\0" in line:
            self.respond("501 A name cannot contain a zero byte.")
        else:
            super().pre_process_command(line, cmd, arg)  # type: ignore[misc]

    def process_command(self: Any, cmd: str, *args: Any, **kwargs: Any) -> None:
        if cmd in TRANSFERS and self.data_channel is not None and self.data_channel._initialized:
            self.respond("503 One transfer at a time.")
            return
        if cmd in TRANSFERS and not (self.data_channel or self._dtp_acceptor or self._dtp_connector):
            self.respond("425 Say PASV, EPSV, PORT or EPRT first.")
            return
        if cmd in NEW_BEGINNINGS and (self._in_dtp_queue or self._out_dtp_queue):
            self._forget_waiting()
        super().process_command(cmd, *args, **kwargs)  # type: ignore[misc]

    def data_connection_lost(self: Any) -> None:
        """Say so to a client who waits for a transfer."""
        if self._in_dtp_queue or self._out_dtp_queue:
            self._forget_waiting()
            self.respond(BROKEN_OFF)

    def handle_auth_failed(self: Any, msg: str, password: str) -> None:  # noqa: ARG002
        """Refuse a login at once: pyftpdlib's pause, against guessing, trips over clients who leave meanwhile."""
        self.username = ""
        self.attempted_logins += 1
        if self.attempted_logins < self.max_login_attempts:
            self.respond("530 Login incorrect.")
        else:
            self.respond("530 Login incorrect. Goodbye.")
            self.close_when_done()

    def _forget_waiting(self: Any) -> None:
        """Close a file whose transfer was asked for, and whose data connection never came."""
        for waiting in (self._in_dtp_queue, self._out_dtp_queue):
            if waiting and waiting[-2]:
                waiting[-2].close()
        self._in_dtp_queue = self._out_dtp_queue = None

    def log(self, *_: object, **__: object) -> None:
        """The transcript has it all."""

    log_cmd = log_transfer = log

    def log_exception(self, instance: object) -> None:
        log.exception("Exception in %r", instance)


def _known(commands: dict[str, Any]) -> dict[str, Any]:
    """The commands without MFMT, for which pyftpdlib calls what Python 3.12 warns of."""
    return {name: about for name, about in commands.items() if name != "MFMT"}


class Session(_Session, FTPHandler):  # type: ignore[misc]
    """A client on the control connection, in clear text."""

    dtp_handler = _Data
    proto_cmds = _known(FTPHandler.proto_cmds)


class TLSSession(_Session, TLS_FTPHandler):  # type: ignore[misc]
    """A client who must ask for TLS before logging in, and may ask for it for data (RFC 4217)."""

    dtp_handler = _TLSData
    proto_cmds = _known(TLS_FTPHandler.proto_cmds)
    tls_control_required = True

    def ftp_AUTH(self, line: str) -> None:  # noqa: N802
        """Begin TLS; what was sent in clear text behind AUTH must not count as said in secret."""
        self.ac_in_buffer = b""
        super().ftp_AUTH(line)


def session_class(authorizer: DummyAuthorizer, transcript: Transcript, *, tls: bool) -> type:
    """A class of sessions for one server: pyftpdlib keeps what a server's sessions share in their class."""
    shared = {"authorizer": authorizer, "transcript": transcript}
    if not tls:
        return type("Session", (Session,), shared)
    from netlab.servers.tls import course_ca

    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    # TLS 1.3 sends tickets after the handshake. A client that uploads and never reads them resets the connection
    # when it closes, and the end of its file is lost. pyOpenSSL has no way to send none.
    context.set_max_proto_version(SSL.TLS1_2_VERSION)
    course_ca().issue_cert("127.0.0.1", "::1", "localhost").configure_cert(context)
    return type("Session", (TLSSession,), {**shared, "ssl_context": context})
