"""The exercises of lesson 14 on visitors who send something: a form, and what belongs to whom."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from netlab.exercises.lesson_14_stage import Visitor
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

GOOD = {"ticker": "AAPL", "limit": "430.10"}  # of which no float is exactly the value
BAD: dict[str, tuple[dict[str, str], str]] = {
    "no ticker": ({"ticker": ""}, "A field that must be there: `InputRequired()`."),
    "`aapl`": ({"ticker": "aapl"}, 'One to five capital letters: `Regexp(r"[A-Z]{1,5}\\Z")`.'),
    "`TOOLONG`": ({"ticker": "TOOLONG"}, "One to five capital letters, and nothing behind them: `\\Z`."),
    "a ticker with a line break behind it": ({"ticker": "AAPL\n"}, "`$` fits before a last line break; `\\Z` is the end."),
    "`-1` dollars": ({"limit": "-1"}, 'A price is above zero: `NumberRange(min=Decimal("0.01"), …)`.'),
    "`0.001` dollars": ({"limit": "0.001"}, 'The least is a cent: `NumberRange(min=Decimal("0.01"), …)`.'),
    "`1000000` dollars": ({"limit": "1000000"}, 'The most is 999999: `NumberRange(…, max=Decimal("999999"))`.'),
    "nothing": ({"limit": ""}, "A field that must be there: `InputRequired()`."),
    "`abc` dollars": ({"limit": "abc"}, "A `DecimalField` refuses what is no number."),
    "`NaN` dollars": ({"limit": "NaN"}, "`NaN` is a Decimal, and neither below nor above anything: `NumberRange` refuses it, a comparison of your own does not."),
    "`Infinity` dollars": ({"limit": "Infinity"}, "Infinity is above every minimum: `NumberRange` needs a `max`."),
}  # fmt: skip


@exercise(
    "14-form",
    title="A form that is not taken in",
    objective="14-o3",
    points=4,
    hints=(
        'The fields: `StringField("Ticker", [InputRequired(), Regexp(r"[A-Z]{1,5}\\Z", message="…")])`, and `DecimalField("Limit", [InputRequired(), NumberRange(Decimal("0.01"), Decimal("999999"))])`.',
        "The view: `form = AlertForm()`, then `if form.validate_on_submit():`, which is true for a POST with a good token and good values, and for nothing else.",
        "What is good: `save(form.ticker.data, form.limit.data)`, then `return redirect(\"/alerts\", 303)`.",
        "All else: `render_template_string(PAGE, form=form)`, with 422 if `form.is_submitted()`, and 200 for who has only come to look.",
    ),
    passed="A token that another site cannot know, values that can be used, and an answer that says what is wrong.",
    limit=10,
)  # fmt: skip
def form(t: Trial, AlertForm: Any, alert: Callable[..., Any]) -> None:  # noqa: N803, ARG001
    """The form on a site, sent by its own page, by another site, and by a program."""
    from flask import Flask

    saved: list[tuple[Any, Any]] = []
    app = Flask("exercise")
    app.config["SECRET_KEY"] = "the judge's"  # noqa: S105
    app.add_url_rule(
        "/alerts", "alert", lambda: alert(lambda *values: saved.append(values)), methods=["GET", "POST"]
    )

    with t.case("GET: an empty form") as case, Visitor(app) as visitor:
        came = visitor.get("/alerts")
        visitor.raise_again()
        words = "Who has only come to look, did nothing wrong: 422 only `if form.is_submitted()`."
        case.expect(came.status_code, 200, [(422, words)])
        words = "No token on the page: is `AlertForm` a FlaskForm?"
        case.expect_that(bool(visitor.token("/alerts")), "a field csrf_token", "none", words)
        blamed = "`validate()` judges a form that nobody has sent: `validate_on_submit()` asks first whether it is a POST."
        case.expect_that(
            'class="error"' not in came.text, "no message", "a message for who only looks", blamed
        )
    with t.case("a good alert") as case, Visitor(app) as visitor:
        came = visitor.post("/alerts", {**GOOD, "csrf_token": visitor.token("/alerts")})
        visitor.raise_again()
        case.expect((came.status_code, came.headers.get("Location")), (303, "/alerts"), [
            ((302, "/alerts"), "302 works in browsers, 303 says what is meant: go there, with GET."),
            ((200, None), "After a form that was taken: `redirect(\"/alerts\", 303)`. Else a reload sends it again."),
            ((422, None), "A good form was refused: which messages are on the page?"),
        ])  # fmt: skip
        case.expect(saved, [("AAPL", Decimal("430.10"))], [
            ([], "Nothing was saved: `save(form.ticker.data, form.limit.data)`."),
            ([("AAPL", "430.10")], "The limit is text: a `DecimalField` makes a number of it."),
            (lambda v: isinstance(v[0][1], float), "A float is no exact price, 430.10 least of all: hand on what the `DecimalField` has made, a Decimal."),
        ])  # fmt: skip
    for limit in ("0.01", "999999"):
        with t.case(f"`{limit}` dollars") as case, Visitor(app) as visitor:
            saved.clear()
            visitor.post("/alerts", {**GOOD, "limit": limit, "csrf_token": visitor.token("/alerts")})
            visitor.raise_again()
            words = f'From 0.01 to 999999, both of them too. (0.01 as a float is a little more than a cent: `Decimal("{limit}")`.)'
            case.expect(saved, [("AAPL", Decimal(limit))], advice=words)
    forged = "Another site can send this form in the visitor's name: only `validate_on_submit()` looks at the token."
    for what, token in {"no token": None, "a token made up": "IjEyMyI.made.up", "the token of another visitor": "other"}.items():  # fmt: skip
        with t.case(what) as case, Visitor(app) as visitor, Visitor(app) as other:
            visitor.get("/alerts")
            token = other.token("/alerts") if token == "other" else token  # noqa: S105
            saved.clear()
            came = visitor.post("/alerts", {**GOOD, **({"csrf_token": token} if token else {})})
            case.expect_that(not saved, "nothing saved", f"saved: {saved}", forged)
            refused = came.status_code in (400, 403, 422)
            case.expect_that(
                refused, "422, or 400", str(came.status_code), "It was refused; say so by the status."
            )
    for what, (values, words) in BAD.items():
        with t.case(what) as case, Visitor(app) as visitor:
            token = visitor.token("/alerts")
            saved.clear()
            came = visitor.post("/alerts", {**GOOD, **values, "csrf_token": token})
            visitor.raise_again()
            case.expect_that(not saved, "nothing saved", f"saved: {saved}", words)
            status = "A page that says what is wrong has status 422, so that a program sees it too."
            case.expect(came.status_code, 422, [(200, status)], advice=words)
            said = 'class="error"' in came.text
            case.expect_that(
                said, "a message on the page", "none", "Render the same form: it carries its errors."
            )


OWNERS = '''
def is_ours(target):
    """Whether a target is a path on this site."""
    return target.startswith("/")


def find_alert(alerts, number):
    """The alert of that number, for the user who is logged in."""
    return alerts[number]
'''
EVIL = {
    "https://evil.example/": "A whole URL leads anywhere: a path of ours begins with one slash.",
    "//evil.example/": "Two slashes begin a host name: `//evil.example` is another site, by the scheme of this page.",
    "/\\evil.example/": "Browsers take a backslash for a slash: `/\\` is `//`.",
    "/\t/evil.example/": "Browsers leave tabs and line breaks out of URLs, and then it is `//`.",
    "/alerts\n": "A line break has no place in it; and `$` fits before a last one: `fullmatch`, or `\\Z`.",
    "/\r/evil.example/": "Browsers leave tabs and line breaks out of URLs, and then it is `//`.",
    "/\n/evil.example/": "Browsers leave tabs and line breaks out of URLs, and then it is `//`.",
    "javascript:alert(1)": "That is no path at all, but a program.",
    "": "Nothing is no path.",
    "alerts/1": "Where that leads, depends on where you are: ask for a slash in front.",
}


def _site(is_ours: Callable[[str], Any], find_alert: Callable[..., Any]) -> Any:
    """A site with a login that needs no password, and alerts of two users."""
    from flask import Flask, redirect, request
    from flask_login import LoginManager, UserMixin, login_required, login_user

    class User(UserMixin):  # type: ignore[misc]
        def __init__(self, number: str) -> None:
            self.id = int(number)

    alerts = {1: {"owner": 1, "ticker": "AAPL"}, 2: {"owner": 2, "ticker": "IBM"}}
    app = Flask("exercise")
    app.config["SECRET_KEY"] = "the judge's"  # noqa: S105
    logins = LoginManager(app)
    logins.login_view = "log_in"
    logins.user_loader(User)

    @app.route("/log-in", methods=["GET", "POST"])
    def log_in() -> Any:
        if request.method == "GET":
            return "Log in."
        login_user(User(request.form["user"]))
        target = request.args.get("next", "")
        return redirect(target if is_ours(target) else "/", 303)

    @app.get("/alerts/<int:number>")
    @login_required  # type: ignore[untyped-decorator]
    def show(number: int) -> Any:
        return find_alert(alerts, number)

    @app.post("/alerts/<int:number>/delete")
    @login_required  # type: ignore[untyped-decorator]
    def delete(number: int) -> Any:
        find_alert(alerts, number)
        del alerts[number]
        return "", 204

    return app


@exercise(
    "14-owner",
    title="Two bugs to find: whose page, and where to",
    objective="14-o4",
    points=4,
    starter=OWNERS,
    hints=(
        "`current_user.id` of Flask-Login is the number of whoever is logged in. An alert has an `\"owner\"`.",
        "`alerts.get(number)` is None for one that is not there. For that, and for somebody else's: `abort(404)`. (403 would say that it is there.)",
        "A path of ours: one slash, then neither a slash nor a backslash, and nowhere a character that browsers leave out. A regular expression with `fullmatch`: `r\"/(?![/\\\\])[^\\\\\\x00-\\x20\\x7f]*\"`.",
    ),
    passed="A login says who you are; only the query says what is yours. And a login leads nobody away.",
    limit=10,
)  # fmt: skip
def owner(t: Trial, is_ours: Callable[[str], Any], find_alert: Callable[..., Any]) -> None:
    """Two visitors and their alerts; then links that lead away."""
    app = _site(is_ours, find_alert)

    def logged_in(visitor: Visitor, number: str) -> Visitor:
        visitor.post("/log-in", {"user": number})
        return visitor

    with t.case("Ada sees her alert") as case, Visitor(app) as visitor:
        came = logged_in(visitor, "1").get("/alerts/1")
        visitor.raise_again()
        words = "It is hers: `alert[\"owner\"] == current_user.id`, numbers both."  # fmt: skip
        case.expect(came.status_code, 200, advice=words)
        case.expect(visitor.json(came), {"owner": 1, "ticker": "AAPL"}, advice="Return the alert itself.")
    with t.case("nobody in particular is sent to the login") as case, Visitor(app) as visitor:
        case.expect(visitor.get("/alerts/1").status_code, 302)
    others = "`@login_required` has let him in: he is somebody. Whether it is *his*, you have to ask: `abort(404)` if not."
    exists = "403 says: it is there, and not yours. Try all the numbers, and you know how many alerts there are. 404."
    with t.case("Bob asks for Ada's alert") as case, Visitor(app) as visitor:
        came = logged_in(visitor, "2").get("/alerts/1")
        case.expect(came.status_code, 404, [(200, others), (403, exists)], advice=others)
    with t.case("Bob deletes Ada's alert") as case, Visitor(app) as visitor:
        came = logged_in(visitor, "2").post("/alerts/1/delete")
        case.expect(came.status_code, 404, [(204, others), (403, exists)], advice=others)
    with t.case("an alert that does not exist") as case, Visitor(app) as visitor:
        came = logged_in(visitor, "1").get("/alerts/99")
        words = (
            "A number made up is the visitor's mistake, 404, and no KeyError of yours: `alerts.get(number)`."
        )
        case.expect(came.status_code, 404, [(500, words)], advice=words)
    for target in ("/alerts/1", "/alerts/1?day=2013-03-01", "/"):
        with t.case(f"after the login to `{target}`") as case:
            words = "A path on this site is where the visitor wanted to go."
            case.expect(bool(is_ours(target)), True, advice=words)
    for target, words in EVIL.items():
        with t.case(f"after the login to {target!r}") as case:
            case.expect(bool(is_ours(target)), False, advice=words)
    with t.case("a link from evil.example to the login") as case, Visitor(app) as visitor:
        came = visitor.post("/log-in?next=//evil.example/", {"user": "1"})
        case.expect(came.headers.get("Location"), "/", advice=EVIL["//evil.example/"])
