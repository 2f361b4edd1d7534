"""The exercises of lesson 03 in which programs talk: a report, a server, a conversation."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Mapping
from typing import Any

from netlab.exercises import peers
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

SEND_STARTER = '''
def send_report(sock, text):
    """Send all of text as UTF-8."""
    sock.send(text.encode())
'''


@exercise(
    "03-send",
    title="Find the bug: a report that is cut off",
    objective="03-o4",
    points=1,
    starter=SEND_STARTER,
    hints=(
        "`send` returns a number. What does it say, and who looks at it?",
        "`send` takes as much as there is room for. There is a call that goes on until all is sent.",
        "`sock.sendall(text.encode())`.",
    ),
    passed="All of it arrives, also when the reader is slow.",
)
def send(t: Trial, send_report: Callable[[socket.socket, str], object]) -> None:
    """A report that one call to `send` cuts off when the reader is slow."""
    cut = "`send` sent only a part and returned how much: the rest is never sent."
    for name, text in (("a short report", "AAPL 430.47\n"), ("a long report", "AAPL 430.47\n" * 200_000)):
        with t.case(f"{name} to a slow reader") as case, peers.slow_reader() as (sock, collect):
            send_report(sock, text)
            came = len(collect())
            case.expect_that(came >= len(text), f"{len(text):,} bytes", "fewer bytes arrived", cut)
            case.expect_that(
                came == len(text),
                f"{len(text):,} bytes",
                "more bytes arrived",
                "Some bytes were sent twice: go on behind those that were sent.",
            )
    with t.case("a long report in Chinese") as case, peers.slow_reader() as (sock, collect):
        text = "苹果 430.47\n" * 100_000
        send_report(sock, text)
        characters = "The bytes that arrived are not the text's. `send` counts bytes; a Chinese character has three of them."
        case.expect_that(collect() == text.encode(), "the text's bytes", "other bytes", characters)


@exercise(
    "03-server",
    title="A quote server",
    objective="03-o3",
    points=4,
    limit=10.0,
    hints=(
        "Two loops: the outer one accepts client after client, the inner one reads line after line of one client.",
        "Use your `LineReader` for the lines. `None` from it means that this client has gone: on to the next one.",
        "A client may break off at any time: catch `OSError`, `EOFError` and `UnicodeDecodeError` around the inner loop, not around the outer one.",
        'The answer: `prices.get(ticker)` is None for an unknown share, and then the line is `b"ERR no such share\\n"`.',
    ),
    passed="Your server served client after client, also behind one that broke off in the middle of a line.",
)
def server(t: Trial, serve: Callable[[socket.socket, Mapping[str, str]], object]) -> None:
    """A server of quotes, one client at a time."""
    prices = {"AAPL": "430.47", "IBM": "202.91"}

    def ask(address: tuple[str, int], *pieces: bytes) -> bytes:
        with socket.create_connection(address, timeout=peers.TIMEOUT) as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                sock.sendall(piece)
            received = b""
            with contextlib.suppress(TimeoutError):
                while piece := sock.recv(4096):
                    received += piece
            return received

    text = (
        "The keys of `prices` are text: `.decode()` the share. For one that is not there, `get` gives None."
    )
    waits = "Nothing came back in time. Does your server answer each line, and close after `bye`?"
    with (
        t.case("a question, an answer, bye", {OSError: waits, KeyError: text}) as case,
        peers.served_by(lambda s: serve(s, prices)) as address,
    ):
        came = ask(address, b"AAPL?\nbye\n")
        case.expect(
            came,
            b"AAPL 430.47\nbye\n",
            [
                (b"", waits),
                (
                    b"AAPL 430.47\n",
                    "The farewell is missing: answer `bye` with `bye`. If you do, mind that it came in the same read as "
                    "the question: one `LineReader` for each client, made before the loop, keeps it.",
                ),
                (b"430.47\nbye\n", "The answer begins with the share: `AAPL 430.47`."),
                (b"AAPL 430.47bye", "Each answer is a line: end it with a newline."),
            ],
        )
    with t.case("an unknown share") as case, peers.served_by(lambda s: serve(s, prices)) as address:
        came = ask(address, b"XYZ?\nIBM?\nbye\n")
        died = "After an unknown share the server has to go on with the next line, by the same `LineReader`."
        case.expect(
            came, b"ERR no such share\nIBM 202.91\nbye\n", [(b"", died), (b"ERR no such share\n", died)]
        )
    with t.case("a line that is no question") as case, peers.served_by(lambda s: serve(s, prices)) as address:
        mark = "`AAPL` without a question mark is no question: answer `ERR no such share`."
        case.expect(
            ask(address, b"AAPL\nbye\n"),
            b"ERR no such share\nbye\n",
            [(b"AAPL 430.47\nbye\n", mark)],
            advice=mark,
        )
    with (
        t.case("a question that comes one byte at a time") as case,
        peers.served_by(lambda s: serve(s, prices)) as address,
    ):
        came = ask(address, *peers.one_byte_at_a_time(b"IBM?\nbye\n"))
        case.expect(
            came,
            b"IBM 202.91\nbye\n",
            advice="One `recv` is not one message. Your `LineReader` knows how to wait for the newline.",
        )
    with (
        t.case("two clients, one after the other") as case,
        peers.served_by(lambda s: serve(s, prices)) as address,
    ):
        one = "The first client was served, the second was not: accept again when one has gone."
        ask(address, b"bye\n")
        case.expect(ask(address, b"IBM?\nbye\n"), b"IBM 202.91\nbye\n", [(b"", one)])
    odd = "A line that is no UTF-8 must not take the server down: look for the share among bytes, or catch the error."
    strange = t.case("a line that is no text", {OSError: odd, UnicodeDecodeError: odd})
    with strange as case, peers.served_by(lambda s: serve(s, prices)) as address:
        ask(address, b"\xe8\x8b?\nbye\n")
        case.expect(ask(address, b"IBM?\nbye\n"), b"IBM 202.91\nbye\n", [(b"", odd)])
    down = "One client that breaks off must not take the server down: catch its error, close it, accept the next."
    rudeness = t.case(
        "a client after one that broke off in the middle of a line", {OSError: down, EOFError: down}
    )
    with rudeness as case, peers.served_by(lambda s: serve(s, prices)) as address:
        with socket.create_connection(address, timeout=peers.TIMEOUT) as rude:
            rude.sendall(b"AAP")
            peers.reset(rude)
        case.expect(ask(address, b"IBM?\nbye\n"), b"IBM 202.91\nbye\n", [(b"", down)])


@exercise(
    "03-chat",
    title="A conversation that ends well",
    objective="03-o4",
    points=2,
    hints=(
        "Read a line with `LineReader(sock).read_line()` (make one reader, before the loop), and `.decode()` it.",
        "What ends the conversation? `bye`, `再见`, and also None: the other side has gone.",
        'Always send a newline, also after an empty reply: `sock.sendall(f"{answer}\\n".encode())`. Then the other side has something to read.',
    ),
    passed="Nobody waits for ever: an empty line is a line, and both sides know when it is over.",
)
def chat(t: Trial, converse: Callable[[socket.socket, Callable[[str], str]], int]) -> None:
    """A two-way conversation, turn by turn, until a farewell."""

    def talk(replies: Mapping[str, str], *lines: str) -> tuple[list[str], Any]:
        heard: list[str] = []
        result: list[Any] = []
        with peers.pair() as (student, ours):

            def other_side() -> None:
                file = ours.makefile("rb")
                for line in lines:
                    ours.sendall(f"{line}\n".encode())
                    heard.append(file.readline().decode().rstrip("\n"))
                ours.shutdown(socket.SHUT_WR)

            with peers.running(other_side):
                result.append(converse(student, lambda text: replies.get(text, "what?")))
        return heard, result[0]

    unended = "The other side waits for a line, and you for its next one: does each reply end with a newline?"
    for farewell in ("bye", "再见"):
        with t.case(f"two turns, then `{farewell}`", {TimeoutError: unended}) as case:
            heard, turns = talk({"hello": "hi"}, "hello", "price?", farewell)
            case.expect(
                heard,
                ["hi", "what?", farewell],
                [
                    (
                        ["hi", "what?", "what?"],
                        f"`{farewell}` ends the conversation: answer it with the same word, and stop.",
                    ),
                    (
                        ["hi", "what?"],
                        f"Answer the farewell with the same word, `{farewell}`, before you stop.",
                    ),
                ],
            )
            case.expect(
                turns,
                2,
                [(3, "The farewell is no turn: count the replies."), (None, "Return the number of replies.")],
            )
    nothing = "An empty reply sent nothing, and both sides wait for each other: send the newline at least."
    with t.case("a reply that is empty", {TimeoutError: nothing}) as case:
        heard, _ = talk({"hello": "", "still there?": "yes"}, "hello", "still there?", "bye")
        nothing = (
            "An empty reply sent nothing, and both sides wait for each other: send the newline at least."
        )
        case.expect(heard, ["", "yes", "bye"], [(lambda v: len(v) < 3 or v[-1] != "bye", nothing)])
    with (
        t.case("a line in two pieces, a Chinese character cut in half") as case,
        peers.pair() as (student, ours),
    ):
        line = "你好\n".encode()
        got: list[str] = []

        def say() -> None:
            ours.sendall(line[:4])
            ours.sendall(line[4:] + b"bye\n")

        with peers.running(say):
            converse(student, lambda text: got.append(text) or "ok")  # type: ignore[func-returns-value]
        case.expect(got, ["你好"], advice="Decode a whole line, not what one `recv` gave.")
    with (
        t.case("the other side goes without a word") as case,
        peers.sending(b"hello\n", then="close") as sock,
    ):
        case.expect(
            converse(sock, lambda text: text),
            1,
            [(2, "None is no line: it means that the other side has gone.")],
        )
    half = "The other side may go in the middle of a line; `LineReader` then raises EOFError. Stop there too."
    with t.case("the other side goes in the middle of a line", {EOFError: half}) as case:
        with peers.sending(b"hello\nhel", then="close") as sock:
            case.expect(converse(sock, lambda text: text), 1, [(2, half)])
