"""Settings: read from the environment, refused in one sentence when they make no sense."""

from __future__ import annotations

import stat

import pytest

from netlab.apps.ticker.config import Config
from netlab.errors import OptionError


def test_the_environment_is_read_by_kind():
    config = Config.from_environment(
        {
            "TICKER_DATABASE_URL": "postgresql://ticker@db.example/ticker",
            "TICKER_SECRET_KEY": "s" * 32,
            "TICKER_PUBLIC_URL": "https://ticker.example/",
            "TICKER_BEHIND_PROXY": "yes",
            "TICKER_SMTP_PORT": "587",
            "PATH": "/bin",
        }
    )
    assert config.database_url == "postgresql://ticker@db.example/ticker"
    assert config.public_url == "https://ticker.example"
    assert config.behind_proxy is True
    assert config.smtp_port == 587
    assert config.mail_from == "alerts@ticker.example"


def test_on_a_jupyterhub_the_proxy_is_believed_unless_told_otherwise():
    hub = {"JUPYTERHUB_SERVICE_PREFIX": "/user/ada/"}
    assert Config.from_environment(hub).behind_proxy is True
    assert Config.from_environment({**hub, "TICKER_BEHIND_PROXY": "0"}).behind_proxy is False
    assert Config.from_environment({}).behind_proxy is False


def test_an_unknown_variable_is_refused_because_it_is_a_slip():
    with pytest.raises(OptionError, match=r"no setting TICKER_DATABSE_URL; there are .*TICKER_DATABASE_URL"):
        Config.from_environment({"TICKER_DATABSE_URL": "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BEHIND_PROXY", "perhaps"),
        ("SMTP_PORT", "smtp"),
        ("SMTP_PORT", "-1"),
        ("SMTP_TLS", "ssl"),
        ("SECRET_KEY", "short"),
        ("PUBLIC_URL", "ticker.example"),
        ("FRAME_ANCESTORS", "'self'; script-src *"),
        ("FRAME_ANCESTORS", "'self'\r\nX: y"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(name, value):
    with pytest.raises(OptionError, match=f"TICKER_{name}"):
        Config.from_environment({f"TICKER_{name}": value})


def test_secrets_are_not_shown():
    config = Config(secret_key="s" * 32, smtp_password="hidden-1", sms_key="hidden-2")
    assert "s" * 32 not in repr(config)
    assert "hidden" not in repr(config)


def test_without_a_url_the_data_lie_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Config().database_url == f"sqlite:///{tmp_path}/netlab/ticker.sqlite3"


def test_a_key_is_made_once_and_kept_where_only_its_owner_reads_it(tmp_path):
    url = f"sqlite:///{tmp_path}/new/ticker.sqlite3"
    key = Config(database_url=url).signing_key()
    assert len(key) == 64
    assert Config(database_url=url).signing_key() == key
    (path,) = (tmp_path / "new").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_with_postgresql_a_key_must_be_given():
    with pytest.raises(OptionError, match="TICKER_SECRET_KEY"):
        Config(database_url="postgresql://ticker@/ticker").signing_key()
