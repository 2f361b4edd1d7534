"""Alerts that are met become notifications, and notifications are sent: each once, whoever dies in between.

A notification is written in the transaction that marks its alert as met. To send it, a process claims it first: it
counts the attempt and puts the next one off. If the process dies, another one tries again later; the receiver
recognizes what comes twice by the Message-ID of the mail or the Idempotency-Key of the SMS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from netlab.apps.ticker.columns import now
from netlab.apps.ticker.config import Config
from netlab.apps.ticker.database import Database
from netlab.apps.ticker.models import Alert, Channel, Notification, Price, Side, State, User

PAUSES = (1, 5, 25, 125)  # minutes between attempts; after the last one it has failed
AT_A_TIME = 100  # notifications of one run
LONGEST_ERROR = 500  # characters


class SendError(Exception):
    """A notification could not be sent.

    Args:
        message: why.
        again: whether it is worth another attempt.
    """

    def __init__(self, message: str, *, again: bool) -> None:
        super().__init__(message)
        self.again = again


class Sender(Protocol):
    """Sends notifications of one channel."""

    def send(self, notification: Notification) -> None:
        """Send one.

        Raises:
            SendError: when it was not taken.
        """


@dataclass(frozen=True)
class Outcome:
    """What a run has done."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0


def raise_alerts(session: Session, config: Config, moment: datetime | None = None) -> int:
    """Write notifications for the alerts that the last close meets, and return how many alerts those are.

    Args:
        session: a session that writes; the caller commits.
        config: the settings, for the links in mails.
        moment: now, unless told otherwise.
    """
    moment = moment or now()
    each = aliased(Price)
    last_day = select(func.max(each.day)).where(each.stock_id == Alert.stock_id).scalar_subquery()
    waiting = (
        select(Alert, Price, User)
        .select_from(Alert)
        .join(Alert.user)
        .join(Price, (Price.stock_id == Alert.stock_id) & (Price.day == last_day))
        .where(Alert.triggered_at.is_(None), User.is_active)
        .with_for_update(of=Alert, skip_locked=True)
    )
    met = [row for row in session.execute(waiting) if row[0].is_met(row[1].close)]
    for alert, price, user in met:
        alert.triggered_at = moment
        session.add_all(written(alert, price, user, config, moment))
    return len(met)


def written(alert: Alert, price: Price, user: User, config: Config, moment: datetime) -> list[Notification]:
    """The notifications of an alert that a price meets: one for each way in which the user wants to be told."""
    stock = alert.stock
    side = "at or above" if alert.side is Side.ABOVE else "at or below"
    news = f"{stock.name} ({stock.ticker}) closed at {price.close:.2f} US dollars on {price.day}"
    reason = f"{side} your limit of {alert.limit_price:.2f}"
    link = f"\n\n{config.public_url}/stocks/{stock.ticker}" if config.public_url else ""
    ways = {
        Channel.MAIL: (
            alert.by_mail,
            user.email,
            f"Dear {user.name},\n\n{news}, {reason}.{link}\n\nTicker\n",
        ),
        Channel.SMS: (
            alert.by_sms,
            user.phone,
            f"{stock.ticker} {price.close:.2f} USD on {price.day}, {reason}.",
        ),
    }
    return [
        Notification(
            user_id=user.id,
            alert_id=alert.id,
            channel=channel,
            day=price.day,
            recipient=recipient,
            subject=f"{stock.ticker} {price.close:.2f}: your price alert",
            body=body,
            created_at=moment,
            next_try_at=moment,
        )
        for channel, (wanted, recipient, body) in ways.items()
        if wanted and recipient
    ]


def send_due(
    database: Database,
    senders: Mapping[Channel, Sender],
    clock: Callable[[], datetime] = now,
) -> Outcome:
    """Send what is due, each notification in transactions of its own, so that one that fails stops no other.

    Args:
        database: where they are.
        senders: one for each channel that can be used; what has none keeps waiting.
        clock: tells what time it is.
    """
    sent = put_off = failed = 0
    for number in _due(database, senders, clock()):
        notification = claim(database, number, clock())
        if notification is None:  # another process is at it
            continue
        try:
            senders[notification.channel].send(notification)
        except SendError as error:
            if _note_failure(database, notification, error):
                failed += 1
            else:
                put_off += 1
        else:
            _note(database, notification, state=State.SENT, sent_at=clock(), error=None)
            sent += 1
    return Outcome(sent, put_off, failed)


def claim(database: Database, number: int, moment: datetime) -> Notification | None:
    """Take a notification for an attempt: count it, and put the next one off; None if another process was faster."""
    with database.begin() as session:
        found = session.get(Notification, number)
        if found is None or found.state is not State.WAITING or found.next_try_at > moment:
            return None
        pause = timedelta(minutes=PAUSES[min(found.attempts, len(PAUSES) - 1)])
        taken = session.execute(
            update(Notification)
            .where(Notification.id == number, Notification.attempts == found.attempts)
            .where(Notification.state == State.WAITING)
            .values(attempts=found.attempts + 1, next_try_at=moment + pause)
            .returning(Notification.id)
            .execution_options(synchronize_session=False)
        ).all()
        session.refresh(found)
        session.expunge(found)
        return found if taken else None


def _due(database: Database, senders: Mapping[Channel, Sender], moment: datetime) -> list[int]:
    query = (
        select(Notification.id)
        .where(Notification.state == State.WAITING, Notification.next_try_at <= moment)
        .where(Notification.channel.in_(list(senders)))
        .order_by(Notification.next_try_at, Notification.id)
        .limit(AT_A_TIME)
    )
    with database.session() as session:
        return list(session.scalars(query))


def _note_failure(database: Database, notification: Notification, error: SendError) -> bool:
    """Write down why an attempt failed; true if there will be no other."""
    over = not error.again or notification.attempts > len(PAUSES)
    state = State.FAILED if over else State.WAITING
    _note(database, notification, state=state, error=str(error)[:LONGEST_ERROR])
    return over


def _note(database: Database, notification: Notification, **values: object) -> None:
    with database.begin() as session:
        session.execute(update(Notification).where(Notification.id == notification.id).values(**values))
