"""POP3 as RFC 1939 has it: first without a socket, then as clients that nobody here wrote see it."""

import contextlib
import poplib
import random
import socket
import ssl
import struct
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.servers import Mailbox, POP3Server
from netlab.servers.pop3 import COMMANDS, LONGEST_LINE, MOST_ERRORS, POP3Session, unique_name
from netlab.servers.tls import ca_file, client_context

ADA = "ada@ticker.example"
FIRST = b"Subject: one\r\n\r\nfirst line\r\nsecond line\r\n.\r\n..dots\r\n"
SECOND = b"Subject: two\r\n\r\nshort\r\n"


@pytest.fixture
def inbox(mailbox):
    for data in (FIRST, SECOND):
        mailbox.deliver(ADA, data, sender="bob@ticker.example", recipients=(ADA,))
    return mailbox[ADA].inbox


@pytest.fixture
def session(mailbox, inbox, spoken):
    return spoken(POP3Session(mailbox))


@pytest.fixture
def logged_in(session):
    assert session.say(f"USER {ADA}\r\nPASS lovelace\r\n").endswith(b"+OK 2 messages\r\n")
    return session


# before the login


def test_it_greets_with_ok(session):
    assert session.session.greeting().startswith(b"+OK ")


def test_capa_lists_what_it_can_do(session):
    assert session.say("CAPA\r\n").split(b"\r\n")[1:] == [
        b"USER", b"TOP", b"UIDL", b"RESP-CODES", b"PIPELINING", b".", b"",
    ]  # fmt: skip


def test_stls_is_offered_only_where_tls_is_possible_and_only_before_the_login(mailbox, spoken):
    session = spoken(POP3Session(mailbox, can_upgrade=True))
    assert b"\r\nSTLS\r\n" in session.say("CAPA\r\n")
    session.say(f"USER {ADA}\r\nPASS lovelace\r\n")
    assert b"STLS" not in session.say("CAPA\r\n")
    assert spoken(POP3Session(mailbox)).say("STLS\r\n") == b"-ERR TLS is not offered, or is on already\r\n"


def test_commands_may_be_written_in_small_letters(session):
    assert session.say(f"user {ADA}\r\npass lovelace\r\nstat\r\n").startswith(b"+OK")


def test_the_address_may_be_written_in_any_capitals_the_password_not(session):
    assert b"-ERR [AUTH]" in session.say(f"USER {ADA.upper()}\r\nPASS Lovelace\r\n")
    assert b"-ERR" not in session.say(f"USER {ADA.upper()}\r\nPASS lovelace\r\n")


def test_a_password_may_have_spaces_and_any_letters(spoken):
    session = spoken(POP3Session(Mailbox({ADA: " Größe 2 "})))
    session.say(f"USER {ADA}\r\n")
    assert session.say("PASS  Größe 2 \r\n").startswith(b"+OK")


def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(session):
    wrong = session.say(f"USER {ADA}\r\nPASS ada\r\n")
    assert session.say("USER eve@ticker.example\r\nPASS lovelace\r\n") == wrong
    assert b"-ERR [AUTH] name or password is wrong\r\n" in wrong


def test_after_a_wrong_password_user_comes_first_again(session):
    session.say(f"USER {ADA}\r\nPASS wrong\r\n")
    assert session.say("PASS lovelace\r\n") == b"-ERR give USER first\r\n"


def test_mail_is_read_only_after_the_login(session):
    for verb in ("STAT", "LIST", "UIDL", "RETR 1", "TOP 1 0", "DELE 1", "RSET", "NOOP"):
        answer = session.say(f"{verb}\r\n")
        assert answer == f"-ERR {verb.split()[0]} is not possible now: log in first\r\n".encode()


def test_a_second_session_of_the_same_user_is_refused_until_the_first_one_ends(mailbox, logged_in, spoken):
    other = spoken(POP3Session(mailbox))
    assert b"-ERR [IN-USE]" in other.say(f"USER {ADA}\r\nPASS lovelace\r\n")
    logged_in.say("QUIT\r\n")
    assert b"-ERR" not in other.say(f"USER {ADA}\r\nPASS lovelace\r\n")


