"""Which path fits which pattern, and the parameters in it."""

from __future__ import annotations

LONGEST_NUMBER = 9  # digits


def match(pattern: str, path: str) -> dict[str, str | int] | None:
    """The parameters of a path that fits "/quotes/<ticker>/<int:days>"; None if it does not fit."""
    wanted, came = pattern.split("/"), path.split("/")
    if len(wanted) != len(came):
        return None
    found: dict[str, str | int] = {}
    for part, value in zip(wanted, came, strict=True):
        if not part.startswith("<"):
            if part != value:
                return None
            continue
        kind, _, name = part.strip("<>").rpartition(":")
        if kind == "int":
            if not (value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER):
                return None
            found[name] = int(value)
        elif value:
            found[name] = value
        else:
            return None
    return found
