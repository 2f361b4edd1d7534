"""Who uses Ticker, and what they have there: Ticker's own tables, again.

A customer is no user of Django's. The two log in at different places, by different rules, and with different
rights: a customer who finds a hole must not be one flag away from the admin.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netlab.apps.backoffice.models.market import LEAST, Stock
from netlab.servers.sms_rules import is_fictional


class Customer(models.Model):
    """Somebody with an account at Ticker."""

    id = models.AutoField(primary_key=True)
    email = models.EmailField(
        _("mail address"),
        max_length=254,
        unique=True,
        error_messages={"unique": _("There is an account with this address.")},
    )
    name = models.CharField(_("name"), max_length=80)
    password_hash = models.CharField(max_length=255, editable=False)
    phone = models.CharField(_("phone number"), max_length=16, null=True, blank=True)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("A suspended account cannot log in, and gets no alerts.")
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    email_confirmed_at = models.DateTimeField(_("address confirmed"), null=True, editable=False)

    class Meta:
        managed = False
        db_table = "users"
        ordering = ("-id",)
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        permissions = [
            ("view_contact", _("Can see mail addresses and phone numbers")),
            ("suspend_customer", _("Can suspend accounts")),
            ("serve_any_customer", _("Can work on every account, whoever it is assigned to")),
        ]

    def __str__(self) -> str:
        # Without the address: this stands in lists and histories of those who may not see it.
        return f"{self.name} (#{self.pk})"

    def clean(self) -> None:
        """Write address and number as Ticker keeps them."""
        self.email = (self.email or "").strip().lower()
        self.phone = self.phone or None
        if self.phone and not is_fictional(self.phone):
            raise ValidationError(
                {"phone": _("Use a number kept for fiction, such as +12025550100 to +12025550199.")}
            )
        if self.name and not self.name.isprintable():
            raise ValidationError({"name": _("Write a name on one line.")})


class WatchedStock(models.Model):
    """A share on a customer's watch-list."""

    id = models.AutoField(primary_key=True)
    user = models.ForeignKey(Customer, models.CASCADE, related_name="watched", verbose_name=_("account"))
    stock = models.ForeignKey(Stock, models.CASCADE, related_name="watchers", verbose_name=_("share"))
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        managed = False
        db_table = "watched_stocks"
        ordering = ("-id",)
        verbose_name = _("watched share")
        verbose_name_plural = _("watch-lists")
        constraints = [
            models.UniqueConstraint(
                fields=("user", "stock"),
                name="uq_watched_stocks_user_id_stock_id",
                violation_error_message=_("The share is on this watch-list already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.stock.ticker}, {self.user}"


class Alert(models.Model):
    """A customer wants to be told, once, when a share closes above or below a limit."""

    class Side(models.TextChoices):
        """Which way a price must go."""

        ABOVE = "above", _("at the limit or above")
        BELOW = "below", _("at the limit or below")

    id = models.AutoField(primary_key=True)
    user = models.ForeignKey(Customer, models.CASCADE, related_name="alerts", verbose_name=_("account"))
    stock = models.ForeignKey(Stock, models.CASCADE, related_name="alerts", verbose_name=_("share"))
    side = models.CharField(_("when it closes"), max_length=16, choices=Side)
    limit_price = models.DecimalField(
        _("limit"),
        max_digits=12,
        decimal_places=4,
        validators=[MinValueValidator(LEAST, _("Write a price above 0."))],
    )
    by_mail = models.BooleanField(_("by mail"), default=True)
    by_sms = models.BooleanField(_("by SMS"), default=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    triggered_at = models.DateTimeField(_("told"), null=True, editable=False)

    class Meta:
        managed = False
        db_table = "alerts"
        ordering = ("-id",)
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        permissions = [("send_alert", _("Can send alerts at once"))]

    def __str__(self) -> str:
        return f"{self.stock.ticker} {'≥' if self.side == self.Side.ABOVE else '≤'} {self.limit_price:.2f}"

    def clean(self) -> None:
        """An alert needs a way, and an SMS a number."""
        if not (self.by_mail or self.by_sms):
            raise ValidationError(_("Choose at least one way: by mail, by SMS, or both."))
        if self.by_sms and self.user_id and not self.user.phone:
            raise ValidationError({"by_sms": _("This account has no phone number.")})

    def is_met(self, price: object) -> bool:
        """Whether a price is what the customer waits for; the limit itself is."""
        above = self.side == self.Side.ABOVE
        return bool(price >= self.limit_price if above else price <= self.limit_price)  # type: ignore[operator]


class Notification(models.Model):
    """A mail or an SMS on its way. Ticker's job sends it (`netlab ticker work`)."""

    class Channel(models.TextChoices):
        """How it travels."""

        MAIL = "mail", _("mail")
        SMS = "sms", _("SMS")

    class State(models.TextChoices):
        """What has become of it."""

        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    id = models.AutoField(primary_key=True)
    user = models.ForeignKey(
        Customer, models.CASCADE, related_name="notifications", verbose_name=_("account")
    )
    alert = models.ForeignKey(
        Alert, models.SET_NULL, null=True, related_name="notifications", verbose_name=_("alert")
    )
    channel = models.CharField(_("channel"), max_length=16, choices=Channel)
    day = models.DateField(_("day"))
    recipient = models.CharField(_("recipient"), max_length=254)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    attempts = models.IntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), null=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True)

    class Meta:
        managed = False
        db_table = "notifications"
        ordering = ("-id",)
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")

    def __str__(self) -> str:
        return f"{self.subject} ({self.get_channel_display()})"


class ApiKey(models.Model):
    """A key with which a customer's program uses the JSON API; only its hash is kept."""

    id = models.AutoField(primary_key=True)
    user = models.ForeignKey(Customer, models.CASCADE, related_name="api_keys", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=16)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        managed = False
        db_table = "api_keys"
        ordering = ("-id",)
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"


class Login(models.Model):
    """A browser in which a customer is logged in at Ticker."""

    id = models.AutoField(primary_key=True)
    user = models.ForeignKey(Customer, models.CASCADE, related_name="logins")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "logins"

    def __str__(self) -> str:
        return f"#{self.pk}"
