"""The SMS gateway's HTTP API, by clients that nobody here wrote; every result, every limit, and no secret told."""

import base64
import contextlib
import http.client
import io
import json
import logging
import random
import socket
import struct
import subprocess
import threading
import time
from urllib.parse import urlencode

import httpx
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.errors import OptionError
from netlab.http import parse_response
from netlab.servers import SMSGateway
from netlab.servers.sms_app import Faults, SMSApp
from netlab.servers.sms_fields import FORM, JSON
from netlab.servers.sms_rules import CODE_LIFE, CODE_TRIES, CODES_PER_NUMBER, LARGEST, RateLimit, Result
from netlab.servers.sms_service import SMSService
from netlab.servers.sms_transcript import DiscreetTranscript
from netlab.servers.tls import ca_file, client_context
from tests.waiting import wait_until

KEY = "correct-horse-battery"
LOGIN = ("ticker", KEY)
BASIC = base64.b64encode(f"ticker:{KEY}".encode()).decode()
ADA, BOB = "+12025550123", "+447700900123"
SENT = {"to": ADA, "text": "AAPL 430.47 € & 5 % more"}


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def gateway(clock):
    options = {"rate": (10_000, 1.0), "make_code": lambda: "123456"}
    with SMSGateway("ticker", KEY, clock=clock, **options) as gateway:
        yield gateway


class Client:
    """A client with the account's key.

    Args:
        gateway: whom it asks.
    """

    def __init__(self, gateway):
        self.url = gateway.url + "/v1/"
        self.session = requests.Session()
        self.session.auth = LOGIN

    def post(self, path="messages", fields=SENT, **options):
        return self.session.post(self.url + path, **({"json": fields} | options), timeout=10)

    def get(self, path):
        return self.session.get(self.url + path, timeout=10)


@pytest.fixture
def client(gateway):
    client = Client(gateway)
    with client.session:
        yield client


# What it does


def test_a_message_by_json_arrives_on_the_phone(gateway, client):
    response = client.post()
    assert response.status_code == 200
    assert response.headers["Content-Type"] == JSON
    assert response.json() == {
        "code": 0, "message": "accepted", "id": "msg-1", "status": "queued", "to": ADA, "encoding": "GSM-7", "parts": 1
    }  # fmt: skip
    assert gateway.phone(ADA).texts == [SENT["text"]]
    assert gateway.phone(BOB).texts == []


def test_a_message_by_form_arrives_just_the_same(gateway, client):
    assert client.post(data=SENT, json=None).json()["code"] == 0
    assert gateway.phone(ADA).texts == [SENT["text"]]


@settings(max_examples=50)
@given(st.text(min_size=1, max_size=60), st.booleans())
def test_whatever_text_is_sent_arrives_as_it_was(text, as_form):
    with SMSGateway("ticker", KEY) as gateway, requests.Session() as session:
        body = {"data" if as_form else "json": {"to": ADA, "text": text}}
        answer = session.post(gateway.url + "/v1/messages", **body, auth=LOGIN, timeout=10).json()
        if answer["code"] == 0:
            assert gateway.phone(ADA).texts == [text]
        else:
            assert answer["code"] == Result.EMPTY_TEXT.code
            assert not text.strip()


def test_a_template_is_filled_by_json_and_by_form(gateway, client):
    client.post(fields={"to": ADA, "template": "welcome", "values": {"name": "Ada"}})
    client.post(data={"to": ADA, "template": "welcome", "values[name]": "Bob"}, json=None)
    assert [text[:23] for text in gateway.phone(ADA).texts] == [
        "Welcome to Ticker, Ada.",
        "Welcome to Ticker, Bob.",
    ]


def test_a_message_can_be_asked_for(gateway, client):
    client.post()
    gateway.switch_off(BOB)
    client.post(fields={**SENT, "to": BOB})
    assert client.get("messages/msg-1").json() | SENT == client.get("messages/msg-1").json()
    assert client.get("messages/msg-1").json()["status"] == "delivered"
    assert client.get("messages/msg-2").json()["status"] == "undelivered"
    assert gateway.phone(BOB).texts == []
    head = client.session.head(client.url + "messages/msg-1", timeout=10)
    assert (head.status_code, head.content) == (200, b"")


