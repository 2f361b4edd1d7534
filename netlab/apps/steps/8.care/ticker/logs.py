"""One line of the log for each request: what was asked, and what was answered."""

import logging

from flask import request

log = logging.getLogger("ticker.requests")


def register(app):
    """Write down every request of an app."""

    @app.after_request
    def write(response):
        level = logging.WARNING if response.status_code >= 400 else logging.INFO
        log.log(level, "%s %s %s", request.method, request.path, response.status_code)
        return response
