"""Charts over HTTP: functions that draw into axes, by their names, and the prices that they draw (lesson 19).

GET /price/AAPL.png            one share
GET /strength/AAPL/IBM.png     two shares
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from netlab.apps.ticker.database import Database
from netlab.apps.ticker.models import Price, Stock
from netlab.errors import NetlabError

if TYPE_CHECKING:
    import pandas as pd
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Draw = Callable[..., Any]

PATH = re.compile(r"/(?P<name>[a-z]{1,20})((?:/[A-Z]{1,5}){1,2})\.png", re.ASCII)
COLUMNS = ("Open", "High", "Low", "Close", "Volume", "Adj Close")
SIZE = (7.2, 4.2)  # inches
SHOWN = 100  # candles


def warm() -> None:
    """Import what draws: it takes longer than any picture."""
    from matplotlib.figure import Figure  # noqa: F401

    from netlab.charts import candlestick, price  # noqa: F401


def read_prices(database: Database, tickers: Iterable[str]) -> pd.DataFrame:
    """The prices of some shares, with the columns of `netlab.load_prices`."""
    import pandas as pd

    query = (
        select(
            Stock.ticker,
            Price.day,
            *(Price.open, Price.high, Price.low, Price.close, Price.volume, Price.adjusted_close),
        )
        .join(Price, Price.stock_id == Stock.id)
        .where(Stock.ticker.in_(list(tickers)))
        .order_by(Stock.ticker, Price.day)
    )
    with database.session() as session:
        rows = [(row[0], row[1], *(float(each) for each in row[2:])) for row in session.execute(query)]
    frame = pd.DataFrame(rows, columns=["Ticker", "Date", *COLUMNS])
    frame["Date"] = pd.to_datetime(frame["Date"])
    frame.attrs = {"unit": "US dollars", "source": "Ticker"}
    return frame


def price(prices: pd.DataFrame, _ticker: str, ax: Any) -> Any:
    """The closes of a share as they were traded."""
    from netlab import charts

    return charts.price(prices, ax=ax)


def candles(prices: pd.DataFrame, _ticker: str, ax: Any) -> Any:
    """The last hundred trading days of a share, and its volume."""
    from netlab import charts

    return charts.candlestick(prices, ax=ax, last=SHOWN, volume=True, averages=(20,))


class NoPricesError(NetlabError):
    """A chart was asked for of a share without prices."""


class Charts:
    """A WSGI app that draws.

    Args:
        database: where the prices are.

    Attributes:
        drawings: functions by their names: prices, a ticker or two, and axes go in.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.drawings: dict[str, Draw] = {"price": price, "candles": candles}
        self._one_at_a_time = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Answer a request."""
        match = PATH.fullmatch(environ.get("PATH_INFO", ""))
        draw = self.drawings.get(match["name"]) if match else None
        if match is None or draw is None:
            return _text(start_response, "404 Not Found", "There is no such chart.")
        tickers = match[2].strip("/").split("/")
        try:
            png = self.draw(draw, tickers)
        except NoPricesError as error:
            return _text(start_response, "404 Not Found", str(error))
        except Exception as error:
            return _text(start_response, "500 Internal Server Error", f"{type(error).__name__}: {error}")
        start_response("200 OK", [("Content-Type", "image/png"), ("Content-Length", str(len(png)))])
        return [png]

    def draw(self, draw: Draw, tickers: list[str]) -> bytes:
        """A picture as a PNG file.

        Raises:
            NoPricesError: when nothing is known of a share.
        """
        from matplotlib.figure import Figure  # not pyplot, which is one for all threads

        prices = read_prices(self.database, tickers)
        if unknown := sorted({*tickers} - {*prices["Ticker"]}):
            raise NoPricesError(f"There are no prices of {', '.join(unknown)}.")
        with self._one_at_a_time:
            figure = Figure(figsize=SIZE, layout="constrained")
            draw(prices, *tickers, figure.subplots())
            file = io.BytesIO()
            figure.savefig(file, format="png", metadata={"Software": None})
        return file.getvalue()


def _text(start_response: StartResponse, status: str, words: str) -> list[bytes]:
    content = words.encode("utf-8")
    start_response(
        status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(content)))]
    )
    return [content]
