"""Verification codes of the SMS gateway: how many, how long they hold, and how often one may guess."""

from __future__ import annotations

import hmac
import secrets
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from netlab.servers.sms_message import Answer
from netlab.servers.sms_rules import (
    CODE_DIGITS,
    CODE_LIFE,
    CODE_TRIES,
    CODE_WINDOW,
    CODES_PER_NUMBER,
    RefusedError,
    Result,
)


def random_code() -> str:
    """A verification code that nobody can foresee."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


@dataclass
class _Verification:
    number: str
    code: str = field(repr=False)
    until: float
    tries_left: int = CODE_TRIES
    used: bool = False


class Verifications:
    """The codes that were sent. The caller sees to it that only one thread is here at a time.

    Args:
        clock: tells the time in seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._all: dict[str, _Verification] = {}
        self._newest: dict[str, _Verification] = {}  # by the number
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)

    def check_allowed(self, number: str) -> None:
        """Refuse one more code for a number that got many.

        Raises:
            RefusedError: TOO_MANY_CODES.
        """
        sent, now = self._sent[number], self._clock()
        while sent and sent[0] <= now - CODE_WINDOW:
            sent.popleft()
        if len(sent) >= CODES_PER_NUMBER:
            raise RefusedError(Result.TOO_MANY_CODES)

    def add(self, number: str, code: str) -> str:
        """Note that a code was sent, and return the id of the verification; an earlier code holds no longer."""
        now = self._clock()
        self._sent[number].append(now)
        if earlier := self._newest.get(number):
            earlier.until = min(earlier.until, now)
        name = f"ver-{len(self._all) + 1}"
        self._all[name] = self._newest[number] = _Verification(number, code, now + CODE_LIFE)
        return name

    def check(self, name: str, code: str) -> Answer:
        """Compare what a user typed with the code that was sent.

        Raises:
            RefusedError: NOT_FOUND.
        """
        found = self._all.get(name)
        if found is None:
            raise RefusedError(Result.NOT_FOUND, "there is no verification with that id")
        if found.used:
            return Answer(Result.CODE_USED)
        if self._clock() >= found.until:
            return Answer(Result.EXPIRED)
        if not found.tries_left:
            return Answer(Result.TOO_MANY_TRIES)
        if not hmac.compare_digest(found.code.encode(), code.encode()):
            found.tries_left -= 1
            return Answer(Result.WRONG_CODE, {"tries_left": found.tries_left})
        found.used = True
        return Answer(Result.OK, {"id": name, "status": "approved", "to": found.number})
