"""What is done for every request."""

import logging
import re
import secrets

log = logging.getLogger("ticker.requests")


class RequestLog:
    """A line in the log for each request, with a number that the visitor is told, too."""

    def __init__(self, get_response):
        self.get_response = get_response  # the next layer, down to the view

    def __call__(self, request):
        """Let a request through, and note what came of it."""
        asked = request.headers.get("X-Request-ID", "")
        request.number = asked if re.fullmatch(r"[\w-]{1,40}", asked) else secrets.token_hex(4)
        response = self.get_response(request)
        response["X-Request-ID"] = request.number
        log.info(
            "%s %s %s %s", request.number, request.method, ascii(request.path), response.status_code
        )
        return response
