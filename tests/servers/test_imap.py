"""IMAP over sockets: judged by clients that nobody here wrote, and by those that mean no good."""

import contextlib
import gc
import imaplib
import poplib
import random
import re
import socket
import ssl
import struct
import subprocess
import threading
import tracemalloc

import pytest

from netlab.servers import IMAPServer, Mailbox, POP3Server
from netlab.servers.imap_commands import COMMANDS
from netlab.servers.imap_reader import LARGEST_COMMAND
from netlab.servers.tls import ca_file, client_context

ADA = "ada@ticker.example"
MAIL = b"From: Bob <bob@ticker.example>\r\nSubject: alert\r\n\r\nsell\r\n"


@pytest.fixture
def inbox(mailbox):
    for _ in range(3):
        mailbox.deliver(ADA, MAIL, sender="bob@ticker.example", recipients=(ADA,))
    return mailbox[ADA].inbox


@pytest.fixture
def server(mailbox, inbox):
    with IMAPServer(mailbox) as server:
        yield server


@pytest.fixture
def client(server):
    with imaplib.IMAP4(*server.address, timeout=5) as client:
        client.login(ADA, "lovelace")
        yield client


class TestImaplib:
    def test_it_reads_flags_and_expunges(self, client, inbox):
        assert client.select() == ("OK", [b"3"])
        assert client.search(None, "UNSEEN", "FROM", "bob") == ("OK", [b"1 2 3"])
        assert client.fetch("2", "(RFC822)")[1][0][1] == MAIL
        assert client.store("2", "+FLAGS", "(\\Deleted)") == (
            "OK",
            [b"2 (FLAGS (\\Deleted \\Recent \\Seen))"],
        )
        assert client.expunge() == ("OK", [b"2"])
        assert client.uid("SEARCH", "ALL") == ("OK", [b"1 3"])
        assert client.close()[0] == "OK"
        assert len(inbox) == 2

    def test_it_files_mail_in_folders(self, client, mailbox):
        assert client.create("B&APY-rse/2013") == ("OK", [b"CREATE completed"])
        assert client.append("B&APY-rse/2013", "(\\Seen)", '" 1-Mar-2013 16:00:00 -0500"', b"a\nb")[0] == "OK"
        assert client.list('""', "B*")[1] == [b'() "/" "B&APY-rse"', b'() "/" "B&APY-rse/2013"']
        assert client.status("B&APY-rse/2013", "(MESSAGES UNSEEN)")[1] == [
            b'"B&APY-rse/2013" (MESSAGES 1 UNSEEN 0)'
        ]
        client.select("inbox")
        assert client.copy("1:2", "B&APY-rse/2013")[0] == "OK"
        assert client.rename("B&APY-rse", "old") == ("OK", [b"RENAME completed"])
        assert client.subscribe("old")[0] == "OK"
        assert client.lsub()[1] == [b'() "/" "INBOX"', b'() "/" "old"']
        assert [message.data for message in mailbox[ADA].folders["old/2013"]] == [b"a\r\nb", MAIL, MAIL]
        assert client.delete("old/2013")[0] == "OK"

    def test_it_authenticates(self, server):
        with imaplib.IMAP4(*server.address, timeout=5) as client:
            assert client.authenticate("PLAIN", lambda _: f"\0{ADA}\0lovelace".encode())[0] == "OK"

    def test_a_wrong_password_is_an_error(self, server):
        with (
            imaplib.IMAP4(*server.address, timeout=5) as client,
            pytest.raises(imaplib.IMAP4.error, match="wrong"),
        ):
            client.login(ADA, "builder")

    def test_a_folder_that_is_open_for_reading_cannot_be_changed(self, client):
        client.select(readonly=True)
        assert client.store("1", "+FLAGS", "(\\Seen)")[0] == "NO"
        assert client.fetch("1", "(FLAGS)")[1] == [b"1 (FLAGS (\\Recent))"]

    def test_it_speaks_tls_from_the_first_byte(self, mailbox, inbox):
        with (
            IMAPServer(mailbox, tls=True) as server,
            imaplib.IMAP4_SSL(*server.address, ssl_context=client_context(), timeout=5) as client,
        ):
            assert "STARTTLS" not in client.capabilities
            client.login(ADA, "lovelace")
            assert client.select() == ("OK", [b"3"])
            assert server.url.startswith("imaps://")

    def test_it_goes_on_with_tls(self, server):
        with imaplib.IMAP4(*server.address, timeout=5) as client:
            client.starttls(client_context())
            assert "STARTTLS" not in client.capabilities
            client.login(ADA, "lovelace")
            assert client.select() == ("OK", [b"3"])

    def test_a_client_that_trusts_others_refuses_the_certificate(self, server):
        client = imaplib.IMAP4(*server.address, timeout=5)
        with contextlib.closing(client.file), pytest.raises(ssl.SSLCertVerificationError):
            client.starttls(ssl.create_default_context())