def test_a_code_is_verified(gateway, client):
    begun = client.post("verifications", {"to": ADA}).json()
    assert begun == {"code": 0, "message": "accepted", "id": "ver-1", "to": ADA, "expires_in": 300}
    assert gateway.phone(ADA).texts[0].startswith("123456 ")
    checked = client.post("verifications/check", {"id": "ver-1", "code": "123456"}).json()
    assert (checked["code"], checked["status"]) == (0, "approved")


def test_messages_credit_and_attempts_can_be_looked_at(gateway, client):
    client.post(fields={"to": ADA, "text": "苹" * 71})
    assert [message.parts for message in gateway.messages] == [2]
    assert gateway.credit == 998
    assert gateway.attempts == []
    assert gateway.wait_for_reports()


# Every result


def too_many_tries(client, clock):
    client.post("verifications", {"to": ADA})
    for _ in range(CODE_TRIES):
        client.post("verifications/check", {"id": "ver-1", "code": "0"})
    return client.post("verifications/check", {"id": "ver-1", "code": "123456"})


def too_many_codes(client, clock):
    for _ in range(CODES_PER_NUMBER):
        client.post("verifications", {"to": ADA})
    return client.post("verifications", {"to": ADA})


def too_late(client, clock):
    client.post("verifications", {"to": ADA})
    clock.now += CODE_LIFE
    return client.post("verifications/check", {"id": "ver-1", "code": "123456"})


def used(client, clock):
    client.post("verifications", {"to": ADA})
    for _ in range(2):
        last = client.post("verifications/check", {"id": "ver-1", "code": "123456"})
    return last


def wrong_code(client, clock):
    client.post("verifications", {"to": ADA})
    return client.post("verifications/check", {"id": "ver-1", "code": "654321"})


def no_credit(client, clock):
    for _ in range(200):
        last = client.post(fields={"to": ADA, "text": "a" * 918})
        if last.json()["code"]:
            return last
    return last


def key_reused(client, clock):
    client.post(headers={"Idempotency-Key": "k"})
    return client.post(fields={**SENT, "to": BOB}, headers={"Idempotency-Key": "k"})


def to(number):
    return lambda client, clock: client.post(fields={**SENT, "to": number})


def fields(**fields):
    return lambda client, clock: client.post(fields={"to": ADA, **fields})


WAYS = {
    Result.BAD_NUMBER: to("2025550123"),
    Result.FOREIGN_NUMBER: to("+8613812345678"),
    Result.EMPTY_TEXT: fields(text=" "),
    Result.LONG_TEXT: fields(text="a" * 919),
    Result.NO_TEMPLATE: fields(template="x"),
    Result.MISSING_VALUE: fields(template="welcome"),
    Result.NO_CREDIT: no_credit,
    Result.WRONG_CODE: wrong_code,
    Result.EXPIRED: too_late,
    Result.TOO_MANY_TRIES: too_many_tries,
    Result.CODE_USED: used,
    Result.TOO_MANY_CODES: too_many_codes,
    Result.MALFORMED: lambda client, clock: client.post(data=b"{", json=None, headers={"Content-Type": JSON}),
    Result.BAD_FIELD: fields(txt="x"),
    Result.BAD_CALLBACK: fields(text="x", callback="http://example.com:80/"),
    Result.UNAUTHORIZED: lambda client, clock: client.post(auth=("ticker", "wrong")),
    Result.FOREIGN_SENDER: fields(text="x", **{"from": "Bank"}),
    Result.NOT_FOUND: lambda client, clock: client.get("messages/msg-7"),
    Result.WRONG_METHOD: lambda client, clock: client.get("messages"),
    Result.TOO_LARGE: fields(text="a" * LARGEST),
    Result.WRONG_TYPE: lambda client, clock: client.post(files={"text": b"x"}, json=None),
    Result.KEY_REUSED: key_reused,
}


@pytest.mark.parametrize("result", WAYS, ids=lambda result: result.name)
def test_each_refusal_has_its_code_its_status_and_words(client, clock, result):
    response = WAYS[result](client, clock)
    assert response.status_code == result.status
    assert response.json()["code"] == result.code
    assert response.json()["message"]


def test_every_result_but_two_is_provoked_above():
    assert set(Result) - set(WAYS) == {Result.OK, Result.TOO_MANY_REQUESTS}, "these have tests of their own"


def test_the_lost_plus_of_a_form_is_explained(client):
    answer = client.post(data=f"to={ADA}&text=x", json=None, headers={"Content-Type": FORM}).json()
    assert answer == {"code": 21, "message": "the + became a space: in a form it is written %2B"}


