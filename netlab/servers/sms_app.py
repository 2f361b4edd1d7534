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
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from netlab.servers.sms_rules import RateLimit, RefusedError, Result
from netlab.servers.sms_service import Answer, Fields, SMSService, is_encodable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LARGEST = 16 * 1024  # bytes of a request's content
LONGEST_KEY = 255  # characters of an idempotency key
MOST_FIELDS = 50
FORM, JSON = "application/x-www-form-urlencoded", "application/json"

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
            check_method(method, "GET")
            return self._service.find(found[1]), False
        action = POSTS.get(path)
        if action is None:
            raise RefusedError(Result.NOT_FOUND, f"there is nothing at {path}"[:200])
        check_method(method, "POST")
        fields = read_fields(environ)
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
            login = base64.b64decode(encoded, validate=True) if scheme.lower() == "basic" else b""
        except (binascii.Error, ValueError):
            login = b""
        if not hmac.compare_digest(login, self._login):
            raise RefusedError(Result.UNAUTHORIZED, WWW_Authenticate='Basic realm="SMS gateway"')


def check_method(method: str, allowed: str) -> None:
    """Refuse another method than the allowed one (RFC 9110, section 15.5.6)."""
    if method != allowed:
        raise RefusedError(Result.WRONG_METHOD, Allow=allowed)


def read_fields(environ: WSGIEnvironment) -> Fields:
    """The fields of a request, sent as a form or as JSON.

    Raises:
        RefusedError: WRONG_TYPE, TOO_LARGE or MALFORMED.
    """
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if kind not in (FORM, JSON):
        raise RefusedError(
            Result.WRONG_TYPE, f"Content-Type {kind[:60]!r}: send {FORM} or {JSON}", Accept=f"{FORM}, {JSON}"
        )
    content = environ["wsgi.input"].read(LARGEST + 1)
    if len(content) > LARGEST:
        raise RefusedError(Result.TOO_LARGE, f"a request has at most {LARGEST} bytes")
    return read_json(content) if kind == JSON else read_form(content)


def read_json(content: bytes) -> Fields:
    """The fields of a JSON object."""
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise RefusedError(Result.MALFORMED, "the content is not JSON") from None
    if not isinstance(fields, dict):
        raise RefusedError(Result.MALFORMED, "the JSON is not an object")
    if not all(is_encodable(name) for name in fields):
        raise RefusedError(Result.MALFORMED, "a field's name has half a character in it")
    return fields


def read_form(content: bytes) -> Fields:
    """The fields of a form; `values[share]=AAPL` is how one writes a field inside another."""
    try:
        pairs = parse_qsl(
            content.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(content),
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise RefusedError(Result.MALFORMED, "the content is not a form") from None
    fields: dict[str, Any] = {}
    for name, value in pairs:
        inner = re.fullmatch(r"values\[(\w+)\]", name)
        place = fields.setdefault("values", {}) if inner else fields
        if not isinstance(place, dict) or (inner[1] if inner else name) in place:
            raise RefusedError(Result.MALFORMED, f"the field {name[:60]!r} comes twice")
        place[inner[1] if inner else name] = value
    return fields


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
