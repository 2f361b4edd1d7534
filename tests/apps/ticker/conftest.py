"""Ticker on a database of its own, SQLite or PostgreSQL, with the course's prices; passwords are hashed cheaply."""

from __future__ import annotations

import contextlib
import re
import shutil
from dataclasses import replace

import psycopg
import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from netlab.apps.ticker.app import create_app
from netlab.apps.ticker.config import Config
from netlab.apps.ticker.context import Ticker, ticker
from netlab.apps.ticker.database import Database
from netlab.apps.ticker.operations import Metrics

CHEAP = {"argon2_time": 1, "argon2_memory": 8, "argon2_lanes": 1}
KEY = "k" * 32
PASSWORD = "four calm horses"


class CompiledTemplates(BytecodeCache):
    """Keeps each template compiled, for the apps of all tests: each app alone would compile them anew."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._code.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = CompiledTemplates()


# SQLite


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory):
    """A database file that holds the prices; the tests work on copies."""
    path = tmp_path_factory.mktemp("ticker") / "prepared.sqlite3"
    app = create_app(Config(database_url=f"sqlite:///{path}", secret_key=KEY, **CHEAP))
    ticker(app).database.close()
    return path


# PostgreSQL


@pytest.fixture(scope="session")
def prepared_postgres(postgres):
    """Prepare the one database there that holds the prices; to copy it for each test would take half a second."""
    url = postgres.format("prepared")
    fingerprint = None

    def prepare():
        nonlocal fingerprint
        with psycopg.connect(postgres.format("postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS prepared WITH (FORCE)")
            connection.execute("CREATE DATABASE prepared")
        app = create_app(Config(database_url=url, secret_key=KEY, **CHEAP))
        ticker(app).database.close()
        with psycopg.connect(url) as connection:
            fingerprint = connection.execute(FINGERPRINT).fetchone()

    def clean():
        """Remove what a test left; make all anew if it changed the prices."""
        with psycopg.connect(url) as connection:
            connection.execute("TRUNCATE users, login_failures RESTART IDENTITY CASCADE")
            changed = connection.execute(FINGERPRINT).fetchone() != fingerprint
        if changed:
            prepare()

    prepare()
    return url, clean


FINGERPRINT = """
    SELECT md5(string_agg(prices::text, '' ORDER BY id)), (SELECT string_agg(stocks::text, '') FROM stocks) FROM prices
"""


# what the tests use


@pytest.fixture
def prepared_url(request, tmp_path, backend):
    """The URL of a database with the prices."""
    if backend == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('prepared_file'), tmp_path / 'ticker.sqlite3')}"
        return
    url, clean = request.getfixturevalue("prepared_postgres")
    yield url
    clean()


@pytest.fixture
def make_app(prepared_url):
    """Make an app on a prepared database, with settings of the test's choice."""
    with contextlib.ExitStack() as stack:

        def make(**settings):
            settings = {
                "database_url": prepared_url,
                "secret_key": KEY,
                "prepare": False,
                **CHEAP,
                **settings,
            }
            app = create_app(Config(**settings))
            app.testing = True
            app.jinja_env.bytecode_cache = TEMPLATES
            stack.callback(ticker(app).database.close)
            return app

        yield make


@pytest.fixture(scope="session")
def usual(prepared_file):
    """An app with the usual settings; to make one takes longer than most tests."""
    return create_app(
        Config(database_url=f"sqlite:///{prepared_file}", secret_key=KEY, prepare=False, **CHEAP)
    )


@pytest.fixture
def app(usual, prepared_url):
    """That app as it is when it has been made, on a prepared database."""
    before = ticker(usual)
    config = replace(before.config, database_url=prepared_url)
    now = Ticker(config, Database(prepared_url), before.passwords)
    usual.extensions.update({"ticker": now, "ticker-metrics": Metrics()})
    usual.testing = True
    yield usual
    now.database.close()


@pytest.fixture
def database(app):
    return ticker(app).database


class Browser:
    """A client that fills in forms as a browser does: it loads the page, and sends its token with the fields."""

    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path, **options):
        return self.client.get(path, buffered=True, **options)

    def post(self, path, data=None, form_at=None, **options):
        """Send a form that is on a page, at the form's own address unless told otherwise."""
        token = token_in(self.client.get(form_at or path).text)
        return self.client.post(path, data={"csrf_token": token, **(data or {})}, **options)

    def sign_up(self, email="ada@ticker.example", name="Ada", password=PASSWORD):
        response = self.post("/account/sign-up", {"email": email, "name": name, "password": password})
        assert response.status_code == 303, response.text
        return self

    def log_in(self, email="ada@ticker.example", password=PASSWORD, **options):
        return self.post("/account/log-in", {"email": email, "password": password}, **options)


def token_in(html):
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', html)
    return found[1] if found else ""


@pytest.fixture
def new_browser(app):
    """Make another browser of somebody else."""
    return lambda: Browser(app)


@pytest.fixture
def browser(app):
    """A browser in which nobody is logged in."""
    return Browser(app)


@pytest.fixture
def ada(new_browser):
    """A browser in which Ada is logged in."""
    return new_browser().sign_up()


@pytest.fixture
def eve(new_browser):
    """A browser in which Eve is logged in, who tries what she should not."""
    return new_browser().sign_up("eve@ticker.example", "Eve")
