"""The database: one connection for each request."""

import sqlite3

from flask import current_app, g

SCHEMA = """
CREATE TABLE IF NOT EXISTS stocks (
    id INTEGER PRIMARY KEY,
    ticker TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS prices (
    id INTEGER PRIMARY KEY,
    stock_id INTEGER NOT NULL REFERENCES stocks (id),
    day TEXT NOT NULL,
    close NUMERIC NOT NULL CHECK (close > 0),
    UNIQUE (stock_id, day)
);
"""


def connection():
    """The connection of this request, opened when it is first asked for."""
    if "connection" not in g:
        path = current_app.config["DATABASE"]
        path.parent.mkdir(parents=True, exist_ok=True)
        g.connection = sqlite3.connect(path)
        g.connection.row_factory = sqlite3.Row
        g.connection.execute("PRAGMA foreign_keys = ON")
    return g.connection


def close(error=None):
    """Close it when the request is over."""
    if "connection" in g:
        g.pop("connection").close()
