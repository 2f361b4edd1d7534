"""The marks of bars: candles, OHLC bars and volumes, each kind a collection or two however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netlab.charts.stocks.colours import Colours
from netlab.charts.stocks.frame import SMALL, points_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WIDTH = 0.7  # of a bar, where 1 is the distance to the next
HOLLOW = 3.0  # points that a bar must be wide to be drawn hollow
NARROW = 1.0  # points: about a pixel
VECTORS = 3_000  # bars; more of them are embedded in an SVG as pixels
MILLION = 1e6


def draw_candles(ax: Axes, bars: pd.DataFrame, look: Colours) -> None:
    """Draw the wicks and the bodies of candles at 0, 1, 2 …; nothing else, and no limits are set."""
    from matplotlib.collections import LineCollection, PolyCollection

    opens, highs, lows, closes = _columns(bars)
    x = np.arange(len(bars), dtype=float)
    rose = closes >= opens
    edges = np.where(rose, look.rising, look.falling)
    points = _points_of_a_bar(ax, len(bars))
    faces = np.where(rose, "#ffffff" if points >= HOLLOW else look.rising, look.falling)
    thickness = min(0.9, max(points / 3, 0.35))
    wicks = LineCollection(
        _lines(x, lows, x, highs), colors=_paint(edges), linewidths=thickness, zorder=2, capstyle="butt"
    )
    bodies = PolyCollection(
        _boxes(x, WIDTH, opens, closes),
        facecolors=_paint(faces),
        edgecolors=_paint(edges),
        linewidths=thickness,
        zorder=2.1,
    )
    for part in (wicks, bodies):
        part.set_rasterized(len(bars) > VECTORS)
        ax.add_collection(part, autolim=False)


def draw_bars(ax: Axes, bars: pd.DataFrame, look: Colours) -> None:
    """Draw OHLC bars at 0, 1, 2 …; nothing else, and no limits are set."""
    from matplotlib.collections import LineCollection

    opens, highs, lows, closes = _columns(bars)
    x = np.arange(len(bars), dtype=float)
    edges = np.where(closes >= opens, look.rising, look.falling)
    arm = WIDTH / 2
    lines: Any = np.concatenate(
        [_lines(x, lows, x, highs), _lines(x - arm, opens, x, opens), _lines(x, closes, x + arm, closes)]
    )
    thickness = min(1.4, max(_points_of_a_bar(ax, len(bars)) / 3, 0.35))
    part = LineCollection(lines, colors=_paint(np.tile(edges, 3)), linewidths=thickness, zorder=2)
    part.set_rasterized(len(bars) > VECTORS)
    ax.add_collection(part, autolim=False)


def draw_volume(ax: Axes, bars: pd.DataFrame, look: Colours) -> None:
    """Draw the volumes as bars from 0, in the colours of their days, in millions."""
    from matplotlib.collections import PolyCollection
    from matplotlib.ticker import MaxNLocator

    volume = bars["Volume"].to_numpy() / MILLION
    rose = (bars["Close"] >= bars["Open"]).to_numpy()
    x = np.arange(len(bars), dtype=float)
    faces = _paint(np.where(rose, look.rising, look.falling))
    # A bar narrower than a pixel would fade away, and the highest one with it: then its edge is drawn as well.
    edge = 0.6 if _points_of_a_bar(ax, len(bars)) < NARROW else 0
    part = PolyCollection(
        _boxes(x, WIDTH, np.zeros(len(bars)), volume),
        facecolors=faces,
        edgecolors=faces,
        linewidths=edge,
        alpha=0.6,
    )
    part.set_rasterized(len(bars) > VECTORS)
    ax.add_collection(part, autolim=False)
    ax.set_ylim(0, float(volume.max()) * 1.08 or 1)
    ax.set_ylabel("volume, millions", fontsize=SMALL)
    ax.yaxis.set_major_locator(MaxNLocator(3))
    ax.yaxis.set_major_formatter("{x:,g}")


def _points_of_a_bar(ax: Axes, count: int) -> float:
    """How many points of paper a bar is wide, as the axes are now."""
    return points_of(ax)[0] * WIDTH / count


def _columns(bars: pd.DataFrame) -> list[Floats]:
    return [bars[column].to_numpy() for column in ("Open", "High", "Low", "Close")]


def _lines(x1: Floats, y1: Floats, x2: Floats, y2: Floats) -> Any:
    """Segments as an array of n × 2 points × 2 coordinates."""
    return np.stack([np.column_stack([x1, y1]), np.column_stack([x2, y2])], axis=1)


def _boxes(x: Floats, width: float, bottom: Floats, top: Floats) -> Any:
    """Rectangles as an array of n × 4 points × 2 coordinates."""
    left, right = x - width / 2, x + width / 2
    corners = [(left, bottom), (left, top), (right, top), (right, bottom)]
    return np.stack([np.column_stack(corner) for corner in corners], axis=1)


def _paint(names: NDArray[np.str_]) -> Floats:
    """Colours' names as an array of n × 4, each name read once."""
    from matplotlib.colors import to_rgba

    unique, places = np.unique(names, return_inverse=True)
    return np.array([to_rgba(name) for name in unique])[places]
