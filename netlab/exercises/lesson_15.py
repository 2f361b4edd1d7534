"""The exercises of lesson 15, deployment: how many workers, what the figures say, and in which order to release."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

MB = 1_000_000


@exercise(
    "15-workers",
    title="How many workers",
    objective="15-o1",
    points=2,
    hints=(
        "At any moment `rate * seconds` requests are in hand: 40 a second, of 0.1 s each, are 4.",
        "If they may be busy 70 % of the time only, divide by 0.7. One worker has `threads` requests in hand: divide by that, too.",
        "A part of a worker is a worker: `math.ceil`. And `max(2, …)`, so that one can fail.",
        "Then look whether they fit: `if workers * each > memory: raise ValueError`.",
    ),
    passed="Little's law, some air, one to spare, and a look at the memory: that is how it is estimated, before it is measured.",
)
def workers(t: Trial, workers_needed: Callable[..., int]) -> None:
    """The number of workers for a load."""

    def ask(rate: float, seconds: float, threads: int = 1, memory: int = 400_000 * MB) -> int:
        return workers_needed(rate, seconds, threads, memory, 60 * MB)

    with t.case("40 requests a second, 0.1 s each") as case:
        wrong: Wrong = [
            (4, "Four are busy all the time then: a queue grows at the first delay. At most 70 % busy."),
            (5, "5.7 are needed: five are too few. Round up."),
            (
                572,
                "`rate / seconds` has no meaning: a request that takes longer needs more workers, not fewer.",
            ),
            (lambda v: isinstance(v, float), "A number of processes is a whole number: `math.ceil`."),
        ]
        case.expect(ask(40, 0.1), 6, wrong, advice="How many requests are in hand at any moment?")
    with t.case("the same with 4 threads in each worker") as case:
        words = "Each worker has four requests in hand at once, and they wait most of the time: divide by `threads`."
        case.expect(ask(40, 0.1, threads=4), 2, [(6, words)])
    with t.case("200 a second, 0.25 s each, 8 threads") as case:
        case.expect(ask(200, 0.25, threads=8), 9, [(7, "More air: 6.25 workers would be busy all the time.")])
    with t.case("30 a second, 0.1 s each") as case:
        words = (
            "4.3 are needed: with four they are busier than you said. Always up: `math.ceil`, not `round`."
        )
        case.expect(ask(30, 0.1), 5, [(4, words)])
    with t.case("35 a second, 0.125 s each, 2 threads: 3.125 workers") as case:
        case.expect(ask(35, 0.125, threads=2), 4, [(3, words)])
    with t.case("7 a second, 0.5 s each: exactly 5") as case:
        words = "Five are enough, to the last one: `int(x) + 1` adds one to a whole number as well."
        case.expect(ask(7, 0.5), 5, [(6, words)])
    with t.case("one request a minute") as case:
        words = (
            "One is enough for the work, and nobody answers while it dies or is replaced: two at the least."
        )
        case.expect(ask(1 / 60, 0.1), 2, [(1, words), (0, words)])
    with t.case("more than the memory holds") as case:
        words = (
            "Workers that do not fit are killed by the system, in the middle of a request: raise ValueError."
        )
        case.expect_error(ValueError, lambda: ask(40, 0.1, memory=300 * MB), words)
    with t.case("as much as the memory holds") as case:
        case.expect(ask(40, 0.1, memory=360 * MB), 6)


LABELS = 'method="GET",endpoint="{endpoint}",status="{status}"'
BOUNDS = ("0.1", "0.25", "0.5", "1.0", "+Inf")


def page(requests: dict[tuple[str, str], int], seconds: dict[str, tuple[int, ...]]) -> str:
    """A page of figures as Ticker's /metrics writes it.

    Args:
        requests: how many there were, by endpoint and status.
        seconds: for each endpoint how many took at most 0.1, 0.25, 0.5 and 1 seconds, and how many there were.
    """
    lines = ["# TYPE ticker_http_requests_total counter"]
    for (endpoint, status), count in requests.items():
        labels = LABELS.format(endpoint=endpoint, status=status)
        lines.append(f"ticker_http_requests_total{{{labels}}} {count}.0")
    lines.append("# TYPE ticker_http_request_seconds histogram")
    for endpoint, counts in seconds.items():
        for bound, count in zip(BOUNDS, counts, strict=True):
            name = "ticker_http_request_seconds_bucket"
            lines.append(f'{name}{{endpoint="{endpoint}",le="{bound}"}} {count}.0')
        lines.append(f'ticker_http_request_seconds_count{{endpoint="{endpoint}"}} {counts[-1]}.0')
    return "\n".join(lines) + "\n"


BEFORE = page({("front", "200"): 1000}, {"front": (900, 1000, 1000, 1000, 1000)})
ONE_MINUTE = page(
    {("front", "200"): 1500, ("front", "404"): 40, ("stock", "200"): 54, ("stock", "503"): 6},
    {"front": (1300, 1500, 1540, 1540, 1540), "stock": (20, 40, 50, 60, 60)},
)
RESTARTED = page(
    {("front", "200"): 300, ("stock", "200"): 900},
    {"front": (270, 300, 300, 300, 300), "stock": (810, 900, 900, 900, 900)},
)
THIRTY = page({("front", "200"): 1030}, {"front": (920, 1028, 1030, 1030, 1030)})
SLOW = page({("front", "200"): 1100}, {"front": (900, 1000, 1000, 1000, 1100)})


@exercise(
    "15-metrics",
    title="What the figures say",
    objective="15-o4",
    points=4,
    hints=(
        "Counters only ever grow, so only differences say something. Write a function `growth(name)` first: for each set of labels what is there after, less what was there before, or less 0 if it was not there.",
        "Rate: the sum of all growth, divided by the seconds. Errors: the part whose status begins with 5; the others are visitors' mistakes.",
        'Sum the buckets of all endpoints by their `le`. They are cumulative: the bucket "0.25" holds those of "0.1", too. `float("+Inf")` is a number that can be sorted.',
        "p95: find the first bucket that holds 95 % of all. Between its lower bound and its upper one go as far as the rest asks: `low + (high - low) * (goal - below) / (count - below)`.",
        "A figure that is smaller than before was set to 0 by a restart: then all of it is growth. Nothing asked at all: 0.0, 0.0, None.",
    ),
    passed="Rate, errors, duration: three numbers, and you know how the site is. Prometheus does the same with rate() and histogram_quantile().",
)
def metrics(t: Trial, summarize: Callable[..., Any]) -> None:
    """Rate, share of errors, and the 95th percentile of two pages of figures."""
    parts = ("the rate", "the share of errors", "the 95th percentile")

    def ask(before: str, after: str, seconds: float = 60) -> tuple[Any, ...]:
        came = tuple(summarize(before, after, seconds))
        return tuple(float(round(each, 4)) if isinstance(each, float) else each for each in came)

    wrong: dict[str, Wrong] = {
        "the rate": [
            (
                26.6667,
                "That is all since the start, divided by a minute. Only what came in this minute counts.",
            ),
            (600.0, "That is how many came: a rate is so many a second."),
            (8.3333, "There are several lines: other statuses, other endpoints. All of them are requests."),
        ],
        "the share of errors": [
            (0.0767, "404 is the visitor's mistake, not the site's: count 5xx."),
            (0.0667, "404 is the visitor's mistake, not the site's: count 5xx."),
            (6.0, "A share, of all requests: divide."),
            (0.0037, "Errors of this minute, divided by the requests of this minute."),
        ],
        "the 95th percentile": [
            (
                0.5,
                "The 570th of 600 lies somewhere in the bucket up to 0.5: take a straight line through it.",
            ),
            (0.2364, "Look at the minute alone, not at all since the start."),
            (0.3312, "That is the front page alone: sum the buckets of all endpoints."),
        ],
    }
    for place, part in enumerate(parts):
        with t.case(f"{part} of one minute") as case:
            came = ask(BEFORE, ONE_MINUTE)
            case.expect(len(came), 3, advice="Return three things: rate, share of errors, 95th percentile.")
            case.expect(came[place], (10.0, 0.01, 0.4)[place], wrong[part])
    none: dict[type[BaseException], str] = {
        ZeroDivisionError: "Nobody asked, at night, for example: 0.0, 0.0 and None.",
        StopIteration: "Nobody asked, at night, for example: 0.0, 0.0 and None.",
    }
    with t.case("after a restart") as case:
        words = (
            "A counter cannot fall: it was set to 0 by a restart. Then all of what is there now is growth. Look "
            "at each line by itself, before you sum: another one may have grown by more."
        )
        case.expect(ask(BEFORE, RESTARTED), (20.0, 0.0, 0.175), advice=words)
    with t.case("the 95th percentile of thirty") as case:
        words = "95 % of 30 is 28.5, and that is where the line ends: no `ceil`, no `int`, no `round`."
        case.expect(ask(BEFORE, THIRTY)[2], 0.3125, [(0.375, words), (0.25, words)])
    with t.case("nobody asked", none) as case:
        case.expect(ask(BEFORE, BEFORE), (0.0, 0.0, None), advice=none[ZeroDivisionError])
    with t.case("everybody waits for more than a second") as case:
        words = (
            "The last bucket has no upper bound: all that can be said is *more than 1.0*, its lower bound."
        )
        infinite = (lambda v: not math.isfinite(v[2]), words)
        case.expect(ask(BEFORE, SLOW), (1.6667, 0.0, 1.0), [infinite], advice=words)


STEPS = {
    "a": "reload gunicorn",
    "b": "drop the column that only the old version reads",
    "c": "run the tests on the new version",
    "d": "watch errors and p95, ready to go back",
    "e": "put the new version and its packages beside the old one",
    "f": "add the new column, and leave the old one",
    "g": "ask /health/ready",
    "h": "stop the old version",
}


# What must come before what, the gravest mistakes first.
ORDER = {
    ("f", "a"): "The new workers would ask for a column that is not there: f before a.",
    ("g", "b"): "Old workers that still finish would find no column, and nobody could go back: b comes last.",
    ("d", "b"): "Without the old column you cannot go back: b only when d has shown nothing.",
    ("e", "a"): "A reload loads what lies there: put the new version there first.",
    ("c", "a"): "What has not passed its tests answers no visitor: c before a.",
    ("c", "f"): "What has not passed its tests does not touch the database: c before f.",
    ("e", "f"): "The new version brings the migration: it has to be there first, e before f.",
    ("a", "g"): "Before the reload the old version says that it is ready.",
    ("g", "d"): "Whether it is ready at all is known in a second: g before d.",
}


@exercise(
    "15-release",
    title="A release that nobody notices",
    objective="15-o5",
    hints=(
        "One of the eight steps is a downtime. Leave it out.",
        "During a reload old and new workers run side by side, on one database: both must be able to live with it.",
        "Tests, files, a column more; reload, ask, watch; and only when nobody will go back, a column less.",
    ),
    passed="Expand, release, contract: at every moment you can go back, and at every moment somebody answers.",
)
def release(t: Trial, order: str) -> None:
    """A Parsons problem: letters for steps, put in order, one of them too many; tests may run here or there."""
    with t.case("the order of the steps") as case:
        letters = "".join(each for each in str(order).lower() if each in STEPS)
        words = "Whoever stops the old one before the new one answers has a downtime: leave h out."
        case.expect_that("h" not in letters, "seven of the eight letters", str(order), words)
        missing = [f"{letter} ({name})" for letter, name in STEPS.items() if letter not in letters + "h"]
        case.expect_that(not missing, "seven letters", str(order), f"Missing: {', '.join(missing)}.")
        twice = [letter for letter in STEPS if letters.count(letter) > 1]
        case.expect_that(not twice, "each letter once", str(order), f"More than once: {', '.join(twice)}.")
        for (first, second), words in ORDER.items():
            good = letters.index(first) < letters.index(second)
            case.expect_that(good, f"{first} before {second}", str(order), words)


from netlab.exercises import (  # noqa: E402
    lesson_15_job,  # noqa: F401
    lesson_15_nginx,  # noqa: F401
    lesson_15_observe,  # noqa: F401
    lesson_15_quizzes,  # noqa: F401
    lesson_15_service,  # noqa: F401
    lesson_15_settings,  # noqa: F401
)
