"""The exercises of lesson 19, charts of shares: a table, a line on given axes, splits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

DAYS = ("2012-05-16", "2012-05-17", "2012-05-18", "2012-05-21")
GOOG_DAYS = ("2013-02-26", "2013-02-27", "2013-03-01", "2013-03-05")  # uneven, so that nobody can guess them
GOOG_CLOSES = [790.13, 799.78, 806.19, 838.60]


def long_table(closes: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """A long table, the later rows first, whose adjusted prices are half of the closing ones."""
    import pandas as pd

    rows = [
        {"Ticker": name, "Date": pd.Timestamp(day), "Close": close, "Adj Close": close / 2}
        for name, days in closes.items()
        for day, close in days.items()
    ]
    return pd.DataFrame(rows[::-1])


def numbers(values: Any) -> list[float | None]:
    """Values as a report can show them: rounded, None where there is none."""
    import pandas as pd

    return [None if pd.isna(value) else round(float(value), 4) for value in values]


@exercise(
    "19-wide",
    title="From long to wide",
    objective="19-o1",
    points=2,
    hints=(
        "`prices.pivot(index=…, columns=…, values=…)`, as in the cell that makes `adjusted`.",
        "The values are those of the column `Close` here.",
        "`pivot` sorts the dates by itself, leaves a gap where there is no price, and makes a new table.",
    ),
    passed="Shares stand beside each other now, and a day without a price is a gap, not a zero.",
)
def wide(t: Trial, closes: Callable[..., Any]) -> None:
    """A long table in disorder, one share of which is young, and had a day without trade."""
    import pandas as pd

    one, two, three, four = DAYS
    fb = {two: 38.23, four: 34.03}
    prices = long_table({"FB": fb, "IBM": {one: 170.31, two: 168.74, three: 167.03, four: 168.63}})
    before = prices.copy()
    came = closes(prices)
    with t.case("a table comes back") as case:
        words = "Return a table: `return prices.pivot(…)`."
        case.expect_that(isinstance(came, pd.DataFrame), "a DataFrame", type(came).__name__, words)
    if not isinstance(came, pd.DataFrame):
        return
    with t.case("a column a share") as case:
        columns = sorted(str(name) for name in came.columns)
        words = "`columns` names the column whose values become columns: `Ticker`. `values` takes a single name, not a list."
        case.expect(columns, ["FB", "IBM"], advice=words)
    with t.case("the dates are the index, in order") as case:
        index = [str(day)[:10] for day in came.index]
        words = "`index` names the column whose values become the labels of the rows: `Date`."
        wrong: Wrong = [
            (lambda v: len(v) == len(DAYS) and sorted(v) == list(DAYS), "Sort them: `sort_index()`."),
            (lambda v: len(v) < len(DAYS), "Days are missing: drop none. A gap stays a gap."),
        ]
        case.expect(index, list(DAYS), wrong, advice=words)
        dates = "Leave the dates dates: as text they cannot be drawn on a scale of time."
        kind = type(came.index).__name__
        case.expect_that(isinstance(came.index, pd.DatetimeIndex), "dates", f"an {kind}", dates)
    with t.case("the closing prices") as case:
        adjusted = "These are the adjusted prices: the column is `Close`."
        expected = [170.31, 168.74, 167.03, 168.63]
        case.expect(numbers(came["IBM"]), expected, [([85.155, 84.37, 83.515, 84.315], adjusted)])
    with t.case("days without a price") as case:
        invented = [
            (lambda v: 0.0 in v, "A zero is a price. Leave `NaN` where there is none."),
            (lambda v: v[0] is not None, "Nobody paid that price before there was one. Leave `NaN`."),
            (lambda v: v[2] is not None, "Nobody traded on that day: the price of before is an invention."),
        ]
        case.expect(numbers(came["FB"]), [None, 38.23, None, 34.03], invented)
    with t.case("the table that you were given") as case:
        same = prices.equals(before)
        case.expect_that(
            same, "unchanged", "changed", "Make a new table: no `inplace=True`, no assignment to `prices[…]`."
        )


@exercise(
    "19-draw",
    title="A line on given axes",
    objective="19-o1",
    points=3,
    hints=(
        "`ax.plot(dates, closes)`: the axes draw, not `plt`.",
        '`ax.set_title(f"{name}, closing prices")` and `ax.set_ylabel("US dollars")`.',
        "`return ax` at the end, so that the caller can go on with it.",
    ),
    passed="Your function draws where it is told, says what it draws, and can be one chart of four.",
)
def draw(t: Trial, draw_closes: Callable[..., Any]) -> None:
    """Two pairs of axes on one figure; only one is to be drawn on."""
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2)  # the right ones are the current ones of pyplot
    try:
        judge_line(t, draw_closes, left, right)
    finally:
        plt.close(figure)


def judge_line(t: Trial, draw_closes: Callable[..., Any], left: Axes, right: Axes) -> None:
    """What is on the axes after the student's code drew on the left ones."""
    import matplotlib.pyplot as plt
    import pandas as pd

    open_before = plt.get_fignums()
    came = draw_closes(left, "GOOG", pd.DatetimeIndex(GOOG_DAYS), list(GOOG_CLOSES))
    with t.case("nobody else's axes are touched") as case:
        touched = bool(right.lines or right.get_title() or right.get_ylabel())
        words = "`plt.plot` and `plt.title` work on the axes that were made last. Ask the axes that you were given: `ax.plot`, `ax.set_title`."
        case.expect_that(not touched, "drawn on the given axes", "drawn on their neighbour", words)
        words = "Make no figure: draw on `ax`. `plt.figure` and `plt.subplots` make one, `plt.close` takes the caller's away."
        case.expect(plt.get_fignums(), open_before, advice=words)
    with t.case("one line with the closing prices") as case:
        none = "`ax.plot(dates, closes)` draws a line."
        case.expect(len(left.lines), 1, [(0, none)], advice="One line, please.")
        expect_line(case, left.lines[0])
    with t.case("the title names the share") as case:
        title = left.get_title() or left.get_title("left") or left.get_title("right")
        words = "Make the title from `name`: the next share is another one."
        if "GOOG" in title:
            words = "The name is in it. Put it first."
        case.expect_that(title.startswith("GOOG"), "a title that begins with GOOG", repr(title), words)
    with t.case("the unit") as case:
        words = 'A price of what? `ax.set_ylabel("US dollars")`.'
        case.expect_that("US dollars" in left.get_ylabel(), "US dollars", repr(left.get_ylabel()), words)
    with t.case("the axes are returned") as case:
        case.expect_that(came is left, "the axes", type(came).__name__, "End with `return ax`.")


