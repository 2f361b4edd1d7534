"""Shares, and what they cost each day."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class StockQuerySet(models.QuerySet):
    """What is often asked about shares."""

    def with_last_close(self):
        """Each share with its newest close, all in one query."""
        newest = Price.objects.filter(stock=OuterRef("pk")).order_by("-day")
        return self.annotate(last_close=Subquery(newest.values("close")[:1]))


class Stock(models.Model):
    """A share."""

    ticker = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=80)

    objects = StockQuerySet.as_manager()

    class Meta:
        db_table = "stocks"
        verbose_name, verbose_name_plural = _("share"), _("shares")
        ordering = ["ticker"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ticker=Upper("ticker")), name="ck_stocks_ticker_is_upper_case"
            ),
        ]

    def __str__(self):
        return self.ticker

    def get_absolute_url(self):
        """Where its page is."""
        return reverse("shares:stock", args=[self.ticker])


class Price(models.Model):
    """A trading day of a share, in US dollars as traded on that day."""

    stock = models.ForeignKey(Stock, on_delete=models.CASCADE, related_name="prices")
    day = models.DateField(db_index=True)
    open = models.DecimalField(max_digits=12, decimal_places=4)
    high = models.DecimalField(max_digits=12, decimal_places=4)
    low = models.DecimalField(max_digits=12, decimal_places=4)
    close = models.DecimalField(max_digits=12, decimal_places=4)
    volume = models.BigIntegerField()

    class Meta:
        db_table = "prices"
        verbose_name, verbose_name_plural = _("price"), _("prices")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["stock", "day"], name="uq_prices_stock_id_day"),
            models.CheckConstraint(
                condition=Q(low__gt=0, low__lte=F("high")), name="ck_prices_low_to_high"
            ),
            models.CheckConstraint(
                condition=Q(close__gte=F("low"), close__lte=F("high")),
                name="ck_prices_close_in_range",
            ),
        ]

    def __str__(self):
        return f"{self.day} {self.close:.2f}"
