"""The chart of lesson 20: two shares beside each other, drawn into the axes that are given."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Draw = Callable[..., Any]

ERRORS: dict[type[BaseException], str] = {
    AttributeError: "Axes have other names than `plt`: `ax.set_title(…)`, `ax.set_ylabel(…)`.",
    KeyError: "There is no such column or label. The table has Ticker, Date and “Adj Close”, among others; a share becomes a column by `pivot`.",
    TypeError: "What is called here, and with what? Axes have `ax.set_title(…)` and `ax.set_ylabel(…)`, where `plt` has `title` and `ylabel`.",
    ValueError: "Two columns of different lengths cannot be drawn together: put both shares under the same dates first.",
}
NO_NUMBER = (
    "Every value of the line is NaN. pandas divides rows that have the same label, and two shares of the long table "
    "have none in common: let the dates be the labels, as `pivot` does."
)
NOT_A_SHARE = (
    "After two for one, half the close is no loss: “Adj Close” accounts for splits, “Close” does not."
)


@exercise(
    "20-chart",
    title="A chart of your own",
    objective="20-o2",
    points=4,
    limit=20.0,
    hints=(
        '`wide = prices.pivot(index="Date", columns="Ticker", values="Adj Close")`: a column for each share, a row for each day.',
        "`both = wide[[one, other]].dropna()`: only the days that both have.",
        "`ratio = both[one] / both[other]`, and `100 * ratio / ratio.iloc[0]` begins at 100.",
        "`ax.plot(ratio.index, ratio)`, `ax.set_title(…)`, `ax.set_ylabel(…)`, `return ax`. Nothing of `plt`: it would draw somewhere else.",
    ),
    passed="Into the axes that it is given, on the days that both have, splits accounted for: the server can draw it for anybody.",
)
def chart(t: Trial, draw_strength: Draw) -> None:
    """The relative strength of two shares."""
    import matplotlib.pyplot as plt
    import pandas as pd

    from netlab.prices import load_prices

    before = set(plt.get_fignums())
    prices = table(
        {"AAA": [10.0, 11.0, 12.0, 9.0], "BBB": [20.0, 20.0, 30.0, 20.0], "NEW": [5.0, 5.0, 5.0, 6.0]}
    )
    prices = prices[(prices["Ticker"] != "NEW") | (prices["Date"] > pd.Timestamp("2013-01-03"))]
    with t.case("into the axes that it is given", ERRORS) as case:
        kept = prices.copy()
        ax, came = _drawn(draw_strength, prices, "AAA", "BBB")
        words = "A chart was opened beside. Draw with `ax.plot`, not with `plt.plot`."
        case.expect_that(set(plt.get_fignums()) == before, "no other figure", "a new figure", words)
        case.expect_that(bool(ax.lines), "a line in `ax`", "none", "Draw with `ax.plot(days, values)`.")
        case.expect_that(
            came is ax, "`ax` is returned", repr(type(came).__name__), "`return ax`, as Seaborn does."
        )
        words = "The next chart gets the same table: work on a copy."
        case.expect_that(prices.equals(kept), "the table as it was", "a changed one", words)
    plt.close("all")
    with t.case("the values", ERRORS) as case:
        ax, _ = _drawn(draw_strength, prices, "AAA", "BBB")
        _expect_values(case, ax, [100.0, 110.0, 80.0, 90.0])
    with t.case("each value above its day", ERRORS) as case:
        ax, _ = _drawn(draw_strength, prices, "AAA", "BBB")
        _expect_days(case, ax)
    with t.case("the other way round", ERRORS) as case:
        ax, _ = _drawn(draw_strength, prices, "BBB", "AAA")
        _expect_values(case, ax, [100.0, 90.909, 125.0, 111.111])
    with t.case("days that only one of them has", ERRORS) as case:
        late = prices[~((prices["Ticker"] == "BBB") & (prices["Date"] == pd.Timestamp("2013-01-02")))]
        ax, _ = _drawn(draw_strength, late, "AAA", "BBB")
        words = "BBB begins a day later. Take the days that both have, and begin at 100 on the first of them."
        _expect_values(case, ax, [100.0, 72.727, 81.818], advice=words)
    with t.case("Apple and IBM around Apple's split of 2005-02-28", ERRORS) as case:
        real = load_prices("AAPL", "IBM")
        real = real[real["Date"].between("2005-02-14", "2005-03-11")]
        ax, _ = _drawn(draw_strength, real, "AAPL", "IBM")
        lowest = min(_values(case, ax), default=math.nan)
        case.expect_that(not math.isnan(lowest), "never below 85", "only NaN", NO_NUMBER)
        case.expect_that(lowest > 85, "never below 85", f"down to {lowest:.0f}", NOT_A_SHARE)
    with t.case("a title with both names, and words at the axis", ERRORS) as case:
        ax, _ = _drawn(draw_strength, prices, "AAA", "BBB")
        title = " ".join(ax.get_title(loc=where) for where in ("left", "center", "right"))
        named = "AAA" in title and "BBB" in title
        case.expect_that(named, "AAA and BBB in the title", repr(title.strip()), "`ax.set_title(…)`")
        words = "What is 100? Say it: `ax.set_ylabel(…)`."
        case.expect_that(bool(ax.get_ylabel().strip()), "words at the y axis", "none", words)


def table(shares: dict[str, list[float]]) -> pd.DataFrame:
    """Prices of some shares on the same days; what was traded is twice what is adjusted."""
    import pandas as pd

    days = pd.to_datetime(["2013-01-02", "2013-01-03", "2013-01-04", "2013-01-07"])
    rows = [
        (name, day, close * 2, close)
        for name, closes in shares.items()
        for day, close in zip(days, closes, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["Ticker", "Date", "Close", "Adj Close"])
    return frame.assign(Open=frame["Close"], High=frame["Close"], Low=frame["Close"], Volume=1)


def _drawn(draw: Draw, prices: pd.DataFrame, one: str, other: str) -> tuple[Axes, Any]:
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    return ax, draw(prices, one, other, ax)


def _points(case: Case, ax: Axes) -> list[tuple[float, float]]:
    """What the longest line shows that is not level, as a base line is; where there is no number nothing is drawn."""
    import numpy as np

    case.expect_that(bool(ax.lines), "a line", "none", "Draw with `ax.plot(days, values)`.")
    drawn = []
    for line in ax.lines:
        x, y = (np.asarray(line.get_data(orig=False)[axis], dtype=float) for axis in (0, 1))
        points = [(float(a), float(b)) for a, b in zip(x, y, strict=True) if math.isfinite(b)]
        drawn.append((len({b for _, b in points}) > 1, len(y), points))
    return max(drawn)[2]


def _values(case: Case, ax: Axes) -> list[float]:
    return [y for _, y in _points(case, ax)]


def _expect_days(case: Case, ax: Axes) -> None:
    """Numbers from 0 on are what matplotlib takes where there are no days, or texts."""
    came = [x for x, _ in _points(case, ax)]
    case.expect_that(bool(came), "values above days", "only NaN", NO_NUMBER)
    words = "The x axis counts 0, 1, 2: hand over the days, too, and as days, not as text: `ax.plot(days, values)`."
    counted = came == list(map(float, range(len(came))))
    case.expect_that(not counted, "days at the x axis", ", ".join(f"{x:g}" for x in came[:8]), words)


def _expect_values(case: Case, ax: Axes, expected: list[float], advice: str = "") -> None:
    came = _values(case, ax)
    shown = ", ".join(f"{value:.1f}" for value in came[:8])
    same = len(came) == len(expected) and all(
        math.isclose(a, b, abs_tol=0.02) for a, b in zip(came, expected, strict=True)
    )
    if not same and not advice:
        advice = "One share's price, divided by the other's, and all of that so that the first day is 100."
        if not came:
            advice = NO_NUMBER
        elif not math.isclose(came[0], 100, abs_tol=0.02):
            advice = "It begins at 100: divide by the first value, and take it times 100."
        elif len(came) < len(expected):
            advice = "Days are missing. The table has other shares, too: leave out only days that one of *these two* lacks."
        elif math.isclose(came[1], 100 * 100 / expected[1], rel_tol=0.001):
            advice = "That is the other share, divided by the one: turn it round."
    case.expect_that(same, ", ".join(f"{value:.1f}" for value in expected), shown or "nothing", advice)