def test_the_lock_is_each_accounts_own(mailbox, logged_in, spoken):
    assert b"-ERR" not in spoken(POP3Session(mailbox)).say("USER bob@ticker.example\r\nPASS builder\r\n")


# reading


def test_stat_counts_messages_and_bytes(logged_in):
    assert logged_in.say("STAT\r\n") == b"+OK 2 %d\r\n" % len(FIRST + SECOND)


def test_list_tells_lengths(logged_in):
    assert logged_in.say("LIST\r\n") == b"+OK 2 messages\r\n1 %d\r\n2 %d\r\n.\r\n" % (len(FIRST), len(SECOND))
    assert logged_in.say("LIST 2\r\n") == b"+OK 2 %d\r\n" % len(SECOND)


def test_uidl_names_each_message_for_ever(mailbox, inbox, logged_in, spoken):
    names = logged_in.say("UIDL\r\n")
    assert (
        names
        == f"+OK names follow\r\n1 {unique_name(inbox[0])}\r\n2 {unique_name(inbox[1])}\r\n.\r\n".encode()
    )
    logged_in.say("DELE 1\r\nQUIT\r\n")
    later = spoken(POP3Session(mailbox))
    later.say(f"USER {ADA}\r\nPASS lovelace\r\n")
    assert later.say("UIDL 1\r\n") == f"+OK 1 {unique_name(inbox[0])}\r\n".encode()
    assert inbox[0].data == SECOND


def test_two_copies_of_a_mail_have_two_names(inbox):
    assert unique_name(inbox.add(FIRST)) != unique_name(inbox[0])


def test_retr_gives_the_message_with_its_dots_doubled(logged_in):
    stuffed = FIRST.replace(b"\r\n.", b"\r\n..")
    assert logged_in.say("RETR 1\r\n") == b"+OK %d octets\r\n%s.\r\n" % (len(FIRST), stuffed)


def test_top_gives_the_header_and_some_lines(logged_in):
    assert logged_in.say("TOP 1 0\r\n") == b"+OK the top follows\r\nSubject: one\r\n\r\n.\r\n"
    assert logged_in.say("TOP 1 1\r\n").endswith(b"\r\n\r\nfirst line\r\n.\r\n")
    assert logged_in.say("TOP 2 99\r\n").endswith(b"\r\n\r\nshort\r\n.\r\n")


def test_a_mail_that_is_only_a_header_or_nothing_is_given_as_it_is(mailbox, inbox, spoken):
    inbox.add(b"Subject: bare\r\n")
    inbox.add(b"")
    session = spoken(POP3Session(mailbox))
    session.say(f"USER {ADA}\r\nPASS lovelace\r\n")
    assert session.say("TOP 3 5\r\nRETR 4\r\n") == (
        b"+OK the top follows\r\nSubject: bare\r\n.\r\n+OK 0 octets\r\n.\r\n"
    )


def test_mail_that_comes_in_the_meantime_waits_for_the_next_session(logged_in, inbox):
    inbox.add(SECOND)
    assert logged_in.say("STAT\r\n").startswith(b"+OK 2 ")


# deleting


def test_a_marked_message_is_out_of_sight_but_goes_only_at_quit(logged_in, inbox):
    assert logged_in.say("DELE 1\r\n") == b"+OK message 1 will be deleted\r\n"
    assert logged_in.say("STAT\r\n") == b"+OK 1 %d\r\n" % len(SECOND)
    assert logged_in.say("LIST\r\n") == b"+OK 1 message\r\n2 %d\r\n.\r\n" % len(SECOND)
    assert logged_in.say("RETR 1\r\n") == b"-ERR there is no message 1\r\n"
    assert logged_in.say("DELE 1\r\n") == b"-ERR there is no message 1\r\n"
    assert len(inbox) == 2
    assert logged_in.say("QUIT\r\n") == b"+OK bye, 1 deleted\r\n"
    assert [message.data for message in inbox] == [SECOND]


def test_rset_unmarks(logged_in, inbox):
    assert logged_in.say("DELE 1\r\nDELE 2\r\nRSET\r\n").endswith(b"+OK 2 messages\r\n")
    logged_in.say("QUIT\r\n")
    assert len(inbox) == 2


