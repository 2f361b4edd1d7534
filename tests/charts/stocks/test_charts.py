"""The charts' artists: what is drawn, where, in which colours; and what the words say."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PolyCollection, QuadMesh
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from netlab import charts
from netlab.charts.stocks import numbers
from netlab.errors import MissingError, OptionError
from netlab.prices import load_prices
from netlab.svg import PALETTE

BLUE, RED, GREEN = PALETTE["blue"], PALETTE["red"], PALETTE["green"]
ALL = {
    "price": {"column": "Close"},
    "candlestick": {"volume": True, "averages": (20,), "bands": 20},
    "ohlc": {"volume": True},
    "returns": {},
    "volatility": {},
    "drawdown": {},
    "calendar_heatmap": {},
    "dashboard": {},
    "correlation": {},
    "scatter_matrix": {},
    "compare": {},
}
SEVERAL = ("correlation", "scatter_matrix", "compare")


def table_for(name):
    """A year of prices: enough for every chart, and drawn quickly."""
    prices = load_prices("AAPL", "IBM") if name in SEVERAL else load_prices("AAPL")
    return prices[prices["Date"] >= "2012-03-01"]


def of_kind(ax, kind):
    return [artist for artist in ax.collections if type(artist) is kind]


def texts(ax):
    return [text.get_text() for text in ax.texts]


class TestAllCharts:
    @pytest.mark.parametrize("name", ALL)
    def test_given_axes_it_draws_there_and_changes_nothing_of_matplotlibs(self, name):
        import matplotlib.pyplot as plt

        plt.close("all")
        own = plt.figure()
        settings, figures = dict(mpl.rcParams), plt.get_fignums()
        figure = Figure(figsize=(9, 7))
        other, ax = figure.subplots(1, 2)
        figure.sca(other)
        assert getattr(charts, name)(table_for(name), ax=ax, **ALL[name]) is ax
        figure.draw_without_rendering()
        assert dict(mpl.rcParams) == settings
        assert plt.get_fignums() == figures
        assert plt.gcf() is own
        assert figure.gca() is other
        assert not other.has_data()
        plt.close(own)

    @pytest.mark.parametrize("name", ALL)
    def test_without_axes_it_opens_one_figure_that_a_picture_closes(self, name):
        import matplotlib.pyplot as plt

        plt.close("all")
        ax = getattr(charts, name)(table_for(name), **ALL[name])
        assert len(plt.get_fignums()) == 1
        shown = charts.picture(ax)
        assert shown.png.startswith(b"\x89PNG")
        assert shown.alt == charts.alt_of(ax)
        assert plt.get_fignums() == []

    @pytest.mark.parametrize("name", ALL)
    def test_the_words_name_the_shares_the_dates_and_the_source(self, name, figure):
        ax = getattr(charts, name)(table_for(name), ax=figure.subplots(), **ALL[name])
        alt = charts.alt_of(ax)
        assert "AAPL" in alt
        assert "1 March 2013" in alt or name == "calendar_heatmap"
        assert alt.endswith("Source: Quandl WIKI Prices.")
        assert "nan" not in alt
        below = [panel.get_xlabel() for panel in figure.axes] + [
            t for panel in figure.axes for t in texts(panel)
        ]
        assert "Source: Quandl WIKI Prices" in below

    @pytest.mark.parametrize("name", ALL)
    def test_the_title_and_the_source_are_the_callers_if_given(self, name, figure):
        ax = getattr(charts, name)(
            table_for(name), ax=figure.subplots(), title="Mine", source="my own", **ALL[name]
        )
        assert ax.get_title(loc="left") == "Mine"
        assert charts.alt_of(ax).endswith("Source: my own.")

    @pytest.mark.parametrize("name", ALL)
    def test_it_is_drawn_in_a_part_of_a_figure_and_on_axes_placed_by_hand(self, name):
        part = Figure(figsize=(12, 6), layout="constrained").subfigures(1, 2)[1]
        assert getattr(charts, name)(table_for(name), ax=part.subplots(), **ALL[name]).figure is part
        part.figure.draw_without_rendering()
        figure = Figure(figsize=(9, 7))
        getattr(charts, name)(table_for(name), ax=figure.add_axes((0.2, 0.2, 0.6, 0.6)), **ALL[name])
        figure.draw_without_rendering()
        assert all(panel.get_position().x0 >= 0.199 for panel in figure.axes)


class TestPrice:
    def test_a_line_holds_the_prices_of_its_dates(self, ax, apple):
        charts.price(apple, ax=ax)
        (line,) = ax.lines
        assert line.get_ydata().tolist() == apple["Close"].tolist()
        assert mpl.dates.num2date(ax.get_xlim()[0]).date() == apple["Date"].iloc[0].date()
        assert ax.get_ylabel() == "US dollars"
        assert ax.get_yscale() == "linear"

    def test_on_a_logarithmic_axis_equal_ratios_are_equally_far(self, ax, apple):
        charts.price(apple, ax=ax, log=True)
        low, mid, high = (ax.transData.transform((0, value))[1] for value in (50, 100, 200))
        assert high - mid == pytest.approx(mid - low)
        assert "logarithmic" in ax.get_ylabel()

    def test_rebased_lines_begin_together_on_the_first_day_in_common(self, ax, every):
        charts.price(every, ax=ax, rebase=100)
        assert len(ax.lines) == 5
        assert {line.get_ydata()[0] for line in ax.lines} == {100}
        assert {line.get_xdata()[0] for line in ax.lines} == {np.datetime64("2012-05-18")}
        assert "18 May 2012 = 100" in ax.get_title(loc="left")

    def test_each_of_several_lines_is_named_and_has_its_own_colour(self, ax, every):
        charts.price(every, ax=ax)
        assert [text for text in texts(ax) if text != "●"] == ["AAPL", "FB", "GOOG", "IBM", "MSFT"]
        dots = [text.get_color() for text in ax.texts if text.get_text() == "●"]
        assert dots == [line.get_color() for line in ax.lines]
        assert len(set(dots)) == 5

    def test_the_words_tell_where_a_line_begins_ends_and_turns(self, ax, few):
        charts.price(few.assign(Ticker="X"), ax=ax, unit="euros")
        assert charts.alt_of(ax) == (
            "Line chart: Close of X. X, 26 February 2013 to 5 March 2013: from 11.00 to 12.00 euros, +9.1 %; "
            "highest 12.00 on 27 February 2013, lowest 9.00 on 4 March 2013."
        )

    @pytest.mark.parametrize("value", [0, -5, float("nan")])
    def test_a_base_is_above_zero(self, few, value):
        with pytest.raises(OptionError, match="rebased to a number above 0"):
            charts.price(few, rebase=value)


class TestBars:
    def test_a_candle_reaches_from_open_to_close_and_its_wick_from_low_to_high(self, ax, few):
        charts.candlestick(few, ax=ax)
        (bodies,), (wicks,) = of_kind(ax, PolyCollection), of_kind(ax, LineCollection)
        for place, row in few.iterrows():
            corners = bodies.get_paths()[place].vertices
            assert {corners[:, 1].min(), corners[:, 1].max()} == {*sorted((row["Open"], row["Close"]))}
            assert corners[:, 0].mean() == pytest.approx(place, abs=0.15)
            assert wicks.get_segments()[place].tolist() == [[place, row["Low"]], [place, row["High"]]]

    def test_a_rising_candle_is_hollow_and_a_falling_one_filled(self, ax, few):
        charts.candlestick(few, ax=ax)
        (bodies,) = of_kind(ax, PolyCollection)
        assert [to_hex(colour) for colour in bodies.get_facecolor()] == [
            "#ffffff", "#ffffff", "#ffffff", RED, RED if few["Close"][4] < few["Open"][4] else "#ffffff", "#ffffff",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("up", "rising", "falling"), [("blue", BLUE, RED), ("green", GREEN, RED), ("red", RED, GREEN)]
    )
    @pytest.mark.parametrize("chart", [charts.candlestick, charts.ohlc], ids=lambda chart: chart.__name__)
    def test_the_colours_of_rising_and_falling_can_be_chosen(self, ax, few, chart, up, rising, falling):
        chart(few, ax=ax, up=up)
        lines = of_kind(ax, LineCollection)[0].get_colors()
        assert to_hex(lines[0]) == rising
        assert to_hex(lines[3]) == falling

    def test_an_ohlc_bar_has_its_open_to_the_left_and_its_close_to_the_right(self, ax, few):
        charts.ohlc(few, ax=ax)
        (bars,) = of_kind(ax, LineCollection)
        segments = bars.get_segments()
        assert len(segments) == 18
        stem, opened, closed = segments[3], segments[9], segments[15]
        assert stem.tolist() == [[3, 9.5], [3, 12.5]]
        assert opened[:, 1].tolist() == [12, 12]
        assert (opened[0, 0] < 3, opened[1, 0]) == (True, 3)
        assert closed[:, 1].tolist() == [10, 10]
        assert (closed[0, 0], closed[1, 0] > 3) == (3, True)

    def test_days_are_side_by_side_over_the_weekend(self, ax, few):
        charts.candlestick(few, ax=ax)
        ax.figure.canvas.draw()
        labels = [label.get_text() for label in ax.get_xticklabels()]
        assert labels[2:5] == ["Thu 28", "Fri 1\nMar 2013", "Mon 4"]
        assert list(ax.get_xticks()) == [0, 1, 2, 3, 4, 5]

    def test_the_volume_stands_below_in_millions_from_zero(self, figure, few):
        ax = charts.candlestick(few.assign(Volume=few["Volume"] * 10_000), ax=figure.subplots(), volume=True)
        upper, lower = figure.axes
        assert upper is ax
        assert lower.get_position().y1 < upper.get_position().y0
        (bars,) = of_kind(lower, PolyCollection)
        assert [path.vertices[:, 1].max() for path in bars.get_paths()] == [1, 2, 3, 4, 5, 6]
        assert lower.get_ylim()[0] == 0
        assert "millions" in lower.get_ylabel()
        ax.set_xlim(1, 3)
        assert lower.get_xlim() == (1, 3)

    def test_averages_know_the_days_before_those_shown(self, ax, apple):
        charts.candlestick(apple, ax=ax, last=30, averages=(20, 50), bands=20)
        by_label = {line.get_label(): line for line in ax.lines}
        expected = apple["Close"].rolling(50).mean().iloc[-30:]
        assert by_label["50-day average"].get_ydata().tolist() == pytest.approx(expected.tolist())
        low, high = numbers.bollinger(apple["Close"])
        assert by_label["Bollinger bands, 20 days"].get_ydata().tolist() == pytest.approx(
            low.iloc[-30:].tolist()
        )
        assert ax.get_ylim()[1] >= high.iloc[-30:].max()
        assert [text.get_text() for text in ax.get_legend().get_texts()] == [
            "Bollinger bands, 20 days", "20-day average", "50-day average",
        ]  # fmt: skip

    def test_an_average_longer_than_the_table_is_an_empty_line(self, ax, few):
        charts.candlestick(few, ax=ax, averages=(200,))
        assert np.isnan(ax.lines[0].get_ydata()).all()
        assert ax.get_ylim()[0] > 7

    def test_everything_drawn_is_in_view(self, ax, few):
        charts.candlestick(few, ax=ax)
        assert ax.get_ylim()[0] < few["Low"].min() < few["High"].max() < ax.get_ylim()[1]
        assert ax.get_xlim()[0] < -0.35
        assert ax.get_xlim()[1] > 5.35

    def test_thousands_of_bars_are_pixels_in_an_svg(self):
        many = pd.concat(
            [
                load_prices("IBM"),
                load_prices("IBM").assign(Date=lambda t: t["Date"] + pd.Timedelta(days=5000)),
            ]
        )
        drawn = charts.picture(charts.candlestick(many), kind="svg")
        assert len(drawn.svg) < 400_000
        assert "<image" in drawn.svg

    def test_the_words_count_the_days_that_rose_and_fell(self, ax, few):
        charts.candlestick(few, ax=ax, volume=True)
        assert charts.alt_of(ax) == (
            "Candlestick chart of a share, 6 days, 26 February 2013 to 5 March 2013. It opened at 10.00 and closed at "
            "12.00, +20.0 %; the highest price was 13.00 on 28 February 2013, the lowest 8.00 on 4 March 2013. On 3 "
            "days the close was above the open, on 1 below it. Below, the volume: at most 0.0 million shares, on "
            "5 March 2013."
        )


class TestReturns:
    def test_the_bars_cover_an_area_of_one_and_hold_every_day(self, ax, apple):
        charts.returns(apple, ax=ax)
        area = sum(bar.get_width() * bar.get_height() for bar in ax.patches)
        assert area == pytest.approx(1)
        values = 100 * apple["Adj Close"].pct_change().dropna()
        assert ax.patches[0].get_x() == pytest.approx(values.min())
        assert ax.get_xlim()[0] < -51.9

    def test_the_normal_curve_has_the_same_mean_and_deviation(self, ax, apple):
        charts.returns(apple, ax=ax)
        values = 100 * apple["Adj Close"].pct_change().dropna()
        curve = next(line for line in ax.lines if line.get_linestyle() == "--")
        x, y = curve.get_data()
        assert np.trapezoid(x * y, x) == pytest.approx(values.mean(), abs=1e-3)
        assert np.sqrt(np.trapezoid(x**2 * y, x) - values.mean() ** 2) == pytest.approx(
            values.std(), abs=0.01
        )

    def test_the_worst_day_is_named_and_was_real(self, ax, apple):
        charts.returns(apple, ax=ax)
        assert "−51.9 %, 29 Sep 2000" in texts(ax)

    def test_the_number_of_bars_can_be_chosen(self, ax, apple):
        charts.returns(apple, ax=ax, bins=7)
        assert len(ax.patches) == 7


class TestVolatilityAndDrawdown:
    def test_the_volatility_is_annualised_and_says_so(self, ax, apple):
        charts.volatility(apple, ax=ax, window=63)
        expected = 100 * np.log(apple["Adj Close"]).diff().rolling(63).std() * 252**0.5
        assert ax.lines[0].get_ydata().tolist() == pytest.approx(expected.dropna().tolist())
        assert ax.get_ylabel() == "volatility, % a year"
        assert "63 days, annualised" in ax.get_title(loc="left")
        assert ax.get_ylim()[0] == 0

    def test_a_drawdown_marks_its_deepest_point(self, ax, apple):
        charts.drawdown(apple, ax=ax)
        prices = apple["Adj Close"]
        assert ax.lines[0].get_ydata().tolist() == pytest.approx(
            (100 * (prices / prices.cummax() - 1)).tolist()
        )
        assert "−81.8 %, 17 Apr 2003" in texts(ax)
        assert ax.get_ylim()[1] == 0
        assert "from 22 March 2000 to 17 April 2003" in charts.alt_of(ax)
        assert "regained on 26 January 2005" in charts.alt_of(ax)


class TestShares:
    def test_the_correlations_are_those_of_the_days_in_common(self, ax, every):
        charts.correlation(every, ax=ax)
        wide = every.pivot(index="Date", columns="Ticker", values="Adj Close").dropna().pct_change().dropna()
        expected = [f"{wide['AAPL'].corr(wide['FB']):.2f}", f"{wide['GOOG'].corr(wide['IBM']):.2f}"]
        assert set(expected) <= set(texts(ax))
        (mesh,) = of_kind(ax, QuadMesh)
        assert mesh.get_clim() == (-1, 1)
        assert mesh.get_array().count() == 10

    def test_what_always_moves_alike_has_a_correlation_of_one(self, ax, few):
        both = pd.concat([few.assign(Ticker="A"), few.assign(Ticker="B", Close=2 * few["Close"])])
        charts.correlation(both, ax=ax, column="Close")
        assert "1.00" in texts(ax)

    def test_the_panels_of_a_scatter_matrix_share_one_scale(self, figure):
        charts.scatter_matrix(load_prices("AAPL", "IBM", "MSFT"), ax=figure.subplots())
        panels = figure.axes[1:]
        assert len(panels) == 6
        assert len({panel.get_xlim() for panel in panels}) == 1
        pairs = [panel for panel in panels if panel.lines and len(panel.lines) > 2]
        assert {panel.get_ylim() for panel in pairs} == {panels[0].get_xlim()}

    def test_a_comparison_has_a_panel_a_share_and_all_lines_in_each(self, figure):
        charts.compare(load_prices("AAPL", "IBM", "MSFT"), ax=figure.subplots())
        panels = figure.axes[1:]
        assert [panel.get_title(loc="left") for panel in panels] == ["AAPL", "IBM", "MSFT"]
        assert len({panel.get_ylim() for panel in panels}) == 1
        for panel in panels:
            assert sum(len(line.get_ydata()) > 2 for line in panel.lines) == 3
            assert "volatility" in texts(panel)[0]

    def test_less_than_a_year_is_not_stretched_to_one(self, ax, every):
        charts.compare(every, ax=ax)
        assert "−27.3 % in all" in charts.alt_of(ax)
        assert "a year" not in charts.alt_of(ax)


class TestCalendar:
    def test_each_month_and_year_has_its_return(self, ax, apple):
        charts.calendar_heatmap(apple, ax=ax)
        months, years = of_kind(ax, QuadMesh)
        prices = apple.set_index("Date")["Adj Close"]
        ends = prices.resample("ME").last()
        assert months.get_array()[8, 0] == pytest.approx(100 * (ends["2008-01-31"] / ends["2007-12-31"] - 1))
        assert months.get_array().count() == 157
        assert years.get_array()[8, 0] == pytest.approx(100 * (ends["2008-12-31"] / ends["2007-12-31"] - 1))
        assert "−56.9" in texts(ax)
        low, high = months.get_clim()
        assert low == -high

    def test_each_day_stands_in_its_week(self, ax, apple):
        year = apple[apple["Date"] >= "2012-12-01"]
        charts.calendar_heatmap(year, ax=ax, by="day")
        meshes = of_kind(ax, QuadMesh)
        assert sum(mesh.get_array().count() for mesh in meshes) == len(year) - 1
        prices = year.set_index("Date")["Adj Close"]
        # 2013-01-02 was a Wednesday, in the week that begins on 2012-12-31
        assert meshes[1].get_array()[2, 0] == pytest.approx(
            100 * (prices["2013-01-02"] / prices["2012-12-31"] - 1)
        )

    def test_too_many_years_of_days_are_refused(self, apple):
        with pytest.raises(OptionError, match="room for 4 years, not 14"):
            charts.calendar_heatmap(apple, by="day")

    def test_numbers_can_be_read_on_their_ground(self, ax, apple):
        charts.calendar_heatmap(apple, ax=ax)
        months, _ = of_kind(ax, QuadMesh)
        for text in ax.texts:
            value = float(text.get_text().replace("−", "-"))
            ground = luminance(months.to_rgba(value)[:3])
            ink = luminance(mpl.colors.to_rgb(text.get_color()))
            light, dark = max(ground, ink), min(ground, ink)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, text.get_text()


def luminance(colour):
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


class TestDashboard:
    def test_a_page_holds_six_charts_and_speaks_with_one_voice(self, figure, apple):
        ax = charts.dashboard(apple, ax=figure.subplots())
        titles = [panel.get_title(loc="left") for panel in figure.axes]
        assert [title for title in titles if title] == [
            "AAPL, 1 Mar 2000 – 1 Mar 2013",
            "The last 120 days",
            "Adj Close, whole history",
            "Below the highest price so far",
            "Volatility of 21 days, annualised",
            "Daily returns",
            "Returns of months and years, %",
        ]
        assert charts.alt_of(figure) == charts.alt_of(ax)
        assert charts.alt_of(figure).count("Source:") == 1

    def test_a_few_days_are_no_page(self, few):
        with pytest.raises(OptionError, match="needs 60 days or more"):
            charts.dashboard(few, column="Close")


class TestChineseWords:
    def test_they_get_a_font_where_one_is_installed_and_a_message_where_none_is(
        self, figure, few, monkeypatch
    ):
        from netlab.charts.stocks import fonts

        family = fonts.ideographic_font()
        if family is None:
            with pytest.raises(MissingError, match="apt install fonts-wqy-microhei"):
                charts.price(few, ax=figure.subplots(), title="苹果公司股价")
        else:
            ax = charts.price(few, ax=figure.subplots(), title="苹果公司股价")
            figure.canvas.draw()  # a missing glyph would be a warning
            assert family in ax.title.get_fontfamily() or family in ax._left_title.get_fontfamily()

    def test_where_a_font_is_found_only_the_texts_that_need_it_change(self, figure, few, monkeypatch):
        monkeypatch.setattr("netlab.charts.stocks.fonts.ideographic_font", lambda: "Some Hei")
        other, ax = figure.subplots(1, 2)
        other.set_title("价格")
        charts.price(few, ax=ax, title="价格")
        assert "Some Hei" in ax._left_title.get_fontfamily()
        assert "Some Hei" not in other.title.get_fontfamily()
        assert "Some Hei" not in ax.yaxis.label.get_fontfamily()
