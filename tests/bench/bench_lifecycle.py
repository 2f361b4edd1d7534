"""A server's whole life: started, asked once, answered, stopped."""

from __future__ import annotations

import http.client
import socket
import socketserver
import threading
import time

from figures import in_turns, row
from pytest_httpserver import HTTPServer

from netlab.servers import TCPEchoServer

ROUNDS = 15


def measure() -> list[dict[str, object]]:
    times = in_turns(
        {"netlab": ours, "socketserver": threading_server, "pytest-httpserver": http_server}, ROUNDS
    )
    return [
        row("start → first reply → stop", "ms", times["netlab"], times[peer], peer, less_is_better=True)
        for peer in ("socketserver", "pytest-httpserver")
    ]


def ask(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=5) as sock:
        sock.sendall(b"x")
        sock.recv(1)


def milliseconds(live) -> float:
    start = time.perf_counter()
    live()
    return (time.perf_counter() - start) * 1000


def ours() -> float:
    def live() -> None:
        with TCPEchoServer() as server:
            ask(server.address)

    return milliseconds(live)


def threading_server() -> float:
    class Echo(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(self.request.recv(100))

    def live() -> None:
        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            ask(server.server_address)
            server.shutdown()
            thread.join()

    return milliseconds(live)


def http_server() -> float:
    def live() -> None:
        with HTTPServer("127.0.0.1", 0) as server:
            server.expect_request("/").respond_with_data("x")
            connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()

    return milliseconds(live)
