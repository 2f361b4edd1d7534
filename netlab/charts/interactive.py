"""Charts that answer to the mouse, drawn by plotly.js: `interactive.candlestick` and `interactive.price`.

Plotly does not draw with Matplotlib. Python only writes a description of the chart as JSON; plotly.js, a program
of 4.8 MB in JavaScript, draws it in the browser. So that no chart carries those 4.8 MB, and none is fetched from a
network:

- **In JupyterLab** the output holds the description (`application/vnd.plotly.v1+json`), a PNG of the same prices and
  the words. The `plotly` package brings JupyterLab its own plotly.js: it shows the PNG, and when the mouse comes
  over it, the living chart in its place.
- **In a deck** the same happens: `netlab slides` puts plotly.js into `assets/` once, beside reveal.js.
- **Everywhere else** (GitHub, paper, a mail) the PNG is seen, and a program that reads aloud has the words.
- **On a web site of your own** serve `plotly_js()` as a static file, send `chart.to_json()` from a view, and call
  `Plotly.newPlot(element, figure.data, figure.layout, figure.config)`; or `chart.save("AAPL.html")` for a page that
  holds everything, plotly.js included.

In a lesson: the chart is the last expression of its cell, `interactive.candlestick(prices.tail(250))`. Do not call
Plotly's own `show()`, which would store all of plotly.js or a link to a network. Numbers are stored as base64 of
32-bit floats: 250 candles with their volume take 13,000 characters, the PNG about as many kilobytes as any picture.
The output is the same in each run, so nbval compares it strictly.
"""

from __future__ import annotations

import base64
import io
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netlab.charts.figures import picture
from netlab.charts.stocks.candles import candlestick as still_candlestick
from netlab.charts.stocks.colours import AVERAGES, LINES, Up, colours
from netlab.charts.stocks.frame import unit_of
from netlab.charts.stocks.numbers import moving_average
from netlab.charts.stocks.price import FACTOR, from_common_start
from netlab.charts.stocks.price import price as still_price
from netlab.charts.stocks.tables import bars_of, series_of
from netlab.charts.stocks.words import alt_of
from netlab.svg import INK, MUTED, RULE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from plotly.graph_objects import Figure  # type: ignore[import-untyped]

MIME = "application/vnd.plotly.v1+json"
HEIGHT = 520  # pixels
CONFIG = {"displaylogo": False, "responsive": True}
COLOURS = 64  # of a still picture
HOLIDAYS = 150  # days without trade that an axis leaves out; more of them make plotly.js slow
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>{script}</head>
<body><div id="chart" role="img" aria-label="{alt}"></div>
<script>
const figure = {figure};
Plotly.newPlot("chart", figure.data, figure.layout, figure.config);
</script></body>
</html>
"""


@dataclass(frozen=True)
class InteractiveChart:
    """A chart for plotly.js, with a still picture and words beside it.

    Attributes:
        figure: Plotly's figure; change it as you like, the still picture stays as it is.
        alt: the text alternative.
        png: the still picture.
    """

    figure: Figure = field(repr=False)
    alt: str
    png: bytes = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The description that plotly.js draws: its `data`, `layout` and `config`."""
        return {**json.loads(self.figure.to_json()), "config": CONFIG}

    def to_json(self) -> str:
        """The description as JSON, for a web site to send."""
        return json.dumps(self.to_dict())

    def html(self, script: str | None = None) -> str:
        """A whole page with the chart.

        Args:
            script: the address of plotly.js, such as "/static/plotly.min.js"; if None, all 4.8 MB of it stand in
                the page, which then needs nothing else.
        """
        source = f'<script src="{escape(script)}"></script>' if script else _inline()
        figure = self.to_json().replace("<", "\\u003c")
        return PAGE.format(
            title=escape(_title(self.figure)), script=source, alt=escape(self.alt), figure=figure
        )

    def save(self, path: str | Path, script: str | None = None) -> Path:
        """Write the page to a file and return its path; `script` as `html` takes it."""
        path = Path(path)
        path.write_text(self.html(script), encoding="utf-8")
        return path

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data = {
            MIME: self.to_dict(),
            "image/png": base64.b64encode(self.png).decode("ascii"),
            "text/plain": self.alt,
        }
        return data, {"image/png": {"alt": self.alt}}