@pytest.mark.parametrize(
    ("method", "path", "allowed"), [("GET", "messages", "POST"), ("POST", "messages/msg-1", "GET, HEAD")]
)
def test_a_wrong_method_is_told_the_right_one(client, method, path, allowed):
    response = client.session.request(method, client.url + path, timeout=10)
    assert (response.status_code, response.headers["Allow"]) == (405, allowed)


def test_what_is_not_there_is_named_and_not_believed(client):
    answer = client.get("<script>é").json()
    assert answer == {"code": 4040, "message": "there is nothing at /v1/<script>é"}


# Who asks


@pytest.mark.parametrize(
    "header",
    [
        None, "", "Basic", f"Basic {BASIC}x", f"Bearer {KEY}", KEY, "Basic Og==", f"Basic {BASIC[:-4]}",
        f"Basic {base64.b64encode(b'ticker:' + KEY.upper().encode()).decode()}", "Basic é", "Digest " + BASIC,
        f"Basic {base64.b64encode(b'Ticker:' + KEY.encode()).decode()}",
    ],
)  # fmt: skip
def test_without_the_key_nothing_is_done_and_the_way_in_is_named(gateway, header):
    sent = {"Authorization": header.encode()} if header is not None else {}
    response = httpx.post(gateway.url + "/v1/messages", json=SENT, headers=sent, trust_env=False)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Basic realm="SMS gateway"'
    assert response.json()["code"] == 4010
    assert gateway.messages == []


@pytest.mark.parametrize("header", [f"Basic {BASIC}", f"basic  {BASIC}", f"BASIC {BASIC}"])
def test_the_key_is_known_however_the_scheme_is_written(gateway, header):
    response = httpx.post(
        gateway.url + "/v1/messages", json=SENT, headers={"Authorization": header}, trust_env=False
    )
    assert response.status_code == 200


def test_each_gateway_has_a_key_of_its_own():
    assert SMSGateway().key != SMSGateway().key
    assert len(SMSGateway().key) >= 32


@pytest.mark.parametrize(
    ("account", "key"), [("", KEY), ("a:b", KEY), ("a", ""), ("é", KEY), ("a", KEY + "\n"), ("a\0", KEY)]
)
def test_an_account_that_no_client_could_name_is_refused_without_telling_the_key(account, key):
    with pytest.raises(OptionError, match="a name without a colon and a key") as error:
        SMSGateway(account, key)
    assert KEY not in str(error.value)


# How often


def test_too_many_requests_are_told_how_long_to_wait(clock):
    with SMSGateway("ticker", KEY, rate=(3, 60.0), clock=clock) as gateway:
        client = Client(gateway)
        with client.session:
            assert [client.post().status_code for _ in range(4)] == [200, 200, 200, 429]
            refused = client.post()
            assert refused.headers["Retry-After"] == "60"
            assert refused.json()["code"] == Result.TOO_MANY_REQUESTS.code
            clock.now += 59.5
            assert client.post().headers["Retry-After"] == "1"
            clock.now += 0.5
            assert client.post().status_code == 200
        assert len(gateway.messages) == 4


def test_of_many_at_once_only_so_many_are_taken(clock):
    with SMSGateway("ticker", KEY, rate=(5, 60.0), clock=clock) as gateway:
        statuses = [response.status_code for response in posted_at_once(gateway, 20)]
    assert sorted(statuses) == [200] * 5 + [429] * 15


def test_strangers_do_not_use_up_the_rate(clock):
    with SMSGateway("ticker", KEY, rate=(1, 60.0), clock=clock) as gateway:
        client = Client(gateway)
        with client.session:
            for _ in range(5):
                assert client.post(auth=("ticker", "wrong")).status_code == 401
            assert client.post().status_code == 200


# Once each


