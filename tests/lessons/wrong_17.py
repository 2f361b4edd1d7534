"""Typical wrong answers of lesson 17: the exercise, words that the report must hold, and the student's code."""

# ruff: noqa: E501 (lines of code within quotes)

MODEL = '''
models_py = """
from django.core.validators import MinValueValidator
from django.db import models


class Dividend(models.Model):
    stock = models.ForeignKey("shares.Stock", on_delete=models.{delete}, {way})
    day = models.{day}
    amount = {amount}
    note = {note}

    class Meta:
        db_table = "dividends"
        constraints = [{unique} {check}]
"""
'''
MODEL_PARTS = {
    "delete": "PROTECT",
    "way": "related_name='dividends'",
    "day": "DateField()",
    "amount": "models.DecimalField(max_digits=12, decimal_places=4)",
    "note": "models.CharField(max_length=200, blank=True, default='')",
    "unique": "models.UniqueConstraint(fields=['stock', 'day'], name='u'),",
    "check": "models.CheckConstraint(condition=models.Q(amount__gt=0), name='c'),",
}
IMPORT = """
import csv
import re

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction


class Command(BaseCommand):
    help = "{help}"

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, **options):
        from contextlib import nullcontext
        from shares.models import Stock

        new = renamed = 0
        try:
            with open(options["file"], newline="", encoding="utf-8") as lines, {atomic}:
                for number, row in enumerate({rows}, {first}):
                    ticker, name = row["ticker"], row["name"]
                    if {bad}:
                        raise CommandError(f"Line {{number}}: {{ticker!r}}, {{name!r}}")
                    stock = Stock.objects.filter(ticker=ticker).first()
                    if stock is None:
                        Stock.objects.create(ticker=ticker, name=name)
                        new += 1
                    elif {differs}:
                        stock.name = name
                        stock.save()
                        renamed += 1
        except {error} as error:
            raise CommandError(str(error)) from error
        {say}
"""
IMPORT_PARTS = {
    "help": "Import names.",
    "atomic": "transaction.atomic()",
    "rows": "csv.DictReader(lines)",
    "first": "2",
    "bad": 'not name or not re.fullmatch(r"[A-Z0-9.]{1,8}", ticker or "")',
    "differs": "stock.name != name",
    "error": "OSError",
    "say": 'self.stdout.write(f"{new} new, {renamed} renamed")',
}
LISTS = """
def watch_lists(people):
    from people.models import User, WatchedStock

    lists = {{}}
    for person in {people}:
        lists[person.username] = {tickers}
    return lists
"""
LISTS_PARTS = {
    "people": 'people.prefetch_related("watched")',
    "tickers": "sorted(stock.ticker for stock in person.watched.all())",
}
YEARS = """
from collections import defaultdict

from django.db.models import Count, F, Max, Min


def years(prices):
    return {years}
"""
GOOD_YEARS = (
    'list(prices.values(year=F("day__year")).annotate(days=Count("pk"), lowest=Min("close"), '
    'highest=Max("close")).order_by("year"))'
)
IN_PYTHON = """
from collections import defaultdict


def years(prices):
    found = defaultdict(list)
    for price in prices:
        found[price.day.year].append(price.close)
    return [
        {"year": year, "days": len(closes), "lowest": min(closes), "highest": max(closes)}
        for year, closes in sorted(found.items())
    ]
"""
SWAP = """
from django.db import transaction


def replace_list(person, tickers):
    from shares.models import Stock

    {body}
"""
VIEW = """
import re

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_safe


{decorators}
def history(request, ticker):
    from shares.models import Stock

    stock = {stock}
    text = {text}
    days = {days}
    if {wrong}:
        return {refuse}
    closes = [{{"day": p.day.isoformat(), "close": {close}}} for p in {prices}]
    return {answer}
"""
VIEW_PARTS = {
    "decorators": "@require_safe\n@cache_control(public=True, max_age=60)",
    "stock": "get_object_or_404(Stock, ticker=ticker)",
    "text": 'request.GET.get("days", "5")',
    "days": 'int(text) if re.fullmatch(r"[0-9]{1,3}", text) else 0',
    "wrong": "not 1 <= days <= 250",
    "refuse": 'JsonResponse({"error": "days"}, status=400)',
    "close": 'f"{p.close:.2f}"',
    "prices": "stock.prices.all()[:days]",
    "answer": 'JsonResponse({"ticker": stock.ticker, "closes": closes})',
}
FORM = """
from decimal import Decimal

from django import forms
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt


class AlertForm(forms.Form):
    ticker = forms.CharField(max_length=8)
    side = {side}
    limit = {limit}

    def clean_ticker(self):
        from shares.models import Stock

        if not {known}:
            raise forms.ValidationError("There is no such share.")
        return self.cleaned_data["ticker"]


{decorator}
def new_alert(request):
    from people.models import Alert, User
    from shares.models import Stock

    form = {form}
    if {good}:
        sent = form.{sent}
        stock = Stock.objects.get(ticker=sent["ticker"])
        Alert.objects.create(user={user}, stock=stock, side=sent["side"], limit_price=sent["limit"])
        return {after}
    {again}
    return render(request, "people/alert_form.html", {{"form": form}}, status={status})
"""
FORM_PARTS = {
    "side": 'forms.ChoiceField(choices=[("above", "above"), ("below", "below")])',
    "limit": 'forms.DecimalField(min_value=Decimal("0.01"), max_value=Decimal("999999"), decimal_places=2)',
    "known": 'Stock.objects.filter(ticker=self.cleaned_data["ticker"]).exists()',
    "decorator": "@login_required",
    "form": "AlertForm(request.POST or None)",
    "good": "form.is_valid()",
    "sent": "cleaned_data",
    "user": "request.user",
    "after": 'redirect("people:watchlist")',
    "again": "",
    "status": "422 if form.is_bound else 200",
}
DEPLOY = """
def production(environment):
    settings = {{
        "DEBUG": False,
        "SECRET_KEY": {key},
        "ALLOWED_HOSTS": environment["TICKER_HOSTS"].split(","),
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
    }}
    {change}
    return settings
"""


