"""A profile. Weak: every field that comes is written (mass assignment). Mended: a list of what may be written."""

from __future__ import annotations

from flask import Flask, request

from netlab.apps.weak.house import db, the_user

COLUMNS = ("email", "name", "password", "role", "phone")
FREE = ("name", "phone")


def register(app: Flask, *, mended: bool) -> None:
    """What the page of the profile sends its form to."""
    allowed = FREE if mended else COLUMNS

    @app.post("/profile")
    def profile() -> dict[str, str]:
        for name in allowed:
            if name in request.form:
                db().execute(
                    f"UPDATE users SET {name} = ? WHERE id = ?", (request.form[name], the_user()["id"])
                )
        return dict(
            db().execute("SELECT name, role, phone FROM users WHERE id = ?", (the_user()["id"],)).fetchone()
        )
