"""WebServer among friendly and hostile clients, judged by clients that nobody here wrote."""

import contextlib
import http.client
import logging
import random
import socket
import struct
import subprocess
import threading
import time

import httpx
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import AddressInUseError, OptionError, StoppedError
from netlab.http import Request, exchange, parse_response
from netlab.servers import WebServer
from netlab.servers.tls import ca_file, client_context, server_context

HOST = {"Host": "ticker.example"}
GET = Request("GET", "/quotes/AAPL", HOST)
PRICE = b"AAPL 430.47\n"


def ticker(environ, start_response):
    """Answers a path with a price, and POST with what was sent."""
    content = environ["wsgi.input"].read() if environ["REQUEST_METHOD"] == "POST" else PRICE
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [content]


def answering(status="200 OK", headers=(), content=(PRICE,)):
    """An app that always answers the same."""

    def app(environ, start_response):
        start_response(status, list(headers))
        return content

    return app


@pytest.fixture
def server():
    with WebServer(ticker) as server:
        yield server


def threads():
    return [t for t in threading.enumerate() if t.name.startswith("netlab-web")]


# What every server promises


def test_it_listens_on_loopback_and_says_where(server):
    assert server.url == f"http://127.0.0.1:{server.port}"
    assert repr(server) == f"<WebServer on 127.0.0.1:{server.port}>"


def test_start_and_stop_may_be_said_twice_and_again():
    server = WebServer(ticker)
    for _ in range(3):
        assert server.start().start().running
        assert exchange(server.address, GET).response.content == PRICE
        server.stop()
        server.stop()
        assert not server.running
    with pytest.raises(StoppedError):
        _ = server.url


def test_a_taken_port_is_refused_and_a_freed_one_can_be_used_at_once(server):
    with pytest.raises(AddressInUseError, match="already in use"):
        WebServer(ticker, port=server.port).start()
    port = server.port
    exchange(server.address, GET)
    server.stop()
    with WebServer(ticker, port=port) as again:
        assert exchange(again.address, GET).response.status == 200


def test_what_is_no_app_is_refused_with_words():
    with pytest.raises(OptionError, match="no WSGI app"):
        WebServer("app.py")


