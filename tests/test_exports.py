from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import netlab

ROOT = Path(__file__).parents[1]
HEAVY = [
    "IPython",
    "asyncio",
    "cryptography",
    "django",
    "matplotlib",
    "nbformat",
    "numpy",
    "pandas",
    "plotly",
    "rich",
    "typer",
]
DELIBERATE = {"check", "course_map", "doctor", "hint", "load_prices", "progress", "quiz"}
PACKAGES = [
    "netlab",
    "netlab.apps.backoffice",
    "netlab.apps.capstone",
    "netlab.apps.ticker",
    "netlab.apps.weak",
    "netlab.charts",
    "netlab.deploy",
    "netlab.exercises",
    "netlab.http",
    "netlab.lan",
    "netlab.servers",
    "netlab.wire",
]


def public(package):
    return [name for name in package.__all__ if not name.startswith("__")]


def test_every_name_at_the_top_is_deliberate():
    assert set(public(netlab)) == DELIBERATE


@pytest.mark.parametrize("name", PACKAGES)
def test_every_export_can_be_imported_and_has_a_docstring(name):
    package = importlib.import_module(name)
    for export in public(package):
        value = getattr(package, export)
        if callable(value):
            assert inspect.getdoc(value), f"{name}.{export}"
        assert not inspect.ismodule(value), f"{name}.{export} is a module of the same name, not what is in it"


@pytest.mark.parametrize("name", PACKAGES)
def test_completion_shows_the_exports(name):
    package = importlib.import_module(name)
    assert set(public(package)) <= set(dir(package))


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'netlab' has no attribute 'chekc'"):
        netlab.chekc  # noqa: B018


def test_import_netlab_imports_nothing_heavy():
    script = f"import sys, netlab; sys.exit(' '.join(set({HEAVY}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.stderr.strip() == ""


def test_the_version_is_told_the_same_everywhere():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == netlab.__version__
