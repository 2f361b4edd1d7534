"""The exercises of lesson 14 for programs: an API that goes page by page, and a test that must be able to fail."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from netlab.exercises.lesson_14_service import BROKEN, make_service
from netlab.exercises.lesson_14_stage import Visitor
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

COUNT = 45
PRICES = [{"day": n, "close": 430.47 + n} for n in range(COUNT)]
MOST = 50


@exercise(
    "14-api",
    title="An API that goes page by page",
    objective="14-o5",
    points=4,
    hints=(
        'A function for one number: `text = request.args.get(name, str(default))`; it fits if `text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most`; else None.',
        'Collect what is wrong in a dictionary, for both, and only then: `return {"errors": errors}, 422`.',
        "`prices[(page - 1) * size : page * size]`; there is a next page if `page * size < len(prices)`.",
        '`url_for(request.endpoint, page=page + 1, size=size)`: the program that follows it must not lose its size.',
    ),
    passed="A program can read all of it, page by page, without knowing how you count; and it is told what it got wrong.",
    limit=15,
)  # fmt: skip
def api(t: Trial, list_prices: Callable[[list[dict[str, Any]]], Any]) -> None:
    """The view behind a server, asked by programs good and bad."""
    from flask import Flask

    def app_with(count: int) -> Any:
        app = Flask("exercise")
        app.add_url_rule("/api/prices", "prices", lambda: list_prices(PRICES[:count]))
        return app

    app = app_with(COUNT)
    with t.case("the first page") as case, Visitor(app) as visitor:
        came = visitor.get("/api/prices")
        visitor.raise_again()
        case.expect(came.status_code, 200)
        page = visitor.json(came)
        case.expect_that(isinstance(page, dict), "an object with items, total and next", str(page)[:60], "Return a dictionary: Flask makes JSON of it.")  # fmt: skip
        case.expect(page.get("items"), PRICES[:10], [
            (PRICES[10:20], "Page 1 begins with the first one: `(page - 1) * size`."),
            (PRICES, "All of them: cut a page out, `prices[(page - 1) * size : page * size]`."),
        ], advice="Ten of them, unless the program says otherwise: the size is 10.")  # fmt: skip
        case.expect(page.get("total"), COUNT, [(10, "`total` is how many there are in all.")])
    with t.case("following `next` to the end") as case, Visitor(app) as visitor:
        items: list[Any] = []
        path, asked = "/api/prices?size=20", 0
        while path and asked < 5:
            page = visitor.json(visitor.get(path))
            visitor.raise_again()
            items += page["items"]
            path, asked = page["next"], asked + 1
        size = "`next` has lost the size: `url_for(request.endpoint, page=page + 1, size=size)`."
        last = "On the last page `next` is None: there is more only if `page * size < len(prices)`."
        words = last if asked > 3 and len(items) == COUNT else size
        case.expect_that(asked == 3, "3 pages", f"{asked} pages", words)
        case.expect_that(items == PRICES, "every price once", f"{len(items)} prices", "Each once, in order: look at the bounds of the slice.")  # fmt: skip
    with t.case("a last page that is full") as case, Visitor(app_with(20)) as visitor:
        page = visitor.json(visitor.get("/api/prices?page=2"))
        case.expect((len(page["items"]), page["next"]), (10, None), advice="20 prices are two pages: `<`, not `<=`.")  # fmt: skip
    with t.case("a page behind the end, and no prices at all") as case, Visitor(app_with(0)) as visitor:
        page = visitor.json(visitor.get("/api/prices?page=9"))
        visitor.raise_again()
        case.expect((page["items"], page["total"], page["next"]), ([], 0, None), advice="An empty page is a page.")  # fmt: skip
    with t.case("the site under /ticker") as case:
        page = app.test_client().get("/api/prices", base_url="http://ticker.example/ticker/").json
        case.expect(str((page or {}).get("next")).partition("?")[0], "/ticker/api/prices", [
            ("/api/prices", "Behind a proxy the site may have a prefix, which `url_for` knows, and a path typed by hand, or `request.path`, does not."),
        ])  # fmt: skip
    plain = "A number of ASCII digits, from 1 on; else 422. `int()` alone raises ValueError, which is 500 to the visitor."
    bounds = "Page 0 and page -1 are no pages: a slice with negative ends takes from the other side."
    huge = f"At the most {MOST}: or a single program may ask for everything at once."
    wide = "`int()` takes `٣`, `1_0` and blanks, too: `text.isascii() and text.isdecimal()` is narrower."
    for query, words in {
        "page=0": bounds, "page=-1": bounds, "page=two": plain, "page=": plain, "page=1.5": plain,
        "page=%D9%A3": wide, "page=1_0": wide, "size=0": bounds, f"size={MOST + 1}": huge, "size=999999999999": huge,
        "page=" + "9" * 5000: "A number of five thousand digits: Python refuses it with ValueError. Look at the length first.",
    }.items():  # fmt: skip
        shown = query if len(query) < 30 else query[:12] + "…"
        with t.case(f"?{shown}") as case, Visitor(app) as visitor:
            came = visitor.get(f"/api/prices?{query}")
            case.expect(came.status_code, 422, [(500, words), (200, words)], advice=words)
            errors = (visitor.json(came) or {}).get("errors", {})
            name = query.partition("=")[0]
            case.expect_that(list(errors) == [name], f"errors: {name}", str(errors)[:60], "`{\"errors\": {name: message}}`: say which one, and why.")  # fmt: skip
            said = bool(errors[name]) and isinstance(errors[name], str)
            case.expect_that(said, "a message", repr(errors[name]), "An empty message helps nobody: what may the number be?")  # fmt: skip
    with t.case("both wrong at once") as case, Visitor(app) as visitor:
        errors = (visitor.json(visitor.get("/api/prices?page=x&size=y")) or {}).get("errors", {})
        words = "Say all that is wrong at once: collect the errors, then return them."
        case.expect(sorted(errors), ["page", "size"], advice=words)


def _outcome(test: Callable[[Any], Any], fault: str = "") -> AssertionError | None:
    """What a test says about an app: None, or the assertion that failed."""
    app = make_service(fault)
    with app.test_client() as client:
        try:
            test(client)
        except AssertionError as error:
            return error
    return None


@exercise(
    "14-tests",
    title="A test that can fail",
    objective="14-o5",
    points=4,
    hints=(
        'Begin with what is good: `response = client.post("/alerts", json={"ticker": "AAPL", "limit": 430.5})`, then `assert response.status_code == 201`, and `client.get("/alerts/1").json == {…}`.',
        "Then what is bad: `for limit in (0, -1, \"430.5\"):` 422. And did it keep nothing? `client.get(\"/alerts\").json` says it.",
        'Then the end: `client.delete("/alerts/1")`, 204, and `client.get("/alerts/1").status_code == 404`. And a number that never was: 404.',
    ),
    passed="Your test was silent where nothing was broken, and spoke up each time that something was.",
)  # fmt: skip
def tests(t: Trial, test_alerts: Callable[[Any], Any]) -> None:
    """The student's test against an app that is right, and against seven that are not."""
    with t.case("the app that keeps its promises") as case:
        failed = _outcome(test_alerts)
        words = "Your test fails on an app that is right: it asks for something that was never promised."
        came = f"AssertionError: {failed}".rstrip(": ")
        if failed is not None and (lines := traceback.extract_tb(failed.__traceback__)):
            came += f", in line {lines[-1].lineno} of its cell: {lines[-1].line}".rstrip(": ")
        case.expect_that(failed is None, "no failure", came, words)
    if failed is not None:
        return
    for fault, words in BROKEN.items():
        with t.case(f"an app where {fault}") as case:
            try:
                failed = _outcome(test_alerts, fault)
            except Exception as error:  # the broken app has brought the test down: that is seen, too
                failed = AssertionError(str(error))
            case.expect_that(failed is not None, "the test fails", "it passes", words)
