"""The database: two kinds, the same tables, brought up to date by migrations."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from netlab.apps.ticker.app import create_app
from netlab.apps.ticker.config import Config
from netlab.apps.ticker.context import ticker
from netlab.apps.ticker.database import Database
from netlab.apps.ticker.models import Base, Price, Stock
from netlab.errors import OptionError

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def empty(empty_url):
    database = Database(empty_url)
    yield database
    database.close()


@both
def test_the_migrations_make_what_the_models_say(empty):
    assert not empty.is_current
    empty.upgrade()
    assert empty.is_current
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


@both
def test_the_migrations_make_the_checks_too(empty):
    empty.upgrade()
    found = inspect(empty.engine)
    for table in Base.metadata.sorted_tables:
        expected = {str(each.name) for each in table.constraints if type(each).__name__ == "CheckConstraint"}
        assert {each["name"] for each in found.get_check_constraints(table.name)} == expected


@both
def test_the_migrations_go_down_to_nothing_and_up_again(empty):
    empty.upgrade()
    empty.downgrade()
    assert empty.revision is None
    assert set(inspect(empty.engine).get_table_names()) == {"alembic_version"}
    empty.upgrade()
    assert empty.is_current


@both
def test_processes_that_start_together_prepare_the_database_once(empty_url):
    config = Config(
        database_url=empty_url, secret_key="k" * 32, argon2_time=1, argon2_memory=8, argon2_lanes=1
    )
    with ThreadPoolExecutor(3) as pool:
        apps = list(pool.map(lambda _: create_app(config), range(3)))
    with ticker(apps[0]).database.session() as session:
        assert session.scalar(select(func.count(Stock.id))) == 5
        assert session.scalar(select(func.count(Price.id))) == 12_154
    for app in apps:
        ticker(app).database.close()


def test_sqlite_keeps_references_whole_and_lets_readers_read(database):
    with database.session() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"


def test_writers_that_read_first_wait_for_each_other(database):
    """Each reads, then writes: begun as readers, one of two would be refused at once, however long it may wait."""
    together = threading.Barrier(4)

    def rename(number):
        together.wait(timeout=10)
        for _ in range(10):
            with database.begin() as session:
                stock = session.scalars(select(Stock).where(Stock.ticker == "IBM")).one()
                stock.name = f"{stock.name}{number}"

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(rename, range(4)))
    with database.session() as session:
        assert len(session.scalars(select(Stock.name).where(Stock.ticker == "IBM")).one()) == len("IBM") + 40


@both
def test_what_fails_leaves_nothing_behind(database):
    def add_twice():
        with database.begin() as session:
            session.add(Stock(ticker="NEW", name="New"))
            session.flush()
            session.add(Stock(ticker="NEW", name="Again"))

    with pytest.raises(IntegrityError):
        add_twice()
    with database.session() as session:
        assert session.scalar(select(Stock).where(Stock.ticker == "NEW")) is None


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_usual_spelling_of_postgresql_is_taken(url):
    assert Database(url).url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://u@h/d", "sqlite://", "sqlite:///:memory:", "postgresql+pg8000://h/d"]
)
def test_other_urls_are_refused_in_a_sentence(url):
    with pytest.raises(OptionError, match=r"sqlite:///FILE"):
        Database(url)


def test_its_representation_hides_the_password():
    assert "secret" not in repr(Database("postgresql://ada:secret@db.example/ticker"))
