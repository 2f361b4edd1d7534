"""The JSON API: prices for programs, page by page."""

from flask import Blueprint, request, url_for
from sqlalchemy import func, select

from ticker import db
from ticker.errors import problem
from ticker.models import Price
from ticker.quotes import find_stock

routes = Blueprint("api", __name__)
MOST = 100


def number_of(name, default, most):
    """A number of the query: from 1 to `most`, in ASCII digits; None if it is something else."""
    text = request.args.get(name, str(default))
    fits = text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most
    return int(text) if fits else None


@routes.get("/stocks/<ticker:symbol>/prices")
def prices(symbol):
    """One page of the prices of a share, the last day first."""
    page, size = number_of("page", 1, 10**9), number_of("size", 20, MOST)
    asked = {"page": page, "size": size}
    wrong = {name: "a number from 1 on" for name, value in asked.items() if value is None}
    if wrong:
        return problem(422, "The query does not fit.", errors=wrong)
    mine = Price.stock_id == find_stock(symbol).id
    total = db.session().scalar(select(func.count()).where(mine))
    rows = select(Price).where(mine).order_by(Price.day.desc())
    rows = db.session().scalars(rows.limit(size).offset((page - 1) * size))
    more = page * size < total
    return {
        "items": [{"day": row.day.isoformat(), "close": row.close} for row in rows],
        "page": page,
        "total": total,
        "next": url_for("api.prices", symbol=symbol, page=page + 1, size=size) if more else None,
    }
