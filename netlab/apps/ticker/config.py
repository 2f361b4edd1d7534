"""What can be set: one frozen dataclass, read from the environment (`TICKER_DATABASE_URL` and so on)."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from netlab.errors import OptionError

PREFIX = "TICKER_"
SQLITE = "sqlite:///"
TRUE, FALSE = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
KEY_LENGTH = 32  # characters that a secret key has at least
_ANCESTORS = re.compile(r"[\w'*:/.\- ]+", re.ASCII)


def data_folder() -> Path:
    """Where the embedded database lies unless told otherwise (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "netlab"


@dataclass(frozen=True)
class Config:
    """Ticker's settings. Each can be given as an environment variable, such as `TICKER_PUBLIC_URL`.

    Attributes:
        database_url: `sqlite:///path` or `postgresql://user@host/name`; a SQLite file of this user if empty.
        secret_key: signs cookies, at least 32 characters; with SQLite one is made and kept beside the file.
        public_url: the address that users see, for links in mails; also says whether cookies need HTTPS.
            It must be set where mail is sent: the Host of a request is what its sender wrote.
        behind_proxy: believe one proxy's X-Forwarded-For, -Proto, -Host and -Prefix. Without such a proxy
            anyone could write them.
        frame_ancestors: who may show the site in a frame (Content-Security-Policy).
        prepare: bring the tables up to date and, when there is no share yet, import the prices at start.
        smtp_host: where mail is handed over. Without one no mail is sent: a sign-up needs no confirmation and
            tells whether an address has an account, and a forgotten password is reset by `netlab ticker
            reset-link`. That is for a site of one's own; a site that others reach has a mail server.
        smtp_port: its port.
        smtp_tls: "none", "starttls" or "tls".
        smtp_user: who logs in there; nobody if empty.
        smtp_password: with which password.
        mail_from: the sender of mails.
        sms_url: the SMS gateway; without one no SMS is sent.
        sms_account: our account there.
        sms_key: its key.
        sms_sender: the name that an SMS comes from.
        argon2_time: passes of Argon2id over its memory (RFC 9106, section 4).
        argon2_memory: its memory in KiB.
        argon2_lanes: its degree of parallelism.
    """

    database_url: str = ""
    secret_key: str = field(default="", repr=False)
    public_url: str = ""
    behind_proxy: bool = False
    frame_ancestors: str = "'self'"
    prepare: bool = True

    smtp_host: str = ""
    smtp_port: int = 25
    smtp_tls: str = "none"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    mail_from: str = "alerts@ticker.example"

    sms_url: str = ""
    sms_account: str = ""
    sms_key: str = field(default="", repr=False)
    sms_sender: str = "Ticker"

    argon2_time: int = 3
    argon2_memory: int = 65536
    argon2_lanes: int = 4

    def __post_init__(self) -> None:
        if not self.database_url:
            object.__setattr__(self, "database_url", f"{SQLITE}{data_folder() / 'ticker.sqlite3'}")
        object.__setattr__(self, "public_url", self.public_url.rstrip("/"))
        if self.secret_key and len(self.secret_key) < KEY_LENGTH:
            raise OptionError(
                f"TICKER_SECRET_KEY is too short to be safe: it needs {KEY_LENGTH} characters or more, "
                "for example from python -c 'import secrets; print(secrets.token_hex())'."
            )
        if self.public_url and urlsplit(self.public_url).scheme not in ("http", "https"):
            raise OptionError(f"TICKER_PUBLIC_URL begins with http:// or https://, not {self.public_url!r}.")
        if not _ANCESTORS.fullmatch(self.frame_ancestors):
            raise OptionError(
                f"TICKER_FRAME_ANCESTORS is a list of origins, such as 'self' https://hub.example, "
                f"not {self.frame_ancestors!r}."
            )
        if self.smtp_tls not in ("none", "starttls", "tls"):
            raise OptionError(f"TICKER_SMTP_TLS is none, starttls or tls, not {self.smtp_tls!r}.")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read the settings that the environment has; the others keep their defaults.

        In a server of a JupyterHub, `behind_proxy` is on unless it is set.

        Raises:
            OptionError: for a variable that does not exist or a value that cannot be read.
        """
        known = {PREFIX + each.name.upper(): each for each in fields(cls)}
        given = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
        if unknown := sorted(given.keys() - known.keys()):
            raise OptionError(
                f"There is no setting {', '.join(unknown)}; there are {', '.join(sorted(known))}."
            )
        on_a_hub = "JUPYTERHUB_SERVICE_PREFIX" in environ  # all that reaches us there came through its proxy
        values: dict[str, Any] = {"behind_proxy": on_a_hub} | {
            known[name].name: read_setting(name, value, known[name].type) for name, value in given.items()
        }
        return cls(**values)

    @property
    def sqlite_file(self) -> Path | None:
        """The file of the embedded database; None with another database."""
        if not self.database_url.startswith(SQLITE):
            return None
        return Path(self.database_url.removeprefix(SQLITE).partition("?")[0])

    def check_links(self) -> None:
        """Refuse to send mails whose links would lead nowhere, or where a stranger wants.

        Raises:
            OptionError: when there is a mail server and no public address.
        """
        if self.smtp_host and not self.public_url:
            raise OptionError(
                "Set TICKER_PUBLIC_URL, too, with TICKER_SMTP_HOST: mails hold links to the site."
            )

    def signing_key(self) -> str:
        """The secret key; with SQLite one that is made once and kept beside the database.

        Raises:
            OptionError: when there is none, and no file to keep one in: every process would make its own.
        """
        if self.secret_key:
            return self.secret_key
        if self.sqlite_file is None:
            raise OptionError("Set TICKER_SECRET_KEY: all processes of one site must sign with the same key.")
        path = self.sqlite_file.with_name(self.sqlite_file.name + ".key")
        path.parent.mkdir(parents=True, exist_ok=True)
        return _kept_key(path)


def read_setting(name: str, value: str, kind: object) -> str | int | bool:
    """One variable's value as what its field is; `kind` is the annotation as text."""
    if kind == "bool":
        if value.lower() not in (*TRUE, *FALSE):
            raise OptionError(f"{name} is 1 or 0, not {value!r}.")
        return value.lower() in TRUE
    if kind == "int":
        if not (value.isascii() and value.isdecimal()):
            raise OptionError(f"{name} is a number, not {value!r}.")
        return int(value)
    return value


def _kept_key(path: Path) -> str:
    """The key in a file that only its owner can read; made whole under another name, so none reads half of it."""
    if not path.exists():
        new = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
        new.touch(mode=0o600)
        new.write_text(secrets.token_hex(32), encoding="ascii")
        try:
            path.hardlink_to(new)  # fails if another process was faster
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text(encoding="ascii")
