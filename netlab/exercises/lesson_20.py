"""The exercises of lesson 20, the capstone: the way of a price, and a rule of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.paths import data_dir

if TYPE_CHECKING:
    from netlab.apps.ticker.shares import Close

STEPS = {
    "a": "the gateway takes the text, and Ada's telephone shows it",
    "b": "the exchange sends a datagram, and the network loses it",
    "c": "the day's prices are stored, in one transaction",
    "d": "the missing number is asked for over TCP",
    "e": "the watch finds the alert met, and writes a notification",
    "f": "the name server is asked where the gateway is",
    "g": "the notification is marked as sent",
}
ORDER = {
    ("b", "d"): "Nobody asks for a number again before it was missed.",
    ("d", "c"): "All prices of a day are stored together: what is missing has to come first.",
    ("c", "e"): "The watch reads prices from the database: before they are stored it finds nothing.",
    (
        "e",
        "f",
    ): "The job that sends asks for the gateway, and takes what the watch has written: first there has to be something.",
    ("f", "a"): "A name is no place to connect to: first the address.",
    ("a", "g"): "If the job dies between the two, a text marked too early is lost. Mark what was taken.",
}


@exercise(
    "20-journey",
    title="The way of a price",
    objective="20-o1",
    points=2,
    hints=(
        "Begin with the datagram, and end with the mark. Seven letters, each once.",
        "A gap is seen, then filled, then the day is stored: the tape is complete before anything is counted on.",
        "Watching and sending are two jobs: one writes a notification into the database, the other finds it there.",
    ),
    passed="Four protocols and three jobs for one text on a telephone, and at no step would a crash lose it.",
)
def journey(t: Trial, order: str) -> None:
    """Lines in disorder: from the exchange to the telephone."""
    with t.case("seven letters, each once") as case:
        letters = "".join(each for each in str(order).lower() if each.isalpha())
        right = sorted(letters) == sorted(STEPS)
        case.expect_that(right, "the letters a to g", str(order), "Write all seven, such as 'abcdefg'.")
    if sorted(letters) != sorted(STEPS):
        return
    with t.case("each step finds what it needs") as case:
        for (first, second), words in ORDER.items():
            good = letters.index(first) < letters.index(second)
            case.expect_that(good, f"{first} before {second}", letters, words)


Rule = Callable[..., Any]
DAY = date(2013, 1, 21)


def closes(*values: str, split: str = "1") -> list[Close]:
    """Trading days with these closes, the last of them with a split."""
    from netlab.apps.ticker.shares import Close

    ratios = ["1"] * (len(values) - 1) + [split]
    return [
        Close(DAY + timedelta(days=n), Decimal(value), Decimal(ratio))
        for n, (value, ratio) in enumerate(zip(values, ratios, strict=True))
    ]


def real(ticker: str, first: str, last: str, split: str = "1") -> list[Close]:
    """Trading days as they were, from a day to another one, on which there was a split."""
    from netlab.apps.ticker.shares import Close

    with (data_dir() / "stocks.csv").open(encoding="utf-8") as file:
        rows = [line.split(",") for line in file if line.startswith(f"{ticker},")]
    days = [row for row in rows if first <= row[1] <= last]
    return [
        Close(date.fromisoformat(row[1]), Decimal(row[5]), Decimal(split if row[1] == last else 1))
        for row in days
    ]


RULE_ERRORS: dict[type[BaseException], str] = {
    IndexError: "A share that is new has one day, or none: there is no day before, and nothing to tell.",
    TypeError: "Compute with `.close`, which is a `Decimal`. `Decimal` and `float` do not mix: use whole numbers and Decimals.",
}
WORDS = re.compile(r"(rose|fell) by \d+\.\d %")
ONLY_LAST = "Only the last day is news. What moved earlier was told when it happened."
SPLIT = (
    "One share became two, and each is worth half: nobody lost a cent. Divide the close before by `split`."
)
OR_MORE = "“So many percent or more”: the limit itself counts."
ROUNDED = "4.96 is less than 5: compare first, and round only what you write."
QUIET: Wrong = [("", "No news is None, not an empty text.")]


@exercise(
    "20-rule",
    title="A rule of your own",
    objective="20-o2",
    points=4,
    hints=(
        "`if len(closes) < 2: return None`. Then `before, last = closes[-2], closes[-1]`.",
        "A split: after two for one, a close of 50 is what 100 was. So compare with `before.close / last.split`.",
        "`change = 100 * (last.close - base) / base`, with `base` the close before, divided by the split.",
        '`word = "rose" if change > 0 else "fell"`, and `f"{word} by {abs(change):.1f} %"` where `abs(change) >= percent`.',
    ),
    passed="Rises and falls, the limit itself, splits, young shares: the jobs can trust your rule.",
)
def rule(t: Trial, moved: Rule) -> None:
    """An alert rule: a move of so many percent or more."""
    apple = real("AAPL", "2013-01-18", "2013-01-24")
    with t.case("Apple on 2013-01-24", RULE_ERRORS) as case:
        wrong: Wrong = [
            (
                None,
                "It fell by 12.4 %, and nothing was returned. Is there a `return`? Is the sign of the change in the way?",
            ),
            (lambda v: isinstance(v, bool), "Return the words of the news, not whether there is any."),
            ("fell by -12.4 %", "It fell by 12.4 %: the word says which way, so the number needs no sign."),
            ("fell by 14.1 %", "A percentage is of the close before: divide by that, not by the last close."),
        ]
        value = moved(apple)
        words = 'The words are like "fell by 12.4 %": one place, a space before the sign.'
        if isinstance(value, str) and WORDS.fullmatch(value):
            words = "The words are right, the number is not: compare the last close with the one before, `closes[-2]`."
        case.expect(value, "fell by 12.4 %", wrong, advice=words)
    with t.case("a rise", RULE_ERRORS) as case:
        words = "A rise is news, too: `abs(change)`."
        case.expect(moved(closes("100", "107.5")), "rose by 7.5 %", [(None, words)])
    with t.case("exactly 5 %, and 4.96 %", RULE_ERRORS) as case:
        fives: Wrong = [
            (None, OR_MORE),
            ("rose by 4.8 %", "A percentage is of the close before: divide by that, not by the last close."),
        ]
        case.expect(moved(closes("100", "105")), "rose by 5.0 %", fives)
        case.expect(moved(closes("100", "104.96")), None, [*QUIET, (lambda v: isinstance(v, str), ROUNDED)])
    with t.case("another limit", RULE_ERRORS) as case:
        ibm = real("IBM", "2013-01-22", "2013-01-23")
        case.expect(moved(ibm), None, QUIET, advice="4.4 % is less than 5.")
        words = "With `percent=4` it is news: use the argument, not a number of your own."
        case.expect(moved(ibm, percent=4), "rose by 4.4 %", [(None, words)])
    _splits(t, moved)
    with t.case("a fall of last week", RULE_ERRORS) as case:
        case.expect(moved(closes("100", "80", "80.4")), None, QUIET, advice=ONLY_LAST)
    with t.case("a share that is new, and one without a day", RULE_ERRORS) as case:
        case.expect(moved(closes("38.23")), None, advice=RULE_ERRORS[IndexError])
        case.expect(moved([]), None, advice=RULE_ERRORS[IndexError])
    with t.case("what it was given", RULE_ERRORS) as case:
        given = closes("100", "90", "80")
        moved(given)
        words = "The next rule gets the same list: leave it as it is."
        case.expect_that(given == closes("100", "90", "80"), "the same list", "another one", words)


def _splits(t: Trial, moved: Rule) -> None:
    with t.case("Apple's split of 2005-02-28", RULE_ERRORS) as case:
        wrong: Wrong = [
            *QUIET,
            ("fell by 49.6 %", SPLIT),
            (
                lambda v: isinstance(v, str) and v.startswith("fell by 7"),
                "That is the wrong way round: the close before, *divided* by `split`.",
            ),
        ]
        case.expect(moved(real("AAPL", "2005-02-24", "2005-02-28", "2")), None, wrong, advice=SPLIT)
    with t.case("a fall on the day of a split", RULE_ERRORS) as case:
        words = "On the day of a split a share can fall, too: account for the split, and then compare."
        case.expect(moved(closes("100", "45", split="2")), "fell by 10.0 %", [(None, words)], advice=words)
    with t.case("three for one", RULE_ERRORS) as case:
        words = "Three for one: 90 became 30, and 36 is a rise. Divide by `split`, whatever it is."
        case.expect(moved(closes("90", "36", split="3")), "rose by 20.0 %", advice=words)
    with t.case("the day after a split", RULE_ERRORS) as case:
        words = (
            "The two last closes are both from after the split: only that of the last day lies between them."
        )
        days = [*closes("100", "50", split="2"), closes("100", "50", "50.5")[-1]]
        case.expect(moved(days), None, QUIET, advice=words)


from netlab.exercises import (  # noqa: E402
    lesson_20_chart,  # noqa: F401
    lesson_20_endpoint,  # noqa: F401
    lesson_20_quizzes,  # noqa: F401
    lesson_20_refused,  # noqa: F401
    lesson_20_troubles,  # noqa: F401
)
