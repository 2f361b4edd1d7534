"""The admin of people, of what they watch, and of their alerts."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.core.mail import send_mail
from django.utils import timezone

from people.models import Alert, Side, User, WatchedStock
from ticker.exports import as_csv


class AlertForm(forms.ModelForm):
    """An alert, checked for what no single field can know."""

    def clean(self):
        """A limit that has been reached already would ring at once."""
        cleaned = super().clean()
        stock, limit = cleaned.get("stock"), cleaned.get("limit_price")
        newest = stock.prices.first() if stock and limit else None
        if newest and cleaned.get("side") == Side.ABOVE and limit <= newest.close:
            self.add_error("limit_price", f"The last close was {newest.close:.2f} already.")
        return cleaned


@admin.register(Alert)
class AlertAdmin(admin.ModelAdmin):
    """Alerts."""

    form = AlertForm
    list_display = ["id", "user", "stock", "side", "limit_price", "triggered_at"]
    list_filter = ["side", "stock", ("triggered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "stock"]
    search_fields = ["user__username", "=stock__ticker"]
    autocomplete_fields = ["user", "stock"]
    fields = ["user", "stock", ("side", "limit_price"), ("by_mail", "by_sms"), "triggered_at"]
    readonly_fields = ["triggered_at"]
    actions = ["send_now"]

    def has_send_permission(self, request):
        """Who may run the action: a right of its own."""
        return request.user.has_perm("people.send_alert")

    @admin.action(description="Send the chosen alerts now", permissions=["send"])
    def send_now(self, request, queryset):
        """Mail each alert that has not been sent yet."""
        waiting = queryset.filter(triggered_at=None, by_mail=True).select_related("user", "stock")
        for alert in waiting:
            words = f"{alert.stock.ticker} is {alert.side} {alert.limit_price:.2f}."
            send_mail(f"Ticker: {alert.stock.ticker}", words, None, [alert.user.email])
            alert.triggered_at = timezone.now()
            alert.save(update_fields=["triggered_at"])
            self.log_change(request, alert, "Sent.")
        self.message_user(request, f"{len(waiting)} sent.", messages.SUCCESS)


class WatchedInline(admin.TabularInline):
    """A watch-list, as rows below its owner."""

    model = WatchedStock
    extra = 1
    autocomplete_fields = ["stock"]
    readonly_fields = ["created_at"]


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People: Django's own admin of users, which hashes passwords, and the watch-list."""

    list_display = ["username", "email", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "groups"]
    inlines = [WatchedInline]
    add_fieldsets = [
        (None, {"fields": ["username", "email", "usable_password", "password1", "password2"]}),
    ]
    actions = ["export_csv", "suspend"]

    @admin.action(description="Export the chosen people as CSV", permissions=["view"])
    def export_csv(self, request, queryset):
        """Send the chosen rows as a file."""
        rows = queryset.values_list("username", "first_name", "email", "is_active")
        return as_csv("people", ["name", "first name", "email", "active"], rows)

    @admin.action(description="Suspend the chosen people", permissions=["change"])
    def suspend(self, request, queryset):
        """Close accounts: nobody's own, and no superuser's."""
        people = queryset.filter(is_active=True, is_superuser=False).exclude(pk=request.user.pk)
        for person in people:
            person.is_active = False
            person.save(update_fields=["is_active"])
            self.log_change(request, person, "Suspended.")
        self.message_user(request, f"{len(people)} suspended.", messages.SUCCESS)
