"""People who do not exist, to try the back office on: twenty accounts, their alerts, and three of the staff."""

from __future__ import annotations

import random
import secrets
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import Group, User
from django.db import transaction

from netlab.apps.backoffice import notices
from netlab.apps.backoffice.config import STAFF
from netlab.apps.backoffice.models import (
    Alert,
    Assignment,
    Customer,
    Notification,
    Price,
    Stock,
    WatchedStock,
)

PASSWORD_VARIABLE = "STAFF_PASSWORD"  # noqa: S105 - its name
SECOND = "sam"  # another one of the support
NAMES = (
    *("Ada Adler", "Ben Bauer", "Cleo Cruz", "Dan Doyle", "Eve Engel", "Finn Fox", "Gita Ganesh"),
    *("Hugo Hahn", "Ida Ivers", "Jun Jiang", "Kim Kang", "Lea Lopez", "Max Muir", "Nia Novak"),
    *("Oto Okada", "Pia Pavel", "Quin Quist", "Rosa Reyes", "Sven Salo", "Tara Tan"),
)
BEGIN = datetime(2013, 1, 7, 9, 30, tzinfo=UTC)
LOCKED = "!"  # no password has this hash: nobody logs in as one of them


@transaction.atomic
def make(password: str = "") -> str | None:
    """Make them, always the same.

    Args:
        password: of the staff; made up if empty.

    Returns:
        The password of the staff; None if they are there already.
    """
    if User.objects.filter(username=STAFF["administrator"]).exists():
        return None
    password = password or secrets.token_urlsafe(12)
    staff = {role: _staff(name, role, password) for role, name in STAFF.items()}
    other = _staff(SECOND, "support", password)
    customers = _customers()
    Assignment.objects.bulk_create(
        Assignment(customer=customer, staff=staff["support"] if number % 4 == 0 else other)
        for number, customer in enumerate(customers)
        if number % 4 < 2
    )
    _wishes(customers)
    return password


def _staff(name: str, role: str, password: str) -> User:
    user = User.objects.create_user(name, f"{name}@ticker.example", password, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def _customers() -> list[Customer]:
    """Twenty accounts, a few of them suspended; half have a telephone."""
    made = []
    for number, name in enumerate(NAMES):
        made.append(
            Customer(
                name=name,
                email=f"{name.replace(' ', '.').lower()}@mail.example",
                password_hash=LOCKED,
                phone=f"+120255501{number:02}" if number % 2 == 0 else None,
                is_active=number % 7 != 6,
                created_at=BEGIN + timedelta(days=number, minutes=37 * number),
                email_confirmed_at=None
                if number % 6 == 5
                else BEGIN + timedelta(days=number, minutes=40 * number),
            )
        )
    for customer in made:
        customer.save()
    return made


def _wishes(customers: list[Customer]) -> None:
    """Watch-lists and alerts; some alerts have been met, and of the mails about them one has failed."""
    chance = random.Random(20130301)  # noqa: S311 - the same each time is what is wanted
    stocks = list(Stock.objects.order_by("ticker")[:8])
    closes = {stock: Price.objects.filter(stock=stock).first() for stock in stocks}
    for customer in customers:
        for stock in chance.sample(stocks, k=min(len(stocks), chance.randint(1, 4))):
            WatchedStock.objects.create(user=customer, stock=stock, created_at=customer.created_at)
            price = closes[stock]
            if price is None or chance.random() < 0.3:
                continue
            side = chance.choice(Alert.Side.values)
            limit = price.close * Decimal(chance.choice((80, 90, 95, 105, 110, 120))) / 100
            Alert.objects.create(
                user=customer,
                stock=stock,
                side=side,
                limit_price=limit.quantize(Decimal("0.01")),
                by_sms=bool(customer.phone) and chance.random() < 0.5,
                created_at=customer.created_at + timedelta(hours=1),
            )
    met = Alert.objects.filter(user__is_active=True).select_related("stock", "user")
    notices.send_now(met.order_by("id")[:30])
    for number, each in enumerate(Notification.objects.order_by("id")):
        if number % 5 == 2:
            each.state, each.attempts, each.error = Notification.State.FAILED, 5, "550 no such mailbox"
        elif number % 5 != 4:  # the others still wait
            each.state, each.attempts, each.sent_at = Notification.State.SENT, 1, each.created_at
        each.save()
