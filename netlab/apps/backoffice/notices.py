"""Alerts sent at once: what Ticker's job would do within a minute, for the alerts that one of the staff has chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from netlab.apps.backoffice.models import Alert, Notification, Price
from netlab.apps.ticker.news import News


@dataclass
class Outcome:
    """What came of it.

    Attributes:
        sent: alerts whose notifications are on their way.
        not_met: alerts whose limit the last close has not reached.
        unconfirmed: those of them that go by mail alone, to an address that is not confirmed: they wait for that.
        left_out: alerts of a suspended account or share, without a price, or told before of this day.
    """

    sent: list[Alert] = field(default_factory=list)
    not_met: int = 0
    unconfirmed: int = 0
    left_out: int = 0


@transaction.atomic
def send_now(alerts: Iterable[Alert], public_url: str = "") -> Outcome:
    """Write the notifications of the alerts that the last close meets; Ticker's job sends them.

    An alert that was told already is told again, but never twice of one day on one channel; what failed is tried anew.

    Args:
        alerts: which ones.
        public_url: where Ticker is, for the links in mails.
    """
    outcome, moment = Outcome(), timezone.now()
    last: dict[int, Price | None] = {}
    for alert in alerts:
        if alert.stock_id not in last:
            last[alert.stock_id] = Price.objects.filter(stock=alert.stock_id).order_by("-day").first()
        price = last[alert.stock_id]
        if price is None or not alert.user.is_active or hasattr(alert.stock, "suspension"):
            outcome.left_out += 1
        elif not alert.is_met(price.close):
            outcome.not_met += 1
        elif _queue(alert, price, public_url, moment):
            alert.triggered_at = moment
            alert.save(update_fields=["triggered_at"])
            outcome.sent.append(alert)
            outcome.unconfirmed += not alert.by_sms and alert.user.email_confirmed_at is None
        else:
            outcome.left_out += 1
    return outcome


def try_again(notifications: Iterable[Notification]) -> int:
    """Put notifications that failed back on their way, and return how many those are."""
    moment, count = timezone.now(), 0
    for each in notifications:
        if each.state == Notification.State.FAILED:
            each.state, each.attempts, each.next_try_at = Notification.State.WAITING, 0, moment
            each.save(update_fields=["state", "attempts", "next_try_at"])
            count += 1
    return count


def _queue(alert: Alert, price: Price, public_url: str, moment: datetime) -> bool:
    """Write what is not written yet; whether something is on its way now that was not."""
    fresh = False
    for notification in written(alert, price, public_url, moment):
        there = Notification.objects.filter(
            alert=alert, channel=notification.channel, day=notification.day
        ).first()
        if there is None:
            notification.save(force_insert=True)
            fresh = True
        else:
            fresh |= try_again([there]) > 0
    return fresh


def written(alert: Alert, price: Price, public_url: str, moment: datetime) -> list[Notification]:
    """The notifications of an alert that a price meets, in Ticker's words."""
    stock, user, above = alert.stock, alert.user, alert.side == Alert.Side.ABOVE
    news = News(stock.ticker, stock.name, price.day, price.close, alert.limit_price, above)
    ways = (
        (Notification.Channel.MAIL, alert.by_mail, user.email, news.mail(user.name, public_url)),
        (Notification.Channel.SMS, alert.by_sms, user.phone, news.sms),
    )
    return [
        Notification(
            user=user,
            alert=alert,
            channel=channel,
            day=price.day,
            recipient=recipient,
            subject=news.subject,
            body=body,
            created_at=moment,
            next_try_at=moment,
        )
        for channel, wanted, recipient, body in ways
        if wanted and recipient
    ]
