"""The admin of people, of what they watch, and of their alerts; and of what the staff has done."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.db.models import Q
from django.utils import timezone

from people.models import Alert, Side, User, WatchedStock
from ticker.exports import as_csv

RIGHTS = ["is_staff", "is_superuser", "groups", "user_permissions"]


def manages(request):
    """Whether somebody looks after the staff, too."""
    return request.user.has_perm("people.manage_user")


def visible(request, path=""):
    """Which people somebody sees; `path` leads from a row to its person."""
    if request.user.is_superuser:
        return Q()
    hidden = "is_superuser" if manages(request) else "is_staff"
    return Q(**{f"{path}{hidden}": False})


def may_touch(request, person):
    """Whether a person is somebody's to change: for support, customers whose account is open."""
    if request.user.is_superuser or person is None:
        return True
    if manages(request):
        return not person.is_superuser
    return person.is_active and not person.is_staff


class Limited:
    """Limits on single objects, for every way to one: list, form, action, autocomplete."""

    path = ""

    def person(self, obj):
        """Whose row it is."""
        return obj

    def get_queryset(self, request):
        """What is not in here, is not there for this user."""
        return super().get_queryset(request).filter(visible(request, self.path))

    def has_change_permission(self, request, obj=None):
        """By permission, and for this object."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_touch(request, self.person(obj)))

    def has_delete_permission(self, request, obj=None):
        """By permission, and for this object."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_touch(request, self.person(obj)))

    def touchable(self, request, queryset):
        """Of the chosen rows, those that may be touched: an action has to ask itself."""
        return [obj for obj in queryset if may_touch(request, self.person(obj))]


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
class AlertAdmin(Limited, admin.ModelAdmin):
    """Alerts."""

    path = "user__"
    form = AlertForm
    list_display = ["id", "user", "stock", "side", "limit_price", "triggered_at"]
    list_filter = ["side", "stock", ("triggered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "stock"]
    search_fields = ["user__username", "=stock__ticker"]
    autocomplete_fields = ["user", "stock"]
    fields = ["user", "stock", ("side", "limit_price"), ("by_mail", "by_sms"), "triggered_at"]
    readonly_fields = ["triggered_at"]
    actions = ["send_now"]

    def person(self, obj):
        """Whose alert it is."""
        return obj.user

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """A new one is for a person who may be touched, whatever the browser sends."""
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(visible(request), is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_send_permission(self, request):
        """Who may run the action: a right of its own."""
        return request.user.has_perm("people.send_alert")

    @admin.action(description="Send the chosen alerts now", permissions=["send"])
    def send_now(self, request, queryset):
        """Mail each alert that has not been sent yet."""
        rows = queryset.filter(triggered_at=None, by_mail=True).select_related("user", "stock")
        waiting = self.touchable(request, rows)
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
class PersonAdmin(Limited, UserAdmin):
    """People: Django's own admin of users, which hashes passwords, and the watch-list."""

    list_display = ["username", "email", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "groups"]
    inlines = [WatchedInline]
    add_fieldsets = [
        (None, {"fields": ["username", "email", "usable_password", "password1", "password2"]}),
    ]
    actions = ["export_csv", "suspend"]

    def get_readonly_fields(self, request, obj=None):
        """Who hands out rights, could take them all; who changes an address, gets the next password mail."""
        if request.user.is_superuser:
            return self.readonly_fields
        if manages(request):
            own = RIGHTS if obj == request.user else ["is_superuser", "user_permissions"]
            return [*own, "last_login", "date_joined"]
        return [*RIGHTS, "username", "email", "is_active", "last_login", "date_joined"]

    def user_change_password(self, request, *rest, **more):
        """Nobody sets the password of somebody else, who then could not tell who did what."""
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, *rest, **more)

    @admin.action(description="Export the chosen people as CSV", permissions=["view"])
    def export_csv(self, request, queryset):
        """Send the chosen rows as a file."""
        rows = queryset.values_list("username", "first_name", "email", "is_active")
        return as_csv("people", ["name", "first name", "email", "active"], rows)

    @admin.action(description="Suspend the chosen people", permissions=["change"])
    def suspend(self, request, queryset):
        """Close accounts: nobody's own, and no superuser's."""
        chosen = queryset.filter(is_active=True, is_superuser=False).exclude(pk=request.user.pk)
        people = self.touchable(request, chosen)
        for person in people:
            person.is_active = False
            person.save(update_fields=["is_active"])
            self.log_change(request, person, "Suspended.")
        self.message_user(request, f"{len(people)} suspended.", messages.SUCCESS)


@admin.register(LogEntry)
class HistoryAdmin(admin.ModelAdmin):
    """What the staff has done: read by some, changed by nobody."""

    list_display = ["user", "action_flag", "object_repr", "get_change_message"]
    list_filter = ["action_flag", "content_type"]
    list_select_related = ["user", "content_type"]
    date_hierarchy = "action_time"
    search_fields = ["object_repr", "user__username"]

    def has_add_permission(self, request):
        """Nobody writes history."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody rewrites it."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody erases it."""
        return False
