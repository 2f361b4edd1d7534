"""Every server under TLS, from the first byte or from a command on, as openssl, curl and wget find it."""

import contextlib
import random
import socket
import subprocess

import pytest
import requests

from netlab.servers import (
    ChatServer,
    FTPServer,
    IMAPServer,
    Mailbox,
    POP3Server,
    QuoteServer,
    SMSGateway,
    SMTPServer,
    TCPEchoServer,
    WebServer,
)
from netlab.servers.tls import ca_file

ADA, PASSWORD = "ada@ticker.example", "lovelace"
MAIL = b"Subject: AAPL\r\n\r\n430.47\r\n"
GET = b"GET / HTTP/1.1\r\nHost: ticker.example\r\nConnection: close\r\n\r\n"


def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello\n"]


class Form:
    """A way in which TLS begins.

    Args:
        make: makes the server.
        said: what the client says then.
        heard: what is in the answer.
        command: what begins TLS; none if it begins at once.
        starttls: openssl's name for that.
    """

    def __init__(self, make, said, heard, command=b"", starttls=""):
        self.make, self.said, self.heard, self.command, self.starttls = make, said, heard, command, starttls


def mailbox():
    mailbox = Mailbox({ADA: PASSWORD})
    mailbox.deliver(ADA, MAIL, sender=ADA, recipients=(ADA,))
    return mailbox


FORMS = {
    "https": Form(lambda: WebServer(hello, tls=True), GET, b"hello\n"),
    "https-sms": Form(lambda: SMSGateway(tls=True), GET, b'"code": 4010'),
    "smtps": Form(lambda: SMTPServer(mailbox(), tls=True), b"EHLO x\r\nQUIT\r\n", b"221 Bye"),
    "smtp": Form(
        lambda: SMTPServer(mailbox()), b"EHLO x\r\nQUIT\r\n", b"221 Bye", b"EHLO x\r\nSTARTTLS\r\n", "smtp"
    ),
    "pop3s": Form(lambda: POP3Server(mailbox(), tls=True), b"CAPA\r\nQUIT\r\n", b"PIPELINING"),
    "pop3": Form(lambda: POP3Server(mailbox()), b"CAPA\r\nQUIT\r\n", b"PIPELINING", b"STLS\r\n", "pop3"),
    "imaps": Form(lambda: IMAPServer(mailbox(), tls=True), b"a LOGOUT\r\n", b"a OK LOGOUT"),
    "imap": Form(lambda: IMAPServer(mailbox()), b"a LOGOUT\r\n", b"a OK LOGOUT", b"a STARTTLS\r\n", "imap"),
    "ftp": Form(None, b"NOOP\r\nQUIT\r\n", b"221 ", b"AUTH TLS\r\n", "ftp"),
    "quotes": Form(lambda: QuoteServer(tls=True), b"AAPL?\n", b"AAPL"),
    "echo": Form(lambda: TCPEchoServer(tls=True), b"hello\n", b"hello"),
    "chat": Form(lambda: ChatServer(tls=True), b"Ada\n", b"name?"),
}

SERVED = [(name, version) for name in FORMS for version in ("-tls1_2", "-tls1_3")]
SERVED.remove(("ftp", "-tls1_3"))  # uploads need TLS 1.2: see netlab.servers.ftp_session


@pytest.fixture(params=FORMS)
def form(request):
    return FORMS[request.param]


@pytest.fixture
def server(form, tmp_path):
    with form.make() if form.make else FTPServer(tmp_path, tls=True) as server:
        yield server


