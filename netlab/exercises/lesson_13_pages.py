"""The exercises of lesson 13 on what goes out to visitors: templates, and cookies that they cannot forge."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from jinja2 import TemplateSyntaxError, UndefinedError

from netlab.apps import tiny
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

Errors = dict[type[BaseException], str]

TEMPLATE = """
<h1>{{ name|safe }}</h1>
<input name=q value={{ query }}>
<script>const share = "{{ name }}";</script>
"""


class _Skeleton(HTMLParser):
    """The elements of a page with their attributes, the text of its heading, the code of its script."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = {"h1": "", "script": ""}
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, _: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in self.text:
            self.text[self._inside] += data


@exercise(
    "13-template",
    title="Mend a template",
    objective="13-o4",
    points=3,
    starter=TEMPLATE,
    hints=(
        "The engine escapes whatever stands between `{{` and `}}`, unless somebody tells it not to. Who does, in the first line?",
        "An attribute without quotes ends at the first blank, and blanks are not escaped: `value=\"{{ query }}\"`.",
        "In a script `&lt;` means nothing, and a backslash means much: JavaScript has other rules than HTML. The filter `tojson` writes a value as JavaScript, with its quotes: leave yours out.",
    ),
    passed="Three places, three sets of rules: an element's text, an attribute, a script. The engine knows the first; you know where the others are.",
)  # fmt: skip
def template(t: Trial, page: str) -> None:
    """Names that are more than names, in the three places of a template."""
    with t.case("Jinja2 can read it") as case:
        case.expect_that(
            isinstance(page, str), "text", type(page).__name__, "A template is text: a page with gaps."
        )
        try:
            made = tiny.pages.ENVIRONMENT.from_string(page)
        except TemplateSyntaxError as error:
            words = "Each `{{` needs its `}}` and each `{%` its `%}`; a filter stands behind a `|`, with its name spelt right."
            case.fail("a template", f"line {error.lineno}: {error.message}", words)
    if not t.results[-1].passed:
        return

    def drawn(name: str = "Apple", query: str = "") -> _Skeleton:
        return _Skeleton(made.render(name=name, query=query))

    raw = "`|safe` says: this is HTML of mine, believe me. A name is none of yours: leave the filter out."
    with t.case("Apple", {UndefinedError: "The template gets two values, `name` and `query`."}) as case:
        came = drawn()
        case.expect(
            [tag for tag, _ in came.elements],
            ["h1", "input", "script"],
            advice="The three elements stay as they are.",
        )
        case.expect(came.text["h1"].strip(), "Apple")
    if not t.results[-1].passed:
        return
    with t.case("a share called `AT&T <b>`") as case:
        came = drawn("AT&T <b>")
        twice = "It was escaped twice: a visitor would read `&amp;`. The engine does it once by itself."
        case.expect(
            came.text["h1"].strip(),
            "AT&T <b>",
            [("AT&T", raw), ("AT&T ", raw), (lambda v: "&amp;" in v or "&lt;" in v, twice)],
            advice=raw,
        )
    with t.case("a share called `<script>alert(1)</script>`") as case:
        came = drawn("<script>alert(1)</script>")
        case.expect([tag for tag, _ in came.elements], ["h1", "input", "script"], advice=raw)
    quotes = 'Without quotes an attribute ends at a blank, and the rest is attributes of the visitor\'s: `value="{{ query }}"`.'
    for what, query in {"two words": "apple pie", "`x onfocus=alert(1) autofocus`": "x onfocus=alert(1) autofocus", "quotes": '" onfocus="alert(1)'}.items():  # fmt: skip
        with t.case(f"a search for {what}") as case:
            attributes = dict(drawn(query=query).elements[1][1])
            case.expect(attributes, {"name": "q", "value": query}, advice=quotes)
    script = "JavaScript has its own rules: `const share = {{ name|tojson }};`, without quotes of yours."
    for name in ("Apple", 'O\'Reilly "Media" & Sons', "back\\slash", "</script><b>", "two\nlines"):
        with t.case(f"the script with {name!r}") as case:
            code = drawn(name).text["script"]
            found = re.search(r"(?s)const share = (.*);", code)
            case.expect_that(
                found is not None, "`const share = …;` in the script", code or "no script", script
            )
            assert found is not None
            try:
                value = json.loads(found[1])
            except ValueError:
                value = found[1]
            case.expect(value, name, advice=script)


