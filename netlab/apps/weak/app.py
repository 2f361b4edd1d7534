"""The weak site put together, and the one server that runs it."""

from __future__ import annotations

import functools
import secrets
import time
from collections.abc import Callable, Collection
from typing import Any

from flask import Flask
from joserfc.jwk import RSAKey

from netlab.apps.weak import (
    alerts,
    headers,
    keys,
    leave,
    log,
    log_in,
    notes,
    person,
    phone,
    pictures,
    preview,
    quote,
    reports,
    search,
    sessions,
    span,
    tokens,
    tries,
    users,
)
from netlab.apps.weak.database import make_database
from netlab.apps.weak.guard import LoopbackOnly
from netlab.apps.weak.house import House, WeakFlask, furnish
from netlab.errors import OptionError, StoppedError
from netlab.servers.web import WebServer

# Each idea can be mended by its name. Sessions and the count of tries stand before what uses them.
IDEAS = {
    "log": log,
    "sessions": sessions,
    "headers": headers,
    "tries": tries,
    "log_in": log_in,
    "search": search,
    "quote": quote,
    "notes": notes,
    "span": span,
    "phone": phone,
    "alerts": alerts,
    "users": users,
    "person": person,
    "reports": reports,
    "pictures": pictures,
    "preview": preview,
    "leave": leave,
    "keys": keys,
    "tokens": tokens,
}
ALL = tuple(IDEAS)


@functools.cache
def signing_key() -> RSAKey:
    """The key that signs tokens, made once for this process."""
    return RSAKey.generate_key(2048)


def check_names(mended: Collection[str]) -> None:
    """Refuse a name that no idea has."""
    unknown = [mended] if isinstance(mended, str) else sorted(set(mended) - set(IDEAS))
    if unknown:
        known = ", ".join(IDEAS)
        raise OptionError(
            f"No idea is called {', '.join(map(repr, unknown))}. Give a list of names from: {known}."
        )


def create_app(*, weak_on_purpose: bool, mended: Collection[str] = ()) -> Flask:
    """Make the app, behind its guard.

    Args:
        weak_on_purpose: must be True. Without a default, so that no tool that looks for apps starts it.
        mended: the names of the ideas that are mended; all else is weak.

    Raises:
        OptionError: when an idea has no such name, or nobody said that it is weak on purpose.
    """
    if weak_on_purpose is not True:
        raise OptionError("This site is weak on purpose, and you have to say so: weak_on_purpose=True.")
    check_names(mended)
    app = WeakFlask("netlab.apps.weak", static_folder=None)
    app.config.update(SECRET_KEY=secrets.token_urlsafe(), PARTNERS=[])
    app.extensions.update(
        weak=House(make_database(mended="log_in" in mended), mended), close=[], signing=signing_key()
    )
    app.extensions["close"].append(app.extensions["weak"].db.close)
    furnish(app)
    for name, idea in IDEAS.items():
        idea.register(app, mended=name in mended)
    app.wsgi_app = LoopbackOnly(app.wsgi_app)  # type: ignore[method-assign]
    return app


def close(app: Flask) -> None:
    """Remove what an app keeps: its database and its folder."""
    while app.extensions["close"]:
        app.extensions["close"].pop()()


class WeakSite(WebServer):
    """The weak site on a free port of 127.0.0.1. There is no other way to run it, and no other place.

    Args:
        mended: the names of the ideas that are mended, such as `["search", "notes"]`; `ALL` for all.
        partners: origins that a preview may fetch, such as `http://127.0.0.1:8001`.
        tls: speak HTTPS, with a certificate of the course's own authority.
        clock: what tells the time for the log, in seconds since 1970.

    Attributes:
        log: the lines that the site has written, as dictionaries.

    Raises:
        OptionError: when an idea has no such name.

    Example:
        >>> with WeakSite() as site:
        ...     requests.get(site.url, timeout=5)
    """

    def __init__(
        self,
        mended: Collection[str] = (),
        *,
        partners: Collection[str] = (),
        tls: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        check_names(mended)
        super().__init__(self._not_yet, "127.0.0.1", 0, tls=tls)
        self.log: list[dict[str, Any]] = []
        self._mended, self._partners, self._clock = mended, partners, clock

    @staticmethod
    def _not_yet(*_: Any) -> list[bytes]:
        raise StoppedError("The weak site makes its app when it starts.")

    def _open(self, host: str, port: int) -> int:
        if host != "127.0.0.1":
            raise OptionError("The weak site listens on 127.0.0.1, and nowhere else.")
        self._flask = create_app(weak_on_purpose=True, mended=self._mended)
        self._flask.config["PARTNERS"] = list(self._partners)
        self._flask.extensions["weak"].log = self.log
        self._flask.extensions["weak"].clock = self._clock
        self.app = self._flask
        return super()._open(host, port)

    def _close(self) -> None:
        super()._close()
        close(self._flask)
