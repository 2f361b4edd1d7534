"""What is asked of the prices: the last quotes, a span of days, a page of history, a search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import NamedTuple

from flask import abort
from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session, aliased

from netlab.apps.ticker.context import db
from netlab.apps.ticker.models import IS_SPLIT, Price, Stock

PERCENT = Decimal("0.01")


@dataclass(frozen=True)
class Quote:
    """A share's close, and how it got there.

    Attributes:
        stock: the share.
        price: its last trading day.
        before: the close of the trading day before; None on the first day.
    """

    stock: Stock
    price: Price
    before: Decimal | None

    @cached_property
    def change(self) -> Decimal | None:
        """By how many dollars a share went up since the day before, a split accounted for."""
        return None if self.before is None else self.price.close - self.before / self.price.split

    @cached_property
    def percent(self) -> Decimal | None:
        """The change in percent, rounded to two places."""
        if self.before is None or self.change is None:
            return None
        return (100 * self.change / (self.before / self.price.split)).quantize(PERCENT)


def quotes(session: Session, *conditions: ColumnElement[bool]) -> list[Quote]:
    """The last quote of each share, by ticker.

    Args:
        session: where to ask.
        *conditions: which shares; all if there is none.
    """
    query = _last_quotes().where(*conditions)
    return [Quote(stock, price, close) for stock, price, close in session.execute(query)]


@cache
def _last_quotes() -> Select[Stock, Price, Decimal]:
    """The query of the last quotes. To put it together takes longer than to ask it: that is done once."""
    earlier = aliased(Price)
    last_day = select(func.max(earlier.day)).where(earlier.stock_id == Stock.id).scalar_subquery()
    before = (
        select(earlier.close)
        .where(earlier.stock_id == Price.stock_id, earlier.day < Price.day)
        .order_by(earlier.day.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(Stock, Price, before)
        .join(Price, (Price.stock_id == Stock.id) & (Price.day == last_day))
        .order_by(Stock.ticker)
    )


class Close(NamedTuple):
    """What a chart needs of a trading day: thousands of them are made for one picture."""

    day: date
    close: Decimal
    split: Decimal


def closes(session: Session, stock: Stock, first: date | None = None) -> list[Close]:
    """A share's closes from a day on, oldest first."""
    query = select(Price.day, Price.close, Price.split).where(Price.stock_id == stock.id)
    if first:
        query = query.where(Price.day >= first)
    return [Close(*row) for row in session.execute(query.order_by(Price.day))]


def matching(words: str) -> ColumnElement[bool]:
    """The condition: the ticker begins with the words, or the name contains them."""
    if not words.isprintable():
        return false()
    return Stock.ticker.istartswith(words, autoescape=True) | Stock.name.icontains(words, autoescape=True)


def stock_or_404(ticker: str) -> Stock:
    """The share with a ticker, written in capitals or not."""
    known = ticker.isprintable()  # PostgreSQL takes no text with a NUL in it
    stock = db().scalar(select(Stock).where(Stock.ticker == ticker.upper())) if known else None
    if stock is None:
        abort(404, "There is no such share here.")
    return stock


def splits(session: Session, stock: Stock) -> list[Price]:
    """The days on which a share was split, the last first."""
    query = select(Price).where(Price.stock_id == stock.id, IS_SPLIT)
    return list(session.scalars(query.order_by(Price.day.desc())))


@dataclass(frozen=True)
class Page:
    """A part of a long list.

    Attributes:
        rows: the prices, the last day first.
        number: of the page, from 1.
        count: of all pages.
        total: of all prices.
    """

    rows: list[Price]
    number: int
    count: int
    total: int


def history(session: Session, stock: Stock, number: int, size: int) -> Page | None:
    """A page of a share's prices, the last day first; None beyond the last page."""
    total = session.scalar(select(func.count()).where(Price.stock_id == stock.id)) or 0
    count = max(1, -(-total // size))
    if not 1 <= number <= count:
        return None
    query = select(Price).where(Price.stock_id == stock.id).order_by(Price.day.desc())
    rows = session.scalars(query.limit(size).offset((number - 1) * size))
    return Page(list(rows), number, count, total)
