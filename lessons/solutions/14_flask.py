"""Solutions of lesson 14, Flask."""

import re
from decimal import Decimal

import sqlalchemy as sa
from alembic import op
from flask import Flask, abort, redirect, render_template_string, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import DecimalField, StringField
from wtforms.validators import InputRequired, NumberRange, Regexp

from netlab.apps.ticker.models import User

# 14-life: the life of a request
order = "cbfegadh"


# 14-route: an application with a route
def create_app(closes):
    """Make a site that serves `/stocks/<ticker>/<days>`, the last closes as JSON."""
    app = Flask("exercise")

    @app.get("/stocks/<ticker>/<int(min=1):days>")
    def last(ticker, days):
        if ticker not in closes:
            abort(404)
        return closes[ticker][-days:]

    return app


# 14-template: mend a page
page = """
{% extends "base.html" %}
{% block title %}Shares · Ticker{% endblock %}
{% block content %}
<h1>Shares</h1>
<ul>
  {% for share in shares %}
  <li>
    <a href="{{ url_for('quotes.stock', symbol=share.ticker) }}">{{ share.name }}</a>
    {{ "%.2f"|format(share.close) }}
  </li>
  {% else %}
  <li>There are no shares yet.</li>
  {% endfor %}
</ul>
{% endblock %}
"""

# 14-sql: an open question
ORDERS = {"day": "day", "-day": "day DESC", "close": "close", "-close": "close DESC"}


def list_prices(connection, ticker, order="day"):
    """The prices of a share, as (day, close), sorted by a column; a minus sign turns it round."""
    if order not in ORDERS:
        raise ValueError(f"There is no order {order!r}.")
    question = f"SELECT day, close FROM prices WHERE ticker = ? ORDER BY {ORDERS[order]}"
    return connection.execute(question, (ticker,)).fetchall()


# 14-model: one more question for each row
def watched(session):
    """The tickers that each user watches, in alphabetical order, by mail address."""
    lists = {}
    for user in session.scalars(select(User).options(selectinload(User.watched))):
        lists[user.email] = sorted(watch.stock.ticker for watch in user.watched)
    return lists


# 14-migration: a migration that keeps the rows
def upgrade():
    """Give users a name, never empty; whoever is there already, is called as the address is before its @."""
    op.add_column("users", sa.Column("name", sa.String(80), nullable=True))
    op.execute("UPDATE users SET name = substr(email, 1, instr(email, '@') - 1)")
    with op.batch_alter_table("users") as table:
        table.alter_column("name", existing_type=sa.String(80), nullable=False)


# 14-form: a form that is not taken in
PAGE = """
<form method="post" novalidate>{{ form.csrf_token }}
  {% for field in (form.ticker, form.limit) %}
  {{ field.label }} {{ field() }}
  {% for each in field.errors %}<p class="error">{{ each }}</p>{% endfor %}
  {% endfor %}
  <button>Set</button>
</form>
"""


class AlertForm(FlaskForm):
    """A share, and the price at which to tell."""

    ticker = StringField(
        "Ticker", [InputRequired(), Regexp(r"[A-Z]{1,5}\Z", message="One to five capitals.")]
    )
    limit = DecimalField("Limit", [InputRequired(), NumberRange(Decimal("0.01"), Decimal("999999"))])


def alert(save):
    """Show the form, or take it: save(ticker, limit), then 303 to /alerts."""
    form = AlertForm()
    if form.validate_on_submit():
        save(form.ticker.data, form.limit.data)
        return redirect("/alerts", 303)
    return render_template_string(PAGE, form=form), 422 if form.is_submitted() else 200


# 14-owner: whose page, and where to
def is_ours(target):
    """Whether a target is a path on this site."""
    return re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", target) is not None


def find_alert(alerts, number):
    """The alert of that number, for the user who is logged in."""
    alert = alerts.get(number)
    if alert is None or alert["owner"] != current_user.id:
        abort(404)
    return alert


# 14-api: an API that goes page by page
def number_of(name, default, most):
    """A number of the query, from 1 to `most`; None if it is something else."""
    text = request.args.get(name, str(default))
    fits = text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most
    return int(text) if fits else None


def list_prices_page(prices):
    """One page of the prices as JSON, and the way to the next one."""
    numbers = {"page": number_of("page", 1, 10**9), "size": number_of("size", 10, 50)}
    errors = {name: "a number from 1 on" for name, value in numbers.items() if value is None}
    if errors:
        return {"errors": errors}, 422
    page, size = numbers["page"], numbers["size"]
    more = page * size < len(prices)
    return {
        "items": prices[(page - 1) * size : page * size],
        "total": len(prices),
        "next": url_for(request.endpoint, page=page + 1, size=size) if more else None,
    }


# 14-tests: a test that can fail
def test_alerts(client):
    """What the service promises."""
    sent = {"ticker": "AAPL", "limit": 430.5}
    for limit in (0, -1, "430.5"):
        assert client.post("/alerts", json={**sent, "limit": limit}).status_code == 422
    assert client.get("/alerts").json == []
    response = client.post("/alerts", json=sent)
    assert response.status_code == 201
    path = f"/alerts/{response.json['id']}"
    assert client.get(path).json == sent
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert client.get("/alerts/99").status_code == 404
