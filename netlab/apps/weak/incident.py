"""A morning at the weak site: real requests, from several addresses, and the log that they leave.

Most visitors are honest, one is not. The clock is ours, so that the log is the same each time.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from netlab.apps.weak.app import WeakSite
from netlab.apps.weak.sessions import COOKIE

START = datetime(2013, 3, 4, 9, 0, tzinfo=UTC).timestamp()
HOSTILE = "127.0.0.66"
GUESSES = ("123456", "password", "letmein", "sunshine")
ACCOUNTS = ("ada", "bob", "alan", "anna")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Step = tuple[int, str, str, str, dict[str, str]]  # second, address, method, path, form


class Traffic:
    """Sends requests from addresses of this machine, each with its cookie, at a moment of our choice.

    Linux has all of 127.0.0.0/8. Where a machine has 127.0.0.1 alone, the request goes to the app itself.
    """

    def __init__(self) -> None:
        self.now = START
        self._cookies: dict[str, str] = {}

    def send(self, site: WeakSite, step: Step) -> None:
        """Send one request."""
        second, address, method, path, form = step
        self.now = START + second
        headers = dict(FORM)
        if address in self._cookies:
            headers["Cookie"] = self._cookies[address]
        try:
            set_cookie = self._by_wire(site, address, method, path, urlencode(form), headers)
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
            set_cookie = self._by_hand(site, address, method, path, urlencode(form), headers)
        if set_cookie.startswith(f"{COOKIE}="):
            self._cookies[address] = set_cookie.partition(";")[0]

    @staticmethod
    def _by_wire(site: WeakSite, address: str, *request: Any) -> str:
        with closing(HTTPConnection(*site.address, timeout=5, source_address=(address, 0))) as connection:
            connection.request(*request)
            response = connection.getresponse()
            response.read()
            return response.getheader("Set-Cookie", "")

    @staticmethod
    def _by_hand(
        site: WeakSite, address: str, method: str, path: str, body: str, headers: dict[str, str]
    ) -> str:
        from werkzeug.test import Client

        overrides = {"REMOTE_ADDR": address, "SERVER_NAME": "127.0.0.1"}
        client = Client(site.app, use_cookies=False)
        answer = client.open(path, method=method, data=body, headers=headers, environ_overrides=overrides)
        return answer.headers.get("Set-Cookie", "")


def log_in(second: int, address: str, name: str, password: str) -> Step:
    """A try to log in."""
    return second, address, "POST", "/log-in", {"email": f"{name}@ticker.example", "password": password}


def honest() -> Iterator[Step]:
    """People at work; one of them has forgotten his password, and a program looks whether the site is up."""
    for second in range(0, 3600, 300):
        yield second, "127.0.0.30", "GET", "/", {}
    yield log_in(65, "127.0.0.11", "ada", "four calm horses")
    for second, path in (
        (70, "/alerts/1"),
        (190, "/search"),
        (200, "/quote?ticker=AAPL"),
        (1900, "/alerts/1"),
    ):
        yield second, "127.0.0.11", "GET", path, {}
    for number, password in enumerate(("ticker", "ticker12", "Ticker123", "tikcer123", "ticker123")):
        yield log_in(410 + 8 * number, "127.0.0.13", "alan", password)
    for second, path in ((450, "/notes"), (470, "/menu"), (2300, "/search")):
        yield second, "127.0.0.13", "GET", path, {}
    yield log_in(905, "127.0.0.12", "bob", "sunshine")
    for second, path in ((910, "/alerts/2"), (915, "/alerts/3"), (2000, "/alerts/9")):
        yield second, "127.0.0.12", "GET", path, {}
    yield 980, "127.0.0.12", "POST", "/phone", {"phone": "+12025550102"}
    yield log_in(3000, "127.0.0.14", "anna", "Password1")
    yield 3010, "127.0.0.14", "GET", "/users", {}


def hostile() -> Iterator[Step]:
    """Somebody looks around, guesses, gets in, and takes what lies open."""
    yield 1205, HOSTILE, "GET", "/search?words=%27", {}
    yield 1212, HOSTILE, "GET", "/users.txt", {}
    tries = ((name, guess) for guess in GUESSES for name in ACCOUNTS)
    for number, (name, guess) in enumerate(tries):
        yield log_in(1230 + 20 * number, HOSTILE, name, guess)
        if (name, guess) == ("bob", "sunshine"):
            break
    for number in range(1, 7):
        yield 1600 + 3 * number, HOSTILE, "GET", f"/alerts/{number}", {}
    yield 1660, HOSTILE, "POST", "/phone", {"phone": "+12025550199"}
    yield 1690, HOSTILE, "POST", "/profile", {"role": "administrator"}
    yield 1705, HOSTILE, "GET", "/users", {}


def record() -> list[str]:
    """The log of that morning, as its lines: JSON, the earliest first."""
    traffic = Traffic()
    steps = sorted([*honest(), *hostile()], key=lambda step: step[0])
    with WeakSite(["log"], clock=lambda: traffic.now) as site:
        for step in steps:
            traffic.send(site, step)
    return [json.dumps(line) for line in site.log]
