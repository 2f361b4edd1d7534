"""Who comes back: a cookie with the number of a session.

Weak: numbers that can be guessed, no attributes, and whoever brings a number keeps it when logging in, so that an
attacker can choose it (session fixation). Mended: random, new at each login, HttpOnly, SameSite.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

from netlab.apps.weak.house import db

COOKIE = "weak_session"


def weak_begin(user_id: int, response: Response) -> None:
    """Keep the number that came; else take the next one."""
    (count,) = db().execute("SELECT count(*) FROM sessions").fetchone()
    token = request.cookies.get(COOKIE) or str(1000 + count)
    db().execute("INSERT OR REPLACE INTO sessions VALUES (?, ?)", (token, user_id))
    response.set_cookie(COOKIE, token)


def mended_begin(user_id: int, response: Response) -> None:
    """Give a number that nobody can know, and tell the browser to guard it."""
    token = secrets.token_urlsafe()
    db().execute("DELETE FROM sessions WHERE id = ?", (request.cookies.get(COOKIE),))
    db().execute("INSERT INTO sessions VALUES (?, ?)", (token, user_id))
    response.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=request.is_secure)


def register(app: Flask, *, mended: bool) -> None:
    """Look at the cookie before each request; `g.begin` starts a session."""

    @app.before_request
    def who() -> None:
        found = "SELECT users.* FROM users JOIN sessions ON user_id = users.id WHERE sessions.id = ?"
        g.user = db().execute(found, (request.cookies.get(COOKIE),)).fetchone()
        g.begin = mended_begin if mended else weak_begin
