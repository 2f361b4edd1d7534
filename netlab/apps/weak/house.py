"""What every page of the weak site has: the frame that says that it is weak, the database, the visitor."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask, Response, abort, current_app, g, render_template_string
from jinja2 import DictLoader
from werkzeug.exceptions import HTTPException

from netlab.errors import OptionError

WARNING = "Weak on purpose: a site of lesson 16, for this machine only."
LAYOUT = f"""<!doctype html>
<html lang="en">
<title>{{% block title %}}{{% endblock %}} · Weak Ticker</title>
<p role="note">{WARNING}</p>
<main>{{% block content %}}{{% endblock %}}</main>
</html>
"""


@dataclass
class House:
    """What belongs to one weak site.

    Attributes:
        db: its database.
        mended: the names of the ideas that are mended.
        log: the lines that it has written.
        clock: what tells the time, in seconds since 1970.
    """

    db: sqlite3.Connection
    mended: Collection[str]
    log: list[dict[str, Any]] = field(default_factory=list)
    clock: Callable[[], float] = time.time


class WeakFlask(Flask):
    """A Flask app that does not start a server."""

    def run(self, *_: Any, **__: Any) -> None:
        """Refuse."""
        raise OptionError(
            "This site is weak on purpose. Only `with WeakSite() as site:` runs it, on loopback."
        )


def house() -> House:
    """The house of the site that answers now."""
    return cast(House, current_app.extensions["weak"])


def db() -> sqlite3.Connection:
    """The database of the site that answers now."""
    return house().db


def page(title: str, body: str, **values: Any) -> str:
    """A page in the frame of the site; the body is a template."""
    head = f"{{% extends 'layout' %}}{{% block title %}}{title}{{% endblock %}}"
    source = f"{head}{{% block content %}}{body}{{% endblock %}}"
    return render_template_string(source, **values)


def me() -> sqlite3.Row | None:
    """Who is logged in."""
    return cast("sqlite3.Row | None", g.get("user"))


def the_user() -> sqlite3.Row:
    """Who is logged in; 401 if nobody is."""
    user = me()
    if user is None:
        abort(401, "Log in first.")
    return user


def furnish(app: Flask) -> None:
    """Give an app the frame, on pages and errors alike, and the word in its header."""
    app.jinja_loader = DictLoader({"layout": LAYOUT})
    app.after_request(_say_it)
    app.register_error_handler(HTTPException, _error)
    app.register_error_handler(sqlite3.Error, _database_error)


def _say_it(response: Response) -> Response:
    response.headers["X-Weak"] = "on purpose"
    return response


def _error(error: HTTPException) -> tuple[str, int]:
    words = "<h1>{{ code }}</h1><p>{{ words }}</p>"
    return page("Error", words, code=error.code, words=error.description), error.code or 500


def _database_error(error: sqlite3.Error) -> tuple[str, int]:
    """Weak: the visitor reads what the database says, and learns from it how to ask."""
    words = "Something went wrong." if "search" in house().mended else f"The database says: {error}"
    return page("Error", "<h1>500</h1><p>{{ words }}</p>", words=words), 500
