"""Typical wrong answers of lesson 15: the exercise, words that the report must hold, and the student's code."""

# ruff: noqa: E501 (lines of code within quotes)

import re
from pathlib import Path

SOLUTIONS = Path(__file__).parents[2] / "lessons" / "solutions" / "15_deployment.py"
IMPORTS, *PARTS = re.split(r"(?m)^# (?=15-)", SOLUTIONS.read_text(encoding="utf-8"))
RIGHT = {part.partition("\n")[0]: part.partition("\n")[2] for part in PARTS}


def wrong(name, words, *changes):
    """A solution with some places changed, each a pair of what stands there and what a student wrote."""
    source = RIGHT[name]
    for old, new in changes:
        assert old in source, (name, old)
        source = source.replace(old, new)
    return name, words, IMPORTS + source


SLASHES = ("location /static/", "location /static")
UNLOCKED_AT_THE_END = """\
    try:
        rows = [(ticker, day, close) for ticker, close in fetch(day)]
        with contextlib.closing(open_database(folder)) as database, database:
            database.executemany("INSERT OR REPLACE INTO quotes VALUES (?, ?, ?)", rows)
    finally:
        lock.unlink()
    return len(rows)
"""
LOCK_FILE = (
    """
def run_daily(folder, day, fetch):
    lock = folder / "daily.lock"
    try:
        lock.touch(exist_ok=False)
    except FileExistsError:
        return None
"""
    + UNLOCKED_AT_THE_END
)
KEPT_LOCK = LOCK_FILE.replace(
    "    finally:\n        lock.unlink()\n", "        lock.unlink()\n    finally:\n        pass\n"
)
ONE_BY_ONE = """\
        with contextlib.closing(open_database(folder)) as database:
            rows = []
            for ticker, close in fetch(day):
                rows.append(ticker)
                database.execute("INSERT OR REPLACE INTO quotes VALUES (?, ?, ?)", (ticker, day, close))
                database.commit()
"""
FETCHED = "        rows = [(ticker, day, close) for ticker, close in fetch(day)]\n"
STORED = """\
        with contextlib.closing(open_database(folder)) as database, database:
            database.executemany("INSERT OR REPLACE INTO quotes VALUES (?, ?, ?)", rows)
"""
LOOP = """\
        while True:
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                if stopping.is_set():
                    return
                continue
"""
WHILE = """\
        while not stopping.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
"""
DATABASE = RIGHT["15-job"][: RIGHT["15-job"].index("def run_daily")]
THREADING = """
LOCK = threading.Lock()


def run_daily(folder, day, fetch):
    if not LOCK.acquire(blocking=False):
        return None
    try:
        rows = [(ticker, day, close) for ticker, close in fetch(day)]
        with contextlib.closing(open_database(folder)) as database, database:
            database.executemany("INSERT OR REPLACE INTO quotes VALUES (?, ?, ?)", rows)
        return len(rows)
    finally:
        LOCK.release()
"""
EACH_ROW = """\
        with contextlib.closing(open_database(folder)) as database:
            for row in rows:
                with database:
                    database.execute("INSERT OR REPLACE INTO quotes VALUES (?, ?, ?)", row)
"""
COUNTED = (
    STORED
    + """\
            total = database.execute("SELECT count(*) FROM quotes").fetchone()[0]
"""
)
LOOKED_FIRST = (
    """
import os


def lives(pid):
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def run_daily(folder, day, fetch):
    lock = folder / "daily.pid"
    if lock.exists() and lives(int(lock.read_text() or 0)):
        return None
    lock.write_text(str(os.getpid()))
"""
    + UNLOCKED_AT_THE_END
)
FROM_INT = (
    "    if not workers.isdecimal() or int(workers) < 1:\n        wrong.append",
    "    try:\n        int(workers)\n    except ValueError as error:\n        raise ValueError('TICKER_WORKERS: ' + '; '.join([*wrong, 'a whole number'])) from error\n    if int(workers) < 1:\n        wrong.append",
)
POPPED = ('given.get("TICKER_SECRET_KEY", "")', 'environ.pop("TICKER_SECRET_KEY", "")')
ONE_MISTAKE = (
    'wrong.append("TICKER_DATABASE_URL is missing")',
    'raise ValueError("TICKER_DATABASE_URL is missing")',
)
SHOWN_KEY = ('"TICKER_SECRET_KEY needs 32', 'f"TICKER_SECRET_KEY={key} needs 32')

