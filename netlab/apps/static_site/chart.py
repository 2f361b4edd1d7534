"""The two kinds of pictures on the site: Ticker's sign, and a year of a share's prices."""

from __future__ import annotations

from netlab.apps.static_site.shares import Share
from netlab.svg import MUTED, PALETTE, RULE, Drawing, element, line, text

YEAR = 250  # trading days
WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 60, 620, 40, 220


def logo() -> str:
    """Ticker's sign as SVG."""
    curve = element(
        "path", d="M4,30 L14,18 L22,24 L36,6", fill="none", stroke=PALETTE["blue"], stroke_width=5
    )
    return Drawing(40, 36, "Ticker", [curve]).svg


def year_chart(share: Share) -> str:
    """The closing prices of the last year as SVG."""
    closes = share.closes[-YEAR:]
    prices = [price for _, price in closes]
    low, high = min(prices), max(prices)
    points = " ".join(
        f"{LEFT + n * (RIGHT - LEFT) / (len(prices) - 1):.1f},{_height(price, low, high):.1f}"
        for n, price in enumerate(prices)
    )
    parts = [text(LEFT, 24, f"{share.ticker}: close, US dollars", weight="700")]
    for price in (low, high):
        y = _height(price, low, high)
        parts += [
            line(LEFT, y, RIGHT, y, stroke=RULE),
            text(LEFT - 6, y + 4, f"{price:.2f}", size=12, anchor="end"),
        ]
    parts += [
        element("polyline", points=points, fill="none", stroke=PALETTE["blue"], stroke_width=2),
        text(LEFT, BOTTOM + 24, closes[0][0], size=12, fill=MUTED),
        text(RIGHT, BOTTOM + 24, closes[-1][0], size=12, fill=MUTED, anchor="end"),
    ]
    return Drawing(WIDTH, HEIGHT, chart_words(share), parts).svg


def chart_words(share: Share) -> str:
    """What the chart shows, for who cannot see it."""
    closes = share.closes[-YEAR:]
    prices = [price for _, price in closes]
    return (
        f"{share.name}, closing prices from {closes[0][0]} to {closes[-1][0]}: "
        f"between {min(prices):.2f} and {max(prices):.2f}, at the end {prices[-1]:.2f} US dollars."
    )


def _height(price: float, low: float, high: float) -> float:
    return BOTTOM - (price - low) / (high - low) * (BOTTOM - TOP)
