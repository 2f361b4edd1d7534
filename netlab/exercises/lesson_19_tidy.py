"""The exercise of lesson 19 on Seaborn: a wide table made tidy, and drawn by its columns' roles."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from unittest import mock

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

DAYS = ("2012-05-16", "2012-05-17", "2012-05-18", "2012-05-21")
COLUMNS = ["Close", "Date", "Ticker"]
# Shares of whose means no two are alike; the young one has no price at first, and one had a day without trade.
PRICES = {
    "FB": (None, None, 38.23, 34.03),
    "GOOG": (628.93, 623.05, None, 614.11),
    "IBM": (170.31, 168.74, 167.03, 168.63),
}
Price = tuple[str, str, float]


def _wide() -> pd.DataFrame:
    """A table as `adjusted` in the lesson is one."""
    import pandas as pd

    days = pd.DatetimeIndex(DAYS, name="Date")
    return pd.DataFrame(PRICES, index=days, dtype="float64").rename_axis(columns="Ticker")


def _real() -> list[Price]:
    """The prices that there are: day, share, price."""
    return sorted(
        (day, name, price)
        for name, prices in PRICES.items()
        for day, price in zip(DAYS, prices, strict=True)
        if price is not None
    )


def _tidy() -> pd.DataFrame:
    """The same prices in a tidy table, in disorder."""
    import pandas as pd

    rows = [{"Ticker": name, "Close": price, "Date": pd.Timestamp(day)} for day, name, price in _real()]
    return pd.DataFrame(rows[1::2] + rows[::-2])


@exercise(
    "19-tidy",
    title="Wide, tidy, drawn",
    objective="19-o1",
    points=4,
    limit=10,
    hints=(
        "As in the cell that makes `tidy`: `melt` with `ignore_index=False`, then `dropna`, then `reset_index`. Which of them keeps the dates?",
        'The column of prices gets its name from `value_name="Close"`; that of the shares has it already.',
        'Roles for columns: `sns.lineplot(tidy, x="Date", y=…, hue=…, ax=ax)`. The axes are one of its arguments.',
        'Seaborn labels the axis with the name of the column: after it, `ax.set_ylabel("US dollars")`, and `return ax`.',
    ),
    passed="Whatever shares are in the table: one call draws each, in its colour, with its name, where you are told.",
)
def tidy(t: Trial, tidy_prices: Callable[..., Any], draw_shares: Callable[..., Any]) -> None:
    """A wide table with gaps, and a tidy one in disorder, drawn beside axes that are not to be touched."""
    import matplotlib.pyplot as plt

    _judge_table(t, tidy_prices)
    figure, (left, right) = plt.subplots(1, 2)  # the right ones are the current ones of pyplot
    try:
        _judge_chart(t, draw_shares, left, right)
    finally:
        plt.close(figure)


def _judge_table(t: Trial, tidy_prices: Callable[..., Any]) -> None:
    """What became of the wide table."""
    import pandas as pd

    wide = _wide()
    before = wide.copy()
    with t.case("a tidy table comes back") as case:
        came = tidy_prices(wide)
        words = "End with `return`, and the long table: `melt` makes a new one."
        case.expect_that(isinstance(came, pd.DataFrame), "a DataFrame", type(came).__name__, words)
        columns: Wrong = [
            (lambda v: "value" in v, 'The prices have no name yet: `value_name="Close"`.'),
            (lambda v: "variable" in v, 'The shares have no name yet: `var_name="Ticker"`.'),
            (
                lambda v: "Date" not in v,
                "Where are the dates? `melt` drops the index unless you say `ignore_index=False`, and `reset_index()` makes it a column.",
            ),
            (
                lambda v: set(v) >= {"FB", "IBM"},
                "It is still wide: a column a share. `melt` makes a row of each price.",
            ),
        ]
        names = sorted(str(name) for name in came.columns)
        case.expect(names, COLUMNS, columns, advice="Three columns, and no others.")
        words = "Leave the dates dates: as text they cannot be drawn on a scale of time."
        kind = came["Date"].dtype
        case.expect_that(pd.api.types.is_datetime64_any_dtype(kind), "dates", f"a column of {kind}", words)
        _expect_prices(case, came)
    with t.case("the wide table") as case:
        words = "Make a new table: no `inplace=True`, no assignment to `wide[…]`."
        case.expect_that(wide.equals(before), "unchanged", "changed", words)


def _expect_prices(case: Case, came: pd.DataFrame) -> None:
    """Fail unless a tidy table has a row for each price that there is, and no other."""
    import pandas as pd

    gaps = int(came["Close"].isna().sum())
    words = "A row is an observation, and a gap is none: `dropna()` after `melt`."
    case.expect_that(gaps == 0, "no row without a price", f"{gaps} of them", words)
    rows = zip(came["Date"], came["Ticker"], came["Close"], strict=True)
    found = sorted(
        (str(pd.Timestamp(day))[:10], str(name), round(float(price), 4)) for day, name, price in rows
    )
    words = "Nobody paid those prices: leave the gaps to `dropna()`, and fill none."
    lost = "`dropna()` before `melt` drops the whole day of all shares: first `melt`, then `dropna()`."
    wrong: Wrong = [
        (lambda v: len(v) > len(_real()), words),
        (lambda v: len(v) < len(_real()), lost),
    ]
    case.expect(found, _real(), wrong, advice="The prices, the days and the shares stay what they were.")


def _judge_chart(t: Trial, draw_shares: Callable[..., Any], left: Axes, right: Axes) -> None:
    """What is on the axes after the student's code drew on the left ones, and what else it changed."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    table = _tidy()
    table_before, open_before, defaults = table.copy(), plt.get_fignums(), dict(mpl.rcParams)
    came: Any = None
    with t.case("drawn by Seaborn, on the given axes") as case, _lines_by_seaborn() as by_seaborn:
        came = draw_shares(left, table)
        words = "A figure-level function such as `relplot` makes a figure of its own. `lineplot` draws on yours; and no `plt.figure`, no `plt.close`."
        case.expect(plt.get_fignums(), open_before, advice=words)
        touched = bool(right.lines or right.collections or right.get_ylabel())
        words = "Without `ax=ax` Seaborn, and `plt` always, takes the axes that were made last."
        case.expect_that(not touched, "drawn on the given axes", "drawn on their neighbour", words)
        words = "Points that nothing joins are no course of prices: `sns.lineplot`."
        drawn = _lines(left)
        case.expect_that(bool(drawn) or not left.collections, "lines", "points", words)
        words = "Draw: `sns.lineplot(tidy, x=…, y=…, hue=…, ax=ax)`."
        case.expect_that(bool(drawn), "lines", "none", words)
        words = "That was Matplotlib, line by line. Say to Seaborn which column has which role, once."
        case.expect_that(bool(by_seaborn), "lines drawn by Seaborn", "lines drawn by hand", words)
    if not _lines(left):
        return
    with t.case("a line for each share") as case:
        _expect_lines(case, left)
    with t.case("which colour is whose") as case:
        _expect_legend(case, left)
    with t.case("the unit") as case:
        words = (
            'A price of what? `ax.set_ylabel("US dollars")`; by itself Seaborn writes the name of the column.'
        )
        case.expect_that("US dollars" in left.get_ylabel(), "US dollars", repr(left.get_ylabel()), words)
    with t.case("everything else as it was") as case:
        changed = sorted(name for name, value in dict(mpl.rcParams).items() if value != defaults[name])
        words = "`sns.set_theme` and `sns.set_palette` change the defaults of all charts to come, your caller's too. Ask for `palette=` in the call."
        came_words = f"{len(changed)} of them changed, {', '.join(changed[:2])} among them"
        case.expect_that(not changed, "Matplotlib's defaults", came_words, words)
        words = "Make a new table: no assignment to `tidy[…]`, no `inplace=True`."
        case.expect_that(table.equals(table_before), "the table as it was", "a changed one", words)
    with t.case("the axes are returned") as case:
        case.expect_that(came is left, "the axes", type(came).__name__, "End with `return ax`.")


