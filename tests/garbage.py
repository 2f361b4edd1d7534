"""When Python looks for garbage, in the tests and in the processes that check answers."""

from __future__ import annotations

import gc


def look_seldom() -> None:
    """Look for garbage more seldom from now on, and never in what is there already, here and in what is forked.

    Pages, charts and queries are made of many small objects: a tenth of the time goes into looking through them.
    """
    gc.set_threshold(50_000, 20, 50)
    gc.freeze()
