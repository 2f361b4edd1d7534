"""Keys for programs: made on a page and shown there once, kept as a hash, revoked at once."""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import ParamSpec

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select, update
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from netlab.apps.ticker.accounts import status_of
from netlab.apps.ticker.columns import now
from netlab.apps.ticker.context import db, ticker
from netlab.apps.ticker.forms import ApiKeyForm, Form
from netlab.apps.ticker.logins import login_required, the_user
from netlab.apps.ticker.models import ApiKey, User

pages = Blueprint("keys", __name__)

PREFIX = "ticker_"  # by which a scanner for leaked secrets recognizes one
SHOWN = 6  # characters of the random part by which its owner recognizes it
MOST = 20  # keys of a user
NOTED_EACH = timedelta(minutes=1)  # how exactly it is kept when a key was last used

P = ParamSpec("P")


@pages.route("/", methods=["GET", "POST"])
@login_required
def show() -> ResponseReturnValue:
    """The user's keys, and a form for a new one; the page that answers it is the only one to show the key."""
    form = ApiKeyForm()
    if not form.validate_on_submit():
        return render_template("keys.html", form=form, keys=_mine(), button=Form()), status_of(form)
    if len(_mine()) >= MOST:
        form.name.errors = [f"You have {MOST} keys, as many as there may be. Revoke one first."]
        return render_template("keys.html", form=form, keys=_mine(), button=Form()), 422
    key = PREFIX + secrets.token_urlsafe(32)
    db().add(
        ApiKey(
            user_id=the_user().id,
            name=form.name.data,
            prefix=key[: len(PREFIX) + SHOWN],
            key_hash=hashed(key),
        )
    )
    db().commit()
    return render_template("keys.html", form=ApiKeyForm(None), keys=_mine(), button=Form(), new=key)


@pages.post("/<int(max=2147483647):number>/revoke")
@login_required
def revoke(number: int) -> ResponseReturnValue:
    """Let a key open nothing any more."""
    mine = [ApiKey.id == number, ApiKey.user_id == the_user().id, ApiKey.revoked_at.is_(None)]
    if (
        db().execute(update(ApiKey).where(*mine).values(revoked_at=now()).returning(ApiKey.id)).first()
        is None
    ):
        abort(404, "You have no such key.")
    db().commit()
    flash("The key is revoked: it opens nothing any more.")
    return redirect(url_for("keys.show"), 303)


def key_required(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let only requests with a key in (RFC 6750); a cookie does not count, so no other site can ask for its user."""

    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        g.user = _owner()
        return view(*args, **kwargs)

    return guarded


def hashed(key: str) -> str:
    """A key is long and random: a fast hash is enough, and who reads the database cannot use it."""
    return hashlib.sha256(key.encode()).hexdigest()


def _owner() -> User:
    authorization = request.authorization
    token = authorization.token if authorization and authorization.type == "bearer" else None
    if not token:
        raise Unauthorized("Send a key: Authorization: Bearer ticker_…", www_authenticate=_challenge())
    key = db().scalar(select(ApiKey).where(ApiKey.key_hash == hashed(token), ApiKey.revoked_at.is_(None)))
    if key is None or not key.user.is_active:
        wrong = _challenge(error="invalid_token")
        raise Unauthorized("This key does not exist, or was revoked.", www_authenticate=wrong)
    owner = key.user
    if key.last_used_at is None or key.last_used_at < now() - NOTED_EACH:
        note = update(ApiKey).where(ApiKey.id == key.id).values(last_used_at=now())
        db().rollback()  # SQLite has one writer, and for a moment it is not this session
        with ticker().database.begin() as session:
            session.execute(note)
    return owner


def _challenge(**values: str) -> WWWAuthenticate:
    return WWWAuthenticate("bearer", {"realm": "Ticker", **values})


def _mine() -> list[ApiKey]:
    mine = select(ApiKey).where(ApiKey.user_id == the_user().id, ApiKey.revoked_at.is_(None))
    return list(db().scalars(mine.order_by(ApiKey.id.desc())))
