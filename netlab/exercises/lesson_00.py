"""The exercises and questions of lesson 00, Start here."""

from __future__ import annotations

import socket
from collections.abc import Callable

from netlab.exercises import peers
from netlab.exercises.registry import Choice, Quiz, exercise, quizzes
from netlab.exercises.trial import Trial


@exercise(
    "00-shout",
    title="Shout",
    objective="00-o1",
    hints=(
        "Text has methods, and one of them gives the text in capital letters. Type `ticker.` and press Tab.",
        'The method is `upper()`: `"aapl".upper()` is `"AAPL"`.',
        "Replace the `...`: `return ticker.upper()`.",
    ),
    passed="Your function works for every ticker that was tried.",
)
def shout(t: Trial, shout: Callable[[str], str]) -> None:
    """A first function to complete: text in capital letters."""
    for ticker in ("aapl", "ibm", "IBM"):
        with t.case(f"`shout({ticker!r})`") as case:
            case.expect(
                shout(ticker),
                ticker.upper(),
                [
                    (ticker, "That is the ticker as it came. Which method of a text gives capital letters?"),
                    ("AAPL", "Your function always says AAPL. It has to use its argument, `ticker`."),
                    (ticker.capitalize(), "Only the first letter is a capital one: `upper()` changes all."),
                    (callable, "That is the method itself. Call it, with `()` at its end."),
                ],
            )


@exercise(
    "00-hex",
    title="Read some bytes",
    objective="00-o3",
    hints=(
        "Two hex digits are one byte. Count the pairs.",
        "`41` is A and `42` is B, so `49` is the ninth letter. `3f` and `0a` stand in the hex view of the lesson.",
        'Let Python do it: `bytes.fromhex("49 42 4d 3f 0a")`.',
    ),
    passed="You have read bytes as a network sends them.",
)
def read_hex(t: Trial, length: int, text: str) -> None:
    """A hex view read by eye: how many bytes, and which text."""
    with t.case("how many bytes") as case:
        case.expect(
            length,
            5,
            [
                (4, "The newline, `0a`, is a byte as well."),
                (10, "Two hex digits make one byte: count pairs, not digits."),
                (14, "Count the pairs of digits, not the characters."),
            ],
        )
    with t.case("which text") as case:
        case.expect(
            text,
            "IBM?",
            [
                ("IBM", "`3f` is a character too. Which one ended the request for AAPL?"),
                ("IBM?\n", "That is all of it. Leave the newline out, as the question asks."),
                (
                    lambda v: isinstance(v, bytes),
                    "Those are bytes; write the text, between quotes and without `b`.",
                ),
                (
                    lambda v: "".join(v.split()) == "IBM?",
                    "The characters are right. Write them without spaces: there is no byte `20` here.",
                ),
                (lambda v: v.startswith("IBM?"), "Leave the last byte out: it is the newline."),
                (
                    lambda v: isinstance(v, str) and v.upper() == v and v != v.lower(),
                    "Count on from `41`, A: `49` is eight letters later.",
                ),
                (lambda v: isinstance(v, str) and v.islower(), "`41` to `5a` are the capital letters."),
            ],
        )


