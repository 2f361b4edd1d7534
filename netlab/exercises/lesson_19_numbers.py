"""The exercises of lesson 19 on numbers: a moving average, volatility, drawdown, none of which looks ahead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong

if TYPE_CHECKING:
    import pandas as pd


def series(closes: Sequence[float]) -> pd.Series:
    """Closing prices on days of trade in 2012."""
    import pandas as pd

    return pd.Series(
        closes, pd.bdate_range("2012-01-02", periods=len(closes), name="Date"), dtype="float64", name="Close"
    )


def computed(
    case: Case, function: Callable[..., Any], closes: pd.Series, *options: int
) -> list[float | None]:
    """What a function makes of closing prices, as a report can show it.

    Fails unless it is a Series over the same dates, and the closing prices are what they were.
    """
    import pandas as pd

    before = closes.copy()
    came = function(closes, *options)
    words = "Return a Series with the dates of `closes`: what pandas computes from a Series is one."
    case.expect_that(isinstance(came, pd.Series), "a Series", type(came).__name__, words)
    dates = f"{len(came)} other ones" if len(came) != len(before) else "the same number of other ones"
    case.expect_that(came.index.equals(before.index), "the same dates", dates, words + " Drop none of them.")
    words = "Make a new Series: no `closes[…] = …`, no `/=`. Others still need the prices."
    case.expect_that(closes.equals(before), "prices left as they were", "changed ones", words)
    return [None if pd.isna(value) else round(float(value), 4) for value in came]


@exercise(
    "19-average",
    title="An average that looks back",
    objective="19-o4",
    points=2,
    hints=(
        "`closes.rolling(days)` makes a window that moves over the days.",
        "`.mean()` of it is the average; pandas leaves `NaN` until the window is full.",
        "`return closes.rolling(days).mean()`, without `center` and without `min_periods`.",
    ),
    passed="Your average knows nothing of tomorrow, and says so when it does not know enough.",
)
def average(t: Trial, moving_average: Callable[..., Any]) -> None:
    """Averages worked out by hand."""
    closes = series([10, 20, 60, 30, 0])
    with t.case("three days") as case:
        early = "The first two days have not three days behind them: leave `NaN`, no `min_periods`."
        case.expect(
            computed(case, moving_average, closes, 3),
            [None, None, 30.0, 36.6667, 30.0],
            [
                ([None, 30.0, 36.6667, 30.0, None], "That looks ahead by a day: no `center=True`."),
                ([10.0, 15.0, 30.0, 36.6667, 30.0], early),
                (
                    [30.0, 36.6667, 30.0, None, None],
                    "That looks ahead by two days: the window ends with the day itself, so no `shift` back and no turning round.",
                ),
                ([None, None, None, 30.0, 36.6667], "The day itself counts, too: no `shift()`."),
                ([0.0, 0.0, 30.0, 36.6667, 30.0], "A zero is a price. Where nothing is known is `NaN`."),
                ([30.0, 30.0, 30.0, 36.6667, 30.0], early),
                ([None, None, 90.0, 110.0, 90.0], "That is the sum of the days. The mean is `mean()`."),
                ([None, None, None, 30.0, 27.5], "`days` days in all, with the day itself: not one more."),
                ([None, None, 20.0, 30.0, 30.0], "That is the median. The mean is `mean()`."),
            ],
        )
    with t.case("two days") as case:
        words = "Use `days`: the width is not always the same."
        case.expect(
            computed(case, moving_average, closes, 2),
            [None, 15.0, 40.0, 45.0, 15.0],
            advice=words,
        )
    with t.case("one day is the price itself") as case:
        case.expect(computed(case, moving_average, closes, 1), [10.0, 20.0, 60.0, 30.0, 0.0])
    with t.case("more days than there are") as case:
        came = computed(case, moving_average, closes, 9)
        case.expect(came, [None] * 5, advice="Then nothing is known: `NaN` for all.")


ORDER = '''
def volatility(closes):
    """Return the volatility of closing prices, in percent a year."""
    return 100 * yearly
    yearly = daily * math.sqrt(252)
    daily = returns.std()
    returns = np.log(ratios)
    ratios = closes / closes.shift()
'''


@exercise(
    "19-order",
    title="Volatility, in order",
    objective="19-o4",
    points=2,
    starter=ORDER,
    hints=(
        "A line can only use what a line above it has made. Which one uses nothing but `closes`?",
        "Ratios, then returns, then their deviation of a day, then that of a year.",
        "Turn the five lines round: `ratios` is first, `return` is last.",
    ),
    passed="From prices to one number that can be compared across shares.",
)
def order(t: Trial, volatility: Callable[..., Any]) -> None:
    """The volatility of a series worked out by hand, and of Apple."""
    import math

    from netlab.prices import load_prices

    unbound: dict[type[BaseException], str] = {
        UnboundLocalError: "That line uses what a line below it makes: move it down."
    }
    with t.case("up and down by a tenth", unbound) as case:
        steps = [math.log(1.1), -math.log(1.1)] * 2
        deviation = math.sqrt(sum(step**2 for step in steps) / 3)  # of a sample of four whose mean is 0
        expected = 100 * deviation * math.sqrt(252)
        came = volatility(series([100, 110, 100, 110, 100]))
        wrong: Wrong = [
            (lambda v: v == round(expected / 100, 4), "In percent: the last line multiplies by 100."),
            (
                lambda v: v == round(expected * math.sqrt(252), 4),
                "A deviation grows with the root of time: √252.",
            ),
            (lambda v: v == round(expected / math.sqrt(252), 4), "That is the volatility of a day."),
        ]
        came = round(float(came), 4) if came is not None else came
        case.expect(came, round(expected, 4), wrong, advice="Move lines; change none.")
    with t.case("Apple from 2000 to 2013", unbound) as case:
        came = volatility(load_prices("AAPL").set_index("Date")["Adj Close"])
        case.expect(
            round(float(came), 1) if came is not None else came, 48.2, advice="Move lines; change none."
        )


@exercise(
    "19-drawdown",
    title="How far below the top",
    objective="19-o4",
    points=3,
    hints=(
        "`closes.cummax()` is, for each day, the highest price up to then.",
        "At the top the price is as high as that: their ratio is 1, and the drawdown 0.",
        "`closes / closes.cummax() - 1`.",
    ),
    passed="You measure what an owner feels, day by day, without knowing what comes.",
)
def drawdown(t: Trial, drawdown: Callable[..., Any]) -> None:
    """Drawdowns worked out by hand, and the deepest of Apple."""
    from netlab.prices import load_prices

    with t.case("down, up to a new high, and down") as case:
        closes = series([100, 50, 200, 150])
        case.expect(
            computed(case, drawdown, closes),
            [0.0, -0.5, 0.0, -0.25],
            [
                (
                    [-0.5, -0.75, 0.0, -0.25],
                    "On the first day nobody knew of 200: the highest *so far* is `cummax()`, not `max()`.",
                ),
                ([0.0, 0.5, 0.0, 0.25], "Below the top is negative: −0.5."),
                ([0.0, -50.0, 0.0, -25.0], "A share of 1, not percent."),
                ([0.0, -50.0, 0.0, -50.0], "In relation to the top: divide by it."),
                ([1.0, 0.5, 1.0, 0.75], "At the top the drawdown is 0, not 1: one off."),
                (
                    [None, -0.5, 3.0, -0.25],
                    "That is the return of a day. Compare with the highest so far, not with the day before.",
                ),
                ([0.0, -0.5, 1.0, 0.5], "Compare with the highest price so far, not with the first."),
                ([0.0, 1.0, 0.0, 0.3333], "Turn it round: the price, divided by the top, less 1."),
                ([0.0, -1.0, 0.0, -0.3333], "Divide by the top, not by the price of the day."),
                (
                    [None, -0.5, 1.0, -0.25],
                    "The day itself counts: at a new high it is its own top. No `shift()`.",
                ),
                ([0.0, -0.5, -0.5, -0.5], "That is the deepest so far. Each day has a drawdown of its own."),
            ],
        )
    with t.case("a share that only rises") as case:
        closes = series([1, 2, 3])
        case.expect(computed(case, drawdown, closes), [0.0, 0.0, 0.0])
    with t.case("Apple's deepest") as case:
        closes = load_prices("AAPL").set_index("Date")["Adj Close"]
        came = computed(case, drawdown, closes)
        words = (
            "The top is the highest price since the first day, not of the last year; and nothing is rounded."
        )
        case.expect(min(value for value in came if value is not None), -0.818, advice=words)
