"""A web page inside a notebook: in a frame of its own, whose scripts reach nothing outside of it."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

STYLE = "width:100%;max-width:760px;border:1px solid #bfbfbf;background:#ffffff;color-scheme:light"


@dataclass(frozen=True)
class Page:
    """A page as a browser draws it.

    The frame is sandboxed: scripts run, but the page is a stranger to the notebook around it, and can neither
    read it, nor navigate it, nor send forms.

    Attributes:
        source: HTML, all of the page.
        title: the frame's name, for whoever cannot see it.
        height: of the frame, in CSS pixels.

    Example:
        >>> Page("<h1>Quotes</h1>", title="Quotes")
    """

    source: str
    title: str
    height: int = 220

    def __repr__(self) -> str:
        return f"<Page “{self.title}”, {len(self.source):,} characters of HTML>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        frame = (
            f'<iframe title="{html.escape(self.title)}" sandbox="allow-scripts" loading="eager" '
            f'srcdoc="{html.escape(self.source)}" style="{STYLE};height:{self.height}px"></iframe>'
        )
        return {"text/html": frame, "text/plain": repr(self)}
