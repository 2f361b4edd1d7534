"""Importing nbformat without what costs three quarters of a second and is not used.

nbformat validates with jsonschema, which imports `rfc3987_syntax` if it is there and has it compile a grammar of
internationalized addresses. No notebook holds a field of that format.
"""

from __future__ import annotations

import sys


def import_nbformat_quickly() -> None:
    """Import nbformat; `rfc3987_syntax` looks as if it were not installed while jsonschema is imported."""
    if "jsonschema" not in sys.modules:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
        import nbformat  # noqa: F401

        del sys.modules["rfc3987_syntax"]
