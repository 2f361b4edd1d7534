"""A user's watch-list: shares to keep an eye on."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from netlab.apps.ticker.context import db
from netlab.apps.ticker.forms import Form
from netlab.apps.ticker.logins import login_required, the_user
from netlab.apps.ticker.models import Stock, User, WatchedStock
from netlab.apps.ticker.navigation import next_page
from netlab.apps.ticker.shares import quotes, stock_or_404

pages = Blueprint("watchlist", __name__)

LIST = "watchlist.show"


@pages.get("/")
@login_required
def show() -> ResponseReturnValue:
    """The watched shares and their last prices."""
    watched = select(WatchedStock.stock_id).where(WatchedStock.user_id == the_user().id)
    return render_template("watchlist.html", quotes=quotes(db(), Stock.id.in_(watched)), button=Form())


@pages.post("/<ticker>/add")
@login_required
def add(ticker: str) -> ResponseReturnValue:
    """Watch a share; to watch it twice changes nothing."""
    stock = stock_or_404(ticker)
    name = stock.name
    db().add(WatchedStock(user_id=the_user().id, stock_id=stock.id))
    try:
        db().commit()
    except IntegrityError:  # it is there already
        db().rollback()
    flash(f"{name} is on your watch-list.")
    return redirect(next_page(LIST), 303)


@pages.post("/<ticker>/remove")
@login_required
def remove(ticker: str) -> ResponseReturnValue:
    """Watch a share no longer."""
    stock = stock_or_404(ticker)
    db().execute(
        delete(WatchedStock).where(WatchedStock.user_id == the_user().id, WatchedStock.stock_id == stock.id)
    )
    db().commit()
    flash(f"{stock.name} is no longer on your watch-list.")
    return redirect(next_page(LIST), 303)


def is_watched(user: User, stock: Stock) -> bool:
    """Whether a share is on a user's list."""
    found = select(WatchedStock.id).where(WatchedStock.user_id == user.id, WatchedStock.stock_id == stock.id)
    return db().scalar(found) is not None
