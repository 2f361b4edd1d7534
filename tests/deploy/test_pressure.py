"""What clients that never pause count."""

from __future__ import annotations

import itertools
import threading

import pytest

from netlab.deploy import Pressure
from netlab.errors import NetlabError, OptionError
from netlab.servers import WebServer


def numbered():
    """An app that answers 500 each third time."""
    numbers = itertools.count()

    def app(environ, start_response):
        bad = next(numbers) % 3 == 2
        start_response("500 Internal Server Error" if bad else "200 OK", [("Content-Type", "text/plain")])
        return [b"sorry" if bad else environ["PATH_INFO"].encode()]

    return app


def test_it_counts_answers_and_what_failed():
    with WebServer(numbered()) as server, Pressure(f"{server.url}/AAPL", clients=1) as pressure:
        pressure.wait_for(30)
    assert set(pressure.statuses) == {200, 500}
    assert set(pressure.answers) == {"/AAPL", "sorry"}
    assert pressure.failed == pressure.statuses[500] >= 10
    assert len(pressure.waits) == pressure.statuses.total()
    assert pressure.rate > 0
    assert pressure.median > 0
    assert "failed" in repr(pressure)


def test_a_server_that_goes_is_counted_as_failures():
    with WebServer(numbered()) as server, Pressure(server.url) as pressure:
        pressure.wait_for(5)
        server.stop()
        pressure.wait_for(5)
    assert pressure.failures["ConnectionRefusedError"] > 0


@pytest.mark.parametrize("keep_alive", [True, False])
def test_connections_are_kept_if_wanted(keep_alive):
    with WebServer(numbered()) as server:
        with Pressure(server.url, clients=2, keep_alive=keep_alive) as pressure:
            pressure.wait_for(30)
        speakers = {entry.speaker for entry in server.transcript} - {"server"}
    assert (len(speakers) == 2) == keep_alive


def test_it_speaks_tls():
    with WebServer(numbered(), tls=True) as server, Pressure(server.url) as pressure:
        pressure.wait_for(5)
    assert pressure.failures.total() == 0


def test_it_ends_its_threads_and_gives_up_waiting():
    before = threading.active_count()
    with (
        WebServer(numbered()) as server,
        Pressure(server.url) as pressure,
        pytest.raises(NetlabError, match="more requests did not end"),
    ):
        pressure.wait_for(1, "never", timeout=0.1)
    assert threading.active_count() == before


@pytest.mark.parametrize("url", ["ticker", "ftp://127.0.0.1:21", "http://ticker.example/"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(OptionError, match="is no address"):
        Pressure(url)


def test_there_is_no_pressure_without_a_client():
    with pytest.raises(OptionError, match="without a client"):
        Pressure("http://127.0.0.1:1", clients=0)
