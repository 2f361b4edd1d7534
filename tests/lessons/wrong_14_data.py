"""Typical wrong answers of lesson 14, Flask, data: exercise, words of the report, source."""

SQL = """
ORDERS = {{"day": "day", "-day": "day DESC", "close": "close", "-close": "close DESC"}}


def list_prices(connection, ticker, order="day"):
    {check}
    return connection.execute({question}, {values}){fetch}
"""
SQL_PARTS = {
    "check": "if order not in ORDERS: raise ValueError(order)",
    "question": 'f"SELECT day, close FROM prices WHERE ticker = ? ORDER BY {ORDERS[order]}"',
    "values": "(ticker,)",
    "fetch": ".fetchall()",
}
MODEL = """
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from netlab.apps.ticker.models import Stock, User, WatchedStock


def watched(session):
    lists = {{}}
    for user in {users}:
        lists[user.email] = {tickers}
    return lists
"""
MODEL_PARTS = {
    "users": "session.scalars(select(User).options(selectinload(User.watched)))",
    "tickers": "sorted(watch.stock.ticker for watch in user.watched)",
}
MIGRATION = """
import sqlalchemy as sa
from alembic import op


def upgrade():
    {add}
    {fill}
    {promise}
"""
MIGRATION_PARTS = {
    "add": 'op.add_column("users", sa.Column("name", sa.String(80), nullable=True))',
    "fill": "op.execute(\"UPDATE users SET name = substr(email, 1, instr(email, '@') - 1)\")",
    "promise": 'with op.batch_alter_table("users") as table: '
    'table.alter_column("name", existing_type=sa.String(80), nullable=False)',
}
ANEW = """
import sqlalchemy as sa
from alembic import op


def upgrade():
    op.drop_table("users")
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
    )
"""
COPIED = """
from alembic import op


def upgrade():
    op.execute(
        "CREATE TABLE new (id INTEGER PRIMARY KEY, email TEXT NOT NULL,"
        " password_hash TEXT NOT NULL, name TEXT NOT NULL)"
    )
    op.execute("INSERT INTO new SELECT *, substr(email, 1, instr(email, '@') - 1) FROM users")
    op.execute("DROP TABLE users")
    op.execute("ALTER TABLE new RENAME TO users")
"""
ESCAPED = """
ORDERS = {"day": "day", "-day": "day DESC", "close": "close", "-close": "close DESC"}

def list_prices(connection, ticker, order="day"):
    if order not in ORDERS:
        raise ValueError(order)
    ticker = ticker.replace("'", "''")
    return connection.execute(
        f"SELECT day, close FROM prices WHERE ticker = '{ticker}' ORDER BY {ORDERS[order]}"
    ).fetchall()
"""
DEFAULTED = 'op.add_column("users", sa.Column("name", sa.String(80), nullable=False, server_default=""))'


def sql(**parts: str) -> str:
    return SQL.format(**{**SQL_PARTS, **parts})


def model(**parts: str) -> str:
    return MODEL.format(**{**MODEL_PARTS, **parts})


def migration(**parts: str) -> str:
    return MIGRATION.format(**{**MIGRATION_PARTS, **parts})


JOINED = "session.scalars(select(User).join(User.watched).options(selectinload(User.watched))).unique()"
DOUBLED = "session.scalars(select(User).options(joinedload(User.watched)))"
ALTERED = 'op.alter_column("users", "name", existing_type=sa.String(80), nullable=False)'
INJECTED = "f\"SELECT day, close FROM prices WHERE ticker = '{ticker}' ORDER BY {ORDERS[order]}\""
OPEN = 'f"SELECT day, close FROM prices WHERE ticker = ? ORDER BY {order}"'
CONSTANT = '"SELECT day, close FROM prices WHERE ticker = ? ORDER BY ?"'
ALL = "session.scalars(select(User))"
STEPLESS = "session.scalars(select(User).options(selectinload(User.watched.stock)))"
KNOWN = 'if order.removeprefix("-") not in ("day", "close"): raise ValueError(order)'
WRONG = [
    ("14-sql", "The ticker became a piece of the question", sql(question=INJECTED, values="()")),
    ("14-sql", "The visitor's text became a piece", sql(check="pass", question=OPEN)),
    ("14-sql", "sorts by a constant text", sql(question=CONSTANT, values="(ticker, ORDERS[order])")),
    ("14-sql", "by what a text is as a number", sql(check=KNOWN, question=OPEN)),
    ("14-sql", "so that the view can say 422", sql(check="pass")),
    ("14-sql", "That is a cursor", sql(fetch="")),
    ("14-sql", "To escape the quotes by hand", ESCAPED),
    ("14-sql", "Values come in a tuple", sql(values="ticker")),
    ("14-model", "It asks once more for each user", model(users=f"list({ALL})")),
    ("14-model", "an inner join leaves them out", model(users=JOINED)),
    ("14-model", "`.unique()` after", model(users=DOUBLED)),
    ("14-model", "from class to class", model(users=STEPLESS)),
    ("14-model", "In alphabetical order", model(tickers="[watch.stock.ticker for watch in user.watched]")),
    ("14-model", "Tickers, which are text", model(tickers="[watch.stock for watch in user.watched]")),
    ("14-migration", "Let it be empty first", migration(add=MIGRATION_PARTS["add"].replace("True", "False"))),
    ("14-migration", "The promise came before the values", migration(fill="pass")),
    ("14-migration", "makes the table anew, with its rows", migration(promise=ALTERED)),
    ("14-migration", "what every row must have", migration(promise="pass")),
    ("14-migration", "A default that stays", migration(add=DEFAULTED, promise="pass")),
    ("14-migration", "Nothing has been added", migration(add="pass", fill="pass", promise="pass")),
    ("14-migration", "it does not begin anew", ANEW),
    ("14-migration", "has lost an old promise", COPIED),
    ("14-migration", "The @ itself does not belong", migration(fill=MIGRATION_PARTS["fill"].replace(" - 1", ""))),
    ("14-migration", "Old rows need a value too", migration(fill="op.execute(\"UPDATE users SET name = ''\")")),
]  # fmt: skip
