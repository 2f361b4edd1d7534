"""Prices from a file such as `data/stocks.csv` into the database: again and again, with the same result."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from netlab.apps.ticker.database import take_turns
from netlab.apps.ticker.models import ONE, Price, Stock
from netlab.errors import NetlabError

HEADER = "Ticker,Date,Open,High,Low,Close,Volume,Adj Close"
NAMES = {"AAPL": "Apple", "FB": "Facebook", "GOOG": "Google", "IBM": "IBM", "MSFT": "Microsoft"}
BATCH = 2000  # rows
LONGEST_LINE = 1000  # characters
MOST_ERRORS = 1000  # that are kept
SPLITS = [Decimal(n) for n in range(2, 21)] + [Decimal(3) / 2]
NEAR = Decimal("0.03")  # how far a ratio may be from a split's: a dividend is adjusted for on the same day
# Between these two no ratio is near a split's, and nearly every day is.
QUIET = ((1 + NEAR) / min(SPLITS), (1 - NEAR) * min(SPLITS))

_TICKER = re.compile(r"[A-Z][A-Z0-9.\-]{0,7}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"\d{1,10}(\.\d{1,20})?", re.ASCII)
_VOLUME = re.compile(r"\d{1,15}", re.ASCII)

Progress = Callable[[int, int], None]
Values = dict[str, Any]


class ImportFailedError(NetlabError):
    """A file that holds no prices."""


class BadRowError(ValueError):
    """A line that is no price."""


@dataclass(frozen=True)
class BadRow:
    """A line that was left out.

    Attributes:
        line: its number, the header's being 1.
        reason: what is wrong.
    """

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass
class Report:
    """What an import did.

    Attributes:
        added: prices that are new.
        changed: prices that were there with other figures.
        unchanged: prices that were there already.
        errors: lines that were left out, in the order of the file, at most `MOST_ERRORS`.
        bad: how many they were.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[BadRow] = field(default_factory=list)
    bad: int = 0

    def __str__(self) -> str:
        counts = f"{self.added:,} prices added, {self.changed:,} changed, {self.unchanged:,} as they were"
        return f"{counts}, {self.bad:,} lines left out" if self.bad else counts


def import_prices(session: Session, path: Path, progress: Progress | None = None) -> Report:
    """Bring the prices of a file into the database; what the file does not mention stays as it is.

    A line that cannot be read is reported and left out, and harms no other. The caller commits.

    Args:
        session: a session that writes.
        path: the file.
        progress: is told how many lines are done, and how many there are.

    Raises:
        ImportFailedError: for a file without the right first line.
    """
    report = Report()
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        lines = file.read().splitlines()
    if not lines or lines[0] != HEADER:
        raise ImportFailedError(f"{path} is no file of prices: its first line is not {HEADER!r}.")
    rows = [(ticker, values) for (ticker, _), values in read_rows(lines, report).items()]
    take_turns(session)
    stocks = _stocks(session, {ticker for ticker, _ in rows})
    known = _known(session, list(stocks.values()))
    for start in range(0, len(rows), BATCH):
        _store(session, rows[start : start + BATCH], stocks, known, report)
        if progress:
            progress(min(start + BATCH, len(rows)), len(rows))
    for stock_id in stocks.values():
        _mark_splits(session, stock_id)
    return report


def read_row(line: str) -> tuple[str, Values]:
    """The ticker of a line, and its price as the columns of `Price`.

    Raises:
        BadRowError: for a line that is no price, with the reason.
    """
    if len(line) > LONGEST_LINE:
        raise BadRowError(f"the line has more than {LONGEST_LINE} characters")
    fields = line.split(",")
    if len(fields) != len(HEADER.split(",")):
        raise BadRowError(f"there are {len(fields)} fields, not {len(HEADER.split(','))}")
    ticker, day, *figures, volume, adjusted = fields
    if not _TICKER.fullmatch(ticker):
        raise BadRowError(f"{ticker!r} is no ticker")
    if not _VOLUME.fullmatch(volume):
        raise BadRowError(f"{volume!r} is no volume")
    opened, high, low, close = (_decimal(each, 4) for each in figures)
    if not low <= min(opened, close) <= max(opened, close) <= high:
        raise BadRowError(f"open {opened} and close {close} are not between low {low} and high {high}")
    return ticker, {
        "day": _day(day),
        "open": opened,
        "high": high,
        "low": low,
        "close": close,
        "volume": int(volume),
        "adjusted_close": _decimal(adjusted, 8),
    }


