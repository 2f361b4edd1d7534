"""A lesson that is taken in several sittings goes on in a fresh kernel, from its imports and what it names."""

from __future__ import annotations

import ast
import builtins
import json

import pytest

from netlab.paths import lessons_dir

SITTINGS = [  # lesson, first cell, and cells before it that the student is told to run again
    ("06_dns", "walk", "zone", "ask"),
    ("07_http", "methods", "exchange"),
    ("07_http", "redirects", "exchange"),
    ("07_http", "newer", "exchange"),
    ("08_visit_a_website", "time", "world", "look-up"),
    ("08_visit_a_website", "crawler", "world", "look-up", "robots", "rules"),
    ("09_ftp", "ftplib", "files", "server"),
    ("09_ftp", "types", "files", "server", "logged-in"),
    ("12_encryption", "feed"),
    ("12_encryption", "certificates", "ask"),
    ("12_encryption", "https", "ask", "contexts"),
    ("10_email", "submit", "people"),
    ("10_email", "pop", "people", "plain", "chart", "parts", "10-build-code", "10-send-code"),
    ("11_sms_and_web_apis", "secrets", "environment", "call"),
    ("11_sms_and_web_apis", "webhooks", "environment", "call", "clock"),
    ("13_web_frameworks", "routes"),
    ("13_web_frameworks", "templates"),
    ("14_flask", "models"),
    ("14_flask", "login"),
    ("15_deployment", "nginx", "web", "web-pages"),
    ("15_deployment", "settings"),
    ("15_deployment", "health-intro", "ticker"),
    ("15_deployment", "release", "web", "web-pages", "site"),
    ("15_deployment", "jobs", "web", "web-pages", "site", "ticker"),
    ("17_django", "questions"),
    ("17_django", "pages"),
    ("17_django", "care"),
    ("16_web_security", "sessions"),
    ("16_web_security", "csrf"),
    ("16_web_security", "tokens"),
    ("16_web_security", "second"),
    ("16_web_security", "logs"),
    ("18_django_admin", "forms", "project"),
    ("18_django_admin", "roles", "project"),
    ("18_django_admin", "front", "project"),
]


def bound(tree: ast.AST) -> set[str]:
    """The names that a cell gives a value, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names |= {(alias.asname or alias.name).partition(".")[0] for alias in aliases}
            case ast.ExceptHandler(name=str(name)):
                names.add(name)
    return names


def used(tree: ast.AST) -> set[str]:
    """The names that a cell needs a value of."""
    return {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


@pytest.mark.parametrize("sitting", SITTINGS, ids="-".join)
def test_a_sitting_uses_no_name_of_the_one_before(sitting: tuple[str, ...]) -> None:
    lesson, first, *again = sitting
    cells = json.loads((lessons_dir() / f"{lesson}.ipynb").read_bytes())["cells"]
    ids = [cell["id"] for cell in cells]
    assert {first, *again} <= set(ids)
    starts = sorted(ids.index(each[1]) for each in SITTINGS if each[0] == lesson)
    here = range(ids.index(first), next((start for start in starts if start > ids.index(first)), len(ids)))
    known, missing = {*dir(builtins), "display"}, {}
    for place, cell in enumerate(cells):
        of_this_sitting = place in here
        told = cell["id"].startswith("imports") or cell["id"] in again
        if cell["cell_type"] != "code" or not (of_this_sitting or told):
            continue
        tree = ast.parse("".join(cell["source"]))
        known |= bound(tree)
        if unknown := used(tree) - known:
            missing[cell["id"]] = unknown
    assert missing == {}
