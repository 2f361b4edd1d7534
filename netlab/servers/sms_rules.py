"""The rules of the SMS gateway as data: its results, the numbers that it takes, and its limits."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from netlab.errors import OptionError

LARGEST = 16 * 1024  # bytes of a request's content
MOST_FIELDS = 50  # of a form
LONGEST_KEY = 255  # characters of an idempotency key
LONGEST_DELAY = 60.0  # seconds that an answer can be late on purpose
MOST_PARTS = 6  # of one text
CODE_DIGITS = 6
CODE_LIFE = 300.0  # seconds that a verification code is valid
CODE_TRIES = 5
CODES_PER_NUMBER = 5  # within CODE_WINDOW: a new code must not bring endless new tries
CODE_WINDOW = 3600.0  # seconds
KEY_LIFE = 24 * 3600.0  # seconds that an idempotency key is remembered
KEYS_KEPT = 10_000

TEMPLATES = {
    "price-alert": "{share} closed at {price} US dollars, {side} your limit of {limit}.",
    "welcome": "Welcome to Ticker, {name}. Answer STOP to end these messages.",
}
CODE_TEXT = "{code} is your Ticker code, good for {minutes} minutes. Nobody from Ticker will ask for it."


class Result(Enum):
    """What a request came to: (code in the body, HTTP status, in words).

    As with many commercial gateways, a request that was understood is answered with HTTP 200 even if nothing is
    sent: what counts is the code in the body. Codes of four digits come with the HTTP status that they begin with.
    """

    OK = 0, 200, "accepted"
    BAD_NUMBER = 21, 200, "the number is not in international form, such as +12025550123"
    FOREIGN_NUMBER = 22, 200, "this gateway reaches only numbers that are kept for fiction"
    EMPTY_TEXT = 23, 200, "the text is empty"
    LONG_TEXT = 24, 200, f"the text has more than {MOST_PARTS} parts"
    NO_TEMPLATE = 25, 200, "there is no such template"
    MISSING_VALUE = 26, 200, "the template needs a value that was not given"
    NO_CREDIT = 30, 200, "the credit is used up"
    WRONG_CODE = 40, 200, "the code is wrong"
    EXPIRED = 41, 200, "the code is no longer valid: ask for a new one"
    TOO_MANY_TRIES = 42, 200, "too many wrong codes: this login is over"
    CODE_USED = 43, 200, "the code was used before"
    TOO_MANY_CODES = 44, 200, "too many codes for this number: wait an hour"
    MALFORMED = 4000, 400, "the request cannot be read"
    BAD_FIELD = 4001, 400, "a field is missing, unknown or of the wrong type"
    BAD_CALLBACK = 4002, 400, "a callback is a URL on this machine: http://127.0.0.1:PORT/…"
    UNAUTHORIZED = 4010, 401, "the account or its key is wrong"
    FOREIGN_SENDER = 4030, 403, "this account may not send under that name"
    NOT_FOUND = 4040, 404, "there is nothing here"
    WRONG_METHOD = 4050, 405, "this address does not take that method"
    TOO_LARGE = 4130, 413, "the request is too large"
    WRONG_TYPE = 4150, 415, "send a form or JSON"
    KEY_REUSED = 4220, 422, "this idempotency key came with another request before"
    TOO_MANY_REQUESTS = 4290, 429, "too many requests: wait as long as Retry-After says"

    def __init__(self, code: int, status: int, words: str) -> None:
        self.code = code
        self.status = status
        self.words = words


class RefusedError(Exception):
    """A request is answered with another result than OK."""

    def __init__(self, result: Result, detail: str = "", **headers: str) -> None:
        super().__init__(detail or result.words)
        self.result = result
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass(frozen=True)
class NumberRange:
    """Telephone numbers that nobody has, so that films and lessons can show them.

    Attributes:
        source: who keeps them free.
        pattern: of the number in international form (ITU-T E.164).
    """

    source: str
    pattern: re.Pattern[str]


FICTIONAL = (
    # ATIS-0300115: 555-0100 to 555-0199 in every area code; where its second and third digit are the same, as
    # in 800 and 911, or it is 710 or 52N, it names a service and no area, and such a number may be somebody's
    NumberRange(
        "North American Numbering Plan Administrator",
        re.compile(r"\+1(?!710|52)[2-9](?!(\d)\1)\d\d55501\d\d"),
    ),
    # "Telephone numbers for use in TV and radio drama programmes": mobile 07700 900000 to 900999
    NumberRange("Ofcom", re.compile(r"\+447700900\d{3}")),
)
E164 = re.compile(r"\+[1-9]\d{6,14}")


def is_fictional(number: str) -> bool:
    """Whether a number is one that nobody has."""
    return any(each.pattern.fullmatch(number) for each in FICTIONAL) and number.isascii()


def check_number(number: str) -> str:
    """Return a number that the gateway takes, refuse any other.

    Raises:
        RefusedError: BAD_NUMBER or FOREIGN_NUMBER.
    """
    if not (number.isascii() and E164.fullmatch(number)):
        lost = number.isascii() and E164.fullmatch(number.replace(" ", "+", 1))
        raise RefusedError(
            Result.BAD_NUMBER, "the + became a space: in a form it is written %2B" if lost else ""
        )
    if not is_fictional(number):
        raise RefusedError(Result.FOREIGN_NUMBER)
    return number


class RateLimit:
    """At most so many requests within any span of time.

    Args:
        most: requests in the span.
        seconds: how long the span is.
        clock: tells the time in seconds.
    """

    def __init__(self, most: int, seconds: float, clock: Callable[[], float]) -> None:
        if most < 1 or not seconds > 0:
            raise OptionError(f"({most}, {seconds}) is no rate: write (5, 1.0) for five requests a second.")
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._times: deque[float] = deque()

    def wait(self) -> int:
        """Count a request and return 0, or return the whole seconds to wait until one will be taken."""
        now = self._clock()
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        if len(self._times) < self._most:
            self._times.append(now)
            return 0
        return max(1, math.ceil(self._times[0] + self._seconds - now))
