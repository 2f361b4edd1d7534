"""Solutions of the exercises of lesson 15, deployment."""

import contextlib
import fcntl
import logging
import math
import re
import signal
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from prometheus_client.parser import text_string_to_metric_families


# 15-workers
def workers_needed(rate, seconds, threads, memory, each):
    """Return how many workers a load needs, busy at most 70 % of the time, and two at the least."""
    workers = max(2, math.ceil(rate * seconds / 0.7 / threads))
    if workers * each > memory:
        raise ValueError(f"{workers} workers do not fit into the memory")
    return workers


# 15-nginx
site = """\
server {
    listen LISTEN;
    client_max_body_size 64k;
    location /static/ {
        alias STATIC/;
    }
    location / {
        proxy_pass APP;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $remote_addr;
    }
}
"""


# 15-settings
@dataclass(frozen=True)
class Settings:
    """What Ticker is told when it starts."""

    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    workers: int = 2
    debug: bool = False


def read_settings(environ):
    """Return the settings; ValueError names everything that is wrong, and no value."""
    names = {"TICKER_DATABASE_URL", "TICKER_SECRET_KEY", "TICKER_WORKERS", "TICKER_DEBUG"}
    given = {name: value for name, value in environ.items() if name.startswith("TICKER_")}
    wrong = [f"there is no setting {name}" for name in sorted(given.keys() - names)]
    database_url, key = given.get("TICKER_DATABASE_URL", ""), given.get("TICKER_SECRET_KEY", "")
    workers, debug = given.get("TICKER_WORKERS", "2"), given.get("TICKER_DEBUG", "0")
    if not database_url:
        wrong.append("TICKER_DATABASE_URL is missing")
    if len(key) < 32:
        wrong.append("TICKER_SECRET_KEY needs 32 characters or more")
    if not workers.isdecimal() or int(workers) < 1:
        wrong.append("TICKER_WORKERS is a whole number, 1 or more")
    if debug not in ("0", "1"):
        wrong.append("TICKER_DEBUG is 0 or 1")
    if wrong:
        raise ValueError("; ".join(wrong))
    return Settings(database_url, key, int(workers), debug == "1")


# 15-redact
SECRET_FIELDS = {"password", "token", "authorization", "cookie"}
SECRET_TEXT = re.compile(r"(?i)((?:password|token)=|Bearer )[^\s&]+")


def clean(text):
    """Return a text without what looks like a secret."""
    return SECRET_TEXT.sub(r"\1[removed]", text)


class Redact(logging.Filter):
    """Takes secrets out of every record."""

    def filter(self, record):
        """Clean the message, the fields and the traceback; let the record pass."""
        record.msg, record.args = clean(record.getMessage()), ()
        for name in list(vars(record)):
            if name.lower() in SECRET_FIELDS:
                setattr(record, name, "[removed]")
        if record.exc_info:
            record.exc_text = clean(logging.Formatter().formatException(record.exc_info))
        return True


# 15-health
def add_health(app, database):
    """Add /health/live and /health/ready to a Flask app."""
    fields = {"Cache-Control": "no-store"}

    @app.get("/health/live")
    def live():
        return {"status": "ok"}, 200, fields

    @app.get("/health/ready")
    def ready():
        if app.config.get("STOPPING"):
            return {"status": "stopping"}, 503, fields
        try:
            database()
        except Exception:
            app.logger.exception("not ready")
            return {"status": "unavailable"}, 503, fields
        return {"status": "ok"}, 200, fields


# 15-metrics
def read_page(page):
    """Return the figures of a page: a value for each name and its labels."""
    families = text_string_to_metric_families(page)
    return {(s.name, frozenset(s.labels.items())): s.value for f in families for s in f.samples}


def growth(before, after, name):
    """Return pairs of labels and growth for the figures of one name."""
    for key, value in after.items():
        if key[0] == name:
            old = before.get(key, 0.0)
            yield dict(key[1]), value - old if value >= old else value


def quantile(part, buckets):
    """Return the value below which this part of all lies, by a straight line through its bucket."""
    goal, low, below = part * buckets[-1][1], 0.0, 0.0
    for high, count in buckets:
        if count >= goal:
            break
        low, below = high, count
    return low if math.isinf(high) else low + (high - low) * (goal - below) / (count - below)


def summarize(before, after, seconds):
    """Return the rate, the share of errors, and the 95th percentile of what came between two pages."""
    before, after = read_page(before), read_page(after)
    requests = list(growth(before, after, "ticker_http_requests_total"))
    total = sum(grown for _, grown in requests)
    if not total:
        return 0.0, 0.0, None
    errors = sum(grown for labels, grown in requests if labels["status"].startswith("5"))
    buckets = {}
    for labels, grown in growth(before, after, "ticker_http_request_seconds_bucket"):
        bound = float(labels["le"])
        buckets[bound] = buckets.get(bound, 0.0) + grown
    return total / seconds, errors / total, quantile(0.95, sorted(buckets.items()))


# 15-drain
def serve(listener, answer):
    """Serve until SIGTERM comes; then finish what has begun and what waits, and return."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    listener.settimeout(0.05)
    with ThreadPoolExecutor(4) as pool:
        while True:
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                if stopping.is_set():
                    return
                continue
            pool.submit(answer, connection)


# 15-release
order = "c e f a g d b"


# 15-job
def open_database(folder):
    """Return a connection to the quotes."""
    connection = sqlite3.connect(folder / "quotes.sqlite3")
    connection.execute("CREATE TABLE IF NOT EXISTS quotes (ticker, day, close, PRIMARY KEY (ticker, day))")
    return connection


def run_daily(folder, day, fetch):
    """Fetch the day's quotes and store them; return how many, or None while another run is at it."""
    with (folder / "daily.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        rows = [(ticker, day, close) for ticker, close in fetch(day)]
        with contextlib.closing(open_database(folder)) as database, database:
            database.executemany("INSERT OR REPLACE INTO quotes VALUES (?, ?, ?)", rows)
    return len(rows)
