"""Ticker on a database of its own, with the course's prices; passwords are hashed cheaply."""

from __future__ import annotations

import shutil

import pytest

from netlab.apps.ticker.app import create_app
from netlab.apps.ticker.config import Config
from netlab.apps.ticker.context import ticker

CHEAP = {"argon2_time": 1, "argon2_memory": 8, "argon2_lanes": 1}


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory):
    """A database file that holds the prices; the tests work on copies."""
    path = tmp_path_factory.mktemp("ticker") / "prepared.sqlite3"
    app = create_app(Config(database_url=f"sqlite:///{path}", secret_key="k" * 32, **CHEAP))
    ticker(app).database.close()
    return path


@pytest.fixture
def make_app(prepared_file, tmp_path):
    """Make an app on a copy of the prepared database, with settings of the test's choice."""
    apps = []

    def make(**settings):
        path = tmp_path / "ticker.sqlite3"
        if not path.exists():
            shutil.copy(prepared_file, path)
        config = Config(
            **{
                "database_url": f"sqlite:///{path}",
                "secret_key": "k" * 32,
                "prepare": False,
                **CHEAP,
                **settings,
            }
        )
        app = create_app(config)
        app.testing = True
        apps.append(app)
        return app

    yield make
    for app in apps:
        ticker(app).database.close()


@pytest.fixture
def app(make_app):
    return make_app()


@pytest.fixture
def client(app):
    return app.test_client()
