"""What a chart shows in words, kept with its axes, and the phrases that such words are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import FigureBase

_SAID: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def remember(ax: Axes, alt: str) -> None:
    """Keep what the axes show, for whoever makes a picture of them."""
    _SAID[ax] = alt


def alt_of(drawn: Axes | FigureBase) -> str:
    """What axes, or all axes of a figure, show in words; "" where no chart of netlab stands.

    Example:
        >>> alt_of(charts.price(load_prices("AAPL")))
        'Price of AAPL …'
    """
    if drawn in _SAID:
        return _SAID[drawn]
    return (
        " ".join(_SAID[ax] for ax in getattr(drawn, "axes", ()) if ax in _SAID) if _is_figure(drawn) else ""
    )


def forget(drawn: Iterable[Axes]) -> None:
    """Let axes be silent, because a chart around them says what they show."""
    for ax in drawn:
        _SAID.pop(ax, None)


def _is_figure(drawn: object) -> bool:
    from matplotlib.figure import FigureBase

    return isinstance(drawn, FigureBase)


def day(date: pd.Timestamp) -> str:
    """A date as "1 March 2013"."""
    return f"{date.day} {date:%B %Y}"


def span(index: pd.Index) -> str:
    """Two dates as "1 March 2000 to 1 March 2013"."""
    first, last = day(index[0]), day(index[-1])
    return first if first == last else f"{first} to {last}"


def number(value: float, digits: int = 2, *, signed: bool = False) -> str:
    """A number as "1,234.50", with a real minus sign and no minus before a zero."""
    rounded = round(value, digits) + 0.0
    return f"{rounded:{'+' if signed and rounded else ''},.{digits}f}".replace("-", "−")


def percent(share: float, digits: int = 1, *, signed: bool = False) -> str:
    """A part of 1 as "−51.9 %", or, signed, as "+51.9 %"."""
    return f"{number(100 * share, digits, signed=signed)} %"


def listed(names: list[str]) -> str:
    """Names as "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def counted(number: int, noun: str) -> str:
    """A number with its noun, as "1 day" or "250 days"."""
    return f"{number:,} {noun}" + ("s" if number != 1 else "")
