"""The exercise of lesson 14 on changing tables: a migration that loses nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

Errors = dict[type[BaseException], str]

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
    with t.case("a new user of whom no name is said", errors) as case, migrated(PEOPLE) as connection:
        words = "A default that stays makes up a name, such as an empty one. Fill the old rows with an UPDATE instead."
        refused = False
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(
                    "INSERT INTO users (email, password_hash) VALUES ('x@ticker.example', 'h')"
                )
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
