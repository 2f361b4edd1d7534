"""The exercises of lesson 14 on data: SQL with parameters, queries that are few, a migration that loses nothing."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

Errors = dict[type[BaseException], str]

LIST_PRICES = '''
def list_prices(connection, ticker, order="day"):
    """The prices of a share, as (day, close), sorted by a column; a minus sign turns it round."""
    return connection.execute(
        f"SELECT day, close FROM prices WHERE ticker = '{ticker}' ORDER BY {order}"
    ).fetchall()
'''
ROWS = [
    ("AAPL", "2013-02-27", 444.57),
    ("AAPL", "2013-02-28", 441.40),
    ("AAPL", "2013-03-01", 430.47),
    ("IBM", "2013-03-01", 202.91),
]
APPLE = [(day, close) for ticker, day, close in ROWS if ticker == "AAPL"]
SECRET = "ada's hash"  # noqa: S105 - what an injection would bring to light


@contextlib.contextmanager
def prices_and_users() -> Iterator[sqlite3.Connection]:
    """A database with prices for everyone, and users for nobody."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE prices (ticker TEXT, day TEXT, close REAL)")
        connection.execute("CREATE TABLE users (email TEXT, password_hash TEXT)")
        connection.executemany("INSERT INTO prices VALUES (?, ?, ?)", [ROWS[1], *ROWS[2:], ROWS[0]])
        connection.execute("INSERT INTO users VALUES ('ada@ticker.example', ?)", (SECRET,))
        yield connection


@exercise(
    "14-sql",
    title="A bug to find: an open question",
    objective="14-o2",
    points=3,
    starter=LIST_PRICES,
    hints=(
        "The value: `WHERE ticker = ?`, and `(ticker,)` as the second argument of `execute`.",
        "The name of a column is no value: `ORDER BY ?` sorts by a constant text, which is no order at all. It has to be a part of the question, so it must be yours, not the visitor's.",
        "`ORDERS = {\"day\": \"day\", \"-day\": \"day DESC\", …}`: what is no key of it, is refused with ValueError.",
    ),
    passed="Values go beside the question; names come from a list of your own. There is no third way.",
)  # fmt: skip
def sql(t: Trial, list_prices: Callable[..., Any]) -> None:
    """The same question by honest visitors and by others."""
    mixed = "The ticker became a piece of the question: write `?` there, and give `(ticker,)` beside it."
    errors: Errors = {
        sqlite3.OperationalError: mixed,
        sqlite3.ProgrammingError: "Values come in a tuple, `(ticker,)` with its comma: as many as there are `?`.",
        KeyError: "An order that is not in the list is refused with ValueError, so that the view can say 422.",
    }

    def asked(*arguments: str) -> Any:
        with prices_and_users() as connection:
            return list_prices(connection, *arguments)

    with t.case("AAPL, by day", errors) as case:
        case.expect(asked("AAPL"), APPLE, [(lambda v: isinstance(v, sqlite3.Cursor), "That is a cursor: `.fetchall()`.")])  # fmt: skip
    for what, ticker in {
        "`x' OR '1'='1`": "x' OR '1'='1",
        "`x' UNION SELECT email, password_hash FROM users --`": "x' UNION SELECT email, password_hash FROM users --",
        "`O'Hara`": "O'Hara",
    }.items():
        with t.case(what, errors) as case:
            case.expect(asked(ticker), [], advice=mixed)
    constant = "`ORDER BY ?` sorts by a constant text: no order at all. Take the column's name from a dictionary of yours."
    for order, key, back in (("close", 1, False), ("-day", 0, True), ("-close", 1, True)):
        with t.case(f"by {order}", errors) as case:
            expected = sorted(APPLE, key=lambda row, key=key: row[key], reverse=back)  # type: ignore[misc]
            words = "A minus sign in front means `DESC`." if back else "`ORDER BY close`."
            case.expect(asked("AAPL", order), expected, [(APPLE, words)], advice=constant)
    open_ = "The visitor's text became a piece of the question. Look it up in a dictionary of yours, and raise ValueError for what is not in it."
    for order in (
        "(SELECT password_hash FROM users)",
        "day; DROP TABLE prices",
        "CASE WHEN (SELECT password_hash FROM users) LIKE 'a%' THEN day ELSE close END",
        "",
    ):
        with t.case(f"by `{order}`", {**errors, sqlite3.Warning: open_, sqlite3.OperationalError: open_, sqlite3.ProgrammingError: open_}) as case:  # fmt: skip
            case.expect_error(ValueError, lambda order=order: asked("AAPL", order), open_)  # type: ignore[misc]