def plotly_js() -> Path:
    """The file of plotly.js that the installed Plotly brings along."""
    import plotly  # type: ignore[import-untyped]

    return Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def candlestick(
    data: pd.DataFrame,
    *,
    volume: bool = True,
    averages: Sequence[int] = (),
    last: int | None = None,
    up: Up = "blue",
    title: str | None = None,
    unit: str | None = None,
    source: str | None = None,
) -> InteractiveChart:
    """A candlestick chart to zoom and to read values from; takes what `netlab.charts.candlestick` does, bands apart.

    Raises:
        OptionError: the table does not hold the bars of one share; the message says how to mend it.

    Example:
        >>> interactive.candlestick(load_prices("AAPL"), last=250, averages=(20, 50))
    """
    import plotly.graph_objects as go

    ax = still_candlestick(
        data,
        ax=_blank((9, 5.5)),
        volume=volume,
        averages=averages,
        last=last,
        up=up,
        title=title,
        unit=unit,
        source=source,
    )
    name, every = bars_of(data, volume=volume)
    bars = every if last is None else every.iloc[-last:]
    look = colours(up)
    x = _times(bars.index)
    figure = go.Figure(
        go.Candlestick(
            x=x,
            **{column.lower(): _floats(bars[column]) for column in ("Open", "High", "Low", "Close")},
            increasing={"line": {"color": look.rising, "width": 1.2}, "fillcolor": "#ffffff"},
            decreasing={"line": {"color": look.falling, "width": 1.2}, "fillcolor": look.falling},
            name=name or "price",
            showlegend=False,
        )
    )
    for place, window in enumerate(averages):
        values = moving_average(every["Close"], window).iloc[-len(bars) :]
        line = {"color": AVERAGES[place % len(AVERAGES)], "width": 1.6}
        figure.add_scatter(x=x, y=_floats(values), mode="lines", line=line, name=f"{window}-day average")
    if volume:
        rose = (bars["Close"] >= bars["Open"]).to_list()
        paint = [look.rising if each else look.falling for each in rose]
        amounts = bars["Volume"].to_numpy().astype("float32")
        figure.add_bar(
            x=x,
            y=amounts,
            marker={"color": paint, "opacity": 0.6},
            yaxis="y2",
            name="volume",
            showlegend=False,
        )
        figure.update_layout(
            yaxis={"domain": [0.26, 1]}, yaxis2={"domain": [0, 0.2], "title": {"text": "volume"}}
        )
    figure.update_xaxes(rangeslider={"visible": False}, rangebreaks=_closed_days(bars.index))
    return _finished(figure, ax, unit_of(data, unit))


def price(
    data: pd.DataFrame,
    *,
    column: str = "Close",
    log: bool = False,
    rebase: float | None = None,
    title: str | None = None,
    unit: str | None = None,
    source: str | None = None,
) -> InteractiveChart:
    """Lines of prices to zoom and to read values from; takes what `netlab.charts.price` does.

    Raises:
        OptionError: the table is not one of prices; the message says how to mend it.

    Example:
        >>> interactive.price(load_prices("AAPL", "IBM"), column="Adj Close", log=True, rebase=100)
    """
    import plotly.graph_objects as go

    ax = still_price(
        data,
        ax=_blank((9, 4.7)),
        column=column,
        log=log,
        rebase=rebase,
        title=title,
        unit=unit,
        source=source,
    )
    shares = series_of(data, column)
    if rebase is not None:
        shares = from_common_start(shares, rebase)
    figure = go.Figure()
    for (name, values), colour in zip(shares.items(), LINES, strict=False):
        line = {"color": colour, "width": 1.6}
        figure.add_scatter(
            x=_times(values.index), y=_floats(values), mode="lines", line=line, name=name or column
        )
    if log:
        ticks = _log_ticks(shares)
        figure.update_yaxes(type="log", tickvals=ticks, ticktext=[f"{tick:,g}" for tick in ticks])
    return _finished(figure, ax, f"{ax.get_ylabel()}")


