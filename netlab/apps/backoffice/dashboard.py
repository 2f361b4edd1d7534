"""The front page's figures and charts, each only for those who may see what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db.models import Count, Max, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from netlab.apps.backoffice import charts
from netlab.apps.backoffice.models import Alert, Customer, Notification, Price, Stock

YEAR = timedelta(days=365)
MOST_LINES = 8


@dataclass(frozen=True)
class Tile:
    """A figure, and where to read more."""

    value: str
    words: str
    url: str
    alarming: bool = False


def context(request: HttpRequest) -> dict[str, Any]:
    """What the front page shows to whoever asks."""
    user = request.user
    assert isinstance(user, AbstractUser)
    found: dict[str, list[Any]] = {"tiles": [], "charts": []}
    for model, part in (
        ("stock", _shares),
        ("customer", _accounts),
        ("alert", _alerts),
        ("notification", _mails),
    ):
        if user.has_perm(f"backoffice.view_{model}"):
            part(found)
    return found


def _shares(found: dict[str, list[Any]]) -> None:
    numbers = Stock.objects.aggregate(shares=Count("id"), suspended=Count("suspension"))
    last = Price.objects.aggregate(day=Max("day"))["day"]
    where = reverse("admin:backoffice_stock_changelist")
    found["tiles"] += [
        Tile(f"{numbers['shares']:,}", _("shares"), where),
        Tile(f"{numbers['suspended']:,}", _("of them suspended"), f"{where}?suspended=yes"),
        Tile(
            last.isoformat() if last else "–",
            _("last day with prices"),
            reverse("admin:backoffice_price_changelist"),
        ),
    ]
    if last:
        found["charts"].append(_closes(last))


def _closes(last: date) -> charts.Chart:
    """The last year of each share, as what 100 dollars became: shares of any price fit into one picture."""
    rows = (
        Price.objects.filter(day__gte=last - YEAR, stock__in=Stock.objects.order_by("ticker")[:MOST_LINES])
        .order_by("stock__ticker", "day")
        .values_list("stock__ticker", "day", "adjusted_close")
    )
    series: dict[str, list[tuple[date, Decimal]]] = {}
    for ticker, day, close in rows:
        series.setdefault(ticker, []).append((day, close))
    return charts.lines(
        _("What 100 dollars became in a year"),
        {
            ticker: [(day, float(100 * close / points[0][1])) for day, close in points]
            for ticker, points in series.items()
        },
    )


def _accounts(found: dict[str, list[Any]]) -> None:
    numbers = Customer.objects.aggregate(
        open=Count("id", filter=Q(is_active=True)), suspended=Count("id", filter=Q(is_active=False))
    )
    where = reverse("admin:backoffice_customer_changelist")
    found["tiles"] += [
        Tile(f"{numbers['open']:,}", _("active accounts"), where),
        Tile(f"{numbers['suspended']:,}", _("suspended accounts"), f"{where}?is_active__exact=0"),
    ]


def _alerts(found: dict[str, list[Any]]) -> None:
    numbers = (
        Alert.objects.values_list("stock__ticker")
        .annotate(
            waiting=Count("id", filter=Q(triggered_at=None)),
            told=Count("id", filter=Q(triggered_at__isnull=False)),
        )
        .order_by("-waiting", "stock__ticker")
    )
    waiting = sum(row[1] for row in numbers)
    found["tiles"].append(
        Tile(
            f"{waiting:,}",
            _("alerts that wait"),
            f"{reverse('admin:backoffice_alert_changelist')}?triggered_at__isempty=1",
        )
    )
    if numbers:
        found["charts"].append(
            charts.bars(_("Alerts that wait"), [(row[0], row[1]) for row in numbers[:MOST_LINES]])
        )


def _mails(found: dict[str, list[Any]]) -> None:
    numbers = dict(Notification.objects.values_list("state").annotate(count=Count("id")).order_by())
    failed = numbers.get(Notification.State.FAILED, 0)
    where = reverse("admin:backoffice_notification_changelist")
    found["tiles"].append(
        Tile(
            f"{failed:,}",
            _("failed notifications"),
            f"{where}?state__exact=failed",
            alarming=failed > 0,
        )
    )
    found["charts"].append(
        charts.bars(
            _("Notifications"), [(str(state.label), numbers.get(state, 0)) for state in Notification.State]
        )
    )
