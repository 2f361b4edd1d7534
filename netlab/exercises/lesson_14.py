"""The exercises of lesson 14, Flask: the life of a request, an application, a template."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from netlab.apps.project import STEPS
from netlab.exercises.lesson_14_stage import Visitor
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

LIFE = {
    "a": "after_request functions add header fields",
    "b": "the router finds the view for the path",
    "c": "the server calls app(environ, start_response)",
    "d": "teardown functions close the database session",
    "e": "the view runs and returns text",
    "f": "before_request functions look for a login, or for a CSRF token",
    "g": "the text becomes a Response",
    "h": "the server sends the content",
}
ORDER = "cbfegadh"
TOLD = (
    ("c", "b", "Nothing happens before the server calls the application."),
    ("b", "f", "A before_request function can ask `request.endpoint`, the name of the view: so the router was there before."),
    ("f", "e", "A login is looked at before the view runs: it must not run for everybody."),
    ("e", "g", "First the view returns its text; a Response is made of that."),
    ("g", "a", "An after_request function is given the Response, and may change it: it must be there."),
    ("a", "d", "The teardown comes last of what Flask does: whatever happened before, even an exception."),
    ("d", "h", "Flask is done when the application returns; the server sends what it was given. (A generator that still reads from the database then finds the session closed.)"),
)  # fmt: skip


@exercise(
    "14-life",
    title="Lines in disorder: the life of a request",
    objective="14-o1",
    points=2,
    hints=(
        "It begins and ends outside of Flask: with a call by the server, and with bytes sent by it.",
        "Who decides what is going to run, stands before what runs: the router, then the guards, then the view.",
        "What comes back passes the other way: text, Response, header fields, and the broom at last.",
    ),
    passed="You know where to hang what is to be done for every request. The next cell lets Flask say it itself.",
)
def life(t: Trial, order: str) -> None:
    """A Parsons problem: what Flask does, and when."""
    letters = "".join(each for each in str(order).lower() if each.isalpha())
    with t.case("eight lines, each once") as case:
        words = "There are eight lines, a to h; each of them happens once."
        case.expect_that(sorted(letters) == sorted(LIFE), "the letters a to h", letters, words)
    if sorted(letters) != sorted(LIFE):
        return
    for first, second, words in TOLD:
        with t.case(f"{LIFE[first]}, then {LIFE[second]}") as case:
            came = letters.index(first) < letters.index(second)
            case.expect_that(came, "in this order", "the other way round", words)


CLOSES = {"AAPL": [444.57, 441.40, 430.47], "IBM": [202.33, 200.83, 202.91], "ZERO": []}
RAISED = "The log of the application has the rest: something was raised, and the visitor got 500."


@exercise(
    "14-route",
    title="An application with a route",
    objective="14-o1",
    points=3,
    hints=(
        "The view stands inside of `create_app`, under a decorator: `@app.get(\"/stocks/<ticker>/<int:days>\")`, `def last(ticker, days):`.",
        "`abort(404)` for a ticker that is not in `closes`: look before you index.",
        "`values[-days:]` are the last ones. With 0 that is `values[0:]`, all of them: `if days == 0: abort(404)`, or `<int(min=1):days>`.",
        "A list that a view returns becomes JSON by itself.",
    ),
    passed="A factory with a route: the same function makes an application for the visitors, and another for each test.",
)  # fmt: skip
def route(t: Trial, create_app: Callable[[dict[str, list[float]]], Any]) -> None:
    """An app behind a real server, asked for what is there and what is not."""
    app = None
    with t.case("create_app(closes) makes an application") as case:
        app = create_app(dict(CLOSES))
        case.expect_that(
            callable(getattr(app, "wsgi_app", None)),
            "a Flask application",
            repr(app),
            "Return it at the end: `return app`.",
        )
    if app is None or not hasattr(app, "wsgi_app"):
        return
    days = "`days` is text unless a converter makes a number of it: `<int:days>`."
    last = "The *last* closes, the newest at the end: `values[-days:]`."
    with t.case("GET /stocks/AAPL/2") as case, Visitor(app) as visitor:
        came = visitor.get("/stocks/AAPL/2")
        case.expect_that(came.status_code != 500, "200", "500", f"{days} {RAISED}")
        case.expect(came.status_code, 200, [(404, "No route fits: `/stocks/<ticker>/<int:days>`.")])
        json = visitor.json(came)
        case.expect(json, [441.40, 430.47], [
            ([444.57, 441.40], last),
            (None, "Return the list itself: Flask makes JSON of it."),
        ])  # fmt: skip
    with t.case("more days than there are") as case, Visitor(app) as visitor:
        case.expect(visitor.json(visitor.get("/stocks/IBM/99")), CLOSES["IBM"], advice="All that there are.")
    none = "`values[-0:]` is `values[0:]`, which is everything. No days is no page: 404."
    unknown = (
        "A share that is not in the dictionary is the visitor's mistake, 404, not a KeyError of yours, 500."
    )
    wide = (
        "`int()` reads more than digits: a sign, `1_0`, blanks. `<int:days>` in the route takes digits only."
    )
    for path, words in {
        "/stocks/AAPL/0": none,
        "/stocks/ZOE/2": unknown,
        "/stocks/aapl/2": unknown,
        "/stocks/AAPL/-1": "A minus sign is no digit: `<int:days>` refuses it.",
        "/stocks/AAPL/two": days,
        "/stocks/AAPL/+2": wide,
        "/stocks/AAPL/1_0": wide,
        "/stocks/AAPL/%202": wide,
        "/stocks/AAPL/²": "`²` is no number to `int()`, though `isdigit()` says yes: `isdecimal()`, or `<int:days>`.",
        "/stocks/AAPL/2/": "A path with a slash more is another path. The route has none at its end.",
    }.items():
        with t.case(f"GET {path}") as case, Visitor(app) as visitor:
            case.expect(visitor.get(path).status_code, 404, [(500, words)], advice=words)
    with t.case("POST /stocks/AAPL/2") as case, Visitor(app) as visitor:
        words = "The route is for reading: `app.get`, or `methods=[\"GET\"]`."  # fmt: skip
        case.expect(visitor.post("/stocks/AAPL/2").status_code, 405, advice=words)
    with t.case("two applications at the same time") as case:
        shared = "Both have the same prices: the application, or the prices, stand outside of `create_app`."
        other = create_app({"FB": [27.78]})
        with Visitor(app) as first, Visitor(other) as second:
            statuses = [each.get("/stocks/FB/1").status_code for each in (first, second)]
        case.expect(statuses, [404, 200], advice=shared)


PAGE = """
<!doctype html>
<title>Shares</title>
<h1>Shares</h1>
<ul>
  {% for share in shares %}
  <li><a href=/stocks/{{ share.ticker }}>{{ share.name|safe }}</a> {{ share.close }}</li>
  {% endfor %}
