"""The exercises of lesson 08 on what a crawler follows: addresses of pages, and the rules of a site."""

from __future__ import annotations

from collections.abc import Callable

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

Errors = dict[type[BaseException], str]
BASE = "http://www.ticker.example/news/apple"


@exercise(
    "08-links",
    title="Where does a link lead?",
    objective="08-o4",
    points=3,
    hints=(
        "`urljoin(base, href)` makes it absolute; `urldefrag(url).url` takes the fragment away.",
        "Compare `urlsplit(url)` with `urlsplit(base)`: the scheme, and `netloc.lower()`, which is host and port.",
        "`urlunsplit((scheme, netloc, path, query, fragment))` puts five parts together; the path is `parts.path or '/'`.",
        'The query is `parts.query.split("&")`: leave out what begins with `session=`, and join the rest.',
        "`urljoin` and `urlsplit` raise ValueError for what is no URL at all: return None.",
    ),
    passed="One page has one address now, and your crawler stays at home.",
)
def links(t: Trial, clean: Callable[[str, str], str | None]) -> None:
    """Absolute addresses, one for each page."""
    home = "http://www.ticker.example"
    apart = "That leads away from the site: compare scheme, host and port, and return None."
    port = "The port belongs to the origin: there may be quite another server. `netloc` has it, `hostname` has not."
    scheme = "The scheme belongs to the origin: compare it as well, and return None."
    session = "Only a parameter whose name is `session` goes, all of the name: `sessions` and `mysession` are others."
    cases: list[tuple[str, str, str | None, Wrong, str]] = [
        ("a path", "/about", f"{home}/about", [("/about", "That is no URL yet: `urljoin(base, href)`.")], ""),
        (
            "relative to the page",
            "google",
            f"{home}/news/google",
            [(f"{home}/google", "Relative to the page's folder, not to the root: `urljoin` knows.")],
            "",
        ),
        ("one folder up", "../archive/2013-03-01", f"{home}/archive/2013-03-01", [], "`urljoin` resolves `..`."),
        (
            "a place on a page",
            "/about#robots",
            f"{home}/about",
            [(f"{home}/about#robots", "The same page: the fragment is never sent. `urldefrag` takes it away.")],
            "",
        ),
        ("a query", "?page=2", f"{BASE}?page=2", [(BASE, "A query belongs to the address: it is another page.")], ""),
        ("mail", "mailto:staff@ticker.example", None, [], "Mail is no page: only http and https are fetched."),
        ("a script", "javascript:void(0)", None, [], "That is a program, no page: return None."),
        ("another host", "http://exchange.example/", None, [], apart),
        ("the same host in words only", "http://www.ticker.example@evil.example/", None, [], "What stands before `@` is a user's name; the host is evil.example. Compare parts, not beginnings of text."),
        ("without a scheme", "//exchange.example/x", None, [], apart),
        ("another port", "http://www.ticker.example:8080/about", None, [], port),
        ("another scheme", "https://www.ticker.example/about", None, [], scheme),
        ("capitals", "HTTP://WWW.Ticker.Example/About", f"{home}/About", [(f"{home}/about", "Capitals do not count in scheme and host, but they do in the path."), (None, "Capitals do not count in a host's name.")], "Scheme and host in lower case."),
        ("the host alone", home, f"{home}/", [(home, "Without a path and with `/` it is the same page: choose one of them.")], ""),
        ("a session in the query", "/quotes?session=a1&day=5", f"{home}/quotes?day=5", [], "`session=` only says who asks. With it each visit would find new addresses, for ever."),
        ("nothing but a session", "/?session=a1", f"{home}/", [(f"{home}/?", "When nothing is left of the query, the `?` goes as well.")], "`session=` only says who asks: leave it out."),
        ("names that only hold the word", "/quotes?sessions=1&mysession=2&day=5", f"{home}/quotes?sessions=1&mysession=2&day=5", [], session),
        ("no URL at all", "http://[www", None, [], "Return None for what is no URL."),
    ]  # fmt: skip
    errors: Errors = {
        ValueError: "Pages are full of mistakes: what `urljoin` cannot read is no link. Return None."
    }
    for name, href, right, wrong, advice in cases:
        with t.case(f"{name}: {href}", errors) as case:
            case.expect(clean(f"{BASE}#top", href), right, wrong, advice=advice)


RULES = """User-agent: *
Disallow: /private/
Disallow: /archive/

User-agent: netlab-crawler
Disallow: /private/

User-agent: greedy-bot
Disallow: /
"""
PAGE_404 = "<!DOCTYPE html><title>Not found</title><p>There is no such page.</p>"


@exercise(
    "08-robots",
    title="May I?",
    objective="08-o4",
    points=2,
    hints=(
        "Only a 200 has rules in it. Look at the status first.",
        "4xx: there are no rules, so everything is allowed. 5xx: nobody knows the rules, so nothing is.",
        "`rules = RobotFileParser()`, `rules.parse(text.splitlines())`, `rules.can_fetch(agent, url)`.",
    ),
    passed="You keep to the rules, and know what to do where there are none.",
)
def robots(t: Trial, may_fetch: Callable[[int, str, str, str], bool]) -> None:
    """RFC 9309: rules, no rules, and rules that cannot be read."""
    site = "http://www.ticker.example"
    me = "netlab-crawler"
    order = "`can_fetch(agent, url)`: who, then what."
    lines = "`parse` takes a list of lines: `text.splitlines()`."
    cases: list[tuple[str, int, str, str, str, bool, str]] = [
        ("a page that nobody minds", 200, RULES, me, "/about", True, "For netlab-crawler only /private/ is forbidden; `Disallow: /` is said to greedy-bot."),
        ("a private page", 200, RULES, me, "/private/", False, f"The rules forbid it. If you use `RobotFileParser`: {lines} {order}"),
        ("the archive", 200, RULES, me, "/archive/2013-03-01", True, "There is a group for netlab-crawler: it counts instead of the one for everybody, not in addition."),
        ("the archive, for somebody else", 200, RULES, "other-crawler", "/archive/2013-03-01", False, "Who has no group of their own keeps to the one for `*`: hand on the name you were given."),
        ("a robot that is not welcome", 200, RULES, "greedy-bot", "/about", False, "`Disallow: /` is everything."),
        ("no robots.txt", 404, PAGE_404, me, "/private/", True, "404: the site has made no rules, so there is nothing to keep to."),
        ("robots.txt behind a login", 403, "User-agent: *\nDisallow: /", me, "/about", True, "RFC 9309, section 2.3.1.3: any 4xx counts as *there are no rules*. What came with it is an error page."),
        ("a server with a bad day", 503, "", me, "/about", False, "There may be rules, and nobody can read them now: RFC 9309 says that everything is forbidden then."),
        ("a proxy with a bad day", 502, "User-agent: *\nAllow: /", me, "/about", False, "All of 5xx: nobody can read the rules now."),
        ("an empty robots.txt", 200, "", me, "/about", True, "No rule, nothing forbidden."),
    ]  # fmt: skip
    errors: Errors = {AttributeError: lines, TypeError: lines}
    for name, status, text, agent, path, right, advice in cases:
        with t.case(name, errors) as case:
            case.expect(may_fetch(status, text, agent, site + path), right, advice=advice)
