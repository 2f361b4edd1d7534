"""An exercise of lesson 15 on ending well: a server that finishes what has begun, then stops."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

import psutil

from netlab.errors import ServerCrashedError
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial
from netlab.servers import ServerProcess

SLOW = 0.2  # seconds that an answer takes
BEGUN, DONE = b"HTTP/1.1 200 OK\r\n", b"Content-Length: 12\r\n\r\nAAPL 430.47\n"
Answer = Callable[[socket.socket], None]


def slow_answer(connection: socket.socket) -> None:
    """Read a request, and answer it in two pieces with some time between."""
    with connection:
        connection.settimeout(5)
        connection.recv(4096)
        connection.sendall(BEGUN)
        time.sleep(SLOW)
        connection.sendall(DONE)


def held_answer(connection: socket.socket) -> None:
    """Read a request, begin an answer, and finish it when the visitor says so, or has gone."""
    with connection, contextlib.suppress(OSError):
        connection.settimeout(5)
        connection.recv(4096)
        connection.sendall(BEGUN)
        connection.recv(1)
        connection.sendall(DONE)


class _Client:
    """A visitor who has asked, and reads."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._sock = socket.create_connection(address, timeout=5)
        self._sock.sendall(b"GET / HTTP/1.1\r\nHost: ticker.example\r\n\r\n")
        self.received = b""

    def begun(self, within: float = 5.0) -> bool:
        """Wait for the first piece; whether it comes."""
        self._sock.settimeout(within)
        try:
            self.received += self._sock.recv(len(BEGUN))
        except OSError:
            return False
        finally:
            self._sock.settimeout(5)
        return self.received == BEGUN

    def go_on(self) -> None:
        """Let a held answer be finished."""
        with contextlib.suppress(OSError):
            self._sock.sendall(b"x")

    def answered(self) -> bool:
        """Read all; whether it is a whole answer."""
        try:
            with self._sock:
                while piece := self._sock.recv(4096):
                    self.received += piece
        except OSError:
            return False
        return self.received == BEGUN + DONE

    def leave(self) -> None:
        self._sock.close()


class _Server(ServerProcess):
    """A student's server that hears SIGTERM once, and is killed when it has not ended by itself then."""

    told = False

    def tell(self) -> None:
        """Send SIGTERM."""
        self.told = True
        with contextlib.suppress(psutil.NoSuchProcess):
            self._process.send_signal(signal.SIGTERM)

    def hold(self) -> None:
        """Let it do nothing at all, until `go_on`."""
        self._process.suspend()

    def go_on(self) -> None:
        self._process.resume()

    def _close(self) -> None:
        if self.told:
            try:
                self._process.wait(self.grace)
            except psutil.TimeoutExpired:
                self._process.kill()
        super()._close()


class _Told(socket.socket):
    """A listening socket in whose second `accept` SIGTERM comes, once the connection is there: a moment like any other."""

    def __init__(self, listener: socket.socket) -> None:
        super().__init__(fileno=os.dup(listener.fileno()))
        self.settimeout(listener.gettimeout())
        self._accepted = 0

    def accept(self) -> tuple[socket.socket, Any]:
        """Accept; the second time, tell this process to stop."""
        came = super().accept()
        self._accepted += 1
        if self._accepted == 2:
            os.kill(os.getpid(), signal.SIGTERM)
        return came


CRASHED: dict[type[BaseException], str] = {
    ServerCrashedError: "Your function raised an exception; the last line of what came says which."
}


RAISED = (
    "One visitor was accepted and then lost. A handler is called at any moment, also between `accept` and the "
    "line that hands the connection on: what it raises comes there. Let it only note the wish."
)


@exercise(
    "15-drain",
    title="Finish, then stop",
    objective="15-o5",
    points=4,
    limit=20.0,
    hints=(
        "`stopping = threading.Event()`, and `signal.signal(signal.SIGTERM, lambda *_: stopping.set())`: a handler only notes the wish.",
        "`accept` would wait for ever: `listener.settimeout(0.05)`, and at each `TimeoutError` look whether you are to stop.",
        "Leave the loop only when a timeout says that nobody waits *and* you are to stop: who is in the queue already has asked.",
        "`with ThreadPoolExecutor(4) as pool:` waits at its end for what `pool.submit(answer, connection)` has begun.",
    ),
    passed="SIGTERM came in the middle of everything, and every visitor got a whole answer.",
)
def drain(t: Trial, serve: Callable[[socket.socket, Answer], object]) -> None:
    """A server that is told to stop in the middle of its work."""

    def server(answer: Answer = slow_answer) -> _Server:
        return _Server(lambda listener: serve(listener, answer), grace=3.0)

    with t.case("two visitors at once", CRASHED) as case, server(held_answer) as running:
        with contextlib.ExitStack() as open_ones:
            clients = [_Client(running.address) for _ in range(2)]
            for client in clients:
                open_ones.callback(client.leave)
            begun = [clients[0].begun(), clients[1].begun(2)]
            words = "`answer` was not called for the first visitor: accept, and hand the connection to it."
            case.expect_that(begun[0], "an answer that begins", "nothing", words)
            words = "The second one waits until the first one is done: let a pool call `answer`, and accept the next one."
            case.expect_that(begun[1], "two answers that have begun", "one", words)
            for client in clients:
                client.go_on()
            got = sum(client.answered() for client in clients)
            case.expect_that(got == 2, "two whole answers", f"{got}", "Hand each connection to `answer`.")
    words = "SIGTERM ends Python at once unless you say otherwise: `signal.signal(signal.SIGTERM, handler)`."
    threads = (
        "The answers were cut: leave only when the threads are done. A pool in a `with` block waits for them."
    )
    with t.case("SIGTERM in the middle of four answers", CRASHED) as case, server() as running:
        clients = [_Client(running.address) for _ in range(4)]
        for client in clients:
            client.begun()
        running.tell()
        got = sum(client.answered() for client in clients)
        running.stop()
        cut = words if running.exit_code == -signal.SIGTERM else threads
        case.expect_that(got == 4, "four whole answers", f"{got} whole answers", cut)
    with t.case("it ends by itself", CRASHED) as case:
        late = "Three seconds later it was still there, and had to be killed: SIGTERM means *stop*, soon."
        case.expect_that(running.exit_code != -signal.SIGKILL, "an end", "none in 3 seconds", late)
        case.expect_that(
            running.exit_code == 0, "exit code 0", str(running.exit_code), "Return, when all is done."
        )
    told = _Server(lambda listener: serve(_Told(listener), slow_answer), grace=3.0)
    with t.case("SIGTERM while twelve wait in the queue", CRASHED) as case, told as running:
        _Client(running.address).answered()  # it serves now, and has its handler
        running.hold()  # so that nobody is accepted yet
        clients = [_Client(running.address) for _ in range(12)]
        running.told = True
        running.go_on()
        got = sum(client.answered() for client in clients)
        wrong = [(11, RAISED)]
        advice = (
            "They were connected before you were told to stop, and wait in the kernel's queue: accept until "
            "nobody waits any more, then leave."
        )
        case.expect(got, 12, wrong, advice=advice)
