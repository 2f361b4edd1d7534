"""An exercise of lesson 11: reports by webhook, told genuine from forged."""

from __future__ import annotations

import base64
import contextlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

from netlab.exercises.lesson_11 import ADA, TEXT, gateway, logged_in
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.servers import SMSGateway, WebServer

SECRET = b"the judge's secret of 32 bytes.."
WINDOW = 300
Headers = dict[str, str]
Receive = Callable[[Headers, bytes], Any]


def sign(report: str, timestamp: str, content: bytes, secret: bytes = SECRET) -> str:
    """The signature of a report, as Standard Webhooks 1.0 has it."""
    signed = f"{report}.{timestamp}.".encode() + content
    return "v1," + base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()


class Receiver:
    """A web app that hands each report to a function and answers with the status that it returns.

    Args:
        receive: gets the header fields, names in lower case, and the content.
        lost: how many of the first answers are lost on their way: the gateway gets 500 instead.

    Attributes:
        reports: header fields and contents that came.
        errors: what the function raised, as text.
    """

    def __init__(self, receive: Receive, lost: int = 0) -> None:
        self._receive, self._lost = receive, lost
        self._lock = threading.Lock()
        self.reports: list[tuple[Headers, bytes]] = []
        self.errors: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Take one report."""
        fields = {
            name[5:].replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        content = environ["wsgi.input"].read()
        with self._lock:
            self.reports.append((fields, content))
            try:
                status = self._receive(fields, content)
            except Exception as error:
                self.errors.append(f"{type(error).__name__}: {error}")
                status = 500
            if self._lost:
                self._lost -= 1
                status = 500
        start_response(f"{status if status in (204, 401) else 500} Status", [])
        return []


@contextlib.contextmanager
def reporting(app: Receiver) -> Iterator[tuple[SMSGateway, str]]:
    """A gateway that tells its reports fast, and the URL of a receiver."""
    with (
        WebServer(app) as server,
        gateway(webhook_secret=SECRET, webhook_delays=(0.01, 0.01)) as gate,
    ):
        yield gate, f"{server.url}/reports"


def order_text(gate: SMSGateway, url: str, number: str = ADA) -> None:
    """Send a text with a callback, and wait until its report is told or given up."""
    with logged_in() as session:
        fields = {"to": number, "text": TEXT, "callback": url}
        session.post(f"{gate.url}/v1/messages", json=fields, timeout=2)
    gate.wait_for_reports()


def genuine() -> tuple[Headers, bytes]:
    """A report as the gateway sent it."""
    app = Receiver(lambda *_: 204)
    with reporting(app) as (gate, url):
        order_text(gate, url)
    return app.reports[0]


FORGED = "Somebody else wrote this. Only who knows the secret can make the signature: HMAC over id, time and content."
MISSING = 'A stranger sends what he likes, and leaves out what he likes: `headers.get(name, "")`, and False.'


@exercise(
    "11-webhook",
    title="Genuine, or forged?",
    objective="11-o5",
    points=5,
    limit=6.0,
    hints=(
        "What is signed are bytes: the id, a dot, the timestamp, a dot, and the content as it came.",
        '`hmac.digest(secret, signed, "sha256")`, in Base64, behind `v1,`.',
        "The field may hold several signatures with blanks between them: `any(hmac.compare_digest(right, each) for each in …split())`.",
        "`compare_digest` takes ASCII or bytes: `.encode()` both. `==` would stop at the first difference, and its time tells where that is.",
        "The time: `timestamp.isdecimal()`, and `abs(now - int(timestamp)) <= 300`. Old ones are replays, and a clock may be wrong both ways.",
    ),
    passed="Nobody can tell your program a lie about a message, nor an old truth.",
)
def webhook(t: Trial, verify: Callable[..., Any]) -> None:
    """The signature of reports, as Standard Webhooks has it."""
    headers, content = genuine()
    now = int(headers["webhook-timestamp"])

    def signed(case_headers: Headers, time: int, data: bytes = content) -> Headers:
        signature = sign(case_headers["webhook-id"], str(time), data)
        return {**case_headers, "webhook-timestamp": str(time), "webhook-signature": signature}

    def without(name: str) -> Headers:
        return {each: value for each, value in headers.items() if each != name}

    raw = "Sign the bytes as they came: to parse the JSON and write it again changes blanks and order."
    keyed = (
        '`hmac.digest(secret, id + b"." + timestamp + b"." + content, "sha256")`, in Base64, behind `v1,`.'
    )
    wrong: Wrong = [(None, "Return True or False."), (False, keyed)]
    with t.case("a report of the gateway") as case:
        case.expect(verify(SECRET, headers, content, now), True, wrong)
    with t.case("the same content in another spelling") as case:
        spelled = json.dumps(json.loads(content), separators=(",", ":")).encode()
        case.expect(verify(SECRET, headers, spelled, now), False, [(True, raw)])
        case.expect(verify(SECRET, signed(headers, now, spelled), spelled, now), True, [(False, raw)])
    with t.case("another status in it") as case:
        changed = content.replace(b"delivered", b"undelivered")
        case.expect(verify(SECRET, headers, changed, now), False, [(True, FORGED)])
    with t.case("signed with another secret") as case:
        case.expect(verify(b"another secret", headers, content, now), False, [(True, FORGED)])
    with t.case("another id") as case:
        words = "The id is signed too: else a report could be sent again under a new id, and would pass for a new one."
        case.expect(
            verify(SECRET, {**headers, "webhook-id": "report-2"}, content, now), False, [(True, words)]
        )
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        with t.case(f"no {name}", {KeyError: MISSING, ValueError: MISSING, AttributeError: MISSING}) as case:
            case.expect(verify(SECRET, without(name), content, now), False, [(True, FORGED)])
    _times(t, verify, signed, headers, content, now)
    _signatures(t, verify, headers, content, now)


def _times(
    t: Trial,
    verify: Callable[..., Any],
    signed: Callable[..., Headers],
    headers: Headers,
    content: bytes,
    now: int,
) -> None:
    replay = "The signature is right, and the report is old: somebody recorded it and sends it again. More than 300 seconds: False."
    with t.case("sent again six minutes later") as case:
        case.expect(verify(SECRET, headers, content, now + 360), False, [(True, replay)])
        case.expect(
            verify(SECRET, headers, content, now + WINDOW), True, advice="300 seconds are still fine."
        )
    with t.case("from the future") as case:
        ahead = "A clock may be wrong both ways, and what is signed for tomorrow could be replayed until tomorrow: `abs(…)`."
        case.expect(verify(SECRET, signed(headers, now + 360), content, now), False, [(True, ahead)])
    renewed = "The timestamp is signed with the rest: else a recorded report would only need a new one."
    with t.case("an old report with a new timestamp") as case:
        fresh = {**headers, "webhook-timestamp": str(now + 400)}
        case.expect(verify(SECRET, fresh, content, now + 400), False, [(True, renewed)])
    number = "A timestamp that is no number is no timestamp: `isdecimal()`, and False."
    with t.case("a timestamp that is no number", {ValueError: number}) as case:
        case.expect(verify(SECRET, {**headers, "webhook-timestamp": "soon"}, content, now), False)


def _signatures(t: Trial, verify: Callable[..., Any], headers: Headers, content: bytes, now: int) -> None:
    genuine = headers["webhook-signature"]
    with t.case("two signatures, the second one right") as case:
        words = "When a secret is changed, both are used for a while: one of the signatures has to be right."
        both = {**headers, "webhook-signature": f"v1,bm90IHRoZSByaWdodCBvbmU= {genuine}"}
        case.expect(verify(SECRET, both, content, now), True, [(False, words)])
    signs = "`compare_digest` takes only ASCII as text: compare bytes, `.encode()` on both sides."
    with t.case("a signature that is not ASCII", {TypeError: signs, UnicodeEncodeError: signs}) as case:
        case.expect(verify(SECRET, {**headers, "webhook-signature": "v1,ünsigned"}, content, now), False)
    with t.case("without the `v1,`") as case:
        words = "`v1` says how it was signed: compare all of it, `v1,` included."
        case.expect(
            verify(SECRET, {**headers, "webhook-signature": genuine[3:]}, content, now),
            False,
            [(True, words)],
        )
    with t.case("the time that it takes") as case:
        words = "`==` and `in` stop at the first difference, and the time that they take tells how far it was right: `hmac.compare_digest`."
        case.expect_that(
            _compares_in_constant_time(verify, headers, content, now),
            "hmac.compare_digest",
            "another comparison",
            words,
        )


def _compares_in_constant_time(
    verify: Callable[..., Any], headers: Headers, content: bytes, now: int
) -> bool:
    """Whether a function asks `hmac.compare_digest`, by whatever name it knows it."""
    calls = []
    original = hmac.compare_digest

    def spy(*values: Any) -> bool:
        calls.append(values)
        return original(*values)

    names = verify.__globals__
    kept = {name: value for name, value in names.items() if value is original}
    hmac.compare_digest = spy
    names.update(dict.fromkeys(kept, spy))
    try:
        verify(SECRET, headers, content, now)
    finally:
        hmac.compare_digest = original
        names.update(kept)
    return bool(calls)
