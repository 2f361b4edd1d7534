"""Notes that all can read. Weak: kept text is written as it is (stored XSS). Mended: escaped when it is written."""

from __future__ import annotations

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from netlab.apps.weak.house import db, page, the_user

FORM = '<form method="post"><input name="text" aria-label="Note"><button>Write</button></form>'
WEAK = "<ul>{% for note in notes %}<li>{{ note.author }}: {{ note.text|safe }}</li>{% endfor %}</ul>"
MENDED = "<ul>{% for note in notes %}<li>{{ note.author }}: {{ note.text }}</li>{% endfor %}</ul>"


def register(app: Flask, *, mended: bool) -> None:
    """The page. The text is kept as it came: escaping belongs to where it is written, and each place has its own."""
    shown = MENDED if mended else WEAK

    @app.route("/notes", methods=["GET", "POST"])
    def notes() -> ResponseReturnValue:
        if request.method == "POST":
            values = (the_user()["name"], request.form.get("text", ""))
            db().execute("INSERT INTO notes (author, text) VALUES (?, ?)", values)
            return redirect("/notes", 303)
        return page(
            "Notes", "<h1>Notes</h1>" + shown + FORM, notes=db().execute("SELECT * FROM notes").fetchall()
        )
