"""What can be set: one frozen dataclass, read from the environment (`BACKOFFICE_SECRET_KEY` and so on)."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from netlab.apps.ticker.config import KEY_LENGTH, read_setting
from netlab.apps.ticker.config import Config as TickerConfig
from netlab.errors import OptionError

PREFIX = "BACKOFFICE_"
STAFF = {"administrator": "anna", "analyst": "alan", "support": "sue"}  # of the demonstration
HERE = ("127.0.0.1", "localhost", "[::1]")
WAIT = 15  # seconds that a writer waits for another one in SQLite
SQLITE = {
    "timeout": WAIT,
    # A transaction that reads first and writes later could be refused, however long it waits.
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
}


@dataclass(frozen=True)
class Config:
    """The back office's settings. Each can be given as an environment variable, such as `BACKOFFICE_PUBLIC_URL`.

    Attributes:
        database_url: `sqlite:///path` or `postgresql://user@host/name`; Ticker's own (`TICKER_DATABASE_URL`) if
            empty: the two work on the same tables.
        secret_key: signs cookies, at least 32 characters; on this machine one is made from Ticker's.
        public_url: the address that the staff see; also says whether cookies need HTTPS.
        ticker_url: where customers find Ticker, for links in mails; `TICKER_PUBLIC_URL` if empty.
        hosts: more names by which the site may be asked for, with commas between them.
        behind_proxy: believe one proxy's X-Forwarded-For, -Proto, -Host and -Prefix. Without such a proxy
            anyone could write them.
        frame: whether a page of the same origin may show the site in a frame, as JupyterLab does.
        on_a_hub: whether this is a server of a JupyterHub: all that reaches it came through the hub's proxy.
        argon2_time: passes of Argon2id over its memory (RFC 9106, section 4).
        argon2_memory: its memory in KiB.
        argon2_lanes: its degree of parallelism.
    """

    database_url: str = ""
    secret_key: str = field(default="", repr=False)
    public_url: str = ""
    ticker_url: str = ""
    hosts: str = ""
    behind_proxy: bool = False
    frame: bool = True
    on_a_hub: bool = False
    argon2_time: int = 3
    argon2_memory: int = 65536
    argon2_lanes: int = 4

    def __post_init__(self) -> None:
        url = self.database_url or TickerConfig().database_url
        object.__setattr__(self, "database_url", url)
        object.__setattr__(self, "public_url", self.public_url.rstrip("/"))
        if self.secret_key and len(self.secret_key) < KEY_LENGTH:
            raise OptionError(
                f"BACKOFFICE_SECRET_KEY is too short to be safe: it needs {KEY_LENGTH} characters or more, "
                "for example from python -c 'import secrets; print(secrets.token_hex())'."
            )
        if self.public_url and urlsplit(self.public_url).scheme not in ("http", "https"):
            raise OptionError(
                f"BACKOFFICE_PUBLIC_URL begins with http:// or https://, not {self.public_url!r}."
            )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read the settings that the environment has; the others keep their defaults.

        Raises:
            OptionError: for a variable that does not exist or a value that cannot be read.
        """
        known = {PREFIX + each.name.upper(): each for each in fields(cls)}
        given = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
        if unknown := sorted(given.keys() - known.keys()):
            raise OptionError(
                f"There is no setting {', '.join(unknown)}; there are {', '.join(sorted(known))}."
            )
        on_a_hub = "JUPYTERHUB_SERVICE_PREFIX" in environ
        values: dict[str, Any] = {
            "behind_proxy": on_a_hub,
            "on_a_hub": on_a_hub,
            "database_url": environ.get("TICKER_DATABASE_URL", ""),
            "ticker_url": environ.get("TICKER_PUBLIC_URL", "").rstrip("/"),
        }
        return cls(
            **values
            | {known[name].name: read_setting(name, text, known[name].type) for name, text in given.items()}
        )

    @property
    def sqlite_file(self) -> Path | None:
        """The file of the embedded database; None with another database."""
        return TickerConfig(database_url=self.database_url).sqlite_file

    def database(self) -> dict[str, Any]:
        """The database as Django wants it.

        Raises:
            OptionError: for a URL of another database.
        """
        kind, colon, rest = self.database_url.partition("://")
        if kind == "sqlite" and rest.strip("/") not in ("", ":memory:"):
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": self.sqlite_file, "OPTIONS": dict(SQLITE)}
        if kind not in ("postgres", "postgresql", "postgresql+psycopg") or not colon:
            raise OptionError("The database URL is sqlite:///FILE or postgresql://USER@HOST/NAME.")
        # A connection is kept for a while; one that the server has closed meanwhile is noticed.
        return dict(dj_database_url.parse(f"postgresql://{rest}", conn_max_age=60, conn_health_checks=True))

    def allowed_hosts(self) -> list[str]:
        """The names by which the site may be asked for: only these, or a stranger writes our links."""
        if self.on_a_hub:  # its name is not known here, and only its proxy can ask us
            return ["*"]
        public = urlsplit(self.public_url).hostname
        return [*HERE, *([public] if public else []), *filter(None, map(str.strip, self.hosts.split(",")))]

    def local_key(self) -> str:
        """A key for this machine, from the one that Ticker keeps beside its database, and yet another one.

        Raises:
            OptionError: when there is none, and no file to keep one in.
        """
        if self.secret_key:
            return self.secret_key
        if self.sqlite_file is None:
            raise OptionError(
                "Set BACKOFFICE_SECRET_KEY: all processes of one site must sign with the same key."
            )
        kept = TickerConfig(database_url=self.database_url).signing_key()
        return hmac.digest(kept.encode(), b"the back office", "sha256").hex()
