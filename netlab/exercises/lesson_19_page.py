"""The exercise of lesson 19 on Plotly: a chart that answers to the mouse, in one file that needs no network."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong

if TYPE_CHECKING:
    import pandas as pd

DAYS = ("2013-02-26", "2013-02-27", "2013-03-01", "2013-03-05")
SHARES = {
    "GOOG": ((790.13, 799.78, 806.19, 838.60), (2202500, 2526100, 2175400, 4044100)),
    "FB": ((27.39, 26.87, 27.78, 27.52), (31611700, 44319700, 54064800, 19747700)),
}
LIBRARY = 500_000  # characters: a script as long as that is plotly.js itself
CALL = "Plotly.newPlot("
THEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[\w.]+)\s*,\s*')
PLACE = re.compile(r"%\{([\w.]+)((?:\[\d+\])*)(?:[:|][^}]*)?\}")
DATE = "<date>"


@dataclass(frozen=True)
class Page:
    """What a browser would find in a page.

    Attributes:
        loaded: the addresses from which it would load something.
        scripts: the programs that stand in the page.
    """

    loaded: Sequence[str]
    scripts: Sequence[str]

    @property
    def has_library(self) -> bool:
        """Whether plotly.js stands in the page."""
        return any(len(script) > LIBRARY for script in self.scripts)

    def figure(self) -> tuple[list[dict[str, Any]], dict[str, Any]] | None:
        """The traces and the layout that the page hands to plotly.js."""
        for script in self.scripts:
            if len(script) > LIBRARY or CALL not in script:
                continue
            with contextlib.suppress(ValueError, KeyError, TypeError):
                return _figure_in(script)
        return None


class _Reader(HTMLParser):
    """Collects what a page loads, and its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.scripts: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an address from which a browser loads by itself, as it does not for a link to click."""
        wanted = {"link": "href", "object": "data"}.get(tag, "src")
        self.loaded += [
            value for name, value in attrs if name == wanted and value and not value.startswith("data:")
        ]
        self._in_script = tag == "script"
        if self._in_script:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        """A script ends."""
        self._in_script = self._in_script and tag != "script"

    def handle_data(self, data: str) -> None:
        """Keep the text of a script."""
        if self._in_script:
            self.scripts[-1] += data


def read_page(text: str) -> Page:
    """Read a page as a browser would, without running anything."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return Page(reader.loaded, reader.scripts)


