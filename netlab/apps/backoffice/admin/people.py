"""The staff themselves, and the log of what they did."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from netlab.apps.backoffice.admin.base import OfficeAdmin, ReadOnly
from netlab.apps.backoffice.models import AuditEntry

RISKY = ("is_superuser", "user_permissions")

admin.site.unregister(User)


@admin.register(User)
class StaffAdmin(OfficeAdmin, UserAdmin):  # type: ignore[type-arg]
    """The staff. An administrator gives roles, and cannot make anybody more than that, himself included."""

    list_display = ("username", "first_name", "last_name", "roles", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Superusers are only seen by superusers."""
        users = super().get_queryset(request).prefetch_related("groups")
        return users if request.user.is_superuser else users.filter(is_superuser=False)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out what makes a superuser."""
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in RISKY]})
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody changes their own rights, or locks themselves out."""
        own = ("is_active", "is_staff", "groups") if obj is not None and obj.pk == request.user.pk else ()
        return (*own, "last_login", "date_joined")

    def may_touch(self, request: HttpRequest, obj: User) -> bool:
        """A superuser is changed by superusers."""
        return request.user.is_superuser or not obj.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes themselves."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.pk != request.user.pk)

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        """The groups."""
        return ", ".join(sorted(group.name for group in user.groups.all()))


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    """What was done; it is only read."""

    list_display = ("at", "staff", "action", "kind", "shown", "address")
    list_filter = ("action",)
    date_hierarchy = "at"
    search_fields = ("staff", "shown", "=kind", "=key")
    search_help_text = _("Who did it, or to whom")
    sortable_by = ()
    export_fields = ("at", "staff", "address", "action", "kind", "key", "shown", "changes")
