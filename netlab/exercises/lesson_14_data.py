"""The exercises of lesson 14 on data: SQL with parameters, and queries that are few."""

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


class _Cursor(sqlite3.Cursor):
    """Notes each question as it is written, before the values come to it."""

    def execute(self, sql: str, *values: Any) -> _Cursor:
        self.connection.asked.append(sql)  # type: ignore[attr-defined]
        super().execute(sql, *values)
        return self


class Connection(sqlite3.Connection):
    """A connection that notes the questions.

    Attributes:
        asked: all of them.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.asked: list[str] = []

    def cursor(self, factory: Any = _Cursor) -> Any:  # noqa: ARG002
        """A cursor that notes what it asks."""
        return super().cursor(_Cursor)

    def execute(self, sql: str, *values: Any) -> Any:
        """Ask by a cursor of its own."""
        return self.cursor().execute(sql, *values)


@contextlib.contextmanager
def prices_and_users() -> Iterator[Connection]:
    """A database with prices for everyone, and users for nobody."""
    with contextlib.closing(sqlite3.connect(":memory:", factory=Connection)) as connection:
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
    with t.case("what is asked for the share `QWERTY`", errors) as case, prices_and_users() as connection:
        connection.asked.clear()
        list_prices(connection, "QWERTY")
        escaped = "To escape the quotes by hand is to rely on never forgetting one. " + mixed
        case.expect_that(
            not any("QWERTY" in question for question in connection.asked),
            "a question without the share in it, and the share beside it",
            connection.asked[-1] if connection.asked else "no question",
            escaped,
        )
    constant = "No order at all: `ORDER BY ?` sorts by a constant text, and `ORDER BY -day` by what a text is as a number, the year. Take the column's name from a dictionary of yours."
    for order, key, back in (("close", 1, False), ("-day", 0, True), ("-close", 1, True)):
        with t.case(f"by {order}", errors) as case:
            expected = sorted(APPLE, key=lambda row, key=key: row[key], reverse=back)  # type: ignore[misc]
            words = "A minus sign in front means `DESC`." if back else "`ORDER BY close`."
            case.expect(asked("AAPL", order), expected, [(APPLE, words)], advice=constant)
    open_ = "The visitor's text became a piece of the question. Look it up in a dictionary of yours, and raise ValueError for what is not in it."
    for order in (
        "(SELECT password_hash FROM users)",
        "day; DROP TABLE prices",
        "--day",
        "Day",
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
STEPWISE = "Loading goes from class to class, one step at a time: `selectinload(User.watched)` is enough here, for each of its rows brings its stock along."


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
    from sqlalchemy.exc import ArgumentError, InvalidRequestError
    from sqlalchemy.orm.exc import DetachedInstanceError

    errors: Errors = {
        AttributeError: STEPWISE,
        ArgumentError: STEPWISE,
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
