"""The SMS gateway's HTTP API as a WSGI app: who asks, what for, in which format, how often."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from netlab.servers.sms_fields import JSON, Fields, read_fields
from netlab.servers.sms_message import Answer
from netlab.servers.sms_rules import LARGEST, LONGEST_KEY, RateLimit, RefusedError, Result
from netlab.servers.sms_service import SMSService

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Action = Callable[[SMSService, Fields], Answer]
POSTS: dict[str, Action] = {
    "/v1/messages": SMSService.send,
    "/v1/verifications": SMSService.verify,
    "/v1/verifications/check": SMSService.check,
}
MESSAGE = re.compile(r"/v1/messages/([^/]+)")


class Faults:
    """Trouble to practise on: requests that fail, and answers that come late."""

    def __init__(self) -> None:
        self._failures: deque[int] = deque()
        self._delays: deque[float] = deque()
        self._over = threading.Event()

    def fail_next(self, count: int, status: int) -> None:
        """Answer the next requests with a status, and do nothing of what they ask."""
        self._failures.extend([status] * count)

    def delay_next(self, count: int, seconds: float) -> None:
        """Do what the next requests ask, and answer so many seconds later."""
        self._delays.extend([seconds] * count)

    def failure(self) -> int | None:
        """The status with which this request fails, if it does."""
        try:
            return self._failures.popleft()
        except IndexError:
            return None

    def wait(self) -> None:
        """Wait as long as this answer is to be late."""
        with contextlib.suppress(IndexError):
            self._over.wait(self._delays.popleft())

    def begin(self) -> None:
        """The server starts."""
        self._over.clear()

    def end(self) -> None:
        """The server stops: nothing waits any longer."""
        self._over.set()


class SMSApp:
    """The API of a service, for one account.

    Args:
        service: what it is the API of.
        account: the name of the account.
        key: its API key.
        limit: how often it may ask.
        faults: what goes wrong on purpose.
    """

    def __init__(self, service: SMSService, account: str, key: str, limit: RateLimit, faults: Faults) -> None:
        self._service = service
        self._login = f"{account}:{key}".encode()
        self._limit = limit
        self._faults = faults
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        if failure := self._faults.failure():
            return respond(start_response, failure, f"<h1>{phrase(failure)}</h1>\n".encode(), "text/html")
        headers: dict[str, str] = {}
        try:
            answer, replayed = self._answer(environ)
            if replayed:
                headers["Idempotent-Replayed"] = "true"
        except RefusedError as refusal:
            answer, headers = Answer(refusal.result, {"message": str(refusal)}), refusal.headers
        self._faults.wait()
        content = json.dumps(answer.content).encode() + b"\n"
        return respond(start_response, answer.result.status, content, JSON, headers)

    def _answer(self, environ: WSGIEnvironment) -> tuple[Answer, bool]:
        self._check_login(environ.get("HTTP_AUTHORIZATION", ""))
        with self._lock:
            wait = self._limit.wait()
        if wait:
            raise RefusedError(Result.TOO_MANY_REQUESTS, Retry_After=str(wait))
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        if found := MESSAGE.fullmatch(path):
            check_method(method, "GET", "HEAD")
            return self._service.find(found[1]), False
        action = POSTS.get(path)
        if action is None:
            words = path.encode("latin-1").decode("utf-8", "replace")  # as PEP 3333 hands it over
            raise RefusedError(Result.NOT_FOUND, f"there is nothing at {words}"[:200])
        check_method(method, "POST")
        content = environ["wsgi.input"].read(LARGEST + 1)
        if len(content) > LARGEST:
            raise RefusedError(Result.TOO_LARGE, f"a request has at most {LARGEST} bytes")
        fields = read_fields(environ.get("CONTENT_TYPE", ""), content)
        key = environ.get("HTTP_IDEMPOTENCY_KEY", "")
        if len(key) > LONGEST_KEY:
            raise RefusedError(Result.MALFORMED, f"an Idempotency-Key has at most {LONGEST_KEY} characters")
        return self._service.once(key, (path, fields), lambda: action(self._service, fields))

    def _check_login(self, header: str) -> None:
        """Basic authentication (RFC 7617).

        Raises:
            RefusedError: UNAUTHORIZED.
        """
        scheme, _, encoded = header.partition(" ")
        try:
            login = base64.b64decode(encoded.strip(), validate=True) if scheme.lower() == "basic" else b""
        except (binascii.Error, ValueError):
            login = b""
        if not hmac.compare_digest(login, self._login):
            raise RefusedError(Result.UNAUTHORIZED, WWW_Authenticate='Basic realm="SMS gateway"')


def check_method(method: str, *allowed: str) -> None:
    """Refuse another method than those that are allowed (RFC 9110, section 15.5.6)."""
    if method not in allowed:
        raise RefusedError(Result.WRONG_METHOD, Allow=", ".join(allowed))


def respond(
    start_response: StartResponse,
    status: int,
    content: bytes,
    kind: str,
    headers: dict[str, str] | None = None,
) -> list[bytes]:
    """Send an answer."""
    length = ("Content-Length", str(len(content)))
    start_response(phrase(status), [("Content-Type", kind), length, *(headers or {}).items()])
    return [content]


def phrase(status: int) -> str:
    """A status with its words: "503 Service Unavailable"."""
    return f"{status} {HTTPStatus(status).phrase}"
