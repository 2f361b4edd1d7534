"""The database of the system: the history up to a day, two customers, what they watch and wait for."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from netlab.apps.capstone.feed import BEGIN
from netlab.apps.ticker.columns import now
from netlab.apps.ticker.database import Database
from netlab.apps.ticker.importer import HEADER, Report, import_prices
from netlab.apps.ticker.models import Alert, Side, Stock, User, WatchedStock
from netlab.apps.ticker.passwords import Passwords
from netlab.paths import data_dir

ADA, BOB = "ada@customer.example", "bob@customer.example"
PHONE = "+12025550123"  # kept for fiction
CHEAP = (1, 8, 1)  # Argon2id for a lesson: passes, KiB, lanes
SINCE = "2000-03-01"  # the first day of the data
RECENTLY = "2012-01-03"  # enough for a check, and quickly there

# who, which share, which way, the limit, by mail, by SMS
ALERTS = (
    (ADA, "AAPL", Side.BELOW, "460", True, True),
    (BOB, "IBM", Side.ABOVE, "200", True, False),
)
WATCHED = ((ADA, "AAPL"), (ADA, "GOOG"), (BOB, "IBM"))


def prepare(database: Database, password: str, since: str = SINCE) -> Report:
    """Make the tables, and fill them with all that was before the exchange's first day."""
    database.upgrade()
    lines = (data_dir() / "stocks.csv").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines[1:] if since <= line.split(",", 2)[1] < BEGIN]
    with database.begin() as session:
        report = import_lines(session, wanted)
        add_customers(session, password)
    return report


def import_lines(session: Session, lines: list[str]) -> Report:
    """Bring lines such as those of `stocks.csv` into the database; twice is as once."""
    with tempfile.TemporaryDirectory(prefix="netlab-capstone-") as folder:
        path = Path(folder, "prices.csv")
        path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
        return import_prices(session, path)


def add_customers(session: Session, password: str) -> None:
    """Ada and Bob, with what they watch, and the alerts that they wait for."""
    secret = Passwords(*CHEAP).hash(password)
    users = {
        email: User(email=email, name=name, phone=phone, password_hash=secret, email_confirmed_at=now())
        for email, name, phone in ((ADA, "Ada", PHONE), (BOB, "Bob", None))
    }
    stocks = {stock.ticker: stock for stock in session.scalars(select(Stock))}
    session.add_all(users.values())
    session.flush()
    session.add_all(
        WatchedStock(user_id=users[who].id, stock_id=stocks[ticker].id) for who, ticker in WATCHED
    )
    session.add_all(
        Alert(
            user_id=users[who].id,
            stock=stocks[ticker],
            side=side,
            limit_price=Decimal(limit),
            by_mail=by_mail,
            by_sms=by_sms,
        )
        for who, ticker, side, limit, by_mail, by_sms in ALERTS
    )
