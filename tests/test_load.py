"""Many clients at once, and what they find."""

import math
import resource
import socket
import struct

import pytest

from netlab.errors import OptionError
from netlab.load import Load, allow_files, hold, measure, slow_client
from netlab.servers import QuoteServer, ServerProcess

PRICE = b"AAPL 430.47\n"


def one_at_a_time(listener):
    while True:
        client, _ = listener.accept()
        with client:
            while client.recv(100):
                client.sendall(PRICE)


def test_every_client_asks_all_its_questions():
    with QuoteServer() as server:
        load = measure(server.address, clients=20, questions=5)
    assert (load.clients, load.questions, load.failed) == (20, 5, 0)
    assert len(load.waits) == 100
    assert list(load.waits) == sorted(load.waits)
    assert 0 < load.median <= load.p99 <= load.slowest == load.waits[-1] <= load.seconds
    assert load.rate == 100 / load.seconds


def test_a_thousand_clients_come_at_once():
    with QuoteServer() as server:
        load = measure(server.address, clients=1000)
    assert len(load.waits) == 1000


def test_clients_that_are_served_in_turn_are_all_served():
    with ServerProcess(one_at_a_time) as server:
        assert len(measure(server.address, clients=100, questions=2).waits) == 200


def test_a_slow_client_makes_the_others_give_up():
    with ServerProcess(one_at_a_time) as server, slow_client(server.address) as slow:
        assert slow.recv(100) == PRICE
        load = measure(server.address, clients=3, timeout=0.1)
    assert load.reasons == {"no answer within 0.1 s": 3}
    assert load.waits == ()
    assert load.rate == 0
    assert math.isnan(load.median)
    assert math.isnan(load.p99)
    assert math.isnan(load.slowest)


def test_a_server_that_is_not_there_is_a_reason():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        load = measure(sock.getsockname(), clients=2)
    assert load.reasons == {"ConnectionRefusedError": 2}


@pytest.mark.parametrize(
    ("linger", "reason"), [(False, "the server closed the connection"), (True, "ConnectionResetError")]
)
def test_a_server_that_hangs_up_is_a_reason(linger, reason):
    def hang_up(listener):
        while True:
            client, _ = listener.accept()
            with client:
                client.recv(100)
                if linger:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with ServerProcess(hang_up) as server:
        assert measure(server.address, clients=2).reasons == {reason: 2}


def test_a_wrong_answer_is_a_reason_unless_any_will_do():
    with QuoteServer() as server:
        wrong = measure(server.address, clients=2, question=b"MSFT?\n")
        assert wrong.failed == 2
        assert "the answer was b'MSFT" in repr(wrong)
        assert measure(server.address, clients=2, question=b"MSFT?\n", answer=None).failed == 0


def test_an_answer_may_come_in_pieces():
    def in_pieces(listener):
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.recv(100)
        for byte in PRICE:
            client.send(bytes([byte]))
        client.recv(100)

    with ServerProcess(in_pieces) as server:
        assert measure(server.address, clients=1).failed == 0


def test_it_says_what_it_found():
    load = Load(1000, 1, 2.0, tuple(i / 1000 for i in range(1, 999)), {"ConnectionResetError": 2})
    assert repr(load) == (
        "1,000 clients: 499 answers/s; waits 500 ms (median), 989 ms (p99), 998 ms (slowest); "
        "2 failed: ConnectionResetError"
    )
    assert repr(Load(1, 1, 1.0, (), {"x": 1})) == "1 client: 0 answers/s; 1 failed: x"


@pytest.mark.parametrize("wrong", [{"clients": 0}, {"clients": 1, "questions": 0}])
def test_nothing_to_measure_is_refused(wrong):
    with pytest.raises(OptionError, match="at least one"):
        measure(("127.0.0.1", 1), **wrong)


def test_held_connections_stay_until_the_end_of_the_block():
    with QuoteServer() as server:
        with hold(server.address, 50, question=b"AAPL?\n") as socks:
            assert len(socks) == len(server.connections) == 50
        assert {sock.fileno() for sock in socks} == {-1}
        with hold(server.address, 2) as socks:
            assert len(socks) == 2


def test_more_files_are_allowed_when_they_are_needed():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        allow_files(10)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (256, hard)
        allow_files(1000)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (1200, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_more_files_than_the_system_allows_are_an_error_that_says_what_to_do():
    with pytest.raises(OptionError, match="Take fewer"):
        allow_files(2**40)
