"""Commands: `flask --app ticker upgrade` and `flask --app ticker import-prices FILE`."""

import csv
from datetime import date

import click
from flask.cli import with_appcontext
from sqlalchemy.dialects.sqlite import insert

from ticker import db
from ticker.models import Price, Stock

NAMES = {"AAPL": "Apple", "FB": "Facebook", "GOOG": "Google", "IBM": "IBM", "MSFT": "Microsoft"}


@click.command("upgrade")
@click.argument("revision", default="head")
@with_appcontext
def upgrade(revision):
    """Bring the tables up to date."""
    db.upgrade(revision)
    click.echo("The tables are up to date.")


@click.command("import-prices")
@click.argument("file", type=click.File(encoding="utf-8"))
@with_appcontext
def import_prices(file):
    """Bring a file of prices into the database, as often as you like."""
    session = db.session()
    stocks = [{"ticker": ticker, "name": name} for ticker, name in NAMES.items()]
    session.execute(insert(Stock).on_conflict_do_nothing(), stocks)
    numbers = {stock.ticker: stock.id for stock in session.query(Stock)}
    prices = [
        {
            "stock_id": numbers[row["Ticker"]],
            "day": date.fromisoformat(row["Date"]),
            "close": row["Close"],
        }
        for row in csv.DictReader(file)
    ]
    session.execute(insert(Price).on_conflict_do_nothing(), prices)
    session.commit()
    click.echo(f"The file has {len(prices)} prices.")
