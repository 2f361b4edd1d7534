"""Typical wrong answers of lesson 14: the exercise, words that the report must hold, and the student's code."""

ROUTE = """
from flask import Flask, abort


def create_app(closes):
    app = Flask("exercise")

    @app.{method}("/stocks/<ticker>/{days}"{more})
    def last(ticker, days):
        {known}
        {none}
        return {values}

    return {app}
"""
ROUTE_PARTS = {
    "method": "get",
    "days": "<int:days>",
    "more": "",
    "known": "if ticker not in closes: abort(404)",
    "none": "if days == 0: abort(404)",
    "values": "closes[ticker][-days:]",
    "app": "app",
}
SHARED = """
from flask import Flask, abort

app = Flask("exercise")
kept = {}


@app.get("/stocks/<ticker>/<int(min=1):days>")
def last(ticker, days):
    if ticker not in kept:
        abort(404)
    return kept[ticker][-days:]


def create_app(closes):
    kept.update(closes)
    return app
"""
PAGE = """
page = '''
{extends}
{title}
{content}
<h1>Shares</h1>
{{% for share in shares %}}
<a href={link}>{name}</a> {close}
{none}
{{% endfor %}}
{end}
'''
"""
PAGE_PARTS = {
    "extends": '{% extends "base.html" %}',
    "title": "{% block title %}Shares · Ticker{% endblock %}",
    "content": "{% block content %}",
    "link": "\"{{ url_for('quotes.stock', symbol=share.ticker) }}\"",
    "name": "{{ share.name }}",
    "close": '{{ "%.2f"|format(share.close) }}',
    "none": "{% else %}There are no shares yet.",
    "end": "{% endblock %}",
}
SQL = """
ORDERS = {{"day": "day", "-day": "day DESC", "close": "close", "-close": "close DESC"}}


def list_prices(connection, ticker, order="day"):
    {check}
    return connection.execute({question}, {values}){fetch}
"""
SQL_PARTS = {
    "check": "if order not in ORDERS: raise ValueError(order)",
    "question": 'f"SELECT day, close FROM prices WHERE ticker = ? ORDER BY {ORDERS[order]}"',
    "values": "(ticker,)",
    "fetch": ".fetchall()",
}
MODEL = """
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from netlab.apps.ticker.models import Stock, User, WatchedStock


def watched(session):
    lists = {{}}
    for user in {users}:
        lists[user.email] = {tickers}
    return lists
"""
MODEL_PARTS = {
    "users": "session.scalars(select(User).options(selectinload(User.watched)))",
    "tickers": "sorted(watch.stock.ticker for watch in user.watched)",
}
MIGRATION = """
import sqlalchemy as sa
from alembic import op


def upgrade():
    {add}
    {fill}
    {promise}
"""
MIGRATION_PARTS = {
    "add": 'op.add_column("users", sa.Column("name", sa.String(80), nullable=True))',
    "fill": "op.execute(\"UPDATE users SET name = substr(email, 1, instr(email, '@') - 1)\")",
    "promise": 'with op.batch_alter_table("users") as table: '
    'table.alter_column("name", existing_type=sa.String(80), nullable=False)',
}
ANEW = """
import sqlalchemy as sa
from alembic import op


def upgrade():
    op.drop_table("users")
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
    )
"""
COPIED = """
from alembic import op


def upgrade():
    op.execute(
        "CREATE TABLE new (id INTEGER PRIMARY KEY, email TEXT NOT NULL,"
        " password_hash TEXT NOT NULL, name TEXT NOT NULL)"
    )
    op.execute("INSERT INTO new SELECT *, substr(email, 1, instr(email, '@') - 1) FROM users")
    op.execute("DROP TABLE users")
    op.execute("ALTER TABLE new RENAME TO users")
"""
FORM = """
from decimal import Decimal

from flask import redirect, render_template_string, request
from flask_wtf import FlaskForm
from wtforms import DecimalField, StringField
from wtforms.validators import InputRequired, NumberRange, Regexp


class AlertForm(FlaskForm):
    {meta}
    ticker = StringField("Ticker", [InputRequired(), Regexp({pattern})])
    limit = {limit}


def alert(save):
    form = AlertForm()
    if {valid}:
        save(form.ticker.data, form.limit.data)
        return {done}
    return render_template_string(PAGE, form=form), {status}
"""
FORM_PARTS = {
    "meta": "pass",
    "pattern": 'r"[A-Z]{1,5}\\Z"',
    "limit": 'DecimalField("Limit", [InputRequired(), NumberRange(Decimal("0.01"), Decimal("999999"))])',
    "valid": "form.validate_on_submit()",
    "done": 'redirect("/alerts", 303)',
    "status": "422 if form.is_submitted() else 200",
}
OWNER = """
import re

from flask import abort
from flask_login import current_user


def is_ours(target):
    return {ours}


def find_alert(alerts, number):
    alert = {alert}
    if {foreign}:
        abort({status})
    return {result}
"""
OWNER_PARTS = {
    "ours": 're.fullmatch(r"/(?![/\\\\])[^\\\\\\x00-\\x20\\x7f]*", target) is not None',
    "alert": "alerts.get(number)",
    "foreign": 'alert is None or alert["owner"] != current_user.id',
    "status": "404",
    "result": "alert",
}
API = """
from flask import request, url_for


def number_of(name, default, most):
    text = request.args.get(name, str(default))
    {number}


def list_prices_page(prices):
    numbers = {{"page": number_of("page", 1, 10**9), "size": number_of("size", 10, {most})}}
    errors = {{name: "a number from 1 on" for name, value in numbers.items() if value is None}}
    {refuse}
    page, size = numbers["page"], numbers["size"]
    more = {more}
    return {{
        "items": prices[{first} : {last}],
        "total": {total},
        "next": url_for(request.endpoint, page=page + 1{size}) if more else None,
    }}
"""
API_PARTS = {
    "number": "fits = {fits}\n    return int(text) if fits else None",
    "fits": "text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most",
    "most": "50",
    "refuse": "if errors: return {'errors': errors}, 422",
    "more": "page * size < len(prices)",
    "first": "(page - 1) * size",
    "last": "page * size",
    "total": "len(prices)",
    "size": ", size=size",
}
TEST = """
def test_alerts(client):
    sent = {{"ticker": "AAPL", "limit": 430.5}}
    for limit in {limits}:
        assert client.post("/alerts", json={{**sent, "limit": limit}}).status_code == 422
    {kept}
    response = client.post("/alerts", json=sent)
    assert {created}
    path = f"/alerts/{{response.json['id']}}"
    {same}
    assert client.delete(path).status_code == 204
    {gone}
    {never}
"""
TEST_PARTS = {
    "limits": '(0, -1, "430.5")',
    "kept": 'assert client.get("/alerts").json == []',
    "created": "response.status_code == 201",
    "same": "assert client.get(path).json == sent",
    "gone": "assert client.get(path).status_code == 404",
    "never": 'assert client.get("/alerts/99").status_code == 404',
}


