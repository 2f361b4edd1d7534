"""What the weak site knows: a few shares, four users and what is theirs; in memory, gone when it stops."""

from __future__ import annotations

import sqlite3

from netlab.apps.weak.passwords import keep

TABLES = """
CREATE TABLE shares (ticker TEXT PRIMARY KEY, name TEXT NOT NULL, close REAL NOT NULL);
CREATE TABLE users (
    id INTEGER PRIMARY KEY, email TEXT UNIQUE NOT NULL, name TEXT NOT NULL, password TEXT NOT NULL,
    role TEXT NOT NULL, phone TEXT NOT NULL
);
CREATE TABLE alerts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, ticker TEXT NOT NULL, price REAL NOT NULL);
CREATE TABLE notes (id INTEGER PRIMARY KEY, author TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE sessions (id TEXT PRIMARY KEY, user_id INTEGER);
CREATE TABLE keys (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, kept TEXT NOT NULL, scopes TEXT NOT NULL);
"""
SHARES = (
    ("AAPL", "Apple", 430.47),
    ("FB", "Facebook", 27.78),
    ("GOOG", "Google", 806.19),
    ("IBM", "IBM", 202.91),
)
USERS = (  # name, password, role, phone
    ("Ada", "four calm horses", "user", "+12025550101"),
    ("Bob", "sunshine", "user", "+12025550102"),
    ("Alan", "ticker123", "analyst", "+12025550103"),
    ("Anna", "Password1", "administrator", "+12025550104"),
)
ALERTS = ((1, "AAPL", 500.0), (2, "FB", 20.0), (2, "IBM", 210.0))
NOTES = (("Alan", "Apple has fallen for five months."),)


def make_database(*, mended: bool) -> sqlite3.Connection:
    """A new database.

    Args:
        mended: whether passwords are kept as slow, salted hashes.
    """
    # Autocommit, and one connection for all threads: SQLite itself lets them in one after the other.
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.executescript(TABLES)
    db.executemany("INSERT INTO shares VALUES (?, ?, ?)", SHARES)
    for name, password, role, phone in USERS:
        values = (f"{name.lower()}@ticker.example", name, keep(password, mended=mended), role, phone)
        db.execute("INSERT INTO users (email, name, password, role, phone) VALUES (?, ?, ?, ?, ?)", values)
    db.executemany("INSERT INTO alerts (user_id, ticker, price) VALUES (?, ?, ?)", ALERTS)
    db.executemany("INSERT INTO notes (author, text) VALUES (?, ?)", NOTES)
    return db
