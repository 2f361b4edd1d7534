"""Solutions of lesson 17, Django."""

import csv
import re
from decimal import Decimal
from pathlib import Path

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Count, F, Max, Min
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# 17-request: the way of a request
order = "cafhdbeg"

# 17-model: a model against its drawing
models_py = '''
"""What shares pay to those who own them."""

from django.db import models


class Dividend(models.Model):
    """What a share pays on a day."""

    stock = models.ForeignKey("shares.Stock", on_delete=models.PROTECT, related_name="dividends")
    day = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=4)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "dividends"
        constraints = [
            models.UniqueConstraint(fields=["stock", "day"], name="uq_dividends_stock_id_day"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="ck_dividends_amount"),
        ]
'''


# 17-import: a command
class Command(BaseCommand):
    """Import the names of shares, all of a file or none."""

    help = "Import the names of shares from a CSV file."

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, **options):
        from shares.models import Stock

        new = renamed = 0
        try:
            with Path(options["file"]).open(newline="", encoding="utf-8") as lines, transaction.atomic():
                for number, row in enumerate(csv.DictReader(lines), 2):
                    ticker, name = row["ticker"], row["name"]
                    if not name or not re.fullmatch(r"[A-Z0-9.]{1,8}", ticker or ""):
                        raise CommandError(f"Line {number}: {ticker!r}, {name!r}")
                    stock = Stock.objects.filter(ticker=ticker).first()
                    if stock is None:
                        Stock.objects.create(ticker=ticker, name=name)
                        new += 1
                    elif stock.name != name:
                        stock.name = name
                        stock.save()
                        renamed += 1
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{new} new, {renamed} renamed")


# 17-queries: one query more for each of the people
def watch_lists(people):
    """The tickers that each of the people watches, in alphabetical order, by user name."""
    lists = {}
    for person in people.prefetch_related("watched"):
        lists[person.username] = sorted(stock.ticker for stock in person.watched.all())
    return lists


# 17-figures: figures of each year
def years(prices):
    """Of each year: its days, the lowest close and the highest, the first year first."""
    grouped = prices.values(year=F("day__year"))
    counted = grouped.annotate(days=Count("pk"), lowest=Min("close"), highest=Max("close"))
    return list(counted.order_by("year"))


# 17-swap: half a change
def replace_list(person, tickers):
    """Let somebody watch these shares, and no others: all of it, or nothing."""
    from shares.models import Stock

    with transaction.atomic():
        person.watched.clear()
        for ticker in tickers:
            person.watched.add(Stock.objects.get(ticker=ticker))


# 17-view: a view that answers in JSON
@require_safe
@cache_control(public=True, max_age=60)
def history(request, ticker):
    """The newest closes of a share as JSON; ?days= says how many."""
    from shares.models import Stock

    stock = get_object_or_404(Stock, ticker=ticker)
    text = request.GET.get("days", "5")
    days = int(text) if re.fullmatch(r"[0-9]{1,3}", text) else 0
    if not 1 <= days <= 250:
        return JsonResponse({"error": "days: 1 to 250"}, status=400)
    closes = [{"day": p.day.isoformat(), "close": f"{p.close:.2f}"} for p in stock.prices.all()[:days]]
    return JsonResponse({"ticker": stock.ticker, "closes": closes})


# 17-form: a form, and whose alert it becomes
class AlertForm(forms.Form):
    """A share, a side, and the price at which to tell."""

    ticker = forms.CharField(max_length=8)
    side = forms.ChoiceField(choices=[("above", "above"), ("below", "below")])
    limit = forms.DecimalField(min_value=Decimal("0.01"), max_value=Decimal("999999"), decimal_places=2)

    def clean_ticker(self):
        from shares.models import Stock

        if not Stock.objects.filter(ticker=self.cleaned_data["ticker"]).exists():
            raise forms.ValidationError("There is no such share.")
        return self.cleaned_data["ticker"]


@login_required
def new_alert(request):
    """Show the form, or take it: an alert of who has sent it."""
    from people.models import Alert
    from shares.models import Stock

    form = AlertForm(request.POST or None)
    if form.is_valid():
        sent = form.cleaned_data
        stock = Stock.objects.get(ticker=sent["ticker"])
        Alert.objects.create(user=request.user, stock=stock, side=sent["side"], limit_price=sent["limit"])
        return redirect("people:watchlist")
    return render(request, "people/alert_form.html", {"form": form}, status=422 if form.is_bound else 200)


# 17-deploy: settings for production
def production(environment):
    """The settings that are otherwise in production."""
    return {
        "DEBUG": False,
        "SECRET_KEY": environment["TICKER_SECRET_KEY"],
        "ALLOWED_HOSTS": environment["TICKER_HOSTS"].split(","),
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
    }
