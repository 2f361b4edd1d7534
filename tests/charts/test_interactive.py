"""Charts for plotly.js: what it is told to draw, and what is seen where there is no plotly.js."""

from __future__ import annotations

import base64
import io
import json

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from netlab.charts import interactive
from netlab.course.contract_text import LARGEST_OUTPUT
from netlab.errors import OptionError
from netlab.prices import load_prices
from netlab.svg import PALETTE

DAY = 86_400_000  # milliseconds


@pytest.fixture(scope="module")
def apple():
    return load_prices("AAPL").tail(250)


@pytest.fixture(scope="module")
def candles(apple):
    return interactive.candlestick(apple, averages=(20,))


def numbers(stored):
    """The numbers that plotly.js reads from a typed array."""
    return np.frombuffer(base64.b64decode(stored["bdata"]), stored["dtype"])


def test_the_description_holds_the_prices(candles, apple):
    first, average, volume = candles.to_dict()["data"]
    for column in ("Open", "High", "Low", "Close"):
        assert numbers(first[column.lower()]) == pytest.approx(apple[column].to_numpy(), rel=1e-6)
    assert numbers(volume["y"]) == pytest.approx(apple["Volume"].to_numpy(), rel=1e-6)
    expected = apple["Close"].rolling(20).mean()
    assert numbers(average["y"])[19:] == pytest.approx(expected.to_numpy()[19:], rel=1e-6)
    dates = pd.to_datetime(numbers(first["x"]), unit="ms")
    assert dates.tolist() == apple["Date"].tolist()


def test_days_without_trade_are_left_out(candles, apple):
    weekends, holidays = candles.to_dict()["layout"]["xaxis"]["rangebreaks"]
    assert weekends["bounds"] == ["sat", "mon"]
    assert {"2012-10-29", "2012-10-30", "2012-12-25"} <= set(holidays["values"])  # a hurricane, and Christmas
    assert not set(holidays["values"]) & set(apple["Date"].dt.strftime("%Y-%m-%d"))


def test_the_colours_are_those_of_the_still_chart(apple):
    chart = interactive.candlestick(apple, up="red")
    bars = chart.to_dict()["data"][0]
    assert bars["increasing"]["line"]["color"] == PALETTE["red"]
    assert bars["decreasing"]["fillcolor"] == PALETTE["green"]


def test_an_output_carries_the_description_a_still_picture_and_words(candles):
    data, metadata = candles._repr_mimebundle_()
    assert set(data) == {"application/vnd.plotly.v1+json", "image/png", "text/plain"}
    assert Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).width > 800
    assert metadata["image/png"]["alt"] == data["text/plain"] == repr(candles)
    assert "AAPL, 250 days" in candles.alt


def test_an_output_is_the_same_each_time_and_light(apple, candles):
    again = interactive.candlestick(apple, averages=(20,))
    assert json.dumps(again._repr_mimebundle_()) == json.dumps(candles._repr_mimebundle_())
    assert len(json.dumps(candles._repr_mimebundle_())) < 80_000
    years = interactive.price(load_prices("AAPL", "IBM", "MSFT"), column="Adj Close", log=True, rebase=100)
    assert len(json.dumps(years._repr_mimebundle_())) < LARGEST_OUTPUT


def test_lines_may_be_rebased_on_a_logarithmic_axis():
    chart = interactive.price(load_prices("AAPL", "IBM"), column="Adj Close", log=True, rebase=100)
    described = chart.to_dict()
    assert [numbers(line["y"])[0] for line in described["data"]] == [100, 100]
    assert [line["name"] for line in described["data"]] == ["AAPL", "IBM"]
    axis = described["layout"]["yaxis"]
    assert axis["type"] == "log"
    assert {100, 200, 500} <= set(axis["tickvals"])
    assert "logarithmic" in axis["title"]["text"]


def test_a_narrow_logarithmic_axis_has_even_ticks(apple):
    axis = interactive.price(apple, log=True).to_dict()["layout"]["yaxis"]
    assert len(axis["tickvals"]) >= 4


def test_a_page_needs_nothing_else_or_the_script_it_is_told(candles, tmp_path):
    whole = candles.save(tmp_path / "all.html").read_text(encoding="utf-8")
    assert interactive.plotly_js().read_text(encoding="utf-8") in whole
    light = candles.html("/static/plotly.min.js")
    assert '<script src="/static/plotly.min.js"></script>' in light
    assert len(light) < 40_000


def test_a_title_cannot_end_the_script_or_become_markup(apple):
    page = interactive.candlestick(apple, title="</script><b>x</b>", source="</script>").html("plotly.js")
    assert page.count("</script>") == 2


def test_no_figure_is_left_with_pyplot(apple):
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    interactive.candlestick(apple)
    interactive.price(apple)
    assert plt.get_fignums() == before


def test_a_mistake_is_told_as_by_the_still_charts(apple):
    with pytest.raises(OptionError, match="needs the column Open"):
        interactive.candlestick(apple.drop(columns="Open"))
    with pytest.raises(OptionError, match="the table is empty"):
        interactive.price(apple.iloc[:0])
