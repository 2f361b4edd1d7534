"""Many clients at once, from one thread: how long each waits for its answers, and how many come in a second."""

from __future__ import annotations

import contextlib
import math
import selectors
import socket
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netlab.errors import OptionError

Address = tuple[str, int]
SPARE = 200  # files that the rest of the program may have open


@dataclass(frozen=True)
class Load:
    """How a server did with some clients at once.

    Attributes:
        clients: how many there were.
        questions: how many each wanted to ask.
        seconds: from the first connection until the last answer, or the last failure.
        waits: the seconds that each answer took, the quickest first; a client's first one includes connecting.
        reasons: why clients gave up, and how many did.
    """

    clients: int
    questions: int
    seconds: float
    waits: tuple[float, ...]
    reasons: Mapping[str, int]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits) / self.seconds

    @property
    def median(self) -> float:
        """The seconds that half of the answers took at the most; not a number without answers."""
        return statistics.median(self.waits) if self.waits else math.nan

    @property
    def p99(self) -> float:
        """The seconds that 99 of 100 answers took at the most; not a number without answers."""
        return self.waits[math.ceil(0.99 * len(self.waits)) - 1] if self.waits else math.nan

    @property
    def slowest(self) -> float:
        """The seconds that the slowest answer took; not a number without answers."""
        return self.waits[-1] if self.waits else math.nan

    @property
    def failed(self) -> int:
        """How many clients gave up."""
        return sum(self.reasons.values())

    def __repr__(self) -> str:
        clients = "1 client" if self.clients == 1 else f"{self.clients:,} clients"
        parts = [f"{clients}: {self.rate:,.0f} answers/s"]
        if self.waits:
            times = (self.median, self.p99, self.slowest)
            median, p99, slowest = (f"{seconds * 1000:,.3g} ms" for seconds in times)
            parts.append(f"waits {median} (median), {p99} (p99), {slowest} (slowest)")
        parts += [f"{number:,} failed: {reason}" for reason, number in self.reasons.items()]
        return "; ".join(parts)


def measure(
    address: Address,
    *,
    clients: int,
    questions: int = 1,
    question: bytes = b"AAPL?\n",
    answer: bytes | None = b"AAPL 430.47\n",
    timeout: float = 10.0,
) -> Load:
    """Let many clients connect at once, each asking its questions one after the other.

    Args:
        address: the server's pair (host, port).
        clients: how many connect.
        questions: how many questions each asks; then it closes its connection.
        question: what it asks.
        answer: the line that must come back, None for any line.
        timeout: the seconds after which a client that waits for an answer gives up.

    Raises:
        OptionError: for fewer than one client or question, or more clients than files may be open.
    """
    if clients < 1 or questions < 1:
        raise OptionError("A measurement needs at least one client and one question.")
    allow_files(clients)
    with contextlib.closing(_Crowd(address, questions, question, answer, timeout)) as crowd:
        start = time.perf_counter()
        for _ in range(clients):
            crowd.connect()
        while crowd.waiting:
            crowd.turn()
        seconds = time.perf_counter() - start
    return Load(clients, questions, seconds, tuple(sorted(crowd.waits)), dict(crowd.reasons))


@contextlib.contextmanager
def hold(address: Address, n: int, *, question: bytes | None = None) -> Iterator[list[socket.socket]]:
    """Keep connections open that say nothing more, for the length of a `with` block.

    Args:
        address: the server's pair (host, port).
        n: how many.
        question: what each asks once and is answered first, so that the server surely knows them all;
            None to say nothing at all.

    Raises:
        OptionError: for more connections than files may be open.
    """
    allow_files(n)
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(socket.create_connection(address, timeout=10)) for _ in range(n)]
        if question is not None:
            for sock in socks:
                sock.sendall(question)
            for sock in socks:
                sock.recv(1024)
        yield socks


@contextlib.contextmanager
def slow_client(address: Address, *, sent: bytes = b"AAP") -> Iterator[socket.socket]:
    """Connect, send half a request and stay silent, for the length of a `with` block.

    Args:
        address: the server's pair (host, port).
        sent: the half.
    """
    with socket.create_connection(address, timeout=10) as sock:
        sock.sendall(sent)
        yield sock


def allow_files(count: int) -> None:
    """See to it that this process may have so many more files open than usual; sockets are files here.

    Raises:
        OptionError: when the system does not allow it.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + SPARE
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (ValueError, OSError) as error:
        raise OptionError(
            f"{count:,} connections are more than this system lets a program open (at most {hard:,} files). "
            f"Take fewer, or allow more with `ulimit -n {wanted}` before you start the course."
        ) from error


class _Client:
    def __init__(self, sock: socket.socket, left: int) -> None:
        self.sock = sock
        self.left = left
        self.received = b""


class _Crowd:
    """The clients of one measurement.

    Attributes:
        waiting: those that wait for an answer, and since when; the one that waits longest comes first.
    """

    def __init__(
        self, address: Address, questions: int, question: bytes, answer: bytes | None, timeout: float
    ) -> None:
        self._address = address
        self._questions = questions
        self._question = question
        self._answer = answer
        self._timeout = timeout
        self._selector = selectors.DefaultSelector()
        self.waiting: dict[_Client, float] = {}
        self.waits: list[float] = []
        self.reasons: Counter[str] = Counter()

    def connect(self) -> None:
        """Let one more client begin to connect."""
        sock = socket.socket(socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET)
        sock.setblocking(False)
        client = _Client(sock, self._questions)
        self.waiting[client] = time.perf_counter()
        self._selector.register(sock, selectors.EVENT_WRITE, client)
        sock.connect_ex(self._address)  # its error, if any, is read when the socket is ready

    def turn(self) -> None:
        """Wait until something happens, and let the clients that it concerns act."""
        longest = next(iter(self.waiting.values()))
        ready = self._selector.select(max(0.0, longest + self._timeout - time.perf_counter()))
        for key, events in ready:
            try:
                (self._ask if events & selectors.EVENT_WRITE else self._listen)(key.data)
            except OSError as error:
                self._leave(key.data, type(error).__name__)
        late = time.perf_counter() - self._timeout
        while self.waiting and next(iter(self.waiting.values())) <= late:
            self._leave(next(iter(self.waiting)), f"no answer within {self._timeout:g} s")

    def close(self) -> None:
        """End every connection."""
        for client in list(self.waiting):
            self._leave(client)
        self._selector.close()

    def _ask(self, client: _Client) -> None:
        if error := client.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(error, "")  # Python makes it a ConnectionRefusedError and so on
        client.sock.sendall(self._question)
        self._selector.modify(client.sock, selectors.EVENT_READ, client)

    def _listen(self, client: _Client) -> None:
        data = client.sock.recv(65536)
        client.received += data
        if not data:
            self._leave(client, "the server closed the connection")
        elif b"\n" in data:
            self._answered(client)

    def _answered(self, client: _Client) -> None:
        now = time.perf_counter()
        if self._answer is not None and client.received != self._answer:
            self._leave(client, f"the answer was {client.received[:60]!r}")
            return
        self.waits.append(now - self.waiting.pop(client))
        self.waiting[client] = now  # at the end: it has now waited the least
        client.received = b""
        client.left -= 1
        if client.left:
            client.sock.sendall(self._question)
        else:
            self._leave(client)

    def _leave(self, client: _Client, reason: str = "") -> None:
        del self.waiting[client]
        self._selector.unregister(client.sock)
        client.sock.close()
        if reason:
            self.reasons[reason] += 1
