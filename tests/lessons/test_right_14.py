"""Right answers of lesson 14 that look unlike the solution pass all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from netlab.exercises import check, registry
from netlab.paths import lessons_dir

ROUTE_BY_HAND = """
def create_app(closes):
    app = Flask(__name__)
    kept = dict(closes)

    @app.route("/stocks/<symbol>/<count>")
    def view(symbol, count):
        if not (count.isascii() and count.isdecimal()) or int(count) == 0 or symbol not in kept:
            return "There is no such page.", 404
        return kept[symbol][-int(count):]

    return app
"""
ROUTE_LONG = """
def create_app(closes):
    app = Flask("mine")

    @app.get("/stocks/<ticker>/<int:days>")
    def last(ticker, days):
        if days < 1:
            abort(404)
        prices = closes.get(ticker) or abort(404)
        return [price for number, price in enumerate(prices) if number >= len(prices) - days]

    return app
"""
SINGLE_QUOTES = """
page = '''{% extends 'base.html' %}{% block title %}Shares · Ticker{% endblock %}{% block content %}<h1>Shares</h1>
{% if shares %}<table class='wide'>{% for s in shares %}
<tr><td><a href='{{ url_for("quotes.stock", symbol=s.ticker) }}'>{{ s.name }}</a><td>${{ '{:.2f}'.format(s.close) }}.
{% endfor %}</table>{% else %}<p>There are no shares yet.</p>{% endif %}{% endblock %}'''
"""
TWO_STEPS = """
from sqlalchemy.orm import selectinload
from netlab.apps.ticker.models import WatchedStock

def watched(session):
    rows = session.scalars(select(User).options(selectinload(User.watched).selectinload(WatchedStock.stock)))
    return {user.email: sorted(watch.stock.ticker for watch in user.watched) for user in rows}
"""
ONE_QUERY = """
from sqlalchemy.orm import joinedload

def watched(session):
    users = session.scalars(select(User).options(joinedload(User.watched))).unique()
    return {user.email: sorted(watch.stock.ticker for watch in user.watched) for user in users}
"""
IN_ONE_BATCH = """
def upgrade():
    with op.batch_alter_table("users") as table:
        table.add_column(sa.Column("name", sa.String(80)))
    op.execute("UPDATE users SET name = substr(email, 1, instr(email, '@') - 1)")
    with op.batch_alter_table("users") as table:
        table.alter_column("name", nullable=False)
"""
FORM_BY_HAND = """
from wtforms.validators import DataRequired, ValidationError

class AlertForm(FlaskForm):
    ticker = StringField(validators=[DataRequired(), Regexp(r"^[A-Z]{1,5}\\Z")])
    limit = DecimalField(validators=[DataRequired()])

    def validate_limit(self, field):
        if not (field.data.is_finite() and Decimal("0.01") <= field.data <= 999999):
            raise ValidationError("From 0.01 to 999999.")

def alert(save):
    form = AlertForm()
    if request.method == "GET":
        return render_template_string(PAGE, form=form)
    if not form.validate():
        return render_template_string(PAGE, form=form), 422
    save(form.ticker.data, form.limit.data)
    return redirect("/alerts", code=303)
"""
OWNER_BY_CHARACTER = """
def is_ours(target):
    bad = any(each in target for each in "\\\\\\t\\r\\n")
    return target[:1] == "/" and target[:2] != "//" and not bad

def find_alert(alerts, number):
    if number in alerts and alerts[number]["owner"] == current_user.id:
        return alerts[number]
    return abort(404)
"""
API_BY_PATTERN = """
def list_prices_page(prices):
    errors, found = {}, {}
    for name, default, most in (("page", "1", 999999999), ("size", "10", 50)):
        text = request.args.get(name, default)
        if re.fullmatch("0*[1-9][0-9]{0,8}", text) and int(text) <= most:
            found[name] = int(text)
        else:
            errors[name] = "not from 1 to %d" % most
    if errors:
        return {"errors": errors}, 422
    end = found["page"] * found["size"]
    following = None
    if end < len(prices):
        following = url_for("prices", size=found["size"], page=found["page"] + 1)
    return {"next": following, "total": len(prices), "items": prices[end - found["size"]:end], "page": found["page"]}
"""
BAD_BEFORE_A_SECOND = """
def test_alerts(client):
    def post(limit):
        return client.post("/alerts", json={"ticker": "IBM", "limit": limit})

    assert post(202.91).status_code == 201
    assert [post(bad).status_code for bad in (0, -1, "202.91")] == [422] * 3
    second = post(1.5)
    assert (second.status_code, second.json) == (201, {"id": 2})
    assert client.get("/alerts/2").json == {"ticker": "IBM", "limit": 1.5}
    assert [each["limit"] for each in client.get("/alerts").json] == [202.91, 1.5]
    client.delete("/alerts/1")
    assert client.get("/alerts/1").status_code == 404
    assert client.get("/alerts/3").status_code == 404
"""
ALL_REFUSED_FIRST = """
def test_alerts(client):
    for bad in (0, -1, "430.5"):
        assert client.post("/alerts", json={"ticker": "AAPL", "limit": bad}).status_code == 422
    good = client.post("/alerts", json={"ticker": "AAPL", "limit": 430.5})
    assert good.status_code == 201 and good.json == {"id": 1}
    assert client.get("/alerts/2").status_code == 404
    assert client.get("/alerts/1").json == {"ticker": "AAPL", "limit": 430.5}
    assert client.get("/alerts").json == [{"ticker": "AAPL", "limit": 430.5}]
    assert client.delete("/alerts/1").status_code == 204
    assert client.get("/alerts/1").status_code == 404
"""
RIGHT = [
    ("14-route", ROUTE_BY_HAND, "create_app"),
    ("14-route", ROUTE_LONG, "create_app"),
    ("14-template", SINGLE_QUOTES, "page"),
    ("14-model", TWO_STEPS, "watched"),
    ("14-model", ONE_QUERY, "watched"),
    ("14-migration", IN_ONE_BATCH, "upgrade"),
    ("14-form", FORM_BY_HAND, "AlertForm alert"),
    ("14-owner", OWNER_BY_CHARACTER, "is_ours find_alert"),
    ("14-api", API_BY_PATTERN, "list_prices_page"),
    ("14-tests", BAD_BEFORE_A_SECOND, "test_alerts"),
    ("14-tests", ALL_REFUSED_FIRST, "test_alerts"),
]


@pytest.mark.parametrize(
    ("name", "source", "handed_in"), RIGHT, ids=[f"{n}-{name}" for n, (name, *_) in enumerate(RIGHT)]
)
def test_another_right_answer_passes(name, source, handed_in, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    solution = (lessons_dir() / "solutions" / "14_flask.py").read_text(encoding="utf-8")
    names: dict[str, object] = {"__name__": "__main__"}  # as in a notebook
    for file, text in (("solution.py", solution), ("mine.py", source)):
        (tmp_path / file).write_text(text, encoding="utf-8")
        exec(compile(text, str(tmp_path / file), "exec"), names)
    report = check(name, *(names[each] for each in handed_in.split()))
    assert report.state == "passed", report
    assert report.points == registry.find_exercise(name).points
