"""`netlab ticker`, as a person runs it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest
import requests


@pytest.fixture
def command(prepared_url):
    """Start `netlab ticker …` on a database with the prices; it is ended at the end of the test."""
    started = []

    def start(*arguments, **settings):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TICKER_")}
        environment |= {"TICKER_DATABASE_URL": prepared_url, "TICKER_SECRET_KEY": "k" * 32, **settings}
        process = subprocess.Popen(
            [sys.executable, "-m", "netlab", "ticker", *arguments],
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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_the_site_until_it_is_told_to_stop(command, number):
    process = command("serve", "--port", "0")
    url = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())[0]
    assert "<h1>Prices</h1>" in requests.get(url, timeout=10).text
    process.send_signal(number)
    _, log = process.communicate(timeout=20)
    assert process.returncode == 0, log
    assert "Traceback" not in log


def test_the_jobs_run_by_themselves_too(command):
    process = command("work")
    assert "jobs run" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_without_a_mail_server_it_says_so_and_a_command_makes_the_link_of_a_reset(command, app, ada):
    process = command("serve", "--port", "0")
    url = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())[0]
    assert "netlab ticker reset-link" in process.stdout.readline()
    said, _ = command("reset-link", " Ada@ticker.example ", "--site", url).communicate(timeout=30)
    assert said.startswith(f"{url}/account/reset/new?token=")
    assert "<h1>Choose another password</h1>" in requests.get(said.strip(), timeout=10).text
    _, complaint = command("reset-link", "eve@ticker.example").communicate(timeout=30)
    assert "There is no account with the address eve@ticker.example." in " ".join(complaint.split())


def test_an_import_says_what_it_did_and_which_lines_it_left_out(command, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text(
        "Ticker,Date,Open,High,Low,Close,Volume,Adj Close\n"
        "TICK,2020-01-02,10,12,9,11,100,11\n"
        "TICK,2020-01-32,10,12,9,11,100,11\n"
    )
    said, _ = (process := command("import", str(path))).communicate(timeout=30)
    assert process.returncode == 1
    assert "1 price" in said
    assert "line 3" in said


@pytest.mark.parametrize(
    ("arguments", "settings", "words"),
    [
        (["import", "nowhere.csv"], {}, "There is no file nowhere.csv"),
        (["serve"], {"TICKER_DATABASE_URL": "mysql://x/y"}, "not mysql"),
        (["serve"], {"TICKER_SECRET_KEY": "short"}, "too short"),
        (["serve"], {"TICKER_COLOUR": "red"}, "There is no setting TICKER_COLOUR"),
    ],
)
def test_what_is_wrong_is_one_clear_line(command, arguments, settings, words):
    process = command(*arguments, **settings)
    _, complaint = process.communicate(timeout=30)
    assert process.returncode == 1
    assert words in " ".join(complaint.split())
    assert len(complaint.strip().splitlines()) == 1