@contextlib.contextmanager
def _lines_by_seaborn() -> Iterator[list[str]]:
    """Notes each line that code of Seaborn puts on axes meanwhile, whichever of its functions was called."""
    from matplotlib.axes import Axes

    noted: list[str] = []
    add_line = Axes.add_line

    def noting(axes: Axes, line: Any) -> Any:
        frame: Any = sys._getframe(1)
        while frame is not None:
            if str(frame.f_globals.get("__name__")).partition(".")[0] == "seaborn":
                noted.append(frame.f_code.co_name)
                break
            frame = frame.f_back
        return add_line(axes, line)

    with mock.patch.object(Axes, "add_line", noting):
        yield noted


def _lines(ax: Axes) -> list[tuple[list[tuple[str, float]], Any]]:
    """The days and prices of each line that has any, and the line; those for a legend have none."""
    import numpy as np
    from matplotlib.dates import num2date

    found = []
    for line in ax.lines:
        days = np.asarray(line.get_xdata(orig=False), dtype=float)
        prices = np.asarray(line.get_ydata(orig=False), dtype=float)
        points = [
            (str(num2date(day))[:10], round(float(price), 4))  # type: ignore[no-untyped-call]
            for day, price in zip(days, prices, strict=True)
            if not np.isnan(price)
        ]
        if points:
            found.append((points, line))
    return found


