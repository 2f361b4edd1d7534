"""People: what they watch, and what they want to be told."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Who has an account: Django's own user, whose mail address is there once."""

    email = models.EmailField(unique=True)
    watched = models.ManyToManyField(
        "shares.Stock", through="WatchedStock", related_name="watchers"
    )

    class Meta:
        db_table = "users"
        permissions = [("manage_user", "Can manage the staff")]


class WatchedStock(models.Model):
    """A share on somebody's watch-list."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    stock = models.ForeignKey("shares.Stock", on_delete=models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "watched_stocks"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "stock"], name="uq_watched_stocks_user_id_stock_id"
            ),
        ]


class Side(models.TextChoices):
    """Which way a price must go for an alert."""

    ABOVE = "above"
    BELOW = "below"


class Alert(models.Model):
    """Somebody wants to be told when a share closes above or below a limit."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="alerts")
    stock = models.ForeignKey("shares.Stock", on_delete=models.CASCADE, related_name="alerts")
    side = models.CharField(max_length=16, choices=Side)
    limit_price = models.DecimalField(max_digits=12, decimal_places=4)
    by_mail = models.BooleanField(default=True)
    by_sms = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    triggered_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        db_table = "alerts"
        verbose_name, verbose_name_plural = _("alert"), _("alerts")
        ordering = ["pk"]
        permissions = [("send_alert", "Can send alerts")]
        constraints = [
            models.CheckConstraint(condition=Q(limit_price__gt=0), name="ck_alerts_limit_positive"),
            models.CheckConstraint(
                condition=Q(by_mail=True) | Q(by_sms=True),
                name="ck_alerts_some_way",
                violation_error_message="Choose mail, SMS, or both.",
            ),
        ]

    def __str__(self):
        return f"{self.stock_id} {self.side} {self.limit_price:.2f}"
