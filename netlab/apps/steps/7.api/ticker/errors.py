"""What goes wrong, said to a person as a page and to a program as JSON (RFC 9457)."""

import json

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException


def problem(status, detail, **more):
    """An error for a program."""
    content = json.dumps({"status": status, "detail": detail, **more})
    return Response(content, status, content_type="application/problem+json")


def register(app):
    """Answer every error: those that a view raises, 404 and 405, and 500 for what nobody has foreseen."""

    @app.errorhandler(HTTPException)
    def answer(error):
        if request.path.startswith("/api/"):
            response = problem(error.code, error.description)
        else:
            response = app.make_response((render_template("error.html", error=error), error.code))
        if error.code == 405:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response
