"""A candlestick chart as a PNG, beside mplfinance's: 250, 2,500 and 25,000 bars, and how the time grows.

The time is the processor's: both draw in one thread, and what else the machine does should not count.
"""

from __future__ import annotations

import io
import time
import warnings

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import mplfinance
import numpy as np
import pandas as pd
from figures import in_turns, row

from netlab.charts import candlestick

SIZES = (250, 2_500, 25_000)
ROUNDS = {250: 31, 2_500: 11, 25_000: 5}
INCHES, DPI = (9, 5.5), 100
AIM = "at least as fast"


def measure() -> list[dict[str, object]]:
    rows, taken = [], {}
    for size in SIZES:
        bars = walk(size)
        ours(bars), theirs(bars)  # imports and fonts are found once
        times = in_turns({"ours": lambda b=bars: ours(b), "theirs": lambda b=bars: theirs(b)}, ROUNDS[size])
        taken[size] = times
        rows.append(beside(f"candlestick, {size:,} bars", "ms", times["ours"], times["theirs"], AIM))
    first, last = taken[SIZES[0]], taken[SIZES[-1]]
    growth = {name: (last[name] - first[name]) / (SIZES[-1] - SIZES[0]) * 1000 for name in first}
    rows.append(beside("candlestick, a bar more", "µs", growth["ours"], growth["theirs"], AIM))
    return rows


def beside(what: str, unit: str, ours: float, theirs: float, aim: str) -> dict[str, object]:
    return row(what, unit, ours, theirs, "mplfinance", aim=aim, less_is_better=True)


def walk(size: int) -> pd.DataFrame:
    """Prices that wander, with a bar for each weekday."""
    random = np.random.default_rng(7)
    closes = 100 * np.exp(np.cumsum(random.normal(0, 0.01, size)))
    opens = np.concatenate([[100.0], closes[:-1]]) * np.exp(random.normal(0, 0.002, size))
    reach = np.abs(random.normal(0, 0.004, (2, size)))
    return pd.DataFrame(
        {
            "Open": opens,
            "High": np.maximum(opens, closes) * (1 + reach[0]),
            "Low": np.minimum(opens, closes) * (1 - reach[1]),
            "Close": closes,
            "Volume": random.integers(1_000_000, 9_000_000, size),
        },
        index=pd.bdate_range("1925-01-01", periods=size, name="Date"),
    )


def ours(bars: pd.DataFrame) -> float:
    start = time.process_time()
    figure = candlestick(bars).figure
    figure.set_size_inches(INCHES)
    figure.savefig(io.BytesIO(), format="png", dpi=DPI)
    plt.close(figure)
    return (time.process_time() - start) * 1000


def theirs(bars: pd.DataFrame) -> float:
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it deprecates what Matplotlib has left behind
        mplfinance.plot(
            bars,
            type="candle",
            figsize=INCHES,
            warn_too_much_data=10**9,
            savefig={"fname": io.BytesIO(), "format": "png", "dpi": DPI},
        )
    return (time.process_time() - start) * 1000
