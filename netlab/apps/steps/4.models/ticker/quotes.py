"""Prices, for everyone."""

from flask import Blueprint, abort, render_template, request
from sqlalchemy import func, select
from werkzeug.routing import BaseConverter

from ticker import db
from ticker.models import Price, Stock

pages = Blueprint("quotes", __name__)


class TickerConverter(BaseConverter):
    """Fits one to five capital letters."""

    regex = r"[A-Z]{1,5}"


def find_stock(symbol):
    """The share of that ticker, or 404."""
    stock = db.session().scalar(select(Stock).where(Stock.ticker == symbol))
    return stock or abort(404, "There is no such share.")


@pages.get("/")
def front():
    """All shares, or those whose names are searched for."""
    wanted = request.args.get("q", "")
    days = select(func.max(Price.day)).where(Price.stock_id == Stock.id)
    last = days.correlate(Stock).scalar_subquery()
    found = (
        select(Stock.ticker, Stock.name, Price.close)
        .join(Price)
        .where(Price.day == last, Stock.name.icontains(wanted, autoescape=True))
        .order_by(Stock.ticker)
    )
    return render_template("front.html", shares=db.session().execute(found).all(), wanted=wanted)


@pages.get("/stocks/<ticker:symbol>")
def stock(symbol):
    """The last closes of one share."""
    found = find_stock(symbol)
    newest = select(Price).where(Price.stock_id == found.id).order_by(Price.day.desc()).limit(5)
    return render_template("stock.html", symbol=symbol, prices=db.session().scalars(newest).all())
