"""The whole system, with gunicorn and the back office as processes: started once, and gone afterwards."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from netlab.apps.capstone import Capstone, data, health
from netlab.apps.capstone import runner as module
from netlab.apps.capstone.system import running
from netlab.deploy import Waitress
from netlab.errors import AddressInUseError
from netlab.servers.mailbox import Account

PAGE = """
from flask import Blueprint

pages = Blueprint("x", __name__)
pages.add_url_rule("/x", "x", lambda: "new")
"""


@pytest.fixture(scope="module")
def whole():
    with Capstone() as system:
        yield system


def test_all_of_it_can_be_reached_from_outside(whole):
    assert repr(whole) == "<Capstone of 10 servers, gunicorn among them>"
    assert all(health.answers(whole).values())
    page = whole.visit("https://office.ticker.example/admin/login/")
    assert page.status == 200
    assert b"csrfmiddlewaretoken" in page.content


def test_both_sites_show_the_same_rows(whole):
    whole.next_day()
    assert "FAILED" not in whole.work()
    assert b"2013-01-23" in whole.visit("/stocks/IBM").content
    assert whole.sql("SELECT username FROM auth_user") == [("anna",)]


def test_no_rule_is_asked_about_a_share_that_the_staff_have_suspended(whole):
    whole.add_rule("any", lambda closes: "any")
    whole.sql(
        "INSERT INTO backoffice_suspension (stock_id, reason, since) "
        "SELECT id, '', '2013-01-23 18:00:00' FROM stocks WHERE ticker = 'AAPL'"
    )
    whole.run("watch")
    mails = "SELECT DISTINCT subject FROM notifications WHERE subject LIKE '%: any' ORDER BY subject"
    assert whole.sql(mails) == [("GOOG: any",), ("IBM: any",)]
    whole.sql("DELETE FROM backoffice_suspension")
    whole.run("watch")
    assert whole.sql(mails)[0] == ("AAPL: any",)
    whole.rules.clear()


def test_a_release_comes_with_new_workers_at_the_same_port(whole):
    before = set(whole.site.server.ready())
    whole.release("x.py", PAGE)
    assert not before & set(whole.site.server.ready())
    assert whole.visit("/x").content == b"new"
    whole.restart("web")
    assert whole.visit("/x").content == b"new", "what was released is there after a restart"


def test_curl_believes_the_certificate(whole):
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    port = whole.port("https")
    trust = ["--cacert", str(whole.authority), "--resolve", f"www.ticker.example:{port}:127.0.0.1"]
    words = [curl, "-sS", "-o", "/dev/null", "-w", "%{http_code}", *trust]
    done = subprocess.run(
        [*words, f"https://www.ticker.example:{port}/"], capture_output=True, text=True, timeout=20
    )
    assert (done.stdout, done.stderr) == ("200", "")


@pytest.fixture
def browse(whole, tool, tmp_path):
    """Open a page of the site with curl, which keeps cookies; with fields it is the page's form that is sent."""
    port, jar = whole.port("https"), tmp_path / "cookies"
    words = [tool("curl"), "-sSL", "-b", jar, "-c", jar, "--cacert", whole.authority]
    words += ["--resolve", f"www.ticker.example:{port}:127.0.0.1"]

    def browse(path, **fields):
        url = f"https://www.ticker.example:{port}{path}"
        if fields:
            fields["csrf_token"] = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', browse(path))[1]
        sent = [word for field in fields.items() for word in ("--data-urlencode", "=".join(field))]
        done = subprocess.run([*words, "-e", url, url, *sent], capture_output=True, text=True, timeout=20)
        assert done.stderr == ""
        return done.stdout

    return browse


def test_who_signs_up_gets_a_letter_whose_link_makes_the_account(whole, browse):
    cem, password = "cem@customer.example", "four calm horses"
    inbox = whole.mailbox.accounts.setdefault(cem, Account(cem, password)).inbox
    whole.run("send")  # what has waited before
    page = browse("/account/sign-up", email=cem, name="Cem", password=password)
    assert "Look into your mailbox" in page
    assert whole.sql("SELECT id FROM users WHERE email = :email", email=cem) == []
    assert whole.run("send").words == "1 sent, 0 put off, 0 failed"
    assert whole.run("send").words == "0 sent, 0 put off, 0 failed"
    (letter,) = inbox.messages
    link = re.search(r"https://www\.ticker\.example(/\S+token=\S+)", letter.email.get_content())[1]
    assert "Welcome, Cem." in browse(link, password=password)


def test_nothing_is_left_when_it_stops():
    before = set(psutil.Process().children(recursive=True))
    with Capstone() as system:
        ports = [tap.port for tap in system.taps.values() if tap.transport == "tcp"]
        folder = system.root.parent
        assert set(psutil.Process().children(recursive=True)) - before
    system.stop()
    assert set(psutil.Process().children(recursive=True)) <= before
    assert not folder.exists()
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)


def test_what_cannot_start_stops_what_has(monkeypatch):
    from netlab.apps.capstone import system as module

    begun = []

    def no_scheduler(system, _minutes):
        begun.append(system)
        raise AddressInUseError("the port is taken")

    monkeypatch.setattr(module.duties, "Scheduler", no_scheduler)
    with pytest.raises(AddressInUseError), running():
        pass
    assert not begun[0].running
    assert not any(server.running for server in begun[0].servers.values())
    assert not begun[0].root.exists()


def test_waitress_runs_it_where_gunicorn_does_not():
    with running(runner="waitress") as system:
        port = system.site.server.port
        system.release("x.py", PAGE)
        assert system.visit("/x").content == b"new"
        assert system.site.server.port == port


@pytest.mark.parametrize(
    ("missing", "runner"), [("gunicorn", "waitress"), ("gunicorn waitress", "cheroot"), ("", "gunicorn")]
)
def test_what_runs_it_is_the_best_that_is_there(missing, runner, monkeypatch):
    if os.name != "posix":
        pytest.skip("gunicorn runs on POSIX only")
    monkeypatch.setattr(module, "find_spec", lambda name: None if name in missing.split() else object())
    assert Capstone().runner == runner


def test_no_job_runs_before_it_is_told_to():
    with running(every=None) as system:
        system.next_day()
        assert system.log == "(nothing yet)"
        assert [system.run(name).job for name in ("watch", "collect")] == ["watch", "collect"]
        soonest = min(job.next_run_time for job in system.duties._scheduler.get_jobs())
        assert soonest > datetime.now(UTC) + timedelta(days=300)


def test_without_gunicorn_both_run_in_waitress(monkeypatch):
    real = module.find_spec
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "gunicorn" else real(name))
    with Capstone(since=data.RECENTLY) as system:
        assert {type(system.servers[key]) for key in ("web", "office")} == {Waitress}
        assert all(health.answers(system).values())


def test_the_command_runs_a_day_and_says_where_everything_is(tmp_path: Path):
    picture = tmp_path / "ticker.svg"
    code = "import typer; from netlab.apps.capstone.cli import capstone; typer.run(capstone)"
    words = [sys.executable, "-c", code, "--days", "1", "--no-office", "--no-wait", "--picture", str(picture)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "archive  done   1 file written" in done.stdout
    assert "curl --cacert" in done.stdout
    assert picture.read_text(encoding="utf-8").startswith("<svg")
