"""The files of the weak site, for a notebook."""

from __future__ import annotations

import importlib
from pathlib import Path

from netlab.apps.listing import Listing, show_file
from netlab.errors import OptionError


def show_idea(name: str) -> Listing:
    """The file of an idea, weak way and mended way, to be opened by a click.

    Args:
        name: such as "search"; any file of `netlab.apps.weak`.

    Raises:
        OptionError: when there is no such file.
    """
    known = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    if name not in known:
        raise OptionError(f"There is no file {name!r}. There are: {', '.join(known)}.")
    return show_file(importlib.import_module(f"netlab.apps.weak.{name}"))
