"""Prices, for everyone."""

from flask import Blueprint, abort, url_for
from werkzeug.routing import BaseConverter

CLOSES = {"AAPL": [444.57, 441.40, 430.47], "IBM": [202.33, 200.83, 202.91]}

pages = Blueprint("quotes", __name__)


class TickerConverter(BaseConverter):
    """Fits one to five capital letters."""

    regex = r"[A-Z]{1,5}"


@pages.get("/")
def front():
    """All shares."""
    links = [f'<a href="{url_for("quotes.stock", symbol=each)}">{each}</a>' for each in CLOSES]
    return f"<h1>Ticker</h1><p>{', '.join(links)}</p>"


@pages.get("/stocks/<ticker:symbol>", defaults={"days": 1})
@pages.get("/stocks/<ticker:symbol>/<int:days>")
def stock(symbol, days):
    """The last closes of one share."""
    if symbol not in CLOSES:
        abort(404)
    return f"<h1>{symbol}</h1><p>{CLOSES[symbol][-days:]}</p>"
