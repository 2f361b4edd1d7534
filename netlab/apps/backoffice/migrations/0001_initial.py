"""Ticker's tables as they are known here, and the tables of the back office."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from netlab.apps.backoffice.cascade import CreateModel


class Migration(migrations.Migration):
    """The first tables."""

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "side",
                    models.CharField(
                        choices=[("above", "at the limit or above"), ("below", "at the limit or below")],
                        max_length=16,
                        verbose_name="when it closes",
                    ),
                ),
                (
                    "limit_price",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0.0001"), "Write a price above 0."
                            )
                        ],
                        verbose_name="limit",
                    ),
                ),
                ("by_mail", models.BooleanField(default=True, verbose_name="by mail")),
                ("by_sms", models.BooleanField(default=False, verbose_name="by SMS")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="since"
                    ),
                ),
                ("triggered_at", models.DateTimeField(editable=False, null=True, verbose_name="told")),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "db_table": "alerts",
                "ordering": ("-id",),
                "permissions": [("send_alert", "Can send alerts at once")],
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("prefix", models.CharField(max_length=16, verbose_name="begins with")),
                ("key_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                ("last_used_at", models.DateTimeField(null=True, verbose_name="last used")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="revoked")),
            ],
            options={
                "verbose_name": "API key",
                "verbose_name_plural": "API keys",
                "db_table": "api_keys",
                "ordering": ("-id",),
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "email",
                    models.EmailField(
                        error_messages={"unique": "There is an account with this address."},
                        max_length=254,
                        unique=True,
                        verbose_name="mail address",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("password_hash", models.CharField(editable=False, max_length=255)),
                (
                    "phone",
                    models.CharField(blank=True, max_length=16, null=True, verbose_name="phone number"),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="A suspended account cannot log in, and gets no alerts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="since"
                    ),
                ),
                (
                    "email_confirmed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="address confirmed"),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "db_table": "users",
                "ordering": ("-id",),
                "permissions": [
                    ("view_contact", "Can see mail addresses and phone numbers"),
                    ("suspend_customer", "Can suspend accounts"),
                    ("serve_any_customer", "Can work on every account, whoever it is assigned to"),
                ],
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Login",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "db_table": "logins",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "channel",
                    models.CharField(
                        choices=[("mail", "mail"), ("sms", "SMS")], max_length=16, verbose_name="channel"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("recipient", models.CharField(max_length=254, verbose_name="recipient")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("body", models.TextField(verbose_name="text")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("sent", "sent"), ("failed", "failed")],
                        default="waiting",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.IntegerField(default=0, verbose_name="attempts")),
                ("error", models.TextField(null=True, verbose_name="error")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                (
                    "next_try_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="next try"),
                ),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent at")),
            ],
            options={
                "verbose_name": "notification",
                "verbose_name_plural": "notifications",
                "db_table": "notifications",
                "ordering": ("-id",),
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("day", models.DateField(verbose_name="day")),
                (
                    "open",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0.0001"), "Write a price above 0."
                            )
                        ],
                        verbose_name="open",
                    ),
                ),
                (
                    "high",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0.0001"), "Write a price above 0."
                            )
                        ],
                        verbose_name="high",
                    ),
                ),
                (
                    "low",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0.0001"), "Write a price above 0."
                            )
                        ],
                        verbose_name="low",
                    ),
                ),
                (
                    "close",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0.0001"), "Write a price above 0."
                            )
                        ],
                        verbose_name="close",
                    ),
                ),
                ("volume", models.PositiveBigIntegerField(verbose_name="volume")),
                (
                    "adjusted_close",
                    models.DecimalField(
                        blank=True,
                        decimal_places=8,
                        help_text="For splits and dividends that came later. Empty: the close itself.",
                        max_digits=14,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("1E-8"), "Write a price above 0."
                            )
                        ],
                        verbose_name="adjusted close",
                    ),
                ),
                (
                    "split",
                    models.DecimalField(
                        decimal_places=4,
                        default=Decimal("1"),
                        help_text="How many shares one became on this day; 1 without a split.",
                        max_digits=8,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0.0001"), "Write a number above 0."
                            )
                        ],
                        verbose_name="split",
                    ),
                ),
            ],
            options={
                "verbose_name": "price",
                "verbose_name_plural": "prices",
                "db_table": "prices",
                "ordering": ("-day", "-id"),
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Stock",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "ticker",
                    models.CharField(
                        max_length=8,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z][A-Z0-9.\\-]{0,7}\\Z", "Write capital letters, such as AAPL."
                            )
                        ],
                        verbose_name="ticker",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
            ],
            options={
                "verbose_name": "share",
                "verbose_name_plural": "shares",
                "db_table": "stocks",
                "ordering": ("ticker",),
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="WatchedStock",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="since"
                    ),
                ),
            ],
            options={
                "verbose_name": "watched share",
                "verbose_name_plural": "watch-lists",
                "db_table": "watched_stocks",
                "ordering": ("-id",),
                "managed": False,
            },
        ),
        CreateModel(
            name="Suspension",
            fields=[
                (
                    "stock",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="suspension",
                        serialize=False,
                        to="backoffice.stock",
                        verbose_name="share",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "since",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="since"
                    ),
                ),
            ],
            options={
                "verbose_name": "suspension",
                "verbose_name_plural": "suspensions",
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="when"
                    ),
                ),
                ("staff", models.CharField(db_index=True, max_length=150, verbose_name="who")),
                ("address", models.CharField(max_length=45, verbose_name="from where")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("add", "add"),
                            ("change", "change"),
                            ("delete", "delete"),
                            ("export", "export"),
                            ("suspend", "suspend"),
                            ("resume", "resume"),
                            ("reopen", "reopen"),
                            ("take over", "take over"),
                            ("send", "send"),
                            ("try again", "try again"),
                            ("revoke", "revoke"),
                            ("log in", "log in"),
                            ("log out", "log out"),
                            ("log-in failed", "log-in failed"),
                        ],
                        db_index=True,
                        max_length=40,
                        verbose_name="what",
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=40, verbose_name="of what kind")),
                ("key", models.CharField(blank=True, max_length=40, verbose_name="key")),
                ("shown", models.CharField(blank=True, max_length=200, verbose_name="of whom or what")),
                ("changes", models.JSONField(default=dict, verbose_name="changes")),
            ],
            options={
                "verbose_name": "entry of the audit log",
                "verbose_name_plural": "audit log",
                "ordering": ("-id",),
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["kind", "key"], name="backoffice_audit_object")],
            },
        ),
        migrations.CreateModel(
            name="LoginAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("username", models.CharField(max_length=150)),
                ("address", models.CharField(max_length=45)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["username", "at"], name="backoffice_attempt_username"),
                    models.Index(fields=["address", "at"], name="backoffice_attempt_address"),
                ],
            },
        ),
        CreateModel(
            name="Assignment",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="assignment",
                        serialize=False,
                        to="backoffice.customer",
                        verbose_name="account",
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="since"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        limit_choices_to={"is_active": True, "is_staff": True},
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked after by",
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
                "verbose_name_plural": "assignments",
            },
        ),
    ]
