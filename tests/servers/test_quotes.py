r"""Ticker's quote protocol: a share and a question mark, a share and its price."""

import socket

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netlab.prices import load_prices
from netlab.servers import QuoteServer, UDPQuoteServer
from netlab.servers.quotes import LONGEST_LINE, answer


@pytest.mark.parametrize("ticker", ["AAPL", "FB", "GOOG", "IBM", "MSFT"])
def test_the_price_is_the_last_close_in_the_data(ticker):
    close = load_prices(ticker)["Close"].iloc[-1]
    assert answer(f"{ticker}?".encode()) == f"{ticker} {close:.2f}".encode()


def test_a_request_may_carry_a_number_which_the_answer_repeats():
    assert answer(b"17 AAPL?") == b"17 AAPL 430.47"


def test_an_unknown_share_is_named_in_the_error():
    assert answer(b"17 XYZ?") == b"17 ERR no such share: XYZ"


@given(st.binary(max_size=200))
@example(b"")
@example(b"aapl?")
@example(b"AAPL?\n")
@example("苹果?".encode())
def test_whatever_is_asked_the_answer_is_one_line_of_ascii(request_line):
    line = answer(request_line)
    assert line.isascii()
    assert b"\n" not in line


def test_a_dialogue_ends_with_bye(connect, receive_all):
    with QuoteServer() as server:
        client = connect(server.address)
        client.sendall(b"AAPL?\nIBM?\r\nwhat\nbye\nMSFT?\n")
        assert receive_all(client) == (
            b"AAPL 430.47\nIBM 202.91\nERR ask with a share and a question mark, such as AAPL?\nbye\n"
        )


def test_requests_may_come_in_pieces_of_any_size(connect, receive_all):
    conversation = b"AAPL?\n" * 20 + b"bye\n"
    with QuoteServer() as server:
        for size in (1, 3, 10):
            client = connect(server.address)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for start in range(0, len(conversation), size):
                client.sendall(conversation[start : start + size])
            assert receive_all(client) == b"AAPL 430.47\n" * 20 + b"bye\n"


def test_a_line_without_end_is_cut_off_with_an_error(connect, receive_all):
    with QuoteServer() as server:
        client = connect(server.address)
        client.sendall(b"A" * (LONGEST_LINE + 1))
        assert receive_all(client) == b"ERR the line is too long\n"


def test_over_udp_a_datagram_is_a_request(udp):
    with UDPQuoteServer() as server:
        udp.sendto(b"17 AAPL?\n", server.address)
        assert udp.recv(100) == b"17 AAPL 430.47"


def test_the_transcript_reads_as_a_dialogue(connect):
    with QuoteServer() as server:
        client = connect(server.address)
        client.sendall(b"AAPL?\n")
        client.recv(100)
    assert repr(server.transcript) == (
        r"client 1 → server: AAPL?\n" + "\n" + r"server → client 1: AAPL 430.47\n"
    )
    assert server.transcript.said_by("server") == b"AAPL 430.47\n"
