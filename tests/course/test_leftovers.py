"""What a lesson leaves behind is seen, and said in words; what it closed is not."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from netlab.course.leftovers import difference, snapshot
from netlab.servers import TCPEchoServer, WebServer
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads Linux's /proc")


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory beside the temporary folder, so that files of the two can be told apart."""
    for name in ("lessons", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "lessons")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


@contextlib.contextmanager
def thread() -> Iterator[None]:
    end = threading.Event()
    stray = threading.Thread(target=end.wait, name="stray")
    stray.start()
    yield
    end.set()
    stray.join()


@contextlib.contextmanager
def process(program: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", program]) as child:
        folder = Path(f"/proc/{child.pid}")
        # For a moment of its exec, a process has no command line.
        wait_until(
            lambda: (folder / "cmdline").read_bytes() or "State:\tZ" in (folder / "status").read_text()
        )
        yield child
        child.kill()


@contextlib.contextmanager
def zombie() -> Iterator[None]:
    with process("") as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        yield


@contextlib.contextmanager
def pipe() -> Iterator[None]:
    ends = os.pipe()
    yield
    for end in ends:
        os.close(end)


@contextlib.contextmanager
def written(name: str) -> Iterator[None]:
    Path("sub").mkdir()
    Path("sub", name).write_text("430.47")
    yield
    Path("sub", name).unlink()


@pytest.mark.parametrize(
    ("leave", "words"),
    [
        (thread, "thread stray"),
        (lambda: process("import signal; signal.pause()"), "signal.pause()"),
        (zombie, "process that ended and was not waited for"),
        (lambda: socket.create_server(("127.0.0.1", 0)), "socket AF_INET SOCK_STREAM ('127.0.0.1', "),
        (lambda: socket.socket(type=socket.SOCK_DGRAM), "socket AF_INET SOCK_DGRAM ('0.0.0.0', 0)"),
        (TCPEchoServer, "socket AF_INET SOCK_STREAM ('127.0.0.1', "),
        (pipe, "pipe"),
        (selectors.EpollSelector, "selector or event loop"),
        (lambda: Path("prices.csv").open("w"), "open file "),  # noqa: SIM115
        (lambda: written("prices.csv"), "written file sub/prices.csv"),
    ],
    ids=[
        "thread", "process", "zombie", "listener", "datagrams", "server", "pipe", "selector", "open", "written"
    ],
)  # fmt: skip
def test_what_is_left_is_said_in_words_until_it_is_closed(leave, words) -> None:
    before = snapshot()
    with leave():
        left = difference(before, snapshot())
    assert any(words in each for each in left), left
    Path("prices.csv").unlink(missing_ok=True)
    assert difference(before, snapshot()) == []


def test_a_file_that_was_changed_is_seen() -> None:
    path = Path("prices.csv")
    path.write_text("430.47")
    before = snapshot()
    path.write_text("430.470")
    assert difference(before, snapshot()) == ["written file prices.csv"]


def test_a_temporary_file_may_stay() -> None:
    before = snapshot()
    with tempfile.TemporaryFile():
        assert difference(before, snapshot()) == []


def test_what_was_there_before_is_not_the_lessons() -> None:
    with thread(), socket.create_server(("127.0.0.1", 0)):
        before = snapshot()
        assert difference(before, snapshot()) == []


def test_the_background_loop_may_stay() -> None:
    before = snapshot()
    with TCPEchoServer() as server, socket.create_connection(server.address, timeout=2) as client:
        client.sendall(b"AAPL?\n")
    assert difference(before, snapshot()) == []


def test_the_idle_connection_of_a_response_may_stay() -> None:
    def app(_environ, start_response):
        start_response("200 OK", [("Content-Length", "6")])
        return [b"430.47"]

    before = snapshot()
    with WebServer(app) as server, requests.Session() as browser:
        response = browser.get(server.url, timeout=2)
    assert difference(before, snapshot()) == []
    assert response.text == "430.47"
