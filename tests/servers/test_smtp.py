"""The mail server: what it takes and refuses, where a mail ends up, and what it keeps to itself."""

import base64
import contextlib
import logging
import logging.config
import smtplib
import socket
import ssl
import struct
from email.message import EmailMessage

import pytest

from netlab.errors import OptionError
from netlab.servers import Mailbox, SMTPServer
from netlab.servers.tls import client_context

ADA, BOB, CAROL = "ada@ticker.example", "bob@ticker.example", "carol@customer.example"
PASSWORDS = {ADA: "correct horse", BOB: "battery", CAROL: "staple"}
MAIL = b"From: Ada <ada@ticker.example>\r\nSubject: AAPL\r\n\r\n430.47\r\n"


@pytest.fixture
def mailbox():
    return Mailbox(PASSWORDS)


@pytest.fixture
def server(mailbox):
    with SMTPServer(mailbox) as server:
        yield server


@pytest.fixture
def client_of():
    with contextlib.ExitStack() as stack:

        def client_of(server):
            client = smtplib.SMTP_SSL if server.tls else smtplib.SMTP
            options = {"context": client_context()} if server.tls else {}
            found = client(*server.address, local_hostname="pc.customer.example", timeout=5, **options)
            stack.callback(found.close)
            return found

        yield client_of


@pytest.fixture
def client(server, client_of):
    return client_of(server)


def content(message) -> bytes:
    """A mail without the lines that the server put before it."""
    return message.data.split(b" +0000\r\n", 1)[1]


class TestDelivery:
    def test_a_mail_arrives_as_it_was_sent(self, client, mailbox):
        client.sendmail(CAROL, ADA, MAIL)
        (message,) = mailbox[ADA].inbox
        assert content(message) == MAIL

    def test_the_envelope_is_kept(self, client, mailbox):
        client.sendmail(CAROL, [ADA, BOB], MAIL)
        (message,) = mailbox[BOB].inbox
        assert (message.sender, message.recipients) == (CAROL, (ADA, BOB))

    def test_each_recipient_has_the_mail_once(self, client, mailbox):
        client.sendmail(CAROL, [ADA, BOB, ADA, ADA.upper()], MAIL)
        assert len(mailbox[ADA].inbox) == len(mailbox[BOB].inbox) == 1

    def test_the_server_says_where_it_had_the_mail_from(self, client, mailbox):
        client.sendmail(CAROL, ADA, MAIL)
        lines = mailbox[ADA].inbox[0].source.splitlines()
        assert lines[:3] == [
            "Return-Path: <carol@customer.example>",
            "Received: from pc.customer.example ([127.0.0.1])",
            "\tby mail.ticker.example with ESMTP;",
        ]

    def test_a_name_in_hello_that_is_none_is_not_repeated(self, client, mailbox):
        client.ehlo("x); (evil")
        client.sendmail(CAROL, ADA, MAIL)
        assert "Received: from unknown ([127.0.0.1])" in mailbox[ADA].inbox[0].source

    def test_a_bounce_has_no_sender(self, client, mailbox):
        client.sendmail("", ADA, MAIL)
        (message,) = mailbox[ADA].inbox
        assert message.sender == ""
        assert message.source.startswith("Return-Path: <>\r\n")

    def test_lines_that_begin_with_a_dot_come_through(self, client, mailbox):
        client.sendmail(CAROL, ADA, b"Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n")
        assert content(mailbox[ADA].inbox[0]).endswith(b"\r\n\r\n.\r\n..\r\n.x\r\n")

    def test_bytes_beyond_ascii_come_through(self, client, mailbox):
        client.sendmail(CAROL, ADA, "Subject: x\r\n\r\n股价\r\n".encode(), mail_options=["BODY=8BITMIME"])
        assert "股价" in mailbox[ADA].inbox[0].source

    def test_a_mail_of_pythons_own(self, client, mailbox):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = CAROL, f"{ADA}, {BOB}", "苹果"
        message["Bcc"] = BOB
        message.set_content("430.47")
        assert client.send_message(message) == {}
        assert mailbox[ADA].inbox[0].email["Subject"] == "苹果"
        assert b"Bcc" not in mailbox[BOB].inbox[0].data

    def test_several_mails_on_one_connection(self, client, mailbox):
        for number in range(20):
            client.sendmail(CAROL, ADA, b"Subject: %d\r\n\r\n" % number)
        assert [m.email["Subject"] for m in mailbox[ADA].inbox] == [str(n) for n in range(20)]


