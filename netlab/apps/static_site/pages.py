"""The pages as HTML; whatever comes from a client or from the data is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from netlab.apps.static_site.chart import HEIGHT, WIDTH, chart_words
from netlab.apps.static_site.shares import Share, days, shares

ARTICLES = {
    "apple-splits": (
        "Apple splits its shares, two for one",
        "2005-02-28",
        "Every holder of one share has two of them since today, each worth half. Whoever draws the "
        "prices without knowing it sees a fall that never was: compare the columns Close and Adj Close of "
        '<a href="/data/AAPL.csv">our file</a>. The same happened in <a href="../archive/2000-06-21">2000</a>.',
    ),
    "apple-warning": (
        "Half of Apple's price is gone in a day",
        "2000-09-29",
        "No split this time: the company said that it would earn less than expected, and the price fell from "
        'one close to the next by half. <a href="/archive/2000-09-29">The closes of that day</a>.',
    ),
    "google-begins": (
        "Google's first day",
        "2004-08-19",
        'Trading in Google began today. <a href="/quotes/GOOG#chart">Its price</a> has hardly ever been lower.',
    ),
    "facebook-begins": (
        "Facebook's first day",
        "2012-05-18",
        'Trading in Facebook began today: <a href="/quotes/FB">the youngest share</a> of '
        '<a href="./">our list</a>.',
    ),
}


def page(title: str, main: str) -> str:
    """A whole page around its main part.

    Args:
        title: the heading, as text.
        main: what stands below it, as HTML.
    """
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – Ticker</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/logo.svg" type="image/svg+xml">
</head>
<body>
<header>
<img src="/logo.svg" alt="Ticker" width="40" height="36">
<nav aria-label="Main"><a href="/">Quotes</a> <a href="/news/">News</a> <a href="/about">About</a>
<a href="/login">Log in</a></nav>
</header>
<main>
<h1>{escape(title)}</h1>
{main}
</main>
<footer><p>Daily prices as they were until 2013-03-01.</p></footer>
</body>
</html>
"""


def home() -> str:
    """The front page: all shares, and the chart of the first."""
    table = _prices({ticker: share.closes[-1][1] for ticker, share in shares().items()})
    share = shares()["AAPL"]
    return page("Quotes", f"<p>The last closing prices, of 2013-03-01.</p>\n{table}\n{_figure(share)}")


def about() -> str:
    """What Ticker is."""
    return page(
        "About Ticker",
        """<p>Ticker tells you what a share costs. It is small, and it means no harm.</p>
<ul>
<li>Programs are welcome: <a href="/api/quotes">quotes as JSON</a>, <a href="/robots.txt">rules for crawlers</a>.</li>
<li><a href="/archive/2013-03-01">All days</a>, one page each.</li>
<li><a href="/old">Our old address</a> and <a href="/temp">one for the time being</a> lead to where we are now.</li>
<li><a href="/visits">How often have you been here?</a></li>
<li>Pages with manners of their own: <a href="/slow?seconds=1">a slow one</a>,
<a href="/broken">one with an error</a>, <a href="/broken-page">one that nobody checked</a>.</li>
<li><a href="/private/">For the staff</a>; elsewhere: <a href="http://exchange.example/">the exchange</a>,
<a href="mailto:staff@ticker.example">mail to us</a>.</li>
</ul>""",
    )


def quote(share: Share) -> str:
    """The page of a share."""
    day, close = share.closes[-1]
    return page(
        f"{share.name} ({share.ticker})",
        f"""<p>Closed on <time datetime="{day}">{day}</time> at <strong>{close:.2f}</strong> US dollars.</p>
{_figure(share)}
<p><a href="/data/{share.ticker}.csv">All {len(share.rows):,} days as CSV</a>,
<a href="/api/quotes/{share.ticker}">this quote as JSON</a>, <a href="/archive/{day}">all shares on that day</a>,
<a href="/quotes/{_next(share.ticker)}">the next share</a>.</p>""",
    )


def news() -> str:
    """The list of articles, the newest first."""
    newest_first = sorted(ARTICLES.items(), key=lambda item: item[1][1], reverse=True)
    items = (
        f'<li><a href="{name}">{escape(title)}</a>, <time datetime="{day}">{day}</time></li>'
        for name, (title, day, _) in newest_first
    )
    return page("News", "<ul>\n" + "\n".join(items) + "\n</ul>")


def article(name: str) -> str:
    """One article; its text is HTML of our own."""
    title, day, text = ARTICLES[name]
    return page(title, f'<p><time datetime="{day}">{day}</time></p>\n<p>{text}</p>')


def archive(day: str) -> str:
    """The closes of a trading day, and the ways to the days around it."""
    known = list(days())
    place = known.index(day)
    links = [
        f'<a href="/archive/{known[other]}">{words}</a>'
        for other, words in ((place - 1, "The trading day before"), (place + 1, "the one after"))
        if 0 <= other < len(known)
    ]
    return page(f"Closing prices of {day}", f"{_prices(days()[day])}\n<p>{', '.join(links)}.</p>")


def login(message: str = "") -> str:
    """The form, with what went wrong the last time."""
    alert = f'<p role="alert">{escape(message)}</p>\n' if message else ""
    return page(
        "Log in",
        f"""{alert}<form method="post" action="/login">
<label>Name <input name="name" autocomplete="username" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in</button>
</form>""",
    )


def account(name: str) -> str:
    """What only who has logged in can see."""
    return page(
        "Your account",
        f"<p>You are logged in as {escape(name)}.</p>\n"
        '<form method="post" action="/logout"><button>Log out</button></form>',
    )


def private() -> str:
    """What crawlers are asked to leave alone, though nothing stops them."""
    return page("For the staff", "<p>The coffee machine is broken again. There is nothing else here.</p>")


def visits(number: int) -> str:
    """How often this client has been here."""
    return page("Your visits", f"<p>You have been here {number} time{'s' if number > 1 else ''}.</p>")


def slow(seconds: float) -> str:
    """A page that took its time."""
    return page("A slow page", f"<p>This took {seconds:g} s. The others are faster.</p>")


def error(title: str, sentence: str) -> str:
    """A page for what went wrong."""
    return page(title, f'<p>{escape(sentence)} <a href="/">To the front page</a>.</p>')


def _prices(prices: Mapping[str, float]) -> str:
    rows = "\n".join(
        f'<tr><td><a href="/quotes/{ticker}">{ticker}</a></td><td class="number">{price:.2f}</td></tr>'
        for ticker, price in sorted(prices.items())
    )
    return (
        '<table>\n<tr><th scope="col">Share</th><th scope="col" class="number">US dollars</th></tr>\n'
        f"{rows}\n</table>"
    )


def _figure(share: Share) -> str:
    words = escape(chart_words(share))
    return (
        f'<img id="chart" src="/charts/{share.ticker}.svg" alt="{words}" width="{WIDTH}" height="{HEIGHT}">'
    )


def _next(ticker: str) -> str:
    tickers = list(shares())
    return tickers[(tickers.index(ticker) + 1) % len(tickers)]
