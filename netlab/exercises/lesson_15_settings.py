"""An exercise of lesson 15 on what a site is told: settings from the environment."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial

Errors = dict[type[BaseException], str]
KEY = "correct-horse-battery-staple-0123456789"
DATABASE = "postgresql://ticker:hunter2@db.example/ticker"
GIVEN = {"TICKER_DATABASE_URL": DATABASE, "TICKER_SECRET_KEY": KEY}


@exercise(
    "15-settings",
    title="Settings from the environment",
    objective="15-o3",
    points=4,
    hints=(
        "Collect the mistakes in a list, and raise one ValueError at the end with all of them joined: whoever starts the site wants to see them at once.",
        '`environ.get(name)` is None for what is missing; an empty text is missing, too. Every value is a text: `int(value)` may raise, and `bool("0")` is True.',
        'What begins with `TICKER_` and is none of the four is a slip of the pen: `name.startswith("TICKER_")`.',
        "A message names the variable, never the value. And in the class: `secret_key: str = field(repr=False)`, since a repr ends up in a log one day. A database URL holds a password, too.",
    ),
    passed="A wrong setting stops the site at its start, with words, and no secret is in them.",
)
def settings(t: Trial, read_settings: Callable[[Mapping[str, str]], Any]) -> None:
    """Settings from the environment, with clear errors and no secret in them."""
    missing: Errors = {
        KeyError: "A bare KeyError names one variable, and no way out: raise ValueError with a sentence."
    }
    with t.case("everything given", missing) as case:
        came = read_settings({**GIVEN, "TICKER_WORKERS": "4", "TICKER_DEBUG": "1"})
        case.expect((came.database_url, came.secret_key), (DATABASE, KEY))
        case.expect(came.workers, 4, [("4", "Every value of the environment is a text: `int()`.")])
        case.expect(came.debug, True, [("1", 'A text that is not empty is true, "0", too: compare it.')])
    with t.case("only what must be given, among other programs' settings", missing) as case:
        unknown: Errors = {
            ValueError: "Other programs have settings as well: only what begins with TICKER_ is yours."
        }
        case.errors = {**missing, **unknown}
        came = read_settings({"PATH": "/usr/bin", "MY_TICKER_HOME": "/home/ada", **GIVEN})
        case.expect(
            (came.workers, came.debug), (2, False), advice="Two workers and no debugging, unless told."
        )
    with t.case("TICKER_DEBUG=0") as case:
        words = 'The text "0" is not empty, so `bool("0")` is True: compare it with "1".'
        case.expect(read_settings({**GIVEN, "TICKER_DEBUG": "0"}).debug, False, [(True, words)])
    bad = {
        "no secret key": ({"TICKER_DATABASE_URL": DATABASE}, ["TICKER_SECRET_KEY"]),
        "an empty secret key": ({**GIVEN, "TICKER_SECRET_KEY": ""}, ["TICKER_SECRET_KEY"]),
        "a short secret key": ({**GIVEN, "TICKER_SECRET_KEY": "hunter2"}, ["TICKER_SECRET_KEY"]),
        "a key of 31 characters": ({**GIVEN, "TICKER_SECRET_KEY": KEY[:31]}, ["TICKER_SECRET_KEY"]),
        "an empty database URL": ({**GIVEN, "TICKER_DATABASE_URL": ""}, ["TICKER_DATABASE_URL"]),
        "workers that are no number": ({**GIVEN, "TICKER_WORKERS": "seventeen"}, ["TICKER_WORKERS"]),
        "no worker at all": ({**GIVEN, "TICKER_WORKERS": "0"}, ["TICKER_WORKERS"]),
        "fewer workers than none": ({**GIVEN, "TICKER_WORKERS": "-1"}, ["TICKER_WORKERS"]),
        "debugging that is neither 0 nor 1": ({**GIVEN, "TICKER_DEBUG": "flase"}, ["TICKER_DEBUG"]),
        "TICKER_DEBUG=true": ({**GIVEN, "TICKER_DEBUG": "true"}, ["TICKER_DEBUG"]),
        "a slip of the pen": ({**GIVEN, "TICKER_SECRETKEY": KEY}, ["TICKER_SECRETKEY"]),
        "three mistakes": (
            {"TICKER_WORKERS": "x"},
            ["TICKER_DATABASE_URL", "TICKER_SECRET_KEY", "TICKER_WORKERS"],
        ),
    }
    advice = {
        "a slip of the pen": "TICKER_SECRETKEY is no setting: ignored, it would leave somebody wondering for a day.",
        "a short secret key": "Whoever tries all short keys signs cookies of his own: 32 characters or more.",
        "a key of 31 characters": "32 characters or more: 31 are too few.",
        "an empty database URL": "An empty text is no address: it is missing.",
        "an empty secret key": "An empty text is no key: with it, everybody could sign cookies.",
        "no worker at all": "Nobody would answer: at least 1.",
        "fewer workers than none": "-1 is a whole number, too: `< 1`, not `== 0`.",
        "debugging that is neither 0 nor 1": "`flase` is neither: say so, instead of guessing.",
        "TICKER_DEBUG=true": "It is `0` or `1`, and nothing else: say so, instead of guessing.",
        "three mistakes": "Name all mistakes at once: collect them, and raise at the end.",
    }
    for what, (environ, names) in bad.items():
        with t.case(what, missing) as case:
            _refused(case, read_settings, environ, names, advice.get(what, "Raise ValueError."))
    with t.case("a key of 32 characters, and everybody's environment as it was", missing) as case:
        environ = {**GIVEN, "TICKER_SECRET_KEY": KEY[:32]}
        words = "32 characters are enough: only fewer are too few."
        case.errors = {**missing, ValueError: words}
        case.expect(read_settings(environ).secret_key, KEY[:32], advice=words)
        words = "`environ` is the environment of the whole process: read it, and leave it as it is."
        case.expect_that(len(environ) == 2, "the two variables still there", f"{len(environ)}", words)
    with t.case("the settings, shown") as case:
        shown = repr(read_settings(GIVEN))
        words = "One day somebody logs the settings: `field(repr=False)` leaves a field out."
        case.expect_that(KEY not in shown, "no key in the repr", shown, words)
        words = "A database URL holds a password as well: leave it out of the repr, too."
        case.expect_that("hunter2" not in shown, "no password in the repr", shown, words)


KNOWN = ("TICKER_DATABASE_URL", "TICKER_SECRET_KEY", "TICKER_WORKERS", "TICKER_DEBUG")
HIDDEN = ("hunter2", KEY[:31], "seventeen", "flase")  # values


def _refused(
    case: Case,
    read: Callable[[Mapping[str, str]], Any],
    environ: Mapping[str, str],
    names: Sequence[str],
    advice: str,
) -> None:
    """Fail unless settings are refused by a message with these names, no other one, and no value."""
    message, trace = refusal(case, read, environ, advice)
    words = "Name all mistakes at once: collect them, and raise at the end."
    words = words if len(names) > 1 else "Say which variable it is, by its whole name."
    for name in names:
        case.expect_that(name in message, f"a message with {name}", repr(message), words)
    if set(names) <= set(KNOWN):  # where a name is not known, a list of the known ones helps
        others = [name for name in KNOWN if name in message and name not in names]
        words = "Whoever reads it should know what to mend: name only what is wrong."
        case.expect_that(not others, "only what is wrong", repr(message), words)
    words = "A message ends in logs and on screens: name the variable, not what is in it."
    shown = any(value in message for value in HIDDEN)
    case.expect_that(not shown, "no value in it", repr(message), words)
    words = (
        "The message says no value, but the exception that `int` raised is shown with it, and says one: raise "
        "after the `except` block, or `from None`."
    )
    leaks = [line for line in trace if any(value in line for value in HIDDEN)]
    case.expect_that(not leaks, "no value in the traceback", "".join(leaks), words)


def refusal(
    case: Case, read: Callable[[Mapping[str, str]], Any], environ: Mapping[str, str], advice: str
) -> tuple[str, list[str]]:
    """The message with which settings are refused, and what is shown of the exceptions before it."""
    message, trace = "", []

    def call() -> Any:
        nonlocal message, trace
        try:
            return read(dict(environ))
        except ValueError as error:
            message, trace = str(error), list(traceback.format_exception(error))
            raise

    case.expect_error(ValueError, call, advice)
    return message, trace
