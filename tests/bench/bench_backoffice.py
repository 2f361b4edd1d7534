"""The back office: the import of the course's prices, and the list of prices with 12 thousand and a million of them.

Django is set up in a process of its own for each database: a process has one Django only.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from figures import row

ROUNDS, LOOKS = 5, 15
MANY = 1_000_000
PEER = "sqlite3's executemany"
PATHS = {
    "the list of prices": "/admin/backoffice/price/",
    "its last page but one": "/admin/backoffice/price/?p=200",
    "one share of it": "/admin/backoffice/price/?q=aapl",
    "one year of it": "/admin/backoffice/price/?day__year=2012",
}


def measure() -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory(prefix="netlab-bench-") as name:
        folder = Path(name)
        few, many = folder / "few.sqlite3", folder / "many.sqlite3"
        done = run(few, "imports")
        shutil.copy(few, many)
        fill(many)
        lists = {path: run(path, "lists") for path in (few, many)}
    return [
        row("back office, import of 12,154 prices", "rows/s", done["ours"], done["peer"], PEER),
        *(
            row(
                f"back office, {what}, {MANY:,} prices",
                "ms",
                lists[many][what][0],
                lists[few][what][0],
                "12,154 prices",
                less_is_better=True,
            )
            for what in PATHS
        ),
        *(
            row(
                f"back office, {what}, {MANY:,} prices",
                "queries",
                lists[many][what][1],
                lists[few][what][1],
                "12,154 prices",
                aim="= 1",
                less_is_better=True,
            )
            for what in PATHS
        ),
    ]


def run(database: Path, job: str) -> dict[str, object]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("BACKOFFICE_", "DJANGO_"))
    }
    environment |= {
        "DJANGO_SETTINGS_MODULE": "netlab.apps.backoffice.settings.local",
        "BACKOFFICE_DATABASE_URL": f"sqlite:///{database}",
    }
    done = subprocess.run(
        [sys.executable, __file__, job], env=environment, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def fill(path: Path) -> None:
    """Add shares that do not exist, with the days and figures of those that do, up to a million prices."""
    columns = "day, open, high, low, close, volume, adjusted_close, split"
    connection = sqlite3.connect(path)
    with connection:
        (there,) = connection.execute("SELECT count(*) FROM prices").fetchone()
        (days,) = connection.execute("SELECT count(*) FROM prices WHERE stock_id = 1").fetchone()
        number = 0
        while there < MANY:
            number += 1
            stock = connection.execute(
                "INSERT INTO stocks (ticker, name) VALUES (?, ?)", (f"S{number}", f"Share {number}")
            ).lastrowid
            limit = min(days, MANY - there)
            connection.execute(
                f"INSERT INTO prices (stock_id, {columns}) SELECT ?, {columns} FROM prices WHERE stock_id = 1 LIMIT ?",
                (stock, limit),
            )
            there += limit
    connection.close()


# in the process that has Django


def imports() -> dict[str, float]:
    import time
    from statistics import median

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from netlab.apps.backoffice.models import Price, Stock
    from netlab.apps.backoffice.seeding import import_prices
    from netlab.paths import data_dir

    call_command("migrate", verbosity=0)
    taken = {"ours": [], "peer": []}
    for _ in range(ROUNDS):
        Price.objects.all().delete()
        Stock.objects.all().delete()
        start = time.process_time()
        import_prices(data_dir() / "stocks.csv")
        taken["ours"].append(Price.objects.count() / (time.process_time() - start))
        names = [field.column for field in Price._meta.concrete_fields if not field.primary_key]
        rows = [tuple(map(str, values)) for values in Price.objects.values_list(*names)]
        connection.close()
        taken["peer"].append(bare(settings.CONFIG.sqlite_file, names, rows))
    return {name: median(rates) for name, rates in taken.items()}


def bare(path: Path, names: list[str], rows: list[tuple[str, ...]]) -> float:
    """The limit: rows that are ready, into the same table with the same indexes and checks."""
    import time

    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM prices")
    connection.commit()
    places = ", ".join("?" * len(names))
    start = time.process_time()
    with connection:
        connection.executemany(f"INSERT INTO prices ({', '.join(names)}) VALUES ({places})", rows)
    rate = len(rows) / (time.process_time() - start)
    connection.close()
    return rate


def lists() -> dict[str, tuple[float, int]]:
    """For each list the milliseconds of this process, and the queries; somebody who may see them is logged in."""
    import time
    from statistics import median

    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    user, _made = User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    found = {}
    for what, path in PATHS.items():
        client.get(path)
        times = []
        for _ in range(LOOKS):
            start = time.process_time()
            assert client.get(path).status_code == 200
            times.append(1000 * (time.process_time() - start))
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        found[what] = (median(times), len(asked))
    return found


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"imports": imports, "lists": lists}[sys.argv[1]]()))
