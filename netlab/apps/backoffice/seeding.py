"""Prices from a file into the database by Django's ORM: in batches, again and again with the same result.

What a line must look like, and what a split is, is Ticker's to say (`netlab.apps.ticker.importer`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import transaction

from netlab.apps.backoffice.models import Price, Stock
from netlab.apps.ticker.importer import (
    HEADER,
    NAMES,
    ImportFailedError,
    Report,
    read_rows,
    split_ratio,
)

BATCH = 1000  # rows; Django makes it fewer where the database takes fewer values in one statement
FIGURES = ("open", "high", "low", "close", "volume", "adjusted_close")
Key = tuple[str, date]


def import_prices(path: Path, progress: Callable[[int, int], None] | None = None) -> Report:
    """Bring the prices of a file into the database; what the file does not mention stays as it is.

    A line that cannot be read is reported and left out, and harms no other. It is one transaction: all or nothing.

    Args:
        path: the file.
        progress: is told how many lines are done, and how many there are.

    Raises:
        ImportFailedError: for a file without the right first line.
    """
    report = Report()
    rows = read(path, report)
    with transaction.atomic():
        stocks = _stocks({ticker for ticker, _day in rows})
        fresh = list(_fresh(rows, stocks, report))
        for start in range(0, len(fresh), BATCH):
            Price.objects.bulk_create(
                fresh[start : start + BATCH],
                update_conflicts=True,
                unique_fields=["stock", "day"],
                update_fields=FIGURES,
            )
            if progress:
                progress(min(start + BATCH, len(fresh)), len(fresh))
        for stock in stocks.values():
            _mark_splits(stock)
    return report


def read(path: Path, report: Report) -> dict[Key, dict[str, Any]]:
    """The lines of a file that are prices, each share's day once; of two the later counts."""
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    if not lines or lines[0] != HEADER:
        raise ImportFailedError(f"{path} is no file of prices: its first line is not {HEADER!r}.")
    return read_rows(lines, report)


def _stocks(tickers: set[str]) -> dict[str, Stock]:
    """Each share, new shares added; what another import adds meanwhile is met by the unique ticker."""
    Stock.objects.bulk_create(
        [Stock(ticker=ticker, name=NAMES.get(ticker, ticker)) for ticker in sorted(tickers)],
        ignore_conflicts=True,
    )
    return {stock.ticker: stock for stock in Stock.objects.filter(ticker__in=tickers)}


def _fresh(rows: dict[Key, dict[str, Any]], stocks: dict[str, Stock], report: Report) -> list[Price]:
    """The prices that are new or differ, counted."""
    known = {
        (ticker, day): figures
        for ticker, day, *figures in Price.objects.filter(stock__in=stocks.values()).values_list(
            "stock__ticker", "day", *FIGURES
        )
    }
    fresh = []
    for (ticker, day), values in rows.items():
        before = known.get((ticker, day))
        if before is None:
            report.added += 1
        elif before != [values[name] for name in FIGURES]:
            report.changed += 1
        else:
            report.unchanged += 1
            continue
        fresh.append(Price(stock_id=stocks[ticker].pk, **values))
    return fresh


def _mark_splits(stock: Stock) -> None:
    """Write down on which days a share was split."""
    columns = (
        "id",
        "close",
        "adjusted_close",
        "split",
    )  # rows are plain tuples: a model for each takes twice as long
    prices = Price.objects.filter(stock=stock).order_by("day").values_list(*columns)
    changed = []
    for before, after in pairwise(prices):
        split = split_ratio(before[1:3], after[1:3])
        if split != after[3]:
            changed.append(Price(pk=after[0], split=split))
    Price.objects.bulk_update(changed, ["split"], batch_size=BATCH)
