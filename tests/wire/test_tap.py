"""A tap: invisible to client and server, and it misses nothing."""

import contextlib
import resource
import socket
import struct
import threading
from pathlib import Path

import pytest

from netlab.errors import OptionError
from netlab.servers import QuoteServer, TCPEchoServer, UDPEchoServer, UDPQuoteServer
from netlab.servers.tls import client_context
from netlab.wire import Impairment, Tap


@contextlib.contextmanager
def tcp(address):
    with socket.create_connection(address, timeout=5) as sock:
        yield sock


@contextlib.contextmanager
def udp(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        sock.connect(address)
        yield sock


def kinds(tap: Tap) -> list[tuple[str, str]]:
    tap.settle()
    return [(event.sender, event.kind) for event in tap.recording]


def receive(sock: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        piece = sock.recv(65536)
        assert piece
        received += piece
    return received


def test_a_conversation_passes_unchanged_and_is_recorded_to_its_end():
    with QuoteServer() as server, Tap(server) as tap:
        with tcp(tap.address) as client:
            client.sendall(b"AAPL?\n")
            assert receive(client, 12) == b"AAPL 430.47\n"
        assert kinds(tap) == [
            ("client", "open"),
            ("client", "data"),
            ("server", "data"),
            ("client", "close"),
            ("server", "close"),
        ]
    assert tap.recording.data("client") == b"AAPL?\n"
    assert tap.recording.data("server") == b"AAPL 430.47\n"


def test_the_pictures_can_be_drawn_after_the_tap_has_stopped():
    with QuoteServer() as server, Tap(server) as tap, tcp(tap.address) as client:
        client.sendall(b"AAPL?\n")
        receive(client, 12)
    assert repr(tap.ladder()).splitlines()[0].endswith("connects")
    assert "41 41 50 4c 3f 0a" in tap.hexdump()
    assert "client → server, 6 bytes" in tap.hexdump()


def test_a_tap_says_that_its_picture_is_modelled():
    with QuoteServer() as server, Tap(server) as tap:
        assert "modelled by the tap" in repr(tap.ladder())


def test_a_million_bytes_pass_both_ways():
    data = bytes(range(256)) * 4000
    with TCPEchoServer() as server, Tap(server) as tap, tcp(tap.address) as client:
        sender = threading.Thread(target=client.sendall, args=(data,))
        sender.start()
        assert receive(client, len(data)) == data
        sender.join(5)
    assert tap.recording.data("client") == data
    assert tap.recording.data("server") == data


def test_a_half_close_is_passed_on():
    with TCPEchoServer() as server, Tap(server) as tap, tcp(tap.address) as client:
        client.sendall(b"last words")
        client.shutdown(socket.SHUT_WR)
        assert receive(client, 10) == b"last words"
        assert client.recv(10) == b""


def test_a_reset_is_passed_on_as_a_reset():
    with socket.create_server(("127.0.0.1", 0)) as listener, Tap(listener.getsockname()) as tap:
        with tcp(tap.address) as client:
            conversation, _ = listener.accept()
            conversation.settimeout(5)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with conversation, pytest.raises(ConnectionResetError):
            conversation.recv(10)
        assert kinds(tap) == [("client", "open"), ("client", "reset")]


def test_a_closed_port_behind_the_tap_resets_the_client():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # it has a port and does not listen there
        with Tap(nobody.getsockname()) as tap:
            with (
                pytest.raises(ConnectionResetError),
                tcp(tap.address) as client,
            ):  # at once, or a moment later
                client.recv(10)
            assert kinds(tap) == [("client", "open"), ("server", "refused")]


def test_a_reader_that_stops_reading_stops_the_sender_too():
    with TCPEchoServer() as server, Tap(server) as tap, tcp(tap.address) as client:
        client.setblocking(False)
        sent = 0
        with contextlib.suppress(BlockingIOError):
            while sent < 200_000_000:
                sent += client.send(bytes(65536))
        assert sent < 200_000_000


def test_through_a_tap_tls_is_unreadable():
    with TCPEchoServer(tls=True) as server, Tap(server) as tap:
        with tcp(tap.address) as plain:
            client = client_context().wrap_socket(plain, server_hostname="localhost")
            client.sendall(b"the password is 1234")
            assert client.recv(100) == b"the password is 1234"
            client.close()
        tap.settle()
    assert tap.recording.data("client").startswith(b"\x16\x03\x01"), "it begins with a TLS handshake"
    assert b"password" not in tap.recording.data("client")


def test_many_connections_are_told_apart():
    with TCPEchoServer() as server, Tap(server) as tap:
        for word in (b"one", b"two"):
            with tcp(tap.address) as client:
                client.sendall(word)
                receive(client, 3)
                tap.settle()
    assert [tap.recording.data("client", number) for number in (1, 2)] == [b"one", b"two"]
    assert "client 2 → server" in tap.hexdump()
    assert "client 2 ──▶ server" in repr(tap.ladder())


def test_a_thousand_connections_at_once():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard) if hard > 0 else 8192, hard))
    try:
        with TCPEchoServer() as server, Tap(server) as tap, contextlib.ExitStack() as stack:
            clients = [stack.enter_context(tcp(tap.address)) for _ in range(1000)]
            for client in clients:
                client.sendall(b"x")
            assert all(client.recv(1) == b"x" for client in clients)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_datagrams_pass_both_ways():
    with UDPQuoteServer() as server, Tap(server) as tap, udp(tap.address) as client:
        client.send(b"AAPL?")
        assert client.recv(100) == b"AAPL 430.47"
        assert kinds(tap) == [("client", "data"), ("server", "data")]


