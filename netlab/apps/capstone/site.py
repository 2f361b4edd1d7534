"""The Flask site as a WSGI server loads it: Ticker, and the files that were added to it (lessons 14 and 15).

An added file is a module with a blueprint `pages`. Before a release it is loaded here, into a site of its own: what
cannot be loaded never reaches the server.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint, Flask

from netlab.apps.ticker.app import create_app
from netlab.apps.ticker.config import Config
from netlab.errors import OptionError

FOLDER = "added"
MODULE = """\
from pathlib import Path

from netlab.apps.capstone.site import make_site

app = make_site(Path(__file__).parent / "added")
"""


class ReleaseError(OptionError):
    """A file that must not be released, and why."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


def make_site(folder: Path, config: Config | None = None) -> Flask:
    """Ticker with all files of a folder."""
    return with_added(create_app(config), read_added(folder))


def read_added(folder: Path) -> dict[str, str]:
    """The files of a folder by their names."""
    if not folder.is_dir():
        return {}
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}


def with_added(app: Flask, files: Mapping[str, str]) -> Flask:
    """Register the blueprint of each file.

    Raises:
        ReleaseError: for a file that cannot be loaded, or has no blueprint.
    """
    for name, source in files.items():
        app.register_blueprint(load(name, source))
    return app


def load(name: str, source: str) -> Blueprint:
    """The blueprint `pages` of a file.

    Raises:
        ReleaseError: when it has none, or cannot be loaded.
    """
    module = types.ModuleType(f"added_{Path(name).stem}")
    module.__file__ = name
    sys.modules[module.__name__] = module  # a dataclass, for example, looks itself up there
    try:
        exec(compile(source, name, "exec"), vars(module))  # noqa: S102 - the student's own file
    except SyntaxError as error:
        raise ReleaseError(f"{name}, line {error.lineno}: {error.msg}.") from error
    except Exception as error:
        raise ReleaseError(f"{name} cannot be loaded: {type(error).__name__}: {error}.") from error
    pages = getattr(module, "pages", None)
    if not isinstance(pages, Blueprint):
        raise ReleaseError(f'{name} has no blueprint: begin with `pages = Blueprint("movers", __name__)`.')
    return pages
