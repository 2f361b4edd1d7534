"""HTTP/1.1 as bytes: messages built and read (RFC 9112), a client that shows what it says, a visit measured."""

from typing import TYPE_CHECKING

from netlab._lazy import attach

if TYPE_CHECKING:
    from netlab.http.client import Exchange as Exchange
    from netlab.http.client import exchange as exchange
    from netlab.http.messages import Headers as Headers
    from netlab.http.messages import HTTPSyntaxError as HTTPSyntaxError
    from netlab.http.messages import Request as Request
    from netlab.http.messages import Response as Response
    from netlab.http.reader import MessageReader as MessageReader
    from netlab.http.reader import parse_request as parse_request
    from netlab.http.reader import parse_response as parse_response
    from netlab.http.timings import Session as Session
    from netlab.http.timings import Timing as Timing
    from netlab.http.timings import timing as timing

__all__ = [
    "Exchange",
    "HTTPSyntaxError",
    "Headers",
    "MessageReader",
    "Request",
    "Response",
    "Session",
    "Timing",
    "exchange",
    "parse_request",
    "parse_response",
    "timing",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Exchange": "client",
        "HTTPSyntaxError": "messages",
        "Headers": "messages",
        "MessageReader": "reader",
        "Request": "messages",
        "Response": "messages",
        "Session": "timings",
        "Timing": "timings",
        "exchange": "client",
        "parse_request": "reader",
        "parse_response": "reader",
        "timing": "timings",
    },
)