def test_it_speaks_ipv6_when_asked():
    with WebServer(ticker, host="::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert requests.get(server.url, timeout=5).content == PRICE


def test_a_hundred_servers_leave_no_thread_behind():
    for _ in range(100):
        with WebServer(ticker) as server:
            exchange(server.address, GET)
    assert not threads()


# Connections


def test_a_connection_stays_open_for_the_next_request(server):
    conversation = exchange(server.address, *[GET] * 5)
    assert [response.content for response in conversation.responses] == [PRICE] * 5
    assert conversation.ending == "the client closed the connection"
    assert {entry.speaker for entry in server.transcript} == {"client 1", "server"}


def test_requests_sent_at_once_are_answered_in_order(server):
    posts = [Request("POST", "/", {**HOST, "Content-Length": "1"}, b"%d" % n) for n in range(5)]
    conversation = exchange(server.address, b"".join(post.pack() for post in posts))
    assert [response.content for response in conversation.responses] == [b"0", b"1", b"2", b"3", b"4"]


def test_pipelined_requests_over_tls_are_all_answered():
    with WebServer(ticker, tls=True) as server:
        conversation = exchange(server.url, GET.pack() * 200, timeout=5)
    assert len(conversation.responses) == 200


@pytest.mark.parametrize("goodbye", [{"Connection": "close"}, None])
def test_it_closes_when_the_client_says_so_or_speaks_http_1_0(server, goodbye):
    request = Request("GET", "/", {**HOST, **goodbye}) if goodbye else Request("GET", "/", version="HTTP/1.0")
    conversation = exchange(server.address, request)
    assert conversation.response.content == PRICE
    assert conversation.ending == "the server closed the connection"


def test_the_transcript_has_the_bytes_of_each_side(server):
    first = exchange(server.address, GET)
    second = exchange(server.address, GET)
    assert server.transcript.said_by("client 1") == first.sent
    assert server.transcript.said_by("client 2") == second.sent
    assert server.transcript.said_by("server") == first.received + second.received


def test_many_clients_are_served_at_the_same_time():
    together = threading.Barrier(20, timeout=5)

    def app(environ, start_response):
        together.wait()
        return ticker(environ, start_response)

    with WebServer(app) as server:
        answers = []
        clients = [
            threading.Thread(target=lambda: answers.append(exchange(server.address, GET).response.content))
            for _ in range(20)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join(5)
    assert answers == [PRICE] * 20


def test_two_hundred_silent_clients_keep_nobody_waiting(server, connect):
    silent = [connect(server.address) for _ in range(200)]
    started = time.monotonic()
    assert exchange(server.address, GET).response.content == PRICE
    assert time.monotonic() - started < 1
    silent[-1].sendall(GET.pack())
    assert silent[-1].recv(100).startswith(b"HTTP/1.1 200 OK")


def test_fifty_clients_in_the_middle_of_a_request_keep_nobody_waiting(server, connect):
    for _ in range(50):
        connect(server.address).sendall(b"GET / HTTP/1.1\r\nHo")
    assert exchange(server.address, GET).response.content == PRICE


def test_a_client_that_falls_silent_is_shown_out(connect, receive_all):
    with WebServer(ticker, timeout=0.2) as server:
        silent, half = connect(server.address), connect(server.address)
        half.sendall(b"POST / HTTP/1.1\r\nHost: ticker.example\r\nContent-Length: 9\r\n\r\nhal")
        assert receive_all(silent) == b""
        assert parse_response(receive_all(half)).status == 408


def test_a_slow_reader_gets_all_of_a_long_answer(connect):
    long = b"0123456789" * 1_000_000
    with WebServer(answering(content=[long])) as server:
        client = connect(server.address)
        client.sendall(Request("GET", "/", {**HOST, "Connection": "close"}).pack())
        received = bytearray()
        while piece := client.recv(100_000):
            received += piece
    assert parse_response(bytes(received)).content == long


def test_a_client_that_resets_hurts_nobody_else(server, connect):
    for _ in range(50):
        client = connect(server.address)
        client.sendall(GET.pack()[:30])
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
    assert exchange(server.address, GET).response.content == PRICE


def test_who_sends_too_much_still_reads_why(connect):
    with WebServer(ticker) as server:
        client = connect(server.address)
        client.sendall(b"POST / HTTP/1.1\r\nHost: ticker.example\r\nContent-Length: 999999999\r\n\r\n")
        with contextlib.suppress(OSError):
            for _ in range(50):
                client.sendall(bytes(65536))
        assert client.recv(100).startswith(b"HTTP/1.1 413 ")


# Stopping


def test_it_stops_at_once_with_clients_of_every_kind(server, connect):
    idle, half, content, alive = (connect(server.address) for _ in range(4))
    half.sendall(b"GET / HTT")
    content.sendall(b"POST / HTTP/1.1\r\nHost: ticker.example\r\nContent-Length: 9\r\n\r\nhal")
    alive.sendall(GET.pack())
    assert alive.recv(1) == b"H"
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 0.5
    assert not threads()
    for client in (idle, half, content, alive):
        with contextlib.suppress(ConnectionResetError):
            while client.recv(65536):
                pass


def test_an_answer_in_progress_is_finished_when_the_server_stops(connect):
    begun, go_on = threading.Event(), threading.Event()

    def app(environ, start_response):
        start_response("200 OK", [("Content-Length", "4")])
        yield b"AA"
        begun.set()
        go_on.wait(5)
        yield b"PL"

    server = WebServer(app).start()
    client = connect(server.address)
    client.sendall(GET.pack())
    assert begun.wait(5)
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    go_on.set()
    stopping.join(5)
    received = b""
    while piece := client.recv(100):
        received += piece
    assert parse_response(received).content == b"AAPL"


def test_an_app_that_never_returns_does_not_keep_the_server(connect):
    begun, end = threading.Event(), threading.Event()

    def app(environ, start_response):
        begun.set()
        end.wait(20)
        return ticker(environ, start_response)

    with WebServer(app) as server:
        connect(server.address).sendall(GET.pack())
        assert begun.wait(5)
        started = time.monotonic()
    assert time.monotonic() - started < 2
    end.set()
    for thread in threads():
        thread.join(5)


def test_an_app_may_stop_its_own_server(connect, receive_all):
    def app(environ, start_response):
        server.stop()
        return ticker(environ, start_response)

    with WebServer(app) as server:
        client = connect(server.address)
        client.sendall(GET.pack())
        receive_all(client)
        assert not server.running


def test_it_stops_with_a_client_that_never_reads(connect):
    with WebServer(answering(content=[bytes(50_000_000)])) as server:
        client = connect(server.address)
        client.sendall(GET.pack())
        assert client.recv(1) == b"H"
        started = time.monotonic()
    assert time.monotonic() - started < 2
    assert not threads()


# The app and its mistakes


def raising(environ, start_response):
    raise ValueError("a mistake in the app")


def raising_after_start(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html")])
    raise ValueError("a mistake in the app")
    yield b""


def asking_nobody(environ, start_response):
    raise ConnectionRefusedError("the app's own database is down")


MISTAKES = {
    "a connection of its own": (asking_nobody, "database is down"),
    "an exception": (raising, "a mistake in the app"),
    "an exception before the first piece": (raising_after_start, "a mistake in the app"),
    "text instead of bytes": (answering(content=["text"]), "yields bytes, not str"),
    "no start_response": (lambda environ, start: [b"x"], "before it called start_response"),
    "nothing at all": (lambda environ, start: [], "without calling start_response"),
    "None": (lambda environ, start: None, "NoneType"),
    "a status that is a number": (answering(status=200), "not of type str"),
    "a status without a number": (answering(status="OK"), "is no status"),
    "a line break in a header": (answering(headers=[("X", "a\r\nSet-Cookie: b")]), "line break"),
    "content longer than its length": (answering(headers=[("Content-Length", "3")]), "longer than its"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_of_the_app_is_answered_500_and_logged_but_not_printed(mistake, caplog, capfd):
    app, words = MISTAKES[mistake]
    with WebServer(app) as server, caplog.at_level(logging.ERROR, "netlab"):
        response = exchange(server.address, GET).response
    assert response.status == 500
    assert b"Traceback" not in response.content
    assert words in caplog.text
    assert "Traceback" in caplog.text
    assert capfd.readouterr() == ("", "")


def raising_in_the_middle(environ, start_response):
    start_response("200 OK", [])
    yield b"AAPL 4"
    raise ValueError("a mistake in the app")


def too_short(environ, start_response):
    start_response("200 OK", [("Content-Length", "100")])
    yield PRICE


@pytest.mark.parametrize("app", [raising_in_the_middle, too_short])
def test_an_answer_that_cannot_be_finished_is_cut_so_that_nobody_takes_it_for_whole(app, capfd):
    with WebServer(app) as server:
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            requests.get(server.url, timeout=5)
        assert "early" in exchange(server.address, GET).ending
    assert capfd.readouterr() == ("", "")


def test_what_an_app_writes_to_wsgi_errors_is_logged_and_not_printed(caplog, capfd):
    def app(environ, start_response):
        print("the app complains", file=environ["wsgi.errors"])
        return ticker(environ, start_response)

    with WebServer(app) as server, caplog.at_level(logging.ERROR, "netlab"):
        assert exchange(server.address, GET).response.status == 200
    assert "the app complains" in caplog.text
    assert capfd.readouterr() == ("", "")


def test_the_apps_close_is_called_also_when_the_client_has_gone(connect):
    closed = threading.Event()

    class Endless:
        def __iter__(self):
            return iter(lambda: bytes(65536), None)

        def close(self):
            closed.set()

    with WebServer(answering(content=Endless())) as server:
        client = connect(server.address)
        client.sendall(GET.pack())
        assert client.recv(1) == b"H"
        client.close()
        assert closed.wait(5)


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", "200 OK"), ("GET", "204 No Content"), ("GET", "304 X")]
)
def test_no_content_is_sent_where_none_may_be(method, status):
    with WebServer(answering(status)) as server:
        conversation = exchange(server.address, Request(method, "/", HOST), GET)
    assert conversation.turns[0].received.endswith(b"\r\n\r\n")
    assert len(conversation.turns) == 2, "the connection was closed"


def test_pieces_of_unknown_length_are_sent_chunked_and_one_piece_with_its_length():
    with WebServer(answering(content=[b"AAPL ", b"430.47\n"])) as many, WebServer(ticker) as one:
        chunked = exchange(many.address, GET)
        assert chunked.response.headers["Transfer-Encoding"] == "chunked"
        assert b"\r\n\r\n5\r\nAAPL \r\n7\r\n430.47\n\r\n0\r\n\r\n" in chunked.received
        assert exchange(one.address, GET).response.headers["Content-Length"] == "12"


def test_the_environ_is_what_pep_3333_wants():
    from wsgiref.validate import validator

    seen = {}

    def app(environ, start_response):
        seen.update(environ)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["wsgi.input"].read(3)]

    with WebServer(validator(app)) as server:
        post = Request(
            "POST", "/a%20b?c=d", {**HOST, "Content-Length": "3", "X_Fake": "1", "X-Real": "2"}, b"abc"
        )
        assert exchange(server.address, post).response.content == b"abc"
        assert seen["SERVER_PORT"] == str(server.port)
    assert (seen["PATH_INFO"], seen["QUERY_STRING"]) == ("/a b", "c=d")
    assert (seen["SERVER_NAME"], seen["HTTP_HOST"]) == ("127.0.0.1", "ticker.example")
    assert seen["HTTP_X_REAL"] == "2"
    assert "HTTP_X_FAKE" not in seen


def test_content_in_chunks_is_whole_for_the_app_and_the_next_request_begins_behind_it():
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["CONTENT_LENGTH"].encode(), *environ["wsgi.input"]]

    chunks = b"3;x=y\r\na\nb\r\n2\r\n\nc\r\n0\r\nTrailer: dropped\r\n\r\n"
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    with WebServer(app) as server:
        conversation = exchange(server.address, (head + chunks) * 3)
    assert [response.content for response in conversation.responses] == [b"5a\nb\nc"] * 3


def test_an_app_that_does_not_read_the_content_leaves_nothing_for_the_next_request():
    with WebServer(answering()) as server:
        post = Request("POST", "/", {**HOST, "Transfer-Encoding": "chunked"}, b"GET /evil HTTP/1.1\r\n\r\n")
        conversation = exchange(server.address, post, post, GET)
    assert [response.status for response in conversation.responses] == [200, 200, 200]


def test_half_a_request_is_never_given_to_the_app(connect, receive_all):
    asked = []

    def app(environ, start_response):
        asked.append(environ["PATH_INFO"])
        return ticker(environ, start_response)

    with WebServer(app) as server:
        for framing in (b"Content-Length: 9\r\n\r\nhal", b"Transfer-Encoding: chunked\r\n\r\n9\r\nhal"):
            client = connect(server.address)
            client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\n" + framing)
            client.shutdown(socket.SHUT_WR)
            assert parse_response(receive_all(client)).status == 400
    assert asked == []


# What is no HTTP

WRONG = {
    b"GET / HTTP/1.1\n\n": 400,
    b"GET / HTTP/1.1\r\n\r\n": 400,  # no Host
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nHost : a\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n": 400,
    b"GET / HTTP/3.0\r\nHost: a\r\n\r\n": 505,
    b"get / HTTP/1.1\r\nHost: a\r\n\r\n": 400,
    b"GET /\r\n\r\n": 400,
    b"\x16\x03\x01\x02\x00\r\n\r\n": 400,
    b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\nHost: a\r\n\r\n": 414,
    b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 70000 + b"\r\n\r\n": 413,
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n": 400,
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx": 400,
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx": 400,
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n": 400,
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n": 400,
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n": 400,
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc": 400,
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n": 413,
    b"CONNECT ticker.example:443 HTTP/1.1\r\nHost: a\r\n\r\n": 501,
}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: repr(wrong[:60]))
def test_a_wrong_request_is_answered_in_words_and_the_connection_closed(server, wrong, capfd):
    conversation = exchange(server.address, wrong)
    assert conversation.response.status == WRONG[wrong]
    assert conversation.response.headers["Connection"] == "close"
    assert conversation.ending == "the server closed the connection"
    assert exchange(server.address, GET).response.content == PRICE
    assert capfd.readouterr() == ("", "")


def survive(server, data):
    """Send anything at all, end it, and read to the end; the next client is served."""
    with socket.create_connection(server.address, timeout=5) as sock, contextlib.suppress(ConnectionError):
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(65536):
            pass


PIECES = (
    b"GET |POST |HEAD |/ |http://x/ |* |HTTP/1.1\r\n|HTTP/1.0\r\n|\r\n|\n|\r|:|\0|\xff|%|%zz|#|[|\r\n\r\n|0|5"
    b"|ffffffffff|-1|Host: a\r\n|Content-Length: |Transfer-Encoding: chunked\r\n|Expect: 100-continue\r\n"
).split(b"|")


@pytest.mark.parametrize(
    "garbage",
    [st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join)],
    ids=["any bytes", "pieces of requests"],
)
def test_garbage_is_survived(server, garbage, capfd):
    @given(garbage)
    def survived(data):
        survive(server, data)

    survived()
    assert exchange(server.address, GET).response.content == PRICE
    assert capfd.readouterr() == ("", "")


