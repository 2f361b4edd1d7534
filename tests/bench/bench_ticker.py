"""Ticker: requests a second beside a bare Flask app, the first byte, what pages weigh, how one grows with shares."""

from __future__ import annotations

import gzip
import itertools
import random
import socket
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from figures import in_turns, row
from sqlalchemy import event, insert

from netlab.apps.ticker import Config, create_app
from netlab.apps.ticker.context import ticker
from netlab.apps.ticker.models import Price, Stock
from netlab.deploy import Gunicorn
from netlab.http import timing

SECONDS, ROUNDS, FIRST_BYTES = 0.6, 5, 40
WORKERS, THREADS = 1, 4  # of Ticker and of its peer
KEY = "k" * 32
PAGES = {
    "a share's page": "/stocks/AAPL",
    "the API's share": "/api/v1/stocks/AAPL",
    "the front page": "/",
}
WEIGHED = {
    "a share's page": "/stocks/AAPL",
    "the front page": "/",
    "the style": "/static/style.css",
    "the script": "/static/chart.js",
    "the chart's figures": "/stocks/AAPL/chart.json",
}
HELLO = """
from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return "Hello, World!"
"""
PEER = "a bare Flask app"
COUNTS, DAYS = (1, 10, 100, 1000), 250
PLACE = Decimal("0.01")


def measure() -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory(prefix="netlab-bench-") as folder:
        return [*speed(Path(folder)), *weight(Path(folder)), *growth(Path(folder))]


# under gunicorn


def speed(folder: Path) -> list[dict[str, object]]:
    site(folder / "course.sqlite3", prepare=True)
    environment = {
        "TICKER_DATABASE_URL": f"sqlite:///{folder}/course.sqlite3",
        "TICKER_SECRET_KEY": KEY,
        "TICKER_PREPARE": "0",
    }
    served = {"workers": WORKERS, "threads": THREADS}
    with (
        Gunicorn("netlab.apps.ticker.app:create_app()", env=environment, **served) as ours,
        Gunicorn("hello:app", files={"hello.py": HELLO}, **served) as bare,
    ):
        urls = {PEER: f"{bare.url}/", **{name: ours.url + path for name, path in PAGES.items()}}
        rates = in_turns({name: lambda url=url: rate(url) for name, url in urls.items()}, ROUNDS)
        waits = in_turns({name: lambda url=url: first_byte(url) for name, url in urls.items()}, FIRST_BYTES)
    return [
        *(row(f"Ticker, {name}", "requests/s", rates[name], rates[PEER], PEER) for name in PAGES),
        *(
            row(f"Ticker, {name}, first byte", "ms", waits[name], waits[PEER], PEER, less_is_better=True)
            for name in PAGES
        ),
    ]


def rate(url: str) -> float:
    """Answers a second on one connection that is kept alive."""
    parts = urlsplit(url)
    request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as sock:
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < SECONDS:
            ask(sock, request)
            count += 1
        return count / (time.perf_counter() - start)


def ask(sock: socket.socket, request: bytes) -> None:
    sock.sendall(request)
    received, length = b"", 0
    while not length or len(received) < length:
        piece = sock.recv(65536)
        assert piece, "the server closed the connection"
        received += piece
        head, end, _ = received.partition(b"\r\n\r\n")
        if end and not length:
            assert head.startswith(b"HTTP/1.1 200 "), head
            length = len(head) + 4 + int(head.lower().split(b"content-length:")[1].split()[0])


def first_byte(url: str) -> float:
    """Milliseconds from nothing, no connection either, to the first byte of the answer."""
    taken = timing(url)
    assert taken.status == 200, taken
    return 1000 * (taken.connect + taken.request + taken.wait)


# in this process


def weight(folder: Path) -> list[dict[str, object]]:
    client = site(folder / "course.sqlite3").test_client()
    plain = {name: client.get(path).data for name, path in WEIGHED.items()}
    return [
        row(
            f"Ticker, {name}, weight",
            "bytes",
            len(data),
            len(gzip.compress(data, 6)),
            "the same in gzip",
            less_is_better=True,
        )
        for name, data in plain.items()
    ]


def growth(folder: Path) -> list[dict[str, object]]:
    """The front page with more and more shares: its time in this process, whatever others do, and its queries."""
    clients, queries = {}, {}
    for count in COUNTS:
        app = site(folder / f"{count}.sqlite3")
        fill(app, count)
        clients[count] = app.test_client()
        queries[count] = queries_of(app, clients[count])
    times = in_turns({n: lambda client=client: cpu(client) for n, client in clients.items()}, 3 * ROUNDS)
    few, many = COUNTS[0], COUNTS[-1]
    return [
        *(
            row(
                f"front page, {n:,} shares",
                "ms",
                times[n],
                times[few],
                f"{few} share",
                aim=f"> {10 / n:g}" if n == many else "",
                less_is_better=True,
            )
            for n in COUNTS[1:]
        ),
        row(
            f"front page, {many:,} shares",
            "queries",
            queries[many],
            queries[few],
            f"{few} share",
            aim="= 1",
            less_is_better=True,
        ),
    ]


def site(path: Path, *, prepare: bool = False):
    return create_app(Config(database_url=f"sqlite:///{path}", secret_key=KEY, prepare=prepare))


def fill(app, count: int) -> None:
    """Shares that do not exist, each with a year of prices that walk at random; the same in each run."""
    database, chance = ticker(app).database, random.Random(count)
    database.upgrade()
    numbers = range(1, count + 1)
    with database.begin() as session:
        session.execute(
            insert(Stock), [{"id": n, "ticker": f"S{n:04}", "name": f"Share {n}"} for n in numbers]
        )
        for n in numbers:
            session.execute(insert(Price), prices(n, chance))


def prices(stock_id: int, chance: random.Random) -> list[dict[str, object]]:
    steps = itertools.accumulate(
        (chance.gauss(0, 0.02) for _ in range(DAYS)), lambda a, b: a * (1 + b), initial=50.0
    )
    closes = [Decimal(close).quantize(PLACE) for close in steps]
    return [
        {
            "stock_id": stock_id,
            "day": date(2012, 1, 2) + timedelta(n),
            "open": before,
            "high": max(before, close) + PLACE,
            "low": min(before, close),
            "close": close,
            "volume": chance.randrange(10**5, 10**8),
            "adjusted_close": close,
        }
        for n, (before, close) in enumerate(itertools.pairwise(closes))
    ]


def cpu(client) -> float:
    start = time.process_time()
    assert client.get("/").status_code == 200
    return 1000 * (time.process_time() - start)


def queries_of(app, client) -> int:
    asked = []
    engine = ticker(app).database.engine

    def note(_connection, _cursor, statement, *_):
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    client.get("/")
    event.remove(engine, "before_cursor_execute", note)
    return len(asked)
