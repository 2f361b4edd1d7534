"""Where to go next, and never to somebody else's site."""

from __future__ import annotations

import re

from flask import request, url_for

# A path of ours: one slash, then neither a slash nor what browsers take for one, and nothing invisible.
_OURS = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def here() -> str:
    """The path and query of this request, without the prefix of a proxy."""
    return request.full_path if request.query_string else request.path


def is_ours(target: str) -> bool:
    """Whether a target is a path on this site, such as `/watchlist/`."""
    return _OURS.fullmatch(target) is not None


def next_page(default: str) -> str:
    """Where the form or the link wanted to go on to, if that is on this site.

    Args:
        default: the endpoint to go to otherwise.
    """
    target = request.values.get("next", "")
    return request.script_root + target if is_ours(target) else url_for(default)
