"""Ticker's first web site: real prices, links to follow, and all that a client has to cope with.

| path | what is there |
|---|---|
| `/`, `/about`, `/news/`, `/news/…` | pages |
| `/quotes/AAPL` | a share, as HTML or, for who accepts it rather, as JSON |
| `/api/quotes`, `/api/quotes/AAPL` | JSON |
| `/data/AAPL.csv` | all prices of a share; ranges of it can be asked for |
| `/archive/2013-03-01` | the closes of a day, with a link to the day before: thousands of pages |
| `/style.css`, `/logo.svg`, `/charts/AAPL.svg`, `/robots.txt`, `/favicon.ico` | what belongs to the pages |
| `/private/` | what `robots.txt` asks crawlers to leave alone |
| `/old`, `/temp` | redirects: 301, and a chain of two 302 |
| `/visits` | counts your visits in a cookie |
| `/login`, `/account`, `/logout` | a form, a session cookie |
| `/slow?seconds=1` | answers late |
| `/broken`, `/broken-page` | status 500, and a page of bad HTML with dead links |
"""

from __future__ import annotations

from netlab.apps.static_site.site import PASSWORD, USER, ticker_site

__all__ = ["PASSWORD", "USER", "ticker_site"]
