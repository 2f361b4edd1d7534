"""Watch-lists, alerts, notifications and API keys: what customers have, within the limits of their accounts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from netlab.apps.backoffice import audit, limits, notices
from netlab.apps.backoffice.admin.base import OfficeAdmin
from netlab.apps.backoffice.models import Alert, ApiKey, Notification, WatchedStock


class OfCustomers(OfficeAdmin):
    """Rows that belong to accounts."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those of the accounts that this user may see."""
        return super().get_queryset(request).filter(limits.visible(request, "user__"))

    def may_touch(self, request: HttpRequest, obj: Any) -> bool:
        """Those of the accounts that this user may touch."""
        return limits.may_touch(request, obj.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A new row can only belong to such an account, whatever the browser sends."""
        if db_field.name == "user":
            kwargs["queryset"] = limits.touchable(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A row stays with its account."""
        return (*(("user",) if obj else ()), *self.readonly_fields)


@admin.register(WatchedStock)
class WatchedStockAdmin(OfCustomers):
    """Watch-lists."""

    list_display = ("stock", "user", "created_at")
    list_filter = ("stock",)
    list_select_related = ("stock", "user__assignment")
    date_hierarchy = "created_at"
    search_fields = ("=stock__ticker", "user__name")
    autocomplete_fields = ("stock", "user")
    fields = ("user", "stock", "created_at")
    readonly_fields = ("created_at",)
    export_fields = ("user_id", "stock__ticker", "created_at")


@admin.register(Alert)
class AlertAdmin(OfCustomers):
    """Alerts; the limit can be changed in the list."""

    list_display = ("id", "stock", "user", "side", "limit_price", "by_mail", "by_sms", "triggered_at")
    list_editable = ("limit_price",)
    list_filter = (("triggered_at", admin.EmptyFieldListFilter), "side", "by_mail", "by_sms", "stock")
    list_select_related = ("stock__suspension", "user__assignment")
    date_hierarchy = "created_at"
    search_fields = ("=stock__ticker", "user__name")
    search_help_text = _("A ticker or a part of a customer’s name")
    autocomplete_fields = ("stock", "user")
    fields = ("user", "stock", ("side", "limit_price"), ("by_mail", "by_sms"), "created_at", "triggered_at")
    readonly_fields = ("created_at", "triggered_at")
    actions = ("send_now", "export_csv")
    export_fields = (
        *("id", "user_id", "stock__ticker", "side", "limit_price", "by_mail", "by_sms", "created_at"),
        "triggered_at",
    )

    def save_model(self, request: HttpRequest, obj: Alert, form: Any, change: bool) -> None:
        """An alert that is changed waits again, as it does at Ticker."""
        if form.changed_data:
            obj.triggered_at = None
        super().save_model(request, obj, form, change)

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Who may send."""
        return request.user.has_perm("backoffice.send_alert")

    @admin.action(description=_("Send the chosen alerts now"), permissions=["send"])
    def send_now(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        """Send what the last close meets, and say what was not sent."""
        alerts = self.within_limits(request, queryset)
        outcome = notices.send_now(alerts, settings.CONFIG.ticker_url)
        for alert in outcome.sent:
            audit.record(request, "send", alert)
        count = len(outcome.sent)
        done = ngettext("%(n)d alert is on its way.", "%(n)d alerts are on their way.", count)
        self.message_user(request, done % {"n": count}, messages.SUCCESS if count else messages.INFO)
        if outcome.not_met:
            words = ngettext(
                "%(n)d alert waits: the last close has not reached its limit.",
                "%(n)d alerts wait: the last close has not reached their limits.",
                outcome.not_met,
            )
            self.message_user(request, words % {"n": outcome.not_met}, messages.INFO)
        if outcome.unconfirmed:
            words = ngettext(
                "%(n)d of them waits until the customer has confirmed the mail address.",
                "%(n)d of them wait until the customers have confirmed their mail addresses.",
                outcome.unconfirmed,
            )
            self.message_user(request, words % {"n": outcome.unconfirmed}, messages.WARNING)
        if outcome.left_out:
            words = ngettext(
                "%(n)d alert was left out: told already, suspended, or without a price.",
                "%(n)d alerts were left out: told already, suspended, or without a price.",
                outcome.left_out,
            )
            self.message_user(request, words % {"n": outcome.left_out}, messages.WARNING)


@admin.register(Notification)
class NotificationAdmin(OfCustomers):
    """What was sent, and what could not be."""

    list_display = ("subject", "channel", "recipient", "state", "attempts", "next_try_at", "sent_at")
    list_filter = ("state", "channel")
    list_select_related = ("user__assignment",)
    date_hierarchy = "day"
    search_fields = ("subject", "recipient")
    actions = ("try_again", "export_csv")
    export_fields = ("id", "user_id", "channel", "day", "state", "attempts", "error", "created_at", "sent_at")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It says where it goes: only for those who may see that."""
        return super().has_view_permission(request, obj) and limits.sees_contact(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The same."""
        return super().has_change_permission(request, obj) and limits.sees_contact(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only an alert makes one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was sent was sent."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """It is only read."""
        return tuple(field.name for field in self.opts.fields)

    @admin.action(description=_("Try the chosen notifications again"), permissions=["change"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Notification]) -> None:
        """Put what failed back on its way."""
        chosen = self.within_limits(request, queryset)
        for each in chosen:
            audit.record(request, "try again", each)
        count = notices.try_again(chosen)
        done = ngettext("%(n)d notification is tried again.", "%(n)d notifications are tried again.", count)
        self.message_user(request, done % {"n": count}, messages.SUCCESS)


@admin.register(ApiKey)
class ApiKeyAdmin(OfCustomers):
    """Keys of customers' programs."""

    list_display = ("prefix", "name", "user", "created_at", "last_used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user__assignment",)
    search_fields = ("prefix", "user__name")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only its owner makes one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It is revoked, so that it can be told what it was."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the hash."""
        return ("user", "name", "prefix", "created_at", "last_used_at", "revoked_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """It is only read."""
        return self.get_fields(request, obj)

    @admin.action(description=_("Revoke the chosen keys"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """End keys."""
        keys = [key for key in self.within_limits(request, queryset) if key.revoked_at is None]
        for key in keys:
            key.revoked_at = timezone.now()
            key.save(update_fields=["revoked_at"])
            audit.record(request, "revoke", key)
        done = ngettext("%(n)d key is revoked.", "%(n)d keys are revoked.", len(keys))
        self.message_user(request, done % {"n": len(keys)}, messages.SUCCESS)
