"""What a request has at hand: the settings, the database session, the password hasher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session

from netlab.apps.ticker.config import Config
from netlab.apps.ticker.database import Database
from netlab.apps.ticker.passwords import Passwords

READING = ("GET", "HEAD", "OPTIONS")  # safe methods (RFC 9110, section 9.2.1): they change nothing


@dataclass(frozen=True)
class Ticker:
    """What belongs to one app.

    Attributes:
        config: its settings.
        database: its database.
        passwords: makes and checks the hashes of passwords.
    """

    config: Config
    database: Database
    passwords: Passwords


def ticker(app: Flask | None = None) -> Ticker:
    """What belongs to an app, or to the one that answers now."""
    return cast(Ticker, (app or current_app).extensions["ticker"])


def db() -> Session:
    """The session of this request; what is not committed by its end is rolled back."""
    if "session" not in g:
        g.session = ticker().database.session(writing=request.method not in READING)
    return cast(Session, g.session)


def close_session(_: BaseException | None = None) -> None:
    """End this request's session."""
    session = g.pop("session", None)
    if session is not None:
        session.close()
