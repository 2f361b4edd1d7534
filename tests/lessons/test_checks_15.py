"""Right answers of lesson 15 that are not the course's own pass as well."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from netlab.exercises import check
from tests.lessons.tasks import SOLUTION, check_with, define, tasks

DATABASE = """
import contextlib, fcntl, os, sqlite3

def open_database(folder, **options):
    connection = sqlite3.connect(folder / "quotes.sqlite3", **options)
    connection.execute("CREATE TABLE IF NOT EXISTS quotes (ticker, day, close, PRIMARY KEY (ticker, day))")
    return connection
"""
RIGHT = {
    "15-drain, threads that are joined": """
        import signal, threading

        def serve(listener, answer):
            stopping = []
            signal.signal(signal.SIGTERM, lambda number, frame: stopping.append(number))
            listener.settimeout(0.5)
            threads = []
            while True:
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    if stopping:
                        break
                    continue
                threads.append(threading.Thread(target=answer, args=(connection,)))
                threads[-1].start()
            for thread in threads:
                thread.join()
    """,
    "15-drain, a selector and a word to itself": """
        import selectors, signal, socket
        from concurrent.futures import ThreadPoolExecutor

        def serve(listener, answer):
            ours, theirs = socket.socketpair()
            signal.signal(signal.SIGTERM, lambda *_: theirs.send(b"x"))
            listener.setblocking(False)
            stopping = False
            with selectors.DefaultSelector() as selector, ThreadPoolExecutor() as pool:
                selector.register(listener, selectors.EVENT_READ)
                selector.register(ours, selectors.EVENT_READ)
                while True:
                    ready = [key.fileobj for key, _ in selector.select(0 if stopping else None)]
                    if listener in ready:
                        connection, _ = listener.accept()
                        connection.setblocking(True)
                        pool.submit(answer, connection)
                    elif stopping:
                        return
                    if ours in ready:
                        stopping = True
                        selector.unregister(ours)
    """,
    "15-job, the day is deleted and stored anew": DATABASE
    + """
def run_daily(folder, day, fetch):
    with open(folder / ".lock", "a") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return None
        with contextlib.closing(open_database(folder)) as connection:
            with connection:
                connection.execute("DELETE FROM quotes WHERE day = ?", (day,))
                stored = 0
                for ticker, close in fetch(day):
                    connection.execute("INSERT INTO quotes VALUES (?, ?, ?)", (ticker, day, close))
                    stored += 1
            return stored
""",
    "15-job, the database is the lock": DATABASE
    + """
