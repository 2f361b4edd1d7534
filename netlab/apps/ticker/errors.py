"""Pages for what goes wrong: each says what happened and where to go on."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

SENTENCES = {
    400: "The request could not be understood.",
    403: "You may not do this.",
    404: "There is no such page. It may have moved, or the address has a slip of the pen.",
    405: "This address does not work that way.",
    413: "What you sent is too large.",
    429: "Too many tries. Wait a little, then try again.",
    500: "Something went wrong here, and it was not your fault. It has been written down.",
}
STALE = (
    "This form is too old, or your browser sent no cookie with it. Go back, reload the page and try again."
)


# Who writes the error, by the beginning of the path: `(status, name, sentence) -> body`. The rest gets a page.
WRITERS: dict[str, Callable[[int, str, str], str | Response]] = {}


def register(app: Flask) -> None:
    """Answer every error in the form that its path asks for."""
    app.register_error_handler(HTTPException, _answer)


def _answer(error: HTTPException) -> ResponseReturnValue:
    """The reply to an error; what the exception adds to it, such as Allow, stays."""
    if error.code is None or error.code < 400:
        return error
    if error.code >= 500:
        g.user = None  # the database may be what failed: this page does without it
    own = error.description if error.description != type(error).description else None
    sentence = STALE if isinstance(error, CSRFError) else own or SENTENCES.get(error.code, "")
    write = next((each for start, each in WRITERS.items() if request.path.startswith(start)), _page)
    response = make_response(write(error.code, error.name, sentence), error.code)
    response.headers.extend([pair for pair in error.get_headers() if pair[0] != "Content-Type"])
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(status: int, name: str, sentence: str) -> str:
    return render_template("error.html", status=status, title=name, sentence=sentence)
