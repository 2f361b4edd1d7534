"""What a machine that serves Ticker needs, as whole files: none of them is run by the course except to be tested."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from netlab.errors import OptionError

if TYPE_CHECKING:
    from netlab.apps.listing import Listing

FOLDER = Path(__file__).parent
# Where each of them belongs on Debian.
FILES = {
    "ticker.nginx": "/etc/nginx/sites-available/ticker",
    "gunicorn.conf": "/etc/ticker/gunicorn.conf.py",
    "ticker.env": "/etc/ticker/ticker.env",
    "ticker.service": "/etc/systemd/system/ticker.service",
    "ticker-jobs.service": "/etc/systemd/system/ticker-jobs.service",
    "Containerfile": "Containerfile",
}


def deployment_file(name: str) -> Listing:
    """One of the files, to be opened by a click; its text is `.source`.

    Raises:
        OptionError: when there is none of that name.
    """
    from netlab.apps.listing import Listing

    if name not in FILES:
        raise OptionError(f"There is no file {name!r}; there are {', '.join(FILES)}.")
    return Listing(FILES[name], (FOLDER / name).read_text(encoding="utf-8"))
