"""Shares and their prices, in the tables that Ticker has made.

A table has one owner, and its owner's migrations change it: these models are `managed = False`, and our `migrate`
runs Ticker's migrations first.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LEAST = Decimal("0.0001")
POSITIVE = MinValueValidator(LEAST, _("Write a price above 0."))


class Stock(models.Model):
    """A share."""

    id = models.AutoField(primary_key=True)
    ticker = models.CharField(
        _("ticker"),
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9.\-]{0,7}\Z", _("Write capital letters, such as AAPL."))],
    )
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        managed = False
        db_table = "stocks"
        ordering = ("ticker",)
        verbose_name = _("share")
        verbose_name_plural = _("shares")

    def __str__(self) -> str:
        return f"{self.ticker}, {self.name}"


class Prices(models.QuerySet["Price"]):
    """Prices, of which there may be millions."""

    _known: dict[str, date | None] | None = None

    def ends(self) -> dict[str, date | None]:
        """The first day and the last one, which stand at the ends of an index.

        MIN and MAX in one query make SQLite read all of the index; asked for one at a time, each is found at once.
        """
        if self._known is None:
            days = self.order_by("day").values_list("day", flat=True)
            self._known = {"first": days[:1].first(), "last": days.reverse()[:1].first()}
        return self._known

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The same for the date hierarchy of the admin, which asks in one query."""
        if not args and kwargs == {"first": models.Min("day"), "last": models.Max("day")}:
            return self.ends()
        return super().aggregate(*args, **kwargs)

    def dates(self, field_name: str, kind: str, order: str = "ASC") -> Any:
        """The years or months from the first price to the last, for the date hierarchy.

        Django looks at each row, in SQLite by a function in Python: a second for a million rows.
        """
        if kind not in ("year", "month"):
            return super().dates(field_name, kind, order)  # type: ignore[arg-type]
        ends = self.ends()
        if ends["first"] is None or ends["last"] is None:
            return []
        first, last = (12 * day.year + day.month - 1 for day in (ends["first"], ends["last"]))
        if kind == "year":
            return [date(year, 1, 1) for year in range(first // 12, last // 12 + 1)]
        return [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]


class Price(models.Model):
    """A trading day of a share, in US dollars as traded on that day."""

    id = models.AutoField(primary_key=True)
    stock = models.ForeignKey(Stock, models.CASCADE, related_name="prices", verbose_name=_("share"))
    day = models.DateField(_("day"))
    open = models.DecimalField(_("open"), max_digits=12, decimal_places=4, validators=[POSITIVE])
    high = models.DecimalField(_("high"), max_digits=12, decimal_places=4, validators=[POSITIVE])
    low = models.DecimalField(_("low"), max_digits=12, decimal_places=4, validators=[POSITIVE])
    close = models.DecimalField(_("close"), max_digits=12, decimal_places=4, validators=[POSITIVE])
    volume = models.PositiveBigIntegerField(_("volume"))
    adjusted_close = models.DecimalField(
        _("adjusted close"),
        max_digits=14,
        decimal_places=8,
        blank=True,
        help_text=_("For splits and dividends that came later. Empty: the close itself."),
        validators=[MinValueValidator(Decimal("0.00000001"), _("Write a price above 0."))],
    )
    split = models.DecimalField(
        _("split"),
        max_digits=8,
        decimal_places=4,
        default=Decimal(1),
        help_text=_("How many shares one became on this day; 1 without a split."),
        validators=[MinValueValidator(LEAST, _("Write a number above 0."))],
    )

    objects = Prices.as_manager()

    class Meta:
        managed = False
        db_table = "prices"
        ordering = ("-day", "-id")
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        # The database has these checks too; here they get their words.
        constraints = [
            models.UniqueConstraint(
                fields=("stock", "day"),
                name="uq_prices_stock_id_day",
                violation_error_message=_("This share has a price of that day. Change that one."),
            ),
            models.CheckConstraint(
                condition=Q(low__lte=F("high")),
                name="ck_prices_low_to_high",
                violation_error_message=_("The low must not be above the high."),
            ),
            models.CheckConstraint(
                condition=Q(open__gte=F("low")) & Q(open__lte=F("high")),
                name="ck_prices_open_in_range",
                violation_error_message=_("The open must lie between the low and the high."),
            ),
            models.CheckConstraint(
                condition=Q(close__gte=F("low")) & Q(close__lte=F("high")),
                name="ck_prices_close_in_range",
                violation_error_message=_("The close must lie between the low and the high."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stock.ticker} {self.day}"

    def clean(self) -> None:
        """A suspended share's prices stand still; the adjusted close is the close unless told otherwise."""
        if self.stock_id and hasattr(self.stock, "suspension"):
            raise ValidationError(_("This share is suspended: its prices cannot be changed."))
        if self.adjusted_close is None and self.close is not None:
            self.adjusted_close = self.close

    @property
    def move(self) -> Decimal:
        """What the day has done to the price, in per cent of its open."""
        return 100 * (self.close - self.open) / self.open
