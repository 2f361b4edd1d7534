"""The exercises of lesson 05 on what is sent: datagrams that fit, and a desk that answers many."""

from __future__ import annotations

from collections.abc import Callable

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial


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
            large <= 200,
            "no datagram over 100 bytes",
            f"one of {large} bytes",
            "The limit is an argument, `limit`.",
        )
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
            [
                ([], "Both lines are still in `current` when the loop ends: that is a datagram too."),
                (
                    [b"x" * 10, b"y" * 9],
                    "`current` is a list of lines. Join them: together they are one datagram.",
                ),
            ],
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