def route(**parts: str) -> str:
    return ROUTE.format(**{**ROUTE_PARTS, **parts})


def page(**parts: str) -> str:
    return PAGE.format(**{**PAGE_PARTS, **parts})


ESCAPED = """
ORDERS = {"day": "day", "-day": "day DESC", "close": "close", "-close": "close DESC"}

def list_prices(connection, ticker, order="day"):
    if order not in ORDERS:
        raise ValueError(order)
    ticker = ticker.replace("'", "''")
    return connection.execute(
        f"SELECT day, close FROM prices WHERE ticker = '{ticker}' ORDER BY {ORDERS[order]}"
    ).fetchall()
"""
DEFAULTED = 'op.add_column("users", sa.Column("name", sa.String(80), nullable=False, server_default=""))'


def sql(**parts: str) -> str:
    return SQL.format(**{**SQL_PARTS, **parts})


def model(**parts: str) -> str:
    return MODEL.format(**{**MODEL_PARTS, **parts})


def migration(**parts: str) -> str:
    return MIGRATION.format(**{**MIGRATION_PARTS, **parts})


def form(**parts: str) -> str:
    return FORM.format(**{**FORM_PARTS, **parts})


def owner(**parts: str) -> str:
    return OWNER.format(**{**OWNER_PARTS, **parts})


