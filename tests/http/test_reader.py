"""Messages out of a stream, however it is cut, judged by h11 and http.client."""

import http.client
import io
import itertools

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.http import (
    Headers,
    HTTPSyntaxError,
    MessageReader,
    Request,
    Response,
    parse_request,
    parse_response,
)

POST = b"POST /alerts?to=ada HTTP/1.1\r\nHost: ticker.example\r\nContent-Length: 4\r\n\r\nAAPL"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nAAPL \r\n007;x=y\r\n430.47\n\r\n0\r\nT: v\r\n\r\n"
PRICE = b"AAPL 430.47\n"


# Whole messages


def test_a_request_is_read():
    request = parse_request(POST)
    assert (request.method, request.target, request.version) == ("POST", "/alerts?to=ada", "HTTP/1.1")
    assert request.headers["host"] == "ticker.example"
    assert request.content == b"AAPL"


def test_blanks_around_a_value_are_not_part_of_it():
    assert parse_request(b"GET / HTTP/1.1\r\nHost: \t ticker.example \r\nX:\r\n\r\n").headers == Headers(
        {"Host": "ticker.example", "X": ""}
    )


def test_a_chunked_response_is_read_without_its_marks():
    response = parse_response(CHUNKED)
    assert response.content == PRICE
    assert response.trailers == Headers({"T": "v"})


def test_a_response_without_a_length_ends_with_the_connection():
    assert parse_response(b"HTTP/1.0 200 OK\r\n\r\n" + PRICE).content == PRICE


@pytest.mark.parametrize(
    ("line", "method"),
    [("204 No Content", "GET"), ("304 Not Modified", "GET"), ("200 OK", "HEAD"), ("200 OK", "CONNECT")],
)
def test_a_response_that_never_has_content_ends_with_its_empty_line(line, method):
    head = f"HTTP/1.1 {line}\r\nContent-Length: 12\r\n\r\n".encode()
    assert parse_response(head, method).content == b""
    with pytest.raises(HTTPSyntaxError):
        parse_response(head + PRICE, method)


def test_interim_responses_are_passed_over():
    data = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + CHUNKED
    assert parse_response(data).status == 200
    assert [response.status for response in MessageReader(Response).feed(data)] == [100, 103, 200]


def test_a_reason_may_be_missing_or_strange():
    assert parse_response(b"HTTP/1.1 204\r\n\r\n").reason == ""
    assert parse_response(b"HTTP/1.1 204 \r\n\r\n").reason == ""
    assert parse_response("HTTP/1.1 204 Schön leer\r\n\r\n".encode("latin-1")).reason == "Schön leer"


def test_the_same_length_twice_is_one_length():
    assert parse_request(POST.replace(b"\r\n\r\n", b"\r\nContent-Length: 4\r\n\r\n")).content == b"AAPL"


# Streams


def test_messages_come_as_soon_as_they_are_whole():
    reader = MessageReader(Request)
    assert reader.feed(POST[:-1]) == []
    assert len(reader.feed(POST[-1:] + POST + b"GET /")) == 2
    assert reader.rest == b"GET /"
    assert reader.feed(b" HTTP/1.1\r\n\r\n")[0].method == "GET"
    assert reader.close() == []


def test_an_empty_line_before_a_request_is_forgiven_once():
    assert parse_request(b"\r\n" + POST) == parse_request(POST)
    with pytest.raises(HTTPSyntaxError):
        parse_request(b"\r\n\r\n" + POST)


@pytest.mark.parametrize("data", [POST, CHUNKED])
@given(cuts=st.lists(st.integers(0, 120), max_size=10))
def test_it_makes_no_difference_how_the_stream_is_cut(data, cuts):
    kind = Request if data is POST else Response
    reader = MessageReader(kind)
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[start:end] for start, end in itertools.pairwise(edges)]
    messages = [message for piece in pieces for message in reader.feed(piece)]
    assert messages == MessageReader(kind).feed(data)


def test_one_byte_at_a_time_is_read_in_linear_time():
    reader = MessageReader(Response)
    data = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 60_000 + b"\r\nContent-Length: 0\r\n\r\n"
    messages = [message for byte in data for message in reader.feed(bytes([byte]))]
    assert len(messages) == 1


def test_each_response_may_answer_another_method():
    reader = MessageReader(Response, "HEAD")
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"
    assert reader.feed(head)[0].content == b""
    reader.method = "GET"
    assert reader.feed(head + PRICE)[0].content == PRICE


def test_sound_messages_before_a_bad_one_are_not_lost():
    reader = MessageReader(Request)
    assert len(reader.feed(POST + b"\0\r\n")) == 1
    for use in (lambda: reader.feed(POST), reader.close):
        with pytest.raises(HTTPSyntaxError):
            use()