SUMMED_FIRST = """
def summarize(before, after, seconds):
    before, after = read_page(before), read_page(after)

    def grown(name, fits):
        new, old = (sum(v for k, v in p.items() if k[0] == name and fits(dict(k[1]))) for p in (after, before))
        return new - old if new >= old else new

    total = grown("ticker_http_requests_total", lambda labels: True)
    if not total:
        return 0.0, 0.0, None
    errors = grown("ticker_http_requests_total", lambda labels: labels["status"][0] == "5")
    buckets, name = [], "ticker_http_request_seconds_bucket"
    for le in sorted({dict(k[1])["le"] for k in after if k[0] == name}, key=float):
        buckets.append((float(le), grown(name, lambda labels: labels["le"] == le)))
    return total / seconds, errors / total, quantile(0.95, buckets)
"""
RAISING = """
import signal
from concurrent.futures import ThreadPoolExecutor

class Stop(Exception):
    pass

def handler(number, frame):
    raise Stop

def serve(listener, answer):
    signal.signal(signal.SIGTERM, handler)
    with ThreadPoolExecutor(8) as pool:
        try:
            while True:
                try:
                    pool.submit(answer, listener.accept()[0])
                except TimeoutError:
                    pass
        except Stop:
            pass
        listener.setblocking(False)
        while True:
            try:
                connection, _ = listener.accept()
            except BlockingIOError:
                return
            connection.setblocking(True)
            pool.submit(answer, connection)
"""

