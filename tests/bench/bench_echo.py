"""Echo round trips of 64 bytes a second, over 1 connection and over 64 at a time."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from pathlib import Path

from figures import in_turns, row

SERVERS = ("netlab", "socketserver", "asyncio streams")
MESSAGE = bytes(64)
SECONDS = 0.6
ROUNDS = 5


def measure() -> list[dict[str, object]]:
    rows = []
    with contextlib.ExitStack() as stack:
        ports = {name: stack.enter_context(serving(name)) for name in SERVERS}
        for connections in (1, 64):
            rates = in_turns(
                {name: lambda p=port, c=connections: round_trips(p, c) for name, port in ports.items()},
                ROUNDS,
            )
            for peer in SERVERS[1:]:
                what = f"echo, {connections} connection{'s' if connections > 1 else ''}"
                rows.append(row(what, "round trips/s", rates["netlab"], rates[peer], peer))
    return rows


@contextlib.contextmanager
def serving(name: str):
    script = Path(__file__).with_name("echo_server.py")
    with subprocess.Popen(
        [sys.executable, str(script), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield int(process.stdout.readline())
        process.stdin.close()


def round_trips(port: int, connections: int) -> float:
    with contextlib.ExitStack() as stack:
        socks = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            for _ in range(connections)
        ]
        done, start = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - start) < SECONDS:
            for sock in socks:
                sock.sendall(MESSAGE)
            for sock in socks:
                waiting = len(MESSAGE)
                while waiting:
                    waiting -= len(sock.recv(waiting))
            done += connections
    return done / elapsed