def _blank(size: tuple[float, float]) -> Axes:
    """Axes that pyplot knows nothing of, so that a web server may draw in any thread."""
    from matplotlib.figure import Figure as Sheet

    return Sheet(figsize=size, layout="constrained").subplots()


def _finished(figure: Figure, ax: Axes, unit: str) -> InteractiveChart:
    """The figure with the title of the still one, in the look of our charts, beside the still one as a picture."""
    import plotly.graph_objects as go

    figure.update_layout(
        template=go.layout.Template(),
        title={
            "text": f"<b>{escape(ax.get_title(loc='left'))}</b>",
            "x": 0.01,
            "y": 0.98,
            "yanchor": "top",
            "font": {"size": 17},
        },
        font={"family": "system-ui, 'DejaVu Sans', sans-serif", "color": INK, "size": 13},
        height=HEIGHT,
        margin={"l": 64, "r": 24, "t": 68, "b": 48},
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1.01, "yanchor": "bottom"},
        hovermode="x unified",
        hoverlabel={"bgcolor": "#ffffff"},
    )
    axis = {"linecolor": RULE, "ticks": "outside", "tickcolor": RULE}
    figure.update_xaxes(type="date", showgrid=False, hoverformat="%-d %b %Y", **axis)
    figure.update_yaxes(gridcolor="#e8e8e8", zeroline=False, automargin=True)
    figure.update_layout(yaxis={"title": {"text": escape(unit)}, "hoverformat": ",.2f"})
    origin = next((part for part in _words_below(ax) if part.startswith("Source:")), "")
    if origin:
        figure.add_annotation(
            text=escape(origin), xref="paper", yref="paper", x=1, y=0, yshift=-44, xanchor="right", yanchor="bottom",
            showarrow=False, font={"size": 10, "color": MUTED},
        )  # fmt: skip
    alt = alt_of(ax)
    return InteractiveChart(figure, alt, _small(picture(ax, alt).png))


def _small(png: bytes) -> bytes:
    """The picture in 64 colours, which are enough for lines and words on white: about a third of the bytes."""
    from PIL import Image

    file = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()


def _log_ticks(shares: dict[str, pd.Series]) -> list[float]:
    """1, 2 and 5 times the powers of ten between the lowest and the highest price; linear steps where that is close."""
    from matplotlib.ticker import MaxNLocator

    low = min(float(values.min()) for values in shares.values())
    high = max(float(values.max()) for values in shares.values())
    if high / low < FACTOR:
        return [
            float(tick) for tick in MaxNLocator(7, steps=[1, 2, 5, 10]).tick_values(low, high) if tick > 0
        ]
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [step * 10.0**power for power in powers for step in (1, 2, 5) if low <= step * 10.0**power <= high]


def _words_below(ax: Axes) -> list[str]:
    figure = ax.get_figure(root=True)
    return [each.get_xlabel() for each in (figure.axes if figure else [ax])]


def _times(index: pd.Index) -> Any:
    """Dates as plotly.js counts them, in milliseconds since 1970, so that they are stored as one short text."""
    return index.to_numpy().astype("datetime64[ms]").astype("float64")


def _floats(values: pd.Series) -> Any:
    return values.to_numpy().astype("float32")


def _closed_days(index: pd.Index) -> list[dict[str, Any]]:
    """What an axis leaves out: weekends, and the weekdays without trade unless they are too many."""
    import numpy as np

    days = index.to_numpy().astype("datetime64[D]")
    every = np.arange(days[0], days[-1] + 1)
    weekend = not np.any(~np.is_busday(days))
    missing = np.setdiff1d(every[np.is_busday(every)] if weekend else every, days)
    breaks: list[dict[str, Any]] = [{"bounds": ["sat", "mon"]}] if weekend else []
    if 0 < len(missing) <= HOLIDAYS:
        breaks.append({"values": [str(day) for day in missing]})
    return breaks


def _inline() -> str:
    return f"<script>{plotly_js().read_text(encoding='utf-8')}</script>"


def _title(figure: Figure) -> str:
    return str(figure.layout.title.text or "").removeprefix("<b>").removesuffix("</b>")