WATCHED = '''
def watched(session):
    """The tickers that each user watches, in alphabetical order, by mail address."""
    lists = {}
    for user in session.scalars(select(User)):
        lists[user.email] = sorted(watch.stock.ticker for watch in user.watched)
    return lists
'''
FEW = 3  # questions


@contextlib.contextmanager
def _users(count: int) -> Iterator[tuple[Any, list[str]]]:
    """A session on Ticker's tables, and the list of the SELECTs that it sends."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.orm import Session
    from sqlalchemy.pool import StaticPool

    from netlab.apps.ticker.models import Base, Stock, User, WatchedStock

    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(
            Stock(id=n, ticker=name, name=name) for n, name in enumerate(("IBM", "AAPL", "MSFT"), 1)
        )
        session.add_all(
            User(id=n, email=f"user{n}@ticker.example", name="U", password_hash="-")  # noqa: S106
            for n in range(1, count + 1)
        )
        session.flush()
        session.add_all(
            WatchedStock(user_id=n, stock_id=s) for n in range(1, count + 1) for s in range(1, 1 + n % 4)
        )
        session.commit()
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
    with Session(engine) as session:
        yield session, asked
    engine.dispose()


@exercise(
    "14-model",
    title="A bug to find: one more question for each row",
    objective="14-o2",
    points=3,
    starter=WATCHED,
    hints=(
        "Let the engine say its questions: the cell above does it. Which line asks again for each user?",
        "Say at the beginning what you are going to need: `select(User).options(selectinload(User.watched))`. Then there are two questions, for any number of users.",
        "With `joinedload` there is one question, with a row for each pair; `.unique()` behind `scalars(…)` makes users of them. A plain `.join(…)` loses the users who watch nothing.",
    ),
    passed="Two questions for three users, and for three thousand.",
    limit=15,
)
def model(t: Trial, watched: Callable[[Any], Any]) -> None:
    """A query, by what it brings and by how often it asks."""
    from sqlalchemy.exc import InvalidRequestError
    from sqlalchemy.orm.exc import DetachedInstanceError

    errors: Errors = {
        InvalidRequestError: "With `joinedload` a user comes once for each share: `.unique()` after `scalars(…)`.",
        DetachedInstanceError: "The session is closed: whatever you need, load before its end.",
    }
    tickers = ("IBM", "AAPL", "MSFT")

    def expected(count: int) -> dict[str, list[str]]:
        return {f"user{n}@ticker.example": sorted(tickers[: n % 4]) for n in range(1, count + 1)}

    lost = "Who watches nothing is a user too, with an empty list: an inner join leaves them out."
    many = "It asks once more for each user: `select(User).options(selectinload(User.watched))` loads all the lists at once."
    with t.case("five users, one of whom watches nothing", errors) as case, _users(5) as (session, _):
        case.expect(watched(session), expected(5), [
            (lambda v: "user4@ticker.example" not in v, lost),
            (lambda v: v["user3@ticker.example"] == list(tickers), "In alphabetical order: `sorted(…)`."),
            (lambda v: not isinstance(v["user1@ticker.example"][0], str), "Tickers, which are text: `watch.stock.ticker`."),
        ])  # fmt: skip
    for count in (5, 40):
        with (
            t.case(f"how often it asks for {count} users", errors) as case,
            _users(count) as (session, asked),
        ):
            watched(session)
            case.expect_that(len(asked) <= FEW, f"at most {FEW} questions", f"{len(asked)} questions", many)
    with t.case("no users", errors) as case, _users(0) as (session, _):
        case.expect(watched(session), {})


USERS = """
CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY,
    email VARCHAR(254) NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    CONSTRAINT uq_users_email UNIQUE (email)
)
"""
PEOPLE = [
    (1, "ada@ticker.example", "h1"),
    (7, "grace.h@navy.example", "h2"),
    (9, "linus@ticker.example", "h3"),
]


@exercise(
    "14-migration",
    title="A migration that keeps the rows",
    objective="14-o2",
    points=3,
    hints=(
        "Three steps: a column that may be empty, then its values, then the promise that it is never empty.",
        '`op.add_column("users", sa.Column("name", sa.String(80), nullable=True))`, and `op.execute("UPDATE users SET name = …")`.',
        "`substr(email, 1, instr(email, '@') - 1)` is what stands before the @, in SQLite.",
        'SQLite cannot change a column: Alembic makes the table anew and copies the rows, `with op.batch_alter_table("users") as table: table.alter_column("name", existing_type=sa.String(80), nullable=False)`.',
    ),
    passed="Add, fill, then promise: the order that works on a table with a million rows, too.",
)  # fmt: skip
def migration(t: Trial, upgrade: Callable[[], Any]) -> None:
    """A migration run by Alembic on tables with rows in them, and without."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import create_engine, inspect, text
    from sqlalchemy.exc import IntegrityError, OperationalError

    errors: Errors = {
        NotImplementedError: "SQLite cannot change a column. `with op.batch_alter_table(\"users\") as table:` makes the table anew, with its rows.",
        OperationalError: "The old rows would have nothing in the new column. Let it be empty first (`nullable=True`), fill it, then forbid.",
        IntegrityError: "The promise came before the values: fill the column first, with an UPDATE.",
        NameError: "`op` and `sa` are imported at the top of the lesson: `from alembic import op`, `import sqlalchemy as sa`.",
    }  # fmt: skip

    def run() -> None:
        try:
            upgrade()
        except OperationalError as error:
            if "syntax error" in str(error.orig):  # a statement that SQLite does not have
                raise NotImplementedError(str(error.orig)) from error
            raise

    @contextlib.contextmanager
    def migrated(people: list[tuple[int, str, str]]) -> Iterator[Any]:
        engine = create_engine("sqlite://")
        try:
            with engine.begin() as connection:
                connection.execute(text(USERS))
                for each in people:
                    connection.exec_driver_sql("INSERT INTO users VALUES (?, ?, ?)", each)
                with Operations.context(MigrationContext.configure(connection)):
                    run()
                yield connection
        finally:
            engine.dispose()

    with t.case("the column is there", errors) as case, migrated(PEOPLE) as connection:
        names = [column["name"] for column in inspect(connection).get_columns("users")]
        case.expect(names, ["id", "email", "password_hash", "name"], [
            (["id", "email", "password_hash"], "Nothing has been added: `op.add_column(\"users\", …)`."),
        ])  # fmt: skip
    if t.results[-1].came.startswith(tuple(kind.__name__ for kind in errors)):
        return
    with t.case("every user is still there", errors) as case, migrated(PEOPLE) as connection:
        rows = connection.exec_driver_sql("SELECT id, email, password_hash FROM users ORDER BY id").fetchall()
        words = "The rows went with the old table. A migration changes what is there; it does not begin anew."
        case.expect([tuple(row) for row in rows], PEOPLE, advice=words)
    with t.case("their names", errors) as case, migrated(PEOPLE) as connection:
        rows = connection.exec_driver_sql("SELECT name FROM users ORDER BY id").fetchall()
        empty = (
            "Old rows need a value too: `UPDATE users SET name = substr(email, 1, instr(email, '@') - 1)`."
        )
        case.expect([row[0] for row in rows], ["ada", "grace.h", "linus"], [
            (["ada@", "grace.h@", "linus@"], "The @ itself does not belong to it: `instr(…) - 1`."),
        ], advice=empty)  # fmt: skip
    with t.case("a new user without a name", errors) as case, migrated(PEOPLE) as connection:
        words = "`nullable=False` in the end: what every row must have, the database should promise."
        values = "INSERT INTO users (email, password_hash, name) VALUES ('x@ticker.example', 'h', NULL)"
        refused = False
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(values)
        except IntegrityError:
            refused = True
        case.expect_that(refused, "refused by the database", "taken", words)
    with t.case("two users with one mail address", errors) as case, migrated(PEOPLE) as connection:
        refused = False
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(
                    "INSERT INTO users (email, password_hash, name) VALUES ('ada@ticker.example', 'h', 'n')"
                )
        except IntegrityError:
            refused = True
        words = "The new table has lost an old promise: `batch_alter_table` would have copied it."
        case.expect_that(refused, "refused, as before", "taken", words)
    with t.case("a table without rows", errors) as case, migrated([]) as connection:
        tables = inspect(connection).get_table_names()
        case.expect(tables, ["users"], advice="One table, of the same name: nothing else is left behind.")
