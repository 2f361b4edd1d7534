"""Alerts by number. Weak: who is logged in may read and delete any (IDOR). Mended: the question asks for the owner."""

from __future__ import annotations

from flask import Flask, abort
from flask.typing import ResponseReturnValue

from netlab.apps.weak.house import db, the_user

WEAK = "id = :id AND :me = :me"
MENDED = "id = :id AND user_id = :me"


def register(app: Flask, *, mended: bool) -> None:
    """Two routes, for programs."""
    mine = MENDED if mended else WEAK

    @app.get("/alerts/<int:number>")
    def read_alert(number: int) -> ResponseReturnValue:
        values = {"id": number, "me": the_user()["id"]}
        found = db().execute(f"SELECT * FROM alerts WHERE {mine}", values).fetchone()
        return dict(found) if found else abort(404)

    @app.delete("/alerts/<int:number>")
    def delete_alert(number: int) -> ResponseReturnValue:
        values = {"id": number, "me": the_user()["id"]}
        gone = db().execute(f"DELETE FROM alerts WHERE {mine}", values).rowcount
        return ("", 204) if gone else abort(404)
