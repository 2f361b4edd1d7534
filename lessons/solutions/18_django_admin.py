"""Solutions of lesson 18, Django's admin."""

from netlab.apps.admin_pages import read


# 18-change: a form, filled in by a program
def change(browser, url, **fields):
    """Change these fields of an object, leave the others; the errors, [] if it was saved."""
    page = not_refused(browser.get(url, timeout=5))
    form = read(page.text).form
    for name in fields:
        if name not in form.names:
            raise KeyError(name)
    data = [(name, value) for name, value in form.fields if name not in fields] + list(fields.items())
    answer = not_refused(browser.post(url, data, timeout=5))
    return [] if answer.history else read(answer.text).errors


def not_refused(answer):
    """The answer, unless it is the login or a refusal."""
    if "/login/" in answer.url or answer.status_code == 403:
        raise PermissionError(answer.url)
    return answer


# 18-list: a list of prices
admin_py = '''
"""The admin of prices."""

from django.contrib import admin

from shares.models import Price


@admin.register(Price)
class PriceAdmin(admin.ModelAdmin):
    """Prices, the newest first."""

    list_display = ["share", "day", "close", "span", "volume"]
    list_display_links = ["day"]
    list_select_related = ["stock"]
    list_filter = ["stock"]
    list_per_page = 40
    date_hierarchy = "day"
    search_fields = ["=stock__ticker"]
    ordering = ["-day", "stock__ticker"]

    @admin.display(ordering="stock__ticker")
    def share(self, price):
        """Whose price it is."""
        return price.stock.ticker

    @admin.display
    def span(self, price):
        """From the lowest to the highest."""
        return f"{price.high - price.low:.2f}"
'''

# 18-form: alerts, and a rule for them
people_admin = """
from django import forms
from django.contrib import admin

from people.models import Alert


class AlertForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        stock, limit = cleaned.get("stock"), cleaned.get("limit_price")
        newest = stock.prices.first() if stock and limit else None
        if newest and not newest.close / 10 <= limit <= newest.close * 10:
            self.add_error("limit_price", f"The last close was {newest.close:.2f}.")
        return cleaned


@admin.register(Alert)
class AlertAdmin(admin.ModelAdmin):
    form = AlertForm
    autocomplete_fields = ["user", "stock"]
    readonly_fields = ["created_at", "triggered_at"]


class AlertInline(admin.TabularInline):
    model = Alert
    form = AlertForm
    extra = 0
    readonly_fields = ["created_at", "triggered_at"]
"""


# 18-cell: a cell that is no formula
def cell(value):
    """A value for a cell of a CSV file."""
    if value is None:
        return ""
    if isinstance(value, int | float) or type(value).__name__ == "Decimal":
        return value
    text = str(value)
    return "'" + text if text.lstrip().startswith(("=", "+", "-", "@")) else text


# 18-suspend: an action without care
suspend_admin = '''
"""The admin of people."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin

from people.models import User


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People."""

    actions = ["suspend"]

    @admin.action(description="Suspend the chosen people", permissions=["change"])
    def suspend(self, request, queryset):
        """Close accounts: nobody's own, and no superuser's."""
        people = list(queryset.filter(is_active=True, is_superuser=False).exclude(pk=request.user.pk))
        for person in people:
            person.is_active = False
            person.save(update_fields=["is_active"])
            self.log_change(request, person, "Suspended.")
        self.message_user(request, f"{len(people)} suspended.", messages.SUCCESS)
'''

# 18-roles: as little as they need
roles = {
    "clerk": {"shares.stock": ["view"], "shares.price": ["view", "add", "change"]},
    "auditor": {"admin.logentry": ["view"], "people.user": ["view"], "people.alert": ["view"]},
    "desk": {"people.alert": ["view", "change", "send"]},
}

# 18-limits: a limit with three back doors
alert_admin = '''
"""The admin of alerts: support works for customers, and the staff is none of its business."""

from django.contrib import admin

from people.models import Alert, User


def may_touch(request, person):
    """Managers may touch all; support customers whose account is open."""
    if request.user.has_perm("people.manage_user"):
        return True
    return person.is_active and not person.is_staff


@admin.register(Alert)
class AlertAdmin(admin.ModelAdmin):
    """Alerts."""

    list_display = ["id", "user", "stock", "limit_price"]
    list_editable = ["limit_price"]

    def get_queryset(self, request):
        """What is not in here, is not there."""
        alerts = super().get_queryset(request)
        if request.user.has_perm("people.manage_user"):
            return alerts
        return alerts.filter(user__is_staff=False, user__is_active=True)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """For whom a new one may be."""
        if db_field.name == "user" and not request.user.has_perm("people.manage_user"):
            kwargs["queryset"] = User.objects.filter(is_staff=False, is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        """By right, and for this one."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_touch(request, obj.user))
'''

# 18-history: a history to read
answers = {
    "account": "bob",
    "by": "sue",
    "at": ["09:20", "09:21"],
    "opened_by": "amy",
    "lost": "AAPL below 400.00",
    "old_address": "not there",
}

# 18-throttle: a login that is slow to guess
login_py = '''
"""The login of the staff, slow to guess."""

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError

MOST = 5  # wrong tries
SECONDS = 15 * 60


class LogInForm(AdminAuthenticationForm):
    """Asks the password only as often as that is allowed."""

    def clean(self):
        """Look at the number of tries, then at the password."""
        key = f"tries:{self.cleaned_data.get('username', '').lower()}"
        if cache.get(key, 0) >= MOST:
            raise ValidationError("Too many tries.", code="throttled")
        cache.add(key, 0, SECONDS)
        cache.incr(key)
        cleaned = super().clean()
        if self.get_user():  # nobody, if a field was empty: then no password was looked at
            cache.delete(key)
        return cleaned
'''
