"""The exercise of lesson 19 on bars: none of their numbers is wrong, and yet they mislead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HONEST = '''
def draw_bars(ax, last):
    """Draw the last price of each share as a bar; `last` is a dictionary from name to US dollars."""
    names = sorted(last, key=last.get)
    values = [last[name] for name in names]
    ax.bar(names, values, color="#0b5c94")
    ax.set_ylim(0.95 * min(values), max(values))
    ax.set_title("Last closing price")
    return ax
'''
ROOM = 3  # times the highest bar: an axis that ends above that makes all bars look like nothing


@exercise(
    "19-honest",
    title="Bars that do not lie",
    objective="19-o3",
    points=2,
    starter=HONEST,
    hints=(
        "Where does the vertical axis begin, and where would the bars have to begin to be compared by length?",
        "`ax.set_ylim(0, …)`, or no `set_ylim` at all: bars of Matplotlib begin at zero.",
        '`ax.set_ylabel("US dollars")`.',
    ),
    passed="Twice the price is twice the length, and the reader knows of what.",
)
def honest(t: Trial, draw_bars: Callable[..., Any]) -> None:
    """The bars of several shares, read back from the axes."""
    last = {"IBM": 202.91, "AAPL": 430.47, "GOOG": 806.19}
    ax, came = _drawn(draw_bars, last)
    with t.case("the bars are there") as case:
        words = "A bar for each share, as high as its price: `ax.bar(names, values)`."
        case.expect(_heights(ax), last, advice=words)
        widths = {round(float(bar.get_width()), 4) for bar in _bars(ax).values()}
        words = "A bar that is higher *and* wider has too much ink: they are read by their length alone."
        case.expect_that(len(widths) == 1, "bars of one width", f"widths {sorted(widths)}", words)
    with t.case("the axis begins at zero") as case:
        low, high = map(float, ax.get_ylim())
        words = "Bars are read by their length, so they begin at 0: `ax.set_ylim(0, …)`, or leave it to Matplotlib."
        case.expect(round(low, 6), 0.0, advice=words)
        words = "The axis ends above the highest bar."
        case.expect_that(
            high >= max(last.values()), "all of every bar", f"an axis that ends at {high:g}", words
        )
        bottoms = [round(float(bar.get_y()), 6) for bar in _bars(ax).values()]
        case.expect(bottoms, [0.0] * len(last), advice="The bars themselves begin at 0, too.")
        words = "On a logarithmic axis a length means nothing: bars need a linear one."
        case.expect(ax.get_yscale(), "linear", advice=words)
    with t.case("small differences stay small") as case:
        ax_close, _ = _drawn(draw_bars, {"A": 100.0, "B": 101.0})
        low = float(ax_close.get_ylim()[0])
        words = (
            "These prices differ by one percent, and so should the bars: the axis begins at 0 for all data."
        )
        case.expect_that(low == 0, "an axis from 0", f"an axis from {low:g}", words)
    for name, price in (("dear", 3120.0), ("cheap", 4.2)):
        with t.case(f"a {name} share") as case:
            end = float(_drawn(draw_bars, {"A": price})[0].get_ylim()[1])
            words = "Make the end of the axis from the data, `ax.set_ylim(0, 1.1 * max(values))`, or leave it to Matplotlib."
            case.expect_that(
                price <= end <= ROOM * price,
                f"an axis that ends a little above {price:g}",
                f"one that ends at {end:g}",
                words,
            )
    with t.case("what it is, and in which unit") as case:
        words = 'What are these numbers? `ax.set_ylabel("US dollars")`.'
        case.expect_that("US dollars" in ax.get_ylabel(), "US dollars", repr(ax.get_ylabel()), words)
        title = ax.get_title() or ax.get_title("left") or ax.get_title("right")
        case.expect_that(bool(title), "a title", "none", "The title was right: keep it.")
        read = len(ax.get_yticks()) > 1 or len(ax.texts) >= len(last)
        words = "Without a scale, and without a number on each bar, nobody can read a price."
        case.expect_that(read, "a scale", "no ticks", words)
    with t.case("the axes are returned") as case:
        case.expect_that(came is ax, "the axes", type(came).__name__, "End with `return ax`.")


def _drawn(draw_bars: Callable[..., Any], last: Mapping[str, float]) -> tuple[Axes, Any]:
    """Axes with what the student's code drew on them, and what it returned."""
    from matplotlib.figure import Figure

    ax: Axes = Figure().subplots()
    return ax, draw_bars(ax, dict(last))


def _bars(ax: Axes) -> dict[str, Any]:
    """The bars by the names below them, from left to right."""
    names = [label.get_text() for label in ax.get_xticklabels()]
    bars: list[Any] = sorted(ax.patches, key=lambda bar: float(bar.get_x()))
    return dict(zip(names, bars, strict=False))


def _heights(ax: Axes) -> dict[str, float]:
    """The bars' heights by name, the lowest first."""
    heights = {name: round(float(bar.get_height()), 2) for name, bar in _bars(ax).items()}
    return dict(sorted(heights.items(), key=lambda item: item[1]))
