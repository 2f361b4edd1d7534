"""Alerts that are met become notifications, and notifications are sent: each once, whoever dies in between.

A notification is written in the transaction that marks its alert as met. One by mail waits until its user's address
is confirmed: an alert goes to nobody who has not asked for it. An alert on a share that the back office has suspended
waits until it is resumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from netlab.apps.ticker.columns import now
from netlab.apps.ticker.config import Config
from netlab.apps.ticker.database import Database
from netlab.apps.ticker.models import Alert, Channel, Notification, Price, Side, State, User
from netlab.apps.ticker.news import News
from netlab.apps.ticker.outbox import AT_A_TIME, Outcome, send_each
from netlab.apps.ticker.suspensions import is_traded


class Sender(Protocol):
    """Sends notifications of one channel."""

    def send(self, notification: Notification) -> None:
        """Send one.

        Raises:
            SendError: when it was not taken.
        """


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
        .where(Alert.triggered_at.is_(None), User.is_active, is_traded(session, Alert.stock_id))
        .with_for_update(of=Alert, skip_locked=True)
    )
    met = [row for row in session.execute(waiting) if row[0].is_met(row[1].close)]
    for alert, price, user in met:
        alert.triggered_at = moment
        session.add_all(written(alert, price, user, config, moment))
    return len(met)


def written(alert: Alert, price: Price, user: User, config: Config, moment: datetime) -> list[Notification]:
    """The notifications of an alert that a price meets: one for each way in which the user wants to be told."""
    stock, above = alert.stock, alert.side is Side.ABOVE
    news = News(stock.ticker, stock.name, price.day, price.close, alert.limit_price, above)
    ways = {
        Channel.MAIL: (alert.by_mail, user.email, news.mail(user.name, config.public_url)),
        Channel.SMS: (alert.by_sms, user.phone, news.sms),
    }
    return [
        Notification(
            user_id=user.id,
            alert_id=alert.id,
            channel=channel,
            day=price.day,
            recipient=recipient,
            subject=news.subject,
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
    """Send what is due: by SMS all, by mail what goes to an address that is its user's and confirmed.

    Args:
        database: where they are.
        senders: one for each channel that can be used; what has none keeps waiting.
        clock: tells what time it is.
    """
    numbers = _due(database, senders, clock())
    return send_each(database, Notification, numbers, lambda each: senders[each.channel].send(each), clock)


def _due(database: Database, senders: Mapping[Channel, Sender], moment: datetime) -> list[int]:
    confirmed = User.email_confirmed_at.is_not(None) & (User.email == Notification.recipient)
    query = (
        select(Notification.id)
        .where(Notification.state == State.WAITING, Notification.next_try_at <= moment)
        .where(Notification.channel.in_(list(senders)))
        .join(Notification.user)
        .where(or_(Notification.channel != Channel.MAIL, confirmed))
        .order_by(Notification.next_try_at, Notification.id)
        .limit(AT_A_TIME)
    )
    with database.session() as session:
        return list(session.scalars(query))
