"""No mail that was accepted is lost, and none that was not is there, wherever its client dies."""

import contextlib
import poplib
import re
import socket
import struct
import threading

import pytest

from netlab.errors import StoppedError
from netlab.servers import IMAPServer, POP3Server, SMTPServer
from netlab.servers.tls import client_context

ADA, BOB = "ada@ticker.example", "bob@ticker.example"
NUMBER = re.compile(rb"Subject: (\d+)\r\n\r\nwhole\r\n\Z")


def by_smtp(number):
    """A session that sends a mail to two people."""
    return (
        b"HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<ada@ticker.example>\r\nRCPT TO:<bob@ticker.example>\r\nDATA\r\n"
        b"Subject: %d\r\n\r\nwhole\r\n.\r\n" % number
    )


def by_imap(number):
    """A session that appends a mail."""
    mail = b"Subject: %d\r\n\r\nwhole\r\n" % number
    return b"a LOGIN ada@ticker.example lovelace\r\nb APPEND INBOX {%d+}\r\n%s\r\n" % (len(mail), mail)


def numbers_in(folder):
    """The numbers of the mails in a folder; each is whole and there once."""
    numbers = [int(NUMBER.search(message.data)[1]) for message in folder]
    assert len(set(numbers)) == len(numbers)
    return set(numbers)


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def connected(server):
    sock = socket.create_connection(server.address, timeout=10)
    return client_context().wrap_socket(sock, server_hostname="127.0.0.1") if server.tls else sock


def hears(sock, words):
    """Whether some words are answered before the connection ends."""
    heard = b""
    while words not in heard:
        if not (piece := sock.recv(65536)):
            return False
        heard += piece
    return True


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(
    ("kind", "session", "accepted"),
    [(SMTPServer, by_smtp, b"delivered"), (IMAPServer, by_imap, b"OK APPEND")],
    ids=["smtp", "imap"],
)
class TestClientsThatDie:
    def test_at_every_byte(self, mailbox, kind, session, accepted, tls):
        """Each says so much and no more, and every other one hears what is answered before it goes."""
        answered, whole = set(), set()
        with kind(mailbox, tls=tls) as server:
            for number, length in enumerate(range(10, len(session(100)) + 20)):
                with contextlib.suppress(OSError), connected(server) as sock:
                    said = session(number)
                    sock.sendall(said[:length])
                    if length >= len(said):
                        whole.add(number)
                    if number % 2 == 0:
                        reset(sock)
                        continue
                    if number in whole:
                        assert hears(sock, accepted)
                        answered.add(number)
                    reset(sock)
        there = numbers_in(mailbox[ADA].inbox)
        assert answered <= there <= whole
        assert answered, "nobody heard an answer"
        if kind is SMTPServer:
            assert numbers_in(mailbox[BOB].inbox) == there

    def test_many_at_once_and_a_stop_in_the_middle(self, mailbox, kind, session, accepted, tls):
        answered, begun = set(), threading.Semaphore(0)

        def work(first):
            with contextlib.suppress(OSError, StoppedError):
                for number in range(first, first + 100):
                    with connected(server) as sock:
                        sock.sendall(session(number))
                        if not hears(sock, accepted):
                            return
                        answered.add(number)
                        begun.release()
                        reset(sock)

        with kind(mailbox, tls=tls) as server:
            threads = [threading.Thread(target=work, args=[first]) for first in range(0, 1000, 100)]
            for thread in threads:
                thread.start()
            for _ in range(50):
                assert begun.acquire(timeout=20)
        for thread in threads:
            thread.join(20)
        there = numbers_in(mailbox[ADA].inbox)
        assert answered <= there
        assert len(there) <= len(answered) + len(threads), "more than what was under way at the stop"


def test_what_one_server_accepted_another_gives_out_after_both_have_stopped(mailbox, connect):
    with SMTPServer(mailbox) as server:
        dying = connect(server.address)
        dying.sendall(by_smtp(7))
        assert hears(dying, b"delivered")
        reset(dying)
    with POP3Server(mailbox) as server:
        client = poplib.POP3(*server.address, timeout=10)
        client.user(ADA)
        client.pass_("lovelace")
        assert b"Subject: 7" in client.retr(1)[1]
        client.quit()


def test_a_client_that_dies_while_it_fetches_takes_nothing_away(mailbox, connect):
    for number in range(20):
        mailbox.deliver(ADA, b"Subject: %d\r\n\r\nwhole\r\n" % number, sender=BOB, recipients=(ADA,))
    said = b"USER ada@ticker.example\r\nPASS lovelace\r\n" + b"".join(
        b"RETR %d\r\nDELE %d\r\n" % (n, n) for n in range(1, 21)
    )
    with POP3Server(mailbox) as server:
        for length in range(0, len(said), 9):
            dying = connect(server.address)
            dying.sendall(said[:length])
            reset(dying)
    assert numbers_in(mailbox[ADA].inbox) == set(range(20))
    assert not mailbox[ADA].locked
