"""Prices, for everyone."""

from flask import Blueprint, abort, render_template, request
from werkzeug.routing import BaseConverter

from ticker import db

LATEST = """
SELECT ticker, name, close FROM stocks JOIN prices ON stock_id = stocks.id
WHERE instr(lower(name), lower(?))
AND day = (SELECT max(day) FROM prices WHERE stock_id = stocks.id) ORDER BY ticker
"""
PRICES = """
SELECT day, close FROM prices JOIN stocks ON stock_id = stocks.id
WHERE ticker = ? ORDER BY day DESC LIMIT 5
"""

pages = Blueprint("quotes", __name__)


class TickerConverter(BaseConverter):
    """Fits one to five capital letters."""

    regex = r"[A-Z]{1,5}"


@pages.get("/")
def front():
    """All shares, or those whose names are searched for."""
    wanted = request.args.get("q", "")
    shares = db.connection().execute(LATEST, (wanted,)).fetchall()
    return render_template("front.html", shares=shares, wanted=wanted)


@pages.get("/stocks/<ticker:symbol>")
def stock(symbol):
    """The last closes of one share."""
    prices = db.connection().execute(PRICES, (symbol,)).fetchall()
    if not prices:
        abort(404)
    return render_template("stock.html", symbol=symbol, prices=prices)
