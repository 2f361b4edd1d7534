"""The settings: what must be set is asked for in a sentence, and Django's own check has nothing to say against them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from netlab.apps.backoffice.config import Config
from netlab.errors import OptionError

KEY = "0123456789abcdef" * 4
LIVE = {
    "DJANGO_SETTINGS_MODULE": "netlab.apps.backoffice.settings.production",
    "BACKOFFICE_SECRET_KEY": KEY,
    "BACKOFFICE_PUBLIC_URL": "https://office.ticker.example",
}


def manage(*words, cwd, **settings):
    own = ("BACKOFFICE_", "TICKER_", "DJANGO_", "JUPYTERHUB_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    environment |= {
        "BACKOFFICE_DATABASE_URL": f"sqlite:///{cwd}/office.sqlite3",
        "HOME": str(cwd),
        **settings,
    }
    return subprocess.run(
        [sys.executable, "-m", "netlab.apps.backoffice.manage", *words],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )


def test_djangos_check_of_a_deployment_is_clean(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "INFO", cwd=tmp_path, **LIVE)
    assert done.stdout == "System check identified no issues (0 silenced).\n", done.stderr
    assert done.returncode == 0


def test_that_check_would_say_what_is_wrong(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", cwd=tmp_path)
    assert done.returncode == 1
    assert "security.W008" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("BACKOFFICE_SECRET_KEY", "", "Set BACKOFFICE_SECRET_KEY"),
        ("BACKOFFICE_SECRET_KEY", "short", "too short to be safe"),
        ("BACKOFFICE_PUBLIC_URL", "", "Set BACKOFFICE_PUBLIC_URL"),
        ("BACKOFFICE_PUBLIC_URL", "http://office.ticker.example", "over HTTPS"),
        ("BACKOFFICE_PUBLIC_URL", "office.ticker.example", "begins with http:// or https://"),
        ("BACKOFFICE_DATABASE_URL", "mysql://x/y", "sqlite:///FILE or postgresql://"),
        ("BACKOFFICE_COLOUR", "red", "There is no setting BACKOFFICE_COLOUR"),
    ],
)
def test_what_is_missing_or_wrong_is_one_line(tmp_path, name, value, words):
    done = manage("check", cwd=tmp_path, **{**LIVE, name: value})
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_on_this_machine_nothing_has_to_be_set(tmp_path):
    done = manage(
        "shell", "-v0", "-c", "from django.conf import settings; print(settings.SECRET_KEY)", cwd=tmp_path
    )
    again = manage(
        "shell", "-v0", "-c", "from django.conf import settings; print(settings.SECRET_KEY)", cwd=tmp_path
    )
    assert len(done.stdout.strip()) == 64
    assert done.stdout == again.stdout
    assert (
        tmp_path / "office.sqlite3.key"
    ).read_text() not in done.stdout  # a cookie of Ticker's is none of ours


def test_with_postgresql_there_is_no_file_to_keep_a_key_in():
    with pytest.raises(OptionError, match="Set BACKOFFICE_SECRET_KEY"):
        Config(database_url="postgresql://u@h/d").local_key()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_spelling_of_postgresql_is_taken(scheme):
    database = Config(database_url=f"{scheme}://ada:secret@db.example:5433/ticker").database()
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "ticker")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "nonsense", "postgres"])
def test_other_urls_are_refused(url):
    with pytest.raises(OptionError, match="sqlite:///FILE"):
        Config(database_url=url).database()


def test_it_works_on_tickers_database_unless_told_otherwise():
    assert Config.from_environment({"TICKER_DATABASE_URL": "sqlite:///a"}).database_url == "sqlite:///a"
    both = {"TICKER_DATABASE_URL": "sqlite:///a", "BACKOFFICE_DATABASE_URL": "sqlite:///b"}
    assert Config.from_environment(both).database_url == "sqlite:///b"
    assert Config.from_environment({}).database_url.endswith("netlab/ticker.sqlite3")


def test_secrets_are_not_shown():
    assert KEY not in repr(Config(database_url="sqlite:///a", secret_key=KEY))


@pytest.mark.parametrize(
    ("settings", "host", "allowed"),
    [
        ({}, "localhost", True),
        ({}, "evil.example", False),
        ({"hosts": "a.example, b.example"}, "b.example", True),
        ({"public_url": "https://office.ticker.example"}, "office.ticker.example", True),
        ({"on_a_hub": True}, "hub.example", True),
    ],
)
def test_only_known_hosts_are_answered(settings, host, allowed):
    hosts = Config(database_url="sqlite:///a", **settings).allowed_hosts()
    assert ("*" in hosts or host in hosts) is allowed


def test_on_a_hub_its_proxy_is_believed():
    assert not Config.from_environment({}).behind_proxy
    hub = {"JUPYTERHUB_SERVICE_PREFIX": "/user/ada/"}
    assert Config.from_environment(hub).behind_proxy
    assert not Config.from_environment({**hub, "BACKOFFICE_BEHIND_PROXY": "0"}).behind_proxy


@pytest.mark.parametrize(
    ("name", "value"), [("BEHIND_PROXY", "maybe"), ("ARGON2_TIME", "1.5"), ("ARGON2_TIME", "²")]
)
def test_a_value_that_cannot_be_read_is_named(name, value):
    with pytest.raises(OptionError, match=f"BACKOFFICE_{name} is"):
        Config.from_environment({f"BACKOFFICE_{name}": value})
