"""A form that changes something. Weak: a cookie is enough (CSRF). Mended: a token that only our own page holds."""

from __future__ import annotations

import hashlib
import hmac

from flask import Flask, abort, redirect, request
from flask.typing import ResponseReturnValue

from netlab.apps.weak.house import db, page, the_user
from netlab.apps.weak.sessions import COOKIE

FORM = """<h1>Your phone</h1><p id="phone">{{ user.phone }}</p><form method="post">
<input type="hidden" name="csrf_token" value="{{ token }}">
<input name="phone" aria-label="Phone"><button>Change</button></form>"""


def token(key: str) -> str:
    """A token for the session of this request: to know it, one must know the key, or be able to read the page."""
    session = request.cookies.get(COOKIE, "")
    return hmac.new(key.encode(), session.encode(), hashlib.sha256).hexdigest()


def register(app: Flask, *, mended: bool) -> None:
    """The page and what it does."""

    @app.route("/phone", methods=["GET", "POST"])
    def phone() -> ResponseReturnValue:
        user, right = the_user(), token(app.config["SECRET_KEY"])
        if request.method == "GET":
            return page("Phone", FORM, user=user, token=right if mended else "")
        if mended and not hmac.compare_digest(request.form.get("csrf_token", "").encode(), right.encode()):
            abort(403, "This form does not come from our page.")
        db().execute("UPDATE users SET phone = ? WHERE id = ?", (request.form.get("phone", ""), user["id"]))
        return redirect("/phone", 303)
