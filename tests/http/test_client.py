"""A client that shows every byte, against servers that keep to HTTP and servers that do not."""

import re

import pytest

from netlab.errors import NetlabError, OptionError
from netlab.exercises import peers
from netlab.http import Request, exchange
from netlab.servers import TCPEchoServer, WebServer
from netlab.servers.tls import client_context

HOST = {"Host": "ticker.example"}
GET = Request("GET", "/quotes/AAPL", HOST)
PRICE = b"AAPL 430.47\n"


def ticker(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [PRICE]


@pytest.fixture
def server():
    with WebServer(ticker) as server:
        yield server


def saying(*pieces, then="close"):
    """A server that takes a request and answers with these bytes."""

    def serve(listener):
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            for piece in pieces:
                connection.sendall(piece)
            while then == "wait" and connection.recv(65536):
                pass

    return peers.served_by(serve)


def test_it_sends_the_very_bytes_and_keeps_what_came(server):
    conversation = exchange(server.address, GET.pack())
    assert conversation.sent == GET.pack()
    assert conversation.response.content == PRICE
    assert conversation.received == server.transcript.said_by("server")
    assert conversation.received.endswith(b"\r\n\r\n" + PRICE)


def test_a_url_names_the_server_too_and_https_is_trusted_to_the_courses_authority(server):
    assert exchange(server.url + "/ignored", GET).response.status == 200
    with WebServer(ticker, tls=True) as secure:
        assert exchange(secure.url, GET).response.content == PRICE
        assert exchange(secure.address, GET, tls=client_context()).response.content == PRICE


@pytest.mark.parametrize("url", ["", "ticker.example", "ftp://127.0.0.1/", "http://"])
def test_what_is_no_url_is_refused(url):
    with pytest.raises(OptionError, match="no URL"):
        exchange(url, GET)


def test_the_next_request_waits_for_the_answer_to_the_one_before(server):
    conversation = exchange(server.address, Request("HEAD", "/", HOST), GET)
    assert [response.content for response in conversation.responses] == [b"", PRICE]
    assert [entry.speaker for entry in server.transcript][:2] == ["client 1", "server"]


def test_it_shows_the_dialogue_line_by_line_with_the_line_ends(server):
    shown = repr(exchange(server.address, GET)).splitlines()
    assert shown[:4] == [
        "client → server",
        r"    GET /quotes/AAPL HTTP/1.1\r\n",
        r"    Host: ticker.example\r\n",
        r"    \r\n",
    ]
    assert shown[4:6] == ["server → client", r"    HTTP/1.1 200 OK\r\n"]
    assert shown[-3:] == [r"    \r\n", r"    AAPL 430.47\n", "(the client closed the connection)"]


def test_in_a_notebook_the_dialogue_is_html_in_which_nothing_is_markup():
    with saying(b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n<script>x()//\n\n\n") as address:
        bundle = exchange(address, GET)._repr_mimebundle_()
    assert "&lt;script&gt;" in bundle["text/html"]
    assert "<script" not in bundle["text/html"]
    assert "<script>" in bundle["text/plain"]


def test_long_and_binary_content_is_shown_in_short():
    lines = b"".join(b"%d\n" % n for n in range(1000))
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    with saying(head + lines) as address:
        assert "… and 3,789 bytes more" in repr(exchange(address, GET))
    with saying(head + b"\x1f\x8b\x08\x00" * 100) as address:
        assert "    1f 8b 08 00" in repr(conversation := exchange(address, GET))
    assert "(400 bytes, not text)" in repr(conversation)


def test_interim_responses_are_kept_and_the_last_one_is_the_response():
    with saying(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 204 No Content\r\n\r\n", then="wait") as address:
        conversation = exchange(address, GET)
    assert [response.status for response in conversation.responses] == [100, 204]
    assert conversation.response.status == 204


@pytest.mark.parametrize(
    ("pieces", "ending"),
    [
        ((b"HTTP/1.1 200 OK\r\n\r\n", PRICE), "the server closed the connection"),
        ((b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",), "the server closed"),
        ((b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",), "the server closed"),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", PRICE), "early: .* 12 of 99 bytes"),
        ((b"HTTP/1.1 200 OK\r\nContent-Le",), "early: .* in the header"),
        ((), "without a word"),
        ((b"220 mail.example ready\r\n",), "is no HTTP: .* no status line"),
    ],
)
def test_it_says_how_the_conversation_ended(pieces, ending):
    with saying(*pieces) as address:
        assert re.search(ending, exchange(address, GET).ending)


def test_silence_ends_it_after_the_timeout(server):
    conversation = exchange(server.address, b"GET / HTTP/1.1\r\nHost:", timeout=0.1)
    assert conversation.ending == "nothing more came within 0.1 s"
    with pytest.raises(NetlabError, match=r"no whole response; nothing more came within 0.1 s"):
        _ = conversation.response


def test_a_server_that_speaks_something_else_is_no_accident():
    with TCPEchoServer() as server:
        conversation = exchange(server.address, GET)
    assert conversation.received == conversation.sent
    assert "no HTTP" in conversation.ending


def test_no_request_is_no_conversation(server):
    assert exchange(server.address).turns == ()


def test_a_closed_port_is_an_error_of_the_system(server):
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        exchange(("127.0.0.1", 1), GET)
