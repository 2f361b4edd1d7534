"""Templates, by Jinja2: what a visitor wrote stays text, and a name that is missing is an error."""

from __future__ import annotations

from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

TEMPLATES = {
    "base.html": """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ title }} · Ticker</title></head>
<body>
<h1>{{ title }}</h1>
{% block content %}{% endblock %}
</body>
</html>
""",
    "quotes.html": """{% extends "base.html" %}
{% block content %}
<p>{{ user or "A stranger" }} looks for “{{ wanted }}”.</p>
<ul>
{% for ticker, name, close in rows %}
<li><a href="/quotes/{{ ticker|urlencode }}">{{ name }}</a> {{ "%.2f"|format(close) }}</li>
{% else %}
<li>There is none.</li>
{% endfor %}
</ul>
<form method="post" action="/login"><label>Name <input name="user"></label> <button>Log in</button></form>
{% endblock %}
""",
    "quote.html": """{% extends "base.html" %}
{% block content %}<p>{{ ticker }} closed at {{ "%.2f"|format(close) }}.</p>{% endblock %}
""",
}
ENVIRONMENT = Environment(
    loader=DictLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def render(name: str, **values: Any) -> str:
    """Fill in a template."""
    return ENVIRONMENT.get_template(name).render(**values)