def api(**parts: str) -> str:
    values = {**API_PARTS, **parts}
    return API.format(**{**values, "number": values["number"].format(fits=values["fits"])})


def test(**parts: str) -> str:
    return TEST.format(**{**TEST_PARTS, **parts})


JOINED = "session.scalars(select(User).join(User.watched).options(selectinload(User.watched))).unique()"
DOUBLED = "session.scalars(select(User).options(joinedload(User.watched)))"
ALTERED = 'op.alter_column("users", "name", existing_type=sa.String(80), nullable=False)'
ENDLESS = 'DecimalField("Limit", [InputRequired(), NumberRange(Decimal("0.01"))])'
INJECTED = "f\"SELECT day, close FROM prices WHERE ticker = '{ticker}' ORDER BY {ORDERS[order]}\""
OPEN = 'f"SELECT day, close FROM prices WHERE ticker = ? ORDER BY {order}"'
CONSTANT = '"SELECT day, close FROM prices WHERE ticker = ? ORDER BY ?"'
NUMBER_ALONE = "return int(text) if 1 <= int(text) <= most else None"
ALL = "session.scalars(select(User))"
LOOSE = 'target.startswith("/") and not target.startswith("//")'
PRECISE = 're.fullmatch(r"/(?![/\\\\]).*", target) is not None'
WRONG = [
    ("14-life", "each of them happens once", 'order = "cbfega"'),
    ("14-life", "so the router was there before", 'order = "cfbegadh"'),
    ("14-life", "it must not run for everybody", 'order = "cbefgadh"'),
    ("14-life", "is given the Response", 'order = "cbfeagdh"'),
    ("14-life", "finds the session closed", 'order = "cbfegahd"'),
    ("14-life", "before the server calls", 'order = "bcfegadh"'),
    ("14-route", "`values[-0:]` is `values[0:]`", route(none="pass")),
    ("14-route", "not a KeyError of yours", route(known="pass")),
    ("14-route", "is text unless a converter", route(days="<days>", none="pass")),
    ("14-route", "The *last* closes", route(values="closes[ticker][:days]")),
    ("14-route", "Return it at the end", route(app="None")),
    ("14-route", "The route is for reading", route(method="route", more=", methods=['GET', 'POST']")),
    ("14-route", "stand outside of `create_app`", SHARED),
    ("14-template", "What stands outside of a block then", page(extends="", content="", end="", title="")),
    ("14-template", "The frame has a title already", page(title="")),
    ("14-template", "`{% block content %}` around heading", page(content="", end="")),
    ("14-template", "A name is none of yours", page(name="{{ share.name|safe }}")),
    ("14-template", "ends at the first blank", page(link="/stocks/{{ share.ticker }}")),
    ("14-template", "a path typed by hand does not", page(link='"/stocks/{{ share.ticker }}"')),
    ("14-template", "Two digits behind the point", page(close="{{ share.close }}")),
    ("14-template", "has an `{% else %}`", page(none="")),
    ("14-template", "has its end", page(end="")),
    ("14-sql", "The ticker became a piece of the question", sql(question=INJECTED, values="()")),
    ("14-sql", "The visitor's text became a piece", sql(check="pass", question=OPEN)),
    ("14-sql", "sorts by a constant text", sql(question=CONSTANT, values="(ticker, ORDERS[order])")),
    ("14-sql", "so that the view can say 422", sql(check="pass")),
    ("14-sql", "That is a cursor", sql(fetch="")),
    ("14-sql", "To escape the quotes by hand", ESCAPED),
    ("14-sql", "Values come in a tuple", sql(values="ticker")),
    ("14-model", "It asks once more for each user", model(users=f"list({ALL})")),
    ("14-model", "an inner join leaves them out", model(users=JOINED)),
    ("14-model", "`.unique()` after", model(users=DOUBLED)),
    ("14-model", "In alphabetical order", model(tickers="[watch.stock.ticker for watch in user.watched]")),
    ("14-model", "Tickers, which are text", model(tickers="[watch.stock for watch in user.watched]")),
    ("14-migration", "Let it be empty first", migration(add=MIGRATION_PARTS["add"].replace("True", "False"))),
    ("14-migration", "The promise came before the values", migration(fill="pass")),
    ("14-migration", "makes the table anew, with its rows", migration(promise=ALTERED)),
    ("14-migration", "what every row must have", migration(promise="pass")),
    ("14-migration", "A default that stays", migration(add=DEFAULTED, promise="pass")),
    ("14-migration", "Nothing has been added", migration(add="pass", fill="pass", promise="pass")),
    ("14-migration", "it does not begin anew", ANEW),
    ("14-migration", "has lost an old promise", COPIED),
    ("14-migration", "The @ itself does not belong", migration(fill=MIGRATION_PARTS["fill"].replace(" - 1", ""))),
    ("14-migration", "Old rows need a value too", migration(fill="op.execute(\"UPDATE users SET name = ''\")")),
    ("14-form", "only `validate_on_submit()` looks at the token", form(meta="class Meta: csrf = False")),
    ("14-form", "did nothing wrong", form(status="422")),
    ("14-form", "has status 422", form(status="200")),
    ("14-form", "Else a reload sends it again", form(done='"Done."')),
    ("14-form", "303 says what is meant", form(done='redirect("/alerts")')),
    ("14-form", "`$` fits before a last line break", form(pattern='r"[A-Z]{1,5}$"')),
    ("14-form", "and nothing behind them", form(pattern='r"[A-Z]{1,5}"')),
    ("14-form", "Infinity is above every minimum", form(limit=ENDLESS)),
    ("14-form", "A price is above zero", form(limit='DecimalField("Limit", [InputRequired()])')),
    ("14-form", "The limit is text", form(limit='StringField("Limit", [InputRequired()])')),
    ("14-form", "looks at the token", form(valid="form.is_submitted()")),
    ("14-owner", "is another site", owner(ours='target.startswith("/")')),
    ("14-owner", "Browsers take a backslash", owner(ours=LOOSE)),
    ("14-owner", "Browsers leave tabs", owner(ours=PRECISE)),
    ("14-owner", "A whole URL leads anywhere", owner(ours="True")),
    ("14-owner", "where the visitor wanted to go", owner(ours="False")),
    ("14-owner", "Whether it is *his*", owner(foreign="alert is None")),
    ("14-owner", "Try all the numbers", owner(status="403")),
    ("14-owner", "no KeyError of yours", owner(alert="alerts[number]")),
    ("14-api", "`int()` alone raises ValueError", api(number=NUMBER_ALONE)),
    ("14-api", "is narrower", api(fits="text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most")),
    ("14-api", "are no pages", api(fits='text.lstrip("-").isdecimal() and text.isascii() and len(text) < 10')),
    ("14-api", "may ask for everything", api(most="10**9")),
    ("14-api", "Look at the length first", api(fits="text.isascii() and text.isdecimal() and 1 <= int(text) <= most")),
    ("14-api", "`next` has lost the size", api(size="")),
    ("14-api", "On the last page `next` is None", api(more="True")),
    ("14-api", "`<`, not `<=`", api(more="page * size <= len(prices)")),
    ("14-api", "Page 1 begins with the first one", api(first="page * size", last="(page + 1) * size")),
    ("14-api", "cut a page out", api(first="0", last="len(prices)")),
    ("14-api", "`total` is how many there are", api(total="size")),
    ("14-api", "collect the errors", api(refuse="for name in errors: return {'errors': {name: 'bad'}}, 422")),
    ("14-api", "say which one", api(refuse="if errors: return {'errors': 'bad'}, 422").replace("'bad'}", "{}}")),
    ("14-tests", "Your test fails on an app that is right", test(created="response.status_code == 200")),
    ("14-tests", "a limit of 0 or of -1", test(limits='("430.5",)')),
    ("14-tests", "with quotes", test(limits="(0, -1)")),
    ("14-tests", "is it empty?", test(kept="pass")),
    ("14-tests", "not just “it worked”", test(created="response.status_code < 300")),
    ("14-tests", "compare the whole of it", test(same="assert client.get(path).json['ticker'] == 'AAPL'")),
    ("14-tests", "ask for it again", test(gone="pass")),
    ("14-tests", "Ask for a number that there is not", test(never="pass")),
]  # fmt: skip