def test_thousands_of_damaged_requests_are_survived_and_the_next_client_is_served(capfd):
    chance = random.Random(7)
    sound = Request("POST", "/quotes", {**HOST, "Transfer-Encoding": "chunked"}, b"share=AAPL&days=5").pack()
    with WebServer(ticker) as server:
        for _ in range(2000):
            data = bytearray(sound)
            for _ in range(chance.randint(1, 4)):
                at = chance.randrange(len(data))
                data[at : at + chance.randint(0, 2)] = chance.randbytes(chance.randint(0, 2))
            survive(server, bytes(data))
        assert exchange(server.address, GET).response.content == PRICE
    assert not threads()
    assert capfd.readouterr() == ("", "")


# TLS


def test_https_is_spoken_with_a_certificate_of_the_courses_own():
    with WebServer(ticker, tls=True) as server:
        assert server.url.startswith("https://127.0.0.1:")
        with ca_file() as authority:
            assert requests.get(server.url, verify=authority, timeout=5).content == PRICE
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(server.url, timeout=5)


def test_plain_http_to_an_https_port_is_told_so():
    with WebServer(ticker, tls=True) as server:
        response = exchange(server.address, GET).response
    assert response.status == 400
    assert b"https://" in response.content


def test_clients_that_do_not_finish_their_handshake_keep_nobody_waiting(connect):
    with WebServer(ticker, tls=True) as server:
        for beginning in (b"", b"\x16", b"\x16\x03\x01\x00\xff", bytes(50)):
            for _ in range(5):
                connect(server.address).sendall(beginning)
        assert exchange(server.url, GET).response.content == PRICE
        started = time.monotonic()
    assert time.monotonic() - started < 1
    assert not threads()


