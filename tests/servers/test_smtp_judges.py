"""The mail server as swaks, curl and openssl find it."""

import base64
import subprocess

import pytest

from netlab.servers import Mailbox, SMTPServer
from netlab.servers.tls import ca_file

ADA, BOB = "ada@ticker.example", "bob@customer.example"
PASSWORD = "correct horse"
MAIL = b"From: Ada <ada@ticker.example>\r\nTo: bob@customer.example\r\nSubject: AAPL\r\n\r\n430.47\r\n.\r\n..\r\n"


@pytest.fixture
def mailbox():
    return Mailbox({ADA: PASSWORD, BOB: "battery"})


@pytest.fixture
def start(mailbox):
    servers = []

    def start(**options):
        servers.append(SMTPServer(mailbox, **options).start())
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def run(tool):
    """Run a program for ten seconds at the most, and return its code and what it printed."""

    def run(program, *arguments, said=b""):
        done = subprocess.run(
            [tool(program), *map(str, arguments)], input=said, capture_output=True, timeout=10, check=False
        )
        return done.returncode, (done.stdout + done.stderr).decode()

    return run


ways = pytest.mark.parametrize("way", ["clear", "starttls", "tls"])


class TestSwaks:
    @pytest.fixture
    def swaks(self, run):
        def swaks(server, *arguments):
            where = ("--server", f"{server.host}:{server.port}", "--helo", "pc.ticker.example")
            return run("swaks", *where, "--timeout", 5, *arguments)

        return swaks

    @ways
    @pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
    def test_it_logs_in_and_delivers(self, swaks, start, mailbox, way, mechanism):
        server = start(tls=way == "tls", starttls=way == "starttls", auth_required=True)
        options = {"clear": [], "starttls": ["--tls"], "tls": ["--tls-on-connect"]}[way]
        login = ("--auth", mechanism, "--auth-user", ADA, "--auth-password", PASSWORD)
        code, said = swaks(server, *options, *login, "--from", ADA, "--to", BOB, "--body", "430.47")
        assert code == 0, said
        assert "430.47" in mailbox[BOB].inbox[0].source
        assert PASSWORD not in repr(server.transcript)
        assert base64.b64encode(PASSWORD.encode()).decode()[:10] not in repr(server.transcript)

    def test_a_wrong_password(self, swaks, start):
        code, said = swaks(start(), "--tls", "-a", "-au", ADA, "-ap", "wrong", "--from", ADA, "--to", BOB)
        assert code == 28, said
        assert "535 5.7.8" in said

    def test_a_login_that_is_needed(self, swaks, start):
        _, said = swaks(start(auth_required=True), "--from", ADA, "--to", BOB)
        assert "530 5.7.0" in said

    @pytest.mark.parametrize(
        ("recipient", "words"), [("nobody@ticker.example", "550 5.1.1"), ("x@far.example", "550 5.7.1")]
    )
    def test_a_recipient_that_is_none(self, swaks, start, recipient, words):
        code, said = swaks(start(), "--from", ADA, "--to", recipient)
        assert code == 24, said
        assert words in said

    def test_an_attachment_and_several_recipients(self, swaks, start, mailbox, tmp_path):
        file = tmp_path / "AAPL.csv"
        file.write_bytes(b"2013-03-01,430.47\n")
        code, said = swaks(start(), "--from", ADA, "--to", f"{ADA},{BOB}", "--attach", f"@{file}")
        assert code == 0, said
        (attached,) = mailbox[BOB].inbox[0].email.iter_attachments()
        assert attached.get_content() == b"2013-03-01,430.47\n"
        assert len(mailbox[ADA].inbox) == 1


class TestCurl:
    @pytest.fixture
    def curl(self, run, tmp_path):
        mail = tmp_path / "mail.txt"
        mail.write_bytes(MAIL)

        def curl(server, *arguments, to=(BOB,)):
            recipients = [word for address in to for word in ("--mail-rcpt", address)]
            with ca_file() as ca:
                secure = ["--ssl-reqd", "--cacert", ca] if server.starttls or server.tls else []
                return run(
                    "curl", "-sSv", "--max-time", 5, f"{server.url}/pc.ticker.example", *secure, *arguments,
                    "--mail-from", ADA, *recipients, "--upload-file", mail,
                )  # fmt: skip

        return curl

    @ways
    def test_it_delivers_what_it_was_given(self, curl, start, mailbox, way):
        server = start(tls=way == "tls", starttls=way == "starttls", auth_required=True)
        code, said = curl(server, "--user", f"{ADA}:{PASSWORD}")
        assert code == 0, said
        assert mailbox[BOB].inbox[0].data.endswith(MAIL)

    def test_several_recipients(self, curl, start, mailbox):
        code, said = curl(start(), to=(ADA, BOB))
        assert code == 0, said
        assert len(mailbox[ADA].inbox) == len(mailbox[BOB].inbox) == 1

    def test_a_wrong_password(self, curl, start):
        code, said = curl(start(tls=True), "--user", f"{ADA}:wrong")
        assert code == 67, said

    def test_a_mail_that_is_too_large(self, curl, start):
        code, said = curl(start(size_limit=50))
        assert code == 55, said
        assert "552 " in said


class TestOpenSSL:
    def test_starttls(self, run, start):
        server = start()
        with ca_file() as ca:
            where = ("-connect", f"{server.host}:{server.port}", "-CAfile", ca, "-verify_return_error")
            code, said = run("openssl", "s_client", "-starttls", "smtp", *where, said=b"QUIT\r\n")
        assert code == 0, said
        assert "Verify return code: 0 (ok)" in said

    def test_tls_from_the_first_byte(self, run, start):
        server = start(tls=True)
        with ca_file() as ca:
            where = ("-connect", f"{server.host}:{server.port}", "-CAfile", ca, "-verify_return_error")
            _, said = run("openssl", "s_client", "-quiet", *where, said=b"QUIT\r\n")
        assert "220 mail.ticker.example ESMTP netlab" in said