def expect_line(case: Case, line: Line2D) -> None:
    """Fail unless a line can be seen that joins the closing prices over their dates."""
    import numpy as np
    import pandas as pd
    from matplotlib.dates import num2date

    words = "First what goes to the right, then what goes up: `ax.plot(dates, closes)`."
    values = pd.Series(line.get_ydata())
    case.expect_that(values.dtype.kind in "fiu", "prices going up", f"{values.dtype} going up", words)
    case.expect(numbers(values), GOOG_CLOSES, advice=words)
    text = "Hand over the dates as they are: as text they stand at equal distances, whatever lies between."
    given: list[Any] = list(np.asarray(line.get_xdata(orig=True), dtype=object))
    case.expect_that(not any(isinstance(day, str) for day in given), "dates", "text", text)
    numbered = np.asarray(line.get_xdata(orig=False), dtype=float)
    drawn = [str(day)[:10] for day in num2date(numbered)]  # type: ignore[no-untyped-call]
    case.expect(drawn, list(GOOG_DAYS), advice=words)
    seen = line.get_visible() and line.get_linestyle() not in ("None", "", " ")
    case.expect_that(bool(seen), "a line", "points that nothing joins", "Join the points: no `'o'` alone.")


def table_of(closes: Sequence[float], adjusted: Sequence[float]) -> pd.DataFrame:
    """A table of one share from Monday, 2 January 2012, on."""
    import pandas as pd

    days = pd.bdate_range("2012-01-02", periods=len(closes), name="Date")
    return pd.DataFrame({"Close": closes, "Adj Close": adjusted}, index=days)


