"""Where a student's admin plays: the lesson's project behind a real web server, visited by each role of the staff."""

from __future__ import annotations

import contextlib
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from netlab.apps.admin_project import Browser, files_after
from netlab.exercises.lesson_17_stage import PASSWORD, Visitor, model, stage
from netlab.exercises.trial import Case, Trial

SETTINGS = 'MIGRATION_MODULES["admin"] = None\nCACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}\n'
EMPTY = {"shares": '"""Nothing yet."""\n', "people": '"""Nothing yet."""\n'}
USER = "/admin/people/user/"
ALERT = "/admin/people/alert/"
STOCK = "/admin/shares/stock/"
PRICE = "/admin/shares/price/"


@contextlib.contextmanager
def office(step: str = "4.actions", *, empty: tuple[str, ...] = ()) -> Iterator[Path]:
    """The project as this lesson has it after a step.

    Args:
        step: of this lesson.
        empty: apps whose `admin.py` is the student's, and comes later.
    """
    files = {name: path.read_text("utf-8") for name, path in files_after(step).items()}
    files |= {f"{app}/admin.py": EMPTY[app] for app in empty}
    with stage("7.words", files=files, settings=SETTINGS) as folder:
        yield folder


def load(t: Trial, folder: Path, app: str, text: Any, *models: str) -> bool:
    """Run the student's `admin.py`, and let Django check it; whether it can be used.

    Args:
        t: the trial.
        folder: of the project.
        app: whose file it is.
        text: the file.
        *models: that it must register, such as "shares.Price".
    """
    with t.case(f"{app}/admin.py is Python, and Django takes it") as case:
        _run(case, folder / app / "admin.py", f"{app}.admin", text)
        from django.contrib import admin
        from django.core.checks import run_checks

        for name in models:
            found = model(name) in admin.site._registry
            case.expect_that(
                found, f"{name} is registered", "it is not", "`@admin.register(…)` above the class."
            )
        problems = [each for each in run_checks() if each.is_serious()]
        if problems:
            words = (
                problems[0].hint
                or "Django checks each ModelAdmin when it starts: the number says which option."
            )
            case.fail("no issues", f"{problems[0].id}: {problems[0].msg}", words)
    return t.results[-1].passed


def _run(case: Case, path: Path, module: str, text: Any) -> None:
    if not isinstance(text, str):
        case.fail("the text of a file", type(text).__name__, "The whole file, as text between triple quotes.")
    path.write_text(text, encoding="utf-8")
    try:
        exec(compile(text, str(path), "exec"), sys.modules[module].__dict__)  # noqa: S102
    except Exception as error:
        own = [
            each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == str(path)
        ]
        line = (error.lineno if isinstance(error, SyntaxError) else own[-1] if own else 1) or 1
        lines = text.splitlines()
        shown = lines[min(line, len(lines)) - 1].strip() if lines else ""
        case.fail(
            "a file that runs",
            f"{type(error).__name__}: {error}, in `{shown}`",
            "Read the message, then the line.",
        )


def staff(name: str, *rights: str, superuser: bool = False) -> Any:
    """One of the staff with these rights, such as "people.change_user"."""
    from django.contrib.auth.models import Permission

    user = model("people.User").objects.create_user(
        name, f"{name}@ticker.example", PASSWORD, is_staff=True, is_superuser=superuser
    )
    for right in rights:
        app, codename = right.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


class Office(Visitor):
    """The site behind a real web server, and browsers of its staff."""

    def __enter__(self) -> Office:
        super().__enter__()
        self._browsers: list[Browser] = []
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for browser in self._browsers:
            browser.close()
        super().__exit__(kind, error, where)

    @property
    def url(self) -> str:
        """Where the site is."""
        return self._server.url

    def browser(self, user: Any = None) -> Browser:
        """A browser; of somebody who is logged in, if there is one."""
        from django.conf import settings
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        browser = Browser(self.url)
        self._browsers.append(browser)
        if user is not None:  # as the login does it, without a password to hash
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.create()
            browser.session.cookies.set(settings.SESSION_COOKIE_NAME, session.session_key or "")
        return browser


class Queries:
    """Counts what any thread asks the database while its block runs."""

    def __enter__(self) -> Queries:
        from django.db.backends.utils import CursorWrapper

        self.asked: list[str] = []
        original = self._original = CursorWrapper.execute

        def execute(cursor: Any, sql: str, params: Any = None) -> Any:
            self.asked.append(sql)
            return original(cursor, sql, params)

        CursorWrapper.execute = execute  # type: ignore[method-assign,assignment]
        return self

    def __exit__(self, *_: Any) -> None:
        from django.db.backends.utils import CursorWrapper

        CursorWrapper.execute = self._original  # type: ignore[method-assign]

    def __len__(self) -> int:
        return len(self.asked)


def alert(user: Any, stock: Any, limit: str = "300", **more: Any) -> Any:
    """An alert of somebody's."""
    return model("people.Alert").objects.create(
        user=user, stock=stock, limit_price=limit, **{"side": "below", **more}
    )


def share(ticker: str) -> Any:
    """A share."""
    return model("shares.Stock").objects.get(ticker=ticker)


def fresh(obj: Any) -> Any:
    """The row as it is now; None if it is gone."""
    return type(obj).objects.filter(pk=obj.pk).first()


Words = Mapping[str, str]
