"""The admin of shares and prices."""

from django.contrib import admin
from django.db.models import Count

from shares.models import Price, Stock


@admin.register(Stock)
class StockAdmin(admin.ModelAdmin):
    """Shares; a name can be changed in the list."""

    list_display = ["ticker", "name", "last_close", "watched_by"]
    list_editable = ["name"]
    search_fields = ["ticker", "name"]
    ordering = ["ticker"]

    def get_queryset(self, request):
        """Each share with what its row needs, in one query."""
        return super().get_queryset(request).with_last_close().annotate(n=Count("watchers"))

    @admin.display(description="last close", ordering="last_close", empty_value="–")
    def last_close(self, stock):
        """The newest close."""
        return None if stock.last_close is None else f"{stock.last_close:.2f}"

    @admin.display(description="watched by", ordering="n")
    def watched_by(self, stock):
        """How many people watch it."""
        return stock.n


@admin.register(Price)
class PriceAdmin(admin.ModelAdmin):
    """Prices, twelve thousand of them."""

    list_display = ["share", "day", "close", "move", "volume"]
    list_display_links = ["day"]
    list_select_related = ["stock"]
    list_filter = ["stock"]
    date_hierarchy = "day"
    search_fields = ["=stock__ticker"]
    list_per_page = 50
    autocomplete_fields = ["stock"]
    readonly_fields = ["move"]
    fieldsets = [
        (None, {"fields": [("stock", "day")]}),
        ("US dollars", {"fields": [("open", "close"), ("low", "high"), "move"]}),
        ("More", {"fields": ["volume"], "classes": ["collapse"]}),
    ]

    @admin.display(description="share", ordering="stock__ticker")
    def share(self, price):
        """Whose price it is."""
        return f"{price.stock.name} ({price.stock.ticker})"

    @admin.display(description="move")
    def move(self, price):
        """From open to close, in per cent; a new price has none yet."""
        if price.open is None:
            return "–"
        return f"{100 * (price.close - price.open) / price.open:+.2f} %"