def _by_share() -> dict[str, list[tuple[str, float]]]:
    """The days and prices of each share."""
    return {name: [(day, price) for day, of, price in _real() if of == name] for name in PRICES}


def _expect_lines(case: Case, ax: Axes) -> None:
    """Fail unless each share has its line, over its days in their order, that can be seen."""
    lines = _lines(ax)
    shares = _by_share()
    mean = 'Without `hue="Ticker"` all shares are one: the line is their mean, the band how far they differ.'
    case.expect(len(lines), len(shares), [(1, mean)], advice="One line for each share, please.")
    drawn = [points for points, _ in lines]
    if sorted(map(sorted, drawn)) == sorted(shares.values()):
        words = "The line runs forth and back: the days in order, as `lineplot` does it unless you say `sort=False`."
    else:
        words = 'Name the roles: `x="Date", y="Close", hue="Ticker"`. Each share has its own days and prices.'
    case.expect(sorted(drawn), sorted(shares.values()), advice=words)
    seen = all(line.get_visible() and line.get_linestyle() not in ("None", "", " ") for _, line in lines)
    case.expect_that(seen, "lines", "points that nothing joins", "Join the points.")


def _expect_legend(case: Case, ax: Axes) -> None:
    """Fail unless the lines differ in colour, and a legend has the right colour for each share."""
    from matplotlib.colors import to_hex

    shares = _by_share()
    colours = {
        name: to_hex(line.get_color())
        for drawn, line in _lines(ax)
        for name, points in shares.items()
        if points == drawn
    }
    words = 'All alike: `hue="Ticker"` gives each share a colour. `units` and `style` do not.'
    case.expect(len(set(colours.values())), len(shares), advice=words)
    figure = ax.get_figure()
    outside = figure.legends if figure is not None else []
    legend = ax.get_legend() or (outside[0] if outside else None)
    if legend is None:
        words = "Which line is whose? Seaborn makes a legend by itself, unless you say `legend=False`."
        case.fail("a legend", "none", words)
    handles: Any = zip(legend.get_texts(), legend.legend_handles, strict=True)
    named = {
        text.get_text(): to_hex(line.get_color() if hasattr(line, "get_color") else line.get_facecolor())
        for text, line in handles  # the band about a line has a face, no colour
        if text.get_text() in shares
    }
    words = "Take the legend that Seaborn makes: names that you give by hand may stand beside the wrong line."
    case.expect(dict(sorted(named.items())), dict(sorted(colours.items())), advice=words)