</ul>
"""


class _Elements(HTMLParser):
    """The elements of a page: tag, attributes, text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.bare: list[str] = []  # tags that have an attribute without quotes
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))
        written = self.get_starttag_text() or ""
        if "=" in re.sub(r"""=\s*("[^"]*"|'[^']*')""", "", written):
            self.bare.append(written)

    def handle_endtag(self, _: str) -> None:
        self.found.append(("", {}, []))  # what follows, belongs to no element of ours

    def handle_data(self, data: str) -> None:
        if self.found:
            self.found[-1][2].append(data)

    def texts(self, tag: str) -> list[str]:
        """The texts of all elements of a kind."""
        return ["".join(text).strip() for name, _, text in self.found if name == tag]

    def links(self) -> list[str | None]:
        """Where the links to shares lead."""
        return [
            about.get("href") for tag, about, _ in self.found if tag == "a" and about.get("class") != "home"
        ]


@exercise(
    "14-template",
    title="Mend a page: inheritance, links, escapes",
    objective="14-o1",
    points=3,
    starter=PAGE,
    hints=(
        "The first line of a page that inherits is `{% extends \"base.html\" %}`; all the rest stands in blocks, and what `base.html` has, is left out.",
        "`{% block title %}Shares · Ticker{% endblock %}` and `{% block content %}…{% endblock %}` around heading and list.",
        "`href=\"{{ url_for('quotes.stock', symbol=share.ticker) }}\"`: quotes around it, and the path from the router.",
        "Without `|safe`; `{{ \"%.2f\"|format(share.close) }}`; a loop may have an `{% else %}` for an empty list.",
    ),
    passed="One frame for all pages, links that follow the routes, and names that stay names.",
)  # fmt: skip
def template(t: Trial, page: str) -> None:
    """A page of the site, rendered by Flask, with names that mean no good, and behind a prefix."""
    from flask import Flask, render_template
    from jinja2 import DictLoader, TemplateNotFound, TemplateSyntaxError, UndefinedError
    from werkzeug.routing import BuildError

    app = Flask("exercise", static_folder="static")
    base = (STEPS / "2.templates/ticker/templates/base.html").read_text(encoding="utf-8")
    app.jinja_loader = DictLoader(
        {"base.html": base.replace("<a href", '<a class="home" href'), "shares.html": page}
    )
    app.add_url_rule("/", "quotes.front", lambda: "")
    app.add_url_rule("/stocks/<symbol>", "quotes.stock", lambda symbol: symbol)

    def drawn(*shares: tuple[str, str, float], prefix: str = "/") -> _Elements:
        rows = [dict(zip(("ticker", "name", "close"), each, strict=True)) for each in shares]
        with app.test_request_context("/", base_url=f"http://ticker.example{prefix}"):
            return _Elements(render_template("shares.html", shares=rows))

    errors: dict[type[BaseException], str] = {
        TemplateSyntaxError: "Each `{% block %}` and `{% for %}` has its end, `{% endblock %}` and `{% endfor %}`.",
        TemplateNotFound: "The frame is called `base.html`.",
        BuildError: "The endpoint is `quotes.stock`, and its parameter `symbol`: `url_for('quotes.stock', symbol=share.ticker)`.",
        UndefinedError: "A name that nobody has given. Names of files and endpoints stand in quotes: `{% extends \"base.html\" %}`.",
    }  # fmt: skip
    apple, phone = ("AAPL", "Apple", 430.5), ("T", "AT&T <New York>", 36.11)
    with t.case("it stands in the frame of the site", errors) as case:
        words = "The first line: `{% extends \"base.html\" %}`. What stands outside of a block then, is thrown away."  # fmt: skip
        case.expect(len(drawn(apple).texts("nav")), 1, advice=words)
        twice = (
            "The frame has a title already: fill its block, `{% block title %}Shares · Ticker{% endblock %}`."
        )
        case.expect(drawn(apple).texts("title"), ["Shares · Ticker"], [(["Ticker"], twice)], advice=twice)
        lost = "What stands outside of a block is thrown away: `{% block content %}` around heading and list."
        case.expect(drawn(apple).texts("h1"), ["Shares"], [([], lost)])
    if not t.results[-1].passed:
        return  # what is not on the page cannot be judged
    digits = "Two digits behind the point, also where they are 0: `{{ \"%.2f\"|format(share.close) }}`."  # fmt: skip
    for close, written in {430.5: "430.50", 7.0: "7.00", 27.951: "27.95"}.items():
        with t.case(f"Apple at {close:g}", errors) as case:
            text = " ".join(text for _, _, texts in drawn(("AAPL", "Apple", close)).found for text in texts)
            prices = [each.strip(".,") for each in re.findall(r"[\d.,]+", text)]
            case.expect_that(written in prices, written, text.strip(), digits)
    with t.case("the link to Apple", errors) as case:
        case.expect(drawn(apple).links(), ["/stocks/AAPL"], advice="One link for each share, to its page.")
    raw = "`|safe` says: this is HTML of mine. A name is none of yours: leave the filter out."
    for share in (phone, ("X", "<script>alert(1)</script>", 1.0)):
        with t.case(f"a share called `{share[1]}`", errors) as case:
            tags = [tag for tag, _, _ in drawn(share).found]
            case.expect(drawn(share).texts("a")[1:], [share[1]], advice=raw)
            case.expect_that("script" not in tags, "no script", "a script", raw)
    with t.case("quotes round the attributes", errors) as case:
        bare = drawn(apple).bare
        words = "What stands in an attribute without quotes ends at the first blank: `href=\"{{ … }}\"`."  # fmt: skip
        case.expect_that(not bare, 'href="…"', "".join(bare), words)
    quotes = "An attribute without quotes ends at the first blank: `href=\"{{ … }}\"`."  # fmt: skip
    with t.case("a ticker with a blank and an attack in it", errors) as case:
        hostile = drawn(("A onclick=alert(1)", "Apple", 1.0))
        keys = {key for tag, about, _ in hostile.found if tag == "a" for key in about}
        case.expect_that("onclick" not in keys, "no attribute onclick", "onclick, of the visitor's", quotes)
    fixed: Wrong = [(["/stocks/AAPL"], "Behind a proxy the site may have a prefix, which `url_for` knows, and a path typed by hand does not.")]  # fmt: skip
    with t.case("the site under /ticker", errors) as case:
        case.expect(drawn(apple, prefix="/ticker/").links(), ["/ticker/stocks/AAPL"], fixed)
    with t.case("no shares at all", errors) as case:
        text = " ".join(text for _, _, texts in drawn().found for text in texts)
        words = "A loop has an `{% else %}` for the empty list: `There are no shares yet.`"
        case.expect_that(
            "There are no shares yet." in text, "There are no shares yet.", "an empty list", words
        )


from netlab.exercises import (  # noqa: E402
    lesson_14_api,  # noqa: F401
    lesson_14_data,  # noqa: F401
    lesson_14_forms,  # noqa: F401
    lesson_14_migration,  # noqa: F401
    lesson_14_quizzes,  # noqa: F401
)