@exercise(
    "19-splits",
    title="Find the splits",
    objective="19-o2",
    points=4,
    hints=(
        'As in the cell that makes `raw` and `mended`: `prices["Close"].shift() / prices["Close"]`, the same of `Adj Close`, and the one divided by the other.',
        "Keep what is above 1.25 or below 0.8: `ratio[(ratio > 1.25) | (ratio < 0.8)]`.",
        "`.round(2).to_dict()` makes a dictionary of a Series, with its index as the keys.",
    ),
    passed="You tell a split from a crash and from a dividend, by two columns and one division.",
)
def splits(t: Trial, find_splits: Callable[..., Any]) -> None:
    """Splits of several kinds, and falls that are none."""
    from netlab.prices import load_prices

    def found(case: Case, prices: pd.DataFrame) -> dict[str, float]:
        before = prices.copy()
        came = find_splits(prices)
        words = "Return a dictionary from date to ratio: `ratio.to_dict()`."
        case.expect_that(isinstance(came, dict), "a dict", type(came).__name__, words)
        case.expect_that(
            prices.equals(before), "the table as it was", "a changed one", "Leave the table as it is."
        )
        return {str(day)[:10]: round(float(ratio), 4) for day, ratio in came.items()}

    backwards = "Turn it round: two shares for one old one are 2, so the day *before* is divided by the day."
    with t.case("Apple from 2000 to 2013") as case:
        real = {"2000-06-21": 2.0, "2005-02-28": 2.0}
        crash = "2000-09-29 was a real fall: the adjusted price fell as well. Divide the ratio of `Close` by that of `Adj Close`."
        late = "The day of a split is the first one at the new price: `shift()` brings the day before to the day."
        case.expect(
            found(case, load_prices("AAPL").set_index("Date")),
            real,
            [
                (
                    lambda v: "2000-03-01" in v,
                    "The first day has no day before it: its ratio is `NaN`, and no split.",
                ),
                (lambda v: "2000-09-29" in v, crash),
                ({"2000-06-21": 0.5, "2005-02-28": 0.5}, backwards),
                (lambda v: set(v) & {"2000-06-20", "2005-02-25"}, late),
            ],
        )
    with t.case("Microsoft, with a dividend of three dollars") as case:
        paid = "2004-11-15 was a dividend, a ratio of 1.11: only above 1.25 and below 0.8 is it a split."
        case.expect(
            found(case, load_prices("MSFT").set_index("Date")),
            {"2003-02-18": 2.0},
            [(lambda v: "2004-11-15" in v, paid)],
        )
    with t.case("three new shares for two old ones") as case:
        words = "Keep the ratio as it is, to two decimals: not every split is one into two."
        case.expect(found(case, table_of([30, 20, 21], [20, 20, 21])), {"2012-01-03": 1.5}, advice=words)
    with t.case("four new shares for three old ones") as case:
        words = "Round the ratio to two decimals: 1.33."
        case.expect(found(case, table_of([40, 30, 31], [30, 30, 31])), {"2012-01-03": 1.33}, advice=words)
    with t.case("one new share for four old ones") as case:
        words = "A reverse split has a ratio below 0.8: look on both sides of 1."
        case.expect(found(case, table_of([2, 8, 8.4], [8, 8, 8.4])), {"2012-01-03": 0.25}, [({}, words)])
    with t.case("three new shares for four old ones") as case:
        words = "Below 0.8 is a reverse split: 0.75 is one."
        case.expect(found(case, table_of([30, 40, 41], [40, 40, 41])), {"2012-01-03": 0.75}, advice=words)
    with t.case("a split on a day on which the price rose by a third") as case:
        words = "The price moved as well on that day: divide the one ratio by the other, and nothing of it is left."
        case.expect(found(case, table_of([30, 20, 20], [15, 20, 20])), {"2012-01-03": 2.0}, advice=words)
    with t.case("a share that was never split") as case:
        case.expect(
            found(case, table_of([10, 4, 12], [9, 3.6, 10.8])),
            {},
            advice="It only fell and rose: both columns agree.",
        )


from netlab.exercises import (  # noqa: E402
    lesson_19_bars,  # noqa: F401
    lesson_19_delivery,  # noqa: F401
    lesson_19_numbers,  # noqa: F401
    lesson_19_page,  # noqa: F401
    lesson_19_quizzes,  # noqa: F401
    lesson_19_tidy,  # noqa: F401
)