def test_without_quit_nothing_is_deleted_and_the_lock_is_free(logged_in, mailbox, inbox):
    logged_in.say("DELE 1\r\n")
    logged_in.session.end()
    assert len(inbox) == 2
    assert not mailbox[ADA].locked


def test_after_quit_nothing_is_answered(logged_in):
    assert logged_in.say("QUIT\r\nSTAT\r\n").count(b"\r\n") == 1
    assert logged_in.session.over


# what is refused, and how


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("", "unknown command"),
        ("MAIL", "unknown command"),
        ("RETR", "write it as: RETR message"),
        ("RETR 1 2", "write it as: RETR message"),
        ("TOP 1", "write it as: TOP message lines"),
        ("TOP 1 -1", "the number of lines is 0 or more"),
        ("TOP 1 ²", "the number of lines is 0 or more"),
        ("RETR 0", "there is no message 0"),
        ("RETR 3", "there is no message 3"),
        ("RETR one", "a message has a number, such as 1"),
        ("RETR -1", "a message has a number, such as 1"),
        ("LIST 99999999999999999999", "a message has a number, such as 1"),
        (f"USER {ADA}", "USER is not possible now: you are logged in already"),
        ("STAT\x00", "unknown command"),
    ],
)
def test_bad_commands_are_told_how_to_be_good(logged_in, command, words):
    answer = logged_in.say(f"{command}\r\n").decode()
    assert answer.startswith(f"-ERR {words}")
    assert answer.count("\r\n") == 1
    assert logged_in.say("NOOP\r\n") == b"+OK\r\n"


def test_bytes_that_are_no_text_are_refused(session):
    assert session.say(b"USER \xff\xfe\r\n") == b"-ERR a command is text in UTF-8\r\n"


def test_a_line_without_end_is_refused_once_and_skipped(session):
    answer = session.say(b"x" * 100_000)
    assert answer == f"-ERR a command has at most {LONGEST_LINE} bytes\r\n".encode()
    assert session.say(b"x" * 100_000 + b"\r\nCAPA\r\n").startswith(b"+OK capabilities")


def test_who_makes_only_mistakes_is_shown_out(session):
    answers = session.say("what?\r\n" * 100)
    assert answers.count(b"-ERR") == MOST_ERRORS
    assert answers.endswith(b"; that was one mistake too many\r\n")
    assert session.session.over


DIALOGUE = (
    f"CAPA\r\nUSER {ADA}\r\nPASS lovelace\r\nSTAT\r\nLIST\r\nUIDL 2\nRETR 1\r\nTOP 1 1\r\nDELE 2\r\nQUIT\r\n"
)


@pytest.mark.parametrize("size", [1, 10])
def test_it_does_not_matter_in_which_pieces_the_commands_come(mailbox, inbox, spoken, size):
    pieces = spoken(POP3Session(mailbox), size).say(DIALOGUE)
    inbox.remove(inbox)
    for data in (FIRST, SECOND):
        inbox.add(data)
    inbox[1].uid = 2
    assert spoken(POP3Session(mailbox)).say(DIALOGUE) == pieces


def test_the_transcript_has_no_password(mailbox, spoken):
    heard = []
    spoken(POP3Session(mailbox, record=heard.append)).say(f"USER {ADA}\r\npass lovelace\r\nNOOP\r\n")
    assert heard == [f"USER {ADA}\r\n".encode(), b"pass ***\r\n", b"NOOP\r\n"]


words = st.one_of(st.sampled_from([*COMMANDS, ADA, "lovelace", "1", "2", "0", "99"]), st.text(max_size=8))


@given(st.lists(st.lists(words, min_size=1, max_size=3).map(" ".join), max_size=12))
def test_whatever_the_commands_each_gets_one_answer_and_nothing_is_lost(commands):
    mailbox = Mailbox({ADA: "lovelace"})
    inbox = mailbox[ADA].inbox
    inbox.add(FIRST)
    session = POP3Session(mailbox)
    session.feed(
        b"".join(command.replace("\n", " ").encode("utf-8", "replace") + b"\r\n" for command in commands)
    )
    answers = list(iter(session.answer, None))
    assert all(answer.startswith((b"+OK", b"-ERR")) and answer.endswith(b"\r\n") for answer in answers)
    if not session.over:
        assert len(answers) == len(commands)
        assert len(inbox) == 1


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_garbage_is_survived(pieces):
    session = POP3Session(Mailbox({ADA: "lovelace"}))
    for piece in pieces:
        session.feed(piece)
        for answer in iter(session.answer, None):
            assert answer.startswith((b"+OK", b"-ERR"))