def posted_at_once(gateway, count, **headers):
    """What comes of so many requests that are sent at the same moment."""
    barrier, responses = threading.Barrier(count, timeout=10), []

    def post():
        client = Client(gateway)
        with client.session:
            barrier.wait()
            responses.append(client.post(headers=headers))

    threads = [threading.Thread(target=post) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return responses


@pytest.mark.parametrize("count", [2, 30])
def test_one_key_at_once_sends_one_message(gateway, count):
    responses = posted_at_once(gateway, count, **{"Idempotency-Key": "order-7"})
    assert len(responses) == count
    assert len({response.content for response in responses}) == 1
    assert sum("Idempotent-Replayed" in response.headers for response in responses) == count - 1
    assert len(gateway.messages) == 1
    assert gateway.credit == 999


def test_without_a_key_each_of_many_at_once_is_a_message(gateway):
    ids = {response.json()["id"] for response in posted_at_once(gateway, 30)}
    assert len(ids) == len(gateway.messages) == 30


def test_a_form_and_json_may_share_a_key_if_they_say_the_same(gateway, client):
    first = client.post(headers={"Idempotency-Key": "k"})
    second = client.post(data=SENT, json=None, headers={"Idempotency-Key": "k"})
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"


def test_an_endless_key_is_refused(client):
    assert client.post(headers={"Idempotency-Key": "k" * 255}).json()["code"] == 0
    assert client.post(headers={"Idempotency-Key": "k" * 256}).json()["code"] == Result.MALFORMED.code


# Trouble to practise on


def test_a_failing_gateway_answers_a_page_and_does_nothing(gateway, client):
    gateway.fail_next(2)
    gateway.fail_next(status=500)
    assert [client.post().status_code for _ in range(4)] == [503, 503, 500, 200]
    assert len(gateway.messages) == 1
    gateway.fail_next()
    page = client.post()
    assert page.headers["Content-Type"] == "text/html"
    assert page.text == "<h1>503 Service Unavailable</h1>\n"


@pytest.mark.parametrize("status", [200, 302, 399, 499, 600, 0])
def test_only_errors_are_failures(gateway, status):
    with pytest.raises(OptionError, match="choose one from 400 to 599"):
        gateway.fail_next(status=status)


@pytest.mark.parametrize("seconds", [-1, float("inf"), float("nan"), 61])
def test_an_answer_is_late_by_a_sensible_time(gateway, seconds):
    with pytest.raises(OptionError, match="0 to 60 seconds late"):
        gateway.delay_next(seconds=seconds)


def test_who_gave_up_waiting_may_ask_again_and_nothing_is_sent_twice(gateway, client):
    gateway.delay_next(seconds=30)
    headers = {"Idempotency-Key": "order-7"}
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.session.post(client.url + "messages", json=SENT, headers=headers, timeout=0.2)
    answer = client.post(headers=headers)
    assert answer.headers["Idempotent-Replayed"] == "true"
    assert answer.json()["id"] == "msg-1"
    assert gateway.phone(ADA).texts == [SENT["text"]]


def test_a_late_answer_does_not_keep_the_gateway_from_stopping(gateway, connect):
    gateway.delay_next(seconds=30)
    late = connect(gateway.address)
    late.sendall(raw_request())
    wait_until(lambda: gateway.messages)  # a request for them could come before the first one
    started = time.monotonic()
    gateway.stop()
    assert time.monotonic() - started < 1
    assert parse_response(late.recv(65536)).status == 200


# Clients that die


def raw_request():
    content = json.dumps(SENT).encode()
    head = (
        f"POST /v1/messages HTTP/1.1\r\nHost: a\r\nAuthorization: Basic {BASIC}\r\nContent-Type: {JSON}\r\n"
    )
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def test_half_a_request_sends_nothing(gateway, client, connect):
    request = raw_request()
    for length in range(1, len(request), 7):
        half = connect(gateway.address)
        half.sendall(request[:length])
        reset(half)
    assert client.get("messages/msg-1").status_code == 404
    assert gateway.messages == []
    assert gateway.credit == 1000


def test_a_message_whose_answer_began_is_there_when_the_client_dies(gateway, client, connect):
    for count in range(1, 21):
        dying = connect(gateway.address)
        dying.sendall(raw_request())
        assert dying.recv(1) == b"H"
        reset(dying)
        assert client.get(f"messages/msg-{count}").json()["status"] == "delivered"
    assert len(gateway.phone(ADA).texts) == 20


# Garbage


def survive(gateway, data):
    with socket.create_connection(gateway.address, timeout=5) as sock, contextlib.suppress(ConnectionError):
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(65536):
            pass


def test_thousands_of_damaged_requests_are_survived(gateway, client, capfd, caplog):
    chance = random.Random(11)
    sound = raw_request()
    with caplog.at_level(logging.WARNING, "netlab"):
        for _ in range(2000):
            data = bytearray(sound)
            for _ in range(chance.randint(1, 4)):
                at = chance.randrange(len(data))
                data[at : at + chance.randint(0, 2)] = chance.randbytes(chance.randint(0, 2))
            survive(gateway, bytes(data))
    assert client.post().status_code == 200
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
known = st.sampled_from(
    ["to", "text", "template", "values", "from", "callback", "id", "code", "values[name]"]
)
likely = st.sampled_from(
    [ADA, BOB, "x", "welcome", "price-alert", "Ticker", "msg-1", "ver-1", "123456", {"name": "x"}]
)
contents = (
    st.binary(max_size=100)
    | st.dictionaries(known | st.text(max_size=5), likely | anything, max_size=5).map(
        lambda f: json.dumps(f).encode()
    )
    | st.dictionaries(known, likely | st.text(max_size=20), max_size=5).map(lambda f: urlencode(f).encode())
)
paths = st.sampled_from(
    ["/v1/messages", "/v1/verifications", "/v1/verifications/check", "/v1/messages/msg-1"]
)


@pytest.fixture(scope="module")
def app():
    clock = Clock()
    service = SMSService(
        ["Ticker"], {"welcome": "Hi {name}"}, 10**9, clock, lambda: "123456", lambda message: None
    )
    return SMSApp(service, "ticker", KEY, RateLimit(10**9, 1.0, clock), Faults())


@given(
    path=paths | st.binary(max_size=20).map(lambda path: path.decode("latin-1")),
    method=st.sampled_from(["POST", "POST", "POST", "GET", "HEAD", "PUT", "DELETE"]),
    kind=st.sampled_from([JSON, FORM, "", "text/plain", "application/json; charset=x"]),
    content=contents,
    key=st.sampled_from(["", "", "k", "\xff"]),
)
def test_any_request_is_answered_with_a_result(app, path, method, kind, content, key):
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_TYPE": kind, "HTTP_AUTHORIZATION": f"Basic {BASIC}",
        "HTTP_IDEMPOTENCY_KEY": key, "wsgi.input": io.BytesIO(content),
    }  # fmt: skip
    started = []
    answer = json.loads(
        b"".join(app(environ, lambda status, headers: started.append((status, dict(headers)))))
    )
    ((status, headers),) = started
    (result,) = (result for result in Result if result.code == answer["code"])
    assert status.startswith(f"{result.status} ")
    assert headers["Content-Type"] == JSON
    assert all(name.isascii() and value.isprintable() and value.isascii() for name, value in headers.items())
    assert answer["message"]


