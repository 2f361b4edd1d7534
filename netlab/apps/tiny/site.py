"""Ticker on the tiny framework: a search, a page for each share, a login without a password."""

from __future__ import annotations

import contextlib
import sqlite3
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

from netlab.apps.tiny.app import App
from netlab.apps.tiny.messages import HTTPError, Request, Response
from netlab.apps.tiny.pages import render
from netlab.apps.tiny.sessions import sign, unsign

SHARES = (("AAPL", "Apple", 430.47), ("IBM", "IBM", 202.91), ("AT&T", "AT&T <New York>", 36.11))


def make_database(path: Path) -> None:
    """A file with one table."""
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE TABLE shares (ticker TEXT PRIMARY KEY, name TEXT NOT NULL, close REAL NOT NULL)"
        )
        database.executemany("INSERT INTO shares VALUES (?, ?, ?)", SHARES)


def make_site(path: Path, secret: bytes) -> App:
    """The application, on a database file and with a secret for its sessions."""
    app = App()

    def ask(question: str, *values: str) -> list[tuple[str, str, float]]:
        with contextlib.closing(
            sqlite3.connect(path)
        ) as database:  # one for each request: threads share none
            return database.execute(question, values).fetchall()

    @app.route("/")
    def home(request: Request) -> str:
        wanted = request.query.get("q", "")
        rows = ask("SELECT * FROM shares WHERE instr(lower(name), lower(?)) ORDER BY ticker", wanted)
        return render("quotes.html", title="Quotes", rows=rows, wanted=wanted, user=user_of(request))

    @app.route("/quotes/<ticker>")
    def quote(_: Request, ticker: str) -> str:
        rows = ask("SELECT * FROM shares WHERE ticker = ?", ticker)
        if not rows:
            raise HTTPError(404)
        return render("quote.html", title=rows[0][1], ticker=ticker, close=rows[0][2])

    @app.route("/login", methods=("POST",))
    def login(request: Request) -> Response:
        value = urlsafe_b64encode(request.form().get("user", "").encode()).decode()
        cookie = f"user={sign(value, secret)}; Path=/; HttpOnly; SameSite=Lax"
        return Response(status=303, fields=[("Location", "/"), ("Set-Cookie", cookie)])

    def user_of(request: Request) -> str:
        value = unsign(request.cookies().get("user", ""), secret)
        return urlsafe_b64decode(value).decode() if value else ""

    return app