# What is no message

HOST = b"GET / HTTP/1.1\r\nHost: a\r\n"
TO_POST = b"POST / HTTP/1.1\r\n"
CHUNKS = TO_POST + b"Transfer-Encoding: chunked\r\n\r\n"
BAD_REQUESTS = {
    b"": "there are 0",
    POST + POST: "there are 2",
    POST[:-1]: "closed after 3 of 4 bytes",
    POST[:30]: "closed in the header",
    POST[:9]: "closed in the start line",
    b"GET /\r\n\r\n": "no request line",
    b"GET  / HTTP/1.1\r\n\r\n": "no request line",
    b"GET /a b HTTP/1.1\r\n\r\n": "no request line",
    b"GET / HTTP/1.1 \r\n\r\n": "no request line",
    b"GET / HTTP/2.0\r\n\r\n": "not spoken here",
    b"GET / http/1.1\r\n\r\n": "not spoken here",
    b"G@T / HTTP/1.1\r\n\r\n": "no method",
    b"GET /\xff HTTP/1.1\r\n\r\n": "no request target",
    b"GET / HTTP/1.1\n\n": "both of them",
    HOST + b"\n": "both of them",
    HOST + b"X: a\rb\r\n\r\n": "both of them",
    HOST + b"X: \0\r\n\r\n": "control character",
    HOST + b" folded\r\n\r\n": "begins with a blank",
    HOST + b"\tfolded\r\n\r\n": "begins with a blank",
    HOST + b"X : y\r\n\r\n": "no field name",
    HOST + b": y\r\n\r\n": "no field name",
    HOST + b"X\r\n\r\n": "no header field",
    TO_POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nAAPL": "no length",
    TO_POST + b"Content-Length: 4, 5\r\n\r\nAAPL": "no length",
    TO_POST + b"Content-Length: \r\n\r\n": "no length",
    TO_POST + b"Content-Length: -4\r\n\r\nAAPL": "no length",
    TO_POST + b"Content-Length: +4\r\n\r\nAAPL": "no length",
    TO_POST + b"Content-Length: 0x4\r\n\r\nAAPL": "no length",
    TO_POST + b"Content-Length: 1 2\r\n\r\nAAPL": "no length",
    TO_POST + "Content-Length: ²\r\n\r\n".encode("latin-1"): "no length",
    TO_POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n": "contradict each other",
    TO_POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n": "not understood",
    TO_POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n": "not understood",
    b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n": "not understood in HTTP/1.0",
    CHUNKS + b"4\r\nAAPL0\r\n\r\n": "After a chunk of 4 bytes",
    CHUNKS + b"-4\r\nAAPL\r\n0\r\n\r\n": "no chunk size",
    CHUNKS + b"0x4\r\nAAPL\r\n0\r\n\r\n": "no chunk size",
    CHUNKS + b"4 \r\nAAPL\r\n0\r\n\r\n": "no chunk size",
    CHUNKS + b"\r\n": "no chunk size",
    CHUNKS + b"4\nAAPL\r\n0\r\n\r\n": "both of them",
    CHUNKS + b"4\r\nAAPL\r\n0\r\n": "closed in the header",
    CHUNKS + b"0\r\n bad\r\n\r\n": "begins with a blank",
    CHUNKS + b"ffffffffffffffff\r\n": "exceeds the limit",
}


@pytest.mark.parametrize("data", BAD_REQUESTS, ids=lambda data: repr(data[-50:]))
def test_what_is_no_request_is_refused_with_words(data):
    with pytest.raises(HTTPSyntaxError, match=BAD_REQUESTS[data]):
        parse_request(data)


@pytest.mark.parametrize(
    "line", [b"HTTP/1.1 OK", b"HTTP/1.1 20 OK", b"HTTP/1.1 2000 OK", b"HTTP/1.1  200 OK"]
)
def test_what_is_no_status_line_is_refused(line):
    with pytest.raises(HTTPSyntaxError, match="no status line"):
        parse_response(line + b"\r\n\r\n")


@pytest.mark.parametrize(
    "data",
    [
        b"GET /" + b"a" * 200,
        b"GET / HTTP/1.1\r\nX: " + b"a" * 200,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 50,
        CHUNKS + b"0\r\n" + b"X: y\r\n" * 50,
        CHUNKS + b"5;" + b"a" * 200,
        CHUNKS + b"9\r\n123456789\r\n9\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n",
    ],
)
def test_what_is_too_long_is_refused_before_it_is_stored(data):
    with pytest.raises(HTTPSyntaxError, match="Too long"):
        MessageReader(Request, head_limit=100, content_limit=10).feed(data)


