"""The networks that `capture()` can watch: one of its own in the kernel, or this machine's with a recording."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from netlab.errors import CaptureError
from netlab.servers.loop import background_loop, let_the_loop_read
from netlab.wire.pcap import CapturedFrame

PACKET_OUTGOING = 4  # linux/if_packet.h: a frame on `lo` is seen twice, leaving and arriving
LARGEST_FRAME = 262_144
READY_TIME = 5.0  # seconds for the helper process to answer
_HELPER = Path(__file__).with_name("_netns.py")
_CLEAN = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}


class PrivateNetwork:
    """A network namespace with nothing but `lo`, all of whose frames are seen.

    Args:
        seen: called on the background loop with each frame.

    Raises:
        CaptureError: where the system does not allow it.
    """

    def __init__(self, seen: Callable[[CapturedFrame], None]) -> None:
        if not sys.platform.startswith("linux"):
            raise CaptureError("Packets can be captured live on Linux only.")
        self._seen = seen
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(READY_TIME)
        with theirs:
            self._helper = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", "-S", str(_HELPER), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_CLEAN,
            )
        try:
            self._packets = self._receive_socket()
        except OSError as error:
            self._end_helper()
            raise CaptureError(
                f"This system does not allow a network namespace ({error.strerror}). As an administrator, say "
                "`sysctl kernel.unprivileged_userns_clone=1`, on Ubuntu also "
                "`sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or name a recording to show instead."
            ) from error
        self._packets.setblocking(False)
        loop = background_loop()
        loop.call(loop.loop.add_reader, self._packets, self._read)

    def make_socket(
        self,
        family: int,
        type: int,  # noqa: A002
        proto: int = 0,
        *,
        bind: tuple[str, int] | None = None,
        listen: int | None = None,
    ) -> socket.socket:
        """A socket of this network, bound and listening if that is asked for."""
        request = {"family": family, "type": type, "proto": proto, "bind": bind, "listen": listen}
        self._control.send(json.dumps(request).encode())
        return self._receive_socket()

    def settle(self) -> None:
        """Take in every frame that has been sent."""
        background_loop().run(let_the_loop_read())

    def close(self) -> None:
        """Give the network up; its sockets must be closed by then."""
        self.settle()
        loop = background_loop()
        loop.call(loop.loop.remove_reader, self._packets)
        self._packets.close()
        self._end_helper()

    def _end_helper(self) -> None:
        self._control.close()
        self._helper.wait(READY_TIME)

    def _receive_socket(self) -> socket.socket:
        answer, files, _, _ = socket.recv_fds(self._control, 4096, 1)
        error = json.loads(answer)["error"] if answer else [0, "its helper process ended"]
        if error:
            raise OSError(*error)
        return socket.socket(fileno=files[0])

    def _read(self) -> None:
        while True:
            try:
                data, ancillary, _, address = self._packets.recvmsg(LARGEST_FRAME, 64)
            except BlockingIOError:
                return
            if address[2] == PACKET_OUTGOING:
                continue
            seconds, nanoseconds = struct.unpack("qq", ancillary[0][2])
            self._seen(CapturedFrame(seconds + nanoseconds / 1e9, data))


class OrdinaryNetwork:
    """This machine's own loopback, where an exchange happens for real but is not seen."""

    def make_socket(
        self,
        family: int,
        type: int,  # noqa: A002
        proto: int = 0,
        *,
        bind: tuple[str, int] | None = None,
        listen: int | None = None,
    ) -> socket.socket:
        """An ordinary socket, bound and listening if that is asked for."""
        sock = socket.socket(family, type, proto)
        if listen is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            if bind is not None:
                sock.bind(bind)
            if listen is not None:
                sock.listen(listen)
        except OSError:
            sock.close()
            raise
        return sock

    def settle(self) -> None:
        """Nothing is seen here, so there is nothing to wait for."""

    def close(self) -> None:
        """Nothing to give up."""
