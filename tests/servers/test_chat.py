"""A chat among clients that crash, sleep and talk nonsense."""

import socket
import struct

import pytest

from netlab.servers import ChatServer
from netlab.servers.tls import client_context


class Person:
    def __init__(self, sock, name):
        self.sock = sock
        self.lines = sock.makefile("r", encoding="utf-8", newline="\n")
        assert self.read() == "name?"
        self.say(name)
        assert self.read() == f"* welcome, {name}"

    def say(self, text):
        self.sock.sendall(f"{text}\n".encode())

    def read(self):
        return self.lines.readline().removesuffix("\n")


@pytest.fixture
def server():
    with ChatServer() as server:
        yield server


@pytest.fixture
def enter(server, connect):
    def enter(name):
        return Person(connect(server.address), name)

    return enter


def test_people_come_speak_and_leave(enter, server):
    ada, bob = enter("ada"), enter("bob")
    assert ada.read() == "* bob came"
    bob.say("hello")
    assert ada.read() == "bob: hello"
    ada.say("/msg bob psst")
    assert bob.read() == "ada (private): psst"
    ada.say("/who")
    assert ada.read() == "* here: ada, bob"
    bob.say("再见")
    assert bob.read() == "再见"
    assert bob.read() == ""
    assert ada.read() == "* bob left"
    assert server.room.names == ["ada"]


def test_the_transcript_has_a_line_to_all_but_once(enter, server):
    ada, bob, eve = enter("ada"), enter("bob"), enter("eve")
    eve.say("hello")
    assert [ada.read() for _ in range(3)][-1] == "eve: hello"
    assert str(server.transcript).endswith("client 3 → server: hello\\n\nserver → 2 clients: eve: hello\\n")
    assert bob.read() == "* eve came"


def test_lines_may_come_in_pieces_and_several_at_once(enter):
    ada, bob = enter("ada"), enter("bob")
    assert ada.read() == "* bob came"
    for byte in "é\n".encode():
        bob.sock.sendall(bytes([byte]))
    bob.sock.sendall(b"two\r\nthree\nbye\nfour\n")
    assert [ada.read() for _ in range(4)] == ["bob: é", "bob: two", "bob: three", "* bob left"]


def test_a_crash_is_told_and_hurts_nobody(enter):
    ada, bob, eve = enter("ada"), enter("bob"), enter("eve")
    assert [ada.read(), ada.read(), bob.read()] == ["* bob came", "* eve came", "* eve came"]
    eve.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    eve.lines.close()
    eve.sock.close()
    assert ada.read() == bob.read() == "* eve left"
    ada.say("what was that?")
    assert bob.read() == "ada: what was that?"


def test_garbage_is_refused_and_hurts_nobody(enter):
    ada, bob = enter("ada"), enter("bob")
    assert ada.read() == "* bob came"
    bob.sock.sendall(b"\xff\xfe\x00\n")
    assert bob.read().startswith("! that is not UTF-8")
    bob.say("sorry")
    assert ada.read() == "bob: sorry"


def test_an_endless_line_ends_the_visit(enter):
    ada, bob = enter("ada"), enter("bob")
    assert ada.read() == "* bob came"
    bob.sock.sendall(b"x" * 1002)
    assert bob.read() == "! a line has at most 1,000 bytes"
    assert ada.read() == "* bob left (the line was too long)"


def test_who_does_not_read_is_shown_out_with_the_reason_told(enter, server):
    ada, bob, _sleeper = enter("ada"), enter("bob"), enter("sleeper")
    assert [ada.read(), ada.read(), bob.read()] == ["* bob came", "* sleeper came", "* sleeper came"]
    news, said = "", 0
    while news != "* sleeper left (too slow to read)":
        for _ in range(50):
            ada.say("x" * 990)
        said += 50
        for _ in range(50):
            line = bob.read()
            if line.startswith("*"):
                news, _ = line, bob.read()
        assert said < 50_000, "nobody was shown out"
    assert ada.read() == news
    assert server.room.names == ["ada", "bob"]


def test_a_room_has_its_limit(connect):
    with ChatServer(most=1) as server:
        Person(connect(server.address), "ada")
        late = connect(server.address)
        assert late.recv(100).startswith(b"! the room is full")
        assert late.recv(100) == b""


def test_who_gives_no_name_makes_room_for_others(connect):
    with ChatServer(most=1, patience=0.05) as server:
        silent = connect(server.address).makefile("r", encoding="utf-8")
        assert silent.read() == "name?\n! no name came within 0.05 s\n"
        Person(connect(server.address), "ada")
        assert server.room.names == ["ada"]


def test_who_has_a_name_may_be_silent(connect):
    with ChatServer(patience=0.05) as server:
        ada = Person(connect(server.address), "ada")
        silent = connect(server.address).makefile("r", encoding="utf-8")
        silent.read()  # until its time is over, and so ada's would be
        Person(connect(server.address), "bob").say("still there?")
        assert [ada.read(), ada.read()] == ["* bob came", "bob: still there?"]


def test_it_can_be_had_over_tls(connect):
    with ChatServer(tls=True) as server:
        sock = client_context().wrap_socket(connect(server.address), server_hostname="localhost")
        with sock:
            ada = Person(sock, "ada")
            ada.say("bye")
            assert ada.read() == "bye"
            ada.lines.close()


def test_a_restarted_room_is_empty(connect):
    server = ChatServer()
    for _ in range(2):
        with server:
            Person(connect(server.address), "ada")
        assert server.room.names == []
