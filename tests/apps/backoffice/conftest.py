"""The back office set up once in this process, on a prepared database; each test's changes are rolled back."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import re
import shutil
from pathlib import Path

import psycopg
import pytest

PASSWORD = "four calm horses"
CHEAP = {"ARGON2_TIME": "1", "ARGON2_MEMORY": "8", "ARGON2_LANES": "1"}
KEY = "b" * 32


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory):
    """Set up Django and a database file with the prices and the people of the demonstration; tests work on copies.

    The environment is put back at once: what other tests start must not take our settings for theirs.
    """
    path = tmp_path_factory.mktemp("backoffice") / "prepared.sqlite3"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_SETTINGS_MODULE", "netlab.apps.backoffice.settings.local")
        patch.setenv("BACKOFFICE_DATABASE_URL", f"sqlite:///{path}")
        patch.setenv("BACKOFFICE_SECRET_KEY", KEY)
        patch.setenv("STAFF_PASSWORD", PASSWORD)
        for name, value in CHEAP.items():
            patch.setenv(f"BACKOFFICE_{name}", value)
        import django
        from django.core.management import call_command
        from django.db import connections
        from django.test.utils import setup_test_environment, teardown_test_environment

        django.setup()
        prepare(call_command)
        connections.close_all()
        copy = shutil.copy(path, path.with_name("copied.sqlite3"))
    setup_test_environment()
    yield Path(copy)
    teardown_test_environment()
    connections.close_all()


def prepare(call_command):
    call_command("migrate", verbosity=0)
    call_command("seed", demo=True, stdout=io.StringIO())


@contextlib.contextmanager
def working_on(url):
    """Let Django work on another database for a while."""
    from django.conf import settings
    from django.db import connections

    from netlab.apps.backoffice.config import Config

    def use(config, database):
        connections["default"].close()
        del connections["default"]
        settings.CONFIG = config
        connections.settings["default"] = database

    before = settings.CONFIG, connections.settings["default"]
    config = dataclasses.replace(settings.CONFIG, database_url=url)
    assert isinstance(config, Config)
    use(config, connections.configure_settings({"default": config.database()})["default"])
    try:
        yield
    finally:
        use(*before)


@pytest.fixture
def on_database(prepared_file):
    """A block in which Django works on the database of a URL."""
    return working_on


@pytest.fixture(scope="session")
def prepared_postgres(prepared_file, postgres):
    """A database in PostgreSQL with the same in it."""
    from django.core.management import call_command

    with psycopg.connect(postgres.format("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE backoffice")
    with working_on(postgres.format("backoffice")), pytest.MonkeyPatch.context() as patch:
        patch.setenv("STAFF_PASSWORD", PASSWORD)
        prepare(call_command)
    return postgres.format("backoffice")


@pytest.fixture
def office(request, prepared_file, backend):
    """The prepared database, in a transaction that is rolled back."""
    from django.db import transaction

    on_file = backend == "sqlite"
    url = f"sqlite:///{prepared_file}" if on_file else request.getfixturevalue("prepared_postgres")
    with working_on(url), transaction.atomic():
        yield url
        transaction.set_rollback(True)


@pytest.fixture
def empty_url(prepared_file, empty_url):
    """A database without tables, of which Django is told by `working_on`."""
    return empty_url


class Visitor:
    """A browser without a screen: follows redirects, and sends a page's forms with what stands in them."""

    def __init__(self, name=None):
        from django.test import Client

        self.client = Client(enforce_csrf_checks=True)
        if name:
            from django.contrib.auth.models import User

            self.client.force_login(User.objects.get(username=name))

    def get(self, path, **query):
        return self.client.get(path, query, follow=True)

    def token(self, path):
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path).text)[1]

    def post(self, path, form_at=None, follow=True, **fields):
        data = {"csrfmiddlewaretoken": self.token(form_at or path), **fields}
        return self.client.post(path, data, follow=follow)

    def act(self, model, action, *objects, **more):
        """Run an action on some rows of a list."""
        chosen = [each.pk for each in objects]
        return self.post(list_of(model), action=action, _selected_action=chosen, **more)


def list_of(model):
    return f"/admin/backoffice/{model}/"


def page_of(obj, page="change"):
    return f"/admin/backoffice/{obj._meta.model_name}/{obj.pk}/{page}/"


@pytest.fixture
def come():
    """Make a visitor, on the database that Django works on."""
    return Visitor


@pytest.fixture
def visitor(office, come):
    """Make a visitor who is logged in by this name, or nobody."""
    return come


@pytest.fixture
def admin(office):
    return Visitor("anna")


@pytest.fixture
def analyst(office):
    return Visitor("alan")


@pytest.fixture
def support(office):
    return Visitor("sue")
