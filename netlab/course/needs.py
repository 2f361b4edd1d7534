"""Cells that show a program of the system, such as nginx: where there is none, they are not compared.

The course itself needs Python and make. A cell that shows more says so in its metadata, `"needs": "nginx"` in `netlab`:
a machine without it says so and goes on, and CI, where everything is installed, compares every cell.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any


def missing(metadata: Mapping[str, Any]) -> str:
    """The program that a cell needs and that is not on this machine, or "".

    Args:
        metadata: of the cell.
    """
    name = str(metadata.get("netlab", {}).get("needs", ""))
    if not name or os.environ.get("CI"):
        return ""
    from netlab.deploy.program import which

    return "" if which(name) else name
