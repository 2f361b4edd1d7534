"""Price alerts: a share, a limit, and the way to be told. A job looks at the prices and sends what is due."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from wtforms.fields.choices import SelectChoice

from netlab.apps.ticker.accounts import status_of
from netlab.apps.ticker.context import db
from netlab.apps.ticker.forms import AlertForm, Form
from netlab.apps.ticker.logins import login_required, the_user
from netlab.apps.ticker.models import Alert, Side, Stock

pages = Blueprint("alerts", __name__)

MOST = 50  # of a user


@pages.get("/")
@login_required
def show() -> ResponseReturnValue:
    """The user's alerts, the newest first."""
    mine = select(Alert).where(Alert.user_id == the_user().id).order_by(Alert.id.desc())
    return render_template("alerts.html", alerts=db().scalars(mine).all(), button=Form())


@pages.route("/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    """Make an alert."""
    form = _form(Alert(side=Side.ABOVE, by_mail=True), request.args.get("ticker", "").upper())
    if not form.validate_on_submit():
        return render_template("alert.html", form=form, alert=None), status_of(form)
    count = select(func.count()).where(Alert.user_id == the_user().id)
    if (db().scalar(count) or 0) >= MOST:
        form.ticker.errors = [f"You have {MOST} alerts, as many as there may be. Delete one first."]
        return render_template("alert.html", form=form, alert=None), 422
    alert = Alert(user_id=the_user().id)
    _fill(alert, form)
    db().add(alert)
    db().commit()
    flash("Your alert is set.")
    return redirect(url_for("alerts.show"), 303)


@pages.route("/<int(max=2147483647):number>", methods=["GET", "POST"])
@login_required
def edit(number: int) -> ResponseReturnValue:
    """Change an alert; one that has come waits again."""
    alert = _mine(number)
    form = _form(alert, alert.stock.ticker)
    if not form.validate_on_submit():
        return render_template("alert.html", form=form, alert=alert), status_of(form)
    _fill(alert, form)
    alert.triggered_at = None
    db().commit()
    flash("Your alert is changed.")
    return redirect(url_for("alerts.show"), 303)


@pages.post("/<int(max=2147483647):number>/delete")
@login_required
def delete(number: int) -> ResponseReturnValue:
    """Delete an alert."""
    db().delete(_mine(number))
    db().commit()
    flash("Your alert is deleted.")
    return redirect(url_for("alerts.show"), 303)


def _mine(number: int) -> Alert:
    """An alert of this user; somebody else's is as little there as one that does not exist."""
    alert = db().scalar(select(Alert).where(Alert.id == number, Alert.user_id == the_user().id))
    if alert is None:
        abort(404, "You have no such alert.")
    return alert


def _form(alert: Alert, ticker: str) -> AlertForm:
    form = AlertForm(obj=alert, data={"ticker": ticker})
    stocks = db().scalars(select(Stock).order_by(Stock.ticker))
    form.ticker.choices = [SelectChoice(stock.ticker, f"{stock.ticker}, {stock.name}") for stock in stocks]
    return form


def _fill(alert: Alert, form: AlertForm) -> None:
    """Write what the form says into an alert."""
    alert.stock = db().scalars(select(Stock).where(Stock.ticker == form.ticker.data)).one()
    alert.side = Side(form.side.data)
    alert.limit_price = Decimal(form.limit_price.data or 0)
    alert.by_mail = form.by_mail.data
    alert.by_sms = form.by_sms.data
