"""Two exercises of lesson 15 on what a site tells: a log without secrets, and whether it is well."""

from __future__ import annotations

import io
import json
import logging
import re
import sqlite3
from collections.abc import Callable
from typing import Any

from flask import Flask
from pythonjsonlogger.json import JsonFormatter
from werkzeug.test import TestResponse

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong

Errors = dict[type[BaseException], str]
SECRET = "s3cr3t-of-ada"  # noqa: S105 - what must not be seen


class _Strict(logging.StreamHandler[io.StringIO]):
    """A handler that lets an exception go, where logging itself would print it and go on."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 - logging's names
        raise


class _Log:
    """A logger with a student's filter on its handler, and what it has written."""

    def __init__(self, kind: type[logging.Filter], *, structured: bool = False) -> None:
        self._stream = io.StringIO()
        handler = _Strict(self._stream)
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
    together = "The message is put together later, from `msg` and `args`: clean `record.getMessage()`, and empty the arguments."
    errors: Errors = {TypeError: together}

    def line(*arguments: Any, structured: bool = False, **options: Any) -> str:
        log = _Log(redact, structured=structured)
        log.logger.info(*arguments, **options)
        return log.written()

    with t.case("an ordinary line", errors) as case:
        case.expect(line("%s closed at %.2f", "AAPL", 430.47), "INFO AAPL closed at 430.47", [("", dropped)])
    with t.case("words that only look like secrets", errors) as case:
        text = "INFO password changed, token bucket full"
        words = "Only what follows `password=` is secret; the word is not."
        case.expect(line("password changed, token bucket full"), text, [("", dropped)], advice=words)
    for what, message, clean in (
        ("a token in a path", f"GET /reset?token={SECRET}&page=2", "INFO GET /reset?token=[removed]&page=2"),
        ("a header", f"Authorization: Bearer {SECRET}", "INFO Authorization: Bearer [removed]"),
        ("in capitals", f"PASSWORD={SECRET} was wrong", "INFO PASSWORD=[removed] was wrong"),
    ):
        with t.case(what, errors) as case:
            words = (
                "`clean(text)` keeps the name and replaces what follows: store what it returns in the record."
            )
            case.expect(line(message), clean, [("", dropped)], advice=words)
    with t.case("a secret among the arguments", errors) as case:
        came = line("asked for %s by %s", f"/reset?token={SECRET}", "ada")
        clean = "INFO asked for /reset?token=[removed] by ada"
        case.expect(came, clean, [("", dropped)], advice=together)
    with t.case("an argument that is the secret", errors) as case:
        came = line("token=%s of %s", SECRET, "ada")
        case.expect(came, "INFO token=[removed] of ada", [("", dropped)], advice=together)
    with t.case("fields of their own", errors) as case:
        extra = {"user": 7, "password": SECRET, "Authorization": f"Basic {SECRET}"}
        written = line("log in", extra=extra, structured=True)
        case.expect_that(written != "", "a line", "none", dropped)
        came = json.loads(written)
        words = "What comes as `extra=` are attributes of the record, in any case of letters: look through `vars(record)`."
        kept = "Keep the field, so that one sees that there was something, and put `[removed]` in its place."
        case.expect(came.get("password"), "[removed]", [(SECRET, words)], advice=kept)
        words = "`Authorization` and `authorization` are one field: compare in lower case."
        wrong: Wrong = [(lambda v: SECRET in v, words)]
        case.expect(came.get("Authorization"), "[removed]", wrong, advice=kept)
        case.expect(came.get("user"), 7, advice="Leave the other fields alone.")
    with t.case("an exception with a secret in its text", errors) as case:
        try:
            raise ValueError(f"cannot read token={SECRET}")
        except ValueError:
            came = line("it failed", exc_info=True)
        case.expect_that(came != "", "a line and a traceback", "nothing", dropped)
        words = "The traceback ends with the exception's text: format it, clean it, and store it in `record.exc_text`."
        case.expect_that(SECRET not in came, "no secret in the traceback", came.splitlines()[-1], words)
        whole = "cannot read token=[removed]" in came and "Traceback" in came
        shown = re.sub(r"\s+", " ", came)[-80:]
        case.expect_that(whole, "the traceback is there", shown, "Keep the traceback itself.")


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
    app.testing = True  # so that an exception of a view is shown, and not only a page that says 500
    client = app.test_client()
    paths = ("/health/live", "/health/ready")
    unset: Errors = {KeyError: 'Nobody has set it: `app.config.get("STOPPING")`.'}
    with t.case("the pages are added, before anybody asks") as case:
        add_health(app, database)
        words = "The site could not start while the database is away: ask it when somebody asks for the page."
        case.expect_that(not asked, "no question to the database yet", "it was asked", words)
    with t.case("all is well", unset) as case:
        for path in paths:
            case.expect(client.get(path).status_code, 200, [(404, f"There is no page {path} yet.")])
        words = "A check that never asks the database does not know whether it is there."
        case.expect_that(bool(asked), "the database is asked", "it was not", words)
        for path in paths:
            _not_kept(case, client.get(path), path)
    kind = (
        "It is no mistake of the program, it has to wait: 503. Catch the exception; its kind depends on the "
        "database, so `except Exception`."
    )
    for error in (
        ConnectionError("no route to postgresql://ticker:hunter2@db.example/ticker"),
        sqlite3.OperationalError("unable to open hunter2.sqlite3"),
        _DriverError("hunter2 was refused"),
    ):
        trouble[:] = [error]
        asked.clear()
        name = type(error).__name__
        errors: Errors = {**unset, type(error): kind}
        with t.case(f"the database is gone ({name}): alive", errors) as case:
            words = (
                "A supervisor would restart the process, and that brings no database back: alive is alive."
            )
            case.expect(client.get("/health/live").status_code, 200, advice=words)
            words = "Whether the process lives has nothing to do with the database; a slow one would get it killed."
            case.expect_that(not asked, "no question to the database", "it was asked", words)
        with t.case(f"the database is gone ({name}): not ready", errors) as case:
            response = client.get("/health/ready")
            wrong = [
                (200, "Requests would be sent here, and fail: 503, so that they go elsewhere."),
                (500, kind),
            ]
            case.expect(response.status_code, 503, wrong)
            words = "Anybody may ask this page: the exception's text, and with it the password, belongs in the log."
            case.expect_that("hunter2" not in response.text, "no details in the answer", response.text, words)
            _not_kept(case, response, "the answer 503")
    trouble.clear()
    with t.case("the database is back", unset) as case:
        words = "Ask each time: who remembers the answer never comes back."
        case.expect(client.get("/health/ready").status_code, 200, advice=words)
    app.config["STOPPING"] = True
    with t.case("it is about to stop") as case:
        words = "Say that you are not ready before you stop: nobody sends anything any more, and what is in hand is finished."
        response = client.get("/health/ready")
        case.expect(response.status_code, 503, advice=words)
        _not_kept(case, response, "the answer 503")
        case.expect(
            client.get("/health/live").status_code, 200, advice="It still finishes its work: it is alive."
        )
    app.config["STOPPING"] = False
    with t.case("it is not about to stop after all") as case:
        words = "It is in `app.config`, and it is False: there is somebody to send requests to."
        case.expect(client.get("/health/ready").status_code, 200, advice=words)


class _DriverError(Exception):
    """What a database's driver raises; it is no OSError, and of no kind that a site knows."""


def _not_kept(case: Case, response: TestResponse, what: str) -> None:
    """Fail unless a response forbids every cache to keep it."""
    came = response.headers.get("Cache-Control", "")
    words = "A cache on the way would go on saying what was true a minute ago: `Cache-Control: no-store`, on each answer."
    case.expect_that("no-store" in came, f"{what} says no-store", repr(came), words)