class TestRefusal:
    @pytest.mark.parametrize(
        ("command", "code"),
        [
            ("MAIL FROM:<ada@@ticker.example>", 553),
            ("MAIL FROM:<ada>", 553),
            ("MAIL FROM:<a da@ticker.example>", 553),
            (f"MAIL FROM:<{'x' * 250}@a.example>", 553),
            ("MAIL FROM:<", 553),
            ("MAIL", 501),
            ("MAIL TO:<ada@ticker.example>", 501),
            ("MAIL FROM:<ada@ticker.example> SIZE=99999999999", 552),
            ("MAIL FROM:<ada@ticker.example> SIZE=x", 501),
            ("MAIL FROM:<ada@ticker.example> COLOUR=red", 555),
            ("MAIL FROM:<ada@ticker.example> SMTPUTF8", 501),
            ("RCPT TO:<ada@ticker.example>", 503),
            ("DATA", 503),
            ("EXPN all", 502),
            ("FROBNICATE", 500),
            ("", 500),
            ("\N{BULLET}", 500),
            ("x" * 5000, 500),
        ],
    )
    def test_a_command_that_will_not_do(self, client, command, code):
        client.ehlo()
        client.command_encoding = "utf-8"
        client.putcmd(command)
        assert client.getreply()[0] == code
        assert client.noop()[0] == 250

    @pytest.mark.parametrize(
        ("address", "code", "words"),
        [
            ("nobody@ticker.example", 550, "nobody here"),
            ("ada@elsewhere.example", 550, "relaying denied"),
            ("ada@ticker.example.", 553, "malformed"),
            ('"ada lovelace"@ticker.example', 553, "no mail address"),
            ("@ticker.example", 553, "malformed"),
        ],
    )
    def test_a_recipient_that_is_none(self, client, address, code, words):
        client.ehlo()
        client.mail(CAROL)
        found, answer = client.docmd("RCPT", f"TO:<{address}>")
        assert found == code
        assert words in answer.decode()

    def test_the_other_recipients_get_it(self, client, mailbox):
        refused = client.sendmail(CAROL, [ADA, "nobody@ticker.example"], MAIL)
        assert {address: code for address, (code, _) in refused.items()} == {"nobody@ticker.example": 550}
        assert len(mailbox[ADA].inbox) == 1

    def test_before_hello_comes_nothing(self, client):
        for command in ("MAIL FROM:<ada@ticker.example>", "RCPT TO:<a@b.example>", "DATA", "AUTH PLAIN"):
            assert client.docmd(command)[0] == 503

    def test_a_mail_within_a_mail(self, client):
        client.ehlo()
        client.mail(CAROL)
        assert client.mail(CAROL)[0] == 503
        assert client.rset()[0] == 250
        assert client.mail(CAROL)[0] == 250

    def test_more_recipients_than_a_mail_may_have(self, client):
        client.ehlo()
        client.mail(CAROL)
        codes = [client.rcpt(ADA)[0] for _ in range(101)]
        assert codes == [250] * 100 + [452]

    def test_a_line_end_that_is_half_a_one(self, client, mailbox):
        client.ehlo()
        for bad in (b"one\ntwo\r\n", b"one\rtwo\r\n", b"\r\n.\n\r\n"):
            client.mail(CAROL)
            client.rcpt(ADA)
            client.docmd("DATA")
            client.send(b"Subject: x\r\n\r\n" + bad + b".\r\n")
            assert client.getreply()[0] == 550
        assert len(mailbox[ADA].inbox) == 0

    def test_a_line_that_is_too_long(self, client, mailbox):
        with pytest.raises(smtplib.SMTPDataError, match="Line too long"):
            client.sendmail(CAROL, ADA, b"Subject: x\r\n\r\n" + b"x" * 2000 + b"\r\n")
        client.sendmail(CAROL, ADA, b"Subject: x\r\n\r\n" + b"x" * 998 + b"\r\n")
        assert len(mailbox[ADA].inbox) == 1

    def test_a_recipient_may_be_put_off(self, server, client, mailbox):
        server.defer_next(2)
        for _ in range(2):
            with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
                client.sendmail(CAROL, ADA, MAIL)
            assert caught.value.recipients[ADA][0] == 450
        client.sendmail(CAROL, ADA, MAIL)
        assert len(mailbox[ADA].inbox) == 1