def split_ratio(before: tuple[Decimal, Decimal], after: tuple[Decimal, Decimal]) -> Decimal:
    """How many shares one became overnight, told from what the adjusted price does and the price does not.

    Args:
        before: close and adjusted close of a day.
        after: those of the next trading day.

    Returns:
        2 for two for one, 0.5 for one for two, and 1 without a split.
    """
    ratio = (after[1] / before[1]) / (after[0] / before[0])
    if QUIET[0] <= ratio <= QUIET[1]:
        return ONE
    for split in SPLITS:
        if abs(ratio / split - 1) < NEAR:
            return split
        if abs(ratio * split - 1) < NEAR:
            return (1 / split).quantize(Decimal("0.0001"))
    return ONE


def read_rows(lines: list[str], report: Report) -> dict[tuple[str, date], Values]:
    """The lines below the header that are prices, each share's day once; of two the later counts.

    Lines that cannot be read are counted in the report, and the first of them named.
    """
    found: dict[tuple[str, date], Values] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        try:
            ticker, values = read_row(line)
        except BadRowError as error:
            report.bad += 1
            if len(report.errors) < MOST_ERRORS:
                report.errors.append(BadRow(number, str(error)))
        else:
            found[ticker, values["day"]] = values
    return found


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadRowError(f"{text!r} is no day: write 2013-03-01")


def _decimal(text: str, places: int) -> Decimal:
    """A price above 0 and below a million, rounded as the database keeps it."""
    if not _NUMBER.fullmatch(text):
        raise BadRowError(f"{text!r} is no price")
    try:
        value = Decimal(text).quantize(Decimal(1).scaleb(-places))
    except InvalidOperation as error:  # more digits than a Decimal has
        raise BadRowError(f"{text!r} is no price") from error
    if not 0 < value < 1_000_000:
        raise BadRowError(f"{text!r} is no price: it must be above 0 and below a million")
    return value


def _stocks(session: Session, tickers: set[str]) -> dict[str, int]:
    """The key of each share, new shares added."""
    there = dict(session.execute(select(Stock.ticker, Stock.id).where(Stock.ticker.in_(tickers))).all())
    for ticker in sorted(tickers - there.keys()):
        stock = Stock(ticker=ticker, name=NAMES.get(ticker, ticker))
        session.add(stock)
        session.flush()
        there[ticker] = stock.id
    return there


def _known(session: Session, stock_ids: list[int]) -> dict[tuple[int, date], tuple[object, ...]]:
    """The figures that the database has."""
    columns = (Price.open, Price.high, Price.low, Price.close, Price.volume, Price.adjusted_close)
    query = select(Price.stock_id, Price.day, *columns).where(Price.stock_id.in_(stock_ids))
    return {(stock_id, day): tuple(rest) for stock_id, day, *rest in session.execute(query)}


def _store(
    session: Session,
    rows: list[tuple[str, Values]],
    stocks: dict[str, int],
    known: dict[tuple[int, date], tuple[object, ...]],
    report: Report,
) -> None:
    """Insert what is new and update what differs, counted."""
    fresh = []
    for ticker, values in rows:
        before = known.get((stocks[ticker], values["day"]))
        if before is None:
            report.added += 1
        elif before != tuple(value for name, value in values.items() if name != "day"):
            report.changed += 1
        else:
            report.unchanged += 1
            continue
        fresh.append({"stock_id": stocks[ticker], "split": ONE, **values})
    if fresh:
        session.execute(_upsert(session, list(rows[0][1])), fresh)


def _upsert(session: Session, columns: list[str]) -> Any:
    """INSERT … ON CONFLICT DO UPDATE, which both databases know: another import may run at the same time."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Price)
    return statement.on_conflict_do_update(
        index_elements=["stock_id", "day"],
        set_={name: statement.excluded[name] for name in columns if name != "day"},
    )


def _mark_splits(session: Session, stock_id: int) -> None:
    """Write down on which days a share was split."""
    query = (
        select(Price.id, Price.close, Price.adjusted_close, Price.split)
        .where(Price.stock_id == stock_id)
        .order_by(Price.day)
    )
    changes = []
    for before, after in pairwise(session.execute(query).all()):
        split = split_ratio(before[1:3], after[1:3])
        if split != after[3]:
            changes.append({"key": after[0], "to": split})
    if changes:
        statement = update(Price.__table__).where(Price.__table__.c.id == bindparam("key"))  # type: ignore[arg-type]
        session.connection().execute(statement.values(split=bindparam("to")), changes)
