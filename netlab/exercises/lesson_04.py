"""The exercises of lesson 04, many clients at once: threads, and event loops that must not block."""

from __future__ import annotations

import socket
import threading
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

from netlab.exercises import peers
from netlab.exercises.coroutines import Client, conversing
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong

_SERVE = '''
def serve(listener):
    """Serve every client in a thread of its own. Now it serves one after another: change that."""
    while True:
        client, _ = listener.accept()
        converse(client)
'''
_HANDLE = """
async def handle(reader, writer, look_up):
    while line := await reader.readline():
        writer.write(look_up(line))
    writer.close()
"""
STALLED = 0.3  # seconds without a further answer after which a server is taken to wait


@exercise(
    "04-threads",
    title="A thread for each client",
    objective="04-o2",
    points=2,
    hints=(
        "The main thread should do nothing but accept. What takes long has to happen in another thread.",
        "`threading.Thread(target=converse, args=(client,))` makes a thread; `.start()` sets it going.",
        "Mind the difference: `target=converse` names the function, `target=converse(client)` calls it at once, here.",
        "No `join` in the loop: that would wait for the client again.",
    ),
    passed="A client that says nothing holds up nobody but itself.",
    starter=_SERVE,
)
def threads(t: Trial, serve: Callable[[socket.socket], object]) -> None:
    """A server that gives each client a thread; `converse` is in the notebook."""
    dumb = (
        "No answer came. Hand the function and its argument over apart, `target=converse, args=(client,)`, with the "
        "comma, and `start()` the thread."
    )
    with (
        t.case("one client", {TimeoutError: dumb}) as case,
        peers.served_by(serve) as address,
        Client(address) as client,
    ):
        ask(case, client)
    held = (
        "While one client is silent, nobody else is served: the main thread sits in its conversation. "
        "Start a thread for the conversation and go back to `accept` at once."
    )
    with (
        t.case("another client beside a silent one", {TimeoutError: held}) as case,
        peers.served_by(serve) as address,
        Client(address),
        Client(address) as client,
    ):
        ask(case, client)
    few = (
        "After some clients who stay, the next one is not served. Each of them needs a thread of its own: "
        "no pool, and no conversation in the thread that accepts."
    )
    with (
        t.case("thirty clients at once, each staying", {TimeoutError: few}) as case,
        peers.served_by(serve) as address,
        ExitStack() as stack,
    ):
        for _ in range(30):
            ask(case, stack.enter_context(Client(address)))
    gone = "A client that crashes must end its own thread only."
    with (
        t.case("a client resets its connection", {TimeoutError: gone}) as case,
        peers.served_by(serve) as address,
    ):
        with Client(address, "AAPL?") as rude:
            peers.reset(rude.sock)
        with Client(address) as client:
            ask(case, client)


def ask(case: Case, client: Client) -> None:
    """Ask for a price, which must come."""
    client.say("AAPL?")
    case.expect(client.hear(), "AAPL 430.47", [("", "The connection was closed before the answer came.")])


STEPS = {
    "a": "accept the client",
    "b": "close its socket",
    "c": "create the selector",
    "d": "receive",
    "e": "register the client's socket",
    "f": "register the listening socket",
    "g": "unregister the client's socket",
    "h": "wait in select",
}


def _before(first: str, second: str) -> Callable[[Any], bool]:
    """Recognize an order in which one step wrongly stands before another."""
    return lambda came: isinstance(came, str) and -1 < came.find(first) < came.find(second)


