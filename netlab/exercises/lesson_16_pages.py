"""The exercises of lesson 16 on pages: a policy that holds, and forms that come from elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from netlab.exercises.lesson_14_stage import Visitor
from netlab.exercises.lesson_16_policy import OURS, Policy
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

STARTER = "script-src 'self' 'unsafe-inline' https:; img-src *; style-src self"
EVIL, PARTNER = "https://evil.example", "https://pictures.example"
NEEDED = {
    "our script, /chart.js": ("script-src", f"{OURS}/chart.js", "`script-src 'self'`, with its quotes: without them it is a host called self."),
    "our style, /site.css": ("style-src", f"{OURS}/site.css", "`style-src 'self'`, with its quotes: without them it is a host called self."),
    "our picture, /logo.png": ("img-src", f"{OURS}/logo.png", "The page has pictures of its own: `img-src 'self'`."),
    "a partner's picture, https://pictures.example/apple.png": ("img-src", f"{PARTNER}/apple.png", "Two sources stand side by side: `img-src 'self' https://pictures.example`."),
    "our prices, /api/prices": ("connect-src", f"{OURS}/api/prices", "The chart asks for prices by `fetch`: `connect-src 'self'`."),
    "our form, to /log-in": ("form-action", f"{OURS}/log-in", "Our own forms must work: `form-action 'self'`."),
    "a frame around us, in our own front page": ("frame-ancestors", f"{OURS}/", "`'none'` keeps our own front page out as well: `frame-ancestors 'self'`."),
}  # fmt: skip
FORBIDDEN = {
    "a script of evil.example": ("script-src", f"{EVIL}/x.js", "That is any site: `https:`, `http:`, `https://*` and `*` are everybody's, `'self'` is ours."),
    "a script written into its own address": ("script-src", "data:text/javascript,fire()", "`data:` lets the attacker bring the script along in the link."),
    "a picture of evil.example": ("img-src", f"{EVIL}/loot?c=secret", "A picture's address carries out what a script has read: only our own."),
    "a script of the partner's": ("script-src", f"{PARTNER}/x.js", "The partner has pictures for us, and nothing else: name it at `img-src` only."),
    "prices of evil.example": ("connect-src", f"{EVIL}/loot", "Nothing is said of `connect-src`, and there is no `default-src`: so everything is allowed. Begin with `default-src 'none'`."),
    "a plug-in of evil.example": ("object-src", f"{EVIL}/x", "Nothing is said of `object-src`: `default-src 'none'` covers it."),
    "a film of evil.example": ("media-src", f"{EVIL}/x?c=secret", "Nothing is said of `media-src`, one of a dozen kinds: `default-src 'none'` covers them all."),
    "a font of evil.example": ("font-src", f"{EVIL}/x", "Nothing is said of `font-src`: `default-src 'none'` covers it."),
    "a frame of evil.example": ("frame-src", f"{EVIL}/x", "Nothing is said of `frame-src`: `default-src 'none'` covers it."),
    "a form to evil.example": ("form-action", f"{EVIL}/loot", "`default-src` does not cover `form-action`: an injected form could send passwords away."),
    "a base of evil.example": ("base-uri", f"{EVIL}/", "`default-src` does not cover `base-uri`: an injected `<base>` would turn /chart.js into a script of theirs."),
    "a frame around us, at evil.example": ("frame-ancestors", f"{EVIL}/", "`default-src` does not cover `frame-ancestors`: our page could lie, invisible, under theirs (clickjacking)."),
}  # fmt: skip


@exercise(
    "16-csp",
    title="A policy with holes",
    objective="16-o1",
    points=3,
    starter=STARTER,
    hints=(
        "Begin with `default-src 'none'`, and then allow one kind after the other what the page needs: scripts, styles, pictures (the partner's, too), `connect-src` for `fetch`.",
        "Three directives are not covered by `default-src`: `form-action`, `base-uri`, `frame-ancestors`.",
        "`'unsafe-inline'` is the hole that XSS needs: without it the page's own scripts must be files, and they are.",
        "Keywords have quotes: `'self'`, `'none'`; addresses have none. Sources of one kind stand side by side, with a space between them; each kind is ended by `;`.",
    ),
    passed="Even if somebody's HTML gets into the page, it can load nothing of theirs, run nothing, and send nothing away.",
)
def csp(t: Trial, policy: str) -> None:
    """A policy, asked what it lets through."""
    if not isinstance(policy, str):
        with t.case("a policy") as case:
            case.fail("a text", type(policy).__name__, "One text, with `;` between its parts.")
        return
    asked = Policy(policy.removeprefix("Content-Security-Policy:"))
    for what, (directive, url, words) in NEEDED.items():
        with t.case(f"allowed: {what}") as case:
            case.expect_that(asked.loads(directive, url), "allowed", "refused", words)
    inline = "`'unsafe-inline'` runs every script that somebody has written into the page: that is XSS."
    with t.case("refused: a script in the page, and onerror=…") as case:
        words = (
            inline
            if "unsafe-inline" in policy
            else "Nothing is said of scripts: `default-src 'none'; script-src 'self'`."
        )
        case.expect_that(not asked.inline(), "refused", "it runs", words)
    with t.case("refused: a style in the page") as case:
        words = "`'unsafe-inline'` for styles: the attacker's HTML could lay itself over the whole page. Our styles are in a file."
        if asked.sources("style-src") is None:
            words = "Nothing is said of styles: `default-src 'none'; style-src 'self'`."
        case.expect_that(not asked.inline("style-src"), "refused", "it counts", words)
    with t.case("refused: eval") as case:
        case.expect_that(
            not asked.eval(),
            "refused",
            "it runs",
            "`'unsafe-eval'` makes programs of text, also of the attacker's.",
        )
    for what, (directive, url, words) in FORBIDDEN.items():
        with t.case(f"refused: {what}") as case:
            case.expect_that(not asked.loads(directive, url), "refused", "allowed", words)


LOOSE = "Whoever brings no token gets in when there is none in the session either: `None == None`. Refuse when the session has none."


@exercise(
    "16-csrf",
    title="A guard against forms from elsewhere",
    objective="16-o4",
    points=3,
    limit=15,
    hints=(
        "`if request.method in (\"GET\", \"HEAD\", \"OPTIONS\"): return`: they only read. All the others are asked.",
        "`expected = session.get(\"csrf_token\", \"\")`, and `sent = request.form.get(\"csrf_token\") or request.headers.get(\"X-CSRF-Token\", \"\")`.",
        "`if not expected or not hmac.compare_digest(expected.encode(), sent.encode()): abort(403)`.",
        "`compare_digest` raises a TypeError for text that is not ASCII: compare bytes. And a guard that is content returns nothing: what it returns would be the answer.",
    ),
    passed="A hostile page can send the form and the cookie. The token it does not have, and may not read.",
)  # fmt: skip
def csrf(t: Trial, guard: Callable[[], Any]) -> None:
    """The guard before each request of a site, and forms from our page and from others."""
    from flask import Flask, session

    app = Flask("exercise")
    app.config["SECRET_KEY"] = "the judge's"  # noqa: S105
    app.before_request(guard)
    done: list[str] = []

    @app.get("/page")
    def page() -> str:
        session["csrf_token"] = session.get("csrf_token") or f"token-{len(done)}-{secrets.token_hex(4)}"
        return f'<input name="csrf_token" value="{session["csrf_token"]}">'

    @app.route("/change", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def change() -> str:
        done.append("changed")
        return "changed"

    def sent(visitor: Visitor, method: str = "POST", **more: Any) -> int:
        done.clear()
        status = visitor._ask(method, "/change", **more).status_code
        visitor.raise_again()
        return status

    answers: dict[type[BaseException], str] = {
        TypeError: "Look at the method first, and return nothing: what a guard returns becomes the answer.",
    }  # fmt: skip
    brackets = "`request.form[…]` is answered by 400 where the form has no such field: `request.form.get(…)`."
    with t.case("GET needs no token", answers) as case, Visitor(app) as visitor:
        words = "GET, HEAD and OPTIONS only read: a link from elsewhere may lead to us."
        case.expect(
            sent(visitor, "GET"),
            200,
            [(403, words)],
            advice="A guard that has nothing against it returns nothing.",
        )
        case.expect(
            done,
            ["changed"],
            advice="The guard returned something, and that became the answer. Return nothing.",
        )
    for method in ("HEAD", "OPTIONS"):
        with t.case(f"{method} needs no token", answers) as case, Visitor(app) as visitor:
            words = "GET, HEAD and OPTIONS only read: all three are free."
            case.expect(sent(visitor, method), 200, [(403, words)], advice=words)
    with t.case("our own form") as case, Visitor(app) as visitor:
        token = visitor.token("/page")
        words = (
            'The right token was refused: compare `session["csrf_token"]` with `request.form["csrf_token"]`.'
        )
        case.expect(sent(visitor, data={"csrf_token": token}), 200, advice=words)
        case.expect(
            done,
            ["changed"],
            advice="The guard returned something, and that became the answer. Return nothing.",
        )
    with t.case("our own script, with the token in X-CSRF-Token") as case, Visitor(app) as visitor:
        token = visitor.token("/page")
        words = "A script that sends JSON has no form: look into `request.headers.get(\"X-CSRF-Token\")` as well."  # fmt: skip
        case.expect(
            sent(visitor, json={}, headers={"X-CSRF-Token": token}), 200, [(403, words)], advice=words
        )
    forged = "The form of a hostile page got through: it brings the cookie, and no token."
    for what, data in {
        "no token": {},
        "an empty token": {"csrf_token": ""},
        "a wrong token": {"csrf_token": "token"},
        "a token with ü in it": {"csrf_token": "tökén"},
    }.items():
        with t.case(f"from elsewhere: {what}") as case, Visitor(app) as visitor:
            visitor.get("/page")
            raised = 'Your guard raised something, so the visitor gets 500. Where there is no such field, `.get` gives None: give it a default, `""`.'
            if "ü" in what:
                raised = "`compare_digest` takes text of ASCII only: compare `.encode()`d bytes, and your visitor gets 403 instead of 500."
            case.expect(
                sent_or_500(sent, visitor, data=data),
                403,
                [(500, raised), (200, forged), (400, brackets)],
                advice="Refused it is, but not by `abort(403)`.",
            )
            case.expect(done, [], advice=forged)
    for what, data in {"no token at all": {}, "an empty one": {"csrf_token": ""}}.items():
        with t.case(f"a visitor without a session sends {what}") as case, Visitor(app) as visitor:
            case.expect(sent_or_500(sent, visitor, data=data), 403, [(200, LOOSE), (400, brackets), (500, "`session[\"csrf_token\"]` raises KeyError where there is none, and `compare_digest` takes no None: ask first whether the session has one.")])  # fmt: skip
    with t.case("the token of another visitor") as case, Visitor(app) as visitor, Visitor(app) as other:
        done.append("another one")
        visitor.get("/page")
        done.append("another one")
        token = other.token("/page")
        words = "Eve has a session of her own, and a token for it. It must be *this* visitor's."
        case.expect(sent(visitor, data={"csrf_token": token}), 403, [(200, words)])
    for method in ("PUT", "PATCH", "DELETE"):
        with t.case(f"from elsewhere: {method}") as case, Visitor(app) as visitor:
            visitor.get("/page")
            words = (
                "Not only POST changes something: ask for a token unless the method is GET, HEAD or OPTIONS."
            )
            case.expect(sent(visitor, method), 403, [(200, words)], advice=words)
    with t.case("the token in the address") as case, Visitor(app) as visitor:
        token = visitor.token("/page")
        done.clear()
        came = visitor._ask("POST", "/change", params={"csrf_token": token}).status_code
        words = "An address stands in logs and in the Referer: whoever reads them has the token. Form or header only."
        case.expect(came, 403, [(200, words)])


def sent_or_500(sent: Callable[..., int], visitor: Visitor, **more: Any) -> int:
    """The status, also where the guard raised something."""
    try:
        return sent(visitor, **more)
    except Exception:
        return 500
