"""The networks that `capture()` can use: a private one, this machine's watched, or this machine's unwatched."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from netlab.errors import CaptureError, PacketError
from netlab.servers.loop import background_loop, let_the_loop_read
from netlab.wire._netns import ANSWER, PACKET_AUXDATA, REQUEST, SO_TIMESTAMPNS, SOL_PACKET, packet_socket
from netlab.wire.packet import Packet
from netlab.wire.pcap import CapturedFrame

Seen = Callable[[CapturedFrame], None]

PACKET_OUTGOING = 4  # linux/if_packet.h: a frame on `lo` is seen twice, leaving and arriving
TP_STATUS_CSUMNOTREADY = 8
LARGEST_FRAME = 262_144
READY_TIME = 5.0  # seconds for the helper process to answer
_HELPER = Path(__file__).with_name("_netns.py")
_CLEAN = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
_INSTEAD = 'name a recording to show instead, as in capture("tcp-conversation").'
_FORBIDDEN = (
    "This system does not allow packets to be captured ({reason}). As an administrator, allow user namespaces "
    "(`sysctl user.max_user_namespaces=10000 kernel.unprivileged_userns_clone=1`, on Ubuntu "
    "`sysctl kernel.apparmor_restrict_unprivileged_userns=0`) or run Python with CAP_NET_RAW; or " + _INSTEAD
)


class PrivateNetwork:
    """A network namespace with nothing but `lo`, all of whose frames are seen; it needs no rights.

    Args:
        seen: called on the background loop with each frame.

    Raises:
        CaptureError: where the system does not allow it.
    """

    def __init__(self, seen: Seen) -> None:
        if not sys.platform.startswith("linux"):
            raise CaptureError(f"Packets can be captured live on Linux only; {_INSTEAD}")
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(READY_TIME)
        with theirs:
            self._helper = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", "-S", str(_HELPER), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_CLEAN,
                start_new_session=True,  # Ctrl-C is meant for the student's code
            )
        try:
            self._watcher = _Watcher(self._receive_socket(), seen)
        except BaseException as error:
            self._end_helper()
            if isinstance(error, OSError):
                raise CaptureError(_FORBIDDEN.format(reason=error.strerror)) from error
            raise

    def make_socket(self, family: int, type: int, proto: int) -> socket.socket:  # noqa: A002
        """A socket of this network; it may be bound to any port, also 25."""
        self._control.send(REQUEST.pack(family, type, proto))
        return self._receive_socket()

    def settle(self) -> None:
        """Take in every frame that has been sent."""
        self._watcher.settle()

    def close(self) -> None:
        """Give the network up; its sockets must be closed by then."""
        self._watcher.close()
        self._end_helper()

    def _end_helper(self) -> None:
        self._control.close()
        self._helper.kill()  # a forked child may hold the control socket too, so its end would not be noticed
        self._helper.wait()

    def _receive_socket(self) -> socket.socket:
        answer, files, _, _ = socket.recv_fds(self._control, ANSWER.size, 1, socket.MSG_CMSG_CLOEXEC)
        if not answer:
            raise OSError(0, "its helper process ended")
        (error,) = ANSWER.unpack(answer)
        if error:
            raise OSError(error, os.strerror(error))
        self._control.recv(ANSWER.size)  # the helper has closed its copy
        return socket.socket(fileno=files[0])


class SharedNetwork:
    """This machine's own loopback, of which the frames to and from the sockets made here are seen.

    Args:
        seen: called on the background loop with each frame.

    Raises:
        OSError: without CAP_NET_RAW, which containers give to their root.
    """

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._ports: set[int] = set()
        self._pairs: set[frozenset[int]] = set()
        self._sockets: list[_NotingSocket] = []
        self._watcher = _Watcher(packet_socket(), self._filter)

    def make_socket(self, family: int, type: int, proto: int) -> socket.socket:  # noqa: A002
        """A socket of this machine, whose ports are noted."""
        sock = _NotingSocket(family, type, proto)
        sock.ports, sock.pairs = self._ports, self._pairs
        self._sockets.append(sock)
        return sock

    def settle(self) -> None:
        """Take in every frame that has been sent."""
        self._watcher.settle()

    def close(self) -> None:
        """Watch no longer."""
        self._watcher.close()

    def _filter(self, frame: CapturedFrame) -> None:
        for sock in self._sockets:
            sock.note()
        if self._ours(frame.data):
            self._seen(frame)

    def _ours(self, data: bytes) -> bool:
        try:
            packet = Packet.parse(data)
            if packet.icmp and packet.icmp.kind.startswith("echo"):
                return any(sock.type == socket.SOCK_RAW for sock in self._sockets)
            if packet.icmp:  # an error carries the head of the packet that it is about
                packet = Packet.parse(packet.payload, link="ip")
        except PacketError:
            return False
        ports = packet.tcp or packet.udp
        if ports is None:
            return False
        pair = frozenset((ports.src_port, ports.dst_port))
        return pair in self._pairs or not self._ports.isdisjoint(pair)


class OrdinaryNetwork:
    """This machine's own loopback, where an exchange happens for real but is not seen."""

    def make_socket(self, family: int, type: int, proto: int) -> socket.socket:  # noqa: A002
        """An ordinary socket."""
        return socket.socket(family, type, proto)

    def settle(self) -> None:
        """Nothing is seen here, so there is nothing to wait for."""

    def close(self) -> None:
        """Nothing to give up."""


