"""The pages of shares: functions and classes that make a response of a request."""

from django.core.cache import cache
from django.db.models import Q
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.generic import DetailView

from shares.models import Stock
from shares.signals import FRONT

MINUTE = 60  # seconds


@require_safe
def front(request):
    """All shares, or those that a search finds."""
    words = request.GET.get("q", "")
    found = Stock.objects.filter(Q(ticker__iexact=words) | Q(name__icontains=words))
    if words:
        stocks = found.with_last_close()
    else:
        stocks = cache.get_or_set(FRONT, lambda: list(found.with_last_close()), 10 * MINUTE)
    return render(request, "shares/front.html", {"stocks": stocks, "q": words})


class StockDetail(DetailView):
    """A share, with its newest prices."""

    model = Stock
    slug_field = slug_url_kwarg = "ticker"

    def get_context_data(self, **kwargs):
        """What the template may use."""
        return super().get_context_data(newest=self.object.prices.all()[:5], **kwargs)


@require_safe
def prices(request, ticker):
    """The newest prices of a share, for programs."""
    stock = get_object_or_404(Stock, ticker=ticker)
    newest = stock.prices.values("day", "close")[:3]
    return JsonResponse({"ticker": stock.ticker, "prices": list(newest)})


@require_safe
def tape(request):
    """All shares in one line, written by Jinja2."""
    stocks = Stock.objects.with_last_close()
    return render(request, "shares/tape.txt", {"stocks": stocks}, content_type="text/plain")
