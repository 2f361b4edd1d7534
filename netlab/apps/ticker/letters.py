"""Letters: mails with a link that works once, for who is not logged in, or not yet known to own an address.

The token in a link is a random number of the letter's, signed with the site's secret key: who reads the database
cannot make one, and a made-up one is refused before the database is asked. Each asking is a row, whether or not
there is such an account: an answer takes as long and says the same, and rows are what is counted against too many.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from netlab.apps.ticker.columns import now
from netlab.apps.ticker.config import Config
from netlab.apps.ticker.context import db, ticker
from netlab.apps.ticker.database import Database
from netlab.apps.ticker.logins import TooManyTries
from netlab.apps.ticker.models import Letter, Purpose, State, User
from netlab.apps.ticker.outbox import AT_A_TIME, Outcome, send_each
from netlab.apps.ticker.senders import Mail, MailSender

WINDOW = timedelta(hours=1)  # within which letters are counted
MOST_PER_MAILBOX = 5  # of one purpose
MOST_PER_ADDRESS = 60  # a class room may share one address
LIFE = {Purpose.SIGN_UP: timedelta(days=1), Purpose.CONFIRM: timedelta(days=1), Purpose.RESET: WINDOW}
PATHS = {
    Purpose.SIGN_UP: "/account/sign-up/confirm",
    Purpose.CONFIRM: "/account/confirm",
    Purpose.RESET: "/account/reset/new",
}
NOBODY = "There is no account with this address: nothing was sent."
BY_HAND = "Its link was made by a command: nothing was sent."
NO_MAIL = "This site has no mail server: nothing was sent."

# No letter greets by name: who signs up writes that name, and could write to others by way of us.
SIGN_UP = (
    "Confirm your mail address",
    "Somebody, we hope you, signs up at Ticker with this address. To make the account, open this link and "
    "type the password that you chose:\n\n{link}\n\nIt works once, and until {until}. If it was not you, do nothing: "
    "no account is made, and we write no more.",
)
TAKEN = (
    "You have an account already",
    "Somebody, perhaps you, wanted to sign up at Ticker with this address. It has an account already. Log in at\n\n"
    "{site}/account/log-in\n\nor, if you have forgotten your password, choose another one at\n\n"
    "{site}/account/reset\n\nIf it was not you, do nothing: nobody came in, or was told that you have an account.",
)
CONFIRM = (
    "Confirm your mail address",
    "To have alerts sent to this address, open this link where you are logged in at Ticker:\n\n{link}\n\nIt works "
    "once, and until {until}. If you have no account there, do nothing.",
)
RESET = (
    "Choose another password",
    "Somebody, we hope you, has forgotten the password of your account at Ticker. To choose another one, open this "
    "link:\n\n{link}\n\nIt works once, and until {until}. If it was not you, do nothing: your password still holds.",
)


def new(purpose: Purpose, email: str, address: str, **values: object) -> Letter:
    """A letter with a number of its own; `error` says why it is not to be sent."""
    state = State.FAILED if "error" in values else State.WAITING
    nonce, ends = secrets.token_urlsafe(32), now() + LIFE[purpose]
    return Letter(
        purpose=purpose, email=email, address=address, nonce=nonce, expires_at=ends, state=state, **values
    )


def ask(purpose: Purpose, email: str, **values: object) -> Letter | TooManyTries:
    """Write a letter down in this request, as often as that is allowed; it is committed, and so counts."""
    address = (request.remote_addr or "")[:45]
    if refusal := _too_many(purpose, email, address):
        return refusal
    letter = new(purpose, email, address, **values)
    db().add(letter)
    db().commit()
    return letter


def token_of(config: Config, letter: Letter) -> str:
    """The token that opens what a letter is for."""
    return _signer(config, letter.purpose).dumps(letter.nonce)


def link_of(config: Config, letter: Letter, site: str = "") -> str:
    """The whole link; `site` is where the site is, unless the settings say so."""
    return f"{config.public_url or site}{PATHS[letter.purpose]}?token={token_of(config, letter)}"


def find(purpose: Purpose, token: str) -> Letter | None:
    """The letter that a token is from, if its link may still be used; nothing is locked meanwhile."""
    try:
        nonce = _signer(ticker().config, purpose).loads(token)
    except BadSignature:
        return None
    open_still = [Letter.used_at.is_(None), Letter.expires_at > now()]
    letter = db().scalar(select(Letter).where(Letter.nonce == nonce, Letter.purpose == purpose, *open_still))
    db().commit()
    return letter


def use(letter: Letter) -> bool:
    """Use up a letter's link; false if another request has just done so."""
    mine = [Letter.id == letter.id, Letter.used_at.is_(None)]
    used = update(Letter).where(*mine).values(used_at=now(), password_hash=None).returning(Letter.id)
    return db().execute(used.execution_options(synchronize_session=False)).first() is not None


def void(session: Session, user: User, purpose: Purpose) -> None:
    """Let none of a user's other links of a kind work any more."""
    theirs = [Letter.user_id == user.id, Letter.purpose == purpose, Letter.used_at.is_(None)]
    session.execute(
        update(Letter).where(*theirs).values(used_at=now()).execution_options(synchronize_session=False)
    )


def send_letters(
    database: Database,
    config: Config,
    sender: MailSender | None,
    clock: Callable[[], datetime] = now,
) -> Outcome:
    """Send the letters that are due.

    Args:
        database: where they are.
        config: the settings, for the links.
        sender: the way for mails; without one they wait.
        clock: tells what time it is.
    """
    if sender is None:
        return Outcome()
    moment = clock()
    due = [Letter.state == State.WAITING, Letter.next_try_at <= moment, Letter.expires_at > moment]
    with database.session() as session:
        numbers = list(session.scalars(select(Letter.id).where(*due).order_by(Letter.id).limit(AT_A_TIME)))
    return send_each(database, Letter, numbers, lambda letter: sender.deliver(written(config, letter)), clock)


def written(config: Config, letter: Letter) -> Mail:
    """The mail of a letter: the same each time it is written."""
    taken = letter.purpose is Purpose.SIGN_UP and letter.user_id is not None
    texts = {Purpose.SIGN_UP: TAKEN if taken else SIGN_UP, Purpose.CONFIRM: CONFIRM, Purpose.RESET: RESET}
    subject, body = texts[letter.purpose]
    until = f"{letter.expires_at:%Y-%m-%d %H:%M} UTC"
    text = body.format(link=link_of(config, letter), site=config.public_url, until=until)
    return Mail(
        f"letter-{letter.id}", letter.email, f"Ticker: {subject}", f"{text}\n\nTicker\n", letter.created_at
    )


def _too_many(purpose: Purpose, email: str, address: str) -> TooManyTries | None:
    """Whether another letter must wait."""
    since = now() - WINDOW
    for same, most in (
        (Letter.email == email, MOST_PER_MAILBOX),
        (Letter.address == address, MOST_PER_ADDRESS),
    ):
        recent = [same, Letter.purpose == purpose, Letter.created_at > since]
        count, first = db().execute(select(func.count(), func.min(Letter.created_at)).where(*recent)).one()
        if count >= most:
            db().commit()
            return TooManyTries(max(1, int((first - since).total_seconds())))
    return None


def _signer(config: Config, purpose: Purpose) -> URLSafeSerializer:
    """Signs tokens of one purpose: one that confirms an address sets no password."""
    return URLSafeSerializer(config.signing_key(), salt=f"ticker-letter-{purpose}")
