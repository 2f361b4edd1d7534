"""gunicorn, waitress and the development server, in processes of their own."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest
import requests

from netlab.deploy import DevelopmentServer, Gunicorn, Pressure, Program, Waitress
from netlab.errors import AddressInUseError, OptionError, ServerCrashedError, StoppedError
from tests.waiting import wait_until

EVERY = pytest.mark.parametrize("kind", [Gunicorn, Waitress, DevelopmentServer])


def get(server: Program, path: str = "/") -> str:
    return requests.get(server.url + path, timeout=20).text


# What every server promises


@EVERY
def test_it_answers_as_soon_as_it_has_started(kind, files):
    with kind("web:app", files=files) as server:
        assert server.host == "127.0.0.1"
        assert server.url == f"http://127.0.0.1:{server.port}"
        assert repr(server) == f"<{kind.__name__} on 127.0.0.1:{server.port}>"
        assert get(server) == "1"
    assert repr(server) == f"<{kind.__name__} (stopped)>"


@EVERY
def test_start_and_stop_may_be_said_twice_and_again(kind, files):
    server = kind("web:app", files=files)
    for _ in range(2):
        pid = server.start().pid
        assert server.start().pid == pid
        server.stop()
        server.stop()
        assert not psutil.pid_exists(pid)
    with pytest.raises(StoppedError, match="not running"):
        server.pid  # noqa: B018


@EVERY
def test_nothing_is_left_behind(kind, files, descendants):
    before = descendants(), threading.active_count()
    with kind("web:app", files=files) as server:
        folder, address = server.folder, server.address
        assert folder.is_relative_to(tempfile.gettempdir())
        get(server)
    assert not folder.exists()
    assert (descendants(), threading.active_count()) == before
    with pytest.raises(ConnectionRefusedError), socket.create_connection(address, timeout=5):
        pass


@EVERY
def test_a_port_that_is_taken_is_told(kind, files):
    with kind("web:app", files=files) as first, pytest.raises(AddressInUseError, match=str(first.port)):
        kind("web:app", files=files, port=first.port).start()


@EVERY
def test_a_free_port_at_which_somebody_answers_just_then_is_looked_for_again(kind, files, take_first):
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        left = take_first(somebody)
        with kind("web:app", files=files) as server:
            assert get(server) == "1"
            assert server.port != somebody.getsockname()[1]
    assert left == []


@EVERY
def test_one_that_somebody_only_holds_is_looked_for_again_too(kind, files, take_first):
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        left = take_first(somebody)
        with kind("web:app", files=files) as server:
            assert get(server) == "1"
    assert left == []


@EVERY
def test_a_port_of_ones_choice_that_somebody_takes_just_then_is_told(kind, files, take_first, descendants):
    before = descendants()
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        take_first(somebody)
        server = kind("web:app", files=files, port=somebody.getsockname()[1])
        with pytest.raises(AddressInUseError, match=str(somebody.getsockname()[1])):
            server.start()
    assert not server.running
    assert descendants() == before


@EVERY
def test_a_broken_app_is_told_with_its_traceback(kind):
    with pytest.raises(ServerCrashedError, match="ZeroDivisionError"):
        kind("web:app", files={"web.py": "1 / 0"}).start()


@EVERY
def test_it_has_the_environment_that_it_is_given(kind, files, monkeypatch):
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--workers nonsense")
    monkeypatch.setenv("FLASK_DEBUG", "nonsense")
    with kind("web:app", files=files, env={"TICKER_COLOUR": "green"}) as server:
        assert get(server, "/environment/TICKER_COLOUR") == "green"


@EVERY
def test_the_log_can_be_read_during_and_after(kind, files):
    with kind("web:app", files=files) as server:
        get(server, "/broken")
        assert "ZeroDivisionError" in server.log
    assert "ZeroDivisionError" in server.log


@pytest.mark.parametrize("app", ["web", "web:", ":app", 7])
def test_what_is_no_place_of_an_app_is_refused(app):
    with pytest.raises(OptionError, match="module and name"):
        Gunicorn(app)


def test_a_killed_kernel_takes_its_server_with_it(files):
    script = (
        "from netlab.deploy import Gunicorn\n"
        f"server = Gunicorn('web:app', files={files!r}).start()\n"
        "print(server.pid, server.port, server.folder, flush=True)\n"
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    pid, _, folder = done.stdout.split()
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(int(pid)).wait(20)
    assert not psutil.pid_exists(int(pid)) or psutil.Process(int(pid)).status() == psutil.STATUS_ZOMBIE
    for path in sorted(Path(folder).rglob("*"), reverse=True):  # a killed kernel could not do it
        path.rmdir() if path.is_dir() else path.unlink()
    Path(folder).rmdir()


# gunicorn's own


def test_there_are_as_many_workers_as_asked_for(gunicorn):
    assert len(gunicorn.ready()) == 2
    assert set(gunicorn.ready()) <= set(gunicorn.children())
    assert int(get(gunicorn, "/pid")) in gunicorn.ready()
    assert gunicorn.memory() > 1_000_000


def test_a_worker_that_dies_is_replaced(gunicorn):
    before = gunicorn.ready()
    with pytest.raises(requests.ConnectionError):
        get(gunicorn, "/die")
    gunicorn.wait_for("exited with code 1")
    gunicorn.settle()
    assert get(gunicorn) == "1"
    assert len(set(gunicorn.ready()) & set(before)) == 1


@pytest.mark.parametrize("threads", [1, 4])
def test_no_request_is_lost_while_a_new_version_is_loaded(files, second, threads):
    with (
        Gunicorn("web:app", files=files, workers=2, threads=threads) as server,
        Pressure(server.url, clients=8) as pressure,
    ):
        pressure.wait_for(50, "1")
        for text in (second, files["web.py"], second):
            (server.folder / "web.py").write_text(text, encoding="utf-8")
            server.reload()
        pressure.wait_for(50, "2")
    assert pressure.failed == 0, pressure
    assert set(pressure.answers) == {"1", "2"}


def test_wrk_loses_no_request_while_gunicorn_is_reloaded(gunicorn, tool, run):
    told: list[str] = []
    words = [tool("wrk"), "-t1", "-c8", "-d2s", "--timeout", "20s", gunicorn.url]
    judge = threading.Thread(target=lambda: told.append(run(*words)))
    judge.start()
    while judge.is_alive():
        gunicorn.reload()
    assert "Requests/sec" in told[0]
    # gunicorn closes each connection after its answer, and says so; wrk counts what was cut off or not 2xx.
    assert "Non-2xx" not in told[0], told[0]
    assert "Socket errors" not in told[0], told[0]


def test_a_request_in_hand_is_finished_before_the_end(files):
    with Gunicorn("web:app", files=files, threads=2) as server:
        answers: list[str] = []
        client = threading.Thread(target=lambda: answers.append(get(server, "/slow?seconds=0.5")))
        client.start()
        (worker,) = server.ready()
        connections = psutil.Process(worker).net_connections
        wait_until(lambda: any(each.status == "ESTABLISHED" for each in connections("tcp")))
        server.reload()
        client.join()
        assert answers == ["slow"]
        assert worker not in server.ready()


def test_a_broken_new_version_ends_gunicorn_and_says_why(gunicorn):
    (gunicorn.folder / "web.py").write_text("1 / 0", encoding="utf-8")
    with pytest.raises(ServerCrashedError, match="Worker failed to boot"):
        gunicorn.reload()
    assert "ZeroDivisionError" in gunicorn.log


def test_a_configuration_of_ones_own_keeps_its_hooks(files):
    config = "def post_worker_init(worker):\n    worker.log.info('mine: %s', worker.age)\n"
    with Gunicorn("web:app", files=files, config=config) as server:
        assert "mine: 1" in server.log
        assert len(server.ready()) == 1


def test_gunicorn_leaves_no_socket_at_home(files, tmp_path):
    with Gunicorn("web:app", files=files, env={"HOME": str(tmp_path)}):
        assert list(tmp_path.iterdir()) == []


def test_what_is_never_logged_is_waited_for_in_vain(gunicorn):
    gunicorn.signal(signal.SIGTERM)
    with pytest.raises(ServerCrashedError, match="has ended"):
        gunicorn.wait_for("never said")


def test_gunicorn_needs_a_worker():
    with pytest.raises(OptionError, match="at least one worker"):
        Gunicorn("web:app", workers=0)


def test_a_client_that_stays_does_not_keep_it_from_stopping(files):
    server = Gunicorn("web:app", files=files, patience=1).start()
    with socket.create_connection(server.address, timeout=5) as sock:
        sock.sendall(b"GET / HT")
        begin = time.monotonic()
        server.stop()
        assert time.monotonic() - begin < 10


# what debug mode tells


def test_debug_mode_shows_visitors_the_source(files):
    with DevelopmentServer("web:app", files=files, debug=True) as server:
        page = get(server, "/broken")
        assert "return 1 / 0" in page
        assert "EVALEX = true" in page
    with DevelopmentServer("web:app", files=files) as server:
        assert "return 1 / 0" not in get(server, "/broken")


def test_the_death_of_the_development_server_is_noticed(files):
    with DevelopmentServer("web:app", files=files) as server:
        assert not server.has_ended(within=0.01)
        with pytest.raises(requests.ConnectionError):
            get(server, "/die")
        assert server.has_ended()


def test_signals_reach_the_program(gunicorn):
    gunicorn.signal(signal.SIGTTIN)  # one worker more
    wait_until(lambda: len(gunicorn.ready()) == 3)
