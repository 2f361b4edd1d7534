"""The exercises of lesson 05, UDP sockets: a client that asks, waits, and counts what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from netlab.exercises import peers
from netlab.exercises.choosing import expect_choice
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
    alone = "A client needs no `bind`, and it has no connection: each datagram says where it goes, `sendto(bytes, address)`."
    first = "`sendto` takes the bytes first, then the address; text has to be encoded."
    silent = 'No answer came in time. The question for AAPL is the datagram `b"AAPL?"`.'
    for ticker, price in (("AAPL", b"AAPL 430.47"), ("IBM", b"IBM 202.91")):
        errors: dict[type[BaseException], str] = {
            ConnectionRefusedError: tcp,
            TimeoutError: silent,
            OSError: alone,
            TypeError: first,
        }
        with t.case(f"`ask(address, {ticker!r})`", errors) as case:
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
            expect_choice(case, choice.get(service), protocol, advice=why)


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


from netlab.exercises import lesson_05_quizzes, lesson_05_server  # noqa: E402,F401
