"""The exercises of lesson 08, a visit of a website: its steps, what a page needs, its times, its second time."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from netlab.exercises.choosing import expect_choice
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

CACHE, DNS, TCP = "look into the cache", "ask DNS for the address", "TCP handshake, port 443"
TLS, GET, READ = "TLS handshake", "send GET /quotes/AAPL", "read the HTML, find what it needs"
MORE, PAINT, CLOSE = "fetch style and pictures", "lay out and paint", "close the connection"
FRAGMENT = "send #chart to the server"
STEPS = [CACHE, DNS, TCP, TLS, GET, READ, MORE, PAINT, CLOSE]
SHUFFLED = [TLS, PAINT, DNS, READ, FRAGMENT, CLOSE, GET, CACHE, MORE, TCP]


@exercise(
    "08-order",
    title="The steps of a visit",
    objective="08-o1",
    points=1,
    starter=SHUFFLED,
    hints=(
        "One of the ten steps never happens: which part of a URL is for the browser alone?",
        "The best request is the one that is not made: where does a browser look first?",
        "Each step needs what the one before has found out: a name, an address, a connection, a key.",
        "Cache, DNS, TCP, TLS, GET, read, fetch more, paint, close.",
    ),
    passed="You could tell a browser what to do, from Enter to the last FIN.",
)
def order(t: Trial, steps: list[str]) -> None:
    """A Parsons problem: lines to put in order, one of them too many."""
    with t.case("the steps of a first visit") as case:
        words = "The fragment stays in the browser, which scrolls to it: no server ever sees it. Take it out."
        case.expect_that(FRAGMENT not in steps, "nine steps", "a step that never happens", words)
        missing = [step for step in STEPS if steps.count(step) != 1]
        case.expect_that(
            not missing, "each step once", str(steps), f"Missing, or doubled: {sorted(missing)}."
        )
        reasons = [
            "Who has the page already need not ask anybody: the cache comes first.",
            "A connection goes to an address, not to a name: DNS comes before it.",
            "TLS speaks over a TCP connection: that has to be there first.",
            "A GET before the TLS handshake would be readable for everybody on the way.",
            "The HTML is the answer to the GET: nothing can be read before it.",
            "What else is needed stands in the HTML: read that first.",
            "Without the style a page would be painted twice, and jump: it waits for it.",
            "The page is there, and may need more: the connection is closed when nothing else is left to do.",
        ]
        unneeded = "Style and pictures come over the same connection: it is closed when all is there."
        pairs = [(MORE, CLOSE, unneeded), *zip(STEPS, STEPS[1:], reasons, strict=False)]
        for first, second, words in pairs:  # each pair on its own: the whole order is not given away
            holds = steps.index(first) < steps.index(second)
            case.expect_that(holds, "another order", f"“{second}” before “{first}”", words)
        case.expect_that(
            len(steps) == len(STEPS), "nine steps", f"{len(steps)}", "A step stands there twice."
        )


PAGE = """<!DOCTYPE html><html><head><title>Quotes</title>
<link rel="stylesheet" href="/style.css"><link rel="icon" href="/logo.svg">
</head><body><img src="/logo.svg" alt="Ticker"><a href="/about">About</a>
<img src="/charts/AAPL.svg" alt="Prices"><script src="/live.js"></script></body></html>"""


@exercise(
    "08-needed",
    title="What a page needs",
    objective="08-o1",
    points=2,
    hints=(
        'Pictures and scripts have their address in `src`: `elif tag in ("img", "script")`.',
        "`attributes.get(...)` gives None for an attribute that is not there: `add` should then do nothing.",
        "`if url and url not in self.urls: self.urls.append(url)`.",
        'The words of `rel`, without capitals: `(attributes.get("rel") or "").lower().split()`; and an icon is fetched, too.',
    ),
    passed="Your parser finds what a browser would fetch, each thing once, and leaves the links alone.",
)
def needed(t: Trial, kind: type[HTMLParser]) -> None:
    """A faded example: a parser that collects sub-resources."""

    def found(page: str) -> list[str]:
        parser: Any = kind()
        parser.feed(page)
        parser.close()
        return list(parser.urls)

    link = "A link is for a click: only what the page itself shows is fetched without one."
    twice = "The logo is needed twice and fetched once: look whether it is in `urls` already."
    with t.case("Ticker's front page") as case:
        right = ["/style.css", "/logo.svg", "/charts/AAPL.svg", "/live.js"]
        wrong: Wrong = [
            (lambda v: "/about" in v, link),
            (lambda v: len(v) > len(set(v)), twice),
            (lambda v: "/live.js" not in v, "A script with `src` is fetched as well."),
            (
                lambda v: "/charts/AAPL.svg" not in v,
                "The pictures are missing: `img` has its address in `src`.",
            ),
            (lambda v: v.index("/logo.svg") > 1, "The icon in the head is needed as well: `rel` is `icon`."),
            (
                lambda v: sorted(v) == sorted(right),
                "In the order of the page: the first that is met comes first.",
            ),
        ]
        case.expect(found(PAGE), right, wrong, advice="Style sheets, icons, pictures and scripts.")
    none = "Not each `img` and `script` has a `src`: nothing is fetched then."
    with t.case("without an address", dict.fromkeys((AttributeError, KeyError, TypeError), none)) as case:
        page = '<script>let a = 1;</script><img alt="none"><img src><link rel="stylesheet"><a name="x">'
        case.expect(found(page), [], [(lambda v: None in v, none)], advice=none)
    plain = "`link` has many uses. Only a style sheet and an icon are fetched to show the page."
    bare = 'A `link` may have no `rel` at all: `attributes.get("rel") or ""`.'
    with t.case("other kinds of link", dict.fromkeys((AttributeError, KeyError, TypeError), bare)) as case:
        page = '<link rel="canonical" href="/"><link rel="next" href="/page/2"><link href="/x">'
        case.expect(found(page), [], advice=plain)
    capitals = "Values of `rel` may come in capitals, and several in one: `rel.lower().split()` is a list of its words."
    with t.case("capitals") as case:
        page = (
            '<LINK REL="StyleSheet" HREF="/a.css"><link rel="Shortcut Icon" href="/b.ico"><IMG SRC="/c.png">'
        )
        case.expect(found(page), ["/a.css", "/b.ico", "/c.png"], advice=capitals)
    words = "The words of `rel` may stand in any order, with others among them and several blanks between them: `split()`, and look for each."
    with t.case("several words") as case:
        page = '<link rel="icon  shortcut" href="/a.ico"><link rel="preload stylesheet" href="/b.css">'
        case.expect(found(page), ["/a.ico", "/b.css"], advice=words)
    whole = "`apple-touch-icon` is another word than `icon`: look for it among the words of `rel`, not in its text."
    with t.case("a word within a word") as case:
        page = '<link rel="apple-touch-icon" href="/a.png"><link rel="mask-icon" href="/b.svg"><link rel="icon" href="/c.svg">'
        case.expect(found(page), ["/c.svg"], advice=whole)


TIMES = {
    "a round trip to the server": 40,
    "until the first byte of /": 445,
    "the server's program, for /": 300,
    "saved on / if the connection had been open": 105,
    "connections opened": 2,
    "the first thing to make smaller": "/photo.jpg",
}


@exercise(
    "08-waterfall",
    title="Read a waterfall",
    objective="08-o2",
    points=2,
    hints=(
        "A TCP handshake is one round trip: the SYN goes there, the answer comes back.",
        "The first byte of a page comes after DNS, TCP, TLS, the request and the wait.",
        "While you wait, the request travels there and the answer back. What is left is the program.",
        "An open connection needs no DNS, no TCP handshake and no TLS handshake.",
        "Count the rows that have a TCP phase.",
    ),
    passed="You know where the time went, so you know what to do about it.",
)
def waterfall(t: Trial, answers: dict[str, Any]) -> None:
    """Numbers to read from a table of phases."""
    trip = "A round trip is there and back, as in the TCP handshake to that server."
    unit = "A number, without a unit: the table is in milliseconds."
    path = "The path, as it stands in the table, with its `/`."
    words: dict[tuple[str, Any], str] = {
        ("a round trip to the server", 24): "24 ms is the way to the name server, which is nearer.",
        ("a round trip to the server", 20): "A handshake is a round trip, all of it: there and back.",
        ("a round trip to the server", 340): "In the wait for / is a round trip, and the program's work as well.",
        ("until the first byte of /", 455): "The download begins with the first byte: its 10 ms come after it.",
        ("until the first byte of /", 340): "Before it can wait, it needs an address, a connection and keys.",
        ("the server's program, for /", 340): "In the wait, the request travels there and the answer back: 40 ms.",
        ("the server's program, for /", 320): "It is there *and* back: a whole round trip of 40 ms.",
        ("saved on / if the connection had been open", 81): "Who has a connection need not ask DNS either.",
        ("saved on / if the connection had been open", 64): "TLS belongs to the connection: no handshake again.",
        ("saved on / if the connection had been open", 40): "Not only TCP: TLS belongs to it, and DNS came before.",
        ("connections opened", 4): "Only a row with a TCP phase opened one; the others used it again.",
        ("connections opened", 1): "The last row has a TCP phase of its own: another host, another connection.",
        ("the first thing to make smaller", "/"): "Its download takes 10 ms. It is slow, but not because of its size.",
        ("the first thing to make smaller", "/quotes"): "1 ms of download. Which row has a long last phase?",
        ("the first thing to make smaller", "/style.css"): "2 ms of download. Which row has a long last phase?",
    }  # fmt: skip
    for question, right in TIMES.items():
        with t.case(question) as case:
            wrong = [(value, said) for (about, value), said in words.items() if about == question]
            came = answers.get(question)
            came = round(came) if isinstance(came, float) else came
            row = trip if right == 40 else "Look at the phases of its row again."
            number = row if isinstance(came, int) else unit
            expect_choice(case, came, right, wrong, advice=number if isinstance(right, int) else path)


DECISIONS = {
    "never fetched before": "fetch",
    "max-age=60, came 30 s ago": "use",
    "max-age=60, came 90 s ago, with an ETag": "ask",
    "max-age=60, came 90 s ago, no ETag": "fetch",
    "no-cache, came 1 s ago, with an ETag": "ask",
    "no-store, came 1 s ago": "fetch",
    "max-age=60, came 30 s ago, now as /#chart": "use",
    "max-age=60, came 30 s ago, now as /?day=2": "fetch",
}


@exercise(
    "08-cache",
    title="Use, ask, or fetch",
    objective="08-o3",
    points=2,
    hints=(
        "Fresh: use it. Stale: ask whether it is still right, if there is an ETag to ask with.",
        "`no-cache` may be kept, but has to be asked about each time; `no-store` is never kept.",
        "A cache knows pages by their URL, without the fragment, which never leaves the browser.",
        "A query is a part of the URL: with another one it is another page.",
    ),
    passed="You decide as every browser, proxy and content network does.",
)
def cache(t: Trial, decisions: dict[str, str]) -> None:
    """What a browser does with what it has kept."""
    words = {
        ("never fetched before", "use"): "Nothing was kept that could be used.",
        ("never fetched before", "ask"): "To ask whether it is still right, you need it: there is nothing to compare.",
        ("max-age=60, came 30 s ago", "fetch"): "It has half a minute left: until then it is as good as a new one.",
        ("max-age=60, came 90 s ago, no ETag", "use"): "It is stale after 60 s, and 90 are over.",
        ("max-age=60, came 30 s ago, now as /#chart", "ask"): "A fragment is a place on the same page, and that page is fresh.",
        ("max-age=60, came 30 s ago, now as /?day=2", "ask"): "Another query is another page: asking about the other one says nothing of it.",
        ("max-age=60, came 30 s ago", "ask"): "For sixty seconds it may be used without asking anybody.",
        ("max-age=60, came 90 s ago, with an ETag", "fetch"): "It may still be right: with the ETag a few bytes settle it.",
        ("max-age=60, came 90 s ago, with an ETag", "use"): "90 s are more than 60: it is stale.",
        ("max-age=60, came 90 s ago, no ETag", "ask"): "Ask with what? Without an ETag the server cannot compare.",
        ("no-cache, came 1 s ago, with an ETag", "fetch"): "no-cache means: keep it, but ask each time.",
        ("no-cache, came 1 s ago, with an ETag", "use"): "no-cache means: never without asking.",
        ("no-store, came 1 s ago", "ask"): "no-store: it was not kept, so there is nothing to ask about.",
        ("no-store, came 1 s ago", "use"): "no-store: it was not kept.",
        ("max-age=60, came 30 s ago, now as /#chart", "fetch"): "A fragment is a place on the same page.",
        ("max-age=60, came 30 s ago, now as /?day=2", "use"): "Another query is another page.",
    }  # fmt: skip
    for situation, right in DECISIONS.items():
        with t.case(situation) as case:
            wrong = [(value, said) for (about, value), said in words.items() if about == situation]
            advice = "One of three words: use, ask, fetch."
            expect_choice(case, decisions.get(situation), right, wrong, advice=advice)


from netlab.exercises import (  # noqa: E402
    lesson_08_addresses,  # noqa: F401
    lesson_08_crawling,  # noqa: F401
    lesson_08_quizzes,  # noqa: F401
    lesson_08_together,  # noqa: F401
)
