"""FTP's two connections as one picture."""

import re
import socket

import pytest

from netlab.servers import FTPServer
from netlab.wire import Tap
from netlab.wire.ftp import draw_transfer


@pytest.fixture
def server(tmp_path):
    (tmp_path / "README.txt").write_text("prices\n")
    with FTPServer(tmp_path) as server:
        yield server


@pytest.fixture
def dialogue(server):
    """A tap before the server, and a function that says a line through it and returns the reply."""
    with (
        Tap(server) as tap,
        socket.create_connection(tap.address, timeout=5) as sock,
        sock.makefile("rb") as replies,
    ):

        def say(line=None):
            if line is not None:
                sock.sendall(line.encode() + b"\r\n")
            return replies.readline().decode()

        for line in (None, "USER anonymous", "PASS x"):
            say(line)
        yield tap, say


def passive(server, dialogue, **options):
    tap, say = dialogue
    high, low = re.search(r"(\d+),(\d+)\)", say("PASV")).groups()
    with Tap((server.host, int(high) * 256 + int(low))) as data:
        say("RETR README.txt")
        with socket.create_connection(data.address, timeout=5) as connection:
            connection.makefile("rb").read()
        say()
        return draw_transfer(tap, data, **options)


def active(server, dialogue, **options):
    tap, say = dialogue
    with socket.create_server(("127.0.0.1", 0)) as listener, Tap(listener.getsockname()) as data:
        say(f"EPRT |1|127.0.0.1|{data.port}|")
        say("RETR README.txt")
        connection, _ = listener.accept()
        with connection:
            connection.makefile("rb").read()
        say()
        return draw_transfer(tap, data, active=True, **options)


def rows(drawing):
    """Who to whom and what, without times and columns of blanks."""
    lines = repr(drawing).splitlines()[:-1]
    return [re.sub(r"^.*? ms +|  +", " ", re.sub(r"\|\d+\|$", "|PORT|", line)).strip() for line in lines]


TO_CONTROL, FROM_CONTROL = "client ──▶ server, control connection", "server, control connection ──▶ client"
TO_DATA, FROM_DATA = "client ──▶ server, data connection", "server, data connection ──▶ client"


def test_after_pasv_the_client_connects(server, dialogue):
    drawn = rows(passive(server, dialogue, since="RETR"))
    assert drawn == [
        f"{TO_CONTROL} RETR README.txt",
        f"{FROM_CONTROL} 150 File status okay. About to open data connec…",
        f"{TO_DATA} connects",
        f"{FROM_DATA} prices\\r\\n (8 bytes)",
        f"{FROM_DATA} closes its side",
        f"{TO_DATA} closes its side",
        f"{FROM_CONTROL} 226 Transfer complete.",
    ]


def test_after_port_the_server_connects_before_it_says_so(server, dialogue):
    drawn = rows(active(server, dialogue, since="EPRT"))
    assert drawn == [
        f"{TO_CONTROL} EPRT |1|127.0.0.1|PORT|",
        f"{FROM_DATA} connects",
        f"{FROM_CONTROL} 200 Active data connection established.",
        f"{TO_CONTROL} RETR README.txt",
        f"{FROM_CONTROL} 125 Data connection already open. Transfer star…",
        f"{FROM_DATA} prices\\r\\n (8 bytes)",
        f"{FROM_DATA} closes its side",
        f"{TO_DATA} closes its side",
        f"{FROM_CONTROL} 226 Transfer complete.",
    ]


def test_all_is_drawn_unless_said_otherwise(server, dialogue):
    drawn = rows(passive(server, dialogue))
    assert drawn[:2] == [f"{TO_CONTROL} connects", f"{FROM_CONTROL} 220 Ticker's files."]
    assert len(drawn) == 15


def test_times_begin_at_0_and_never_go_back(server, dialogue):
    times = [float(time) for time in re.findall(r"\+([\d.]+) ms", repr(active(server, dialogue)))]
    assert times[0] == 0
    assert times == sorted(times)
