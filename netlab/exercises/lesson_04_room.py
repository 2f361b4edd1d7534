"""The exercises of lesson 04 on the chat room."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

from netlab.exercises import peers
from netlab.exercises.coroutines import Client, conversing
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial

Chat = Callable[
    [asyncio.StreamReader, asyncio.StreamWriter, dict[str, asyncio.StreamWriter]], Awaitable[object]
]


@exercise(
    "04-room",
    title="A chat room",
    objective="04-o2",
    points=4,
    hints=(
        "Write the happy way first: ask, read the name with `await reader.readline()`, put the writer into the room, tell the others, then loop over the lines.",
        "`line.decode(errors='replace').strip()` makes text of a line. An empty line from `readline`, `b''`, is the end of the stream.",
        "`try: … finally:` around everything after the entry: whatever happens, `del room[name]`, `writer.close()`, then tell the others.",
        'Leave the loop on `if text in ("bye", "再见")`, after you have answered with the same word.',
        "Check the name before you put it into the room: `if not name or name in room`.",
    ),
    passed="Your room lets people in, passes on what they say, and survives the ones who crash.",
)
def room(t: Trial, chat: Chat) -> None:
    """A chat room over asyncio streams."""

    def serving(members: dict[str, asyncio.StreamWriter]) -> Any:
        return conversing(lambda reader, writer: chat(reader, writer, members))

    silent = "A line was expected, and none came. Follow the steps in their order, and end each line with a newline."
    unawaited = "A coroutine that is called without `await` does not run: `await reader.readline()`."
    with t.case(
        "coming: the question for the name, and the news", {TimeoutError: silent, AttributeError: unawaited}
    ) as case:
        with serving({}) as address, Client(address) as ada:
            case.expect(ada.hear(), "name?")
            ada.say("ada")
            with Client(address, "ben") as ben:
                ben.hear()
                case.expect(
                    ada.hear(),
                    "* ben came",
                    [
                        (
                            "* ada came",
                            "Tell the *others*: ada knows that she came. `but=name` leaves her out.",
                        )
                    ],
                )
    with t.case("talking", {TimeoutError: silent}) as case, serving({}) as address, ExitStack() as stack:
        ada, ben, cleo = entered(stack, address, "ada", "ben", "cleo")
        ben.say("苹果 430.47")
        for other in (ada, cleo):
            case.expect(
                other.hear(),
                "ben: 苹果 430.47",
                [
                    (
                        "* ben left",
                        'Ben leaves at his first word. Is your condition always true? `text == "bye" or "再见"` is.',
                    )
                ],
            )
        ada.say("thanks")
        case.expect(
            ben.hear(),
            "ada: thanks",
            [("ben: 苹果 430.47", "Nobody wants to hear their own words: leave the speaker out.")],
        )
    odd = (
        "Only `bye`, `再见` and the end of the stream, `b''`, end a conversation: not an empty line, and not bytes "
        "that are no UTF-8, which `decode(errors='replace')` makes the best of."
    )
    with t.case(
        "an empty line, and one that is no text", {TimeoutError: odd, UnicodeDecodeError: odd}
    ) as case:
        with serving({}) as address, ExitStack() as stack:
            ada, ben = entered(stack, address, "ada", "ben")
            ben.sock.sendall(b"\n\xff\n")
            case.expect(ada.hear(), "ben: ", advice=odd)
            case.expect(ada.hear(), "ben: \ufffd", advice=odd)
    for word in ("bye", "再见"):
        with (
            t.case(f"leaving with {word}", {TimeoutError: silent}) as case,
            serving({}) as address,
            ExitStack() as stack,
        ):
            ada, ben = entered(stack, address, "ada", "ben")
            ben.say(word)
            case.expect(ben.hear(), word, advice="Answer with the same word, then close.")
            case.expect(ben.hear(), "", advice="After the farewell the connection is closed.")
            case.expect(
                ada.hear(),
                "* ben left",
                [(f"ben: {word}", "The farewell ends the conversation; it is not passed on.")],
            )
    taken = "The name is taken: who is in the room already must not be replaced. Check before you enter it."
    thrown = (
        "The first ada was thrown out: your `finally` also runs for the one who was refused. Let the `try` begin "
        "when the name is in the room."
    )
    with serving({}) as address, ExitStack() as stack:
        ada, ben = entered(stack, address, "ada", "ben")
        with t.case("a name that is taken", {TimeoutError: taken}) as case:
            with Client(address, "ada") as twin:
                twin.hear()
                case.expect(twin.hear(), "! choose another name", advice=taken)
                case.expect(twin.hear(), "", advice="Close the connection of one who was refused.")
        with t.case("who had the name stays", {TimeoutError: thrown}) as case:
            ben.say("still there?")
            case.expect(ada.hear(), "ben: still there?", [("* ada left", "Who never came in did not leave.")])
    with (
        t.case("an empty name", {TimeoutError: silent}) as case,
        serving({}) as address,
        Client(address, "") as nobody,
    ):
        nobody.hear()
        case.expect(nobody.hear(), "! choose another name")
    gone = (
        "A client vanished, and the others heard nothing of it. Whatever ends the conversation, an exception "
        "too, take the name out and tell the others: that is what `finally` is for."
    )
    with t.case("one client crashes", {TimeoutError: gone}) as case:
        members: dict[str, asyncio.StreamWriter] = {}
        with serving(members) as address, ExitStack() as stack:
            ada, ben, cleo = entered(stack, address, "ada", "ben", "cleo")
            peers.reset(ben.sock)
            case.expect(ada.hear(), "* ben left", advice=gone)
            case.expect(cleo.hear(), "* ben left", advice=gone)
            cleo.say("what happened?")
            case.expect(ada.hear(), "cleo: what happened?")
            case.expect(
                sorted(members), ["ada", "cleo"], advice="Take who left out of the room: `del room[name]`."
            )
    with t.case("the stream ends without a farewell", {TimeoutError: gone}) as case, serving({}) as address:
        with ExitStack() as stack:
            ada, ben = entered(stack, address, "ada", "ben")
            ben.sock.shutdown(socket.SHUT_WR)
            case.expect(
                ada.hear(),
                "* ben left",
                [("ben: ", "`b''` from `readline` is the end of the stream, no line.")],
                advice=gone,
            )


def entered(stack: ExitStack, address: tuple[str, int], *names: str) -> list[Client]:
    """Clients with these names in the room, who have heard all that comes of their coming."""
    clients: list[Client] = []
    for name in names:
        client = stack.enter_context(Client(address))
        client.hear()
        client.say(name)
        for other in clients:
            other.hear()
        clients.append(client)
    return clients


_SAY = '''
def say(room, name, line):
    """Deliver a line of text that the client `name` has sent."""
    tell(room, f"{name}: {line}", but=name)
'''

Say = Callable[[dict[str, asyncio.StreamWriter], str, str], object]


@exercise(
    "04-private",
    title="Private words",
    objective="04-o2",
    points=2,
    hints=(
        'Is it a command? `line.startswith("/msg ")` or `line == "/msg"`. Everything else is told to all others as before.',
        '`line.split(" ", 2)` gives at most three parts: the command, the name, and the rest of the line with its spaces.',
        'One writer alone: `room[other].write(f"{name} (private): {text}\\n".encode())`.',
    ),
    passed="Private words reach one, and only one.",
    starter=_SAY,
)
def private(t: Trial, say: Say) -> None:
    """What a chat room does with a line, private ones included."""
    raised: list[Exception] = []

    async def chat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, room: dict[str, Any]) -> None:
        writer.write(b"name?\n")
        name = (await reader.readline()).decode().strip()
        room[name] = writer
        for other, each in room.items():
            if other != name:
                each.write(f"* {name} came\n".encode())
        while line := await reader.readline():
            try:
                say(room, name, line.decode().rstrip("\n"))
            except Exception as error:  # told in the case of this line; the room stays open for the next
                raised.append(error)

    def hear(client: Client) -> str:
        """What a client hears; what `say` raised, if that is why nothing comes."""
        try:
            heard = client.hear()
        except TimeoutError:
            if raised:
                raise raised.pop() from None
            raise
        raised.clear()
        return heard

    members: dict[str, Any] = {}
    silent = "Nothing came. Which writer has to get the line?"
    with (
        conversing(lambda reader, writer: chat(reader, writer, members)) as address,
        ExitStack() as stack,
    ):
        ada, ben, cleo = entered(stack, address, "ada", "ben", "cleo")
        with t.case("an ordinary line", {TimeoutError: silent}) as case:
            ada.say("hello  all")
            for other in (ben, cleo):
                case.expect(
                    hear(other), "ada: hello  all", advice="Any other line goes to all others, as it is."
                )
        parts = "`split` gave more parts than you unpack. The text has spaces too: split off the first two words only."
        with t.case("a private one", {TimeoutError: silent, ValueError: parts}) as case:
            ada.say("/msg ben sell at 430?")
            case.expect(
                hear(ben),
                "ada (private): sell at 430?",
                [
                    (
                        "ada: /msg ben sell at 430?",
                        "The command was told to all: look for `/msg` before you tell.",
                    ),
                    ("ada (private): sell", "The text has spaces too: split off the first two words only."),
                ],
            )
            ada.say("to all")
            case.expect(
                hear(cleo),
                "ada: to all",
                [
                    (
                        "ada (private): sell at 430?",
                        "Cleo heard the private words: write to ben's writer only.",
                    ),
                    (
                        "ada: /msg ben sell at 430?",
                        "Cleo heard the private words: return after you have sent them.",
                    ),
                ],
            )
            case.expect(hear(ben), "ada: to all")
        unknown = "Look whether the name is in the room before you use it, and tell ada if not."
        with t.case("to nobody", {TimeoutError: unknown, KeyError: unknown}) as case:
            ada.say("/msg zoe hi")
            case.expect(hear(ada), "! nobody is called zoe")
            nobody_else_hears(case, ada, (ben, cleo))
        bare = (
            "Look how many parts the line has before you unpack them: a `/msg` may come without name or text."
        )
        for line in ("/msg ben", "/msg"):
            with t.case(f"`{line}`", {ValueError: bare, IndexError: bare, TimeoutError: bare}) as case:
                ada.say(line)
                case.expect(hear(ada), "! like this: /msg ben hi", advice=bare)
                nobody_else_hears(case, ada, (ben, cleo))
        with t.case("a line that only looks like one", {TimeoutError: silent}) as case:
            ben.say("/msgs are private")
            case.expect(
                hear(ada), "ben: /msgs are private", advice="Only the word `/msg` itself is the command."
            )


def nobody_else_hears(case: Case, speaker: Client, others: tuple[Client, ...]) -> None:
    """What the room has told the speaker, it has told to nobody else: the next thing they hear is her next line."""
    speaker.say("go on")
    public = (
        "All have heard of it: now they know that she meant to whisper. Write to the writer of `name` only."
    )
    for other in others:
        case.expect(other.hear(), "ada: go on", [(lambda came: came.startswith("! "), public)])
