"""Pictures beside those that a person has looked at; only `pytest --mpl` compares them.

After a change that is meant, make them anew with
`pytest --mpl-generate-path=tests/charts/stocks/baseline tests/charts/stocks/test_pictures.py`, and look at them.
"""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from netlab import charts
from netlab.prices import load_prices

TOLERANCE = (
    5  # root of the mean square over all pixels, of 255: other anti-aliasing passes, other colours do not
)


def compared(name, dpi=50):
    """A test whose figure is compared with the picture of that name."""
    return pytest.mark.mpl_image_compare(
        baseline_dir="baseline",
        filename=f"{name}.png",
        tolerance=TOLERANCE,
        style="default",
        savefig_kwargs={"dpi": dpi, "metadata": {"Software": None}},
    )


def drawn(chart, *tickers, since="2000", size=(9, 5.5), **options):
    prices = load_prices(*tickers)
    figure = Figure(figsize=size, layout="constrained")
    chart(prices[prices["Date"] >= since], ax=figure.subplots(), **options)
    return figure


def test_pictures_are_compared(request, missing):
    if not request.config.getoption("--mpl"):
        missing("pictures are compared with --mpl only")


@compared("price")
def test_price():
    return drawn(charts.price, column="Adj Close", log=True)


@compared("candlestick")
def test_candlestick():
    return drawn(charts.candlestick, "AAPL", last=60, volume=True, averages=(20, 50), bands=20)


@compared("ohlc-red-up")
def test_ohlc():
    return drawn(charts.ohlc, "IBM", last=40, up="red")


@compared("returns")
def test_returns():
    return drawn(charts.returns, "AAPL")


@compared("volatility-and-drawdown")
def test_volatility_and_drawdown():
    figure = Figure(figsize=(9, 7), layout="constrained")
    upper, lower = figure.subplots(2)
    charts.volatility(load_prices("AAPL", "IBM"), ax=upper, window=63)
    charts.drawdown(load_prices("AAPL"), ax=lower)
    return figure


@compared("correlation")
def test_correlation():
    return drawn(charts.correlation, size=(6.5, 5))


@compared("scatter-matrix")
def test_scatter_matrix():
    return drawn(charts.scatter_matrix, "AAPL", "IBM", "MSFT", since="2012", size=(6.5, 6))


@compared("calendar-months")
def test_calendar_of_months():
    return drawn(charts.calendar_heatmap, "AAPL", since="2007", size=(9.5, 4))


@compared("calendar-days")
def test_calendar_of_days():
    return drawn(charts.calendar_heatmap, "AAPL", since="2012", by="day", size=(11, 4))


@compared("compare")
def test_compare():
    return drawn(charts.compare, "AAPL", "GOOG", "IBM", "MSFT", size=(7.4, 6))


@compared("dashboard", dpi=30)
def test_dashboard():
    return drawn(charts.dashboard, "MSFT", size=(14, 11))
