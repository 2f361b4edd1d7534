"""Who is logged in: a token in the signed cookie, its hash in the database, so that a log-out is one everywhere.

Guessing is slowed: who tries too many passwords, for one account or from one address, must wait.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import ParamSpec, TypeVar, cast

from flask import abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, func, select

from netlab.apps.ticker.columns import now
from netlab.apps.ticker.context import READING, db, ticker
from netlab.apps.ticker.models import Login, LoginFailure, User
from netlab.apps.ticker.navigation import here

LIFE = timedelta(days=7)  # of a login
WINDOW = timedelta(minutes=15)  # within which tries are counted
MOST_PER_ACCOUNT = 8
MOST_PER_ADDRESS = 60  # a class room may share one address
IN_SESSION = "login"

P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)


def current_user() -> User | None:
    """The user of this request; None if nobody is logged in."""
    if "user" not in g:
        login = _login()
        g.user = login.user if login and login.user.is_active else None
    return cast(User | None, g.user)


def the_user() -> User:
    """The user of this request, behind `login_required`."""
    user = current_user()
    if user is None:
        abort(401)
    return user


def login_required(view: Callable[P, R]) -> Callable[P, ResponseReturnValue]:
    """Let only users in; others are asked to log in and then come back."""

    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if current_user() is None:
            come_back = here() if request.method in READING else None
            return redirect(url_for("accounts.log_in", next=come_back), 303)
        return view(*args, **kwargs)

    return guarded


def start(user: User) -> None:
    """Log a user in. The session begins anew: what somebody put into it before counts no more."""
    token = secrets.token_urlsafe()
    db().execute(delete(Login).where(Login.expires_at < now()))
    db().add(Login(user_id=user.id, token_hash=_hash(token), expires_at=now() + LIFE))
    session.clear()
    session[IN_SESSION] = token
    session.permanent = True
    g.user = user


def end() -> None:
    """Log this browser out; its cookie is worth nothing from now on, and neither is a copy of it."""
    if login := _login():
        db().delete(login)
    session.clear()
    g.user = None


def end_all(user: User) -> None:
    """Log a user out in every browser."""
    db().execute(delete(Login).where(Login.user_id == user.id))


@dataclass(frozen=True)
class TooManyTries:
    """No password is looked at for a while.

    Attributes:
        seconds: how long.
    """

    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """What the reply says to a program (RFC 9110, section 10.2.3)."""
        return {"Retry-After": str(self.seconds)}

    def __str__(self) -> str:
        minutes = -(-self.seconds // 60)
        return f"Too many tries. Wait {minutes} minute{'s' if minutes > 1 else ''}, then try again."


def check(email: str, password: str) -> User | TooManyTries | None:
    """Check a password, as often as that is allowed; the user, or None if it is wrong.

    The try is counted before the password is looked at, so that many at the same time count too, and the
    database is free while the slow hash is computed.
    """
    if refusal := count_try(email):
        return refusal
    user = db().scalar(select(User).where(User.email == email))
    db().commit()
    passwords = ticker().passwords
    if not passwords.is_right(password, user.password_hash if user else None):
        return None
    if user is None or not user.is_active:
        return None
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash(password)
    forget_tries(email)
    db().commit()
    return user


def count_try(email: str) -> TooManyTries | None:
    """Count a try at a password that is going to be looked at, unless there were too many."""
    address = request.remote_addr or ""
    if refusal := _too_many(email, address):
        return refusal
    db().add(LoginFailure(email=email, address=address))
    db().commit()
    return None


def forget_tries(email: str, *, everywhere: bool = False) -> None:
    """Forget the tries for an account from where this request comes, or from everywhere."""
    theirs = [LoginFailure.email == email]
    if not everywhere:
        theirs.append(LoginFailure.address == (request.remote_addr or ""))
    db().execute(delete(LoginFailure).where(*theirs))


def _too_many(email: str, address: str) -> TooManyTries | None:
    """Whether another try must wait."""
    since = now() - WINDOW
    db().execute(delete(LoginFailure).where(LoginFailure.failed_at < since))
    for column, value, most in (
        (LoginFailure.email, email, MOST_PER_ACCOUNT),
        (LoginFailure.address, address, MOST_PER_ADDRESS),
    ):
        times = select(func.count(), func.min(LoginFailure.failed_at)).where(column == value)
        count, first = db().execute(times).one()
        if count >= most:
            db().commit()
            return TooManyTries(max(1, int((first - since).total_seconds())))
    return None


def _login() -> Login | None:
    """The login whose token came with this request."""
    token = session.get(IN_SESSION)
    if not isinstance(token, str):
        return None
    return db().scalar(select(Login).where(Login.token_hash == _hash(token), Login.expires_at > now()))


def _hash(token: str) -> str:
    """A token is long and random: a fast hash is enough, and who reads the database cannot log in with it."""
    return hashlib.sha256(token.encode()).hexdigest()
