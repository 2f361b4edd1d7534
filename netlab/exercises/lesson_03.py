"""The exercises of lesson 03, TCP sockets."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any

from netlab.exercises import peers
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

LETTERS = {
    "a": "accept",
    "b": "bind",
    "c": "close",
    "d": "listen",
    "e": "recv",
    "f": "sendall",
    "g": "socket",
}


def _before(first: str, second: str) -> Callable[[Any], bool]:
    """Recognize an order in which one call wrongly stands before another."""
    return lambda came: isinstance(came, str) and -1 < came.find(first) < came.find(second)


@exercise(
    "03-order",
    title="The calls of a server, in order",
    objective="03-o1",
    hints=(
        "Think of a shop: first there is a building, then an address, then the door is opened, then somebody comes in.",
        "The server does not speak first: it receives the question before it sends the answer.",
        "socket, bind, listen, accept, then receive, send, close.",
    ),
    passed="A server asks the kernel for a socket, an address and a queue before it lets anybody in.",
)
def order(t: Trial, order: str) -> None:
    """A Parsons problem: letters for calls, put in order."""
    with t.case("the order of the calls") as case:
        letters = "".join(each for each in str(order).lower() if each.isalpha())
        missing = [name for letter, name in LETTERS.items() if letter not in letters]
        case.expect_that(
            not missing, "each of the seven letters once", order, f"Missing: {', '.join(missing)}."
        )
        case.expect(
            letters,
            "gbdaefc",
            [
                (_before("b", "g"), "There is no socket yet that could be bound: socket() comes first."),
                (
                    _before("d", "b"),
                    "Bind first: the kernel has to know the port before it can listen there.",
                ),
                (_before("a", "d"), "accept() takes a client from the queue that listen() makes."),
                (_before("f", "e"), "Here the client speaks first: the server receives before it sends."),
                (_before("c", "f"), "After close() nothing can be sent any more."),
            ],
            advice="Follow a visitor through the shop: which call has to come before which?",
        )


CRLF = (
    lambda came: isinstance(came, bytes) and came.endswith(b"\r"),
    "Some clients end their lines with `\\r\\n`: take the `\\r` away too.",
)


@exercise(
    "03-framing",
    title="Read a line",
    objective="03-o2",
    points=3,
    hints=(
        "Keep what came too early: a line may end in the middle of what `recv` gave. That is what `self.buffer` is for.",
        'Loop while there is no newline in the buffer: receive, add to the buffer. `b""` from `recv` means that the peer is done.',
        'With a newline in the buffer: `line, _, self.buffer = self.buffer.partition(b"\\n")`, then return `line.removesuffix(b"\\r")`.',
        "At the end of the stream return None if the buffer is empty, else raise EOFError.",
    ),
    passed="Your reader finds lines in a stream, however the network cuts it.",
)
def framing(t: Trial, line_reader: type) -> None:
    """A reader that finds lines in a stream that was cut anywhere."""
    with t.case("a line in one piece") as case, peers.sending(b"AAPL?\n") as sock:
        case.expect(
            line_reader(sock).read_line(),
            b"AAPL?",
            [
                (b"AAPL?\n", "The newline ends the line; it is not part of it."),
                (lambda v: isinstance(v, str), "Return bytes: what they mean is for the caller to decide."),
            ],
        )
    early = "No newline may be there yet. Receive in a loop until there is one, and only then split."
    with (
        t.case("one byte at a time", {ValueError: early}) as case,
        peers.sending(*peers.one_byte_at_a_time(b"AAPL?\n")) as sock,
    ):
        first = "That is what the first `recv` gave. One `recv` is not one message: go on until the newline has come."
        case.expect(line_reader(sock).read_line(), b"AAPL?", [(lambda v: v in (b"A", b""), first)])
    lost = "The second line came together with the first. Keep it in `self.buffer`, and look there before you receive."
    with (
        t.case("two lines in one read", {TimeoutError: lost}) as case,
        peers.sending(b"AAPL?\nIBM?\n") as sock,
    ):
        reader = line_reader(sock)
        both = (
            "You returned both lines at once: return what stands before the first newline, and keep the rest."
        )
        case.expect(reader.read_line(), b"AAPL?", [(lambda v: isinstance(v, bytes) and b"IBM" in v, both)])
        case.expect(reader.read_line(), b"IBM?", [(None, lost), (b"", lost)])
    with t.case("a line that ends in `\\r\\n`") as case, peers.sending(b"AAPL?\r\n") as sock:
        case.expect(line_reader(sock).read_line(), b"AAPL?", [CRLF])
    with t.case("a Chinese line cut in the middle of a character") as case:
        line = "苹果?\n".encode()
        with peers.sending(line[:2], line[2:]) as sock:
            case.expect(line_reader(sock).read_line(), line[:-1])
    with t.case("an empty line") as case, peers.sending(b"\nAAPL?\n") as sock:
        case.expect(
            line_reader(sock).read_line(),
            b"",
            [(None, "An empty line is a line. Only the end of the stream is None.")],
        )
    endless = (
        "Once the peer has closed, `recv` returns `b''` at once, each time. Leave the loop when it does."
    )
    with (
        t.case("the peer closes after a line", hangs=endless) as case,
        peers.sending(b"bye\n", then="close") as sock,
    ):
        reader = line_reader(sock)
        reader.read_line()
        case.expect(
            reader.read_line(), None, [(b"", "At the end of the stream return None: b'' is an empty line.")]
        )
    with (
        t.case("the peer closes in the middle of a line") as case,
        peers.sending(b"AAP", then="close") as sock,
    ):
        reader = line_reader(sock)
        advice = "Half a line is no line: raise EOFError, so that nobody takes it for a whole one."
        case.expect_error(EOFError, reader.read_line, advice)


@exercise(
    "03-length",
    title="Messages with a length in front",
    objective="03-o2",
    points=3,
    hints=(
        "Four bytes say how many follow. You need those four first, all of them, then exactly that many.",
        "Write the loop once, in `receive_exactly`: ask for what is still missing, `sock.recv(count - len(data))`.",
        'An empty piece means that the peer has closed: raise EOFError. `struct.unpack("!I", head)` gives a tuple of one number.',
    ),
    passed="Your messages may hold any bytes, newlines included, and arrive as they were sent.",
)
def length(t: Trial, receive_exactly: Callable[..., bytes], receive_message: Callable[..., bytes]) -> None:
    """Length-prefixed messages; the sending half is given."""

    def framed(data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + data

    one_recv = "`recv(n)` gives at most n bytes, often fewer. Go on until all of them have come."
    with t.case("exactly five bytes that come one at a time") as case:
        with peers.sending(*peers.one_byte_at_a_time(b"AAPL?IBM?")) as sock:
            case.expect(receive_exactly(sock, 5), b"AAPL?", [(b"A", one_recv)])
    with t.case("a piece that comes short, with the next message right behind") as case:
        with peers.sending(b"AA", b"PL?IBM?") as sock:
            over = "You took bytes of the next message as well: ask only for what is still missing."
            came = receive_exactly(sock, 5)
            case.expect(
                came, b"AAPL?", [(b"AA", one_recv), (lambda v: isinstance(v, bytes) and len(v) > 5, over)]
            )
    with t.case("a message with a newline in it") as case, peers.sending(framed(b"AAPL\n430.47")) as sock:
        case.expect(receive_message(sock), b"AAPL\n430.47")
    more = "You took more than the length says: the next message was in the same read."
    two = framed(b"AAPL?") + framed(b"IBM?")
    with t.case("two messages in one read", {TimeoutError: more}) as case, peers.sending(two) as sock:
        case.expect(receive_message(sock), b"AAPL?", [(lambda v: isinstance(v, bytes) and len(v) > 5, more)])
        case.expect(receive_message(sock), b"IBM?", advice=more)
    with t.case("an empty message") as case, peers.sending(framed(b"") + framed(b"x")) as sock:
        case.expect(
            receive_message(sock),
            b"",
            [(b"x", "The length 0 is a length: return b'' and read nothing more.")],
        )
    pieces = [framed(bytes(100_000))[i : i + 20_000] for i in range(0, 100_004, 20_000)]
    with t.case("a message of 100,000 bytes", {EOFError: one_recv}) as case, peers.sending(*pieces) as sock:
        case.expect(len(receive_message(sock)), 100_000, advice=one_recv)
    endless = (
        "Once the peer has closed, `recv` returns `b''` at once, each time: raise EOFError when it does."
    )
    with t.case("the peer closes in the middle of a message", hangs=endless) as case:
        with peers.sending(framed(b"AAPL?")[:6], then="close") as sock:
            advice = "Less than the length says has come, and no more will: raise EOFError."
            case.expect_error(EOFError, lambda: receive_message(sock), advice)


CAUSES = {
    "refused": ("b", "Nobody listened at that port, so the kernel of the other machine answered with RST."),
    "reset": ("d", "There was a connection, and the other side broke it off."),
    "timed out": ("a", "The connection stands, but nothing came within the time that was given."),
    "in use": ("c", "Another socket has the port, or an old connection still is in TIME-WAIT there."),
}


@exercise(
    "03-diagnose",
    title="Four symptoms, four causes",
    objective="03-o5",
    points=2,
    hints=(
        "Find each of the four in the cells above, and see which line raised it.",
        "Refused and reset are both an RST. The question is whether there was a connection before.",
        "In use is the only one that a server meets when it starts.",
    ),
    passed="You can tell from the exception which side to look at.",
)
def diagnose(t: Trial, diagnosis: Mapping[str, str]) -> None:
    """Symptoms matched with causes."""
    for symptom, (letter, _) in CAUSES.items():
        with t.case(f"`{symptom}`") as case:
            came = str(diagnosis.get(symptom, "")).strip().lower()
            others = [
                (other, f"{says} That is `{name}`.")
                for name, (other, says) in CAUSES.items()
                if name != symptom
            ]
            case.expect(came, letter, others, advice="Answer with one of a, b, c, d.")


from netlab.exercises import lesson_03_conversations, lesson_03_quizzes  # noqa: E402,F401
