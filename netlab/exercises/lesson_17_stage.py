"""Where a student's Django code plays: the lesson's project on a database of its own, behind a real web server.

A check runs in a forked copy of the kernel that ends with it, so Django is set up right in that copy: the student's
functions are called as they are, and a mistake is shown with their own line.
"""

from __future__ import annotations

import contextlib
import csv
import logging
import os
import re
import sys
import tempfile
import types
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

from netlab.apps.django_project import APPS, PACKAGE, files_of
from netlab.paths import data_dir
from netlab.servers.web import WebServer

TIMEOUT = 3.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
NAMES = {"AAPL": "Apple", "FB": "Facebook", "GOOG": "Google", "IBM": "IBM", "MSFT": "Microsoft"}
JUDGED = "ticker.judged_urls"
SETTINGS = """
from ticker.settings import *

DEBUG = False  # Django's page about an error shows all variables, and takes seconds for it
ALLOWED_HOSTS = ["*"]
MIGRATION_MODULES = {name: None for name in ("auth", "contenttypes", "sessions", "shares", "people")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING_CONFIG = None
DATABASES["default"]["OPTIONS"] = {  # a database that lives for a second need not survive a power cut
    "init_command": "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY;"
}
"""


@contextlib.contextmanager
def stage(
    step: str = "5.forms",
    apps: dict[str, str] | None = None,
    *,
    files: Mapping[str, str] | None = None,
    settings: str = "",
) -> Iterator[Path]:
    """Set Django up with the lesson's project as it is after a step, its tables made, five shares in them.

    Args:
        step: of the project.
        apps: more apps, each with the text of its `models.py`; their tables are still to be made.
        files: more files, or others in place of those of the step, by their path.
        settings: more lines of settings.

    Yields:
        The project's folder.
    """
    with tempfile.TemporaryDirectory(prefix="netlab-stage-") as name:
        folder = Path(name)
        for file, source in files_of(step).items():
            _write(folder / file, source.read_text(encoding="utf-8"))
        for file, text in (files or {}).items():
            _write(folder / file, text)
        for app in (PACKAGE, *APPS, *(apps or {})):
            _write(folder / app / "__init__.py", "")
        for app, text in (apps or {}).items():
            _write(folder / app / "models.py", text)
        more = f"INSTALLED_APPS += {list(apps or {})}\n"
        _write(folder / PACKAGE / "judge.py", SETTINGS + more + settings)
        sys.path.insert(0, name)
        bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            _set_up()
            yield folder
        finally:
            sys.path.remove(name)
            sys.dont_write_bytecode = bytecode
            _forget()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _set_up() -> None:
    import django
    from django.apps import apps
    from django.core.management.sql import emit_post_migrate_signal

    _forget()  # another project may have been set up in this process, or in the one of which it is a copy
    os.environ["DJANGO_SETTINGS_MODULE"] = "ticker.judge"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the kernel's loop runs above, and waits for us
    django.setup()
    logging.getLogger("django").addHandler(
        logging.NullHandler()
    )  # what is refused, is no news of the student's
    _make_tables()
    if apps.is_installed("django.contrib.admin"):  # rights are rows, which this makes
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    Stock = model("shares.Stock")  # noqa: N806
    Stock.objects.bulk_create(Stock(ticker=ticker, name=name) for ticker, name in NAMES.items())


def _make_tables() -> None:
    """The tables alone, in a third of the time of `migrate`."""
    from django.apps import apps
    from django.db import connection

    with connection.schema_editor() as editor:
        for each in apps.get_models():
            editor.create_model(each)


def _forget() -> None:
    """Let Django be as if it had never been set up."""
    from asgiref.local import Local
    from django.apps import apps
    from django.conf import settings
    from django.db import connections
    from django.urls import clear_url_caches
    from django.utils.functional import empty

    if not settings.configured:
        return
    with contextlib.suppress(Exception):
        connections.close_all()
    own = {config.name.partition(".")[0] for config in apps.get_app_configs()} - {"django"} | {PACKAGE}
    for name in list(sys.modules):
        if name.partition(".")[0] in own - {"netlab"} or name.startswith("django.contrib."):
            del sys.modules[name]
    apps.app_configs.clear()
    apps.all_models.clear()
    apps.apps_ready = apps.models_ready = apps.ready = apps.loading = False
    apps.ready_event.clear()
    apps.clear_cache()
    settings._wrapped = empty
    clear_url_caches()
    for name in ("databases", "settings"):
        connections.__dict__.pop(name, None)
    handler: Any = connections
    handler._settings = None
    handler._connections = Local(handler.thread_critical)