WRONG = [
    wrong("15-workers", "a queue grows at the first delay", (" / 0.7", "")),
    wrong(
        "15-workers",
        "Round up",
        ("math.ceil(rate * seconds / 0.7 / threads)", "int(rate * seconds / 0.7 / threads)"),
    ),
    wrong("15-workers", "divide by `threads`", (" / threads", "")),
    wrong("15-workers", "two at the least", ("max(2, ", "max(1, ")),
    wrong("15-workers", "has no meaning", ("rate * seconds", "rate / seconds")),
    wrong("15-workers", "killed by the system", ("raise ValueError", "print")),
    wrong(
        "15-workers",
        "a whole number: `math.ceil`",
        ("math.ceil(rate * seconds / 0.7 / threads)", "rate * seconds / 0.7 / threads"),
    ),
    wrong("15-workers", "not `round`", ("math.ceil(rate", "round(rate")),
    wrong(
        "15-workers",
        "adds one to a whole number",
        ("math.ceil(rate * seconds / 0.7 / threads)", "int(rate * seconds / 0.7 / threads) + 1"),
    ),
    wrong("15-nginx", "there is no way out", SLASHES),
    wrong("15-nginx", "is what the visitor has written", ("$remote_addr", "$http_x_forwarded_for")),
    wrong("15-nginx", "keeps what the visitor wrote", ("$remote_addr", "$proxy_add_x_forwarded_for")),
    wrong("15-nginx", "a megabyte unless told", ("client_max_body_size 64k;", "")),
    wrong("15-nginx", "let it pass", ("64k", "1k")),
    wrong("15-nginx", "let it pass", ("64k", "60k")),
    wrong("15-nginx", "a megabyte unless told", ("64k", "400k")),
    wrong("15-nginx", "every folder beside it", SLASHES, ("alias STATIC/", "alias STATIC")),
    wrong("15-nginx", "the address that nginx uses", ("proxy_set_header Host $host;", "")),
    wrong("15-nginx", "in which line it got lost", ("$host;", "$host")),
    wrong("15-nginx", "The files are at /static/ still", ("location /static/", "location /files/")),
    wrong("15-settings", "A message ends in logs", SHOWN_KEY),
    wrong(
        "15-settings", "A bare KeyError", ('given.get("TICKER_SECRET_KEY", "")', 'given["TICKER_SECRET_KEY"]')
    ),
    wrong("15-settings", "compare it with", ('debug == "1"', "bool(debug)")),
    wrong("15-settings", "is a text: `int()`", ("int(workers), debug", "workers, debug")),
    wrong("15-settings", "is no setting", ("sorted(given.keys() - names)", "[]")),
    wrong("15-settings", "signs cookies of his own", ("len(key) < 32", "not key")),
    wrong("15-settings", "Name all mistakes at once", ONE_MISTAKE),
    wrong("15-settings", "Nobody would answer", (" or int(workers) < 1", "")),
    wrong(
        "15-settings",
        "not `== 0`",
        (
            "if not workers.isdecimal() or int(workers) < 1",
            'if not re.fullmatch("-?[0-9]+", workers) or int(workers) == 0',
        ),
    ),
    wrong("15-settings", "instead of guessing", ('debug not in ("0", "1")', "False")),
    wrong("15-settings", "Other programs have settings", ('name.startswith("TICKER_")', '"TICKER_" in name')),
    wrong(
        "15-settings", "only what begins with TICKER_ is yours", ('if name.startswith("TICKER_")', "if name")
    ),
    wrong("15-settings", "One day somebody logs", ("secret_key: str = field(repr=False)", "secret_key: str")),
    wrong(
        "15-settings",
        "A database URL holds a password",
        ("database_url: str = field(repr=False)", "database_url: str"),
    ),
    wrong("15-settings", "31 are too few", ("len(key) < 32", "len(key) < 31")),
    wrong("15-settings", "only fewer are too few", ("len(key) < 32", "len(key) < 33")),
    wrong("15-settings", "and nothing else", ('debug not in ("0", "1")', 'debug not in ("0", "1", "true")')),
    wrong(
        "15-settings",
        "An empty text is no address",
        ("if not database_url", 'if "TICKER_DATABASE_URL" not in given'),
    ),
    wrong("15-settings", "not what is in it", ('"TICKER_WORKERS is a', 'f"TICKER_WORKERS={workers} is a')),
    wrong("15-settings", "name only what is wrong", ('; ".join(wrong)', '; ".join([*wrong, *names])')),
    wrong("15-settings", "or `from None`", FROM_INT),
    wrong("15-settings", "leave it as it is", POPPED),
    wrong("15-redact", "drops the record: return True", ("return True", "return None")),
    wrong(
        "15-redact", "Keep the field", ('setattr(record, name, "[removed]")', "setattr(record, name, None)")
    ),
    wrong(
        "15-redact",
        "clean `record.getMessage()`",
        ("record.msg, record.args = clean(record.getMessage()), ()", "record.msg = clean(record.msg)"),
    ),
    wrong(
        "15-redact",
        "empty the arguments",
        (
            "record.msg, record.args = clean(record.getMessage()), ()",
            "record.msg = clean(record.getMessage())",
        ),
    ),
    wrong(
        "15-redact",
        "look through `vars(record)`",
        (
            '        for name in list(vars(record)):\n            if name.lower() in SECRET_FIELDS:\n                setattr(record, name, "[removed]")\n',
            "",
        ),
    ),
    wrong(
        "15-redact",
        "put together later",
        (
            "record.msg, record.args = clean(record.getMessage()), ()",
            "record.msg = clean(record.msg)\n        record.args = tuple(clean(a) if isinstance(a, str) else a for a in record.args)",
        ),
    ),
    wrong("15-redact", "compare in lower case", ("name.lower()", "name")),
    wrong("15-redact", "ends with the exception's text", ("if record.exc_info", "if False")),
    wrong(
        "15-redact",
        "Keep the traceback",
        ("clean(logging.Formatter().formatException(record.exc_info))", '"[removed]"'),
    ),
    wrong("15-redact", "Keep the field", ('setattr(record, name, "[removed]")', "delattr(record, name)")),
    wrong(
        "15-health",
        "alive is alive",
        (
            '        return {"status": "ok"}, 200, fields\n\n    @app',
            '        try:\n            database()\n        except Exception:\n            return {}, 503, fields\n        return {"status": "ok"}, 200, fields\n\n    @app',
        ),
    ),
    wrong(
        "15-health", "does not know whether it is there", ("            database()\n", "            pass\n")
    ),
    wrong("15-health", "It is no mistake of the program", ("except Exception:", "except sqlite3.Error:")),
    wrong(
        "15-health",
        "belongs in the log",
        ("except Exception:", "except Exception as error:"),
        ('{"status": "unavailable"}', '{"status": str(error)}'),
    ),
    wrong(
        "15-health",
        "Say that you are not ready before you stop",
        ('if app.config.get("STOPPING")', "if False"),
    ),
    wrong("15-health", "so `except Exception`", ("except Exception:", "except OSError:")),
    wrong("15-health", "so `except Exception`", ("except Exception:", "except (OSError, sqlite3.Error):")),
    wrong("15-health", "on each answer", ('"unavailable"}, 503, fields', '"unavailable"}, 503')),
    wrong("15-health", "on each answer", ('"stopping"}, 503, fields', '"stopping"}, 503')),
    wrong("15-health", "Nobody has set it", ('app.config.get("STOPPING")', 'app.config["STOPPING"]')),
    wrong(
        "15-health",
        "somebody to send requests to",
        ('app.config.get("STOPPING")', '"STOPPING" in app.config'),
    ),
    wrong(
        "15-health",
        "could not start while the database is away",
        ('    fields = {"Cache', '    database()\n    fields = {"Cache'),
    ),
    wrong("15-health", "what was true a minute ago", ('{"Cache-Control": "no-store"}', "{}")),
    wrong(
        "15-health",
        "Requests would be sent here",
        ('{"status": "unavailable"}, 503', '{"status": "unavailable"}, 200'),
    ),
    wrong(
        "15-metrics",
        "all since the start, divided by a minute",
        ("value - old if value >= old else value", "value"),
    ),
    wrong("15-metrics", "A counter cannot fall", ("value - old if value >= old else value", "value - old")),
    wrong(
        "15-metrics",
        "that is where the line ends",
        ("part * buckets", "math.ceil(part * buckets"),
        ("1][1], 0.0", "1][1]), 0.0"),
    ),
    wrong(
        "15-metrics",
        "that is where the line ends",
        ("part * buckets", "int(part * buckets"),
        ("1][1], 0.0", "1][1]), 0.0"),
    ),
    ("15-metrics", "before you sum", IMPORTS + RIGHT["15-metrics"] + SUMMED_FIRST),
    wrong(
        "15-metrics",
        "the visitor's mistake",
        ('labels["status"].startswith("5")', 'labels["status"] >= "400"'),
    ),
    wrong("15-metrics", "a rate is so many a second", ("total / seconds", "total")),
    wrong("15-metrics", "A share, of all requests", ("errors / total", "errors")),
    wrong(
        "15-metrics",
        "a straight line through it",
        ("low + (high - low) * (goal - below) / (count - below)", "high"),
    ),
    wrong(
        "15-metrics",
        "sum the buckets of all endpoints",
        ("buckets[bound] = ", 'if labels["endpoint"] == "front":\n            buckets[bound] = '),
    ),
    wrong("15-metrics", "Nobody asked", ("    if not total:\n        return 0.0, 0.0, None\n", "")),
    wrong(
        "15-metrics",
        "has no upper bound",
        ("return low if math.isinf(high) else low", "return high if math.isinf(high) else low"),
    ),
    wrong(
        "15-metrics",
        "other statuses, other endpoints",
        (
            "if key[0] == name:",
            'if key[0] == name and dict(key[1]).get("status", "200") == "200" and dict(key[1])["endpoint"] == "front":',
        ),
    ),
    ("15-drain", "Let it only note the wish", RAISING),
    wrong(
        "15-drain",
        "SIGTERM ends Python at once",
        ("    signal.signal(signal.SIGTERM, lambda *_: stopping.set())\n", ""),
    ),
    wrong("15-drain", "They were connected before", (LOOP, WHILE)),
    wrong(
        "15-drain",
        "had to be killed",
        ("                if stopping.is_set():\n                    return\n", ""),
    ),
    wrong(
        "15-drain",
        "leave only when the threads are done",
        ("with ThreadPoolExecutor(4) as pool:", "for _ in range(1):"),
        (
            "pool.submit(answer, connection)",
            "threading.Thread(target=answer, args=(connection,), daemon=True).start()",
        ),
    ),
    wrong(
        "15-drain", "Your function raised an exception", ("except TimeoutError:", "except BlockingIOError:")
    ),
    wrong(
        "15-drain",
        "waits until the first one is done",
        ("pool.submit(answer, connection)", "answer(connection)"),
    ),
    wrong("15-drain", "hand the connection to it", ("pool.submit(answer, connection)", "connection.close()")),
    ("15-release", "has a downtime", "order = 'cefhagdb'"),
    ("15-release", "Missing: d", "order = 'cefagb'"),
    ("15-release", "does not touch the database", "order = 'efcagdb'"),
    ("15-release", "answers no visitor", "order = 'efagcdb'"),
    ("15-release", "brings the migration", "order = 'cfeagdb'"),
    ("15-release", "nobody could go back", "order = 'ecfabgd'"),
    ("15-release", "More than once: c", "order = 'cefacgdb'"),
    ("15-release", "ask for a column that is not there", "order = 'ceagfdb'"),
    ("15-release", "when d has shown nothing", "order = 'cefagbd'"),
    ("15-release", "find no column", "order = 'cefabgd'"),
    ("15-release", "put the new version there first", "order = 'cfaegdb'"),
    ("15-release", "the old version says that it is ready", "order = 'cefgadb'"),
    ("15-release", "is known in a second", "order = 'cefadgb'"),
    ("15-job", "It is another process", IMPORTS + DATABASE + THREADING),
    ("15-job", "must be one step", IMPORTS + DATABASE + LOOKED_FIRST),
    wrong(
        "15-job",
        "a file without a name",
        ("    return len(rows)", '    (folder / "daily.lock").unlink()\n    return len(rows)'),
    ),
    wrong("15-job", "a file without a name", (STORED, STORED + '        (folder / "daily.lock").unlink()\n')),
    wrong(
        "15-job",
        "started in another directory",
        ('(folder / "daily.lock").open("w")', 'open("daily.lock", "w")'),
    ),
    wrong("15-job", "whatever the day", ('"daily.lock"', 'f"{day}.lock"')),
    wrong(
        "15-job",
        "delete nothing but what you replace",
        (
            "            database.executemany",
            '            database.execute("DELETE FROM quotes")\n            database.executemany',
        ),
    ),
    wrong("15-job", "a commit after each row", (STORED, EACH_ROW)),
    wrong("15-job", "all that is in the table", (STORED, COUNTED), ("return len(rows)", "return total")),
    wrong(
        "15-job",
        "passed over in silence",
        ("for ticker, close in fetch(day)]", "for ticker, close in fetch(day) if isinstance(close, float)]"),
    ),
    wrong("15-job", "replaces the row with the same key", ("INSERT OR REPLACE", "INSERT")),
    wrong("15-job", "keeps what is there", ("INSERT OR REPLACE", "INSERT OR IGNORE")),
    wrong("15-job", "that is not committed is gone", (" as database, database:", " as database:")),
    wrong("15-job", "One quote of three", (FETCHED + STORED, ONE_BY_ONE)),
    wrong("15-job", "One was at it already", ("fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)", "pass")),
    wrong("15-job", "that is no failure", ("except BlockingIOError", "except FileExistsError")),
    wrong(
        "15-job",
        "it outlives its owner",
        (RIGHT["15-job"][RIGHT["15-job"].index("def run_daily") :], LOCK_FILE),
    ),
    wrong(
        "15-job",
        "nobody can run it again",
        (RIGHT["15-job"][RIGHT["15-job"].index("def run_daily") :], KEPT_LOCK),
    ),
    wrong("15-job", "Return how many", ("return len(rows)", "return True")),
    wrong(
        "15-job",
        "let the exception go",
        (
            FETCHED,
            FETCHED.replace("        rows", "        try:\n            rows")
            + "        except ConnectionError:\n            return 0\n",
        ),
    ),
]
