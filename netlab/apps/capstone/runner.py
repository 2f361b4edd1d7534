"""What runs the Flask site: gunicorn, waitress, or a server of this process; and its releases (lesson 15)."""

from __future__ import annotations

import contextlib
import os
from abc import ABC, abstractmethod
from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from netlab.apps.capstone.site import FOLDER, MODULE, with_added
from netlab.apps.ticker.app import create_app
from netlab.apps.ticker.config import Config
from netlab.deploy import Gunicorn, Waitress
from netlab.servers import WebServer
from netlab.servers.base import Listener

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THREADS = 4


class Site(ABC):
    """The site, with the server that runs it.

    Args:
        config: its settings.

    Attributes:
        server: what answers.
        added: the files that were added, by their names.
    """

    server: Listener

    def __init__(self, config: Config) -> None:
        self.config = config
        self.added: dict[str, str] = {}

    def release(self, name: str, source: str) -> None:
        """Serve a file, too.

        Raises:
            ReleaseError: when it cannot be loaded; then nothing has changed.
        """
        added = {**self.added, name: source}
        with_added(create_app(self.config), added)  # first where it harms nobody
        self.added = added
        self._load()

    @abstractmethod
    def _load(self) -> None:
        """Bring the added files to the server."""


class _OfGunicorn(Site):
    def __init__(self, config: Config, workers: int = 1) -> None:
        super().__init__(config)
        self.server: Gunicorn = Gunicorn(
            "wsgi:app",
            workers=workers,
            threads=THREADS,
            patience=1,
            files={"wsgi.py": MODULE},
            env=environment(config),
        )

    def _load(self) -> None:
        self.server.files.update({f"{FOLDER}/{name}": source for name, source in self.added.items()})
        folder = self.server.folder / FOLDER
        folder.mkdir(exist_ok=True)
        for name, source in self.added.items():
            (folder / name).write_text(source, encoding="utf-8")
        self.server.reload()


class _OfWaitress(Site):
    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.server: Waitress = Waitress(
            "wsgi:app", threads=THREADS, files={"wsgi.py": MODULE}, env=environment(config)
        )

    def _load(self) -> None:
        """One process: it has to end before the next one can listen at its port."""
        self.server.files.update({f"{FOLDER}/{name}": source for name, source in self.added.items()})
        self.server.stop()
        self.server.start()


class _OfCheroot(Site):
    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._app: WSGIApplication = create_app(config)
        self.server = WebServer(self)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._app(environ, start_response)

    def _load(self) -> None:
        self._app = with_added(create_app(self.config), self.added)


RUNNERS = {"gunicorn": _OfGunicorn, "waitress": _OfWaitress, "cheroot": _OfCheroot}


def usual() -> Literal["gunicorn", "waitress", "cheroot"]:
    """What runs the site where nobody says what should: the best that is there."""
    if os.name == "posix" and find_spec("gunicorn") is not None:
        return "gunicorn"
    return "waitress" if find_spec("waitress") is not None else "cheroot"


def start_site(runner: str, config: Config, stack: contextlib.ExitStack) -> Site:
    """Start the site, to be stopped by a stack."""
    site: Site = RUNNERS[runner](config)
    stack.enter_context(site.server)
    site.server._wanted = site.server.address  # started anew it comes back at its port
    return site


def environment(config: Config) -> dict[str, str]:
    """The settings as the environment of a process."""
    return {
        "TICKER_DATABASE_URL": config.database_url,
        "TICKER_SECRET_KEY": config.secret_key,
        "TICKER_PUBLIC_URL": config.public_url,
        "TICKER_PREPARE": "0",
        "TICKER_SMTP_HOST": config.smtp_host,  # it writes letters, and the scheduler sends them
        "TICKER_ARGON2_TIME": str(config.argon2_time),
        "TICKER_ARGON2_MEMORY": str(config.argon2_memory),
        "TICKER_ARGON2_LANES": str(config.argon2_lanes),
    }
