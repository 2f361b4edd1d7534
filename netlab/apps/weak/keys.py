"""Keys for programs. Weak: kept as they are, and one opens everything. Mended: hashed, with scopes, revoked at once."""

from __future__ import annotations

import hashlib
import secrets

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue

from netlab.apps.weak.house import db, the_user

PREFIX = "weak_"  # by which a program that looks for leaked secrets recognizes one
SCOPES = ("alerts:read", "alerts:write")


def kept_as(key: str, *, mended: bool) -> str:
    """What the table holds. A key is long and random: nobody guesses it, so a fast hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest() if mended else key


def register(app: Flask, *, mended: bool) -> None:
    """Make a key and revoke it, by cookie; read and delete alerts, by key."""

    @app.post("/keys")
    def make_key() -> ResponseReturnValue:
        scopes = request.form.getlist("scope")
        if not scopes or not set(scopes) <= set(SCOPES):
            abort(422, "Say what the key is for.")
        key = PREFIX + secrets.token_urlsafe()
        values = (the_user()["id"], kept_as(key, mended=mended), " ".join(scopes))
        number = db().execute("INSERT INTO keys (user_id, kept, scopes) VALUES (?, ?, ?)", values).lastrowid
        return {"number": number, "key": key}, 201

    @app.delete("/keys/<int:number>")
    def revoke_key(number: int) -> ResponseReturnValue:
        gone = (
            db().execute("DELETE FROM keys WHERE id = ? AND user_id = ?", (number, the_user()["id"])).rowcount
        )
        return ("", 204) if gone else abort(404)

    def owner(scope: str) -> int:
        given = request.authorization
        token = (given.token if given and given.type == "bearer" else None) or ""
        found = db().execute("SELECT * FROM keys WHERE kept = ?", (kept_as(token, mended=mended),)).fetchone()
        if found is None:
            abort(401, "Send a key: Authorization: Bearer weak_…")
        if mended and scope not in found["scopes"].split():
            abort(403, f"This key is not for {scope}.")
        return int(found["user_id"])

    @app.get("/api/alerts")
    def alerts_by_key() -> ResponseReturnValue:
        rows = db().execute("SELECT * FROM alerts WHERE user_id = ?", (owner("alerts:read"),))
        return {"items": [dict(row) for row in rows]}

    @app.delete("/api/alerts/<int:number>")
    def delete_by_key(number: int) -> ResponseReturnValue:
        whose = owner("alerts:write")
        gone = db().execute("DELETE FROM alerts WHERE id = ? AND user_id = ?", (number, whose)).rowcount
        return ("", 204) if gone else abort(404)
