"""The exercises of lesson 15 on what a site is told and what it tells: settings, logs, health."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from pythonjsonlogger.json import JsonFormatter

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
            ValueError: "PATH and HOME are there always: only what begins with TICKER_ is yours."
        }
        case.errors = {**missing, **unknown}
        came = read_settings({"PATH": "/usr/bin", "HOME": "/home/ada", **GIVEN})
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
        "workers that are no number": ({**GIVEN, "TICKER_WORKERS": "many"}, ["TICKER_WORKERS"]),
        "no worker at all": ({**GIVEN, "TICKER_WORKERS": "0"}, ["TICKER_WORKERS"]),
        "debugging that is neither 0 nor 1": ({**GIVEN, "TICKER_DEBUG": "flase"}, ["TICKER_DEBUG"]),
        "a slip of the pen": ({**GIVEN, "TICKER_SECRETKEY": KEY}, ["TICKER_SECRETKEY"]),
        "three mistakes": (
            {"TICKER_WORKERS": "x"},
            ["TICKER_DATABASE_URL", "TICKER_SECRET_KEY", "TICKER_WORKERS"],
        ),
    }
    advice = {
        "a slip of the pen": "TICKER_SECRETKEY is no setting: ignored, it would leave somebody wondering for a day.",
        "a short secret key": "Whoever tries all short keys signs cookies of his own: 32 characters or more.",
        "an empty secret key": "An empty text is no key: with it, everybody could sign cookies.",
        "no worker at all": "Nobody would answer: at least 1.",
        "debugging that is neither 0 nor 1": "`flase` is neither: say so, instead of guessing.",
        "three mistakes": "Name all mistakes at once: collect them, and raise at the end.",
    }
    for what, (environ, names) in bad.items():
        with t.case(what, missing) as case:
            message = refusal(case, read_settings, environ, advice.get(what, "Raise ValueError."))
            words = (
                advice["three mistakes"] if len(names) > 1 else "Say which variable it is, by its whole name."
            )
            for name in names:
                case.expect_that(name in message, f"a message with {name}", repr(message), words)
            words = "A message ends in logs and on screens: name the variable, not what is in it."
            case.expect_that(
                "hunter2" not in message and KEY not in message, "no secret in it", repr(message), words
            )
    with t.case("the settings, shown") as case:
        shown = repr(read_settings(GIVEN))
        words = "One day somebody logs the settings: `field(repr=False)` leaves a field out."
        case.expect_that(KEY not in shown, "no key in the repr", shown, words)
        words = "A database URL holds a password as well: leave it out of the repr, too."
        case.expect_that("hunter2" not in shown, "no password in the repr", shown, words)


def refusal(
    case: Case, read: Callable[[Mapping[str, str]], Any], environ: Mapping[str, str], advice: str
) -> str:
    """The message with which settings are refused; the case fails when they are not."""
    message = ""

    def call() -> Any:
        nonlocal message
        try:
            return read(environ)
        except ValueError as error:
            message = str(error)
            raise

    case.expect_error(ValueError, call, advice)
    return message


SECRET = "s3cr3t-of-ada"  # noqa: S105 - what must not be seen


class _Log:
    """A logger with a student's filter on its handler, and what it has written."""

    def __init__(self, kind: type[logging.Filter], *, structured: bool = False) -> None:
        self._stream = io.StringIO()
        handler = logging.StreamHandler(self._stream)
        handler.setFormatter(
            JsonFormatter() if structured else logging.Formatter("%(levelname)s %(message)s")
        )
        handler.addFilter(kind())
        self.logger = logging.Logger("trial")
        self.logger.addHandler(handler)

    def written(self) -> str:
        return self._stream.getvalue().strip()


