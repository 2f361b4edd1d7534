"""Shares and prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from netlab.apps.backoffice import audit
from netlab.apps.backoffice.admin.base import OfficeAdmin
from netlab.apps.backoffice.models import Price, Stock, Suspension, WatchedStock

MOST_SHARES = 100  # in a filter


class IsSuspended(admin.SimpleListFilter):
    """Shares that stand still."""

    title = _("suspended")
    parameter_name = "suspended"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Say what can be chosen."""
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filter."""
        if self.value() in ("yes", "no"):
            return queryset.filter(suspension__isnull=self.value() == "no")
        return queryset


class HasSplit(admin.SimpleListFilter):
    """Days on which one share became several; an index holds just those."""

    title = _("split")
    parameter_name = "split"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Say what can be chosen."""
        return [("yes", _("Days of splits"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filter."""
        return queryset.exclude(split=1) if self.value() == "yes" else queryset


class FewShares(admin.RelatedFieldListFilter):
    """By share, as long as the list of them can be read; the search finds the others."""

    def has_output(self) -> bool:
        """Whether it is shown."""
        return 1 < len(self.lookup_choices) <= MOST_SHARES


class SuspensionInline(admin.StackedInline):  # type: ignore[type-arg]
    """Why a share stands still."""

    model = Suspension
    extra = 0
    fields = ("reason", "since")
    readonly_fields = ("since",)


@admin.register(Stock)
class StockAdmin(OfficeAdmin):
    """Shares; the name can be changed in the list."""

    list_display = ("ticker", "name", "last_day", "last_close", "watchers_count", "is_traded")
    list_editable = ("name",)
    list_filter = (IsSuspended,)
    search_fields = ("ticker", "name")
    search_help_text = _("A ticker or a part of a name")
    inlines = (SuspensionInline,)
    readonly_fields = ("last_day", "last_close", "watchers_count")
    actions = ("suspend", "resume", "export_csv")
    export_fields = ("ticker", "name", "suspension__since", "suspension__reason")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Each share with its last price, found by an index, and how many watch it."""
        last = Price.objects.filter(stock=OuterRef("pk")).order_by("-day")
        watchers = (
            WatchedStock.objects.filter(stock=OuterRef("pk"))
            .order_by()
            .values("stock")
            .annotate(n=Count("id"))
            .values("n")
        )
        return (
            super()
            .get_queryset(request)
            .select_related("suspension")
            .annotate(
                _day=Subquery(last.values("day")[:1]),
                _close=Subquery(last.values("close")[:1]),
                _watchers=Coalesce(Subquery(watchers), 0),
            )
        )

    @admin.display(description=_("last day"), ordering="_day")
    def last_day(self, stock: Any) -> Any:
        """The day of the last price."""
        return stock._day

    @admin.display(description=_("last close"), ordering="_close")
    def last_close(self, stock: Any) -> str | None:
        """What it closed at."""
        return None if stock._close is None else f"{stock._close:,.2f}"

    @admin.display(description=_("watched by"), ordering="_watchers")
    def watchers_count(self, stock: Any) -> Any:
        """How many customers watch it."""
        return stock._watchers

    @admin.display(description=_("traded"), boolean=True, ordering="suspension")
    def is_traded(self, stock: Stock) -> bool:
        """Whether it is not suspended."""
        return not hasattr(stock, "suspension")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A ticker stays: others write it in their links."""
        return ("ticker", *self.readonly_fields) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new share has no prices yet."""
        return ("ticker", "name", *self.readonly_fields) if obj else ("ticker", "name")

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Nor is it suspended."""
        return self.inlines if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A share with prices is suspended, not deleted: its history would go with it."""
        return super().has_delete_permission(request, obj) and obj is not None and not obj.prices.exists()

    def has_suspend_permission(self, request: HttpRequest) -> bool:
        """Who may suspend."""
        return request.user.has_perm("backoffice.add_suspension")

    @admin.action(description=_("Suspend the chosen shares"), permissions=["suspend"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Stock]) -> None:
        """Let shares stand still."""
        stocks = [stock for stock in queryset if not hasattr(stock, "suspension")]
        for stock in stocks:
            Suspension.objects.create(stock=stock)
            audit.record(request, "suspend", stock)
        done = ngettext("%(n)d share is suspended.", "%(n)d shares are suspended.", len(stocks))
        self.message_user(request, done % {"n": len(stocks)}, messages.SUCCESS)

    @admin.action(description=_("Resume the chosen shares"), permissions=["suspend"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Stock]) -> None:
        """Let them trade again."""
        stocks = [stock for stock in queryset if hasattr(stock, "suspension")]
        for stock in stocks:
            stock.suspension.delete()
            audit.record(request, "resume", stock)
        done = ngettext("%(n)d share trades again.", "%(n)d shares trade again.", len(stocks))
        self.message_user(request, done % {"n": len(stocks)}, messages.SUCCESS)


@admin.register(Price)
class PriceAdmin(OfficeAdmin):
    """Prices, of which there may be a million: nothing here makes the database look at each."""

    list_display = ("share", "day", "open", "high", "low", "close", "day_move", "volume", "split")
    list_display_links = ("day",)
    list_select_related = ("stock",)
    list_filter = (HasSplit, ("stock", FewShares))
    show_facets = admin.ShowFacets.NEVER
    date_hierarchy = "day"
    search_fields = ("=stock__ticker",)  # see get_search_results
    search_help_text = _("A ticker, such as AAPL")
    sortable_by = ("day",)  # the order that an index has
    autocomplete_fields = ("stock",)
    fieldsets = (
        (None, {"fields": (("stock", "day"),)}),
        (_("Prices of the day, in US dollars"), {"fields": (("open", "high"), ("low", "close"), "day_move")}),
        (None, {"fields": ("volume", "adjusted_close", "split")}),
    )
    readonly_fields = ("day_move",)
    export_fields = (
        "stock__ticker",
        "day",
        "open",
        "high",
        "low",
        "close",
        "volume",
        "adjusted_close",
        "split",
    )

    def may_touch(self, request: HttpRequest, obj: Price) -> bool:
        """A suspended share's prices stand still."""
        return not hasattr(obj.stock, "suspension")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A price stays with its share and its day."""
        return ("stock", "day", "day_move") if obj else self.readonly_fields

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find the share first, then its prices by an index; a join would make SQLite look at every price."""
        if not search_term.split():
            return queryset, False
        shares = Stock.objects.filter(ticker__in=search_term.upper().split()).values_list("pk", flat=True)
        return queryset.filter(stock__in=list(shares)), False

    @admin.display(description=_("share"))
    def share(self, price: Price) -> str:
        """Its ticker."""
        return price.stock.ticker

    @admin.display(description=_("move of the day"))
    def day_move(self, price: Price) -> str | None:
        """What the day has done to the price."""
        if not price.open or price.close is None:
            return None
        move = price.move.quantize(Decimal("0.01"))
        return f"{'+' if move > 0 else '−' if move < 0 else ''}{abs(move)} %"