def test_an_endless_response_is_refused_at_the_limit():
    reader = MessageReader(Response, content_limit=1000)
    assert reader.feed(b"HTTP/1.1 200 OK\r\n\r\n") == []
    assert reader.feed(bytes(1000)) == []
    with pytest.raises(HTTPSyntaxError, match="Too long"):
        reader.feed(bytes(1))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_message_or_refused_and_nothing_else(data):
    for kind in (Request, Response):
        reader = MessageReader(kind)
        try:
            for message in reader.feed(data) + reader.close():
                assert isinstance(message, kind)
        except HTTPSyntaxError:
            pass


# Judged by others

names = st.from_regex(r"X-[A-Za-z0-9]{1,10}", fullmatch=True)
values = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=20)
fields = st.lists(st.tuples(names, values), max_size=5)
targets = st.from_regex(r"/[!-~]{0,20}", fullmatch=True)
contents = st.binary(max_size=200)


@given(targets, fields, contents, st.booleans())
def test_what_we_write_h11_reads_and_so_do_we(target, extra, content, chunked):
    framing = ("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(content)))
    request = Request("POST", target, Headers([("Host", "ticker.example"), framing, *extra]), content)
    assert parse_request(request.pack()) == request

    connection = h11.Connection(h11.SERVER)
    connection.receive_data(request.pack())
    head = connection.next_event()
    assert (head.method, head.target) == (b"POST", target.encode())
    assert [(n.decode(), v.decode()) for n, v in head.headers.raw_items()] == list(request.headers)
    received = b""
    while isinstance(event := connection.next_event(), h11.Data):
        received += bytes(event.data)
    assert isinstance(event, h11.EndOfMessage)
    assert received == content


@given(st.integers(200, 599).filter(lambda n: n not in (204, 304)), fields, contents, st.booleans())
def test_what_h11_writes_we_read(status, extra, content, chunked):
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    connection.next_event()
    framing = [] if chunked else [("Content-Length", str(len(content)))]
    data = connection.send(h11.Response(status_code=status, headers=[*framing, *extra], reason=b"Fine"))
    data += connection.send(h11.Data(content)) + connection.send(h11.EndOfMessage())
    response = parse_response(data)
    assert (response.status, response.reason, response.content) == (status, "Fine", content)
    for name, value in extra:
        assert value in response.headers.get_all(name)


@given(st.sampled_from([200, 201, 404, 500]), fields, contents, st.booleans())
def test_what_we_write_http_client_reads(status, extra, content, chunked):
    framing = ("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(content)))
    data = Response(status, Headers([framing, *extra]), content).pack()

    class Socket:
        def makefile(self, mode):
            return io.BytesIO(data)

    response = http.client.HTTPResponse(Socket())
    response.begin()
    assert (response.status, response.read()) == (status, content)
    assert response.getheaders() == [framing, *extra]


@pytest.mark.parametrize("data", BAD_REQUESTS, ids=lambda data: repr(data[-50:]))
def test_what_h11_refuses_we_refuse_too(data):
    """We may be stricter than h11, never laxer."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(data)
    connection.receive_data(b"")
    try:
        while type(connection.next_event()) not in (h11.ConnectionClosed, h11.EndOfMessage):
            pass
    except h11.RemoteProtocolError:
        with pytest.raises(HTTPSyntaxError):
            parse_request(data)


PIECES = (
    b"GET / HTTP/1.1\r\n|POST / HTTP/1.0\r\n|Host: a\r\n|Content-Length: 3\r\n|\r\n|abc|Transfer-Encoding: chunked\r\n"
    b"|3\r\nabc\r\n|0\r\n|X: y\r\n| z\r\n|\n|\0"
).split(b"|")
requestlike = st.lists(st.sampled_from(PIECES), max_size=8).map(b"".join)


@given(requestlike)
def test_every_request_that_we_read_h11_reads_the_same(data):
    reader = MessageReader(Request)
    try:
        requests = reader.feed(data)
    except HTTPSyntaxError:
        return
    if not requests or data.startswith(b"\r\n"):
        return  # h11 forgives no empty line
    hosts = len(requests[0].headers.get_all("Host"))
    if hosts > 1 or (hosts == 0 and requests[0].version == "HTTP/1.1"):
        return  # and wants to know the host
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(data)
    head = connection.next_event()
    content = b""
    while isinstance(event := connection.next_event(), h11.Data):
        content += bytes(event.data)
    assert isinstance(event, h11.EndOfMessage)
    assert (head.method.decode(), head.target.decode()) == (requests[0].method, requests[0].target)
    assert content == requests[0].content
