"""Accounts, and what hangs on them."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from netlab.apps.backoffice import audit, limits
from netlab.apps.backoffice.admin.base import SECRETS, InlineRows, OfficeAdmin
from netlab.apps.backoffice.models import Alert, Assignment, Customer, WatchedStock
from netlab.apps.ticker.passwords import Passwords, weakness

CONTACT = ("email", "phone")


class PhoneField(forms.CharField):
    """A telephone number, without the characters that people put in to read it."""

    widget = forms.TextInput(attrs={"type": "tel"})

    def to_python(self, value: Any) -> str:
        """Take them out."""
        return re.sub(r"[\s().\-/]", "", super().to_python(value) or "")


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account."""

    class Meta:
        model = Customer
        fields = ("name", "email", "phone")
        field_classes = {"phone": PhoneField}


class NewCustomerForm(CustomerForm):
    """A new account, with a password to begin with; nobody here ever sees or sets one again."""

    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. The customer should change it."),
    )

    def clean_password(self) -> str:
        """Refuse what Ticker refuses, too."""
        password = str(self.cleaned_data["password"])
        if weakness(password, self.cleaned_data.get("email", "")):
            raise ValidationError(_("This is too easy to guess. Use a few words that nobody else combines."))
        return password


class WhoseAccount(admin.SimpleListFilter):
    """By who looks after them."""

    title = _("looked after by")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Say what can be chosen."""
        return [("mine", _("me")), ("nobody", _("nobody"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filter."""
        chosen = {"mine": Q(assignment__staff=request.user.pk), "nobody": Q(assignment=None)}
        return queryset.filter(chosen.get(self.value() or "", Q()))


