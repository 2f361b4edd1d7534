"""An exercise of lesson 11: a client that tries again, waits politely, and never sends twice."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from netlab.exercises.lesson_11 import ACCOUNT, ADA, TEXT, Errors, gateway, logged_in, requests_to
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong
from netlab.servers import SMSGateway

FIELDS = {"to": ADA, "text": TEXT}
PATIENCE = 0.5  # seconds until the student's client gives an attempt up
LATE = 1.5  # seconds after which an answer comes

ONCE = "The gateway had sent it, only its answer was late. A new key makes a new message of the same request: make the key once, before the loop."
NO_KEY = "The gateway had sent it, only its answer was late. The header field `Idempotency-Key` tells it that this is the same request again."
NEVER = "The gateway has decided: the same request gets the same answer. Only 429, 5xx, timeouts and broken connections are worth another try."
LAST = "none after the last, where nothing follows."
PAGE = "The page of an error is no JSON: look at the status before you read the content."


class Clock:
    """A clock that goes on only while somebody sleeps.

    Attributes:
        pauses: how long somebody has slept, each time.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def time(self) -> float:
        """Return the time in seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Go on by so many seconds at once."""
        self.now += seconds
        self.pauses.append(seconds)


@exercise(
    "11-retry",
    title="Again, but not twice",
    objective="11-o4",
    points=6,
    limit=12.0,
    hints=(
        'Before the loop: `key = str(uuid.uuid4())`. In it, with each attempt: `headers={"Idempotency-Key": key}`.',
        "`except (requests.Timeout, requests.ConnectionError, ValueError)`: `raise` when it was the last try, else pause and go on.",
        "In the `try`: a status below 500 that is not 429 is a decision, `return response.json()`; a page makes that a ValueError. On the last try `response.raise_for_status()`.",
        "The pause after try n, counted from 0: `random.uniform(0.5, 1) * 0.5 * pow(2, n)`.",
        'After 429 the gateway says how long: `float(response.headers["Retry-After"])`. A 503 here has no such field.',
    ),
    passed="503, silence, a late answer, a rate limit: the message arrives, and it arrives once.",
)
def retry(t: Trial, send_once: Callable[..., Any]) -> None:
    """A POST that is tried again, with pauses, and done once."""
    import requests

    def sent(server: SMSGateway | str, clock: Clock, fields: dict[str, str] = FIELDS, **options: Any) -> Any:
        url = server if isinstance(server, str) else server.url
        with logged_in() as session:
            where = f"{url}/v1/messages"
            return send_once(session, where, fields, clock.sleep, timeout=PATIENCE, **options)

    wrong: Wrong = [
        (lambda v: isinstance(v, requests.Response), "Return the JSON of the answer: `response.json()`."),
    ]
    with t.case("a good day") as case, gateway() as server:
        clock = Clock()
        answer = sent(server, clock)
        case.expect(answer if type(answer) is not dict else answer.get("code"), 0, wrong)
        case.expect(clock.pauses, [], advice="A pause belongs between two tries: not before the first.")
        with logged_in() as session:
            send_once(session, f"{server.url}/v1/messages", FIELDS, clock.sleep)
            words = "The session is the caller's, and would send this key with his other requests as well: hand it on with `headers=`."
            left = "Idempotency-Key" in session.headers
            case.expect_that(not left, "a session as it was", "a session with a key in it", words)
    _passing_troubles(t, sent)
    _decisions(t, sent)
    with t.case("429, Retry-After: 7") as case:
        clock, code = Clock(), None
        with gateway(rate=(1, 7.0), clock=clock.time) as server:
            sent(server, clock)
            with contextlib.suppress(requests.HTTPError):
                code = sent(server, clock).get("code")
        again = "429 passes: it is worth another try."
        case.expect_that(bool(clock.pauses), "a pause of 7 seconds, and another try", "no pause", again)
        words = "It said 7 seconds, and you knocked earlier: each knock costs both of you a request, and may cost you the account."
        case.expect_that(
            clock.pauses[0] >= 7, "a pause of 7 seconds", f"{clock.pauses[0]:.2f} seconds", words
        )
        case.expect(code, 0, advice=again)
    _endings(t, sent)