@exercise(
    "00-ask",
    title="Ask for any share",
    objective="00-o2",
    points=2,
    hints=(
        "Start from the cell that asked for AAPL: it connects, sends, and receives. Here the address is given.",
        'The request is built from the ticker: `f"{ticker}?\\n"` is text, and `.encode()` makes bytes of it.',
        "Inside `with socket.create_connection(address, timeout=2) as client:` send the request with "
        "`client.sendall(...)`, then `return client.recv(1024)`.",
    ),
    passed="Your client asked a server that had never seen it, for shares that it chose.",
)
def ask(t: Trial, ask: Callable[[tuple[str, int], str], bytes]) -> None:
    """A first client, tried on a server that notes what it was asked."""
    from netlab.errors import StoppedError
    from netlab.servers import QuoteServer

    other = "The server of an earlier cell has stopped. Connect to the one at `address`, your function's argument."
    forgot_newline = "Your request has no `\\n` at its end, so the server waits for the rest of the line, and you wait for it."
    for ticker, price in (("AAPL", b"AAPL 430.47\n"), ("IBM", b"IBM 202.91\n")):
        with (
            t.case(
                f"`ask(address, {ticker!r})`", {TimeoutError: forgot_newline, StoppedError: other}
            ) as case,
            QuoteServer() as server,
        ):
            came = ask(server.address, ticker)
            asked = server.transcript.said_by("client 1")
            case.expect(
                came,
                price,
                [
                    (
                        b"AAPL 430.47\n",
                        f"That is the price of AAPL, but {ticker} was asked for: use `ticker`.",
                    ),
                    (lambda v: isinstance(v, bytes) and v.startswith(b"ERR"), _about_request(asked)),
                    (lambda v: isinstance(v, str), "That is text. Return the bytes as they came."),
                ],
            )
    with t.case("a server that answers something else", {TimeoutError: forgot_newline}) as case:

        def serve(listener: socket.socket) -> None:
            conversation, _ = listener.accept()
            with conversation:
                conversation.recv(1024)
                conversation.sendall(b"MSFT 1.00\n")

        with peers.served_by(serve) as address:
            advice = "The answer has to come from the server at `address`, whatever it says."
            case.expect(ask(address, "MSFT"), b"MSFT 1.00\n", advice=advice)


def _about_request(asked: bytes) -> str:
    if b"?" not in asked:
        return f"You sent {asked!r}. The question mark is missing."
    return f"You sent {asked!r}, which the server did not understand. It wants `AAPL?` and a newline."


quizzes(
    Quiz(
        "00-q1",
        "You change a variable in one cell and run only that cell. What happens to the results of other cells?",
        {
            "a": Choice(
                "They change at once, as in a spreadsheet.",
                "A notebook is no spreadsheet: a result shows what was true when its cell ran, until it runs again.",
            ),
            "b": Choice(
                "They stay as they are until those cells run again.",
                "Each result is a snapshot of the moment when its cell ran. The kernel only knows the newest values.",
            ),
            "c": Choice(
                "They are deleted, because they are out of date.",
                "Nothing is deleted. An old result stays on the page and may be out of date, so look at the order.",
            ),
        },
        answer="b",
        objective="00-o1",
    ),
    Quiz(
        "00-q2",
        "The hex view shows `41 41 50 4c 3f 0a`. What is the last byte, `0a`?",
        {
            "a": Choice(
                "The digit 0 and the letter a.",
                "Two hex digits are one byte: `0a` is the number 10. The digit 0 would be the byte `30`.",
            ),
            "b": Choice(
                "A mark that the network adds to the end of each message.",
                "The network adds nothing of the kind: your program sent this byte, as `\\n`.",
            ),
            "c": Choice(
                "The number 10, which ends the line: `\\n`.",
                "Six bytes were sent, and the sixth is the newline that tells the server where the request ends.",
            ),
            "d": Choice(
                "The length of the message.",
                "The message has six bytes, not ten. It is its last byte: the newline, number 10.",
            ),
        },
        answer="c",
        objective="00-o3",
    ),
    Quiz(
        "00-q3",
        "Why does `sendall` refuse text?",
        {
            "a": Choice(
                "Because text can become bytes in several ways.",
                "It does not guess which. UTF-8 is the usual choice, but it is a choice: both sides have to make the same one.",
            ),
            "b": Choice(
                "Because text is too long for a network.",
                "Length is not the matter: a megabyte of bytes is fine, and one letter of text is not.",
            ),
            "c": Choice(
                "Because only letters and digits may be sent through a network.",
                "Any byte from 0 to 255 may be sent, and so any text, once it is encoded.",
            ),
        },
        answer="a",
        objective="00-o2",
    ),
)
