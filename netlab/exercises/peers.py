"""Hostile peers: the other side of a conversation, behaving as real networks and real programs do.

Each is a context manager around a real socket or server on loopback, to be used inside a judge.
"""

from __future__ import annotations

import array
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator

try:
    import fcntl
    import termios
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

THREAD = "netlab-peer"
TIMEOUT = 1.0  # seconds that a student's socket waits
POLL = 0.0005  # seconds between two looks at a buffer
ENDING = 0.1  # seconds that a failing server gets to say why
PAUSE = 0.02  # seconds between pieces where a buffer cannot be looked at


@contextlib.contextmanager
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two connected TCP sockets: the student's, with a timeout, and ours."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        student = socket.create_connection(listener.getsockname(), timeout=TIMEOUT)
        with student:
            ours, _ = listener.accept()
            with ours:
                ours.settimeout(TIMEOUT)
                ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                yield student, ours


@contextlib.contextmanager
def sending(*pieces: bytes, then: str = "wait") -> Iterator[socket.socket]:
    """A socket on which these pieces arrive, one after the other.

    Args:
        *pieces: each is sent when the one before has been read; `one_byte_at_a_time(data)` makes the smallest.
        then: what the peer does after them: "wait", "close" (FIN), or "reset" (RST).
    """
    with pair() as (student, ours):
        over = threading.Event()

        def send() -> None:
            for piece in pieces:
                _wait_until_read(student, over)
                ours.sendall(piece)
            if then == "close":
                ours.shutdown(socket.SHUT_WR)
            elif then == "reset":
                _wait_until_read(student, over)
                reset(ours)

        with running(send):
            try:
                yield student
            finally:
                over.set()


def _wait_until_read(student: socket.socket, over: threading.Event) -> None:
    """Wait until nothing lies in a socket's buffer, so that what is sent next is a read of its own."""
    if fcntl is None:
        over.wait(PAUSE)
        return
    unread = array.array("i", [1])
    while unread[0] and not over.wait(POLL):
        fcntl.ioctl(student, termios.FIONREAD, unread)


def one_byte_at_a_time(data: bytes) -> list[bytes]:
    """The pieces of some data, each a single byte."""
    return [data[i : i + 1] for i in range(len(data))]


def reset(sock: socket.socket) -> None:
    """Break a connection off with RST instead of closing it with FIN."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


@contextlib.contextmanager
def slow_reader() -> Iterator[tuple[socket.socket, Callable[[], bytes]]]:
    """A socket whose peer has little room and reads slowly, so that one `send` takes only a part.

    Yields:
        The student's socket, and a function that shuts it down and returns all that the peer received.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        student = socket.socket()
        with student:
            student.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            student.settimeout(TIMEOUT)
            student.connect(listener.getsockname())
            ours, _ = listener.accept()
            received: list[bytes] = []

            def read() -> None:
                with contextlib.suppress(OSError), ours:
                    ours.settimeout(TIMEOUT)
                    while piece := ours.recv(4096):
                        received.append(piece)

            reader = threading.Thread(target=read, name=THREAD, daemon=True)
            reader.start()

            def collect() -> bytes:
                with contextlib.suppress(OSError):
                    student.shutdown(socket.SHUT_WR)
                reader.join(TIMEOUT)
                return b"".join(received)

            try:
                yield student, collect
            finally:
                collect()


@contextlib.contextmanager
def running(target: Callable[[], object]) -> Iterator[threading.Thread]:
    """Run something in a thread for the length of a block; what it raises is ignored."""

    def quietly() -> None:
        with contextlib.suppress(Exception):
            target()

    thread = threading.Thread(target=quietly, name=THREAD, daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        thread.join(TIMEOUT)


@contextlib.contextmanager
def served_by(serve: Callable[[socket.socket], object]) -> Iterator[tuple[str, int]]:
    """Run a student's serving function, which takes a listening socket, and yield the address to connect to.

    The listening socket is closed at the end; a function that then raises OSError has done nothing wrong.

    Raises:
        Exception: what the function raised, when the block fails too: it is the cause.
    """
    errors: list[Exception] = []
    over = threading.Event()

    def serving() -> None:
        try:
            serve(listener)
        except Exception as error:
            if not over.is_set():
                errors.append(error)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(
            3 * TIMEOUT
        )  # longer than a client waits: whose patience ends first is the symptom
        with running(serving) as thread:
            try:
                yield listener.getsockname()
            except Exception:
                thread.join(ENDING)
                if errors:  # the cause of what the client has met
                    raise errors[0] from None
                raise
            finally:
                over.set()
                # On Linux, closing a socket does not wake up another thread's accept; shutting it down does.
                with contextlib.suppress(OSError):
                    listener.shutdown(socket.SHUT_RDWR)
                listener.close()


@contextlib.contextmanager
def udp_peer(
    answer: Callable[[bytes], Iterable[bytes]],
    stranger: Callable[[bytes], Iterable[bytes]] | None = None,
) -> Iterator[tuple[str, int]]:
    """A UDP server that answers each datagram with none, one or many of its choice.

    Args:
        answer: gets a datagram and returns the answers: [] loses it, two equal ones double it.
        stranger: gets it too, and returns what comes first, from another port than the one that was asked.
    """
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
    ):
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(0.05)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    datagram, sender = sock.recvfrom(65535)
                except TimeoutError:
                    continue
                for each in stranger(datagram) if stranger else ():
                    other.sendto(each, sender)
                for each in answer(datagram):
                    sock.sendto(each, sender)

        with running(serve):
            try:
                yield sock.getsockname()
            finally:
                over.set()
