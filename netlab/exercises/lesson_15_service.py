"""The exercises of lesson 15 on ending and repeating well: a server that drains, a job that never runs twice at once."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
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


class _Client:
    """A visitor who has asked, and reads."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._sock = socket.create_connection(address, timeout=5)
        self._sock.sendall(b"GET / HTTP/1.1\r\nHost: ticker.example\r\n\r\n")
        self.received = b""

    def begun(self) -> None:
        """Wait for the first piece."""
        self.received += self._sock.recv(len(BEGUN))

    def answered(self) -> bool:
        """Read all; whether it is a whole answer."""
        try:
            with self._sock:
                while piece := self._sock.recv(4096):
                    self.received += piece
        except OSError:
            return False
        return self.received == BEGUN + DONE


CRASHED: dict[type[BaseException], str] = {
    ServerCrashedError: "Your function raised an exception; the last line of what came says which."
}


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

    def server() -> ServerProcess:
        return ServerProcess(lambda listener: serve(listener, slow_answer), grace=3.0)

    with (
        t.case("two visitors at once", CRASHED, hangs="A visitor got no answer, and no end.") as case,
        server() as running,
    ):
        clients = [_Client(running.address) for _ in range(2)]
        for client in clients:
            client.begun()  # the second one begins before the first one is done, or this waits for it
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
        os.kill(running._process.pid, signal.SIGTERM)
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
    with t.case("SIGTERM while twelve wait in the queue", CRASHED) as case, server() as running:
        _Client(running.address).answered()  # it serves now, and has its handler
        process = psutil.Process(running._process.pid)
        process.suspend()  # so that nobody is accepted yet
        clients = [_Client(running.address) for _ in range(12)]
        process.send_signal(signal.SIGTERM)
        process.resume()
        got = sum(client.answered() for client in clients)
        advice = (
            "They were connected before you were told to stop, and wait in the kernel's queue: accept until "
            "nobody waits any more, then leave."
        )
        case.expect_that(got == 12, "twelve whole answers", f"{got} whole answers", advice)


DAY = "2013-03-01"
QUOTES = [("AAPL", 430.47), ("IBM", 202.91), ("MSFT", 27.95)]
Quotes = Iterable[tuple[str, float]]
Fetch = Callable[[str], Quotes]


def stored(folder: Path) -> list[tuple[str, float]]:
    """What is in the database of the job; nothing if there is none."""
    path = folder / "quotes.sqlite3"
    if not path.exists():
        return []
    connection = sqlite3.connect(path)
    try:
        query = "SELECT ticker, close FROM quotes WHERE day = ? ORDER BY ticker, close"
        return [tuple(row) for row in connection.execute(query, (DAY,))]
    except sqlite3.OperationalError:  # no table
        return []
    finally:
        connection.close()


def half(_day: str) -> Quotes:
    """Quotes of which only the first comes."""
    yield QUOTES[0]
    raise ConnectionError("the source has gone")


@exercise(
    "15-job",
    title="A job that may be run again",
    objective="15-o5",
    points=4,
    limit=15.0,
    hints=(
        'Open a file `folder / "daily.lock"` in a `with` block, and ask the kernel for the lock: `fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)`. Who comes second gets BlockingIOError: return None.',
        "The kernel takes the lock back when the file is closed, also when the process dies: no lock is left that nobody owns.",
        "Fetch everything first, into a list; only then open the database. `with database:` is one transaction: all rows, or none.",
        "`INSERT OR REPLACE INTO quotes VALUES (?, ?, ?)`: a row with the same key is replaced. `executemany` takes a list of rows.",
    ),
    passed="Run it twice, at the same time, after a crash, with corrected prices: the table is right. That is what idempotent is worth.",
)
def job(t: Trial, run_daily: Callable[[Path, str, Fetch], Any]) -> None:
    """A daily import: again, corrected, broken off, twice at once, killed."""
    with tempfile.TemporaryDirectory(prefix="netlab-15-") as name:
        folder = Path(name)
        with t.case("the first run") as case:
            case.expect(
                run_daily(folder, DAY, lambda _: QUOTES), 3, advice="Return how many quotes were stored."
            )
            words = "Nothing is in the table: a transaction that is not committed is gone. `with database:` commits."
            case.expect(stored(folder), QUOTES, [([], words)])
        again = "It was there already: `INSERT OR REPLACE` replaces the row with the same key."
        with t.case("the same day again", {sqlite3.IntegrityError: again}) as case:
            run_daily(folder, DAY, lambda _: QUOTES)
            case.expect(stored(folder), QUOTES, advice="The same day again leaves the same rows.")
        corrected = [("AAPL", 430.5), *QUOTES[1:]]
        with t.case("a price that was corrected", {sqlite3.IntegrityError: again}) as case:
            run_daily(folder, DAY, lambda _: corrected)
            words = "The old price is still there: `OR IGNORE` keeps what is there; here the new one counts."
            case.expect(stored(folder), corrected, [(QUOTES, words)])
        _broken_off(t, run_daily)
        _twice_at_once(t, run_daily)
        _killed(t, run_daily)


def _broken_off(t: Trial, run_daily: Callable[[Path, str, Fetch], Any]) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="netlab-15-") as name,
        t.case("the source goes in the middle") as case,
    ):
        folder = Path(name)
        words = "Whoever runs the job must learn that it failed: let the exception go."
        case.expect_error(ConnectionError, lambda: run_daily(folder, DAY, half), words)
        words = "One quote of three is stored: fetch them all first, then store them in one transaction."
        case.expect(stored(folder), [], advice=words)
        words = "After the failure nobody can run it again: give the lock back, whatever happens."
        case.expect(run_daily(folder, DAY, lambda _: QUOTES), 3, [(None, words)])


def _twice_at_once(t: Trial, run_daily: Callable[[Path, str, Fetch], Any]) -> None:
    began, go = threading.Event(), threading.Event()
    fetched: list[str] = []

    def waiting(_day: str) -> Quotes:
        began.set()
        go.wait(5)
        return QUOTES

    def noted(day: str) -> Quotes:
        fetched.append(day)
        return QUOTES

    with tempfile.TemporaryDirectory(prefix="netlab-15-") as name, t.case("twice at once") as case:
        folder = Path(name)
        first = threading.Thread(target=run_daily, args=(folder, DAY, waiting), daemon=True)
        first.start()
        began.wait(2)
        words = "One was at it already. The second one returns None, and fetches nothing."
        case.errors = {
            BlockingIOError: "The lock was taken, and that is no failure: return None.",
            sqlite3.OperationalError: words,
        }
        try:
            came = run_daily(folder, DAY, noted)
        finally:
            go.set()
            first.join(2)
        case.expect(came, None, advice=words)
        case.expect_that(not fetched, "one fetch", "two", words)
        case.expect(stored(folder), QUOTES, advice="The first one had its rows to store.")


def _killed(t: Trial, run_daily: Callable[[Path, str, Fetch], Any]) -> None:
    with tempfile.TemporaryDirectory(prefix="netlab-15-") as name, t.case("killed in the middle") as case:
        folder = Path(name)
        child = os.fork()
        if child == 0:
            run_daily(folder, DAY, lambda _: os._exit(1))
            os._exit(0)
        os.waitpid(child, 0)
        words = (
            "The run before was killed, and its lock is still there: it outlives its owner. The kernel takes "
            "`flock` back when a process dies."
        )
        case.errors = {FileExistsError: words}
        case.expect(run_daily(folder, DAY, lambda _: QUOTES), 3, [(None, words)])