def watched_network(seen: Seen) -> PrivateNetwork | SharedNetwork:
    """A network whose frames are seen: a private one, or this machine's where only that is allowed.

    Raises:
        CaptureError: where neither is.
    """
    try:
        return PrivateNetwork(seen)
    except CaptureError:
        if sys.platform.startswith("linux"):
            with contextlib.suppress(OSError):
                return SharedNetwork(seen)
        raise


class _Watcher:
    """Reads a packet socket on the background loop."""

    def __init__(self, packets: socket.socket, seen: Seen) -> None:
        self._packets = packets
        self._seen = seen
        packets.setblocking(False)
        loop = background_loop()
        loop.call(loop.loop.add_reader, packets, self._read)

    def settle(self) -> None:
        background_loop().run(let_the_loop_read())

    def close(self) -> None:
        self.settle()
        loop = background_loop()
        loop.call(loop.loop.remove_reader, self._packets)
        self._packets.close()

    def _read(self) -> None:
        while True:
            try:
                data, ancillary, _, address = self._packets.recvmsg(LARGEST_FRAME, 256)
            except BlockingIOError:
                return
            if address[2] != PACKET_OUTGOING:
                self._seen(captured(data, ancillary))


def captured(data: bytes, ancillary: list[tuple[int, int, Any]]) -> CapturedFrame:
    """A frame with the kernel's time, and with its checksum where the kernel left that to a network card.

    `lo` has no such card, and no way to turn this off (`ethtool -K lo tx off` is refused). A datagram that an ICMP
    error quotes stays as the kernel has it.
    """
    told = {(level, kind): value for level, kind, value in ancillary}
    seconds, nanoseconds = struct.unpack("qq", told[socket.SOL_SOCKET, SO_TIMESTAMPNS])
    (status,) = struct.unpack_from("I", told[SOL_PACKET, PACKET_AUXDATA])
    if status & TP_STATUS_CSUMNOTREADY:
        packet = Packet.parse(data)
        data = Packet.build(*packet.layers, payload=packet.payload).pack()
    return CapturedFrame(seconds + nanoseconds / 1e9, data)


class _NotingSocket(socket.socket):
    """A socket that notes its ports, so that its frames can be told from the machine's others.

    One that is connected notes both ends: since Linux 6.18 a server may listen at the port of somebody's connection.
    """

    ports: set[int]
    pairs: set[frozenset[int]]
    _connected = False

    def note(self) -> None:
        """Note the port that the socket has now."""
        if not self._connected:
            with contextlib.suppress(OSError, IndexError):
                self.ports.add(self.getsockname()[1])

    def connect(self, address: Any) -> None:
        self._note_pair(address)
        super().connect(address)

    def connect_ex(self, address: Any) -> int:
        self._note_pair(address)
        return super().connect_ex(address)

    def close(self) -> None:
        self.note()
        super().close()

    def _note_pair(self, address: Any) -> None:
        """A connection that is refused leaves the socket without a port, unless it was bound."""
        if not self.getsockname()[1]:
            self.bind(("", 0))
        self._connected = True
        self.pairs.add(frozenset((self.getsockname()[1], address[1])))
