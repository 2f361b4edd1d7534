"""A Matplotlib figure as a picture with a text alternative, for a notebook or a deck."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netlab.errors import OptionError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 110


@dataclass(frozen=True)
class Picture:
    """A PNG and what it shows in words.

    Attributes:
        alt: the text alternative.
        png: the file's bytes.
    """

    alt: str
    png: bytes = field(repr=False)

    def save(self, path: str | Path) -> Path:
        """Write the PNG to a file and return its path."""
        path = Path(path)
        path.write_bytes(self.png)
        return path

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        image = base64.b64encode(self.png).decode("ascii")
        return {"image/png": image, "text/plain": self.alt}, {"image/png": {"alt": self.alt}}


def picture(figure: Figure, alt: str) -> Picture:
    """Render a figure and close it, so that a notebook shows it once and with its text alternative.

    Args:
        figure: any Matplotlib figure.
        alt: what it shows, in a sentence or two, for whoever cannot see it.

    Raises:
        OptionError: when the text alternative is missing.
    """
    import matplotlib.pyplot as plt

    if not alt.strip():
        raise OptionError("A picture needs a text alternative: say in a sentence what it shows.")
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
    return Picture(alt, file.getvalue())
