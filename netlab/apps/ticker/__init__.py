"""Ticker, finished: a site with share prices, charts, watch-lists and alerts, on Flask and SQLAlchemy.

| module | its one idea |
|---|---|
| `app` | `create_app()` puts the site together; the table of its blueprints |
| `config` | `Config`, the settings, read from `TICKER_…` in the environment |
| `database`, `models`, `columns`, `migrations/` | SQLite or PostgreSQL by one URL; the tables and how they came to be |
| `importer` | prices from a CSV file, again and again with the same result |
| `context`, `pages`, `words` | what a request and its page have at hand; how figures are written |
| `errors`, `security`, `navigation` | pages for what goes wrong; headers, cookies, tokens; where to go next |
| `passwords`, `logins` | Argon2id; who is logged in, and how guessing is slowed |
| `letters`, `links` | mails with a link that works once, and what it opens: an account, an address, a password |
| `shares`, `charts` | what is asked of the prices; the picture, drawn here and by `static/chart.js` |
| `jobs`, `notifications`, `suspensions`, `news` | what is done regularly; alerts that are met, or wait; what is said |
| `outbox`, `senders` | each mail and each SMS on its way once, whoever dies in between |
| `quotes`, `accounts`, `watchlist`, `alerts`, `forms` | the parts of the site, and their forms |

Without a mail server (`TICKER_SMTP_HOST`) the site can be used all the same: an account is made at once, its address
stays unconfirmed, and `netlab ticker reset-link` makes the link that would come by mail. That is for one's own machine:
a sign-up there tells whether an address has an account.

From a notebook: `with WebServer(create_app()) as server:`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab._lazy import attach

if TYPE_CHECKING:
    from netlab.apps.ticker.app import create_app as create_app
    from netlab.apps.ticker.config import Config as Config
    from netlab.apps.ticker.database import Database as Database
    from netlab.apps.ticker.importer import import_prices as import_prices

__all__ = ["Config", "Database", "create_app", "import_prices"]

__getattr__, __dir__ = attach(
    __name__,
    {"Config": "config", "Database": "database", "create_app": "app", "import_prices": "importer"},
)
