"""The watch-list of whoever is logged in."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_login import current_user, login_required
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from ticker import db
from ticker.forms import WatchForm
from ticker.models import Stock, Watch

pages = Blueprint("watchlist", __name__)


@pages.route("/", methods=["GET", "POST"])
@login_required
def show():
    """Show the list, and add to it."""
    form = WatchForm()
    if form.validate_on_submit():
        form.ticker.errors = add(form.ticker.data, form.note.data)
        if not form.ticker.errors:
            flash(f"You watch {form.ticker.data}.")
            return redirect(url_for("watchlist.show"), 303)
    mine = select(Watch).where(Watch.user_id == current_user.id).options(joinedload(Watch.stock))
    watches = db.session().scalars(mine.order_by(Watch.id)).all()
    return render_template(
        "watchlist.html", form=form, watches=watches
    ), 422 if form.errors else 200


def add(ticker, note):
    """Put a share on the list; what is wrong, if it cannot be."""
    stock = db.session().scalar(select(Stock).where(Stock.ticker == ticker))
    if stock is None:
        return ["There is no such share."]
    db.session().add(Watch(user_id=current_user.id, stock_id=stock.id, note=note))
    try:
        db.session().commit()
    except IntegrityError:
        db.session().rollback()
        return ["You watch it already."]
    return []


@pages.post("/<int:number>/delete")
@login_required
def delete(number):
    """Take one off the list; somebody else's is as little there as one that does not exist."""
    mine = select(Watch).where(Watch.id == number, Watch.user_id == current_user.id)
    watch = db.session().scalar(mine) or abort(404)
    db.session().delete(watch)
    db.session().commit()
    flash("It is off your list.")
    return redirect(url_for("watchlist.show"), 303)
