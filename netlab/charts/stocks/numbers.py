"""The numbers behind the charts: averages, bands, returns, volatility, drawdown. No Matplotlib."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netlab.errors import OptionError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

TRADING_DAYS = 252  # in a year, in New York


def highest(values: pd.Series) -> tuple[pd.Timestamp, float]:
    """The first day with the largest value, and the value."""
    place = int(values.to_numpy().argmax())
    return values.index[place], float(values.iloc[place])


def lowest(values: pd.Series) -> tuple[pd.Timestamp, float]:
    """The first day with the smallest value, and the value."""
    place = int(values.to_numpy().argmin())
    return values.index[place], float(values.iloc[place])


def moving_average(prices: pd.Series, window: int) -> pd.Series:
    """The mean of each day and the `window - 1` days before it; unknown for the first of them."""
    return prices.rolling(_days(window, 1)).mean()


def bollinger(prices: pd.Series, window: int = 20, width: float = 2) -> tuple[pd.Series, pd.Series]:
    """The lower and the upper band: the moving average, and `width` standard deviations below and above it.

    John Bollinger divides by the number of days, not by one less.
    """
    rolling = prices.rolling(_days(window, 2))
    middle, away = rolling.mean(), width * rolling.std(ddof=0)
    return middle - away, middle + away


def daily_returns(prices: pd.Series) -> pd.Series:
    """What each day added to the price of the day before: 0.01 is one percent. The first day has none."""
    changes: pd.Series = (prices / prices.shift(1) - 1).iloc[1:]
    return changes


def period_returns(prices: pd.Series, period: str) -> pd.Series:
    """The returns from the last price of each calendar period to that of the next.

    Args:
        prices: over increasing dates.
        period: "M" for months, "Y" for years.

    Returns:
        A return a period, with the periods as its index. The first runs from the first price there is.
    """
    last = prices.groupby(prices.index.to_period(period)).last()  # type: ignore[attr-defined]
    before = last.shift(1)
    before.iloc[0] = prices.iloc[0]
    changes: pd.Series = last / before - 1
    return changes


def rolling_volatility(prices: pd.Series, window: int = 21, year: int = TRADING_DAYS) -> pd.Series:
    """The standard deviation of the logarithmic returns of `window` days, scaled to a year by its square root."""
    import numpy as np

    logs = np.log(prices).diff().iloc[1:]
    scaled: pd.Series = logs.rolling(_days(window, 2)).std() * math.sqrt(year)
    return scaled


def running_drawdown(prices: pd.Series) -> pd.Series:
    """How far each day is below the highest price up to then: 0 at a new high, -0.5 at half of it."""
    result: pd.Series = prices / prices.cummax() - 1
    return result


def worst_drawdown(prices: pd.Series) -> tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp | None, float]:
    """The deepest fall: the day of its peak, of its trough, of its recovery (None if not yet), and its depth."""
    trough, depth = lowest(running_drawdown(prices))
    before, after = prices[prices.index <= trough], prices[prices.index >= trough]
    top = float(before.max())
    peak = before.index[before.to_numpy() == top][-1]
    regained = after.index[after.to_numpy() >= top]
    return peak, trough, regained[0] if len(regained) else None, depth


def rebased(prices: pd.Series, to: float = 100) -> pd.Series:
    """The prices as they would be had the first one been `to`."""
    scaled: pd.Series = prices / prices.iloc[0] * to
    return scaled


def growth(prices: pd.Series) -> float:
    """The return of a year that, repeated, leads from the first price to the last; NaN for less than a day."""
    years = (prices.index[-1] - prices.index[0]).days / 365.25
    return float((prices.iloc[-1] / prices.iloc[0]) ** (1 / years) - 1) if years else math.nan


def density(values: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """A Gaussian kernel estimate of how densely values lie, with Scott's bandwidth.

    Args:
        values: two or more that are not all the same.
        at: where to estimate it.
    """
    import numpy as np

    width = values.std(ddof=1) * len(values) ** -0.2
    total: NDArray[np.float64] = np.zeros(len(at))
    for some in np.array_split(values, len(values) // 2000 + 1):  # in pieces: the table would be large
        total += np.exp(-0.5 * ((at[:, None] - some) / width) ** 2).sum(axis=1)
    total /= len(values) * width * math.sqrt(2 * math.pi)
    return total


def normal(at: NDArray[np.float64], mean: float, deviation: float) -> NDArray[np.float64]:
    """The normal density."""
    import numpy as np

    result: NDArray[np.float64] = np.exp(-0.5 * ((at - mean) / deviation) ** 2) / (
        deviation * math.sqrt(2 * math.pi)
    )
    return result


def _days(window: int, least: int) -> int:
    if isinstance(window, bool) or not isinstance(window, int) or window < least:
        raise OptionError(f"A window is a whole number of days, {least} or more, not {window!r}.")
    return window
