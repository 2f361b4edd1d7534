"""Delivery reports by webhook: told to real receivers, also to those that fail, hang, babble or are not there."""

import base64
import contextlib
import hashlib
import hmac
import json
import logging
import socket
import ssl
import threading
import time
from dataclasses import replace

import pytest
import requests
import trustme

from netlab.errors import OptionError
from netlab.servers import SMSGateway, TCPEchoServer, WebServer
from netlab.servers.sms_webhooks import AT_ONCE, Attempt, sign

ADA, BOB = "+12025550123", "+447700900123"
DELAYS = (0.01, 0.01, 0.01)


class Receiver:
    """An app that takes reports.

    Args:
        *statuses: what it answers, in order; 204 from then on.
    """

    def __init__(self, *statuses):
        self.statuses = list(statuses)
        self.reports = []

    def __call__(self, environ, start_response):
        headers = {
            name[5:].replace("_", "-").lower(): value
            for name, value in environ.items()
            if name[:5] == "HTTP_"
        }
        headers["content-type"] = environ["CONTENT_TYPE"]
        self.reports.append(
            (environ["REQUEST_METHOD"], environ["PATH_INFO"], headers, environ["wsgi.input"].read())
        )
        start_response(
            self.statuses.pop(0) if self.statuses else "204 No Content", [("Location", "/elsewhere")]
        )
        return []


@pytest.fixture
def gateway():
    with SMSGateway(webhook_delays=DELAYS, webhook_patience=5.0) as gateway:
        yield gateway


def send(gateway, callback, to=ADA):
    answer = requests.post(
        gateway.url + "/v1/messages",
        json={"to": to, "text": "AAPL 430.47", "callback": callback},
        auth=(gateway.account, gateway.key),
        timeout=10,
    ).json()
    assert answer["code"] == 0
    return answer["id"]


def told(gateway, callback, to=ADA):
    """Send a message, and wait until its report is told or given up; the outcomes."""
    send(gateway, callback, to)
    assert gateway.wait_for_reports(20)
    return [attempt.outcome for attempt in gateway.attempts]


@contextlib.contextmanager
def speaker(say):
    """A server that is no web server: it says something to each client; the clients that came are yielded."""
    clients = []

    def serve():
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                clients.append(client)
                with contextlib.suppress(OSError):
                    say(client)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/", clients
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for client in clients:
                client.close()
            thread.join(10)


# The signature


