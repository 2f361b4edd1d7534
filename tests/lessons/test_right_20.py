"""Right answers of lesson 20 that look unlike the solution pass all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from netlab.exercises import check, registry
from netlab.paths import lessons_dir

RULE_IN_FLOATS = """
def moved(closes, percent=5):
    if len(closes) > 1:
        *_, before, last = closes
        change = (float(last.close) * float(last.split) / float(before.close) - 1) * 100
        if change >= percent:
            return f"rose by {change:.1f} %"
        if change <= -percent:
            return f"fell by {-change:.1f} %"
"""
OTHER_ENDPOINT = """
MOVERS = '''
from flask import Blueprint, request

from netlab.apps.ticker.context import db
from netlab.apps.ticker.shares import quotes

pages = Blueprint("mine", __name__, url_prefix="/api")


@pages.route("/movers")
def biggest():
    try:
        limit = int(request.args.get("limit", 5))
    except ValueError:
        return {"error": "no number"}, 422
    if limit not in range(1, 21):
        return {"error": "1 to 20"}, 422
    rows = sorted((-abs(q.percent), q.stock.ticker, q.percent) for q in quotes(db()) if q.percent is not None)
    return [{"ticker": ticker, "percent": f"{percent:.2f}"} for _, ticker, percent in rows][:limit]
'''
"""
CHART_WITH_GAPS = """
def draw_strength(prices, one, other, ax):
    a, b = (prices[prices["Ticker"] == name].set_index("Date")["Adj Close"] for name in (one, other))
    ratio = a / b
    ratio *= 100 / ratio.dropna().iloc[0]
    ax.plot(ratio.index, [100] * len(ratio))
    ratio.plot(ax=ax)
    ax.set(ylabel="first common day is 100")
    ax.set_title(f"{one} / {other}", loc="left")
    return ax
"""
BY_PANDAS = """
def draw_strength(prices, one, other, ax):
    pair = prices[prices["Ticker"] == one].merge(prices[prices["Ticker"] == other], on="Date")
    ratio = pair["Adj Close_x"] / pair["Adj Close_y"]
    pair.assign(ratio=100 * ratio / ratio.iloc[0]).plot(x="Date", y="ratio", ax=ax, title=f"{other}, {one}")
    ax.set_ylabel("100 on the first day")
    return ax
"""
BY_NAMES = """
monday = ["front", "Expired certificate"]

def mend_monday(system):
    system.certify(*(f"{host}.ticker.example" for host in ("www", "office", "charts")), days=30)
    system.restart("https")
"""
UNIQUE_INDEX = """
def mend_tuesday(system):
    system.sql("CREATE UNIQUE INDEX mine ON prices (day, stock_id)")
"""
ONLY_RESTARTED = """
def mend_wednesday(system):
    system.restart("sms")
"""
BY_CNAME = """
def mend_thursday(system):
    lines = ["www IN CNAME office" if line.startswith("www") else line for line in system.zone.splitlines()]
    system.zone = "\\n".join(lines) + "\\n"
"""
RIGHT = [
    ("20-journey", 'order = list("BDCEFAG")', "order"),
    ("20-rule", RULE_IN_FLOATS, "moved"),
    ("20-endpoint", OTHER_ENDPOINT, "MOVERS"),
    ("20-chart", CHART_WITH_GAPS, "draw_strength"),
    ("20-chart", BY_PANDAS, "draw_strength"),
    ("20-monday", BY_NAMES, "monday mend_monday"),
    ("20-tuesday", UNIQUE_INDEX, "tuesday mend_tuesday"),
    ("20-wednesday", ONLY_RESTARTED, "wednesday mend_wednesday"),
    ("20-thursday", BY_CNAME, "thursday mend_thursday"),
]


@pytest.mark.parametrize(
    ("name", "source", "handed_in"), RIGHT, ids=[f"{n}-{name}" for n, (name, *_) in enumerate(RIGHT)]
)
def test_another_right_answer_passes(name, source, handed_in, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    solution = (lessons_dir() / "solutions" / "20_capstone.py").read_text(encoding="utf-8")
    names: dict[str, object] = {"__name__": "__main__"}  # as in a notebook
    for file, text in (("solution.py", solution), ("mine.py", source)):
        (tmp_path / file).write_text(text, encoding="utf-8")
        exec(compile(text, str(tmp_path / file), "exec"), names)
    report = check(name, *(names[each] for each in handed_in.split()))
    assert report.state == "passed", report
    assert report.points == registry.find_exercise(name).points
