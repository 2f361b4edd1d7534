"""What every server promises, whatever it speaks."""

import contextlib
import gc
import logging
import random
import socket
import threading
import weakref
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netlab.servers
from netlab.errors import AddressInUseError, OptionError, StoppedError
from netlab.servers import (
    ChatServer,
    DNSServer,
    FTPServer,
    IMAPServer,
    Mailbox,
    POP3Server,
    QuoteServer,
    Server,
    SMSGateway,
    SMTPServer,
    TCPEchoServer,
    UDPEchoServer,
    UDPQuoteServer,
    WebServer,
    Zone,
)
from netlab.servers.tls import client_context
from netlab.wire import build_query


def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]


def made_with(kind, *arguments, **options):
    """A kind of server that needs something, to be made like the others."""

    class Made(kind):
        def __init__(self, host="127.0.0.1", port=0):
            super().__init__(*arguments, host=host, port=port, **options)

    Made.__name__ = kind.__name__ + ("TLS" if options.get("tls") else "")
    return Made


ZONE = Zone("ticker.example", "@ 60 IN SOA ns host 1 7200 3600 604800 300")
MAILBOX = Mailbox({"ada@ticker.example": "lovelace"})
MAIL = [made_with(kind, MAILBOX) for kind in (SMTPServer, POP3Server, IMAPServer)]
WEB = [made_with(WebServer, hello), made_with(SMSGateway, "ticker", "key")]
TCP = [TCPEchoServer, QuoteServer, ChatServer, *MAIL, *WEB, made_with(FTPServer, Path(__file__).parent)]
UDP = [UDPEchoServer, UDPQuoteServer, made_with(DNSServer, ZONE)]
SECURE = [
    *(made_with(kind, tls=True) for kind in (TCPEchoServer, QuoteServer, ChatServer)),
    *(made_with(kind, MAILBOX, tls=True) for kind in (SMTPServer, POP3Server, IMAPServer)),
    made_with(WebServer, hello, tls=True),
    made_with(SMSGateway, "ticker", "key", tls=True),
]
every_server = pytest.mark.parametrize("server_class", [*TCP, *UDP])
every_tcp_server = pytest.mark.parametrize("server_class", TCP)

SAID = {
    "dns": build_query("ticker.example", "SOA", id=7),
    "http": b"GET / HTTP/1.1\r\nHost: ticker.example\r\n\r\n",
    "smtp": b"NOOP\r\n",
    "pop3": b"CAPA\r\n",
    "imap": b"a NOOP\r\n",
    "ftp": b"NOOP\r\n",
}


def test_every_kind_of_server_is_tried_here():
    kinds = {
        kind
        for kind in map(netlab.servers.__getattr__, netlab.servers.__all__)
        if isinstance(kind, type) and issubclass(kind, Server) and kind is not Server
    }
    assert kinds == {
        next(base for base in tried.__mro__ if base.__name__ != "Made" and base in kinds)
        for tried in (*TCP, *UDP)
    }


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
        assert server.url == f"{server.scheme}://[::1]:{server.port}"


@every_tcp_server
def test_a_stop_drops_the_clients(server_class, connect):
    with server_class() as server:
        client = connect(server.address)
    with contextlib.suppress(ConnectionResetError):
        while client.recv(65536):  # a greeting, and a goodbye
            pass


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
        client.sendall(SAID.get(server.scheme, b"AAPL?\n"))
        assert client.recv(1)
    assert client.recv(100)


def test_a_server_left_by_an_exception_is_stopped():
    server = TCPEchoServer()
    with pytest.raises(KeyError), server:
        raise KeyError
    assert not server.running


def said_and_heard(server: Server) -> None:
    """A client is served."""
    said = SAID.get(server.scheme, b"AAPL?\n")
    if server.transport == "udp":
        assert any(answers(server, said) for _ in range(50))
        return
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(socket.create_connection(server.address, timeout=5))
        if server.tls:
            client = stack.enter_context(client_context().wrap_socket(client, server_hostname="127.0.0.1"))
        client.sendall(said)
        assert client.recv(100)


def answers(server: Server, datagram: bytes) -> bool:
    """Whether a datagram is answered soon; it may be lost where others fill the system's buffer."""
    with socket.socket(type=socket.SOCK_DGRAM) as client, contextlib.suppress(TimeoutError):
        client.settimeout(0.2)
        client.sendto(datagram, server.address)
        return client.recv(100) != b""
    return False


def say_garbage(server: Server, data: bytes) -> None:
    """A client says that, ends it, and hears the server out."""
    if server.transport == "udp":
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.sendto(data[:60_000], server.address)
        return
    with socket.create_connection(server.address, timeout=5) as client, contextlib.suppress(ConnectionError):
        client.sendall(data)
        with contextlib.suppress(OSError):  # it has hung up already
            client.shutdown(socket.SHUT_WR)
        while client.recv(65536):
            pass


def cycle(server: Server) -> None:
    with server:
        said_and_heard(server)


@every_server
def test_garbage_is_survived_without_a_word_and_the_next_client_is_served(server_class, caplog, capfd):
    chance = random.Random(20)
    with server_class() as server, caplog.at_level(logging.WARNING):

        @given(st.binary(max_size=300))
        def survived(data):
            say_garbage(server, data)

        survived()
        for _ in range(500):
            say_garbage(server, chance.randbytes(chance.choice([0, 1, 10, 100, 1000])))
        for _ in range(10):
            say_garbage(server, chance.randbytes(100_000))
        said_and_heard(server)
    assert [record for record in caplog.records if not record.name.startswith("hypothesis")] == []
    assert capfd.readouterr() == ("", "")


def assert_no_leak(server_class, cycles: int) -> None:
    cycle(server_class())  # starts the shared loop
    threads, files = threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(cycles):
        cycle(server_class())
    assert threading.active_count() == threads
    assert len(list(Path("/proc/self/fd").iterdir())) == files


counts_files = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="counts file descriptors in /proc"
)


@counts_files
@every_server
def test_200_starts_and_stops_leak_no_thread_and_no_file_descriptor(server_class):
    assert_no_leak(server_class, 200)


@counts_files
@pytest.mark.parametrize("server_class", SECURE)
def test_nor_do_50_with_tls(server_class):
    assert_no_leak(server_class, 50)


@pytest.mark.parametrize("server_class", [*TCP, *UDP, *SECURE])
def test_nothing_keeps_a_server_that_was_stopped(server_class):
    servers = [server_class() for _ in range(5)]
    for server in servers:
        cycle(server)
    gone = [weakref.ref(server) for server in servers]
    cycle(server_class())  # the last one may still be in a frame of a thread
    del server, servers
    gc.collect()
    assert [server() for server in gone].count(None) >= 4
