"""UDP servers: datagrams in, datagrams out, whatever they hold."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.servers import UDPEchoServer, UDPQuoteServer


@pytest.fixture(scope="module")
def echo_server():
    with UDPEchoServer() as server:
        yield server


@given(datagram=st.binary(max_size=2000))
def test_a_datagram_comes_back_whole(echo_server, datagram):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.sendto(datagram, echo_server.address)
        assert client.recvfrom(65535) == (datagram, echo_server.address)


@pytest.mark.parametrize("size", [0, 1, 1200, 1473, 65507])
def test_datagrams_of_every_size_come_back(echo_server, udp, size):
    udp.sendto(bytes(size), echo_server.address)
    assert udp.recv(65535) == bytes(size)


def test_a_sender_that_has_gone_hurts_nobody(udp):
    with UDPQuoteServer() as server:
        for _ in range(50):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
                gone.sendto(b"AAPL?", server.address)
        udp.sendto(b"AAPL?", server.address)
        assert udp.recv(100) == b"AAPL 430.47"


def test_senders_are_numbered_in_order_of_appearance(udp):
    with UDPQuoteServer() as server, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.settimeout(5)
        for sock in (udp, other, udp):
            sock.sendto(b"IBM?", server.address)
            sock.recv(100)
        speakers = [entry.speaker for entry in server.transcript if entry.speaker != "server"]
    assert speakers == ["client 1", "client 2", "client 1"]