@pytest.mark.parametrize("tls", [False, True])
class TestCurl:
    @pytest.fixture
    def curl(self, tool, mailbox, inbox, tls):
        with IMAPServer(mailbox, tls=tls) as server, ca_file() as ca:

            def curl(path: str, *options: str) -> bytes:
                always = [
                    "--silent",
                    "--show-error",
                    "--max-time",
                    "10",
                    "--cacert",
                    ca,
                    "--user",
                    f"{ADA}:lovelace",
                ]
                upgrade = [] if tls else ["--ssl-reqd"]  # curl then insists on STARTTLS
                command = [tool("curl"), *always, *upgrade, f"{server.url}/{path}", *options]
                return subprocess.run(command, capture_output=True, check=True).stdout

            yield curl

    def test_it_lists_folders(self, curl):
        assert curl("") == b'* LIST () "/" "INBOX"\r\n'

    def test_it_fetches_a_mail_and_a_part_of_it(self, curl):
        assert curl("INBOX;UID=2") == MAIL
        assert curl("INBOX;MAILINDEX=1;SECTION=TEXT") == b"sell\r\n"

    def test_it_searches(self, curl):
        assert curl("INBOX?SUBJECT%20alert") == b"* SEARCH 1 2 3\r\n"
        assert curl("INBOX?SUBJECT%20nothing") == b"* SEARCH\r\n"

    def test_it_appends_and_stores(self, curl, inbox, tmp_path):
        (tmp_path / "mail.eml").write_bytes(MAIL)
        curl("INBOX", "--upload-file", str(tmp_path / "mail.eml"))
        assert inbox[3].data == MAIL
        curl("INBOX", "--request", "STORE 4 +Flags \\Flagged")
        assert inbox[3].flags >= {"\\Flagged"}

    def test_it_takes_the_mechanism_it_is_told(self, curl):
        assert curl("INBOX;UID=1", "--login-options", "AUTH=PLAIN") == MAIL


def test_openssl_goes_on_with_tls(tool, server):
    with ca_file() as ca:
        command = [
            tool("openssl"), "s_client", "-connect", f"127.0.0.1:{server.port}", "-starttls", "imap",
            "-CAfile", ca, "-verify_return_error", "-quiet", "-crlf",
        ]  # fmt: skip
        said = f"a LOGIN {ADA} lovelace\nb STATUS INBOX (MESSAGES)\nc LOGOUT\n".encode()
        result = subprocess.run(command, input=said, capture_output=True, timeout=10)
    assert b'* STATUS "INBOX" (MESSAGES 3)' in result.stdout, result.stderr


def talk(sock: socket.socket, data: bytes, end: bytes) -> bytes:
    """Send bytes, and receive until there is an end that answers them."""
    sock.sendall(data)
    received = b""
    while not received.endswith(end):
        piece = sock.recv(65536)
        assert piece, received
        received += piece
    return received


@pytest.fixture
def logged_in(server, connect):
    def logged_in() -> socket.socket:
        sock = connect(server.address)
        talk(
            sock,
            f"a LOGIN {ADA} lovelace\r\na SELECT INBOX\r\n".encode(),
            b"a OK [READ-WRITE] SELECT completed\r\n",
        )
        return sock

    return logged_in