def test_https_may_have_a_context_of_ones_own():
    with WebServer(ticker, tls=server_context("quotes.example")) as server, ca_file() as authority:
        assert server.url.startswith("https://")
        with pytest.raises(requests.exceptions.SSLError, match="IP address mismatch"):
            requests.get(server.url, verify=authority, timeout=5)


def test_the_end_of_a_tls_connection_is_announced(connect):
    with WebServer(ticker, tls=True) as server:
        plain = connect(server.address)
        client = client_context().wrap_socket(plain, server_hostname="127.0.0.1", suppress_ragged_eofs=False)
        client.sendall(Request("GET", "/", {**HOST, "Connection": "close"}).pack())
        while client.recv(65536):  # ssl.SSLEOFError without close_notify
            pass
        client.close()


# Judged by others


def test_http_client_posts_and_keeps_the_connection(server):
    connection = http.client.HTTPConnection(*server.address, timeout=5)
    for n in range(3):
        connection.request("POST", "/", body=iter([b"share", b"=%d" % n]), encode_chunked=True,
                           headers={"Transfer-Encoding": "chunked"})  # fmt: skip
        assert connection.getresponse().read() == b"share=%d" % n
    connection.close()
    assert len({entry.speaker for entry in server.transcript}) == 2


def test_requests_keeps_one_connection_for_a_session(server):
    with requests.Session() as session:
        for _ in range(5):
            assert session.get(server.url, timeout=5).content == PRICE
            assert session.head(server.url, timeout=5).headers["Content-Length"] == "12"
    assert {entry.speaker for entry in server.transcript} == {"client 1", "server"}


