"""The admin of people, of what they watch, and of their alerts."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from people.models import Alert, Side, User, WatchedStock


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
