"""Ticker's back office, finished: a Django project over Ticker's own tables, run by its staff.

| module | its one idea |
|---|---|
| `settings/`, `config` | `local` needs nothing set, `production` takes every secret from the environment |
| `manage`, `wsgi`, `urls`, `apps` | how Django is started, and where things are |
| `middleware` | cookies, redirects and static files for any prefix, as under jupyter-server-proxy; CSP |
| `models/` | Ticker's tables, which Ticker's migrations make, and a few of ours beside them |
| `migrations/`, `cascade` | our tables, and the roles |
| `staff`, `limits` | roles and their rights, a login that is slow to guess; which account who may touch |
| `site`, `admin/` | what the admin shows and does: lists, forms, actions, the limits kept everywhere |
| `audit`, `exports`, `paging`, `notices` | who did what; CSV that is safe; a million rows; alerts sent at once |
| `dashboard`, `charts` | the front page |
| `seeding`, `demo` | prices from a file; people who do not exist |
| `cli`, `server` | `netlab backoffice`; `BackOffice`, the same from a notebook |

Staff are Django's users, customers are rows of Ticker's: who logs in here can do much, and comes by another door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab._lazy import attach

if TYPE_CHECKING:
    from netlab.apps.backoffice.server import BackOffice as BackOffice

__all__ = ["BackOffice"]

__getattr__, __dir__ = attach(__name__, {"BackOffice": "server"})
