"""Prices for the stock charts: real ones, and a few that can be reckoned with by hand."""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
import pytest

mpl.use("agg")

from netlab.prices import load_prices


@pytest.fixture(scope="session")
def every() -> pd.DataFrame:
    return load_prices()


@pytest.fixture(scope="session")
def apple() -> pd.DataFrame:
    return load_prices("AAPL")


@pytest.fixture
def figure():
    """A figure that pyplot knows nothing of."""
    from matplotlib.figure import Figure

    return Figure(figsize=(8, 4.5), layout="constrained")


@pytest.fixture
def ax(figure):
    return figure.subplots()


@pytest.fixture
def few() -> pd.DataFrame:
    """Six days of bars, a weekend between the fourth and the fifth."""
    return pd.DataFrame(
        {
            "Date": pd.to_datetime(
                ["2013-02-26", "2013-02-27", "2013-02-28", "2013-03-01", "2013-03-04", "2013-03-05"]
            ),
            "Open": [10.0, 11.0, 12.0, 12.0, 9.0, 10.0],
            "High": [12.0, 12.0, 13.0, 12.5, 10.0, 13.0],
            "Low": [9.0, 10.0, 11.0, 9.5, 8.0, 10.0],
            "Close": [11.0, 12.0, 12.0, 10.0, 9.0, 12.0],
            "Volume": [100, 200, 300, 400, 500, 600],
        }
    )
