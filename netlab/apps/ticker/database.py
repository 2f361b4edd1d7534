"""The database: SQLite in a file, or PostgreSQL; its sessions, and its tables brought up to date by migrations."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from netlab.errors import MissingError, OptionError

WAIT = 15.0  # seconds that a writer waits for another one in SQLite
PREPARING = 0x7149  # the number of PostgreSQL's lock while tables or prices are brought up to date
POSTGRES = ("postgres", "postgresql", "postgresql+psycopg")


class Database:
    """An engine and what is done with it.

    Args:
        url: `sqlite:///path/of/a/file` or `postgresql://user:password@host/name`.

    Raises:
        OptionError: for any other URL.
        MissingError: for PostgreSQL without its driver.
    """

    def __init__(self, url: str) -> None:
        self.url = _checked(url)
        self.engine = self._engine()
        self._writing = self.engine.execution_options(writing=True)
        weakref.finalize(self, self.engine.dispose)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is the embedded one."""
        return self.engine.dialect.name == "sqlite"

    def session(self, *, writing: bool = False) -> Session:
        """A new session, to be used in `with`.

        Args:
            writing: whether it is going to write. SQLite then takes the one writer's place at once: a
                transaction that reads first and writes later can be refused, however long it waits.
        """
        return Session(self._writing if writing else self.engine, expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A session that writes: committed at the end, rolled back by an exception."""
        with self.session(writing=True) as session, session.begin():
            yield session

    def upgrade(self, revision: str = "head") -> None:
        """Bring the tables up to date; processes that do so at the same time wait for each other."""
        with self._locked() as connection:
            command.upgrade(_alembic(connection), revision)

    def downgrade(self, revision: str = "base") -> None:
        """Take the tables back to an earlier state; "base" removes them with all they hold."""
        with self._locked() as connection:
            command.downgrade(_alembic(connection), revision)

    @property
    def revision(self) -> str | None:
        """The migration that the tables are at; None without tables."""
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    @property
    def is_current(self) -> bool:
        """Whether the tables are those that this program needs."""
        return self.revision == ScriptDirectory.from_config(_alembic(None)).get_current_head()

    def close(self) -> None:
        """Close the connections that are kept open; the next use opens new ones."""
        self.engine.dispose()

    @contextmanager
    def _locked(self) -> Iterator[Connection]:
        with self._writing.begin() as connection:
            take_turns(connection)
            yield connection

    def _engine(self) -> Engine:
        try:
            if self.url.get_backend_name() != "sqlite":
                return create_engine(self.url, pool_pre_ping=True)
            engine = create_engine(self.url, connect_args={"timeout": WAIT})
        except ModuleNotFoundError as error:
            raise MissingError(
                "PostgreSQL needs the package psycopg: pip install 'netlab[postgres]'."
            ) from error
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begun)
        return engine

    def __repr__(self) -> str:
        return f"Database({self.url.render_as_string()!r})"


def take_turns(connection: Connection | Session) -> None:
    """Wait until no other transaction prepares tables or prices; SQLite has one writer at a time anyway."""
    bind = connection.get_bind() if isinstance(connection, Session) else connection
    if bind.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": PREPARING})


def _checked(url_text: str) -> URL:
    """The URL in SQLAlchemy's form, refused in one sentence if it is not for us."""
    try:
        url = make_url(url_text)
    except ArgumentError as error:
        raise OptionError("The database URL is sqlite:///FILE or postgresql://USER@HOST/NAME.") from error
    if url.drivername in POSTGRES:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite":
        raise OptionError(
            f"Ticker keeps its data in sqlite:///FILE or postgresql://USER@HOST/NAME, not {url.drivername}."
        )
    if not url.database or url.database == ":memory:":
        raise OptionError("A SQLite database in memory is another one in each thread: write sqlite:///FILE.")
    return url


def _sqlite_connected(connection: Any, _: ConnectionPoolEntry) -> None:
    """Keep references whole, let readers read while one writes, and leave BEGIN to us."""
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begun(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _alembic(connection: Connection | None) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", "netlab.apps.ticker:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
