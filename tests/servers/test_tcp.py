"""TCP servers among hostile clients, with and without TLS."""

import contextlib
import socket
import ssl
import struct
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.servers import TCPEchoServer
from netlab.servers.tls import client_context, server_context


def echo(sock: socket.socket, data: bytes) -> bytes:
    sock.sendall(data)
    received = b""
    while len(received) < len(data):
        piece = sock.recv(65536)
        assert piece, "the server closed the connection"
        received += piece
    return received


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


@given(st.binary(min_size=1, max_size=5000))
@settings(max_examples=50)
def test_every_byte_comes_back(data):
    with TCPEchoServer() as server, socket.create_connection(server.address, timeout=5) as client:
        assert echo(client, data) == data


def test_a_thousand_clients_at_once_are_all_served(many_files, connect):
    with TCPEchoServer() as server:
        clients = [connect(server.address) for _ in range(1000)]
        for number, client in enumerate(clients):
            client.sendall(str(number).encode())
        for number, client in enumerate(clients):
            assert client.recv(100) == str(number).encode()
        assert len(server.connections) == 1000
    assert not server.connections


def test_a_client_that_sends_and_never_reads_costs_no_memory_and_nobody_else(connect):
    with TCPEchoServer() as server:
        greedy = connect(server.address)
        assert echo(greedy, b"hello") == b"hello"  # accepted
        greedy.setblocking(False)
        sent = 0
        with contextlib.suppress(BlockingIOError):
            while sent < 200_000_000:
                sent += greedy.send(bytes(65536))
        waiting = max(c.transport.get_write_buffer_size() for c in server.connections)
        assert waiting < 1_000_000
        assert sent < 200_000_000, "the server took everything although nobody read its answers"
        assert echo(connect(server.address), b"still there?") == b"still there?"


def test_a_reset_hurts_nobody_else(connect):
    with TCPEchoServer() as server:
        neighbour = connect(server.address)
        for _ in range(50):
            client = connect(server.address)
            client.sendall(b"half a mess")
            reset(client)
        assert echo(neighbour, b"untouched") == b"untouched"


def test_a_half_closed_client_still_gets_its_answer(connect, receive_all):
    with TCPEchoServer() as server:
        client = connect(server.address)
        client.sendall(b"the last words")
        client.shutdown(socket.SHUT_WR)
        assert receive_all(client) == b"the last words"


def test_it_stops_with_a_client_that_never_reads(connect):
    with TCPEchoServer() as server:
        client = connect(server.address)
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                client.send(bytes(65536))
    assert not server.connections


def test_clients_may_come_from_many_threads(connect):
    with TCPEchoServer() as server:
        answers = []
        threads = [
            threading.Thread(target=lambda n=n: answers.append(echo(connect(server.address), b"%d" % n)))
            for n in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
    assert sorted(answers) == sorted(b"%d" % n for n in range(20))


def secure(sock: socket.socket, name: str = "localhost") -> ssl.SSLSocket:
    return client_context().wrap_socket(sock, server_hostname=name)


def test_tls_may_have_a_context_of_ones_own(connect):
    with TCPEchoServer(tls=server_context("quotes.example")) as server:
        with secure(connect(server.address), "quotes.example") as client:
            assert echo(client, b"hello") == b"hello"
        with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
            secure(connect(server.address), "127.0.0.1")


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_tls_is_spoken_with_a_certificate_of_the_courses_own(connect, name):
    with TCPEchoServer(tls=True) as server, secure(connect(server.address), name) as client:
        assert echo(client, b"secret") == b"secret"
        assert client.version() == "TLSv1.3"
        assert server.url.startswith("tcps://")


def test_a_client_that_trusts_others_refuses_the_certificate(connect):
    with TCPEchoServer(tls=True) as server, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(connect(server.address), server_hostname="localhost")


def test_a_certificate_for_another_name_is_refused(connect):
    with TCPEchoServer(tls=True) as server, pytest.raises(ssl.SSLCertVerificationError):
        secure(connect(server.address), "elsewhere.example")


def test_garbage_instead_of_a_handshake_hurts_nobody_else(connect, receive_all):
    with TCPEchoServer(tls=True) as server, secure(connect(server.address)) as neighbour:
        for garbage in (b"GET / HTTP/1.1\r\n\r\n", bytes(100), b"\x16\x03\x01\xff\xff" + bytes(50)):
            client = connect(server.address)
            client.sendall(garbage)
            client.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                receive_all(client)
        assert echo(neighbour, b"untouched") == b"untouched"


def test_what_comes_with_the_end_of_the_handshake_is_not_lost(connect):
    with TCPEchoServer(tls=True) as server:
        client = connect(server.address)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = client_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
        with contextlib.suppress(ssl.SSLWantReadError):
            tls.do_handshake()
        while True:
            client.sendall(outgoing.read())
            incoming.write(client.recv(65536))
            with contextlib.suppress(ssl.SSLWantReadError):
                tls.do_handshake()
                break
        tls.write(b"in haste")
        client.sendall(outgoing.read())  # the last message of the handshake, and this, at once
        received = b""
        while not received:
            incoming.write(client.recv(65536))
            with contextlib.suppress(ssl.SSLWantReadError):
                received = tls.read()
        assert received == b"in haste"


def test_a_stop_drops_a_client_in_the_middle_of_its_handshake(connect):
    with TCPEchoServer(tls=True) as server:
        silent = connect(server.address)
        neighbour = secure(connect(server.address))
        assert echo(neighbour, b"x") == b"x"
        neighbour.close()
    assert silent.recv(1) == b""
    assert not server.handshakes
