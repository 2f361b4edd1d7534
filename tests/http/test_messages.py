"""Requests, responses and header fields, as values and as bytes."""

import pytest

from netlab.http import Headers, HTTPSyntaxError, Request, Response


def test_a_field_is_found_whatever_its_case():
    headers = Headers({"Content-Type": "text/html"})
    assert headers["content-type"] == headers.get("CONTENT-TYPE") == "text/html"
    assert "Content-type" in headers
    assert headers.get("Host") is None
    assert headers.get("Host", "none") == "none"
    with pytest.raises(KeyError):
        _ = headers["Host"]


def test_fields_keep_their_order_and_may_repeat():
    fields = [("Set-Cookie", "a=1"), ("Vary", "Accept"), ("set-cookie", "b=2"), ("Vary", "Cookie")]
    headers = Headers(fields)
    assert list(headers) == fields
    assert len(headers) == 4
    assert headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert headers["vary"] == "Accept, Cookie"


def test_headers_are_equal_when_they_mean_the_same():
    assert Headers({"Host": "a"}) == Headers([("HOST", "a")])
    assert hash(Headers({"Host": "a"})) == hash(Headers([("HOST", "a")]))
    assert Headers({"Host": "a"}) != Headers({"Host": "b"})
    assert Headers() != {}


@pytest.mark.parametrize("name", ["", "Two words", "Host:", "Host ", "Na\nme", "Größe"])
def test_a_bad_name_is_refused(name):
    with pytest.raises(HTTPSyntaxError, match="no field name"):
        Headers({name: "x"})


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "a\nb", "a\rb", "\0", "\x7f", "株"])
def test_a_value_that_would_break_the_line_is_refused(value):
    with pytest.raises(HTTPSyntaxError, match="The value of X"):
        Headers({"X": value})


def test_a_request_packs_what_it_has_and_nothing_else():
    request = Request("POST", "/alerts", {"Host": "ticker.example", "Content-Length": "4"}, b"AAPL")
    assert request.pack() == b"POST /alerts HTTP/1.1\r\nHost: ticker.example\r\nContent-Length: 4\r\n\r\nAAPL"
    assert Request("GET", "/").pack() == b"GET / HTTP/1.1\r\n\r\n"


def test_a_chunked_message_packs_as_a_chunk_and_its_trailers():
    response = Response(
        200, {"Transfer-Encoding": "chunked"}, b"AAPL 430.47\n", trailers=Headers({"Digest": "x"})
    )
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert response.pack() == head + b"c\r\nAAPL 430.47\n\r\n0\r\nDigest: x\r\n\r\n"
    assert Response(200, {"Transfer-Encoding": "chunked"}).pack() == head + b"0\r\n\r\n"


def test_a_response_has_the_usual_reason_unless_it_is_given():
    assert Response(404).pack() == b"HTTP/1.1 404 Not Found\r\n\r\n"
    assert Response(404, reason="Nowhere").pack() == b"HTTP/1.1 404 Nowhere\r\n\r\n"
    assert Response(599).pack() == b"HTTP/1.1 599 \r\n\r\n"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: Request("GET IT", "/"), "no method"),
        (lambda: Request("", "/"), "no method"),
        (lambda: Request("GET", "/two words"), "no request target"),
        (lambda: Request("GET", "/株"), "no request target"),
        (lambda: Request("GET", "/\r\nX: y"), "no request target"),
        (lambda: Request("GET", "/", version="HTTP/2"), "not spoken here"),
        (lambda: Response(99), "no status code"),
        (lambda: Response(600), "no status code"),
        (lambda: Response(200, reason="O\r\nK"), "no reason phrase"),
        (lambda: Response(200, version="http/1.1"), "not spoken here"),
    ],
)
def test_what_cannot_stand_in_a_start_line_is_refused(wrong, words):
    with pytest.raises(HTTPSyntaxError, match=words):
        wrong()