def test_httpx_which_reads_with_h11_agrees(server):
    with httpx.Client(timeout=5, trust_env=False) as client:
        for n in range(5):
            assert client.post(server.url, content=iter([b"share", b"=%d" % n])).content == b"share=%d" % n
            assert client.head(server.url).headers["Content-Length"] == "12"
    assert {entry.speaker for entry in server.transcript} == {"client 1", "server"}


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(
    ("options", "answer"),
    [
        (["--http1.1"], PRICE),
        (["--http1.0"], PRICE),
        (["--data", "share=AAPL"], b"share=AAPL"),
        (["--data", "x" * 2_000_000, "-H", "Expect: 100-continue"], b"x" * 2_000_000),
        (["--data", "abc", "-H", "Transfer-Encoding: chunked"], b"abc"),
    ],
    ids=["1.1", "1.0", "post", "100-continue", "chunked"],
)
def test_curl_agrees(tool, tls, options, answer, tmp_path):
    if len(options[1:2] and options[1]) > 100_000:  # too long for a command line
        (tmp_path / "content").write_text(options[1])
        options = ["--data", f"@{tmp_path / 'content'}", *options[2:]]
    with WebServer(ticker, tls=tls) as server, ca_file() as authority:
        command = [
            tool("curl"),
            "-sS",
            "--fail",
            "--max-time",
            "10",
            "--cacert",
            authority,
            *options,
            server.url,
        ]
        done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == answer


def test_wget_agrees(tool, server):
    done = subprocess.run([tool("wget"), "-qO-", server.url], capture_output=True, check=True, timeout=20)
    assert done.stdout == PRICE


def test_openssl_agrees(tool):
    with WebServer(ticker, tls=True) as server, ca_file() as authority:
        command = [tool("openssl"), "s_client", "-quiet", "-verify_return_error", "-verify_ip", "127.0.0.1"]
        command += ["-CAfile", authority, "-connect", f"127.0.0.1:{server.port}"]
        request = Request("GET", "/", {**HOST, "Connection": "close"}).pack()
        done = subprocess.run(command, input=request, capture_output=True, check=True, timeout=20)
    assert done.stdout.endswith(PRICE)
