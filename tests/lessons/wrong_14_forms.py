"""Typical wrong answers of lesson 14, Flask, what visitors send: exercise, words of the report, source."""

FORM = """
from decimal import Decimal

from flask import redirect, render_template_string, request
from flask_wtf import FlaskForm
from wtforms import DecimalField, FloatField, StringField
from wtforms.validators import InputRequired, NumberRange, Regexp


class AlertForm(FlaskForm):
    {meta}
    ticker = StringField("Ticker", [InputRequired(), Regexp({pattern})])
    limit = {limit}


def alert(save):
    form = AlertForm()
    if {valid}:
        save(form.ticker.data, {saved})
        return {done}
    return render_template_string(PAGE, form=form), {status}
"""
FORM_PARTS = {
    "meta": "pass",
    "pattern": 'r"[A-Z]{1,5}\\Z"',
    "limit": 'DecimalField("Limit", [InputRequired(), NumberRange(Decimal("0.01"), Decimal("999999"))])',
    "valid": "form.validate_on_submit()",
    "saved": "form.limit.data",
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


def form(**parts: str) -> str:
    return FORM.format(**{**FORM_PARTS, **parts})


def owner(**parts: str) -> str:
    return OWNER.format(**{**OWNER_PARTS, **parts})


ENDLESS = 'DecimalField("Limit", [InputRequired(), NumberRange(Decimal("0.01"))])'
FLOATS = 'FloatField("Limit", [InputRequired(), NumberRange(0.01, 999999)])'
BOUNDS = 'DecimalField("Limit", [InputRequired(), NumberRange({}, {})])'
NO_RETURN = r"""target[:1] == "/" and target[1:2] != "/" and not set(target) & set("\\\t\n")"""
DOLLAR = r"""re.match(r"/(?![/\\])[^\\\t\r]*$", target) is not None and "\n/" not in target"""
LOOSE = 'target.startswith("/") and not target.startswith("//")'
PRECISE = 're.fullmatch(r"/(?![/\\\\]).*", target) is not None'
WRONG = [
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
    ("14-form", "judges a form that nobody has sent", form(valid="form.validate()")),
    ("14-form", "A float is no exact price", form(saved="float(form.limit.data)")),
    ("14-form", "A float is no exact price", form(limit=FLOATS)),
    ("14-form", "a little more than a cent", form(limit=BOUNDS.format(0.01, 999999))),
    ("14-form", "The least is a cent", form(limit=BOUNDS.format(0, 999999))),
    ("14-form", "The most is 999999", form(limit=BOUNDS.format("Decimal('0.01')", 10**9))),
    ("14-owner", "is another site", owner(ours='target.startswith("/")')),
    ("14-owner", "Browsers take a backslash", owner(ours=LOOSE)),
    ("14-owner", "Browsers leave tabs", owner(ours=PRECISE)),
    ("14-owner", "Browsers leave tabs", owner(ours=NO_RETURN)),
    ("14-owner", "`$` fits before a last one", owner(ours=DOLLAR)),
    ("14-owner", "A whole URL leads anywhere", owner(ours="True")),
    ("14-owner", "where the visitor wanted to go", owner(ours="False")),
    ("14-owner", "Whether it is *his*", owner(foreign="alert is None")),
    ("14-owner", "Try all the numbers", owner(status="403")),
    ("14-owner", "no KeyError of yours", owner(alert="alerts[number]")),
]  # fmt: skip