def model(name: str) -> Any:
    """A model of the project, such as "shares.Stock"."""
    from django.apps import apps

    return apps.get_model(name)


def import_prices(*tickers: str, since: str = "") -> list[dict[str, str]]:
    """Bring the real prices of some shares, since a day, into the tables; returns the rows of the file."""
    Price, Stock = model("shares.Price"), model("shares.Stock")  # noqa: N806
    with (data_dir() / "stocks.csv").open(newline="", encoding="utf-8") as file:
        head, *lines = file
    # Read as CSV only what is wanted: the whole file would take longer than most checks.
    wanted = [line for line in lines if line.split(",", 1)[0] in tickers and line.split(",", 2)[1] >= since]
    rows = list(csv.DictReader([head, *wanted]))
    stocks = {stock.ticker: stock for stock in Stock.objects.all()}
    Price.objects.bulk_create(
        Price(
            stock=stocks[row["Ticker"]],
            day=row["Date"],
            volume=int(row["Volume"]),
            **{name.lower(): Decimal(row[name]) for name in ("Open", "High", "Low", "Close")},
        )
        for row in rows
    )
    return rows


def people(*names: str) -> list[Any]:
    """Make users of these names, each with a mail address."""
    User = model("people.User")  # noqa: N806
    return [User.objects.create_user(name, f"{name}@ticker.example", PASSWORD) for name in names]


PASSWORD = "a long password"  # noqa: S105 - of people who live for a second


class Visitor:
    """A browser at the project behind a real web server; it keeps cookies, and follows no redirect by itself.

    Args:
        routes: `path(…)`s of the student's views, before those of the project.

    Attributes:
        error: what a view raised at the last request, or None.
    """

    def __init__(self, routes: Sequence[Any] = ()) -> None:
        self.error: BaseException | None = None
        self.session = requests.Session()
        self._routes = routes
        for route in routes:  # code that was run without a module's name has none
            route.callback.__module__ = route.callback.__module__ or "__main__"

    def __enter__(self) -> Visitor:
        from django.conf import settings
        from django.core.signals import got_request_exception
        from django.core.wsgi import get_wsgi_application
        from django.urls import clear_url_caches, include, path

        module = types.ModuleType(JUDGED)
        module.urlpatterns = [*self._routes, path("", include("ticker.urls"))]  # type: ignore[attr-defined]
        sys.modules[JUDGED] = module
        settings.ROOT_URLCONF = JUDGED
        clear_url_caches()
        got_request_exception.connect(self._note)
        self._server = WebServer(get_wsgi_application())
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: types.TracebackType | None,
    ) -> None:
        from django.core.signals import got_request_exception

        got_request_exception.disconnect(self._note)
        self.session.close()
        self._server.stop()

    def get(self, path: str, **more: Any) -> requests.Response:
        """Ask for a path."""
        return self.ask("GET", path, **more)

    def post(self, path: str, data: dict[str, str], **more: Any) -> requests.Response:
        """Send a form, as a page of the site would: with the token of its cookie, if there is one."""
        token = self.session.cookies.get("csrftoken")
        return self.ask(
            "POST", path, data={**data, **({"csrfmiddlewaretoken": token} if token else {})}, **more
        )

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """Send a request of any method."""
        self.error = None
        return self.session.request(
            method, self._server.url + path, timeout=TIMEOUT, allow_redirects=False, **more
        )

    def log_in(self, name: str) -> Visitor:
        """Log in, by the page that is for that."""
        self.get("/log-in/")
        self.post("/log-in/", {"username": name, "password": PASSWORD})
        return self

    def raise_again(self) -> None:
        """Raise what a view raised at the last request, so that the report shows the student's line."""
        if self.error is not None:
            raise self.error

    @staticmethod
    def json(response: requests.Response) -> Any:
        """What a response holds as JSON; None if it holds none."""
        try:
            return response.json()
        except ValueError:
            return None

    def _note(self, **_: Any) -> None:
        self.error = sys.exc_info()[1]