class TestSize:
    @pytest.fixture
    def server(self, mailbox):
        with SMTPServer(mailbox, size_limit=1000) as server:
            yield server

    def test_it_is_announced(self, client):
        client.ehlo()
        assert client.esmtp_features["size"] == "1000"

    def test_a_mail_that_says_how_large_it_is_is_refused_at_once(self, client):
        with pytest.raises(smtplib.SMTPSenderRefused) as caught:
            client.sendmail(CAROL, ADA, MAIL + b"x\r\n" * 500)
        assert caught.value.smtp_code == 552

    def test_one_that_does_not_is_refused_at_its_end(self, client, mailbox):
        client.helo()
        client.mail(CAROL)
        client.rcpt(ADA)
        assert client.data(MAIL + b"x\r\n" * 500)[0] == 552
        assert len(mailbox[ADA].inbox) == 0
        client.sendmail(CAROL, ADA, MAIL)
        assert len(mailbox[ADA].inbox) == 1

    @pytest.mark.parametrize("limit", [0, -1, 1.5, "10 MB"])
    def test_a_limit_that_is_none(self, mailbox, limit):
        with pytest.raises(OptionError, match="makes no sense"):
            SMTPServer(mailbox, size_limit=limit)


class TestLogin:
    @pytest.fixture(params=["clear", "starttls", "tls"])
    def server(self, mailbox, request):
        options = {"clear": {"starttls": False}, "starttls": {}, "tls": {"tls": True}}[request.param]
        with SMTPServer(mailbox, auth_required=True, **options) as server:
            yield server

    @pytest.fixture
    def client(self, server, client_of):
        client = client_of(server)
        if server.starttls and not server.tls:
            client.starttls(context=client_context())
        client.ehlo()
        return client

    @pytest.mark.parametrize("mechanism", ["plain", "login"])
    @pytest.mark.parametrize("at_once", [True, False])
    def test_by_plain_and_by_login(self, client, mailbox, mechanism, at_once):
        client.user, client.password = ADA, PASSWORDS[ADA]
        method = getattr(client, f"auth_{mechanism}")
        assert client.auth(mechanism.upper(), method, initial_response_ok=at_once)[0] == 235
        client.sendmail(ADA, CAROL, MAIL)
        assert len(mailbox[CAROL].inbox) == 1

    @pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
    @pytest.mark.parametrize("user", [(ADA, "wrong"), ("nobody@ticker.example", "x"), (ADA, "pässwörd")])
    def test_a_wrong_password(self, client, mechanism, user):
        client.user, client.password = user
        secret = base64.b64encode("\0".join(["", *user]).encode()).decode()
        parts = [base64.b64encode(part.encode()).decode() for part in user]
        words = [secret] if mechanism == "PLAIN" else parts
        client.docmd("AUTH", mechanism)
        assert [client.docmd(word)[0] for word in words][-1] == 535
        assert client.docmd("MAIL", f"FROM:<{ADA}>")[0] == 530

    @pytest.mark.parametrize("answer", ["*", "no base64", "", base64.b64encode(b"one part").decode(), "/w=="])
    def test_an_answer_that_is_none(self, client, answer):
        assert client.docmd("AUTH", "PLAIN")[0] == 334
        assert client.docmd(answer)[0] == 501
        assert client.noop()[0] == 250

    @pytest.mark.parametrize(
        ("command", "code"), [("AUTH", 501), ("AUTH PLAIN a b", 501), ("AUTH DIGEST-MD5", 504)]
    )
    def test_a_command_that_will_not_do(self, client, command, code):
        assert client.docmd(command)[0] == code

    def test_without_it_nothing_is_taken(self, client):
        assert client.docmd("MAIL", f"FROM:<{ADA}>")[0] == 530

    def test_twice(self, client):
        client.login(ADA, PASSWORDS[ADA])
        assert client.docmd("AUTH", "PLAIN")[0] == 503

    def test_who_is_logged_in_sends_under_their_own_address(self, client):
        client.login(ADA, PASSWORDS[ADA])
        with pytest.raises(smtplib.SMTPSenderRefused) as caught:
            client.sendmail(BOB, CAROL, MAIL)
        assert caught.value.smtp_code == 553
        client.sendmail(ADA.upper(), CAROL, MAIL)

    def test_the_trace_says_how_the_mail_came(self, server, client, mailbox):
        client.login(ADA, PASSWORDS[ADA])
        client.sendmail(ADA, CAROL, MAIL)
        secure = server.tls or server.starttls
        assert f"with {'ESMTPSA' if secure else 'ESMTPA'};" in mailbox[CAROL].inbox[0].source


def test_no_password_is_taken_in_the_clear_where_there_could_be_tls(client):
    client.ehlo()
    assert "auth" not in client.esmtp_features
    assert client.docmd("AUTH", "PLAIN")[0] == 538