@exercise(
    "04-order",
    title="The steps of an event loop",
    objective="04-o2",
    hints=(
        "Before the loop two things are set up. Only then can anything be waited for.",
        "A client is accepted when the listening socket is ready; from then on its own socket has to be watched too.",
        "create, register the listener, select, accept, register the client, receive, unregister, close.",
    ),
    passed="Wait, accept, watch, receive, and forget what is closed: every event loop is built like that.",
)
def order(t: Trial, order: str) -> None:
    """A Parsons problem: letters for steps, put in order."""
    with t.case("the order of the steps") as case:
        letters = "".join(each for each in str(order).lower() if each.isalpha())
        missing = [f"{letter} ({name})" for letter, name in STEPS.items() if letter not in letters]
        case.expect_that(
            not missing, "each of the eight letters once", order, f"Missing: {', '.join(missing)}."
        )
        wrong: Wrong = [
            (lambda came: len(came) > len(STEPS), "Each letter once: of `h` only the first time counts."),
            (
                _before("f", "c"),
                "There is no selector yet with which anything could be registered: c comes first.",
            ),
            (
                _before("h", "f"),
                "A selector that watches nothing never wakes up: register the listener first.",
            ),
            (
                _before("a", "h"),
                "Nobody may be there yet: `accept` would block. Ask `select` first whether it is ready.",
            ),
            (_before("e", "a"), "The client's socket comes out of `accept`: it cannot be registered before."),
            (
                _before("d", "e"),
                "The client may not have sent anything yet. Register its socket, and receive when it is ready.",
            ),
            (
                _before("b", "g"),
                "A socket that is closed has no number any more by which it could be found: unregister it first.",
            ),
            (_before("g", "d"), "Unregister the client when `recv` has said that it is done, not before."),
        ]
        case.expect(
            letters, "cfhaedgb", wrong, advice="Follow one client: what has to be there before it comes?"
        )


AsyncHandle = Callable[..., Awaitable[object]]


@exercise(
    "04-mend",
    title="What blocks the loop?",
    objective="04-o3",
    points=3,
    hints=(
        "Which call in the loop takes long and has no `await`? While it runs, no other coroutine can.",
        "`answer = await asyncio.to_thread(look_up, line)`: the function and its argument, not the call.",
        "And `write` only puts bytes into a buffer. Which call waits until there is room again? It stands in `talk`.",
    ),
    passed="Nothing blocks the loop, and a slow reader waits by itself.",
    starter=_HANDLE,
)
def mend(t: Trial, handle: AsyncHandle) -> None:
    """A handler that blocks its loop and does not wait for slow readers."""
    with t.case("one client, three questions") as case:
        with (
            conversing(lambda reader, writer: handle(reader, writer, _slowly)) as address,
            Client(address, "AAPL?", "IBM?", "AAPL?") as client,
        ):
            case.expect([client.hear() for _ in range(3)], ["AAPL?!", "IBM?!", "AAPL?!"])
    meeting = threading.Barrier(3)

    def meet(_: bytes) -> bytes:
        """Return when three look-ups run at the same time; fail if they never do."""
        meeting.wait(peers.TIMEOUT / 2)
        return b"met\n"

    alone = (
        "Three clients ask at the same time, and their look-ups ran one after another: `look_up` blocks the "
        "only thread. Give it to another one with `await asyncio.to_thread(look_up, line)`."
    )
    with (
        t.case(
            "three clients look up at the same time",
            {threading.BrokenBarrierError: alone, TimeoutError: alone},
        ) as case,
        conversing(lambda reader, writer: handle(reader, writer, meet)) as address,
        ExitStack() as stack,
    ):
        clients = [stack.enter_context(Client(address, "AAPL?")) for _ in range(3)]
        heard = [client.hear() for client in clients]
        if meeting.broken:
            case.fail("three answers", repr(heard), alone)
        case.expect(heard, ["met"] * 3)
    with t.case("a client asks fifty times for a megabyte, and reads nothing") as case:
        asked = threading.Semaphore(0)

        def megabyte(_: bytes) -> bytes:
            asked.release()
            return bytes(1_000_000)

        with (
            conversing(lambda reader, writer: handle(reader, writer, megabyte)) as address,
            Client(address, *["HISTORY"] * 50),
        ):
            count = 0
            while count < 50 and asked.acquire(timeout=peers.TIMEOUT if count == 0 else STALLED):
                count += 1
        case.expect_that(
            count > 0,
            "questions that are looked up",
            "no look-up within the time",
            "Is `look_up` called at all? A coroutine that is called without `await` does not run.",
        )
        case.expect_that(
            count < 40,
            "only as many answers as find room on the way, then a pause",
            f"{count} MB of answers, kept in memory for a client that reads none",
            "After each `write` let the coroutine wait until the buffer has room: `await writer.drain()`.",
        )


def _slowly(line: bytes) -> bytes:
    return line.strip() + b"!\n"


from netlab.exercises import lesson_04_choices, lesson_04_ending, lesson_04_quizzes, lesson_04_room  # noqa: E402,F401
