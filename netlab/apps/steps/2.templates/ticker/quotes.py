"""Prices, for everyone."""

from flask import Blueprint, abort, render_template
from werkzeug.routing import BaseConverter

CLOSES = {"AAPL": [444.57, 441.40, 430.47], "IBM": [202.33, 200.83, 202.91]}

pages = Blueprint("quotes", __name__)


class TickerConverter(BaseConverter):
    """Fits one to five capital letters."""

    regex = r"[A-Z]{1,5}"


@pages.get("/")
def front():
    """All shares."""
    return render_template("front.html", shares=sorted(CLOSES))


@pages.get("/stocks/<ticker:symbol>")
def stock(symbol):
    """The last closes of one share."""
    if symbol not in CLOSES:
        abort(404)
    return render_template("stock.html", symbol=symbol, closes=CLOSES[symbol])
