"""Right answers of lesson 19's newer exercises that look unlike the solution pass all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lessons.tasks import check_with, define, tasks

TASKS = tasks()
TABLES = {
    "id_vars": "wide.reset_index().melt('Date', var_name='Ticker', value_name='Close').dropna()",
    "stack": "wide.stack().dropna().rename('Close').reset_index()",
    "loops": "pd.DataFrame([{'Close': c, 'Ticker': n, 'Date': d} for n in wide for d, c in wide[n].dropna().items()])",
}
DRAWN = {
    "styles": "sns.lineplot(tidy, x='Date', y='Close', hue='Ticker', style='Ticker', ax=ax)",
    "columns": "sns.lineplot(x=tidy['Date'], y=tidy['Close'], hue=tidy['Ticker'], ax=ax, errorbar=None)",
    "legend": "sns.lineplot(tidy, x='Date', y='Close', hue='Ticker', ax=ax); ax.legend(title='Share')",
    "objects": "so.Plot(tidy, x='Date', y='Close', color='Ticker').add(so.Line()).on(ax).plot()",
}


def page(told: str, write: str = "figure.write_html(path)") -> str:
    line = f"go.Scatter(x=days.index, y=days['Close'], {told})"
    return f"figure = go.Figure({line}, dict(title=name, yaxis=dict(title='US dollars'))); {write}"


MILLIONS = "hovertext=[f'{v / 1e6:.1f} million' for v in days['Volume']]"
TWO = "customdata=days[['Close', 'Volume']], hovertemplate='%{x|%d %B}: %{customdata[0]}, %{customdata[1]:,}'"
NO_DATE = "customdata=days['Volume'], hovertemplate='%{y}, %{customdata}'"
NETLAB = """
    chart = interactive.price(days.reset_index().assign(Ticker=name), title=name, unit="US dollars")
    chart.figure.update_traces(customdata=days["Volume"], hovertemplate="%{x} %{y} %{customdata}")
    chart.save(path)
"""
EXPRESS = "px.line(days, y='Close', hover_data=['Volume'], title=name, labels={'Close': 'US dollars'})"
PAGES = {
    "express": f"{EXPRESS}.write_html(path)",
    "text": page("text=days['Volume'], mode='lines'", "path.write_text(figure.to_html(), encoding='utf-8')"),
    "millions": page(MILLIONS),
    "several": page(TWO),
    "unified": page(NO_DATE, "figure.update_layout(hovermode='x unified'); figure.write_html(path)"),
    "offline": page("hovertext=days['Volume']", "plotly.offline.plot(figure, filename=str(path))"),
    "netlab": NETLAB,
}
RIGHT = [
    *(("19-tidy", kind, f"def tidy_prices(wide):\n    return {table}\n") for kind, table in TABLES.items()),
    *(
        (
            "19-tidy",
            kind,
            f"def draw_shares(ax, tidy):\n    {call}; ax.set_ylabel('US dollars')\n    return ax\n",
        )
        for kind, call in DRAWN.items()
    ),
    *(("19-page", kind, f"def save_chart(path, name, days):\n    {body}\n") for kind, body in PAGES.items()),
]
IMPORTS = """
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import plotly.offline
import seaborn as sns
import seaborn.objects as so

from netlab.charts import interactive
"""


@pytest.mark.parametrize(("name", "kind", "source"), RIGHT, ids=[f"{name}-{kind}" for name, kind, _ in RIGHT])
def test_another_right_answer_passes(name: str, kind: str, source: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = define(TASKS[name].solution.read_text(encoding="utf-8"), tmp_path / "solution.py", {})
    define(IMPORTS + source, tmp_path / "mine.py", names)
    report = check_with(TASKS[name], names)
    assert report.passed, report