def test_ten_bytes_at_a_time_make_no_difference(connect):
    said = f"a LOGIN {ADA} lovelace\r\nb EXAMINE INBOX\r\nc APPEND INBOX {{10}}\r\n0123456789\r\nd SELECT INBOX\r\n"
    said += "e FETCH 1:2 (UID BODY[TEXT])\r\nf STORE 1 FLAGS (work)\r\ng NOOP\r\n"

    def answers(size: int) -> str:
        mailbox = Mailbox({ADA: "lovelace"})
        mailbox[ADA].inbox.add(MAIL)
        with IMAPServer(mailbox) as server:
            sock = connect(server.address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for start in range(0, len(said), size):
                sock.sendall(said[start : start + size].encode())
            heard = talk(sock, b"", b"g OK NOOP completed\r\n").decode()
        return re.sub(r"UIDVALIDITY \d+", "", heard)

    assert answers(10) == answers(len(said))


def test_an_idling_client_hears_at_once_of_a_mail_that_another_thread_delivers(logged_in, inbox, mailbox):
    sock = logged_in()
    talk(sock, b"b IDLE\r\n", b"+ idling\r\n")
    threading.Thread(target=inbox.add, args=[MAIL]).start()
    assert talk(sock, b"", b"RECENT\r\n") == b"* 4 EXISTS\r\n* 4 RECENT\r\n"
    with POP3Server(mailbox) as pop3:
        other = poplib.POP3(*pop3.address, timeout=5)
        other.user(ADA)
        other.pass_("lovelace")
        other.dele(1)
        other.quit()
    assert talk(sock, b"", b"EXPUNGE\r\n") == b"* 1 EXPUNGE\r\n"
    assert talk(sock, b"DONE\r\n", b"completed\r\n") == b"b OK IDLE completed\r\n"


def test_commands_pipelined_behind_starttls_are_not_obeyed(server, connect):
    with connect(server.address) as client:
        talk(client, b"", b"\r\n")
        said = f"a STARTTLS\r\nb LOGIN {ADA} lovelace\r\n".encode()
        assert talk(client, said, b"\r\n") == b"a OK STARTTLS completed\r\n"
        with client_context().wrap_socket(client, server_hostname="127.0.0.1") as secure:
            assert talk(secure, b"c SELECT INBOX\r\n", b"\r\n") == b"c BAD SELECT needs a login first\r\n"


def test_a_stop_says_goodbye(mailbox, connect, receive_all):
    with IMAPServer(mailbox) as server:
        client = connect(server.address)
        talk(client, b"", b"\r\n")
    assert receive_all(client) == b"* BYE the server closes the connection\r\n"


def test_a_client_that_is_silent_for_too_long_is_let_go(server, connect, receive_all, monkeypatch):
    monkeypatch.setattr(server.connection, "patience", 0.05)
    assert receive_all(connect(server.address)).endswith(b"* BYE the server closes the connection\r\n")


def test_a_client_that_dies_in_the_middle_loses_nothing(server, logged_in, inbox, client):
    for last_words in (
        b"b APPEND INBOX {100+}\r\nhalf a mai",
        b"b STORE 1:* +FLAGS (\\Del",
        b"b IDLE\r\n",
        b"b EXPUN",
    ):
        dying = logged_in()
        dying.sendall(last_words)
        dying.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        dying.close()
    client.select()
    assert client.search(None, "ALL") == ("OK", [b"1 2 3"])
    assert inbox.watchers == set()


def test_a_mail_whose_append_was_answered_is_kept_when_the_client_dies(logged_in, client, mailbox):
    dying = logged_in()
    talk(dying, b"b APPEND INBOX {4+}\r\nlast\r\n", b"b OK APPEND completed\r\n")
    dying.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    dying.close()
    client.select()
    assert client.fetch("4", "(BODY[])")[1][0][1] == b"last"


@pytest.mark.parametrize("tls", [False, True])
def test_a_large_mail_goes_in_and_out(mailbox, tls):
    large = b"Subject: large\r\n\r\n" + b"0123456789" * 1_000_000
    with IMAPServer(mailbox, tls=tls) as server:
        options = {"ssl_context": client_context()} if tls else {}
        with (imaplib.IMAP4_SSL if tls else imaplib.IMAP4)(*server.address, timeout=20, **options) as client:
            client.login(ADA, "lovelace")
            client.append("INBOX", None, None, large)
            client.select()
            assert client.fetch("1", "(BODY[])")[1][0][1] == large
            too_large = b"x" * (LARGEST_COMMAND + 1)
            with pytest.raises(imaplib.IMAP4.error, match="a command has at most"):
                client.append("INBOX", None, None, too_large)
            assert client.noop()[0] == "OK"


def test_who_asks_for_much_and_reads_nothing_costs_little_memory_and_nobody_else(
    server, logged_in, inbox, client
):
    inbox.add(b"Subject: large\r\n\r\n" + b"x" * 2_000_000)
    greedy = logged_in()
    greedy.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        for _ in range(20_000):
            greedy.sendall(b"b FETCH 4 (BODY.PEEK[] BODY.PEEK[] BODY.PEEK[])\r\n")
    for _ in range(20):
        client.noop()
    waiting = max(c.transport.get_write_buffer_size() for c in server.connections)
    assert waiting < 5_000_000  # two mails at the most


def test_tls_clients_that_go_while_they_are_answered_leave_no_trace_in_the_log(
    mailbox, inbox, connect, receive_all, caplog
):
    inbox.add(b"Subject: large\r\n\r\n" + b"x" * 100_000)
    said = f"a LOGIN {ADA} lovelace\r\na SELECT INBOX\r\n".encode() + b"a FETCH 4 BODY[]\r\n" * 100
    with IMAPServer(mailbox, tls=True) as server:
        for way in ["waits", "goes", "says no more and reads on"] * 5:
            with client_context().wrap_socket(connect(server.address), server_hostname="localhost") as client:
                client.sendall(said)
                if way != "goes":
                    client.recv(100)
                if way == "says no more and reads on":
                    client.shutdown(socket.SHUT_WR)  # without a word in TLS
                    receive_all(client)
        client = imaplib.IMAP4_SSL(*server.address, ssl_context=client_context(), timeout=5)
        client.login(ADA, "lovelace")
        client.logout()
    assert not server.connections
    assert not caplog.records


def test_thousands_of_bad_clients_hang_nothing_and_leave_nothing_behind(
    server, connect, receive_all, client, inbox
):
    randomly = random.Random(4)
    words = [
        *(verb for verb in COMMANDS if verb not in ("LOGIN", "IDLE", "DELETE", "STARTTLS")),
        f"b LOGIN {ADA} lovelace\r\n", "c SELECT INBOX\r\n", "d UID FETCH 1:* BODY[]\r\n",
        "a", "(", "{9+}\r\n", "{3}\r\n", '"', "1:*", "FLAGS", "\0", "INBOX", "\r\n",
    ]  # fmt: skip

    def bad_clients(count: int) -> None:
        for _ in range(count):
            with connect(server.address) as bad:
                said = " ".join(randomly.choices(words, k=12)).encode() + randomly.randbytes(100)
                bad.sendall(said * 3)
                if randomly.random() < 0.3:
                    bad.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                else:
                    bad.shutdown(socket.SHUT_WR)
                    assert receive_all(bad).startswith(b"* OK [CAPABILITY")

    bad_clients(500)  # fills the transcript and the caches
    client.noop()
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        bad_clients(1500)
        client.noop()
        server.transcript = type(server.transcript)()
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 500_000
    finally:
        tracemalloc.stop()
    client.select()
    assert [message.data for message in inbox][:3] == [MAIL] * 3
    assert inbox.watchers == set()
    assert len(server.connections) == 1


def test_many_clients_work_at_once(server, inbox, mailbox):
    failures = []

    def work(number: int) -> None:
        try:
            with imaplib.IMAP4(*server.address, timeout=20) as client:
                client.login(ADA, "lovelace")
                client.select()
                for step in range(10):
                    client.append("INBOX", None, None, b"%d %d" % (number, step))
                    client.fetch("1:*", "(FLAGS BODY[TEXT])")
                    client.uid("STORE", "4:*", "+FLAGS", f"(\\Flagged k{number})")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert sorted(m.data for m in inbox if m.uid > 3) == sorted(
        b"%d %d" % (n, s) for n in range(8) for s in range(10)
    )


def test_the_transcript_reads_as_a_dialogue(server, client):
    client.select()
    client.logout()
    shown = re.sub(r"[A-Z]{4}\d+", "tag", repr(server.transcript))
    assert "client 1 → server: tag LOGIN ada@ticker.example ***\\r\\n" in shown
    assert "lovelace" not in shown
    assert shown.endswith("server → client 1: * BYE see you\\r\\ntag OK LOGOUT completed\\r\\n")
