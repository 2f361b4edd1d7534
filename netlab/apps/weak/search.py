"""A search. Weak: the words become a part of the question to the database. Mended: they are a value."""

from __future__ import annotations

import sqlite3

from flask import Flask, request

from netlab.apps.weak.house import db, page

PAGE = """<h1>Search</h1><form><input name="words" aria-label="Words"><button>Search</button></form>
<ul>{% for row in rows %}<li>{{ row[0] }} {{ row[1] }}</li>{% else %}<li>Nothing found</li>{% endfor %}</ul>"""


def weak_find(words: str) -> list[sqlite3.Row]:
    """Text and SQL, mixed."""
    sql = f"SELECT ticker, name FROM shares WHERE name LIKE '%{words}%'"
    return db().execute(sql).fetchall()


def mended_find(words: str) -> list[sqlite3.Row]:
    """The question has a place for a value, and the database puts it there."""
    sql = "SELECT ticker, name FROM shares WHERE name LIKE '%' || ? || '%'"
    return db().execute(sql, (words,)).fetchall()


def register(app: Flask, *, mended: bool) -> None:
    """The page."""
    find = mended_find if mended else weak_find

    @app.get("/search")
    def search() -> str:
        return page("Search", PAGE, rows=find(request.args.get("words", "")))
