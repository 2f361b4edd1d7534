"""The exercises of lesson 05, UDP sockets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from netlab.exercises import peers
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

Address = tuple[str, int]

ASK_STARTER = '''
def ask(address, ticker):
    """Ask the UDP quote server at address for a share; return its answer as bytes."""
    with socket.create_connection(address, timeout=2) as sock:
        sock.sendall(f"{ticker}?\\n".encode())
        return sock.recv(1024)
'''


@exercise(
    "05-ask",
    title="Ask over UDP",
    objective="05-o1",
    starter=ASK_STARTER,
    hints=(
        "`create_connection` is TCP. Make the socket yourself: `socket.socket(socket.AF_INET, socket.SOCK_DGRAM)`.",
        "Set a timeout, then `sendto(question, address)`. The datagram is the message: no newline is needed.",
        "`answer, sender = sock.recvfrom(1024)`, or just `sock.recv(1024)`; return the answer.",
    ),
    passed="One datagram asked and one answered, with no connection at all.",
)
def ask(t: Trial, ask: Callable[[Address, str], bytes]) -> None:
    """A question over UDP, noted by the server that was asked."""
    from netlab.servers import UDPQuoteServer

    tcp = "A TCP connection was tried, and nobody listens there: the server speaks UDP. Use SOCK_DGRAM and `sendto`."
    silent = 'No answer came in time. The question for AAPL is the datagram `b"AAPL?"`.'
    for ticker, price in (("AAPL", b"AAPL 430.47"), ("IBM", b"IBM 202.91")):
        with t.case(
            f"`ask(address, {ticker!r})`", {ConnectionRefusedError: tcp, TimeoutError: silent}
        ) as case:
            with UDPQuoteServer() as server:
                case.expect(
                    ask(server.address, ticker),
                    price,
                    [
                        (
                            b"AAPL 430.47",
                            f"That is the price of AAPL, but {ticker} was asked for: use `ticker`.",
                        ),
                        (
                            lambda v: isinstance(v, bytes) and v.startswith(b"ERR"),
                            "The server did not understand: it wants the share and a question mark.",
                        ),
                        (
                            lambda v: isinstance(v, tuple),
                            "`recvfrom` returns two things: return only the first, the bytes.",
                        ),
                        (lambda v: isinstance(v, str), "That is text. Return the bytes as they came."),
                    ],
                )


Tape = tuple[list[int], list[int], list[int]]  # missing, doubled, late

TAPES: tuple[tuple[str, list[int], Tape], ...] = (
    ("nothing went wrong", [4, 5, 6], ([], [], [])),
    ("3 was lost", [1, 2, 4, 5], ([3], [], [])),
    ("2 came twice", [1, 2, 2, 3], ([], [2], [])),
    ("3 was overtaken by 4", [1, 2, 4, 3, 5], ([], [], [3])),
    ("one came three times", [7, 7, 7], ([], [7], [])),
    ("late, and then a second time", [3, 1, 1], ([2], [1], [1])),
    ("a second copy comes late", [1, 2, 3, 1], ([], [1], [])),
    ("all at once", [10, 12, 12, 11, 15, 13], ([14], [12], [11, 13])),
    ("the tape does not begin at 0", [100, 102], ([101], [], [])),
    ("nothing came at all", [], ([], [], [])),
)


def _about_tape(came: Any, numbers: list[int], expected: Tape) -> str:
    """The misconception behind a wrong answer."""
    if not (
        isinstance(came, tuple) and len(came) == 3 and all(isinstance(each, (list, set)) for each in came)
    ):
        return "Return three lists in this order: missing, doubled, late."
    missing, doubled, late = came
    if set(late) & set(expected[1]) - set(expected[2]):
        return "A second copy is doubled, not late, however late it comes."
    if len(set(doubled)) < len(doubled):
        return "Name each number once, also when it came three times."
    if set(missing) & set(numbers):
        return "A number that came late is not missing: it came after all."
    if numbers and any(number < min(numbers) for number in missing):
        return "Count from the smallest number that came: what was sent before you listened is not missing."
    if expected[2] and not late:
        return "A number is late when a larger one came before it."
    return "Three lists in this order: missing, doubled, late. Each sorted, each number once."


@exercise(
    "05-tape",
    title="What happened to the tape",
    objective="05-o2",
    points=3,
    hints=(
        "Go through the numbers once and remember two things: which were seen, and the largest so far.",
        "Seen before: doubled. Not seen, and smaller than the largest so far: late.",
        "Missing are those in `range(min(numbers), max(numbers) + 1)` that were never seen. Think of an empty list.",
    ),
    passed="Your function tells lost, doubled and late datagrams apart.",
)
def tape(t: Trial, inspect_tape: Callable[[Sequence[int]], Any]) -> None:
    """Sequence numbers as they arrived; what was lost, doubled, late."""
    empty = "An empty tape has no smallest and no largest number: return three empty lists."
    for name, numbers, expected in TAPES:
        with t.case(f"{name}: `{numbers}`", {ValueError: empty}) as case:
            came = inspect_tape(list(numbers))
            case.expect(came, expected, advice=_about_tape(came, numbers, expected))


@exercise(
    "05-pack",
    title="Fill datagrams",
    objective="05-o3",
    points=2,
    hints=(
        "The first blank is a number: how large may a datagram be? The second: what does the next datagram begin with?",
        "After a datagram is full, a new one begins, empty: `current = []`. The line is appended below.",
        "At the end the last datagram is still in `current`: add it, unless it is empty.",
    ),
    passed="Every line arrives whole, in order, in datagrams that the network need not cut.",
)
def pack(t: Trial, pack: Callable[..., list[bytes]]) -> None:
    """Lines joined into datagrams of a limited size."""
    quotes = [b"AAPL %d" % number for number in range(100, 200)]
    with t.case("100 lines, at most 100 bytes each datagram") as case:
        came = pack(list(quotes), 100)
        case.expect_that(
            isinstance(came, list) and all(isinstance(each, bytes) for each in came),
            "a list of bytes",
            f"{came!r:.60}",
            "Return the list of datagrams.",
        )
        large = max(map(len, came), default=0)
        case.expect_that(
            large <= 100,
            "no datagram over 100 bytes",
            f"one of {large} bytes",
            "The joining newlines count as well: measure the datagram as it would be sent.",
        )
        lines = b"\n".join(came).split(b"\n")
        last = "The last lines are missing: what is still in `current` when the loop ends has to be sent too."
        case.expect_that(lines[-1:] == quotes[-1:], "the last line arrives", "it does not", last)
        case.expect_that(
            lines == quotes,
            "all lines in order",
            "other lines",
            "Each line once, in order: a full datagram is followed by an empty `current`.",
        )
        case.expect_that(
            len(came) == 10,
            "10 datagrams, as few as possible",
            f"{len(came)} datagrams",
            "Begin a new datagram only when the line no longer fits.",
        )
    with t.case("a line that just fits") as case:
        case.expect(
            pack([b"x" * 10, b"y" * 9], 20),
            [b"x" * 10 + b"\n" + b"y" * 9],
            advice="20 bytes in a datagram of at most 20 fit.",
        )
    with t.case("no lines at all") as case:
        case.expect(
            pack([], 100), [], [([b""], "No lines, no datagrams: an empty datagram would be a message too.")]
        )
    with t.case("without a limit of its own it is 1,200") as case:
        case.expect_that(
            all(len(each) <= 1200 for each in pack(quotes * 3)),
            "at most 1,200 bytes",
            "more",
            "Use the argument `limit`.",
        )


DESK_STARTER = '''
class Desk:
    """Carries out each numbered order once, however often it arrives."""

    def __init__(self):
        self.sold = 0
        self.answers = {}

    def handle(self, sender, datagram):
        """Return the answer to one datagram such as b"7 SELL AAPL 100" from sender, an address."""
        number, _, ticker, shares = datagram.split()
        if number in self.answers:
            return self.answers[number]
        self.sold += int(shares)
        self.answers[number] = number + b" OK"
        return number + b" OK"
'''


@exercise(
    "05-desk",
    title="Find the bug: an order that is not carried out",
    objective="05-o4",
    points=2,
    starter=DESK_STARTER,
    hints=(
        "Two clients number their orders by themselves. Which numbers will both of them use?",
        "What names a request? Its number alone does not: it is the client's own number.",
        "Use the pair as the key: `(sender, number)`.",
    ),
    passed="Each order is carried out once, and nobody's order is taken for somebody else's.",
)
def desk(t: Trial, desk: type) -> None:
    """Repeated orders, and two clients who both begin to count at 1."""
    one, two = ("127.0.0.1", 50001), ("127.0.0.1", 50002)
    with t.case("an order") as case:
        trading = desk()
        case.expect(trading.handle(one, b"1 SELL AAPL 100"), b"1 OK")
        case.expect(trading.sold, 100)
    with t.case("the same order again, since the answer was lost") as case:
        trading = desk()
        answers = [trading.handle(one, b"1 SELL AAPL 100") for _ in range(3)]
        case.expect(
            trading.sold,
            100,
            [(300, "The order was carried out each time it came. Remember which were served.")],
        )
        case.expect(
            answers,
            [b"1 OK"] * 3,
            advice="A repeated request gets its answer again: the first one may have been lost.",
        )
    with t.case("two clients who both begin to count at 1") as case:
        trading = desk()
        trading.handle(one, b"1 SELL AAPL 100")
        trading.handle(two, b"1 SELL AAPL 50")
        same = "The second client's order 1 was taken for the first client's. A number names a request only together with its sender."
        case.expect(trading.sold, 150, [(100, same), (50, same)])
    with t.case("two clients with the very same order") as case:
        trading = desk()
        for sender in (one, two):
            trading.handle(sender, b"1 SELL AAPL 100")
        case.expect(
            trading.sold,
            200,
            [(100, "Two clients may send the same bytes. Who sent them belongs to the key as well.")],
        )
    with t.case("a second order of the same client") as case:
        trading = desk()
        trading.handle(one, b"1 SELL AAPL 100")
        trading.handle(one, b"2 SELL AAPL 100")
        case.expect(
            trading.sold,
            200,
            [(100, "Two orders of one client are two orders: the number belongs to the key as well.")],
        )


SERVICES = {
    "live prices, a new one every 100 ms": (
        "UDP",
        "A repeated price comes too late: the next one is already there.",
    ),
    "the order to buy 100 shares": ("TCP", "An order must not be lost, and must not be carried out twice."),
    "the price history of ten years, as a file": (
        "TCP",
        "A file with holes in it is worth nothing, and a little waiting does no harm.",
    ),
    "a voice call with a broker": (
        "UDP",
        "A voice that stutters is worse than one with a crackle: do not wait for what was lost.",
    ),
    "one price, asked once, answered in one datagram": (
        "UDP",
        "One question, one answer: a handshake would cost more than asking again.",
    ),
}


@exercise(
    "05-choose",
    title="UDP or TCP",
    objective="05-o5",
    hints=(
        "Ask of each: what does a lost part cost, and what does waiting for it cost?",
        "What must be complete goes over TCP; what is soon out of date goes over UDP.",
        "Two of the five must be complete: the order and the file.",
    ),
    passed="You choose by what a lost or a late part would cost.",
)
def choose(t: Trial, choice: Mapping[str, str]) -> None:
    """Services matched with the protocol that suits them."""
    for service, (protocol, why) in SERVICES.items():
        with t.case(service) as case:
            case.expect(str(choice.get(service, "")).strip().upper(), protocol, advice=why)


@exercise(
    "05-retry",
    title="Ask until the right answer comes",
    objective="05-o4",
    points=4,
    limit=10.0,
    hints=(
        "Two loops: the outer one asks up to five times, the inner one receives until its answer comes or time is up.",
        "Number every question anew, also a repeated one, and compare the number in the answer with it.",
        "An answer has three parts: `number, ticker, price = answer.split()`. Other datagrams may have other forms: check `len(parts) == 3` first.",
        "The timeout ends the inner loop: `except TimeoutError: continue`. After the outer loop: `raise TimeoutError(...)`.",
    ),
    passed="Lost, doubled, late and strange datagrams do not disturb your client.",
)
def retry(t: Trial, reliable_ask: Callable[..., float]) -> None:
    """A client against a network that loses, doubles and delays."""
    from netlab.servers import UDPQuoteServer

    asked: list[bytes] = []

    def number_of(question: bytes) -> bytes:
        match = re.fullmatch(rb"(\d+) AAPL\?\n?", question)
        return match[1] if match else b""

    def good(question: bytes) -> list[bytes]:
        asked.append(question)
        return [number_of(question) + b" AAPL 430.47"]

    def losing_two(question: bytes) -> list[bytes]:
        return good(question) if len(asked) >= 2 else asked.append(question) or []  # type: ignore[func-returns-value]

    def late(question: bytes) -> list[bytes]:
        """The answer to the question before, twice, as if it had taken long; an old price."""
        asked.append(question)
        before = number_of(asked[-2]) if len(asked) > 1 else b"%d" % (int(number_of(question) or 0) + 1000)
        return [
            *2 * [before + b" AAPL 1.00"],
            *([number_of(question) + b" AAPL 430.47"] if len(asked) > 1 else []),
        ]

    def forged(question: bytes) -> list[bytes]:
        return [number_of(question) + b" AAPL 1.00"]

    def strange(question: bytes) -> list[bytes]:
        return [b"", b"what?", b"x y z", *good(question)]

    parts = "A datagram that is no answer must not stop you: look at its parts before you use them."
    form = "The question has the form `17 AAPL?`: a number of your choice, a space, the share and a question mark."
    went_on = "The answer was behind datagrams that are to be ignored, an empty one among them. After such a datagram call `recv` again; ask anew only on a timeout."
    gave_up = "One lost datagram and your function gave up: on a timeout, ask again, up to five times."
    with t.case("a network that is kind", {TimeoutError: form}) as case, peers.udp_peer(good) as address:
        price = reliable_ask(address, "AAPL")
        case.expect_that(
            bool(asked and number_of(asked[0])), "a question such as `17 AAPL?`", f"{asked[:1]}", form
        )
        case.expect(
            price,
            430.47,
            [(lambda v: isinstance(v, bytes), "Return the price as a float, not the whole answer.")],
        )
    asked.clear()
    with (
        t.case("the first two questions are lost", {TimeoutError: gave_up}) as case,
        peers.udp_peer(losing_two) as address,
    ):
        case.expect(reliable_ask(address, "AAPL"), 430.47)
    asked.clear()
    with (
        t.case("late answers to the question before", {TimeoutError: went_on}) as case,
        peers.udp_peer(late) as address,
    ):
        old = "That is the answer to an earlier question. Give every question its own number, a repeated one too, and take only the answer with that number."
        case.expect(reliable_ask(address, "AAPL"), 430.47, [(1.0, old)])
    asked.clear()
    with t.case(
        "datagrams that are no answers",
        {ValueError: parts, IndexError: parts, TimeoutError: went_on},
    ) as case:
        with peers.udp_peer(strange) as address:
            case.expect(reliable_ask(address, "AAPL"), 430.47)
    with t.case("a stranger who has guessed the number") as case, peers.udp_peer(good, forged) as address:
        heard = "A stranger's datagram was taken for the answer: `connect` the socket, or look who sent it."
        case.expect(reliable_ask(address, "AAPL"), 430.47, [(1.0, heard)])
    with t.case("another share, from the lesson's own server") as case, UDPQuoteServer() as server:
        fixed = "That is the price of AAPL, but IBM was asked for: use `ticker`."
        case.expect(reliable_ask(server.address, "IBM"), 202.91, [(430.47, fixed)])
    asked.clear()

    def silence(question: bytes) -> list[bytes]:
        asked.append(question)
        return []

    with t.case("nobody answers") as case, peers.udp_peer(silence) as address:
        case.expect_error(
            TimeoutError,
            lambda: reliable_ask(address, "AAPL"),
            "After five questions without an answer raise TimeoutError.",
        )
        case.expect(len(asked), 5, [(1, gave_up)], advice="Ask five times in all.")


from netlab.exercises import lesson_05_quizzes  # noqa: E402,F401