# Secrets


def test_the_transcript_has_no_credentials_whoever_sends_them(gateway, client):
    client.post()
    client.post(auth=("ticker", "almost-" + KEY))
    requests.post(gateway.url, headers={"Authorization": f"Bearer {KEY}"}, timeout=10)
    requests.post(gateway.url, headers={"authorization": KEY}, timeout=10)
    said = repr(gateway.transcript) + str([entry.data for entry in gateway.transcript])
    assert KEY not in said
    assert BASIC[8:] not in said
    assert "Authorization: Basic ***" in said
    assert "Authorization: Bearer ***" in said


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_not_even_when_they_come_in_pieces(gateway, connect, size):
    client = connect(gateway.address)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    request = raw_request()
    for start in range(0, len(request), size):
        client.sendall(request[start : start + size])
    assert client.recv(100).startswith(b"HTTP/1.1 200 OK")
    said = gateway.transcript.said_by("client 1")
    assert not any(BASIC[start : start + 8].encode() in said for start in range(len(BASIC) - 8))
    assert said.endswith(json.dumps(SENT).encode())


HEADS = [f"Authorization: Basic {BASIC}", f"authorization:{BASIC}", f"AUTHORIZATION:  bearer\t{BASIC}", "Author: x",
         "Authorization:" + " " * 100 + BASIC, "X: Authorization: y", "Auth"]  # fmt: skip


@given(
    st.lists(st.sampled_from(HEADS), max_size=5),
    st.lists(st.integers(1, 40), max_size=60),
    st.sampled_from(["\r\n", "\n"]),
)
def test_in_whatever_pieces_only_secrets_are_left_out(lines, sizes, end):
    data, start, transcript = end.join([*lines, "", "content"]).encode(), 0, DiscreetTranscript()
    for size in [*sizes, len(data)]:
        if piece := data[start : start + size]:
            transcript.record("client 1", "server", piece)
        start += size
    said = transcript.said_by("client 1").decode()
    assert not any(BASIC[at : at + 4] in said for at in range(len(BASIC) - 4))
    shown = said.split(end)
    assert shown[-2:] == ["", "content"] if lines else shown == ["", "content"]
    for line, heard in zip(lines, shown, strict=False):
        assert heard == line or ("authorization:" in line.lower() and heard.endswith("***"))