def test_an_empty_datagram_is_a_datagram():
    with UDPEchoServer() as server, Tap(server) as tap, udp(tap.address) as client:
        client.send(b"")
        assert client.recv(100) == b""


def test_a_bad_network_loses_doubles_and_swaps():
    with (
        UDPEchoServer() as server,
        Tap(server, to_server=Impairment(drop=[2])) as tap,
        udp(tap.address) as client,
    ):
        for number in range(3):
            client.send(b"%d" % number)
        assert [client.recv(10), client.recv(10)] == [b"0", b"2"]
        tap.settle()
    assert [(e.kind, e.data) for e in tap.recording if e.sender == "client"] == [
        ("data", b"0"),
        ("lost", b"1"),
        ("data", b"2"),
    ]


def test_a_late_datagram_is_overtaken_or_comes_by_itself():
    with (
        UDPEchoServer() as server,
        Tap(server, to_client=Impairment(reorder=1)) as tap,
        udp(tap.address) as client,
    ):
        for number in range(3):
            client.send(b"%d" % number)
        assert [client.recv(10) for _ in range(3)] == [b"1", b"0", b"2"]


def test_a_delay_is_kept():
    with (
        UDPEchoServer() as server,
        Tap(server, to_client=Impairment(delay=0.05)) as tap,
        udp(tap.address) as client,
    ):
        client.send(b"x")
        client.recv(10)
        tap.settle()
        question, answer = tap.recording
    assert answer.time - question.time >= 0.05


def test_udp_to_nobody_is_silence_and_the_tap_lives_on():
    with UDPEchoServer() as server:
        nobody = server.address
    with Tap(nobody, transport="udp") as tap, udp(tap.address) as client:
        client.settimeout(0.05)
        for _ in range(3):
            client.send(b"anybody there?")
        with pytest.raises(TimeoutError):
            client.recv(10)
        assert kinds(tap) == [("client", "data")] * 3


def test_tcp_cannot_be_impaired_since_the_kernel_would_mend_it():
    with TCPEchoServer() as server, pytest.raises(OptionError, match="tap a UDP server"):
        Tap(server, to_server=Impairment(loss=0.5))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts file descriptors in /proc")
def test_200_taps_leak_no_thread_and_no_file_descriptor():
    with TCPEchoServer() as server, UDPEchoServer() as udp_server:

        def cycle() -> None:
            with Tap(server) as tap, tcp(tap.address) as client:
                client.sendall(b"x")
                client.recv(1)
            with Tap(udp_server) as tap, udp(tap.address) as client:
                client.send(b"x")
                client.recv(1)

        cycle()
        threads, files = threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(200):
            cycle()
        server_side = len(server.connections)
        assert threading.active_count() == threads
        assert len(list(Path("/proc/self/fd").iterdir())) - server_side <= files
