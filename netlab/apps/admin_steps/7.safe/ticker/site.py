"""The admin site of the back office: its name, and what its front page shows."""

from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from ticker.login import SecondFactorForm


class OfficeSite(admin.AdminSite):
    """Ticker's back office."""

    site_header = _("Ticker’s back office")
    site_title = _("Ticker’s back office")
    index_title = _("Overview")
    login_form = SecondFactorForm
    login_template = "admin/login_with_code.html"

    def index(self, request, extra_context=None):
        """The front page, with figures for those who may see what they count."""
        context = {"bars": self.bars() if request.user.has_perm("people.view_alert") else []}
        return super().index(request, {**context, **(extra_context or {})})

    def bars(self):
        """For each share, how many alerts wait; and how long its bar is."""
        from shares.models import Stock

        waiting = Count("alerts", filter=Q(alerts__triggered_at=None))
        rows = list(Stock.objects.annotate(n=waiting).values_list("ticker", "n"))
        most = max((n for _ticker, n in rows), default=0) or 1
        return [
            {"ticker": ticker, "n": n, "width": 200 * n // most, "y": 26 * number}
            for number, (ticker, n) in enumerate(rows)
        ]
