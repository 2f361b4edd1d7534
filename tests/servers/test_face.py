"""What every server promises, whatever it speaks."""

import socket
import threading
from pathlib import Path

import pytest

from netlab.errors import AddressInUseError, OptionError, StoppedError
from netlab.servers import (
    ChatServer,
    DNSServer,
    QuoteServer,
    Server,
    TCPEchoServer,
    UDPEchoServer,
    UDPQuoteServer,
    Zone,
)
from netlab.wire import build_query


class TickerNames(DNSServer):
    """A name server with a zone, to be made like the others."""

    def __init__(self, host="127.0.0.1", port=0):
        super().__init__(
            Zone("ticker.example", "@ 60 IN SOA ns host 1 7200 3600 604800 300"), host=host, port=port
        )


TCP = [TCPEchoServer, QuoteServer, ChatServer]
UDP = [UDPEchoServer, UDPQuoteServer, TickerNames]
every_server = pytest.mark.parametrize("server_class", [*TCP, *UDP])
every_tcp_server = pytest.mark.parametrize("server_class", TCP)


@every_server
def test_it_listens_on_loopback_and_a_free_port(server_class):
    with server_class() as server:
        assert server.host == "127.0.0.1"
        assert server.port > 0
        assert server.address == (server.host, server.port)
        assert server.url == f"{server.scheme}://127.0.0.1:{server.port}"
        assert server.running


@every_server
def test_it_says_what_it_is_and_where(server_class):
    server = server_class()
    assert repr(server) == f"<{server_class.__name__} (stopped)>"
    with server:
        assert repr(server) == f"<{server_class.__name__} on 127.0.0.1:{server.port}>"


@every_server
def test_start_and_stop_may_be_said_twice(server_class):
    server = server_class()
    port = server.start().port
    assert server.start().port == port
    server.stop()
    server.stop()
    assert not server.running


@every_server
def test_it_can_be_started_again(server_class):
    server = server_class()
    for _ in range(3):
        with server:
            assert server.running


@every_server
def test_a_stopped_server_has_no_address_and_says_how_to_start_it(server_class):
    server = server_class()
    with pytest.raises(StoppedError, match=r"not running. Start it: `with "):
        _ = server.port


@every_server
def test_a_taken_port_is_an_error_that_says_what_to_do(server_class):
    with (
        server_class() as first,
        pytest.raises(AddressInUseError, match="leave the port out to get a free"),
    ):
        server_class(port=first.port).start()


@every_server
def test_the_port_is_free_again_after_a_stop(server_class):
    with server_class() as first:
        port = first.port
    with server_class(port=port) as second:
        assert second.port == port


@every_server
@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", "", "::"])
def test_it_never_listens_beyond_loopback(server_class, host):
    with pytest.raises(OptionError, match=r"use '127\.0\.0\.1'"):
        server_class(host)


@every_server
@pytest.mark.parametrize("port", [-1, 65536, "80", None])
def test_a_port_that_is_none_is_refused(server_class, port):
    with pytest.raises(OptionError, match="from 0 "):
        server_class(port=port)


@every_server
def test_localhost_is_the_ipv4_loopback(server_class):
    with server_class("localhost") as server:
        assert server.host == "127.0.0.1"


@every_tcp_server
def test_it_listens_on_ipv6_too(server_class):
    try:
        server = server_class("::1").start()
    except OptionError as error:
        pytest.skip(str(error))
    with server, socket.create_connection(server.address, timeout=5):
        assert server.url == f"tcp://[::1]:{server.port}"


@every_tcp_server
def test_a_stop_drops_the_clients(server_class, connect):
    with server_class() as server:
        client = connect(server.address)
    with client.makefile("rb") as stream:
        assert stream.read() in (b"", b"name?\n"), "a greeting may have come before"


@every_tcp_server
def test_after_a_stop_nobody_is_let_in(server_class, connect):
    with server_class() as server:
        address = server.address
    with pytest.raises(ConnectionRefusedError):
        connect(address)


@every_tcp_server
def test_what_was_answered_before_a_stop_still_arrives(server_class, connect):
    with server_class() as server:
        client = connect(server.address)
        client.sendall(b"AAPL?\n")
        assert client.recv(1)
    assert client.recv(100)


def test_a_server_left_by_an_exception_is_stopped():
    server = TCPEchoServer()
    with pytest.raises(KeyError), server:
        raise KeyError
    assert not server.running


def cycle(server: Server) -> None:
    with (
        server,
        socket.socket(type=socket.SOCK_STREAM if server.transport == "tcp" else socket.SOCK_DGRAM) as client,
    ):
        client.settimeout(5)
        client.connect(server.address)
        client.send(build_query("ticker.example", "SOA", id=7) if server.scheme == "dns" else b"AAPL?\n")
        assert client.recv(100)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts file descriptors in /proc")
@every_server
def test_200_starts_and_stops_leak_no_thread_and_no_file_descriptor(server_class):
    cycle(server_class())  # starts the shared loop
    threads, files = threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(200):
        cycle(server_class())
    assert threading.active_count() == threads
    assert len(list(Path("/proc/self/fd").iterdir())) == files
