"""HTTP: requests a second of `WebServer` beside cheroot bare, one connection kept alive and a new one each time."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from pathlib import Path

from cheroot import wsgi
from figures import in_turns, row

from netlab.servers import WebServer

SECONDS = 0.6
ROUNDS = 5
PRICE = b"AAPL 430.47\n"
REQUEST = b"GET /quotes/AAPL HTTP/1.1\r\nHost: ticker.example\r\n\r\n"
HERE = Path(__file__)


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "12")])
    return [PRICE]


def measure() -> list[dict[str, object]]:
    with serving("netlab") as ours, serving("bare") as bare:
        kept = in_turns({"netlab": lambda: kept_alive(ours), "bare": lambda: kept_alive(bare)}, ROUNDS)
        new = in_turns({"netlab": lambda: one_by_one(ours), "bare": lambda: one_by_one(bare)}, ROUNDS)
    return [
        row(
            "HTTP, one connection kept alive",
            "requests/s",
            kept["netlab"],
            kept["bare"],
            "cheroot",
            aim="> 0.9",
        ),
        row(
            "HTTP, a connection for each request",
            "requests/s",
            new["netlab"],
            new["bare"],
            "cheroot",
            aim="> 0.9",
        ),
    ]


@contextlib.contextmanager
def serving(name: str):
    command = [sys.executable, str(HERE), name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def ask(sock: socket.socket) -> None:
    sock.sendall(REQUEST)
    received = b""
    while not received.endswith(PRICE):
        piece = sock.recv(4096)
        assert piece, "the server closed the connection"
        received += piece


def kept_alive(port: int) -> float:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < SECONDS:
            ask(sock)
            count += 1
        return count / (time.perf_counter() - start)


def one_by_one(port: int) -> float:
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
            ask(sock)
        count += 1
    return count / (time.perf_counter() - start)


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare = wsgi.Server(("127.0.0.1", 0), app)
        bare.prepare()
        print(bare.bind_addr[1], flush=True)
        bare.serve()
    with WebServer(app) as server:
        print(server.port, flush=True)
        sys.stdin.read()
