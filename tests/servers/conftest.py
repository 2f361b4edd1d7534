"""Clients that no server should have to trust."""

import contextlib
import resource
import socket
from collections.abc import Iterator

import pytest


@pytest.fixture
def connect() -> Iterator:
    """Connect to an address with a time limit; every socket is closed after the test."""
    with contextlib.ExitStack() as stack:

        def connect(address, timeout=5):
            return stack.enter_context(socket.create_connection(address, timeout=timeout))

        yield connect


@pytest.fixture
def udp() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        yield sock


@pytest.fixture
def many_files() -> Iterator[None]:
    """Let the process open as many files as the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard) if hard > 0 else 8192, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def receive_all():
    """Everything until the other side closes."""

    def receive_all(sock: socket.socket) -> bytes:
        received = b""
        while piece := sock.recv(65536):
            received += piece
        return received

    return receive_all