class TestStartTLS:
    def test_hello_has_to_be_said_again(self, client):
        client.ehlo()
        client.starttls(context=client_context())
        assert client.docmd("MAIL", f"FROM:<{ADA}>")[0] == 503

    def test_it_is_offered_only_where_it_is_not_yet(self, server, client, client_of, mailbox):
        client.starttls(context=client_context())
        client.ehlo()
        assert not client.has_extn("starttls")
        assert client.docmd("STARTTLS")[0] == 503
        with SMTPServer(mailbox, starttls=False) as other:
            assert client_of(other).docmd("STARTTLS")[0] == 454

    def test_what_was_said_before_it_is_forgotten(self, server, connect):
        sock = connect(server.address)
        with sock.makefile("rb") as replies:
            sock.sendall(b"STARTTLS\r\nEHLO evil.example\r\n")
            assert [replies.readline()[:3] for _ in range(2)] == [b"220", b"220"]
        with client_context().wrap_socket(sock, server_hostname="localhost") as secure:
            secure.sendall(b"MAIL FROM:<>\r\n")
            assert secure.recv(1000).startswith(b"503 ")

    def test_a_client_that_does_not_go_through_with_it(self, server, connect, client_of, receive_all):
        for then in (b"", b"no handshake\r\n", b"\x16\x03\x01\xff\xff" + bytes(50)):
            sock = connect(server.address)
            sock.sendall(b"STARTTLS\r\n")
            with sock.makefile("rb") as replies:
                assert [replies.readline()[:3] for _ in range(2)] == [b"220", b"220"]
                sock.sendall(then)
                sock.shutdown(socket.SHUT_WR)
                with contextlib.suppress(ConnectionResetError):
                    replies.read()
        client_of(server).noop()
        assert len(server.connections) <= 1

    def test_a_stop_in_the_middle_of_it(self, mailbox, connect):
        with SMTPServer(mailbox) as server:
            sock = connect(server.address)
            sock.sendall(b"STARTTLS\r\n")
            with sock.makefile("rb") as replies:
                replies.readline()
                replies.readline()
        with contextlib.suppress(ConnectionResetError):
            assert sock.recv(1) == b""
        assert not server.connections


