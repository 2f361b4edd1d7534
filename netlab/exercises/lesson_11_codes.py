"""Exercises of lesson 11: a login by code, and Ticker's alert."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netlab.exercises.lesson_11 import ADA, Errors, gateway, logged_in
from netlab.exercises.lesson_11_retries import Clock
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong
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

    gone: Errors = {EOFError: ENDLESS}
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
    with t.case("too late again and again", gone) as case:
        expect(
            case,
            ("late",),
            False,
            2,
            "One new code is enough: each of them is a text that you pay for, and one that a stranger can order.",
        )
    with t.case("somebody who guesses", gone) as case:
        user = expect(
            case, ("mistype",), False, 1, "Code 42 is the end: a new code would bring five new tries."
        )
        case.expect(
            user.typed,
            6,
            advice="Five wrong codes, and the sixth is answered with 42: let the gateway count.",
        )
    early: Errors = {KeyError: "The answer of a refused start has no id: look at its code first.", **gone}
    with t.case("a number that is none", early) as case:
        expect(case, ("read",), False, 0, "No code was sent: return False.", number="555-0123")
    with t.case("the sixth code within an hour", early) as case, gateway(clock=clock.time) as server:
        for _ in range(5):
            attempt(server, "read")
        came, _ = attempt(server, "read")
        case.expect(
            came, False, [(True, "Code 44: no new code was sent, and the old one must not open the door.")]
        )


Day = tuple[str, float, float]
# AAPL as in data/stocks.csv: date, close as traded, close adjusted for splits and dividends.
FALL: list[Day] = [
    ("2000-09-27", 48.94, 3.1447360543091),
    ("2000-09-28", 53.50, 3.4377478321524),
    ("2000-09-29", 25.75, 1.6546169472509),
    ("2000-10-02", 24.25, 1.5582313972751),
]
SPLITS = ("2000-06-21", "2005-02-28")


def days_around(date: str) -> list[Day]:
    """AAPL's prices on a day and on the day before it."""
    from netlab.prices import load_prices

    prices = load_prices("AAPL")
    place = prices.index[prices["Date"] == date][0]
    rows = prices.loc[place - 1 : place]
    return [
        (f"{row['Date']:%Y-%m-%d}", float(row["Close"]), float(row["Adj Close"]))
        for _, row in rows.iterrows()
    ]


@exercise(
    "11-alert",
    title="Ticker's alert",
    objective="11-o4",
    points=4,
    hints=(
        "Go through neighbours: `for (_, _, before), (date, close, after) in itertools.pairwise(days)`.",
        "`lost = 1 - after / before` with the *adjusted* prices: a split changes the price and no wealth.",
        'The text: `f"{share} fell by {lost:.0%} …"` writes `52%`; the price as it was traded, `{close:.2f}`.',
        'The key says what the alert is about, `f"{share}-{date}"`: the same whenever the program runs again, and another one for another share or day.',
        'Only `answer["code"] == 0` was sent.',
    ),
    passed="A real fall wakes Ada, once, however often the program runs; a split lets her sleep.",
)
def alert(t: Trial, send_alerts: Callable[..., Any]) -> None:
    """An alert by SMS, of real prices, each once."""
    right = ["AAPL fell by 52% to 25.75 US dollars on 2000-09-29."]

    def run(server: SMSGateway, days: list[Day], share: str = "AAPL") -> Any:
        with logged_in() as session:

            def send(key: str, text: str) -> Any:
                fields, headers = {"to": ADA, "text": text}, {"Idempotency-Key": key}
                return session.post(
                    f"{server.url}/v1/messages", json=fields, headers=headers, timeout=2
                ).json()

            return send_alerts(share, days, send)

    with t.case("the fall of 2000-09-29") as case, gateway() as server:
        came = run(server, FALL)
        traded = "Say the price as it was traded, 25.75: the adjusted one is for the comparison only."
        wrong: Wrong = [
            (lambda v: v and "1.65" in v[0], traded),
            (lambda v: len(v) > 1, "Only falls of 30 % or more: the first day has none before it."),
        ]
        case.expect(
            server.phone(ADA).texts, right, wrong, advice="Compare the text with the one in the task."
        )
        case.expect(came, ["2000-09-29"], advice="Return the list of the dates whose alert was accepted.")
        case.expect([message.encoding for message in server.messages], ["GSM-7"])
    for date in SPLITS:
        with t.case(f"the split of {date}") as case, gateway() as server:
            run(server, days_around(date))
            words = "A split: half the price, twice as many shares, nobody lost a cent. Compare the adjusted prices."
            case.expect(server.phone(ADA).texts, [], advice=words)
    with t.case("the program runs again") as case, gateway() as server:
        run(server, FALL)
        came = run(server, [*FALL, ("2000-10-03", 22.31, 1.4338)])
        words = "Ada got it twice: the key has to be the same when the program runs again, so make it of what the alert is about, not by chance."
        case.expect(server.phone(ADA).texts, right, advice=words)
        case.expect(
            came,
            ["2000-09-29"],
            advice="The gateway said 0 again: the alert is sent, so its date is in the list.",
        )
    with t.case("two shares, and two days") as case, gateway() as server:
        run(server, FALL)
        run(server, FALL, "IBM")
        run(server, [(date.replace("2000", "2001"), close, after) for date, close, after in FALL])
        words = "One key for two alerts: the gateway refused the second one (4220), or took it for the first. Share *and* date belong to it."
        case.expect(len(server.messages), 3, advice=words)
    with t.case("no credit") as case, gateway(credit=0) as server:
        words = "HTTP 200, code 30: nothing was sent. Only code 0 counts."
        case.expect(run(server, FALL), [], [(["2000-09-29"], words)])
