"""The exercises of lesson 11, SMS and web APIs: a form by hand, what an answer means, how long a text is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong, show
from netlab.servers import SMSGateway, WebServer

if TYPE_CHECKING:
    import requests

ADA, BOB = "+12025550123", "+12025550177"
ACCOUNT, KEY = "ticker", "a-key-of-the-judge"
TEXT = "AAPL closed at 25.75 US dollars."
Errors = dict[type[BaseException], str]


@contextlib.contextmanager
def gateway(**options: Any) -> Iterator[SMSGateway]:
    """A gateway whose account and key a judge knows."""
    with SMSGateway(ACCOUNT, KEY, **options) as server:
        yield server


@contextlib.contextmanager
def logged_in() -> Iterator[requests.Session]:
    """A session that brings the key along."""
    import requests

    with requests.Session() as session:
        session.auth = (ACCOUNT, KEY)
        yield session


def requests_to(server: SMSGateway) -> int:
    """How many requests have come."""
    return sum(entry.data.count(b" HTTP/1.1\r\n") for entry in server.transcript if entry.speaker != "server")


ABOUT_CODE = {
    21: "A `+` in a form means a blank, so the number arrived without it: `urlencode(fields)` writes `%2B`.",
    4000: "The gateway cannot read the content as a form: `urlencode(fields)` makes one of a dictionary.",
    4001: "Send the fields as they are, and no others: `urlencode(fields)`.",
    4010: "Who are you? `Authorization: Basic `, and then `account:key` in Base64, both as the function is given them: bytes in, `.decode()` at the end.",
    4040: "The messages live at `/v1/messages`.",
    4050: "To send something is POST; GET only looks.",
    4150: "What is this content? `Content-Type: application/x-www-form-urlencoded` says that it is a form.",
}


@exercise(
    "11-form",
    title="Send a form",
    objective="11-o1",
    points=3,
    hints=(
        "`with closing(HTTPConnection(*address, timeout=2)) as connection:`, and in it `connection.request(method, path, content, headers)`.",
        "`urlencode(fields)` makes the content of a dictionary, and writes `+`, `&` and 股 so that they arrive.",
        "Two header fields: `Content-Type: application/x-www-form-urlencoded`, and `Authorization`, made as in the cell above.",
        "`json.loads(connection.getresponse().read())` is the answer as a dictionary, whatever its status.",
    ),
    passed="You speak to a web API with nothing but the standard library, and every sign of the text arrives.",
)
def form(t: Trial, send_form: Callable[..., Any]) -> None:
    """A message by form and http.client."""
    text = "Return the JSON of the answer as a dictionary: `json.loads(response.read())`."
    nothing = "Nothing was returned: return the JSON whatever the status is, 403 and 401 included."

    def sent(case: Case, words: str, key: str = KEY, **more: str) -> tuple[dict[str, Any], list[str]]:
        with gateway() as server:
            answer = send_form(server.address, ACCOUNT, key, {"to": ADA, "text": words, **more})
            if type(answer) is not dict:
                words = nothing if answer is None else text
                case.fail("the JSON of the answer, as a dictionary", show(answer), words)
            by_hand = b"python-requests" not in server.transcript.said_by("client 1")
            case.expect_that(
                by_hand, "http.client", "requests", "By `http.client` here; `requests` comes next."
            )
            return answer, server.phone(ADA).texts

    refusals: set[int] = set()

    def expect_arrival(case: Case, words: str, advice: str = "") -> None:
        answer, texts = sent(case, words)
        code = answer.get("code", -1)
        known = ABOUT_CODE.get(code, text)
        case_advice = known if code in refusals else advice or known
        refusals.add(code)
        case.expect(code, 0, advice=case_advice)
        case.expect(texts, [words], advice=advice)

    with t.case("a text") as case:
        expect_arrival(case, TEXT)
    quoted = "`&` ends a pair of a form and `%` begins a number: `urlencode(fields)` writes both in hex."
    with t.case("a text with the signs of a form") as case:
        expect_arrival(case, "AAPL & IBM: +5 % = good?", quoted)
    latin: Errors = {UnicodeEncodeError: "The content is ASCII once `urlencode(fields)` has written it."}
    with t.case("a Chinese text", latin) as case:
        expect_arrival(case, "苹果收盘价 25.75 美元", "`urlencode(fields)` writes UTF-8 in hex.")
    with t.case("another field: the sender") as case:
        answer, _ = sent(case, TEXT, **{"from": "Somebody"})
        words = "Send all of `fields`, not only the number and the text: somebody chose another sender."
        code = answer.get("code", -1)
        case.expect(code, 4030, [(0, words)], advice=ABOUT_CODE.get(code, text))
    with t.case("a wrong key") as case:
        answer, _ = sent(case, TEXT, key="wrong")
        words = "Use the key that you are given: this one is wrong, and the gateway says so in its answer."
        case.expect(answer.get("code"), 4010, [(0, words)])


JSON = "application/json"
PORTAL = b"<h1>Hotel Example</h1><p>Enter your room number to go online.</p>"
HTML = (
    "That is a page for people, not the gateway's JSON: `response.json()` raises ValueError. What is it then?"
)
NO_CODE = "This is JSON, but none of the gateway's: it is no object that has a `code`. A key that is missing raises KeyError, a list TypeError."
SAME = "The same request would be refused again, as often as you send it."
UNDERSTOOD = "HTTP 200 only says that the request was understood. Look at `code` in the JSON."


def stranger(content: bytes, kind: str) -> Callable[..., list[bytes]]:
    """What answers in the place of the gateway, such as in a network where one has to log in first."""

    def app(_: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", kind)])
        return [content]

    return app


@exercise(
    "11-outcome",
    title="Sent, refused, or later?",
    objective="11-o1",
    points=3,
    hints=(
        "Ask for the status first: 429 and everything from 500 on may pass.",
        "`response.json()` raises ValueError for a page in HTML, whatever its status: then the gateway has not spoken at all.",
        'And JSON without a `code` is not its word either: `response.json()["code"]` raises KeyError, or TypeError for a list.',
        'The code decides the rest: 0 is "sent", any other "refused", whether the status is 200 or 400.',
    ),
    passed="Your program knows a success when it sees one, and what is worth another try.",
)
def outcome(t: Trial, outcome: Callable[[Any], str]) -> None:
    """What to make of an answer."""

    def answer(
        server: WebServer, fields: dict[str, str], path: str = "/v1/messages", key: str = KEY
    ) -> requests.Response:
        import requests

        return requests.post(server.url + path, json=fields, auth=(ACCOUNT, key), timeout=2)

    good = {"to": ADA, "text": TEXT}
    refused: Wrong = [("sent", UNDERSTOOD), ("later", SAME)]
    with t.case("HTTP 200, code 0") as case, gateway() as server:
        case.expect(outcome(answer(server, good)), "sent", advice="Code 0 is success.")
    with t.case("HTTP 200, code 21: no number") as case, gateway() as server:
        case.expect(outcome(answer(server, {"to": "555-0123", "text": TEXT})), "refused", refused)
    with t.case("HTTP 200, code 30: no credit") as case, gateway(credit=0) as server:
        case.expect(outcome(answer(server, good)), "refused", refused)
    with t.case("HTTP 400: an unknown field") as case, gateway() as server:
        case.expect(outcome(answer(server, {"to": ADA, "txt": TEXT})), "refused", refused)
    with t.case("HTTP 401: a wrong key") as case, gateway() as server:
        case.expect(outcome(answer(server, good, key="wrong")), "refused", refused)
    with t.case("HTTP 429: too many requests") as case, gateway(rate=(1, 60.0)) as server:
        answer(server, good)
        words = "429 is the one status of the 400s that passes by itself: the same request is fine, later."
        case.expect(outcome(answer(server, good)), "later", [("refused", words)])
    for status in (500, 502, 503, 504):
        with t.case(f"HTTP {status}, a page", {ValueError: HTML}) as case, gateway() as server:
            server.fail_next(status=status)
            words = f"{status} is the gateway's trouble, not yours: it may pass."
            case.expect(outcome(answer(server, good)), "later", [("refused", words)])
    hotel = "This is no word of the gateway: a hotel's network answered in its place. Nothing was sent, and later it may be."
    strangers = (
        ("a page", PORTAL, "text/html"),
        ("{}", b"{}", JSON),
        ('{"ok": true}', b'{"ok": true}', JSON),
        ("[]", b"[]", JSON),
    )
    for name, content, kind in strangers:
        errors: Errors = {ValueError: HTML, KeyError: NO_CODE, TypeError: NO_CODE, AttributeError: NO_CODE}
        with t.case(f"HTTP 200, {name}", errors) as case, WebServer(stranger(content, kind)) as other:
            words = NO_CODE if kind == JSON else hotel
            case.expect(outcome(answer(other, good)), "later", [("sent", words), ("refused", words)])
    with t.case("HTTP 403, a page", {ValueError: HTML}) as case, gateway() as server:
        server.fail_next(status=403)
        words = "A proxy wrote this page, and not the gateway, whose refusals are JSON. Look whether it is JSON before you look at the 400s."
        case.expect(outcome(answer(server, good)), "later", [("refused", words)])


ESCAPED = "`€` and the rest of EXTENSION take two units each: an escape and a unit of their own."
STILL = "A text with `€` is still GSM-7, since `€` is in EXTENSION: 80 of them are 160 units."
JOINED = "Several parts need a header of 6 bytes each, to be joined again: 153 units a part, or 67."
WIDE = "One character outside of GSM7 and EXTENSION, and the *whole* text is UCS-2: 70 units, or 67 a part."
PAIR = "A character above U+FFFF, such as an emoji, takes two units of UCS-2."
CUT = "No character is cut in two: if it does not fit, it goes to the next part, and the one before stays a unit shorter."
TEXTS = (
    ("a price", "AAPL 25.75", ""),
    ("160 letters", "A" * 160, "160 letters of 7 bits are 140 bytes: they just fit into one part."),
    ("161 letters", "A" * 161, JOINED),
    ("306 letters", "A" * 306, JOINED),
    ("307 letters", "A" * 307, JOINED),
    ("80 euro signs", "€" * 80, STILL),
    ("81 euro signs", "€" * 81, ESCAPED),
    ("70 Chinese characters", "苹" * 70, WIDE),
    ("71 Chinese characters", "苹" * 71, WIDE),
    ("100 letters and a typographic apostrophe", "It’s " + "A" * 100, WIDE),
    ("a Chinese text with a euro sign", "苹" * 69 + "€", "In UCS-2 a `€` is one unit: escapes are GSM-7's."),
    ("69 letters and an emoji", "A" * 69 + "📉", PAIR),
    ("a euro sign where a part ends", "A" * 152 + "€" + "A" * 152, CUT),
    ("an emoji where a part ends", "A" * 66 + "📉" + "A" * 66, CUT),
)


@exercise(
    "11-parts",
    title="Count the parts",
    objective="11-o2",
    points=4,
    hints=(
        "First the encoding, for the whole text: `wide = any(sign not in GSM7 + EXTENSION for sign in text)`.",
        "Then the units of each sign, as a list: in GSM-7 2 for those of EXTENSION, in UCS-2 2 for `ord(sign) > 0xFFFF`, else 1.",
        "If the sum is at most 160 (70 for UCS-2), it is one part.",
        "Else fill parts: `used` counts units in the current part; if `used + size > 153` (67), begin a new one with this sign.",
    ),
    passed="You know what a text costs before you send it, and which single character makes it dear.",
)
def parts(t: Trial, count_parts: Callable[[str], int]) -> None:
    """The parts of a text, as the gateway counts them."""
    with gateway() as server, logged_in() as session:
        for name, text, words in TEXTS:
            with t.case(name) as case:
                told = session.post(f"{server.url}/v1/messages", json={"to": ADA, "text": text}, timeout=2)
                wrong: Wrong = [
                    (lambda v: isinstance(v, float), "A number of parts is whole: an int."),
                ]
                case.expect(count_parts(text), told.json()["parts"], wrong, advice=words)


from netlab.exercises import (  # noqa: E402
    lesson_11_alert,  # noqa: F401
    lesson_11_codes,  # noqa: F401
    lesson_11_quizzes,  # noqa: F401
    lesson_11_receiver,  # noqa: F401
    lesson_11_reports,  # noqa: F401
    lesson_11_retries,  # noqa: F401
    lesson_11_secrets,  # noqa: F401
)