def _passing_troubles(t: Trial, sent: Callable[..., Any]) -> None:
    import requests

    again: Errors = {
        requests.HTTPError: "503 says: not now. It is worth another try.",
        KeyError: "Not each answer has Retry-After: only a 429 of this gateway.",
        ValueError: PAGE,
    }
    with t.case("503 twice, then an answer", again) as case, gateway() as server:
        server.fail_next(2)
        case.expect(sent(server, Clock()).get("code"), 0)
        case.expect(len(server.messages), 1)
    for status in (500, 502, 504):
        others = dict.fromkeys(again, f"{status} is one of the 500s: all of them are worth another try.")
        with t.case(f"{status}, then an answer", others) as case, gateway() as server:
            server.fail_next(status=status)
            case.expect(sent(server, Clock()).get("code"), 0)
    page: Errors = {
        ValueError: "This page is a proxy's, whatever its status, and no decision of the gateway: `response.json()` raises ValueError. Try again."
    }
    with t.case("a proxy's page with 403, then an answer", page) as case, gateway() as server:
        server.fail_next(status=403)
        case.expect(sent(server, Clock()).get("code"), 0)
    gone: Errors = {requests.Timeout: "A timeout may have been bad luck: try again."}
    waits = "The gateway said nothing, and your client waits and waits: hand on `timeout=timeout`."
    with t.case("sent, and the answer comes too late", gone, hangs=waits) as case, gateway() as server:
        server.delay_next(seconds=LATE)
        answer = sent(server, Clock())
        case.expect_that(requests_to(server) > 1, "a second request", "only one", waits)
        had_key = any(b"idempotency-key:" in entry.data.lower() for entry in server.transcript)
        case.expect(len(server.messages), 1, advice=ONCE if had_key else NO_KEY)
        case.expect(answer.get("id"), "msg-1", advice="The second answer tells the id of the first message.")
    with t.case("the same text on two days") as case, gateway() as server:
        sent(server, Clock())
        sent(server, Clock())
        words = "Two calls are two messages. A key that is always the same, or is made of the text, swallows the second."
        case.expect(len(server.messages), 2, advice=words)


def _decisions(t: Trial, sent: Callable[..., Any]) -> None:
    """Answers that are final, whatever their status."""
    import requests

    final: Errors = {
        requests.HTTPError: "It is the gateway's answer: return its JSON, the caller reads its code."
    }

    def expect_once(case: Case, server: SMSGateway, fields: dict[str, str], code: int) -> None:
        clock = Clock()
        try:
            came = sent(server, clock, fields).get("code")
        finally:
            tries = requests_to(server)
            case.expect_that(tries < 2, "one request", f"{tries} requests", NEVER)
        case.expect(came, code)

    with t.case("HTTP 400: an unknown field", final) as case, gateway() as server:
        expect_once(case, server, {"to": ADA, "txt": TEXT}, 4001)
    with t.case("HTTP 200, code 21: no number", final) as case, gateway() as server:
        expect_once(case, server, {"to": "555-0123", "text": TEXT}, 21)
    with t.case("HTTP 401: the key was changed", final) as case, SMSGateway(ACCOUNT, "another") as server:
        expect_once(case, server, FIELDS, 4010)


def _endings(t: Trial, sent: Callable[..., Any]) -> None:
    """What happens when it never gets better, and how long the pauses are."""
    import requests

    with t.case("503 all the time", {ValueError: PAGE}) as case, gateway() as server:
        clocks = [Clock() for _ in range(4)]  # a pause out of bounds by chance shows in one of sixteen
        for clock in clocks:
            server.fail_next(5)
            words = "After the last try the error is the caller's: let `raise_for_status()` raise."
            case.expect_error(requests.HTTPError, lambda clock=clock: sent(server, clock), words)  # type: ignore[misc]
        words = "`tries` is the number of requests in all, not of those after the first."
        case.expect(requests_to(server), 20, advice=words)
        case.expect(len(clocks[0].pauses), 4, advice=f"Five tries have four pauses between them: {LAST}")
        for clock in clocks:
            _expect_growth(case, clock.pauses)
        words = "Each time the same pauses: all clients that fail together come back together. Add chance: `random.uniform`."
        case.expect_that(clocks[0].pauses != clocks[1].pauses, "other pauses each time", "the same", words)
    with t.case("nobody there") as case:
        clock = Clock()
        with gateway() as server:
            url = server.url
        words = "After the last try let the ConnectionError go on to the caller."
        case.expect_error(requests.ConnectionError, lambda: sent(url, clock, tries=2), words)
        words = "A connection that fails may be there again later: try again."
        last = f"Two tries have one pause between them: {LAST}"
        case.expect(len(clock.pauses), 1, [(2, last)], advice=words)


def _expect_growth(case: Case, pauses: list[float]) -> None:
    for number, pause in enumerate(pauses):
        most = 0.5 * 2**number
        words = "Pause n is between a half and the whole of 0.5 · 2ⁿ seconds: doubled each time, so that a gateway that gets up again is not trampled."
        case.expect_that(
            most / 2 <= pause <= most,
            f"pause {number} between {most / 2:g} and {most:g} seconds",
            f"{pause:.2f} seconds",
            words,
        )
