"""The exercises of lesson 17, Django: the way of a request, a view, and the settings of a site in production."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

from netlab.exercises.lesson_17_stage import Visitor, import_prices, people, stage
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

WAY = {
    "a": "SessionMiddleware: request.session, by the cookie",
    "b": "the view asks the models, and returns an HttpResponse",
    "c": "the WSGI handler makes an HttpRequest of environ",
    "d": "CsrfViewMiddleware compares the tokens, unless the view is exempt",
    "e": "SessionMiddleware: saves the session, and sets its cookie",
    "f": "AuthenticationMiddleware: request.user, by the session",
    "g": "the server sends the response",
    "h": "the URL resolver finds the view and its arguments",
}
ORDER = "cafhdbeg"
TOLD = (
    ("c", "a", "A middleware is given an HttpRequest: somebody has to make one of environ first."),
    ("a", "f", "Who the user is, stands in the session: so the session comes first, as in MIDDLEWARE."),
    ("f", "h", "The resolver stands inside of all middleware. A middleware may even answer before any path is looked up."),
    ("h", "d", "Some views are exempt from the token (`csrf_exempt`): so the view must be known. This middleware waits, in `process_view`."),
    ("d", "b", "A forged form must not reach the view: it may have changed something by then."),
    ("b", "e", "The session is saved on the way out, when the view can no longer change it."),
    ("e", "g", "The cookie is a header field of the response: once it is sent, nothing is set any more."),
)  # fmt: skip


@exercise(
    "17-request",
    title="Lines in disorder: the way of a request",
    objective="17-o1",
    points=2,
    hints=(
        "Middleware stands around the view like the skins of an onion, in the order of MIDDLEWARE: in through all of them, out through all of them.",
        "The resolver is the innermost thing before the view. What needs to know the view, waits for it.",
        "It begins `caf…`. After the resolver comes the one middleware that asks whether the view is exempt.",
    ),
    passed="In through the middleware, to the view, and out again. The next cell lets Django say it itself.",
)
def way(t: Trial, order: str) -> None:
    """A Parsons problem: what happens to a request, in and out."""
    letters = "".join(each for each in str(order).lower() if each.isalpha())
    with t.case("eight lines, each once") as case:
        words = "There are eight lines, a to h; each of them happens once."
        case.expect_that(sorted(letters) == sorted(WAY), "the letters a to h", letters, words)
    if sorted(letters) != sorted(WAY):
        return
    for first, second, words in TOLD:
        with t.case(f"{WAY[first]}, then {WAY[second]}") as case:
            came = letters.index(first) < letters.index(second)
            case.expect_that(came, "in this order", "the other way round", words)


LAST = [
    {"day": "2013-03-01", "close": "806.19"},
    {"day": "2013-02-28", "close": "801.20"},
    {"day": "2013-02-27", "close": "799.78"},
]
NUMBER = "ASCII digits only, and not many of them: `re.fullmatch(r\"[0-9]{1,3}\", text)`, then `int`, then the range. `int()` alone takes blanks, signs and digits of all scripts, `isdigit()` takes ², and `$` lets a line break follow."  # fmt: skip
RAISED = "The view raised something, and the visitor got 500: what is asked for by a visitor, is a mistake of the visitor's, 400 or 404."
STATUS = "A `JsonResponse` takes a status: `JsonResponse({\"error\": …}, status=400)`."  # fmt: skip


@exercise(
    "17-view",
    title="A view that answers in JSON",
    objective="17-o1",
    points=4,
    hints=(
        "`@require_safe` above the view answers everything but GET and HEAD with 405, and says in `Allow` what it takes.",
        "`stock = get_object_or_404(Stock, ticker=ticker)`: the share, or a page 404.",
        '`text = request.GET.get("days", "5")`: a text, always. `re.fullmatch(r"[0-9]{1,3}", text)` says whether it is a small number; then the range, 1 to 250.',
        '`stock.prices.all()[:days]` are the newest (the model orders them). `{"day": price.day.isoformat(), "close": f"{price.close:.2f}"}` for each. `response["Cache-Control"] = …`, or `@cache_control(public=True, max_age=60)`, sets the field.',
    ),
    passed="A function from request to response: and what it does not take, it refuses by the right status.",
    limit=8,
)
def view(t: Trial, history: Callable[..., Any]) -> None:
    """The student's view in the lesson's project, asked by visitors of all kinds."""
    from django.urls import path

    routes = [path("<str:ticker>/history/", history)]
    with stage("5.forms"), Visitor(routes) as visitor:
        import_prices("GOOG", "FB", since="2012-01-01")
        with t.case("GET /GOOG/history/?days=3") as case:
            came = visitor.get("/GOOG/history/?days=3")
            visitor.raise_again()
            case.expect(came.status_code, 200)
            kind = came.headers.get("Content-Type", "")
            words = "`JsonResponse({…})` says so itself: text/html is what an HttpResponse says if nobody tells it otherwise."
            case.expect_that(kind.startswith("application/json"), "application/json", kind, words)
            json = Visitor.json(came)
            given = json if isinstance(json, dict) else {}
            case.expect(
                sorted(given),
                ["closes", "ticker"],
                advice='An object of two: `{"ticker": …, "closes": […]}`.',
            )
            case.expect(
                given.get("closes"),
                LAST,
                [
                    (LAST[::-1], "The newest first."),
                    (lambda list_: len(list_) > 3, "`days` says how many: `[:days]`."),
                    (
                        lambda list_: isinstance(list_[0]["close"], float),
                        'A float is not what the database holds, and JSON has no decimals: as text, `f"{price.close:.2f}"`.',
                    ),
                    (
                        lambda list_: list_[0]["close"] == "806.1900",
                        'Two digits for people and programs: `f"{price.close:.2f}"`.',
                    ),
                ],
                advice='Each is `{"day": "2013-03-01", "close": "806.19"}`.',
            )
            case.expect(given.get("ticker"), "GOOG")
        with t.case("without ?days=") as case:
            came = visitor.get("/FB/history/")
            visitor.raise_again()
            words = "Nothing said is five: `request.GET.get(\"days\", \"5\")`."  # fmt: skip
            case.expect(len(came.json()["closes"]), 5, advice=words)
        with t.case("the longest span, ?days=250") as case:
            came = visitor.get("/GOOG/history/?days=250")
            visitor.raise_again()
            case.expect(came.status_code, 200, [(400, "1 to 250, the ends included.")])
            case.expect(len(came.json()["closes"]), 250)
        for ticker, words in {
            "ZOE": "`get_object_or_404(Stock, ticker=ticker)`, not `Stock.objects.get`, which raises.",
            "goog": "A ticker in small letters is another text: 404.",
        }.items():
            with t.case(f"GET /{ticker}/history/") as case:
                case.expect(visitor.get(f"/{ticker}/history/").status_code, 404, [(500, words)], advice=words)
        for days in (
            "0",
            "251",
            "-1",
            "abc",
            "",
            "1e2",
            "%D9%A3",
            "%C2%B2",
            "%203",
            "3%0A",
            "3.0",
            "9" * 5000,
        ):
            shown = days if len(days) < 20 else "99999… (5,000 digits)"
            with t.case(f"?days={shown}") as case:
                came = visitor.get(f"/GOOG/history/?days={days}")
                case.expect(
                    came.status_code, 400, [(500, f"{RAISED} {NUMBER}")], advice=f"1 to 250. {NUMBER}"
                )
                case.expect_that(
                    "error" in (Visitor.json(came) or {}), "JSON with an error", came.text[:80], STATUS
                )
        with t.case("POST, with a good token") as case:
            visitor.get("/log-in/")
            came = visitor.post("/GOOG/history/", {})
            words = "The view is for reading: `@require_safe` answers 405, and says in Allow what there is."
            case.expect(came.status_code, 405, advice=words)
            allowed = {each.strip() for each in came.headers.get("Allow", "").split(",")}
            case.expect(allowed, {"GET", "HEAD"}, [({""}, "A 405 says in `Allow` what it takes: `HttpResponseNotAllowed([\"GET\", \"HEAD\"])`, or `@require_safe`.")], advice="GET and HEAD: `@require_safe`.")  # fmt: skip
        with t.case("HEAD") as case:
            came = visitor.ask("HEAD", "/GOOG/history/")
            words = "HEAD is GET without content, and as harmless: `@require_safe`, not `@require_GET`."
            case.expect(came.status_code, 200, [(405, words)])
        with t.case("it may be kept for a minute") as case:
            rules = visitor.get("/GOOG/history/").headers.get("Cache-Control", "")
            parts = {part.strip() for part in rules.split(",")}
            words = 'A response is a dictionary of header fields: `response["Cache-Control"] = "public, max-age=60"`.'
            case.expect_that(
                {"public", "max-age=60"} <= parts, "public, max-age=60", rules or "nothing", words
            )


GOOD_KEY = "kV7uWq2Zt9xRb4Nn8mPc3Lh6Jd5Gf1Sa0Ye-Uo_TiXwBvCzQpMlKj"
ENVIRONMENT = {"TICKER_SECRET_KEY": GOOD_KEY, "TICKER_HOSTS": "ticker.example,www.ticker.example"}
PROXIED = {"Host": "ticker.example", "X-Forwarded-Proto": "https"}


@exercise(
    "17-deploy",
    title="A faded example: settings for production",
    objective="17-o5",
    points=3,
    hints=(
        '`environment["TICKER_SECRET_KEY"]` raises a KeyError if there is none: a site without a key must not start. `.get(…, "a default")` would start it with a key that everybody can read.',
        '`environment["TICKER_HOSTS"].split(",")` makes a list of the names.',
        "Cookies: True for both. Redirect: True. `SECURE_HSTS_SECONDS`: at least 31536000, one year; its two companions True.",
        '`SECURE_PROXY_SSL_HEADER` is a pair: the name as WSGI spells it, and the value: `("HTTP_X_FORWARDED_PROTO", "https")`.',
    ),
    passed="`check --deploy` has nothing to say, and the site does what the settings promise.",
    limit=8,
)
def deploy(t: Trial, production: Callable[[dict[str, str]], dict[str, Any]]) -> None:
    """The settings, read by Django's own deployment check, and then the site that they make."""
    settings_: dict[str, Any] = {}
    with t.case("production(environment) returns settings") as case:
        settings_ = production(dict(ENVIRONMENT))
        case.expect_that(
            isinstance(settings_, dict), "a dictionary", repr(settings_), "Return the dictionary."
        )
        left = [name for name, value in settings_.items() if value is ...]
        case.expect_that(not left, "no gap", f"`...` in {', '.join(left)}", "Fill every gap.")
    if not t.results[-1].passed:
        return
    with t.case("the key is the one of the environment") as case:
        words = "No key stands in a file: `environment[\"TICKER_SECRET_KEY\"]`."  # fmt: skip
        case.expect(settings_.get("SECRET_KEY"), GOOD_KEY, advice=words)
    with t.case("without a key in the environment") as case:
        words = "It must not start: None is no key, and a default is one which everybody can read who can read the source. No default: `environment[\"…\"]`."  # fmt: skip
        bare = {name: value for name, value in ENVIRONMENT.items() if name != "TICKER_SECRET_KEY"}
        case.expect_error(Exception, lambda: production(bare), words)
    with t.case("another environment has other names") as case:
        came = production({**ENVIRONMENT, "TICKER_HOSTS": "other.example"}).get("ALLOWED_HOSTS")
        words = "The names come from the environment, as the key does: `environment[\"TICKER_HOSTS\"]`."  # fmt: skip
        names = list(came) if isinstance(came, tuple) else came
        case.expect(names, ["other.example"], [(lambda v: isinstance(v, str), "Its name is not among ALLOWED_HOSTS: a list, `.split(\",\")`."), (["*"], "With `[\"*\"]` every name is taken.")], advice=words)  # fmt: skip
    with stage("5.forms"):
        from django.conf import settings
        from django.core.checks import run_checks

        people("ada")
        for name, value in settings_.items():
            setattr(settings, name, value)
        with t.case("manage.py check --deploy") as case:
            unsafe = os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")  # the stage's own, not the student's
            found = [f"{each.id}: {each.msg}" for each in run_checks(include_deployment_checks=True)]
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = unsafe
            words = "Each warning of Django's names its setting. Read the first one aloud."
            case.expect_that(not found, "no issues", found[0] if found else "", words)
        with t.case("http:// is led to https://") as case, Visitor() as visitor:
            came = visitor.get("/", headers={"Host": "ticker.example"})
            case.expect(
                (came.status_code, came.headers.get("Location")),
                (301, "https://ticker.example/"),
                [(lambda v: v[0] == 400, 'Its name is not among ALLOWED_HOSTS: a list, `.split(",")`.')],
                advice="`SECURE_SSL_REDIRECT = True`.",
            )
        loop = "Behind the proxy all requests look like http://, and are redirected for ever, unless Django is told how the proxy says it: `SECURE_PROXY_SSL_HEADER = (\"HTTP_X_FORWARDED_PROTO\", \"https\")`."  # fmt: skip
        with t.case("https:// at the proxy, http:// from there") as case, Visitor() as visitor:
            came = visitor.get("/", headers=PROXIED)
            case.expect(came.status_code, 200, [(301, loop), (400, "Its name is not among ALLOWED_HOSTS: a list, `.split(\",\")`.")])  # fmt: skip
            rule = came.headers.get("Strict-Transport-Security", "")
            year = "A year, for the name and all below it: `SECURE_HSTS_SECONDS = 31536000`."
            case.expect_that(
                int((re.findall(r"max-age=(\d+)", rule) or ["0"])[0]) >= 31_536_000,
                "a year of HSTS",
                rule or "none",
                year,
            )
        with t.case("the other name of the site") as case, Visitor() as visitor:
            came = visitor.get("/", headers={**PROXIED, "Host": "www.ticker.example"})
            case.expect(came.status_code, 200, [(301, loop)], advice="The environment has two names, with a comma between: `.split(\",\")`.")  # fmt: skip
        with t.case("a Host that is not ours") as case, Visitor() as visitor:
            came = visitor.get("/", headers={**PROXIED, "Host": "evil.example"})
            words = "With `[\"*\"]` every name is taken: and the links in our mails, made of the Host, would lead there."  # fmt: skip
            case.expect(came.status_code, 400, [(200, words)], advice=words)
        with t.case("the cookies after a login") as case, Visitor() as visitor:
            page = visitor.get("/log-in/", headers=PROXIED)
            said = page.headers.get("Set-Cookie", "")
            words = "`CSRF_COOKIE_SECURE` and `SESSION_COOKIE_SECURE`: else they travel over http://, too."
            case.expect_that("Secure" in said, "Secure", said[:24] or "none", words)
        with t.case("a page that is not there") as case, Visitor() as visitor:
            came = visitor.get("/nothing/", headers=PROXIED)
            words = "With DEBUG a visitor reads your paths, your settings, your source."
            case.expect_that("urls" not in came.text, "a short page", "the table of paths", words)


from netlab.exercises import (  # noqa: E402
    lesson_17_command,  # noqa: F401
    lesson_17_data,  # noqa: F401
    lesson_17_forms,  # noqa: F401
    lesson_17_model,  # noqa: F401
    lesson_17_quizzes,  # noqa: F401
)
