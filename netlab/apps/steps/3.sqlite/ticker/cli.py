"""Commands: `flask --app ticker import-prices FILE`."""

import csv

import click
from flask.cli import with_appcontext

from ticker import db

NAMES = {"AAPL": "Apple", "FB": "Facebook", "GOOG": "Google", "IBM": "IBM", "MSFT": "Microsoft"}
STOCK = "INSERT INTO stocks (ticker, name) VALUES (?, ?) ON CONFLICT DO NOTHING"
PRICE = """
INSERT INTO prices (stock_id, day, close)
SELECT id, ?, ? FROM stocks WHERE ticker = ? ON CONFLICT DO NOTHING
"""


@click.command("import-prices")
@click.argument("file", type=click.File(encoding="utf-8"))
@with_appcontext
def import_prices(file):
    """Bring a file of prices into the database, as often as you like."""
    connection = db.connection()
    connection.executescript(db.SCHEMA)
    with connection:
        connection.executemany(STOCK, NAMES.items())
        rows = [(row["Date"], row["Close"], row["Ticker"]) for row in csv.DictReader(file)]
        new = connection.executemany(PRICE, rows).rowcount
    click.echo(f"{new} new prices")
