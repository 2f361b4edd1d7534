"""Typical wrong answers of lesson 00: the exercise, words that the report must hold, and the student's code."""

ASK = """
import socket

def ask(address, ticker):
    with socket.create_connection(address, timeout=2) as client:
        client.sendall({request})
        return {answer}
"""


def ask(request: str, answer: str = "client.recv(1024)") -> str:
    return ASK.format(request=request, answer=answer)


WRONG = [
    ("00-shout", "the ticker as it came", "def shout(ticker):\n    return ticker"),
    ("00-shout", "always says AAPL", 'def shout(ticker):\n    return "AAPL"'),
    ("00-shout", "Only the first letter", "def shout(ticker):\n    return ticker.capitalize()"),
    ("00-shout", "Call it, with `()`", "def shout(ticker):\n    return ticker.upper"),
    ("00-shout", "ends without returning anything", "def shout(ticker):\n    print(ticker.upper())"),
    ("00-hex", "The newline, `0a`, is a byte", "length = 4"),
    ("00-hex", "count pairs, not digits", "length = 10"),
    ("00-hex", "`3f` is a character too", 'text = "IBM"'),
    ("00-hex", "Leave the newline out", 'text = "IBM?\\n"'),
    ("00-hex", "without spaces", 'text = "I B M ?"'),
    ("00-hex", "it is the newline", 'text = "IBM?0a"'),
    ("00-hex", "Those are bytes", 'text = b"IBM?"'),
    ("00-ask", "no `\\n` at its end", ask('f"{ticker}?".encode()')),
    ("00-ask", "The question mark is missing", ask('f"{ticker}\\n".encode()')),
    ("00-ask", "but IBM was asked for", ask('b"AAPL?\\n"')),
    (
        "00-ask",
        "That is text. Return the bytes",
        ask('f"{ticker}?\\n".encode()', "client.recv(1024).decode()"),
    ),
    (
        "00-ask",
        "The server of an earlier cell has stopped",
        "from netlab.servers import QuoteServer\n\nwith QuoteServer() as server:\n    pass\n"
        + ask('f"{ticker}?\\n".encode()').replace("(address, timeout", "(server.address, timeout"),
    ),
    ("00-ask", "`.encode()` it first", ask('f"{ticker}?\\n"')),
]
