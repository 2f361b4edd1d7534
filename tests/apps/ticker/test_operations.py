"""Those who run the site can ask how it is, read its log, and have its jobs done."""

from __future__ import annotations

import io
import json
import logging
import threading

import pytest
import requests
from apscheduler.schedulers.background import BackgroundScheduler
from prometheus_client.parser import text_string_to_metric_families

from netlab.apps.ticker import jobs, logs
from netlab.apps.ticker.context import ticker
from netlab.apps.ticker.jobs import JOBS, Job, schedule
from netlab.servers import WebServer


@pytest.fixture
def written():
    """What is logged, as JSON, line by line."""
    stream = io.StringIO()
    before = logs.log.handlers, logs.log.level, logs.log.propagate
    logs.write_to(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logs.log.handlers, logs.log.level, logs.log.propagate = before


# health


def test_it_lives_and_is_ready(app):
    with WebServer(app) as server:
        for kind in ("live", "ready"):
            response = requests.get(f"{server.url}/health/{kind}", timeout=5)
            assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_it_lives_and_is_not_ready_without_its_tables(app, database):
    database.downgrade()
    client = app.test_client()
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/ready").json["reason"] == "the tables are not up to date"


def test_it_is_not_ready_without_its_database(make_app, tmp_path):
    app = make_app(database_url=f"sqlite:///{tmp_path}/not/there.sqlite3")
    assert app.test_client().get("/health/ready").json["reason"] == "the database does not answer"


# figures


def figures(app, **labels):
    """The number of requests with these labels, as a Prometheus client reads it."""
    text = app.test_client().get("/metrics").text
    (family,) = (each for each in text_string_to_metric_families(text) if each.name == "ticker_http_requests")
    return sum(
        each.value
        for each in family.samples
        if each.name.endswith("_total") and labels.items() <= each.labels.items()
    )


def test_requests_are_counted_by_what_answered_them(app):
    client = app.test_client()
    for path in ("/", "/stocks/AAPL", "/stocks/MSFT", "/nowhere", "/elsewhere"):
        client.get(path)
    assert figures(app, endpoint="quotes.front", status="200") == 1
    assert figures(app, endpoint="quotes.stock") == 2
    assert figures(app, endpoint="none", status="404") == 2


def test_methods_that_somebody_makes_up_are_counted_as_one(app):
    client = app.test_client()
    for n in range(5):
        client.open("/", method=f"BREW{n}")
    assert figures(app, method="other") == 5


@pytest.mark.parametrize(
    "asked",
    [
        {"headers": {"X-Forwarded-For": "198.51.100.7"}},
        {"environ_base": {"REMOTE_ADDR": "198.51.100.7"}},
        {"environ_base": {"REMOTE_ADDR": ""}},
    ],
    ids=["through a proxy", "from elsewhere", "from who knows where"],
)
def test_figures_are_for_this_machine_only(app, asked):
    assert app.test_client().get("/metrics", **asked).status_code == 404


# the log


def test_each_request_is_a_line_of_json(app, written):
    response = app.test_client().get("/stocks/AAPL/history?page=2")
    (line,) = written()
    assert (line["method"], line["path"], line["status"]) == ("GET", "/stocks/AAPL/history", 200)
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert line["milliseconds"] > 0
    assert line["user"] is None


def test_the_log_holds_no_secret(app, new_browser, written):
    new_browser().sign_up(password="four calm horses")
    client = app.test_client()
    client.get("/search?q=my+secret")
    client.get("/", headers={"Cookie": "ticker_session=my-secret", "Authorization": "Bearer my-secret"})
    text = json.dumps(written())
    assert "four calm horses" not in text
    assert "secret" not in text
    assert "ada@ticker.example" not in text


def test_a_path_cannot_begin_a_line_of_its_own(app, written):
    app.test_client().get("/nowhere%0A%7B%22level%22%3A%22ERROR%22%7D")
    (line,) = written()
    assert line["level"] == "INFO"


def test_an_id_from_the_proxy_is_kept_and_one_from_anybody_else_is_not(make_app):
    asked = {"headers": {"X-Request-ID": "proxy-said-7"}}
    behind = make_app(behind_proxy=True).test_client()
    assert behind.get("/health/live", **asked).headers["X-Request-ID"] == "proxy-said-7"
    forged = {"headers": {"X-Request-ID": "x" * 65}}
    assert behind.get("/health/live", **forged).headers["X-Request-ID"] != "x" * 65
    alone = make_app().test_client()
    assert alone.get("/health/live", **asked).headers["X-Request-ID"] != "proxy-said-7"


def test_an_app_in_a_notebook_prints_nothing(app, capfd):
    app.test_client().get("/")
    assert capfd.readouterr() == ("", "")


# jobs


def test_each_job_runs_on_a_new_site(app, written):
    for job in JOBS:
        assert jobs.run(job, ticker(app)), job.name
    assert [line["job"] for line in written()] == [job.name for job in JOBS]


def test_a_job_that_fails_is_logged_and_stops_nothing(app, written):
    def fail(_):
        raise ValueError("no prices today")

    assert not jobs.run(Job("failing", 1, fail), ticker(app))
    (line,) = written()
    assert (line["level"], line["job"]) == ("ERROR", "failing")
    assert "ValueError: no prices today" in line["exc_info"]


def test_the_scheduler_does_each_job_at_once_and_again_later(app, monkeypatch):
    done = {name: threading.Event() for name in ("one", "two")}
    table = tuple(Job(name, 3600, lambda _, event=event: event.set() or "") for name, event in done.items())
    monkeypatch.setattr(jobs, "JOBS", table)
    scheduler = schedule(BackgroundScheduler(), ticker(app))
    scheduler.start()
    try:
        assert all(event.wait(10) for event in done.values())
        assert {job.id for job in scheduler.get_jobs()} == {"one", "two"}
    finally:
        scheduler.shutdown()


def test_logging_at_a_level_of_ones_own(app):
    stream = io.StringIO()
    before = logs.log.handlers, logs.log.level, logs.log.propagate
    try:
        logs.write_to(stream, logging.WARNING)
        app.test_client().get("/")
        assert stream.getvalue() == ""
    finally:
        logs.log.handlers, logs.log.level, logs.log.propagate = before
