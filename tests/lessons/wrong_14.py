"""Typical wrong answers of lesson 14, Flask, an application and its pages: exercise, words of the report, source."""

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


def route(**parts: str) -> str:
    return ROUTE.format(**{**ROUTE_PARTS, **parts})


def page(**parts: str) -> str:
    return PAGE.format(**{**PAGE_PARTS, **parts})


BY_INT = "try: n = int(days)\n        except ValueError: abort(404)\n        if n < 1: abort(404)"
ISDIGIT = "if not days.isdigit() or int(days) == 0: abort(404)"
LAST = "closes[ticker][-int(days):]"
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
    ("14-route", "though `isdigit()` says yes", route(days="<days>", none=ISDIGIT, values=LAST)),
    ("14-route", "`int()` reads more than digits", route(days="<days>", none=BY_INT, values="closes[ticker][-n:]")),
    ("14-template", "What stands outside of a block then", page(extends="", content="", end="", title="")),
    ("14-template", "The frame has a title already", page(title="")),
    ("14-template", "`{% block content %}` around heading", page(content="", end="")),
    ("14-template", "A name is none of yours", page(name="{{ share.name|safe }}")),
    ("14-template", "ends at the first blank", page(link="/stocks/{{ share.ticker }}")),
    ("14-template", "a path typed by hand does not", page(link='"/stocks/{{ share.ticker }}"')),
    ("14-template", "Two digits behind the point", page(close="{{ share.close }}")),
    ("14-template", "Two digits behind the point", page(close="{{ share.close|round(2) }}")),
    ("14-template", "also where they are 0", page(close="{{ share.close|round(2) }}0")),
    ("14-template", "Two digits behind the point", page(close='{{ "%.3f"|format(share.close) }}')),
    ("14-template", "in an attribute without quotes", page(link=PAGE_PARTS["link"].strip('"'))),
    ("14-template", "The endpoint is `quotes.stock`", page(link=PAGE_PARTS["link"].replace("quotes.stock", "stock"))),
    ("14-template", "stand in quotes", page(extends="{% extends base.html %}")),
    ("14-template", "The frame is called", page(extends='{% extends "frame.html" %}')),
    ("14-template", "has an `{% else %}`", page(none="")),
    ("14-template", "has its end", page(end="")),
]  # fmt: skip
