"""The database: one session for each request, and its tables brought up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from flask import current_app, g
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool


def make_engine(path):
    """An engine for a file of SQLite: it opens a connection for each session, and closes it again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys = ON"))
    return engine


def session():
    """The session of this request, begun when it is first asked for."""
    if "session" not in g:
        g.session = Session(current_app.extensions["engine"])
    return g.session


def close(error=None):
    """End it when the request is over; what was not committed is rolled back."""
    if "session" in g:
        g.pop("session").close()


def upgrade(revision="head"):
    """Run the migrations that the tables have not seen yet."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with current_app.extensions["engine"].begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