def _figure_in(script: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The arguments of `Plotly.newPlot(where, data, layout)`, written out or as parts of a variable."""
    decoder = json.JSONDecoder()
    where = THEN.match(script, script.index(CALL) + len(CALL))
    if where is None:
        raise ValueError("no arguments")
    if script[where.end()] != "[":
        figure, _ = decoder.raw_decode(script, script.index("{", script.index("figure =")))
        return figure["data"], figure["layout"]
    data, end = decoder.raw_decode(script, where.end())
    layout, _ = decoder.raw_decode(script, script.index("{", end))
    return data, layout


def _values(column: Any) -> list[Any]:
    """A column of a trace: a list, or numbers in Base64, as Plotly writes those of NumPy."""
    import numpy as np

    if not isinstance(column, dict):
        return list(column) if isinstance(column, list) else []
    numbers: Any = np.frombuffer(base64.b64decode(column["bdata"]), dtype=column["dtype"])
    if shape := column.get("shape"):
        numbers = numbers.reshape([int(side) for side in str(shape).split(",")])
    return list(numbers.tolist())


def _table(name: str) -> pd.DataFrame:
    """Four days of one share, with uneven gaps."""
    import pandas as pd

    closes, volumes = SHARES[name]
    return pd.DataFrame({"Close": closes, "Volume": volumes}, index=pd.DatetimeIndex(DAYS, name="Date"))


@exercise(
    "19-page",
    title="A chart in one file",
    objective="19-o5",
    points=4,
    limit=15,
    hints=(
        'A figure holds traces: `go.Figure(go.Scatter(x=days.index, y=days["Close"]))`.',
        '`customdata=days["Volume"]` goes with the points, and `hovertemplate` says how it is shown: `"%{x}<br>%{y}<br>%{customdata} shares"`.',
        '`figure.update_layout(title=…, yaxis_title="US dollars")`, the title made from `name`.',
        "`figure.write_html(path)`: plotly.js is in it, unless `include_plotlyjs` says otherwise.",
    ),
    passed="One file, no network: whoever gets it can ask the chart for each day.",
)
def page(t: Trial, save_chart: Callable[..., Any]) -> None:
    """Two pages in a folder of their own, read as a browser would."""
    for name in SHARES:
        days = _table(name)
        before = days.copy()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"page-{len(name)}.html"
            with (
                t.case(f"one file for {name}") as case,
                _nothing_opens(),
                tempfile.TemporaryDirectory() as away,
            ):
                with contextlib.chdir(away):
                    save_chart(path, name, days)
                _expect_one_file(case, path, Path(away))
                words = "Leave the table as it is: make new columns outside of it."
                case.expect_that(days.equals(before), "the table as it was", "a changed one", words)
            if path.is_file():
                _judge_page(t, name, read_page(path.read_text(encoding="utf-8", errors="replace")))


@contextlib.contextmanager
def _nothing_opens() -> Iterator[None]:
    """Plotly opens no browser meanwhile, whatever it is asked to show."""
    import plotly.io as pio  # type: ignore[import-untyped]

    renderer = pio.renderers.default
    pio.renderers.default = ""
    try:
        with mock.patch("webbrowser.open", return_value=True):
            yield
    finally:
        pio.renderers.default = renderer


def _expect_one_file(case: Case, path: Path, away: Path) -> None:
    names = sorted(each.name for each in path.parent.iterdir())
    elsewhere = sorted(each.name for each in away.iterdir())
    wrong: Wrong = [
        (
            lambda v: len(v) > 1,
            'A page and a file beside it: `include_plotlyjs="directory"` makes two, and the second gets lost on the way.',
        ),
        (
            lambda v: not v and not elsewhere,
            "Nothing was written: `figure.write_html(path)`. `show()` only shows.",
        ),
    ]
    case.expect(names, [path.name], wrong, advice="Write to `path`, as it is: the caller says where.")


def _judge_page(t: Trial, name: str, page: Page) -> None:
    """What stands in a page."""
    with t.case(f"{name}: no network") as case:
        words = 'On a train this page stays empty: `include_plotlyjs="cdn"`, as any `src`, loads from elsewhere. Let plotly.js stand in the page.'
        case.expect(page.loaded, [], advice=words)
        words = "The page has numbers, and no program that draws them: leave `include_plotlyjs` at `True`."
        case.expect_that(page.has_library, "plotly.js in the page", "none", words)
    found = page.figure()
    with t.case(f"{name}: the closing prices over their dates") as case:
        words = "A picture does not answer to the mouse, and JSON alone is no page. Make a `go.Figure`, and let it write the page."
        if found is None:
            case.fail("a figure of Plotly", "none", words)
        _expect_line(case, name, *found)
    if found is None or not found[0]:
        return
    data, layout = found
    with t.case(f"{name}: what it tells under the mouse") as case:
        _expect_hover(case, name, data[0], layout)
    with t.case(f"{name}: title and unit") as case:
        title = _text(layout.get("title"))
        words = "Make the title from `name`: the next share is another one."
        case.expect_that(name in title, f"a title with {name}", repr(title), words)
        unit = _text(layout.get("yaxis", {}).get("title"))
        words = 'A price of what? `figure.update_layout(yaxis_title="US dollars")`.'
        case.expect_that("US dollars" in unit, "US dollars", repr(unit), words)


def _text(title: Any) -> str:
    return str(title.get("text", "")) if isinstance(title, dict) else str(title or "")


def _expect_line(case: Case, name: str, data: list[dict[str, Any]], layout: dict[str, Any]) -> None:
    """Fail unless the page has one line, that of the closing prices over their dates."""
    words = '`go.Figure(go.Scatter(x=days.index, y=days["Close"]))`: one trace, one line.'
    case.expect(
        [trace.get("type", "scatter").removesuffix("gl") for trace in data], ["scatter"], advice=words
    )
    trace = data[0]
    closes, volumes = SHARES[name]
    prices = [round(float(value), 4) for value in _values(trace.get("y"))]
    wrong: Wrong = [
        (lambda v: v == list(map(float, volumes)), 'These are the volumes: the line is `days["Close"]`.')
    ]
    case.expect(prices, list(closes), wrong, advice='The prices as they are: `y=days["Close"]`.')
    x = _values(trace.get("x"))
    if layout.get("xaxis", {}).get("type") == "date":
        x = [day if isinstance(day, str) else _date(day) for day in x]
    words = "Without `x` the days are numbered, and a weekend is as long as a day: `x=days.index`."
    case.expect_that(bool(x) and isinstance(x[0], str), "dates", show_short(x), words)
    words = "The dates as they are: `x=days.index`."
    case.expect([str(day)[:10] for day in x], list(DAYS), advice=words)
    mode = trace.get("mode")
    seen = trace.get("visible", True) is True and "lines" in (mode or "lines")
    case.expect_that(seen, "a line", repr(mode), 'Join the points: `mode="lines"`.')


def _date(milliseconds: float) -> str:
    """The date that plotly.js reads out of a number."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


def show_short(values: Sequence[Any]) -> str:
    """A column as a report shows it: its first value, or that there is none."""
    return f"{values[0]!r} and so on" if values else "no `x`"


def _expect_hover(case: Case, name: str, trace: dict[str, Any], layout: dict[str, Any]) -> None:
    """Fail unless the chart tells, over any day, the date, the price and the volume."""
    template = trace.get("hovertemplate")
    if isinstance(template, str) and "%{" not in template:
        words = "Nothing in it is filled in: a place is `%{…}`, as in `%{y}`. In an f-string the braces are Python's; write a plain string."
        case.fail("a template with places", repr(template), words)
    for at, (price, volume) in enumerate(zip(*SHARES[name], strict=True)):
        told = hover_text(trace, layout, at)
        wanted = f"{DAYS[at]}, {price:.2f} dollars, {volume:,} shares"
        words = "A template replaces all that the chart told by itself: put `%{y}` into it, too."
        case.expect_that(_says(told, price, 0.001), wanted, repr(told), words)
        words = "Of which day? Put `%{x}` into the template."
        case.expect_that(DATE in told or DAYS[at][:4] in told, wanted, repr(told), words)
        words = "The volume is missing: hand it over as `customdata`, and put `%{customdata}` into `hovertemplate`. Each point has its own."
        if "%{customdata" in told:
            words = "That place stays empty: of `customdata` with one column the place is `%{customdata}`, with several `%{customdata[0]}`."
        case.expect_that(_says(told, volume, 0.02, 1e3, 1e6), wanted, repr(told), words)


def hover_text(trace: dict[str, Any], layout: dict[str, Any], at: int) -> str:
    """What the chart tells over a point, numbers unformatted; a place that nothing fills stays as it is."""
    if layout.get("hovermode", "") is False:
        return ""
    unified = DATE if str(layout.get("hovermode", "")).startswith("x") else ""
    texts = {name: _one(trace.get(name), at) for name in ("text", "hovertext")}
    template = _one(trace.get("hovertemplate"), at)
    if not template:
        kinds = str(trace.get("hoverinfo", "all"))
        kinds = "x+y+text" if kinds == "all" else kinds
        parts = {"x": DATE, "y": str(_values(trace["y"])[at]), "text": texts["hovertext"] or texts["text"]}
        return " ".join(
            [
                unified if kinds not in ("none", "skip") else "",
                *(str(parts.get(k, "")) for k in kinds.split("+")),
            ]
        )

    def filled(place: re.Match[str]) -> str:
        values = {"x": DATE, "y": str(_values(trace["y"])[at]), **texts}
        value = _one(trace.get("customdata"), at) if place[1] == "customdata" else values.get(place[1])
        for number in re.findall(r"\d+", place[2]):
            value = value[int(number)] if isinstance(value, list) and int(number) < len(value) else None
        return place[0] if value is None else str(value)

    return f"{unified} {PLACE.sub(filled, str(template))}"


def _one(column: Any, at: int) -> Any:
    """A point's own value of an attribute that may be the same for all."""
    if column is None or isinstance(column, (str, int, float)):
        return column
    values = _values(column)
    return values[at] if at < len(values) else None


def _says(told: str, value: float, tolerance: float, *units: float) -> bool:
    """Whether a text has a number, rounded at the most, written out or in one of the units."""
    plain = re.sub(r"(?<=\d)[,\s](?=\d{3}(?!\d))", "", told)
    numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", plain)]
    return any(abs(number * unit - value) <= tolerance * value for number in numbers for unit in (1, *units))