def model(**parts):
    return MODEL.format(**MODEL_PARTS | parts)


def importing(**parts):
    return IMPORT.format(**IMPORT_PARTS | parts)


def lists(**parts):
    return LISTS.format(**LISTS_PARTS | parts)


def view(**parts):
    return VIEW.format(**VIEW_PARTS | parts)


def form(**parts):
    return FORM.format(**FORM_PARTS | parts)


def deploy(change="", key='environment["TICKER_SECRET_KEY"]'):
    return DEPLOY.format(change=change, key=key)


def swap(body):
    return SWAP.format(body=body.strip().replace("\n", "\n    "))


CLEAR_AND_ADD = "person.watched.clear()\n{}for ticker in tickers:\n    person.watched.add(Stock.objects.get(ticker=ticker))"

WRONG = [
    ("17-request", "somebody has to make one of environ", 'order = "acfhdbeg"'),
    ("17-request", "so the session comes first", 'order = "cfahdbeg"'),
    ("17-request", "so the view must be known", 'order = "cafdhbeg"'),
    ("17-request", "inside of all middleware", 'order = "cahfdbeg"'),
    ("17-request", "on the way out, when the view", 'order = "cafhdebg"'),
    ("17-request", "must not reach the view", 'order = "cafhbdeg"'),
    ("17-request", "each of them happens once", 'order = "cafh"'),
    ("17-model", "the tax return", model(delete="CASCADE")),
    ("17-model", "is yesterday somewhere", model(day="DateTimeField()")),
    ("17-model", "0.1 + 0.2", model(amount="models.FloatField()")),
    ("17-model", "eight before the point", model(amount="models.DecimalField(max_digits=12, decimal_places=2)")),
    ("17-model", "dividend_set", model(way="")),
    ("17-model", "the other program ask none", model(check="", amount="models.DecimalField(max_digits=12, decimal_places=4, validators=[MinValueValidator(0)])")),
    ("17-model", "the other program ask none", model(check="models.CheckConstraint(condition=models.Q(amount__gte=0), name='c'),")),
    ("17-model", "Nothing forbids it", model(unique="")),
    ("17-model", "The *pair* is there once", model(unique="", day="DateField(unique=True)")),
    ("17-model", "two kinds of nothing", model(note="models.CharField(max_length=200, blank=True, null=True)")),
    ("17-model", "may it be left empty", model(note="models.CharField(max_length=200, default='')")),
    ("17-model", "names the table", model().replace('db_table = "dividends"', "verbose_name = 'dividend'")),
    ("17-model", "NameError", model(day="DateField(default=today)")),
    ("17-model", "fields.E", model(amount="models.DecimalField()")),
    ("17-model", "eight before the point", model(amount="models.DecimalField(max_digits=14, decimal_places=4)")),
    ("17-model", "only the note be empty", model(amount="models.DecimalField(max_digits=12, decimal_places=4, null=True)")),
    ("17-model", "says so late", model(delete="DO_NOTHING")),
    ("17-import", "looks at the letters only", importing(bad='not name or not (ticker or "").isupper() or len(ticker) > 8')),
    ("17-import", "Digits and dots are good", importing(bad='not name or not re.fullmatch(r"[A-Z]{1,8}", ticker or "")')),
    ("17-import", "digits of all scripts", importing(bad='not name or not re.fullmatch(r"[A-Z\\d.]{1,8}", ticker or "")')),
    ("17-import", "is for complaints", importing(say='self.stderr.write(f"{new} new, {renamed} renamed")')),
    ("17-import", "have been written", importing(atomic="nullcontext()")),
    ("17-import", "first line holds the names", importing(first="1")),
    ("17-import", "look at the ticker first", importing(bad='not name or not (ticker or "").upper().isupper() or len(ticker) > 8').replace("filter(ticker=ticker)", "filter(ticker=ticker.upper())").replace("create(ticker=ticker,", "create(ticker=ticker.upper(),")),
    ("17-import", "None and", importing(bad='not re.fullmatch(r"[A-Z0-9.]{1,8}", ticker or "") or name == ""').replace("name=name)", "name=str(name))")),
    ("17-import", "PostgreSQL does", importing(bad='not name or not re.fullmatch(r"[A-Z0-9.]+", ticker or "")')),
    ("17-import", "compare the name", importing(differs="True")),
    ("17-import", "gets the new name", importing(differs="False")),
    ("17-import", "A traceback is for programmers", importing(error="ZeroDivisionError")),
    ("17-import", "goes past whoever calls", importing(say='print(f"{new} new, {renamed} renamed")')),
    ("17-import", "what `--help` says", importing(help="")),
    ("17-import", "read the file with `csv`", importing(rows='[dict(zip(("ticker", "name"), line.strip().split(",", 1))) for line in list(lines)[1:]]')),
    ("17-queries", "without another `order_by`", lists(tickers='[s.ticker for s in person.watched.order_by("ticker")]')),
    ("17-queries", "one more for each", lists(people="people")),
    ("17-queries", "In alphabetical order", lists(tickers="sorted((s.ticker for s in person.watched.all()), reverse=True)")),
    ("17-queries", "not with `User.objects`", lists(people='User.objects.prefetch_related("watched")')),
    ("17-queries", "For each name a list", lists(tickers="person.watched.all()")),
    ("17-queries", "has an empty list", lists(people='people.filter(watched__isnull=False).distinct().prefetch_related("watched")')),
    ("17-figures", "replaces the order that came with it", YEARS.format(years=GOOD_YEARS.replace('.order_by("year")', ""))),
    ("17-figures", "Python counted", IN_PYTHON),
    ("17-figures", "A QuerySet has not asked", YEARS.format(years=GOOD_YEARS.removeprefix("list(").removesuffix(")"))),
    ("17-figures", "One question for each year", "from django.db.models import Count, Max, Min\n\n\ndef years(prices):\n    figures = {'days': Count('pk'), 'lowest': Min('close'), 'highest': Max('close')}\n    return [{'year': d.year, **prices.filter(day__year=d.year).aggregate(**figures)} for d in prices.dates('day', 'year')]\n"),
    ("17-figures", "The first year first", YEARS.format(years=GOOD_YEARS.replace('"year"))', '"-year"))'))),
    ("17-figures", "One row a year", YEARS.format(years=GOOD_YEARS.replace('.values(year=F("day__year"))', '.values("day", year=F("day__year"))'))),
    ("17-figures", "Four names", YEARS.format(years=GOOD_YEARS.replace('year=F("day__year")', '"day__year"').replace('"year"', '"day__year"'))),
    ("17-figures", "then `Count", YEARS.format(years=GOOD_YEARS.replace('Min("close")', 'Min("low")'))),
    ("17-swap", "is not enough", swap("stocks = [Stock.objects.get(ticker=each) for each in tickers]\nperson.watched.clear()\nfor stock in stocks:\n    person.watched.add(stock)")),
    ("17-swap", "takes the old list back no more", swap("old = list(person.watched.all())\ntry:\n    person.watched.clear()\n    for ticker in tickers:\n        person.watched.add(Stock.objects.get(ticker=ticker))\nexcept Exception:\n    person.watched.set(old)\n    raise")),
    ("17-swap", "not durable", swap("with transaction.atomic(durable=True):\n    person.watched.set([Stock.objects.get(ticker=each) for each in tickers])")),
    ("17-swap", "put `with transaction.atomic():`", swap(CLEAR_AND_ADD.format(""))),
    ("17-swap", "thinks that all is well", swap("try:\n    with transaction.atomic():\n        person.watched.set([Stock.objects.get(ticker=each) for each in tickers])\nexcept Stock.DoesNotExist:\n    pass")),
    ("17-swap", "There is no ZOE, and nobody has said so", swap("with transaction.atomic():\n    person.watched.set(Stock.objects.filter(ticker__in=tickers))")),
    ("17-swap", "inside of the block hides the mistake", swap("with transaction.atomic():\n    try:\n        person.watched.clear()\n        for ticker in tickers:\n            person.watched.add(Stock.objects.get(ticker=ticker))\n    except Stock.DoesNotExist:\n        pass")),
    ("17-swap", "and no others", swap("with transaction.atomic():\n    for ticker in tickers:\n        person.watched.add(Stock.objects.get(ticker=ticker))")),
    ("17-swap", "put `with transaction.atomic():`", swap("person.watched.clear()\nwith transaction.atomic():\n    for ticker in tickers:\n        person.watched.add(Stock.objects.get(ticker=ticker))")),
    ("17-swap", "nobody's business", swap("from people.models import WatchedStock\nwith transaction.atomic():\n    WatchedStock.objects.all().delete()\n    for ticker in tickers:\n        person.watched.add(Stock.objects.get(ticker=ticker))")),
    ("17-view", "which raises", view(stock="Stock.objects.get(ticker=ticker)")),
    ("17-view", "small letters is another text", view(stock="get_object_or_404(Stock, ticker=ticker.upper())")),
    ("17-view", "digits of all scripts", view(days="int(text)")),
    ("17-view", "digits of all scripts", view(days="int(text) if text.isdigit() else 0")),
    ("17-view", "digits of all scripts", view(days=r'int(text) if re.fullmatch(r"\d{1,3}", text) else 0')),
    ("17-view", "lets a line break follow", view(days='int(text) if re.match(r"^[0-9]{1,3}$", text) else 0')),
    ("17-view", "Nothing said is five", view(text='request.GET.get("days", "10")')),
    ("17-view", "takes a status", view(refuse='HttpResponse("days", status=400)')),
    ("17-view", "1 to 250", view(wrong="days < 1")),
    ("17-view", "the ends included", view(wrong="not 1 <= days < 250")),
    ("17-view", "answers 405", view(decorators="@cache_control(public=True, max_age=60)")),
    ("17-view", "not `@require_GET`", view(decorators="@require_GET\n@cache_control(public=True, max_age=60)")),
    ("17-view", "dictionary of header fields", view(decorators="@require_safe")),
    ("17-view", "A float is not", view(close="float(p.close)")),
    ("17-view", "Two digits", view(close="str(p.close)")),
    ("17-view", "The newest first", view(prices="reversed(stock.prices.all()[:days])")),
    ("17-view", "text/html is what", view(answer='__import__("django.http").http.HttpResponse(__import__("json").dumps({"ticker": stock.ticker, "closes": closes}))')),
    ("17-form", "knows LOGIN_URL", form(decorator="")),
    ("17-form", "the owner is `request.user`", form(user='User.objects.get(pk=request.POST.get("user", request.user.pk))')),
    ("17-form", "both ends of", form(side='forms.ChoiceField(choices=[("above", "above")])')),
    ("17-form", "both ends of", form(user="User.objects.first()")),
    ("17-form", "returns what the field is worth", form().replace("        return self.cleaned_data[\"ticker\"]\n", "")),
    ("17-form", "as they were checked", form(sent="data")),
    ("17-form", "A GET changes nothing", form(form="AlertForm(request.POST or request.GET or None)")),
    ("17-form", "do not", form(decorator="@csrf_exempt\n@login_required")),
    ("17-form", "only if `form.is_bound`", form(status="422")),
    ("17-form", "so that a program sees it", form(status="200")),
    ("17-form", "Else a reload sends it again", form(after='render(request, "people/alert_form.html", {"form": form})')),
    ("17-form", "the name of the path", form(after='redirect("/")')),
    ("17-form", "Only the database knows", form(known="True").replace("Stock.objects.get(ticker=sent", "Stock.objects.first() or (sent")),
    ("17-form", "finds the very text", form(known='Stock.objects.filter(ticker__iexact=self.cleaned_data["ticker"]).exists()').replace("get(ticker=sent", "get(ticker__iexact=sent")),
    ("17-form", "stops nobody who writes requests", form(side="forms.CharField(max_length=16)")),
    ("17-form", "A limit is above zero", form(limit='forms.DecimalField(min_value=Decimal("0"), max_value=Decimal("999999"), decimal_places=2)')),
    ("17-form", "max_value", form(limit='forms.DecimalField(min_value=Decimal("0.01"), decimal_places=2)')),
    ("17-form", "Two digits behind the point", form(limit='forms.DecimalField(min_value=Decimal("0.01"), max_value=Decimal("999999"))')),
    ("17-form", "not bound and complains", form(form="AlertForm(request.POST)", status="422 if request.method == 'POST' else 200")),
    ("17-form", "it carries its errors", form(again="form = AlertForm()", status='422 if request.method == "POST" else 200')),
    ("17-deploy", "which everybody can read", deploy(key='environment.get("TICKER_SECRET_KEY", "kV7uWq2Zt9xRb4Nn8mPc3Lh6Jd5Gf1Sa0Ye-Uo_TiXwBvCzQpMlKj")')),
    ("17-deploy", "No key stands in a file", deploy('environment["TICKER_SECRET_KEY"]', key='"kV7uWq2Zt9xRb4Nn8mPc3Lh6Jd5Gf1Sa0Ye-Uo_TiXwBvCzQpMlKx"')),
    ("17-deploy", "as the key does", deploy('settings["ALLOWED_HOSTS"] = ["ticker.example", "www.ticker.example"]')),
    ("17-deploy", "every name is taken", deploy('settings["ALLOWED_HOSTS"] = ["*"]')),
    ("17-deploy", "not among ALLOWED_HOSTS", deploy('settings["ALLOWED_HOSTS"] = environment["TICKER_HOSTS"]')),
    ("17-deploy", "redirected for ever", deploy('settings["SECURE_PROXY_SSL_HEADER"] = ("X-Forwarded-Proto", "https")')),
    ("17-deploy", "security.W008", deploy('settings["SECURE_SSL_REDIRECT"] = False')),
    ("17-deploy", "A year, for the name", deploy('settings["SECURE_HSTS_SECONDS"] = 3600')),
    ("17-deploy", "travel over http://", deploy('settings["CSRF_COOKIE_SECURE"] = False')),
    ("17-deploy", "reads your paths", deploy('settings["DEBUG"] = True')),
    ("17-deploy", "Return the dictionary", deploy("return None")),
]  # fmt: skip
