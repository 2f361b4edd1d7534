"""Alert rules that are functions: they get a share's closes and say in words what is to be told, or None."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from netlab.apps.ticker.columns import now
from netlab.apps.ticker.models import Channel, Notification, User, WatchedStock
from netlab.apps.ticker.shares import Close, closes
from netlab.apps.ticker.suspensions import is_traded

Rule = Callable[[Sequence[Close]], str | None]

LOOKED_AT = 300  # trading days that a rule gets
LONGEST = 120  # characters of a subject


def raise_by_rules(session: Session, rules: Mapping[str, Rule]) -> tuple[int, list[str]]:
    """Write a mail for each watcher of a share about which a rule has something to say; twice is as once.

    No rule is asked about a share that is suspended.

    Returns:
        How many mails were written, and which rules have failed, each with its reason.
    """
    written, failed = 0, []
    asked = (
        select(WatchedStock, User)
        .join(WatchedStock.user)
        .where(User.is_active, is_traded(session, WatchedStock.stock_id))
        .order_by(WatchedStock.id)
    )
    for watched, user in session.execute(asked).all():
        days = closes(session, watched.stock)[-LOOKED_AT:]
        for name, rule in rules.items():
            try:
                words = rule(list(days))
            except Exception as error:
                failed.append(f"{name}: {type(error).__name__}: {error}")
                continue
            if words and _is_news(session, user, f"{watched.stock.ticker}: {words}"[:LONGEST], days[-1]):
                session.add(_mail(user, f"{watched.stock.ticker}: {words}"[:LONGEST], days[-1]))
                session.flush()
                written += 1
    return written, list(dict.fromkeys(failed))


def _is_news(session: Session, user: User, subject: str, last: Close) -> bool:
    known = select(Notification.id).where(
        Notification.user_id == user.id, Notification.day == last.day, Notification.subject == subject
    )
    return session.scalar(known.limit(1)) is None


def _mail(user: User, subject: str, last: Close) -> Notification:
    return Notification(
        user_id=user.id,
        alert_id=None,
        channel=Channel.MAIL,
        day=last.day,
        recipient=user.email,
        subject=subject,
        body=f"Dear {user.name},\n\n{subject}, at the close of {last.day}.\n\nTicker\n",
        created_at=now(),
        next_try_at=now(),
    )
