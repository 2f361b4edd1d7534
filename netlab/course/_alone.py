"""Starts the command it is given in a network that has nothing but `lo`: `python -m netlab.course._alone command`.

The command becomes this process, so that signals reach it. A system that forbids such a network runs it as it is; in
CI that is an error.
"""

from __future__ import annotations

import os
import sys

from netlab.wire import _netns


def main() -> None:
    """Leave the machine's network and become the command."""
    try:
        _netns.enter_namespaces()
        _netns.bring_up_loopback()
    except OSError:
        if os.environ.get("CI"):
            raise
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606


if __name__ == "__main__":
    main()
