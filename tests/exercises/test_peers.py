"""Hostile peers do what they promise, each time."""

from __future__ import annotations

import socket
import threading

import pytest

from netlab.exercises import peers


def read_all(sock: socket.socket) -> list[bytes]:
    return list(iter(lambda: sock.recv(1024), b""))


@pytest.mark.parametrize(
    "pieces",
    [
        peers.one_byte_at_a_time(b"AAPL?\n"),
        [b"AAPL?\nIBM?\n"],
        ["再见\n".encode()[:2], "再见\n".encode()[2:]],
        [b"AAPL?\r\n", b"IBM"],
    ],
)
def test_each_piece_is_one_read_and_then_the_peer_closes(pieces):
    with peers.sending(*pieces, then="close") as sock:
        assert read_all(sock) == pieces


def test_a_peer_that_waits_makes_a_reader_time_out():
    with peers.sending(b"AAP") as sock:
        assert sock.recv(1024) == b"AAP"
        sock.settimeout(0.01)
        with pytest.raises(TimeoutError):
            sock.recv(1024)


def test_a_peer_that_resets_breaks_the_connection_after_its_last_piece():
    with peers.sending(b"AAP", then="reset") as sock:
        assert sock.recv(1024) == b"AAP"
        with pytest.raises(ConnectionResetError):
            sock.recv(1024)


def test_what_nobody_reads_does_not_hold_the_peer_up():
    with peers.sending(b"one", b"two", then="reset"):
        pass
    assert not [thread for thread in threading.enumerate() if thread.name == peers.THREAD]


def test_a_slow_reader_takes_only_a_part_of_one_send_and_all_of_sendall():
    data = b"AAPL 430.47\n" * 50_000
    with peers.slow_reader() as (sock, received):
        taken = sock.send(data)
        assert 0 < taken < len(data)
        assert received() == data[:taken]
    with peers.slow_reader() as (sock, received):
        sock.sendall(data)
        assert received() == data


def test_a_serving_function_is_visited_and_let_go():
    def serve(listener: socket.socket) -> None:
        while True:
            conversation, _ = listener.accept()
            with conversation:
                conversation.sendall(conversation.recv(1024).upper())

    with peers.served_by(serve) as address:
        for _ in range(2):
            with socket.create_connection(address, timeout=1) as client:
                client.sendall(b"aapl")
                assert client.recv(1024) == b"AAPL"
    assert not [thread for thread in threading.enumerate() if thread.name == peers.THREAD]


def test_a_serving_function_that_fails_says_why_its_client_failed():
    def serve(listener: socket.socket) -> None:
        conversation, _ = listener.accept()
        with conversation:
            conversation.sendall("text")  # type: ignore[arg-type]

    with (
        pytest.raises(TypeError, match="bytes-like"),
        peers.served_by(serve) as address,
        socket.create_connection(address, timeout=1) as client,
    ):
        assert client.recv(1024) == b"AAPL"


def test_a_udp_peer_loses_doubles_and_swaps():
    kept: list[bytes] = []

    def answer(datagram: bytes) -> list[bytes]:
        if datagram == b"lose":
            return []
        if datagram == b"double":
            return [datagram, datagram]
        kept.append(datagram)
        return kept[::-1] if len(kept) == 2 else []

    with (
        peers.udp_peer(answer) as address,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
    ):
        sock.settimeout(1)
        for datagram in (b"lose", b"double", b"1", b"2"):
            sock.sendto(datagram, address)
        assert [sock.recv(100) for _ in range(4)] == [b"double", b"double", b"2", b"1"]