def test_a_transcript_remembers_no_lines_that_are_over():
    transcript = DiscreetTranscript()
    for number in range(1000):
        transcript.record(f"client {number}", "server", raw_request())
    assert transcript._begun == {}


def test_the_gateway_does_not_show_its_secrets(gateway, client):
    client.post()
    shown = (
        repr(gateway)
        + repr(gateway.messages)
        + repr(gateway.attempts)
        + repr(gateway.phone(ADA))
        + str(gateway)
    )
    assert KEY not in shown
    assert repr(gateway) == f"<SMSGateway on 127.0.0.1:{gateway.port}>"
    assert repr(gateway.webhook_secret) not in shown


def test_nothing_is_printed_or_logged(gateway, client, capfd, caplog):
    with caplog.at_level(logging.INFO, "netlab"):
        for result in (Result.MALFORMED, Result.UNAUTHORIZED, Result.NOT_FOUND, Result.WRONG_TYPE):
            WAYS[result](client, None)
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


# Judged by others


def run(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("tls", [False, True])
def test_curl_sends_a_form_and_json(tool, tls):
    with SMSGateway("ticker", KEY, tls=tls) as gateway, ca_file() as authority:
        common = ["-sS", "--max-time", "10", "--cacert", authority, "--user", f"ticker:{KEY}"]
        url = gateway.url + "/v1/messages"
        form = ["--data-urlencode", f"to={ADA}", "--data-urlencode", "text=5 € & more"]
        assert json.loads(run(tool("curl"), *common, *form, url))["code"] == 0
        raw = ["--data", "to=%2B12025550123&text=5 €"]
        assert json.loads(run(tool("curl"), *common, *raw, url))["code"] == 0
        content = json.dumps({"to": ADA, "text": "苹果"}, ensure_ascii=False)
        assert json.loads(run(tool("curl"), *common, "--json", content, url))["encoding"] == "UCS-2"
        assert json.loads(run(tool("curl"), *common, url + "/msg-3"))["text"] == "苹果"
        assert gateway.phone(ADA).texts == ["5 € & more", "5 €", "苹果"]


def test_wget_sends_a_form(tool, gateway):
    url = gateway.url + "/v1/messages"
    form = f"--post-data=to=%2B{ADA[1:]}&text=hello"
    login = ["--auth-no-challenge", "--user=ticker", f"--password={KEY}"]
    assert json.loads(run(tool("wget"), "-qO-", "--tries=1", "--timeout=10", *login, form, url))["code"] == 0


def test_http_client_sends_in_chunks_on_one_connection(gateway):
    connection = http.client.HTTPConnection(*gateway.address, timeout=10)
    headers = {"Authorization": f"Basic {BASIC}", "Content-Type": FORM, "Transfer-Encoding": "chunked"}
    with contextlib.closing(connection):
        for count in range(1, 4):
            pieces = [b"to=%2B1202", b"5550123&te", b"xt=x"]
            connection.request("POST", "/v1/messages", iter(pieces), headers, encode_chunked=True)
            assert json.loads(connection.getresponse().read())["id"] == f"msg-{count}"


def test_httpx_over_tls_agrees():
    with (
        SMSGateway("ticker", KEY, tls=True) as gateway,
        httpx.Client(verify=client_context(), auth=LOGIN, trust_env=False) as client,
    ):
        assert client.post(gateway.url + "/v1/messages", json=SENT).json()["code"] == 0
        assert client.get(gateway.url + "/v1/messages/msg-1").json()["text"] == SENT["text"]


# What every server promises, besides


def test_what_was_accepted_outlives_a_stop_and_a_start(gateway):
    for count in range(1, 4):
        client = Client(gateway)
        with client.session:
            assert client.post().json()["id"] == f"msg-{count}"
        gateway.stop()
        assert len(gateway.messages) == count
        assert gateway.start().running


@pytest.mark.parametrize("number", ["", "12025550123", "+8613812345678", "+12025550123\n"])
def test_only_a_fictional_number_has_a_phone(gateway, number):
    with pytest.raises(OptionError, match="is not kept for fiction: choose one such as"):
        gateway.phone(number)
    with pytest.raises(OptionError, match="is not kept for fiction"):
        gateway.switch_off(number)