class OfCustomer(admin.TabularInline):  # type: ignore[type-arg]
    """Rows below an account, within the limits of that account."""

    formset = InlineRows
    extra = 0
    autocomplete_fields = ("stock",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this account may be touched."""
        return super().has_add_permission(request, obj) and self._open(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this account may be touched."""
        return super().has_change_permission(request, obj) and self._open(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this account may be touched."""
        return super().has_delete_permission(request, obj) and self._open(request, obj)

    def _open(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or limits.may_touch(request, obj)


class WatchedInline(OfCustomer):
    """The watch-list."""

    model = WatchedStock
    fields = ("stock", "created_at")
    readonly_fields = ("created_at",)


class AlertInline(OfCustomer):
    """The alerts."""

    model = Alert
    fields = ("stock", "side", "limit_price", "by_mail", "by_sms", "triggered_at")
    readonly_fields = ("triggered_at",)
    show_change_link = True


class AssignmentInline(admin.TabularInline):  # type: ignore[type-arg]
    """Who looks after an account."""

    model = Assignment
    formset = InlineRows
    extra = 0
    fields = ("staff", "since")
    readonly_fields = ("since",)
    autocomplete_fields = ("staff",)


@admin.register(Customer)
class CustomerAdmin(OfficeAdmin):
    """Accounts. What is shown and what may be done depends on the role, and on the account."""

    form = CustomerForm
    list_display = (
        *("name", "email", "is_confirmed", "phone", "is_active", "looked_after_by", "alerts_waiting"),
        "created_at",
    )
    list_filter = ("is_active", WhoseAccount, ("email_confirmed_at", admin.EmptyFieldListFilter))
    list_select_related = ("assignment__staff",)
    date_hierarchy = "created_at"
    search_fields = ("name", "=id")  # and more for some: see get_search_fields
    inlines = (AssignmentInline, WatchedInline, AlertInline)
    readonly_fields = ("email_confirmed_at", "is_active", "created_at", "alerts_waiting")
    actions = ("take_over", "suspend", "reopen", "export_csv")
    export_fields = ("id", "name", "email", "phone", "is_active", "created_at", "assignment__staff__username")

    # what is seen

    def get_queryset(self, request: HttpRequest) -> Any:
        """The accounts that this user may see, each with the number of its alerts."""
        waiting = (
            Alert.objects.filter(user=OuterRef("pk"), triggered_at=None)
            .order_by()
            .values("user")
            .annotate(n=Count("id"))
            .values("n")
        )
        return (
            super()
            .get_queryset(request)
            .filter(limits.visible(request))
            .annotate(_waiting=Coalesce(Subquery(waiting), 0))
        )

    def get_list_display(self, request: HttpRequest) -> Any:
        """Addresses and numbers only for those who may see them."""
        return self._seen(request, self.list_display)

    def get_search_fields(self, request: HttpRequest) -> Any:
        """Who may not see an address may not find it out by searching, either."""
        return ("name", "=id", *(("email", "phone") if limits.sees_contact(request) else ()))

    def hidden_lookups(self, request: HttpRequest | None) -> Any:
        """Nor by a filter in the URL."""
        sees = request is not None and limits.sees_contact(request)
        return SECRETS if sees else (*SECRETS, *CONTACT)

    def columns(self, request: HttpRequest) -> Any:
        """Nor in an export."""
        return self._seen(request, self.export_fields)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nor in the form."""
        if obj is None:
            return ("name", "email", "phone", "password")
        return self._seen(request, ("name", "email", "phone", *self.readonly_fields))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who changes an address takes an account over: only those may who are trusted with all of them."""
        if obj is None:
            return ()
        return self.readonly_fields if request.user.has_perm(limits.ANY) else ("email", *self.readonly_fields)

    def _seen(self, request: HttpRequest, names: Any) -> tuple[str, ...]:
        return tuple(each for each in names if each not in CONTACT or limits.sees_contact(request))

    @admin.display(description=_("looked after by"), ordering="assignment__staff__username")
    def looked_after_by(self, customer: Customer) -> str | None:
        """Who of the staff."""
        return customer.assignment.staff.get_username() if hasattr(customer, "assignment") else None

    @admin.display(description=_("confirmed"), boolean=True, ordering="email_confirmed_at")
    def is_confirmed(self, customer: Customer) -> bool:
        """Whether the address has been shown to be the customer's; mails wait until it is."""
        return customer.email_confirmed_at is not None

    @admin.display(description=_("alerts that wait"), ordering="_waiting")
    def alerts_waiting(self, customer: Any) -> Any:
        """How many."""
        return customer._waiting

    # what may be done

    def may_touch(self, request: HttpRequest, obj: Customer) -> bool:
        """Within the limits."""
        return limits.may_touch(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A new account needs a password."""
        if obj is None:
            kwargs["form"] = NewCustomerForm
        return super().get_form(request, obj, change, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """A new account has nothing yet."""
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        """Hash the first password as Ticker does; an address that is new is to be confirmed anew."""
        if "email" in form.changed_data:
            obj.email_confirmed_at = None
        if not change:
            config = settings.CONFIG
            hasher = Passwords(config.argon2_time, config.argon2_memory, config.argon2_lanes)
            obj.password_hash = hasher.hash(form.cleaned_data["password"])
        super().save_model(request, obj, form, change)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What belongs to an account goes with it, and needs no right of its own."""
        shown, counts, _needed, protected = super().get_deleted_objects(objs, request)
        refused = {self.opts.verbose_name for obj in objs if not self.has_delete_permission(request, obj)}
        return shown, counts, refused, protected

    def has_suspend_permission(self, request: HttpRequest) -> bool:
        """Who may suspend."""
        return request.user.has_perm("backoffice.suspend_customer")

    def has_reopen_permission(self, request: HttpRequest) -> bool:
        """Who may open a suspended account again."""
        return self.has_suspend_permission(request) and request.user.has_perm(limits.ANY)

    @admin.action(description=_("Look after the chosen accounts"), permissions=["change"])
    def take_over(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        """Take accounts that are nobody's."""
        free = [each for each in self.within_limits(request, queryset) if not hasattr(each, "assignment")]
        for customer in free:
            Assignment.objects.create(customer=customer, staff_id=request.user.pk)  # type: ignore[misc]
            audit.record(request, "take over", customer)
        done = ngettext("%(n)d account is yours now.", "%(n)d accounts are yours now.", len(free))
        self.message_user(request, done % {"n": len(free)}, messages.SUCCESS)

    @admin.action(description=_("Suspend the chosen accounts"), permissions=["suspend"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        """Close accounts, and log them out everywhere."""
        customers = [each for each in self.within_limits(request, queryset) if each.is_active]
        for customer in customers:
            self._set_active(request, customer, "suspend", active=False)
            customer.logins.all().delete()
        done = ngettext("%(n)d account is suspended.", "%(n)d accounts are suspended.", len(customers))
        self.message_user(request, done % {"n": len(customers)}, messages.SUCCESS)

    @admin.action(description=_("Open the chosen accounts again"), permissions=["reopen"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        """Open accounts again."""
        customers = [each for each in self.within_limits(request, queryset) if not each.is_active]
        for customer in customers:
            self._set_active(request, customer, "reopen", active=True)
        done = ngettext("%(n)d account is open again.", "%(n)d accounts are open again.", len(customers))
        self.message_user(request, done % {"n": len(customers)}, messages.SUCCESS)

    def _set_active(self, request: HttpRequest, customer: Customer, action: str, *, active: bool) -> None:
        customer.is_active = active
        customer.save(update_fields=["is_active"])
        self.log_change(request, customer, [{"changed": {"fields": ["active"]}}])
        audit.record(request, action, customer)