class TestClientsThatGo:
    def test_half_a_mail_is_no_mail(self, server, connect, mailbox, client_of):
        for end in ("reset", "close", "shutdown"):
            sock = connect(server.address)
            with sock.makefile("rb") as replies:
                sock.sendall(b"HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<ada@ticker.example>\r\nDATA\r\n")
                for _ in range(5):
                    replies.readline()
                sock.sendall(b"Subject: half a m")
                if end == "reset":
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                if end == "shutdown":
                    sock.shutdown(socket.SHUT_WR)
                    assert replies.read() == b""
            sock.close()
        client_of(server).noop()
        assert len(mailbox[ADA].inbox) == 0

    def test_a_mail_that_was_answered_is_there(self, server, mailbox, connect):
        for number in range(50):
            sock = connect(server.address)
            with sock.makefile("rb") as replies:
                sock.sendall(b"HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<ada@ticker.example>\r\nDATA\r\n\r\n.\r\n")
                answers = [replies.readline() for _ in range(6)]
                assert answers[-1].startswith(b"250")
                assert len(mailbox[ADA].inbox) == number + 1
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()

    def test_all_at_once_and_half_closed(self, server, mailbox, connect, receive_all):
        sock = connect(server.address)
        sock.sendall(
            b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<ada@ticker.example>\r\nDATA\r\nSubject: x\r\n\r\n.\r\nNOOP\r\n"
        )
        sock.shutdown(socket.SHUT_WR)
        assert receive_all(sock).endswith(b"250 2.0.0 OK, delivered\r\n250 OK\r\n")
        assert len(mailbox[ADA].inbox) == 1

    def test_one_byte_at_a_time(self, server, mailbox, connect):
        sock = connect(server.address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in (
            b"HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<ada@ticker.example>\r\nDATA\r\n" + MAIL + b".\r\nQUIT\r\n"
        ):
            sock.sendall(bytes([byte]))
        with sock.makefile("rb") as replies:
            assert replies.read().endswith(b"delivered\r\n221 Bye\r\n")
        assert content(mailbox[ADA].inbox[0]) == MAIL

    def test_it_stops_with_clients_attached(self, mailbox, connect, client_of):
        with SMTPServer(mailbox) as server:
            idle = connect(server.address)
            assert idle.recv(1000)
            secure = client_of(server)
            secure.starttls(context=client_context())
            in_data = client_of(server)
            in_data.ehlo()
            in_data.mail(CAROL)
            in_data.rcpt(ADA)
            in_data.docmd("DATA")
            in_data.send(b"half")
        assert idle.recv(1) == b""
        assert not server.connections
        assert len(mailbox[ADA].inbox) == 0
        with server:
            assert client_of(server).noop()[0] == 250


class TestSecrets:
    """Passwords of these tests are words that occur nowhere else."""

    def logged_and_written(self, server, caplog, session):
        with caplog.at_level(logging.DEBUG):
            session()
        return repr(server.transcript) + caplog.text

    @pytest.mark.parametrize("right", [True, False])
    def test_no_password_is_in_the_transcript_or_the_log(self, mailbox, client_of, caplog, right):
        password = PASSWORDS[ADA] if right else "wrong horse"
        coded = [
            base64.b64encode(text).decode().strip("=")[:8]
            for text in (password.encode(), f"\0{ADA}\0{password}".encode())
        ]

        def session():
            for mechanism in ("PLAIN", "LOGIN"):
                for at_once in (True, False):
                    client = client_of(server)
                    client.starttls(context=client_context())
                    client.ehlo()
                    client.user, client.password = ADA, password
                    method = getattr(client, f"auth_{mechanism.lower()}")
                    with contextlib.suppress(smtplib.SMTPAuthenticationError):
                        client.auth(mechanism, method, initial_response_ok=at_once)

        with SMTPServer(mailbox) as server:
            shown = self.logged_and_written(server, caplog, session)
        assert "AUTH PLAIN ***" in shown
        assert not [word for word in (*coded, password) if word in shown]

    @pytest.mark.parametrize("a_program_sets_up_logging", [False, True])
    def test_not_even_one_that_is_typed_at_the_wrong_moment(
        self, mailbox, client_of, caplog, a_program_sets_up_logging
    ):
        if a_program_sets_up_logging:  # which enables every logger
            logging.config.dictConfig({"version": 1, "disable_existing_loggers": False})

        def session():
            client = client_of(server)
            for command in ("EHLO x", "AUTH LOGIN", "not base64", "OpenSesame", "MAIL FROM:<>"):
                client.docmd(command)

        with SMTPServer(mailbox, starttls=False) as server:
            shown = self.logged_and_written(server, caplog, session)
        assert "sesame" not in shown.lower()
        assert "MAIL FROM:<>" in shown

    def test_nothing_is_printed(self, mailbox, client_of, capfd):
        with SMTPServer(mailbox, starttls=False, auth_required=True) as server:
            client_of(server).login(ADA, PASSWORDS[ADA])
            client_of(server).docmd("NONSENSE")
        assert capfd.readouterr() == ("", "")


def test_the_transcript_is_a_dialogue(server, client):
    client.sendmail(CAROL, ADA, MAIL)
    client.quit()
    said = [str(entry).replace("TO:", "to:") for entry in server.transcript]  # Pythons differ
    assert said[0] == r"server → client 1: 220 mail.ticker.example ESMTP netlab\r\n"
    assert said[1] == r"client 1 → server: ehlo pc.customer.example\r\n"
    assert said[-9:-1] == [
        r"server → client 1: 250 2.1.0 OK\r\n",
        r"client 1 → server: rcpt to:<ada@ticker.example>\r\n",
        r"server → client 1: 250 2.1.5 OK\r\n",
        r"client 1 → server: data\r\n",
        r"server → client 1: 354 End data with <CR><LF>.<CR><LF>\r\n",
        r"client 1 → server: From: Ada <ada@ticker.example>\r\nSubject: AAPL\r\n\r\n430.47\r\n.\r\n",
        r"server → client 1: 250 2.0.0 OK, delivered\r\n",
        r"client 1 → server: quit\r\n",
    ]


def test_a_certificate_of_another_authority_would_not_do(server, client):
    with pytest.raises(ssl.SSLCertVerificationError):
        client.starttls(context=ssl.create_default_context())


def test_a_large_mail(server, client, mailbox):
    data = b"Subject: large\r\n\r\n" + b"x" * 70 + b"\r\n"
    data += (b"y" * 70 + b"\r\n") * 50_000
    client.sendmail(CAROL, ADA, data)
    assert content(mailbox[ADA].inbox[0]) == data


def test_the_server_has_no_trouble_with_its_own_faults(server, client, mailbox, monkeypatch, caplog):
    def broken(*_, **__):
        raise ValueError("the disk is full")

    monkeypatch.setattr(mailbox, "deliver", broken)
    with pytest.raises(smtplib.SMTPDataError) as caught:
        client.sendmail(CAROL, ADA, MAIL)
    assert caught.value.smtp_code == 451
    assert "disk" not in str(caught.value)
    assert "the disk is full" in caplog.text
    monkeypatch.undo()
    client.sendmail(CAROL, ADA, MAIL)