@exercise(
    "13-session",
    title="A cookie that cannot be forged",
    objective="13-o4",
    points=3,
    hints=(
        'Both need the same signature: `hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()`. Signed, it is `f"{value}.{signature}"`.',
        'The value may have dots; the signature has none: split at the *last* dot, `value, _, came = signed.rpartition(".")`.',
        "Compute the signature anew from the value, and compare it with the one that came: `hmac.compare_digest` takes equally long for every wrong one. It wants ASCII or bytes: `.encode()` both.",
        "Nothing is trusted before the comparison. If it fails, or if there is no dot: return None.",
    ),
    passed="The visitor carries it, reads it, and cannot change a letter. That is Flask's session cookie, too.",
)
def session(t: Trial, sign: Callable[[str, bytes], str], unsign: Callable[[str, bytes], Any]) -> None:
    """Cookies, true and forged."""
    secret, signed = b"a secret of Ticker's", tiny.sign("ada", b"a secret of Ticker's")
    with t.case("sign") as case:
        wrong: Wrong = [
            (lambda v: isinstance(v, bytes), "A cookie is text: hexdigest() gives text."),
            (lambda v: "ada" not in v, "The value stays readable, in front of the dot."),
            (
                lambda v: v == sign("ada", b"another"),
                "The secret takes no part in it: anybody could compute that. `hmac.new(secret, …)`.",
            ),
            (
                lambda v: v == sign("bob", secret).replace("bob", "ada"),
                "The signature is the same for every value: sign the value.",
            ),
        ]
        case.expect(sign("ada", secret), signed, wrong, advice="Value, dot, HMAC with SHA-256 in hex.")
    with t.case("there and back") as case:
        case.expect(unsign(signed, secret), "ada")
    with t.case("a value with dots", {ValueError: 'Split at the last dot: `rpartition(".")`.'}) as case:
        words = "The value may have dots of its own: split at the last one, `rpartition`."
        case.expect(
            unsign(tiny.sign("ada.l@ticker.example", secret), secret), "ada.l@ticker.example", advice=words
        )
    with t.case("an empty value") as case:
        case.expect(
            unsign(tiny.sign("", secret), secret),
            "",
            [(None, "An empty value with a good signature is a value.")],
        )
    forged = (
        "The visitor has changed it, and you believed it: compute the signature of what came, and compare."
    )
    quiet = "A forged cookie is no fault of the program: return None, and raise nothing."
    for what, cookie in {
        "another value, the old signature": signed.replace("ada", "admin"),
        "a signature by another secret": tiny.sign("admin", b"guessed"),
        "a signature cut short": signed[:-1],
        "no signature": "admin.",
        "an empty signature and no value": ".",
    }.items():
        with t.case(what, {ValueError: quiet}) as case:
            case.expect(unsign(cookie, secret), None, advice=forged)
    with t.case("how it compares") as case:
        slow = "`==` stops at the first letter that differs, and its time tells how many were right: `hmac.compare_digest`."
        case.expect_that(_compares_slowly(unsign, signed, secret), "a call of compare_digest", "none", slow)
    loose: Errors = {
        ValueError: "No dot: nothing to compare, so None.",
        IndexError: "No dot: nothing to compare, so None.",
        TypeError: "`compare_digest` wants ASCII text or bytes: `.encode()` both sides.",
        UnicodeEncodeError: "`.encode()` without a name takes any text.",
    }
    for what, cookie in {"no dot at all": "admin", "nothing": "", "a signature of `é`": "admin.é"}.items():
        with t.case(what, loose) as case:
            case.expect(unsign(cookie, secret), None, advice=forged)


def _compares_slowly(unsign: Callable[[str, bytes], Any], signed: str, secret: bytes) -> bool:
    """Whether `compare_digest` is called, by whatever name."""
    called: set[str] = set()

    def watch(_frame: Any, event: str, what: Any) -> None:
        if event == "c_call":
            called.add(what.__name__)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        unsign(signed, secret)
    finally:
        sys.setprofile(before)
    return not called.isdisjoint({"compare_digest", "_compare_digest"})
