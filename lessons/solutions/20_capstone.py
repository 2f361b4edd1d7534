"""Solutions of the exercises of lesson 20, the capstone."""

# 20-journey
order = "bdcefag"


# 20-rule
def moved(closes, percent=5):
    """Return words about a move of so many percent or more since the day before, or None."""
    if len(closes) < 2:
        return None
    last = closes[-1]
    base = closes[-2].close / last.split
    change = 100 * (last.close - base) / base
    if abs(change) < percent:
        return None
    return f"{'rose' if change > 0 else 'fell'} by {abs(change):.1f} %"


# 20-endpoint
MOVERS = '''
from flask import Blueprint, abort, jsonify, request

from netlab.apps.ticker.context import db
from netlab.apps.ticker.shares import quotes

pages = Blueprint("movers", __name__)


@pages.get("/api/movers")
def movers():
    """The shares that moved most on their last day, as JSON, the biggest move first."""
    wanted = request.args.get("limit", "5")
    if not (wanted.isascii() and wanted.isdecimal() and 1 <= int(wanted) <= 20):
        abort(422)
    known = [quote for quote in quotes(db()) if quote.percent is not None]
    known.sort(key=lambda quote: (-abs(quote.percent), quote.stock.ticker))
    rows = [{"ticker": quote.stock.ticker, "percent": str(quote.percent)} for quote in known]
    return jsonify(rows[: int(wanted)])
'''


# 20-chart
def draw_strength(prices, one, other, ax):
    """Draw how one share did beside another one, 100 on the first day that both have; return the axes."""
    wide = prices.pivot(index="Date", columns="Ticker", values="Adj Close")
    both = wide[[one, other]].dropna()
    ratio = both[one] / both[other]
    ax.plot(ratio.index, 100 * ratio / ratio.iloc[0])
    ax.axhline(100, linewidth=0.8)
    ax.set_title(f"{one} beside {other}")
    ax.set_ylabel("first day = 100")
    return ax


# 20-monday
monday = ("https", "expired certificate")


def mend_monday(system):
    """Take the cause away."""
    system.certify()


# 20-tuesday
tuesday = ("database", "slow query")


def mend_tuesday(system):
    """Take the cause away."""
    system.sql("CREATE INDEX ix_prices_day ON prices (day)")
    system.run("archive")


# 20-wednesday
wednesday = ("sms", "dead port")


def mend_wednesday(system):
    """Take the cause away."""
    system.restart("sms")
    system.later(minutes=2)
    system.run("send")


# 20-thursday
thursday = ("dns", "wrong DNS record")


def mend_thursday(system):
    """Take the cause away."""
    system.zone = system.zone.replace("127.0.0.66", "127.0.0.1")
