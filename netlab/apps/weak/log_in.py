"""The login. Weak: mail address and hash are pasted into the question. Mended: parameters, and a slow hash."""

from __future__ import annotations

import secrets
import sqlite3

from flask import Flask, abort, g, redirect, request
from flask.typing import ResponseReturnValue

from netlab.apps.weak.house import db, page
from netlab.apps.weak.passwords import fits, mended_keep, weak_keep
from netlab.apps.weak.tries import forget, too_many

FORM = """<h1>Log in</h1><form method="post">
<input name="email" aria-label="Mail address"> <input name="password" type="password" aria-label="Password">
<button>Log in</button></form>"""


def weak_find(email: str, password: str) -> sqlite3.Row | None:
    """The user, by a question made of what was typed."""
    sql = f"SELECT * FROM users WHERE email = '{email}' AND password = '{weak_keep(password)}'"
    found: sqlite3.Row | None = db().execute(sql).fetchone()
    return found


def mended_find(email: str, password: str) -> sqlite3.Row | None:
    """The user, by a question that is always the same; it takes as long if there is none."""
    user = db().execute("SELECT * FROM users WHERE email = ?", (email,)).fetchone()
    kept = user["password"] if user else mended_keep(NOBODY)
    return user if fits(kept, password) and user else None


NOBODY = secrets.token_urlsafe()


def register(app: Flask, *, mended: bool) -> None:
    """The page and what it does."""
    find = mended_find if mended else weak_find
    if mended:
        mended_keep(NOBODY)  # now, so that the first stranger does not wait longer than the others

    @app.route("/log-in", methods=["GET", "POST"])
    def log_in() -> ResponseReturnValue:
        if request.method == "GET":
            return page("Log in", FORM)
        email, password = request.form.get("email", ""), request.form.get("password", "")
        if too_many(email):
            abort(429, "Too many tries: wait a little.")
        user = find(email, password)
        if user is None:
            return page("Log in", "<p>The mail address or the password is wrong.</p>" + FORM), 422
        forget(email)
        g.user = user
        response = redirect("/", 303)
        g.begin(user["id"], response)
        return response

    @app.get("/")
    def front() -> str:
        return page("Welcome", "<h1>{{ 'Hello, ' ~ g.user.name if g.user else 'Nobody is logged in' }}</h1>")
