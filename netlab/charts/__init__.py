"""Pictures for the lessons: figures with text alternatives, drawings of networks, and stock charts."""

from typing import TYPE_CHECKING

from netlab._lazy import attach

if TYPE_CHECKING:
    from netlab.charts.addresses import draw_address as draw_address
    from netlab.charts.conversation import draw_calls as draw_calls
    from netlab.charts.figures import Picture as Picture
    from netlab.charts.figures import picture as picture
    from netlab.charts.layers import draw_layers as draw_layers
    from netlab.charts.load import draw_load as draw_load
    from netlab.charts.mail import draw_mail as draw_mail
    from netlab.charts.page import Page as Page
    from netlab.charts.stocks.calendar import calendar_heatmap as calendar_heatmap
    from netlab.charts.stocks.candles import candlestick as candlestick
    from netlab.charts.stocks.candles import ohlc as ohlc
    from netlab.charts.stocks.compare import compare as compare
    from netlab.charts.stocks.correlation import correlation as correlation
    from netlab.charts.stocks.dashboard import dashboard as dashboard
    from netlab.charts.stocks.drawdown import drawdown as drawdown
    from netlab.charts.stocks.price import price as price
    from netlab.charts.stocks.returns import returns as returns
    from netlab.charts.stocks.scatter import scatter_matrix as scatter_matrix
    from netlab.charts.stocks.volatility import volatility as volatility
    from netlab.charts.stocks.words import alt_of as alt_of
    from netlab.charts.waterfall import draw_waterfall as draw_waterfall
    from netlab.charts.web import draw_web as draw_web

__all__ = [
    "Page",
    "Picture",
    "alt_of",
    "calendar_heatmap",
    "candlestick",
    "compare",
    "correlation",
    "dashboard",
    "draw_address",
    "draw_calls",
    "draw_layers",
    "draw_load",
    "draw_mail",
    "draw_waterfall",
    "draw_web",
    "drawdown",
    "ohlc",
    "picture",
    "price",
    "returns",
    "scatter_matrix",
    "volatility",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Page": "page",
        "Picture": "figures",
        "alt_of": "stocks.words",
        "calendar_heatmap": "stocks.calendar",
        "candlestick": "stocks.candles",
        "compare": "stocks.compare",
        "correlation": "stocks.correlation",
        "dashboard": "stocks.dashboard",
        "draw_address": "addresses",
        "draw_calls": "conversation",
        "draw_layers": "layers",
        "draw_load": "load",
        "draw_mail": "mail",
        "draw_waterfall": "waterfall",
        "draw_web": "web",
        "drawdown": "stocks.drawdown",
        "ohlc": "stocks.candles",
        "picture": "figures",
        "price": "stocks.price",
        "returns": "stocks.returns",
        "scatter_matrix": "stocks.scatter",
        "volatility": "stocks.volatility",
    },
)