@exercise(
    "15-redact",
    title="A log without secrets",
    objective="15-o4",
    points=3,
    hints=(
        "A filter may change a record before it is written. It returns True to let it pass; None and False drop it.",
        "`record.getMessage()` puts message and arguments together. Clean that text, store it as `record.msg`, and empty the arguments: `record.args = ()`.",
        'What was given as `extra=` are attributes of the record: `for name in vars(record): if name.lower() in SECRET_FIELDS: setattr(record, name, "[removed]")`. Make a list of the names first: the loop changes the record.',
        "A traceback holds the exception's text. If `record.exc_info` is there: `record.exc_text = clean(logging.Formatter().formatException(record.exc_info))`; formatters take that, if it is there.",
    ),
    passed="Whatever is logged, by you or by a library, goes through the filter. It is a net, not a licence: the best secret is the one nobody logs.",
)
def redact(t: Trial, redact: type[logging.Filter]) -> None:
    """A logging filter that takes secrets out."""
    dropped = "A filter that returns None or False drops the record: return True."

    def line(*arguments: Any, structured: bool = False, **options: Any) -> str:
        log = _Log(redact, structured=structured)
        log.logger.info(*arguments, **options)
        return log.written()

    with t.case("an ordinary line") as case:
        case.expect(line("%s closed at %.2f", "AAPL", 430.47), "INFO AAPL closed at 430.47", [("", dropped)])
    with t.case("words that only look like secrets") as case:
        text = "INFO password changed, token bucket full"
        words = "Only what follows `password=` is secret; the word is not."
        case.expect(line("password changed, token bucket full"), text, advice=words)
    for what, message, clean in (
        ("a token in a path", f"GET /reset?token={SECRET}&page=2", "INFO GET /reset?token=[removed]&page=2"),
        ("a header", f"Authorization: Bearer {SECRET}", "INFO Authorization: Bearer [removed]"),
        ("in capitals", f"PASSWORD={SECRET} was wrong", "INFO PASSWORD=[removed] was wrong"),
    ):
        with t.case(what) as case:
            words = '`SECRET_TEXT.sub(r"\\1[removed]", text)` keeps the name and replaces what follows.'
            case.expect(line(message), clean, [("", dropped)], advice=words)
    with t.case("a secret among the arguments") as case:
        words = "The message is put together later, from `msg` and `args`: clean `record.getMessage()`, and empty the arguments."
        case.errors = {TypeError: words}
        came = line("asked for %s by %s", f"/reset?token={SECRET}", "ada")
        case.expect(came, "INFO asked for /reset?token=[removed] by ada", advice=words)
    with t.case("fields of their own") as case:
        extra = {"user": 7, "password": SECRET, "Authorization": f"Basic {SECRET}"}
        written = line("log in", extra=extra, structured=True)
        case.expect_that(written != "", "a line", "none", dropped)
        came = json.loads(written)
        words = "What comes as `extra=` are attributes of the record, in any case of letters: look through `vars(record)`."
        case.expect(
            came.get("password"),
            "[removed]",
            [(SECRET, words), (None, "Keep the field, and replace what is in it.")],
        )
        case.expect(
            came.get("Authorization"),
            "[removed]",
            advice="`Authorization` and `authorization` are one field: compare in lower case.",
        )
        case.expect(came.get("user"), 7, advice="Leave the other fields alone.")
    with t.case("an exception with a secret in its text") as case:
        try:
            raise ValueError(f"cannot read token={SECRET}")
        except ValueError:
            came = line("it failed", exc_info=True)
        words = "The traceback ends with the exception's text: format it, clean it, and store it in `record.exc_text`."
        case.expect_that(SECRET not in came, "no secret in the traceback", came.splitlines()[-1], words)
        kept = "cannot read token=[removed]" in came and "Traceback" in came
        case.expect_that(
            kept, "the traceback is there", re.sub(r"\s+", " ", came)[-80:], "Keep the traceback itself."
        )


@exercise(
    "15-health",
    title="Alive is not ready",
    objective="15-o4",
    points=3,
    hints=(
        'Two views inside the function: `@app.get("/health/live")` and `@app.get("/health/ready")`. A view may return a pair, `{"status": "ok"}, 200`.',
        "Alive: the process answers, so it returns 200 whatever else is. Who restarts it because the database is down makes two troubles of one.",
        'Ready: `if app.config.get("STOPPING")` it is not; then `try: database()`, and `except Exception` it is not: 503.',
        'A third value of the tuple are header fields: `{"Cache-Control": "no-store"}`. And the exception\'s text stays in the log: `app.logger.exception("…")`.',
    ),
    passed="A supervisor restarts what is not alive; a proxy sends nothing to what is not ready. Now each of them asks the right question.",
)
def health(t: Trial, add_health: Callable[..., object]) -> None:
    """Live and ready, with a database that comes and goes."""
    asked: list[int] = []
    trouble: list[Exception] = []

    def database() -> None:
        asked.append(1)
        if trouble:
            raise trouble[0]

    app = Flask("trial")
    app.logger.disabled = True
    add_health(app, database)
    client = app.test_client()
    with t.case("all is well") as case:
        for path in ("/health/live", "/health/ready"):
            case.expect(client.get(path).status_code, 200, [(404, f"There is no page {path} yet.")])
        words = "A check that never asks the database does not know whether it is there."
        case.expect_that(bool(asked), "the database is asked", "it was not", words)
    trouble.append(ConnectionError("no route to postgresql://ticker:hunter2@db.example/ticker"))
    asked.clear()
    with t.case("the database is gone: alive") as case:
        words = "A supervisor would restart the process, and that brings no database back: alive is alive."
        case.expect(client.get("/health/live").status_code, 200, advice=words)
        case.expect_that(
            not asked,
            "no question to the database",
            "it was asked",
            "Whether the process lives has nothing to do with the database; a slow one would get it killed.",
        )
    with t.case("the database is gone: not ready") as case:
        response = client.get("/health/ready")
        wrong = [
            (200, "Requests would be sent here, and fail: 503, so that they go elsewhere."),
            (
                500,
                "It is no mistake of the program, it has to wait: 503. Catch the exception; its kind depends on the database.",
            ),
        ]
        case.expect(response.status_code, 503, wrong)
        words = (
            "Anybody may ask this page: the exception's text, and with it the password, belongs in the log."
        )
        case.expect_that("hunter2" not in response.text, "no details in the answer", response.text, words)
    trouble.clear()
    with t.case("the database is back") as case:
        words = "Ask each time: who remembers the answer never comes back."
        case.expect(client.get("/health/ready").status_code, 200, advice=words)
    app.config["STOPPING"] = True
    with t.case("it is about to stop") as case:
        words = "Say that you are not ready before you stop: nobody sends anything any more, and what is in hand is finished."
        case.expect(client.get("/health/ready").status_code, 503, advice=words)
        case.expect(
            client.get("/health/live").status_code, 200, advice="It still finishes its work: it is alive."
        )
    app.config["STOPPING"] = False
    with t.case("no cache keeps the answers") as case:
        for path in ("/health/live", "/health/ready"):
            came = client.get(path).headers.get("Cache-Control", "")
            words = (
                "A cache on the way would go on saying what was true a minute ago: `Cache-Control: no-store`."
            )
            case.expect_that("no-store" in came, f"{path} says no-store", repr(came), words)