def run_daily(folder, day, fetch):
    try:
        connection = open_database(folder, timeout=0, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return None
    with contextlib.closing(connection):
        rows = [(ticker, day, close) for ticker, close in fetch(day)]
        words = "INSERT INTO quotes VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET close = excluded.close"
        connection.executemany(words, rows)
        connection.execute("COMMIT")
        return len(rows)
""",
    "15-job, a lock that is opened by its number": DATABASE
    + """
def run_daily(folder, day, fetch):
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        rows = list(fetch(day))
        connection = open_database(folder)
        try:
            with connection:
                connection.executemany(
                    "REPLACE INTO quotes VALUES (:ticker, :day, :close)",
                    ({"ticker": ticker, "day": day, "close": close} for ticker, close in rows),
                )
        finally:
            connection.close()
        return len(rows)
    except BlockingIOError:
        return None
    finally:
        os.close(lock)
""",
    "15-settings, one look at each, and a list of what there is": """
        from dataclasses import dataclass, field

        @dataclass(frozen=True)
        class Settings:
            database_url: str = field(repr=False)
            secret_key: str = field(repr=False)
            workers: int = 2
            debug: bool = False

        def read_settings(environ):
            known = ["TICKER_DATABASE_URL", "TICKER_SECRET_KEY", "TICKER_WORKERS", "TICKER_DEBUG"]
            mistakes = []
            for name in environ:
                if name.startswith("TICKER_") and name not in known:
                    mistakes.append(f"{name} is not one of {', '.join(known)}")
            if not environ.get(known[0]):
                mistakes.append(known[0])
            if len(environ.get(known[1], "")) < 32:
                mistakes.append(known[1])
            workers = 0
            try:
                workers = int(environ.get(known[2], 2))
            except ValueError:
                pass
            if workers < 1:
                mistakes.append(known[2])
            if environ.get(known[3]) not in (None, "0", "1"):
                mistakes.append(known[3])
            if mistakes:
                raise ValueError(f"wrong settings: {mistakes}")
            return Settings(environ[known[0]], environ[known[1]], workers, environ.get(known[3]) == "1")
    """,
    "15-redact, the record's dictionary": """
        import logging, re

        SECRET_TEXT = re.compile(r"(?i)((?:password|token)=|Bearer )[^\\s&]+")

        class Redact(logging.Filter):
            def filter(self, record):
                record.msg = SECRET_TEXT.sub(r"\\1[removed]", record.getMessage())
                record.args = None
                fields = {"password", "token", "authorization", "cookie"}
                record.__dict__.update({n: "[removed]" for n in vars(record) if n.lower() in fields})
                if record.exc_info:
                    text = logging.Formatter().formatException(record.exc_info)
                    record.exc_text = SECRET_TEXT.sub(r"\\1[removed]", text)
                return 1
    """,
    "15-health, a blueprint, and one place for the field": """
        from flask import Blueprint, jsonify

        def add_health(app, database):
            pages = Blueprint("health", __name__, url_prefix="/health")

            @pages.after_request
            def no_store(response):
                response.cache_control.no_store = True
                return response

            @pages.get("/live")
            def live():
                return jsonify(status="ok")

            @pages.get("/ready")
            def ready():
                ok = not app.config.get("STOPPING", False)
                if ok:
                    try:
                        database()
                    except Exception:
                        ok = False
                return jsonify(ready=ok), 200 if ok else 503

            app.register_blueprint(pages)
    """,
    "15-workers, counted up": """
        def workers_needed(rate, seconds, threads, memory, each):
            workers = 2
            while rate * seconds > workers * threads * 0.7 + 1e-9:
                workers += 1
            if memory < workers * each:
                raise ValueError("too many")
            return workers
    """,
    "15-metrics, the line by NumPy": """
        import numpy as np

        def summarize(before, after, seconds):
            old, new = read_page(before), read_page(after)
            grown = {key: value - old.get(key, 0) for key, value in new.items()}
            grown = {key: new[key] if value < 0 else value for key, value in grown.items()}
            asked = {key: value for key, value in grown.items() if key[0] == "ticker_http_requests_total"}
            total = sum(asked.values())
            if total == 0:
                return 0.0, 0.0, None
            bad = sum(value for key, value in asked.items() if dict(key[1])["status"][0] == "5")
            counts = {}
            for (name, labels), value in grown.items():
                if name == "ticker_http_request_seconds_bucket":
                    bound = float(dict(labels)["le"])
                    counts[bound] = counts.get(bound, 0) + value
            bounds = sorted(bound for bound in counts if bound < float("inf"))
            steps = [0, *(counts[bound] for bound in bounds)]
            return total / seconds, bad / total, np.interp(0.95 * counts[float("inf")], steps, [0, *bounds])
    """,
    "15-release, the tests run on the machine": 'order = "ecfagdb"',
    "15-release, as a list": 'order = ["c", "e", "f", "a", "g", "d", "b"]',
}
SITE = """
server {{
    listen LISTEN;
    location ^~ /static/ {{
        alias STATIC/;
    }}
    location / {{
        client_max_body_size {limit};
        proxy_set_header Host {host};
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_pass APP;
    }}
}}
"""


@pytest.mark.parametrize("what", RIGHT)
def test_an_unusual_right_answer_passes(what, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NETLAB_STRICT", "1")
    task = tasks()[what.partition(",")[0]]
    names: dict[str, Any] = {"__name__": "__main__"}
    define(task.solution.read_text(encoding="utf-8"), tmp_path / SOLUTION, names)
    report = check_with(task, define(textwrap.dedent(RIGHT[what]), tmp_path / "right.py", names))
    assert report.state == "passed", report


@pytest.mark.parametrize(("limit", "host"), [("64K", "$http_host"), ("64000", "$host"), ("65536", "$host")])
@pytest.mark.parametrize("installed", [True, False])
def test_sites_of_nginx_that_are_as_good_pass(limit, host, installed, tmp_path, monkeypatch, tool):
    monkeypatch.chdir(tmp_path)
    if installed:
        tool("nginx")
    else:
        monkeypatch.setattr("netlab.deploy.program.which", lambda _name: None)
    report = check("15-nginx", SITE.format(limit=limit, host=host))
    assert report.state == "passed", report
    assert ("no nginx here" in repr(report)) is not installed
