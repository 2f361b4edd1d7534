"""`capture()`: the kernel's own packets, live and without being root, or a recording where that is forbidden."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from pathlib import Path
from socket import AF_INET, AF_INET6, IPPROTO_ICMP, SO_REUSEADDR, SOCK_RAW, SOCK_STREAM, SOL_SOCKET
from types import TracebackType
from typing import Literal, Self

from netlab.errors import CaptureError
from netlab.paths import data_dir
from netlab.svg import Drawing
from netlab.text import Table
from netlab.wire import exchange
from netlab.wire.icmp import ECHO_REPLY, ICMP
from netlab.wire.network import OrdinaryNetwork, PrivateNetwork, SharedNetwork, watched_network
from netlab.wire.packet import Packet
from netlab.wire.pcap import CapturedFrame, read_pcap, write_pcap

BACKLOG = 128
Socket = socket.socket  # inside the class, `socket` is a method
SOURCES = {
    "live": "Source: live, captured from this machine's kernel.",
    "recorded": "Source: recorded earlier from a Linux kernel, the same exchange.",
}


class Capture:
    """The packets of an exchange on a network made for it (see `capture`).

    Attributes:
        source: "live", or "recorded" where the system does not allow a capture.
        frames: the frames with their times, in order, complete when the block has ended. On loopback the kernel
            leaves checksums to a network card that is not there; those are filled in.
    """

    source: Literal["live", "recorded"]

    def __init__(self, recording: str | None = None) -> None:
        self.frames: list[CapturedFrame] = []
        self._recording = recording
        self._arrived = threading.Condition()
        self._sockets: list[Socket] = []

    def __enter__(self) -> Self:
        self._network = self._choose_network()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sock in self._sockets:
            sock.close()
        self._network.close()

    @property
    def packets(self) -> list[Packet]:
        """The packets so far, taken apart."""
        self._network.settle()
        return [Packet.parse(frame.data) for frame in tuple(self.frames)]

    def socket(
        self,
        family: int = AF_INET,
        type: int = SOCK_STREAM,  # noqa: A002
        proto: int = 0,
    ) -> Socket:
        """A socket on the watched network, as `socket.socket` makes one; it is closed with the block."""
        sock = self._network.make_socket(family, type, proto)
        self._sockets.append(sock)
        return sock

    def create_server(
        self,
        address: tuple[str, int],
        *,
        type: int = SOCK_STREAM,  # noqa: A002
        backlog: int = BACKLOG,
    ) -> Socket:
        """A socket bound to an address, and listening if it is TCP; any port may be used, also 25."""
        sock = self.socket(AF_INET6 if ":" in address[0] else AF_INET, type)
        if type == SOCK_STREAM:
            sock.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        sock.bind(address)
        if type == SOCK_STREAM:
            sock.listen(backlog)
        return sock

    def create_connection(self, address: tuple[str, int], timeout: float = 2.0) -> Socket:
        """A TCP connection to a server on the watched network, as `socket.create_connection` makes one."""
        sock = self.socket(AF_INET6 if ":" in address[0] else AF_INET)
        sock.settimeout(timeout)
        sock.connect(address)
        return sock

    def ping(self, host: str = "127.0.0.1", data: bytes = b"netlab", timeout: float = 2.0) -> float:
        """Send an ICMP echo request, wait for the reply, and return the time between them in seconds."""
        if self.source == "recorded":
            return self.frames[-1].time - self.frames[0].time
        with self.socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) as sock:
            sock.settimeout(timeout)
            request = ICMP.echo(os.getpid() & 0xFFFF, 1).completed(data)
            start = time.perf_counter()
            sock.sendto(request.pack() + data, (host, 0))
            while True:
                answer = Packet.parse(sock.recv(65535), link="ip").icmp
                if answer and answer.type == ECHO_REPLY and answer.rest == request.rest:
                    return time.perf_counter() - start

    def wait(self, count: int, timeout: float = 2.0) -> list[Packet]:
        """Wait until so many packets were seen, and return them.

        Raises:
            CaptureError: when they do not come in time.
        """
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.frames) >= count, timeout):
                raise CaptureError(f"Only {len(self.frames)} of {count} packets came within {timeout:g} s.")
        return self.packets

    def ladder(self) -> Drawing:
        """A sequence diagram of the packets, with their flags and relative sequence numbers."""
        return exchange.ladder(self._timed(), caption=SOURCES[self.source])

    def table(self) -> Table:
        """The packets as a table: number, time, from, to, protocol and what each does."""
        return exchange.table(self._timed(), caption=SOURCES[self.source])

    def save(self, path: str | Path) -> Path:
        """Write the packets as a pcap file that Wireshark opens, and return its path."""
        self._network.settle()
        write_pcap(path, self.frames)
        return Path(path)

    def __repr__(self) -> str:
        return f"<Capture of {len(self.frames)} packets, {self.source}>"

    def _timed(self) -> list[tuple[float, Packet]]:
        packets = self.packets
        return [(frame.time, packet) for frame, packet in zip(self.frames, packets, strict=False)]

    def _choose_network(self) -> PrivateNetwork | SharedNetwork | OrdinaryNetwork:
        with contextlib.ExitStack() as stack:
            if self._recording is not None:
                stack.enter_context(contextlib.suppress(CaptureError))
            if os.environ.get("NETLAB_CAPTURE") == "recorded":
                raise CaptureError(
                    "NETLAB_CAPTURE=recorded forbids a live capture: name a recording, or unset it."
                )
            network = watched_network(self._see)
            self.source = "live"
            return network
        self.source = "recorded"
        self.frames = read_pcap(recording_path(self._recording or ""))
        return OrdinaryNetwork()

    def _see(self, frame: CapturedFrame) -> None:
        with self._arrived:
            self.frames.append(frame)
            self._arrived.notify_all()


def capture(recording: str | None = None) -> Capture:
    """Capture the kernel's own packets of an exchange, without being root.

    Inside the block, make sockets with the capture's `socket`, `create_server` and `create_connection`. They live
    on a network of their own, in which nothing else happens, and may use any port (a container that forbids such
    a network but gives CAP_NET_RAW has their packets picked from its loopback):

        with capture("tcp-conversation") as cap:
            listener = cap.create_server(("127.0.0.1", 0))
            client = cap.create_connection(listener.getsockname())
        cap.ladder()

    Args:
        recording: which recording to show where the system forbids a live capture (see data/captures); the
            exchange then happens on ordinary sockets. Each picture says whether it is live or recorded.

    Raises:
        CaptureError: on entering the block, when a capture is not allowed and no recording is named.
    """
    return Capture(recording)


def recording_path(name: str) -> Path:
    """The file of a recording.

    Raises:
        CaptureError: when there is none of that name.
    """
    folder = data_dir() / "captures"
    path = folder / f"{name}.pcap"
    if not path.exists():
        known = ", ".join(sorted(each.stem for each in folder.glob("*.pcap")))
        raise CaptureError(f"There is no recording called {name!r}; choose from {known}.")
    return path
