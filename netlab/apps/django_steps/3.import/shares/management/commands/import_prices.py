"""`python manage.py import_prices FILE`: brings daily prices in, each of them once."""

import csv
from decimal import Decimal
from itertools import islice
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_date

from shares.models import Price, Stock

NAMES = {
    "AAPL": "Apple",
    "FB": "Facebook",
    "GOOG": "Google",
    "IBM": "IBM",
    "MSFT": "Microsoft",
}
BATCH = 4000


class Command(BaseCommand):
    """Import daily prices; those that are there already are left alone."""

    help = "Import daily prices from a CSV file; those that are there already are left alone."

    def add_arguments(self, parser):
        """What may stand behind the command's name."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="read, check, and keep nothing")

    def handle(self, *, file, dry_run, **options):
        """Bring in all of the file, or nothing."""
        try:
            with file.open(newline="", encoding="utf-8") as lines, transaction.atomic():
                new = self.bring_in(csv.DictReader(lines))
                transaction.set_rollback(dry_run)
        except (OSError, IntegrityError, ArithmeticError, KeyError, TypeError) as error:
            raise CommandError(f"Nothing has been imported: {error}") from error
        words = "would be new" if dry_run else "are new"
        self.stdout.write(self.style.SUCCESS(f"{new:,} {words}"))

    def bring_in(self, rows):
        """Write the rows that are new, a batch at a time; returns how many they are."""
        stocks = {name: self.stock(name) for name in NAMES}
        known = set(Price.objects.values_list("stock__ticker", "day"))
        read = new = 0
        while batch := list(islice(rows, BATCH)):
            keys = [(row["Ticker"], parse_date(row["Date"])) for row in batch]
            prices = {
                key: self.price(stocks[key[0]], key[1], row)
                for key, row in zip(keys, batch, strict=True)
                if key not in known
            }
            Price.objects.bulk_create(prices.values())
            known |= prices.keys()
            read, new = read + len(batch), new + len(prices)
            self.stdout.write(f"{read:>7,} read, {new:>7,} new")
        return new

    def stock(self, ticker):
        """The share of that ticker; made, if there is none yet."""
        return Stock.objects.get_or_create(ticker=ticker, defaults={"name": NAMES[ticker]})[0]

    def price(self, stock, day, row):
        """A row of the file as a price."""
        names = ("Open", "High", "Low", "Close")
        numbers = {name.lower(): Decimal(row[name]) for name in names}
        return Price(stock=stock, day=day, volume=int(row["Volume"]), **numbers)
