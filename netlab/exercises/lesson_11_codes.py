"""An exercise of lesson 11: a login by code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netlab.exercises.lesson_11 import ADA, Errors, gateway, logged_in
from netlab.exercises.lesson_11_retries import Clock
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial
from netlab.servers import SMSGateway

LIFE = 300  # seconds that a code is good for
MOST = 20  # codes that a user of the judge types before he gives up


class User:
    """Somebody with a phone, who types what stands on it, or something else.

    Args:
        server: the gateway.
        *moods: what happens each time a code is asked for: "read", "mistype", "blanks", or "late";
            the last one goes on for ever.
    """

    def __init__(self, server: SMSGateway, clock: Clock, *moods: str) -> None:
        self._server, self._clock, self._moods = server, clock, list(moods)
        self.typed = 0

    def __call__(self) -> str:
        """Type a code."""
        self.typed += 1
        if self.typed > MOST:
            raise EOFError("the user has gone away")
        mood = self._moods.pop(0) if len(self._moods) > 1 else self._moods[0]
        code = self._server.phone(ADA).texts[-1][:6]
        if mood == "late":
            self._clock.sleep(LIFE)
        if mood == "mistype":
            return code[:-1] + str((int(code[-1]) + 1) % 10)
        return f" {code[:3]} {code[3:]}" if mood == "blanks" else code


ENDLESS = (
    "The answer is no longer *wrong code*, and your loop goes on: only code 40 lets the user type again."
)
NO_STATUS = "A refused answer has no such name: a check that failed has no `status`. Look at `code`, which each answer has."
AGAIN = "Code 40: a typing mistake. Let the user type again; the gateway counts the tries."


@exercise(
    "11-code",
    title="Log in by code",
    objective="11-o5",
    points=3,
    limit=6.0,
    hints=(
        'Start: `started = ask("/v1/verifications", {"to": number})`. If its code is not 0, no text was sent: return False.',
        'Compare: `ask("/v1/verifications/check", {"id": started["id"], "code": …})`, as long as the answer is 40.',
        "0 is True. 41 is the only answer after which a new code makes sense, and one new code is enough: `for _ in range(2):` around it all.",
        'People type blanks: `read_code().replace(" ", "")`.',
    ),
    passed="Typing mistakes are forgiven, old codes renewed, and whoever guesses stays outside.",
)
def code(t: Trial, log_in: Callable[..., Any]) -> None:
    """A login with codes that expire, against a gateway whose clock the judge has."""
    clock = Clock()

    def attempt(server: SMSGateway, *moods: str, number: str = ADA) -> tuple[Any, User]:
        user = User(server, clock, *moods)
        with logged_in() as session:

            def ask(path: str, fields: dict[str, str]) -> Any:
                if not isinstance(fields.get("code", ""), str):
                    raise TypeError("the code of a check is text")
                return session.post(server.url + path, json=fields, timeout=2).json()

            return log_in(ask, number, user), user

    def expect(
        case: Case, moods: tuple[str, ...], right: bool, texts: int, advice: str, **options: Any
    ) -> User:
        with gateway(clock=clock.time) as server:
            came, user = attempt(server, *moods, **options)
            case.expect(came, right, [(not right, advice)], advice="Return True or False.")
            sent = len(server.messages)
            case.expect_that(sent == texts, f"{texts} texts in all", f"{sent} texts", advice)
        return user

    digits = "Leave the code as text: as a number it would lose a zero at its beginning."
    gone: Errors = {EOFError: ENDLESS, KeyError: NO_STATUS, TypeError: digits}
    with t.case("the right code", gone) as case:
        expect(case, ("read",), True, 1, "Code 0 in the answer of the check: approved.")
    with t.case("a code with blanks", gone) as case:
        expect(
            case,
            ("blanks",),
            True,
            1,
            'People type codes as they read them: take the blanks out, `.replace(" ", "")`.',
        )
    with t.case("a typing mistake, then right", gone) as case:
        expect(case, ("mistype", "read"), True, 1, AGAIN)
    with t.case("too late, then right", gone) as case:
        expect(
            case,
            ("late", "read"),
            True,
            2,
            "Code 41: it is no longer valid. Ask for a new one, and let the user type that.",
        )
    with t.case("too late, a mistake, then right", gone) as case:
        expect(case, ("late", "mistype", "read"), True, 2, AGAIN)
    one = (
        "One new code is enough: each of them is a text that you pay for, and one that a stranger can order."
    )
    with t.case("too late again and again", gone | {KeyError: one}) as case:
        expect(case, ("late",), False, 2, one)
    with t.case("somebody who guesses", gone) as case:
        user = expect(
            case, ("mistype",), False, 1, "Code 42 is the end: a new code would bring five new tries."
        )
        words = "A code may be typed five times: the fifth answer says that no tries are left, or the sixth is answered with 42."
        case.expect_that(user.typed in (5, 6), "5 or 6 codes typed", f"{user.typed}", words)
    early: Errors = gone | {KeyError: "The answer of a refused start has no id: look at its code first."}
    with t.case("a number that is none", early) as case:
        expect(case, ("read",), False, 0, "No code was sent: return False.", number="555-0123")
    with t.case("the sixth code within an hour", early) as case, gateway(clock=clock.time) as server:
        for _ in range(5):
            attempt(server, "read")
        came, _ = attempt(server, "read")
        case.expect(
            came, False, [(True, "Code 44: no new code was sent, and the old one must not open the door.")]
        )