@pytest.fixture
def s_client(tool):
    """Run openssl s_client, and let it go once it has heard something; its code and all that it printed."""

    def s_client(server, form, *options, said=b"", until=b""):
        command = [
            tool("openssl"),
            "s_client",
            "-connect",
            f"127.0.0.1:{server.port}",
            "-verify_ip",
            "127.0.0.1",
        ]
        command += ["-starttls", form.starttls] if form.starttls else []
        with subprocess.Popen(
            [*command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            process.stdin.write(said)
            process.stdin.flush()
            heard = b""
            while until not in heard or not until:
                piece = process.stdout.read1()
                if not piece:
                    break
                heard += piece
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            if until and until in heard:
                process.terminate()  # an echo server would wait for more
            return process.wait(timeout=20), heard

    return s_client


@pytest.mark.parametrize(("form", "version"), SERVED, indirect=["form"])
def test_openssl_trusts_the_courses_authority_and_is_served(s_client, server, form, version):
    with ca_file() as authority:
        trust = ("-CAfile", authority, "-verify_return_error", "-nocommands", "-ign_eof", version)
        _, brief = s_client(server, form, *trust, said=form.said, until=form.heard)
    assert form.heard in brief
    assert b"Verification: OK" in brief


def test_openssl_trusts_nobody_else(s_client, server, form):
    code, said = s_client(server, form, "-verify_return_error", "-no-CAfile", "-no-CApath", "-no-CAstore")
    assert code == 1, said
    assert b"unable to get local issuer certificate" in said


@pytest.mark.parametrize("version", ["-tls1", "-tls1_1"])
def test_an_old_tls_is_refused(s_client, server, form, version):
    code, said = s_client(server, form, version, "-cipher", "DEFAULT@SECLEVEL=0")
    assert code == 1, said
    assert b"Cipher is (NONE)" in said


def begin(server, form):
    """A connection at the point where the handshake should begin."""
    sock = socket.create_connection(server.address, timeout=10)
    if form.command:
        with sock.makefile("rb") as lines:
            lines.readline()
            sock.sendall(form.command)
            while lines.readline()[:4] not in (b"220 ", b"234 ", b"+OK ", b"a OK"):
                pass
    return sock


def test_garbage_instead_of_a_handshake_hurts_nobody_else(s_client, server, form, caplog, capfd):
    chance = random.Random(8446)
    hello = bytes.fromhex("16030100c8010000c40303")
    for count in range(120):
        garbage = chance.choice([b"", hello[: count % 11], hello, b"\x15\x03\x03\x00\x02"])
        garbage += chance.randbytes(chance.choice([0, 1, 5, 100, 20_000]))
        with begin(server, form) as sock, contextlib.suppress(OSError):  # the server may be gone before us
            sock.sendall(garbage)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(65536):
                pass
    with ca_file() as authority:
        trust = ("-CAfile", authority, "-verify_return_error", "-nocommands", "-ign_eof")
        _, brief = s_client(server, form, *trust, said=form.said, until=form.heard)
    assert form.heard in brief
    assert not [
        record for record in caplog.records if record.name.startswith(("netlab", "pyftpdlib", "mail"))
    ]
    assert capfd.readouterr() == ("", "")


def run(*command, code=0):
    done = subprocess.run([*map(str, command)], capture_output=True, timeout=20, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout


class TestWget:
    def test_it_fetches_by_https(self, tool):
        with WebServer(hello, tls=True) as server, ca_file() as authority:
            assert run(tool("wget"), "-qO-", "--ca-certificate", authority, server.url) == b"hello\n"

    def test_it_trusts_nobody_else(self, tool):
        with WebServer(hello, tls=True) as server:
            assert run(tool("wget"), "-qO-", "--tries=1", server.url, code=5) == b""
            with ca_file() as authority:
                assert requests.get(server.url, verify=authority, timeout=5).text == "hello\n"


URLS = {
    "https": "https://{}/",
    "smtps": "smtps://{}/",
    "smtp": "smtp://{}/",
    "pop3s": "pop3s://{}/1",
    "pop3": "pop3://{}/1",
    "imaps": "imaps://{}/INBOX;UID=1",
    "imap": "imap://{}/INBOX;UID=1",
    "ftp": "ftp://{}/",
}


@pytest.mark.parametrize("name", URLS)
class TestCurl:
    @pytest.fixture
    def server(self, name, tmp_path):
        (tmp_path / "AAPL.csv").write_bytes(b"430.47\n")
        with (
            FORMS[name].make()
            if FORMS[name].make
            else FTPServer(tmp_path, users={ADA: PASSWORD}, tls=True) as server
        ):
            yield server

    @pytest.fixture
    def command(self, tool, name, server):
        url = URLS[name].format(f"127.0.0.1:{server.port}")
        login = [] if name == "https" else ["--user", f"{ADA}:{PASSWORD}"]
        return [tool("curl"), "-sS", "--max-time", "10", "--ssl-reqd", *login, url]

    def test_it_is_served_if_it_trusts_the_courses_authority(self, command, name):
        with ca_file() as authority:
            heard = run(*command, "--cacert", authority)
        expected = {"https": b"hello\n", "smtp": b"", "smtps": b"", "ftp": b"AAPL.csv"}.get(name, MAIL)
        assert expected in heard

    def test_it_trusts_nobody_else(self, command):
        assert run(*command, code=60) == b""
