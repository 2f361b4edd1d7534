"""What all lists and forms of the back office have: an audit log, limits on single objects, exports, fast paging."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet, BaseModelFormSet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from netlab.apps.backoffice import audit, exports
from netlab.apps.backoffice.paging import MOST, LimitedPaginator

# What nobody may ask for by a filter in the URL: `?password_hash__startswith=…` would tell it letter by letter.
SECRETS = ("password", "password_hash", "key_hash", "token_hash")


def name_fields(form: Any, more: str = "") -> None:
    """Give each field of a row its name: the head of a column is none to a screen reader."""
    for field in form.fields.values():
        field.widget.attrs["aria-label"] = f"{field.label}{more}"


class InlineRows(BaseInlineFormSet):  # type: ignore[type-arg]
    """The rows below a form."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name the fields."""
        super().add_fields(form, index)
        name_fields(form)


class Rows(BaseModelFormSet):  # type: ignore[type-arg]
    """The rows of a list that are edited in it; those that this user may not touch are locked."""

    may_touch: Callable[[Model], bool]

    def add_fields(self, form: Any, index: int | None) -> None:
        """Lock a row: whatever the browser sends for it is not read."""
        super().add_fields(form, index)
        name_fields(form, f": {form.instance}")
        if form.instance.pk is not None and not type(self).may_touch(form.instance):
            for name, field in form.fields.items():
                field.disabled = name != self.model._meta.pk.name


class OfficeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The base of all."""

    paginator = LimitedPaginator
    show_full_result_count = False  # no second count of all rows beside those that match
    list_per_page = 50
    actions: Sequence[str] | None = ("export_csv",)
    save_on_top = False
    export_fields: ClassVar[Sequence[str]] = ()

    # limits on single objects

    def may_touch(self, request: HttpRequest, obj: Any) -> bool:
        """Whether this user may change or delete this object, provided that the permissions allow it at all."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether something may be changed: by permission, and this object."""
        return super().has_change_permission(request, obj) and (obj is None or self.may_touch(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether something may be deleted: by permission, and this object."""
        return super().has_delete_permission(request, obj) and (obj is None or self.may_touch(request, obj))

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Edit a list within the limits."""
        limited = type(
            "LimitedRows", (Rows,), {"may_touch": staticmethod(lambda obj: self.may_touch(request, obj))}
        )
        return super().get_changelist_formset(request, formset=limited, **kwargs)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Refuse filters by what is secret."""
        if set(lookup.split("__")) & set(self.hidden_lookups(request)):
            return False
        return super().lookup_allowed(lookup, value, request)

    def hidden_lookups(self, request: HttpRequest | None) -> Iterable[str]:
        """The fields that this user may not ask for."""
        return SECRETS

    # actions

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseBase | None:  # type: ignore[override]
        """Refuse to do something with more rows than are counted: nobody has seen how many those are."""
        if (
            request.POST.get("select_across") == "1"
            and len(queryset.order_by().values("pk")[: MOST + 1]) > MOST
        ):
            self.message_user(
                request,
                _("There are more than %(n)s. Use a filter first.") % {"n": f"{MOST:,}"},
                messages.ERROR,
            )
            return None
        return super().response_action(request, queryset)

    def within_limits(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """The chosen rows that may be touched; how many may not is told."""
        rows = list(queryset)
        allowed = [row for row in rows if self.may_touch(request, row)]
        if refused := len(rows) - len(allowed):
            self.message_user(
                request,
                ngettext(
                    "%(n)d was left out: it is not yours to change.",
                    "%(n)d were left out: they are not yours to change.",
                    refused,
                )
                % {"n": refused},
                messages.WARNING,
            )
        return allowed

    def columns(self, request: HttpRequest) -> Sequence[str]:
        """The columns of an export that this user may see."""
        return self.export_fields

    @admin.action(description=_("Export the chosen %(verbose_name_plural)s as CSV"), permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseBase:
        """Send the chosen rows as a file."""
        columns = self.columns(request)
        rows = queryset.select_related(None).values_list(*columns)
        audit.record(
            request,
            "export",
            changes={"of": self.opts.model_name, "rows": rows.count(), "columns": [*columns]},
        )
        header = [column.replace("__", ".") for column in columns]
        return exports.response(str(self.opts.model_name), header, rows.iterator(chunk_size=2000))

    # the audit log

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and write down what was and what is."""
        super().save_model(request, obj, form, change)
        audit.record(request, "change" if change else "add", obj, audit.differences(form))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, and write down what."""
        audit.record(request, "delete", obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete several."""
        for obj in queryset:
            audit.record(request, "delete", obj)
        super().delete_queryset(request, queryset)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save what stands in rows below a form, and write it down."""
        gone = [
            each.instance for each in getattr(formset, "deleted_forms", ()) if each.instance.pk is not None
        ]
        for obj in gone:
            audit.record(request, "delete", obj)
        super().save_formset(request, form, formset, change)
        fresh = set(map(id, formset.new_objects))
        changed = {id(obj) for obj, _fields in formset.changed_objects}
        for each in formset.forms:
            if id(each.instance) in fresh | changed:
                audit.record(
                    request,
                    "add" if id(each.instance) in fresh else "change",
                    each.instance,
                    audit.differences(each),
                )


class ReadOnly(OfficeAdmin):
    """A list that is only read."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted by hand."""
        return False
