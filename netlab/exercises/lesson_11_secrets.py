"""An exercise of lesson 11: a client that lets its key slip in four places."""

from __future__ import annotations

import base64
import contextlib
import io
import os
from collections.abc import Callable, Iterator
from typing import Any

from netlab.exercises.lesson_11 import ACCOUNT, ADA, TEXT
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial
from netlab.servers import SMSGateway

KEY = "qX7vZk-9WjRb_4TyHg"  # no four signs of it stand together in a word
PIECE = 4  # signs of a key that are too many to be shown
VARIABLE = "SMS_KEY"
ENCODED = base64.b64encode(f"{ACCOUNT}:{KEY}".encode()).decode()

LEAKY = """
def send_alert(url, to, text, log):
    key = os.environ.get("SMS_KEY", "ticker-4711")
    log(f"sending as ticker:{key}")
    address = f"{url}/v1/messages?account=ticker&key={key}"
    answer = requests.post(address, json={"to": to, "text": text}, timeout=2).json()
    log(f"answer: {answer['message']}")
    if answer["code"] != 0:
        raise RuntimeError(f"{address} did not take it: {answer['message']}")
    return answer["id"]
"""


@contextlib.contextmanager
def environment(key: str | None) -> Iterator[None]:
    """The key in the environment, or none; afterwards it is as it was."""
    before = os.environ.pop(VARIABLE, None)
    if key is not None:
        os.environ[VARIABLE] = key
    try:
        yield
    finally:
        os.environ.pop(VARIABLE, None)
        if before is not None:
            os.environ[VARIABLE] = before


def gateway() -> SMSGateway:
    """A gateway whose key nobody could have guessed."""
    return SMSGateway(ACCOUNT, KEY)


def _expect_no_key(case: Case, said: str, where: str, advice: str) -> None:
    for secret, form in ((KEY, "the key"), (ENCODED, "the key in Base64, which everybody can decode")):
        case.expect_that(secret not in said, f"{where} without the key", f"{where} with {form}", advice)
    pieces = {KEY[place : place + PIECE] for place in range(len(KEY) - PIECE + 1)}
    words = "A piece of a key narrows down what is left to guess: show none of it."
    shown = any(piece in said for piece in pieces)
    case.expect_that(not shown, f"{where} without the key", f"{where} with a piece of the key", words)


@exercise(
    "11-secret",
    title="Four leaks",
    objective="11-o3",
    points=3,
    starter=LEAKY,
    limit=5.0,
    hints=(
        "Look for the name `key`: each place where it becomes part of a text is a leak.",
        'How does the gateway want it? `auth=("ticker", key)`: in a header field, which no log keeps, and not in the URL.',
        "The log may say who sends, not with what. The exception may name the URL, once there is no key in it.",
        'A key in the source is in git. Without one in the environment, `os.environ["SMS_KEY"]` raises KeyError: good, and early. A RuntimeError of your own is as good.',
    ),
    passed="The key goes to the gateway, and nowhere else.",
)
def secret(t: Trial, send_alert: Callable[..., Any]) -> None:
    """A client whose key must appear in nothing but the Authorization field."""
    logged: list[str] = []
    printed = io.StringIO()

    def send(url: str, to: str = ADA) -> Any:
        with environment(KEY), contextlib.redirect_stdout(printed):
            return send_alert(url, to, TEXT, lambda message: logged.append(str(message)))

    unauthorized = (
        'The gateway knows no key in the URL; it wants Basic authentication: `auth=("ticker", key)`.'
    )
    with t.case("the gateway takes it", {RuntimeError: unauthorized}) as case, gateway() as server:
        case.expect(send(server.url), "msg-1", advice="Return the id of the message, as before.")
    in_url = "A URL is written down in histories, in logs of servers and proxies, and in exceptions. A header field is not."
    with t.case("the request line") as case, gateway() as server:
        with contextlib.suppress(RuntimeError):
            send(server.url)
        line = server.transcript.said_by("client 1").partition(b"\r\n")[0].decode("latin-1")
        _expect_no_key(case, line, "a request line", in_url)
    with t.case("the log") as case:
        _expect_no_key(
            case, "\n".join(logged), "a log", "Logs are read by many and kept for long: say who, not the key."
        )
        _expect_no_key(
            case,
            printed.getvalue(),
            "an output",
            "What is printed is stored in the notebook, and then in git.",
        )
        personal = "A number is personal, and a log is read by many: `…0123` is enough, or nothing of it."
        case.expect_that(
            ADA not in "\n".join(logged), "a log without Ada's number", "the whole number", personal
        )
        case.expect_that(
            bool(logged),
            "a line in the log",
            "an empty log",
            "Without a log nobody finds out what went wrong.",
        )
    raised = "An exception travels far: into logs, into bug reports, into the output of a notebook."
    with t.case("the exception, when the number is wrong") as case, gateway() as server:
        _expect_no_key(case, _message(case, lambda: send(server.url, "555-0123")), "an exception", raised)
    with t.case("the exception, when nobody is there") as case:
        with gateway() as server:
            url = server.url
        _expect_no_key(case, _message(case, lambda: send(url)), "an exception", raised)
    with t.case("no key in the environment") as case, gateway() as server:
        with environment(None):
            try:
                send_alert(server.url, ADA, TEXT, logged.append)
                raised_one = False
            except Exception:  # which one is the student's choice
                raised_one = True
        words = "A key that stands in the program is a key in git, and without one nothing may be sent: ask for it first, and stop at once when there is none."
        case.expect_that(len(server.transcript) == 0, "no request", "a request", words)
        words = "Nothing was sent, and the caller does not know: `os.environ[…]` raises KeyError; or raise what you like."
        case.expect_that(raised_one, "an exception", "none", words)


def _message(case: Case, call: Callable[[], Any]) -> str:
    """What an exception says, with those that it came from."""
    try:
        call()
    except Exception as error:
        said = [repr(error)]
        inner = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        while inner is not None:
            said.append(repr(inner))
            inner = inner.__cause__ or inner.__context__
        return "\n".join(said)
    return case.fail(
        "an exception",
        "none",
        "The caller has to learn that nothing was sent: raise RuntimeError, as before.",
    )
