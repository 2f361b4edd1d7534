"""The exercises as the notebooks have them, and an examiner that checks answers to them."""

from __future__ import annotations

import ast
import importlib
import json
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netlab.course import catalogue
from netlab.exercises import check, child
from netlab.exercises.report import Report
from netlab.paths import lessons_dir
from tests.garbage import look_seldom

SOLUTION = "answer_0.py"
# The share of its time after which a check ends an endless loop: sooner than a student's. No solution needs half of it.
COMPUTING = 0.2
# What the checks of a lesson import as they need it: once here, instead of anew in each of the forked copies.
DJANGO = (
    "django.conf.locale.en.formats",
    "django.contrib.admin.options",
    "django.contrib.admin.sites",
    "django.contrib.admin.templatetags.admin_list",
    "django.contrib.admin.templatetags.admin_modify",
    "django.contrib.admin.templatetags.base",
    "django.contrib.admin.templatetags.log",
    "django.contrib.admin.views.autocomplete",
    "django.contrib.admin.views.main",
    "django.contrib.auth.hashers",
    "django.contrib.auth.password_validation",
    "django.contrib.auth.tokens",
    "django.contrib.messages.middleware",
    "django.contrib.messages.storage.fallback",
    "django.contrib.sessions.backends.db",
    "django.contrib.sessions.middleware",
    "django.contrib.staticfiles.finders",
    "django.contrib.staticfiles.storage",
    "django.core.handlers.wsgi",
    "django.core.management",
    "django.core.servers.basehttp",
    "django.core.wsgi",
    "django.db.backends.sqlite3.base",
    "django.db.migrations",
    "django.db.models",
    "django.db.models.sql.compiler",
    "django.middleware.clickjacking",
    "django.middleware.common",
    "django.middleware.locale",
    "django.middleware.security",
    "django.template.backends.django",
    "django.template.backends.jinja2",
    "django.template.defaulttags",
    "django.template.loader_tags",
    "django.template.loaders.app_directories",
    "django.template.loaders.cached",
    "django.templatetags.cache",
    "django.templatetags.l10n",
    "django.templatetags.tz",
    "django.test",
    "django.views.debug",
    "django.views.i18n",
)
WARM = {
    "06": ("dns.query",),
    "08": ("anyio", "httpcore", "httpx"),
    "09": ("OpenSSL.SSL", "netlab.servers.ftp"),
    "11": ("anyio", "httpcore", "httpx", "netlab.prices", "netlab.servers.web", "pandas", "trustme"),
    "17": DJANGO,
    "18": DJANGO,
    "19": ("matplotlib.pyplot", "netlab.prices", "pandas", "requests"),
    "20": (
        "alembic.command",
        "apscheduler.schedulers.background",
        "apscheduler.triggers.interval",
        "dns.query",
        "flask_smorest",
        "matplotlib.pyplot",
        "netlab.apps.capstone.system",
        "netlab.apps.capstone.troubles",
        "netlab.prices",
        "netlab.servers.ftp",
        "netlab.servers.quotes",
        "netlab.servers.udp",
        "pandas",
    ),
}


@dataclass(frozen=True)
class Task:
    """One exercise as its notebook has it."""

    name: str
    lesson: catalogue.Lesson
    stub: str
    arguments: tuple[str, ...]
    points: float

    @property
    def solution(self) -> Path:
        return lessons_dir() / "solutions" / f"{self.lesson.name}.py"


def _tasks() -> Iterator[Task]:
    for lesson in catalogue.load():
        imports, stubs = "", {}
        for cell in json.loads(lesson.path.read_bytes())["cells"]:
            source, metadata = "".join(cell["source"]), cell["metadata"]
            if cell["cell_type"] != "code":
                continue
            name = metadata.get("netlab", {}).get("exercise")
            if "exercise" in metadata.get("tags", ()):
                stubs[name] = imports + source
            elif "check" in metadata.get("tags", ()):
                call = ast.parse(source, mode="eval").body
                assert isinstance(call, ast.Call), f"{name}: the check cell is one call of check()"
                arguments = tuple(ast.unparse(each) for each in call.args[1:])
                yield Task(name, lesson, stubs[name], arguments, metadata["nbgrader"]["points"])
            imports += imports_of(source)


def imports_of(source: str) -> str:
    """The import statements of a source, a line each; none of a cell with a magic command."""
    try:
        nodes = ast.parse(source).body
    except SyntaxError:
        return ""
    return "".join(
        f"{ast.unparse(node)}\n" for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))
    )


def tasks() -> dict[str, Task]:
    """The exercises of all lessons; a stub comes with the imports that stand in the cells before it."""
    return {task.name: task for task in _tasks()}


def define(source: str, path: Path, names: dict[str, Any]) -> dict[str, Any]:
    """Run source as if it were in a file of its own, so that reports can show its lines."""
    path.write_text(source, encoding="utf-8")
    exec(compile(source, str(path), "exec"), names)
    return names


def check_with(task: Task, names: dict[str, Any]) -> Report:
    return check(task.name, *(eval(argument, names) for argument in task.arguments))


class Examiner:
    """Checks answers in a process of its own for each lesson.

    A check forks the process that it is called in: of the one that has collected thousands of tests, that takes longer
    than most checks.
    """

    def __init__(self) -> None:
        self._lesson = ""
        self._process: ProcessPoolExecutor | None = None

    def examine(self, task: Task, answers: Sequence[str], folder: Path) -> tuple[str, str]:
        """Check what the last of some sources defines, or one before it, and return the report's state and text."""
        if self._process is None or self._lesson != task.lesson.id:
            self.close()
            self._lesson = task.lesson.id
            self._process = ProcessPoolExecutor(
                1, multiprocessing.get_context("spawn"), _begin, [WARM.get(self._lesson, ())]
            )
        return self._process.submit(_examine, task, answers, folder).result()

    def close(self) -> None:
        if self._process is not None:
            self._process.shutdown()
        self._process = None


def _begin(modules: Sequence[str]) -> None:
    os.environ["NETLAB_STRICT"] = "1"
    child.COMPUTING = COMPUTING
    for name in modules:
        importlib.import_module(name)
    look_seldom()


def _examine(task: Task, answers: Sequence[str], folder: Path) -> tuple[str, str]:
    os.chdir(folder)
    names: dict[str, Any] = {}
    for number, source in enumerate(answers):
        define(source, folder / f"answer_{number}.py", names)
    report = check_with(task, names)
    return report.state, repr(report)
