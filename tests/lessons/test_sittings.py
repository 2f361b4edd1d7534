"""A lesson that is taken in several sittings goes on in a fresh kernel, from its imports alone."""

from __future__ import annotations

import ast
import builtins
import json

import pytest

from netlab.paths import lessons_dir

SITTINGS = [  # lesson, first cell
    ("13_web_frameworks", "routes"),
    ("13_web_frameworks", "templates"),
    ("14_flask", "models"),
    ("14_flask", "login"),
    ("17_django", "questions"),
    ("17_django", "pages"),
    ("17_django", "care"),
    ("16_web_security", "sessions"),
    ("16_web_security", "csrf"),
    ("16_web_security", "tokens"),
    ("16_web_security", "second"),
    ("16_web_security", "logs"),
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


@pytest.mark.parametrize(("lesson", "first"), SITTINGS)
def test_a_sitting_uses_no_name_of_the_one_before(lesson: str, first: str) -> None:
    cells = json.loads((lessons_dir() / f"{lesson}.ipynb").read_bytes())["cells"]
    ids = [cell["id"] for cell in cells]
    assert first in ids
    known, missing = set(dir(builtins)), {}
    for place, cell in enumerate(cells):
        of_this_sitting = place >= ids.index(first)
        if cell["cell_type"] != "code" or not (of_this_sitting or cell["id"].startswith("imports")):
            continue
        tree = ast.parse("".join(cell["source"]))
        known |= bound(tree)
        if unknown := used(tree) - known:
            missing[cell["id"]] = unknown
    assert missing == {}
