"""What everyone may see: the front page, a share's page with its chart, its history, the search."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netlab.apps.ticker import shares
from netlab.apps.ticker.charts import RANGES, SIZES, USUAL, Chart, chart, first_day
from netlab.apps.ticker.context import db
from netlab.apps.ticker.forms import Form
from netlab.apps.ticker.logins import current_user
from netlab.apps.ticker.models import Stock
from netlab.apps.ticker.watchlist import is_watched

pages = Blueprint("quotes", __name__)

PAGE_SIZE = 50  # rows
LONGEST_SEARCH = 80  # characters


@pages.get("/")
def front() -> str:
    """All shares with their last prices."""
    return render_template("front.html", quotes=shares.quotes(db()))


@pages.get("/search")
def search() -> ResponseReturnValue:
    """The shares that fit some words; a ticker leads to its share at once."""
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    found = shares.quotes(db(), shares.matching(words)) if words else []
    for quote in found:
        if quote.stock.ticker == words.upper():
            return redirect(url_for("quotes.stock", ticker=quote.stock.ticker))
    return render_template("search.html", words=words, quotes=found)


@pages.get("/stocks/<ticker>")
def stock(ticker: str) -> ResponseReturnValue:
    """A share: its last price, its chart, its splits."""
    found = shares.stock_or_404(ticker)
    if ticker != found.ticker:
        return redirect(url_for("quotes.stock", ticker=found.ticker), 301)
    user = current_user()
    span = _span()
    quote = _last(found)
    return render_template(
        "stock.html",
        stock=found,
        quote=quote,
        charts=_charts(quote, span),
        span=span,
        ranges=RANGES,
        splits=shares.splits(db(), found),
        watched=user is not None and is_watched(user, found),
        button=Form() if user else None,
    )


@pages.get("/stocks/<ticker>/chart.json")
def chart_figures(ticker: str) -> ResponseReturnValue:
    """The figures of a share's charts, for `chart.js`; unchanged ones are not sent again."""
    found = shares.stock_or_404(ticker)
    span = _span()
    charts = {size: each.as_json() for size, each in _charts(_last(found), span).items()}
    response = jsonify({"range": span, "charts": charts})
    response.add_etag()
    return response.make_conditional(request)


@pages.get("/stocks/<ticker>/history")
def history(ticker: str) -> str:
    """All trading days of a share, page by page."""
    found = shares.stock_or_404(ticker)
    page = shares.history(db(), found, request.args.get("page", 1, type=int), PAGE_SIZE)
    if page is None:
        abort(404, "There is no such page of this history.")
    return render_template("history.html", stock=found, page=page)


def _span() -> str:
    """The range that was asked for."""
    span = request.args.get("range", USUAL)
    if span not in RANGES:
        abort(400, f"A chart shows one of these ranges: {', '.join(RANGES)}.")
    return span


def _last(found: Stock) -> shares.Quote:
    """The share's last quote."""
    last = shares.quotes(db(), Stock.id == found.id)
    if not last:
        abort(404, "There are no prices of this share yet.")
    return last[0]


def _charts(last: shares.Quote, span: str) -> dict[str, Chart]:
    """The chart that ends with a quote, in each size."""
    prices = shares.closes(db(), last.stock, first_day(last.price.day, span))
    return {size: chart(last.stock, prices, size) for size in SIZES}