def test_the_signature_is_that_of_the_standards_own_example():
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")  # whsec_… in Standard Webhooks' libraries
    signature = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_each_report_can_be_verified_by_who_knows_the_secret(gateway):
    receiver = Receiver()
    with WebServer(receiver) as server:
        assert told(gateway, server.url + "/sms?a=b") == ["204"]
    ((method, path, headers, content),) = receiver.reports
    assert (method, path, headers["content-type"]) == ("POST", "/sms", "application/json")
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + content
    digest = hmac.new(gateway.webhook_secret, signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert "." not in headers["webhook-id"] + headers["webhook-timestamp"]


@pytest.mark.parametrize("size", [0, 23, 65])
def test_a_secret_has_a_length_that_the_standard_allows(size):
    with pytest.raises(OptionError, match=f"24 to 64 bytes, not {size}"):
        SMSGateway(webhook_secret=bytes(size))
    assert len(SMSGateway().webhook_secret) == 32


# The report


@pytest.mark.parametrize(("to", "status"), [(ADA, "delivered"), (BOB, "undelivered")])
def test_it_says_what_became_of_the_message(gateway, to, status):
    gateway.switch_off(BOB)
    receiver = Receiver()
    with WebServer(receiver) as server:
        told(gateway, server.url, to)
    event = json.loads(receiver.reports[0][3])
    assert event["type"] == f"message.{status}"
    assert event["timestamp"].endswith("Z")
    assert event["data"] == {
        "id": "msg-1", "to": to, "from": "Ticker", "text": "AAPL 430.47", "encoding": "GSM-7", "parts": 1,
        "status": status,
    }  # fmt: skip


def test_each_message_has_a_report_of_its_own(gateway):
    receiver = Receiver()
    with WebServer(receiver) as server:
        for _ in range(AT_ONCE + 20):
            send(gateway, server.url)
        assert gateway.wait_for_reports(20)
    assert {headers["webhook-id"] for _, _, headers, _ in receiver.reports} == {
        f"report-{n}" for n in range(1, AT_ONCE + 21)
    }
    assert len(gateway.attempts) == AT_ONCE + 20


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_it_is_told_by_https_and_by_ipv6(gateway, host):
    receiver = Receiver()
    with WebServer(receiver, host=host, tls=True) as server:
        assert told(gateway, server.url) == ["204"]
    assert len(receiver.reports) == 1


def test_the_systems_proxy_is_not_asked(gateway, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "")
    receiver = Receiver()
    with socket.create_server(("127.0.0.1", 0)) as nobody, WebServer(receiver) as server:
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        gateway._webhooks.tell(message_for(gateway, server.url))
        assert gateway.wait_for_reports(10)
    assert len(receiver.reports) == 1


def message_for(gateway, callback):
    """A message that was accepted, as the gateway would tell it again."""
    gateway._service.send({"to": ADA, "text": "x"})
    return replace(gateway.messages[-1], callback=callback)


# Receivers that fail


def test_it_is_told_again_with_the_same_id_until_it_is_taken(gateway):
    receiver = Receiver("503 Service Unavailable", "429 Too Many Requests", "200 OK")
    with WebServer(receiver) as server:
        assert told(gateway, server.url) == ["503", "429", "200"]
    assert gateway.attempts == [
        Attempt("report-1", n, outcome) for n, outcome in enumerate(["503", "429", "200"], 1)
    ]
    assert [attempt.succeeded for attempt in gateway.attempts] == [False, False, True]
    assert {headers["webhook-id"] for _, _, headers, _ in receiver.reports} == {"report-1"}
    assert len({content for _, _, _, content in receiver.reports}) == 1


def test_it_is_given_up_after_the_last_attempt(gateway):
    receiver = Receiver(*["500 Internal Server Error"] * 9)
    with WebServer(receiver) as server:
        assert told(gateway, server.url) == ["500"] * 4
    assert len(receiver.reports) == 4


def test_a_redirect_is_not_followed(gateway):
    receiver = Receiver(*["302 Found"] * 9)
    with WebServer(receiver) as server:
        assert told(gateway, server.url + "/here") == ["302"] * 4
    assert {path for _, path, _, _ in receiver.reports} == {"/here"}


def test_who_is_gone_is_not_told_again(gateway):
    receiver = Receiver("410 Gone")
    with WebServer(receiver) as server:
        assert told(gateway, server.url) == ["410"]


def test_where_nobody_listens_there_is_no_connection(gateway):
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    assert told(gateway, url) == ["no connection"] * 4


def test_a_receiver_whose_certificate_is_anothers_is_not_told(gateway):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    receiver = Receiver()
    with WebServer(receiver, tls=context) as server:
        assert told(gateway, server.url) == ["no connection"] * 4
    assert receiver.reports == []


def test_what_does_not_speak_http_is_not_believed(gateway):
    with TCPEchoServer() as server:
        assert told(gateway, f"http://127.0.0.1:{server.port}/") == ["no HTTP"] * 4


def endless_header(client):
    client.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        client.sendall(b"X: " + b"x" * 10_000)


def close_at_once(client):
    client.recv(1)
    client.close()


def reset_in_the_middle(client):
    client.recv(65536)
    client.sendall(b"HTTP/1.1 20")
    client.close()


@pytest.mark.parametrize("say", [endless_header, close_at_once, reset_in_the_middle])
def test_an_answer_that_never_comes_whole_is_a_failure(gateway, say):
    with speaker(say) as (url, _):
        outcomes = told(gateway, url)
    assert len(outcomes) == 4
    assert set(outcomes) <= {"no HTTP", "no connection"}


def test_a_taken_report_does_not_wait_for_the_content_of_the_answer(gateway):
    def long_winded(client):
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx")

    with speaker(long_winded) as (url, _):
        assert told(gateway, url) == ["200"]


def test_an_interim_answer_is_not_the_answer(gateway):
    def patient(client):
        client.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")

    with speaker(patient) as (url, _):
        assert told(gateway, url) == ["204"]


@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 2", b"HTTP/1.1 200 OK\r\nX: y\r\n"])
def test_who_hangs_is_not_waited_for(beginning):
    with (
        SMSGateway(webhook_delays=DELAYS, webhook_patience=0.05) as gateway,
        speaker(lambda client: client.sendall(beginning)) as (url, _),
    ):
        assert told(gateway, url) == ["no answer in time"] * 4


def test_a_receiver_that_hangs_keeps_nobody_else_from_being_told(gateway):
    receiver = Receiver()
    with speaker(lambda client: None) as (url, _), WebServer(receiver) as server:
        send(gateway, url)
        send(gateway, server.url)
        assert not gateway.wait_for_reports(0.2)
        assert [attempt.report for attempt in gateway.attempts] == ["report-2"]
        gateway.stop()


# Waiting and stopping


def test_without_reports_there_is_nothing_to_wait_for(gateway):
    assert gateway.wait_for_reports(0)


def test_waiting_takes_in_the_reports_that_begin_meanwhile(gateway):
    """A receiver sends a message for each report, three times."""
    receiver = Receiver()

    def app(environ, start_response):
        result = receiver(environ, start_response)
        if len(receiver.reports) < 4:
            send(gateway, server.url)
        return result

    with WebServer(app) as server:
        send(gateway, server.url)
        assert gateway.wait_for_reports(20)
    assert len(receiver.reports) == 4


def test_a_stop_ends_attempts_that_are_under_way(connect):
    came = threading.Semaphore(0)
    with (
        SMSGateway(webhook_delays=(30.0,), webhook_patience=30.0) as gateway,
        speaker(lambda client: came.release()) as (url, clients),
    ):
        with socket.create_server(("127.0.0.1", 0)) as free:
            nobody = f"http://127.0.0.1:{free.getsockname()[1]}/"
        for _ in range(AT_ONCE + 5):  # some wait for the others
            send(gateway, url)
        for _ in range(AT_ONCE):
            assert came.acquire(timeout=10)
        send(gateway, nobody)
        started = time.monotonic()
        gateway.stop()
        assert time.monotonic() - started < 1
        assert gateway._webhooks._tasks == set()
        assert len(clients) == AT_ONCE
        for client in clients:
            client.settimeout(5)
            with contextlib.suppress(ConnectionResetError):
                while client.recv(65536):
                    pass


def test_a_gateway_tells_again_once_it_is_started_again(gateway):
    receiver = Receiver()
    gateway.stop()
    with gateway, WebServer(receiver) as server:
        assert told(gateway, server.url) == ["204"]


def test_neither_secret_nor_words_get_out(gateway, caplog, capfd):
    receiver = Receiver("500 Internal Server Error")
    with caplog.at_level(logging.INFO), WebServer(receiver) as server:
        told(gateway, server.url)
        secret = gateway.webhook_secret
        shown = (
            repr(server.transcript)
            + repr(gateway.transcript)
            + repr(gateway.attempts)
            + repr(gateway._webhooks)
        )
        for form in (repr(secret)[2:-1], secret.hex(), base64.b64encode(secret).decode()):
            assert form not in shown
    assert [record.name for record in caplog.records if record.name.startswith(("netlab", "httpx"))] == []
    assert capfd.readouterr() == ("", "")
