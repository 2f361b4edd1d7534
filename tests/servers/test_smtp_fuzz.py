"""Bad inputs without end for the mail server: none hangs it, none makes it fail, and the next client is served."""

import contextlib
import logging
import random
import smtplib
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.servers import Mailbox, SMTPServer
from netlab.servers.tls import client_context

ADA = "ada@ticker.example"
COMMANDS = [
    b"HELO x", b"EHLO x", b"EHLO", b"MAIL FROM:<>", b"MAIL FROM:<ada@ticker.example>", b"MAIL FROM:", b"RCPT TO:",
    b"RCPT TO:<ada@ticker.example>", b"RCPT TO:<x@far.example>", b"DATA", b".", b"..", b"RSET", b"NOOP", b"QUIT",
    b"VRFY ada", b"VRFY \xff", b"EXPN", b"HELP", b"HELP MAIL", b"AUTH", b"AUTH PLAIN", b"AUTH PLAIN AGEAYg==",
    b"AUTH LOGIN", b"AUTH LOGIN YQ==", b"*", b"YQ==", b"STARTTLS x", b"BDAT 5", b"Subject: x", b"", b"\0", b"\xff\xfe",
    b"MAIL FROM:<" + b"(" * 400, b"RCPT TO:<" + b"a@b:" * 100, b"MAIL FROM:<\"" + b"\\" * 300, b"x" * 5000,
]  # fmt: skip
ENDS = [b"\r\n", b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r", b""]

lines = st.builds(
    lambda command, end: command + end,
    st.sampled_from(COMMANDS) | st.binary(max_size=50),
    st.sampled_from(ENDS),
)
streams = st.lists(lines, max_size=30).map(b"".join) | st.binary(max_size=5000)


@pytest.fixture(scope="module")
def mailbox():
    return Mailbox({ADA: "secret"})


@pytest.fixture(scope="module", params=["smtp", "smtps", "login"])
def server(mailbox, request):
    options = {"smtp": {}, "smtps": {"tls": True}, "login": {"starttls": False, "auth_required": True}}
    with SMTPServer(mailbox, size_limit=10_000, **options[request.param]) as server:
        yield server


def outlive(server, data: bytes, *, half_close: bool = True) -> bytes:
    """Send that to the server, and return its answers."""
    with socket.create_connection(server.address, timeout=5) as sock:
        if server.tls:
            sock = client_context().wrap_socket(sock, server_hostname="localhost")
        answers = b""
        with sock, contextlib.suppress(ConnectionError):
            sock.sendall(data)
            if half_close and not server.tls:
                sock.shutdown(socket.SHUT_WR)
                while piece := sock.recv(65536):
                    answers += piece
        return answers


def assert_served(server, mailbox):
    kind = smtplib.SMTP_SSL if server.tls else smtplib.SMTP
    options = {"context": client_context()} if server.tls else {}
    before = len(mailbox[ADA].inbox)
    with kind(*server.address, timeout=5, **options) as client:
        if server.auth_required:
            client.login(ADA, "secret")
        client.sendmail(ADA, ADA, b"Subject: still there?\r\n\r\n")
    assert len(mailbox[ADA].inbox) == before + 1


@given(data=streams)
def test_any_stream_is_answered_in_whole_lines_with_codes(server, mailbox, data):
    before = len(mailbox[ADA].inbox)
    answers = outlive(server, data)
    *whole, rest = answers.split(b"\r\n")
    assert rest == b""
    assert all(line[:3].isdigit() and line[3:4] in (b" ", b"-") for line in whole)
    if not server.tls:
        assert len(mailbox[ADA].inbox) == before + answers.count(b", delivered\r\n")


def test_thousands_of_sessions_are_outlived(server, mailbox, caplog):
    chance = random.Random(1)
    with caplog.at_level(logging.WARNING):
        for _ in range(300 if server.tls else 1000):
            words = (chance.choice(COMMANDS) + chance.choice(ENDS) for _ in range(chance.randrange(12)))
            outlive(server, b"".join(words), half_close=chance.random() < 0.5)
        assert_served(server, mailbox)
    assert not caplog.records, caplog.text


def test_garbage_is_outlived(server, mailbox, caplog):
    chance = random.Random(2)
    with caplog.at_level(logging.WARNING):
        for size in (0, 1, 100, 1001, 1002, 5000, 100_000):
            outlive(server, chance.randbytes(size))
            outlive(server, b"\r\n" * size)
        assert_served(server, mailbox)
    assert not caplog.records, caplog.text


def test_no_client_is_left(server, mailbox):
    with socket.create_connection(server.address, timeout=5):
        pass
    assert_served(server, mailbox)
    server.stop()
    assert not server.connections
    server.start()


def test_an_endless_mail_costs_no_memory(server, mailbox):
    if server.tls or server.auth_required:
        pytest.skip("the same code")
    with socket.create_connection(server.address, timeout=5) as sock, sock.makefile("rb") as replies:
        sock.sendall(b"HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<ada@ticker.example>\r\nDATA\r\n")
        for _ in range(5):
            replies.readline()
        for _ in range(300):
            sock.sendall(b"x" * 98 + b"\r\n" + b"y" * 99_900)
        (connection,) = server.connections
        assert len(connection._heard) < 1_000_000
        sock.sendall(b"\r\n.\r\n")
        assert replies.readline()[:3] in (b"552", b"500")
    assert_served(server, mailbox)
