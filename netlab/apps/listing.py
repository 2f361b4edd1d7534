"""A file of Ticker's shown in a notebook, folded up, so that nobody reads a solution by accident."""

from __future__ import annotations

import html
import inspect
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from netlab.svg import MONO

STYLE = f"font-family:{MONO};white-space:pre;overflow-x:auto;margin:6px 0 0 14px"


@dataclass(frozen=True)
class Listing:
    """A whole file; in a notebook a click on its name opens it.

    Attributes:
        name: of the file.
        source: what is in it.
    """

    name: str
    source: str = field(repr=False)

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return len(self.source.splitlines())

    def __repr__(self) -> str:
        return f"{self.name}, {self.lines} lines"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        summary = f"<summary><code>{html.escape(self.name)}</code>, {self.lines} lines</summary>"
        body = f'<pre style="{STYLE}">{html.escape(self.source)}</pre>'
        return {"text/html": f"<details>{summary}{body}</details>", "text/plain": repr(self)}


def show_file(module: ModuleType) -> Listing:
    """The file of a module, to be opened by a click."""
    path = Path(inspect.getfile(module))
    return Listing(path.name, path.read_text(encoding="utf-8"))
