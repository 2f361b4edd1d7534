"""`netlab backoffice`, as a person runs it, and `BackOffice`, as a notebook does."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys

import psutil
import pytest
import requests

from netlab.apps.backoffice import BackOffice
from netlab.deploy.program import free_port

CHEAP = {"BACKOFFICE_ARGON2_TIME": "1", "BACKOFFICE_ARGON2_MEMORY": "8", "BACKOFFICE_ARGON2_LANES": "1"}


@pytest.fixture
def command(prepared_file, tmp_path):
    """Start `netlab backoffice …` on a copy of the prepared database; it is ended at the end of the test."""
    started = []
    shutil.copy(prepared_file, tmp_path / "office.sqlite3")

    def start(*arguments, **settings):
        own = ("BACKOFFICE_", "TICKER_", "DJANGO_", "STAFF_", "JUPYTERHUB_")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        environment |= {
            "BACKOFFICE_DATABASE_URL": f"sqlite:///{tmp_path}/office.sqlite3",
            **CHEAP,
            **settings,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "netlab", "backoffice", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def log_in(url, name, password):
    session = requests.Session()
    page = session.get(f"{url}/admin/", timeout=10)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    fields = {"csrfmiddlewaretoken": token, "username": name, "password": password, "next": "/admin/"}
    session.post(page.url, fields, timeout=10)
    return session


def test_it_prepares_a_database_serves_it_and_ends_when_it_is_told(command, tmp_path):
    fresh = f"sqlite:///{tmp_path}/fresh.sqlite3"
    process = command("serve", "--port", "0", "--demo", BACKOFFICE_DATABASE_URL=fresh)
    said = []
    while not (found := re.search(r"http://127\.0\.0\.1:\d+", said[-1] if said else "")):
        said.append(process.stdout.readline())
        assert said[-1], process.stderr.read()
    url, words = found[0], "".join(said)
    assert "12,154 prices added" in words
    password = re.search(r"shown only now: (\S+)", words)[1]
    assert (
        "12154 prices" in log_in(url, "alan", password).get(f"{url}/admin/backoffice/price/", timeout=10).text
    )
    listening = [
        each for each in psutil.Process(process.pid).net_connections("tcp") if each.status == "LISTEN"
    ]
    assert [f"http://{each.laddr.ip}:{each.laddr.port}" for each in listening] == [url]  # loopback alone
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=20)
    assert process.returncode == 0, log
    assert "Traceback" not in log
    assert password not in log


def test_staff_are_made_with_a_role(command):
    password = "four calm horses"
    made = command("createuser", "nora", "--role", "analyst", STAFF_PASSWORD=password)
    said, log = made.communicate(timeout=30)
    assert (said, made.returncode) == ("nora may log in as analyst.\n", 0), log


def test_an_import_says_what_it_did_and_which_lines_it_left_out(command, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text(
        "Ticker,Date,Open,High,Low,Close,Volume,Adj Close\n"
        "TICK,2020-01-02,10,12,9,11,100,11\n"
        "TICK,2020-01-32,10,12,9,11,100,11\n"
    )
    said, log = (process := command("import", str(path))).communicate(timeout=30)
    assert process.returncode == 1
    assert "1 prices added" in said
    assert "line 3" in log


@pytest.mark.parametrize(
    ("arguments", "settings", "words"),
    [
        (["import", "nowhere.csv"], {}, "There is no file nowhere.csv"),
        (["serve"], {"BACKOFFICE_DATABASE_URL": "mysql://x/y"}, "sqlite:///FILE"),
        (["serve", "--port", "99999"], {}, "is not a port"),
    ],
)
def test_what_is_wrong_is_one_clear_line(command, arguments, settings, words):
    process = command(*arguments, **settings)
    _, complaint = process.communicate(timeout=30)
    assert process.returncode == 1
    assert words in " ".join(complaint.split())
    assert len(complaint.strip().splitlines()) == 1


def test_djangos_own_commands_are_there_too(command):
    said, log = command("manage", "showmigrations", "backoffice").communicate(timeout=30)
    assert "0002_roles" in said, log


# from a notebook


def test_a_port_that_somebody_takes_just_then_is_not_taken_for_its_own(monkeypatch):
    settings = {name.removeprefix("BACKOFFICE_"): value for name, value in CHEAP.items()}
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        ports = [somebody.getsockname()[1], free_port("127.0.0.1")]
        monkeypatch.setattr("netlab.deploy.program.free_port", lambda *_: ports.pop(0))
        with BackOffice(settings=settings, demo=False) as office:
            assert "csrfmiddlewaretoken" in requests.get(f"{office.url}/admin/", timeout=10).text
            assert str(office.folder) in office.database
    assert ports == []


def test_a_block_has_a_back_office_with_one_of_the_staff_for_each_role():
    settings = {name.removeprefix("BACKOFFICE_"): value for name, value in CHEAP.items()}
    with BackOffice(settings=settings) as office:
        for role, name in office.staff.items():
            page = log_in(office.url, name, office.password).get(f"{office.url}/admin/", timeout=10).text
            assert ("Audit log" in page) is (role == "administrator")
        pid, address, folder = office.pid, office.address, office.folder
    assert not psutil.pid_exists(pid)
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5)