# over a socket


@pytest.fixture
def server(mailbox, inbox):
    with POP3Server(mailbox) as server:
        yield server


def test_poplib_reads_and_deletes(server, inbox):
    client = poplib.POP3(*server.address, timeout=5)
    client.user(ADA)
    client.pass_("lovelace")
    assert client.stat() == (2, len(FIRST + SECOND))
    _, lines, _ = client.retr(1)
    assert b"\r\n".join(lines) + b"\r\n" == FIRST
    client.dele(1)
    client.quit()
    assert [message.data for message in inbox] == [SECOND]


def test_poplib_speaks_tls_from_the_first_byte(mailbox, inbox):
    with POP3Server(mailbox, tls=True) as server:
        client = poplib.POP3_SSL(*server.address, context=client_context(), timeout=5)
        client.user(ADA)
        client.pass_("lovelace")
        assert client.stat()[0] == 2
        assert "STLS" not in client.capa()
        client.quit()
        assert server.url.startswith("pop3s://")


def test_poplib_goes_on_with_tls(server):
    client = poplib.POP3(*server.address, timeout=5)
    client.stls(client_context())
    assert "STLS" not in client.capa()
    client.user(ADA)
    client.pass_("lovelace")
    assert client.list()[1] == [b"1 %d" % len(FIRST), b"2 %d" % len(SECOND)]
    client.quit()


@pytest.mark.parametrize("tls", [False, True])
def test_curl_lists_fetches_and_deletes(tool, mailbox, inbox, tls):
    with POP3Server(mailbox, tls=tls) as server, ca_file() as ca:

        def curl(*options: str) -> bytes:
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
            upgrade = [] if tls else ["--ssl-reqd"]  # curl then insists on STLS
            command = [tool("curl"), *always, *upgrade, *options]
            return subprocess.run(command, capture_output=True, check=True).stdout

        assert curl(f"{server.url}/") == b"1 %d\r\n2 %d\r\n" % (len(FIRST), len(SECOND))
        assert curl(f"{server.url}/1") == FIRST
        curl(f"{server.url}/1", "--request", "DELE", "--list-only")
        assert [message.data for message in inbox] == [SECOND]


def test_openssl_goes_on_with_tls(tool, server):
    with ca_file() as ca:
        command = [
            tool("openssl"), "s_client", "-connect", f"127.0.0.1:{server.port}", "-starttls", "pop3",
            "-CAfile", ca, "-verify_return_error", "-quiet", "-crlf",
        ]  # fmt: skip
        result = subprocess.run(command, input=b"CAPA\nQUIT\n", capture_output=True, timeout=10)
    assert b"PIPELINING" in result.stdout, result.stderr


def test_commands_pipelined_behind_stls_are_not_obeyed(server, connect):
    with connect(server.address) as client:
        assert client.recv(1000).startswith(b"+OK")
        client.sendall(f"STLS\r\nUSER {ADA}\r\n".encode())
        assert client.recv(1000) == b"+OK begin TLS now\r\n"
        with client_context().wrap_socket(client, server_hostname="127.0.0.1") as secure:
            secure.sendall(b"PASS lovelace\r\n")
            assert secure.recv(1000) == b"-ERR give USER first\r\n"


def test_tls_begins_behind_whatever_was_asked_before(server, connect):
    with connect(server.address) as client:
        client.sendall(b"CAPA\r\n" * 20_000 + b"STLS\r\n")  # the answers fill every buffer
        received = b""
        while not received.endswith(b"+OK begin TLS now\r\n"):
            received = received[-100:] + client.recv(65536)
        with client_context().wrap_socket(client, server_hostname="127.0.0.1") as secure:
            secure.sendall(b"STLS\r\n")
            assert secure.recv(1000) == b"-ERR TLS is not offered, or is on already\r\n"


def test_a_client_that_spoils_the_handshake_is_dropped_and_the_next_one_served(server, connect, receive_all):
    client = connect(server.address)
    client.recv(1000)
    client.sendall(b"STLS\r\n")
    client.recv(1000)
    client.sendall(b"this is no handshake" * 10)
    with contextlib.suppress(ConnectionResetError):
        receive_all(client)
    poplib.POP3(*server.address, timeout=5).quit()


def test_the_server_stops_in_the_middle_of_a_handshake(mailbox, connect):
    with POP3Server(mailbox) as server:
        client = connect(server.address)
        client.recv(1000)
        client.sendall(b"STLS\r\n")
        client.recv(1000)
    assert not server.connections


def test_a_thousand_garbage_clients_hang_nothing_and_lose_nothing(server, connect, receive_all):
    randomly = random.Random(4)
    phrases = [*(verb for verb in COMMANDS if verb != "QUIT"), f"USER {ADA}", "PASS lovelace", "DELE 1", "\0"]
    for _ in range(1000):
        with connect(server.address) as client:
            lines = [randomly.choice(phrases) for _ in range(5)]
            client.sendall("\r\n".join(lines).encode() + randomly.randbytes(300))
            if randomly.random() < 0.2:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                client.shutdown(socket.SHUT_WR)
                assert receive_all(client).startswith(b"+OK")
    client = poplib.POP3(*server.address, timeout=5)
    client.user(ADA)
    client.pass_("lovelace")
    assert client.stat()[0] == 2
    client.quit()


def test_who_asks_for_much_and_reads_nothing_costs_little_memory(server, inbox, connect):
    inbox.add(b"Subject: large\r\n\r\n" + b"x" * 998 + b"\r\n" * 1000)
    greedy = connect(server.address)
    greedy.sendall(f"USER {ADA}\r\nPASS lovelace\r\n".encode())
    greedy.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        for _ in range(20_000):
            greedy.sendall(b"RETR 3\r\n")
    poplib.POP3(*server.address, timeout=5).quit()  # others are served all the while
    waiting = max(c.transport.get_write_buffer_size() for c in server.connections)
    assert waiting < 1_000_000


def test_who_says_no_more_still_gets_every_answer(server, inbox, connect, receive_all):
    inbox.add(b"Subject: large\r\n\r\n" + (b"x" * 998 + b"\r\n") * 1000)
    client = connect(server.address)
    client.sendall(f"USER {ADA}\r\nPASS lovelace\r\n".encode() + b"RETR 3\r\n" * 10 + b"DELE 1\r\nQUIT\r\n")
    client.shutdown(socket.SHUT_WR)
    assert receive_all(client).endswith(b"+OK bye, 1 deleted\r\n")
    assert len(inbox) == 2


def test_a_client_that_is_silent_for_too_long_is_let_go_and_the_lock_is_free(
    server, connect, receive_all, mailbox, monkeypatch
):
    monkeypatch.setattr(server.connection, "patience", 0.05)
    client = connect(server.address)
    client.sendall(f"USER {ADA}\r\nPASS lovelace\r\n".encode())
    assert receive_all(client).endswith(b"+OK 2 messages\r\n")
    assert not mailbox[ADA].locked


def test_who_goes_without_quit_is_let_go(server, connect, receive_all, inbox):
    client = connect(server.address)
    client.sendall(f"USER {ADA}\r\nPASS lovelace\r\nDELE 1\r\n".encode())
    client.shutdown(socket.SHUT_WR)
    assert receive_all(client).endswith(b"+OK message 1 will be deleted\r\n")
    assert len(inbox) == 2


def test_a_tls_client_is_served_while_another_one_does_not_finish_its_handshake(mailbox, inbox, connect):
    with POP3Server(mailbox, tls=True) as server:
        silent = connect(server.address)
        client = poplib.POP3_SSL(*server.address, context=client_context(), timeout=5)
        assert "UIDL" in client.capa()
        client.quit()
        silent.close()


def test_a_client_that_trusts_others_refuses_the_certificate(server):
    client = poplib.POP3(*server.address, timeout=5)
    with pytest.raises(ssl.SSLCertVerificationError):
        client.stls(ssl.create_default_context())
