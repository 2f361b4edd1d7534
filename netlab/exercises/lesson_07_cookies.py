"""The exercise of lesson 07 on a client's memory: a jar of cookies with bugs."""

from __future__ import annotations

from collections.abc import Callable

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

Errors = dict[type[BaseException], str]
COOKIES = """
def remember(jar, set_cookie):
    name, value = set_cookie.split("=")[:2]
    jar[name] = value


def cookie_field(jar):
    return ", ".join(f"{name}={value}" for name, value in jar.items())
"""


@exercise(
    "07-cookies",
    title="Mend a cookie jar",
    objective="07-o4",
    points=3,
    starter=COOKIES,
    hints=(
        'Take `"visits=2; Path=/visits"` and go through `remember` by hand: what is `value`?',
        'The attributes come after semicolons: `pair, *attributes = set_cookie.split(";")`.',
        'A value may hold a `=`: `pair.partition("=")` splits at the first one only. `.strip()` takes blanks away.',
        "Max-Age=0 says: forget it. Attribute names may come in any case. `jar.pop(name, None)`.",
        'In the field `Cookie` the pairs are joined by `"; "`.',
    ),
    passed="Your jar keeps what a server gives, forgets what it takes back, and sends the pairs only.",
)
def cookies(
    t: Trial, remember: Callable[[dict[str, str], str], None], cookie_field: Callable[[dict[str, str]], str]
) -> None:
    """A jar of cookies for one site."""

    def jar_after(*values: str) -> dict[str, str]:
        jar: dict[str, str] = {}
        for value in values:
            remember(jar, value)
        return jar

    no_cookie: Wrong = [
        (
            lambda v: {"path", "httponly", "max-age"} & {name.strip().lower() for name in v},
            "Attributes are notes for the client, no cookies: they do not go into the jar.",
        )
    ]
    unpack: Errors = {
        ValueError: "Not each attribute has a `=`, and a value may have several: split at `;` first."
    }
    with t.case("a name and a value", unpack) as case:
        case.expect(jar_after("visits=1"), {"visits": "1"})
    with t.case("attributes after it", unpack) as case:
        words = "Path, HttpOnly and the like are notes for the client: cut the value at the first `;`."
        came = jar_after("visits=2; Path=/visits; HttpOnly")
        wrong: Wrong = [(lambda v: ";" in str(v), words), *no_cookie]
        case.expect(came, {"visits": "2"}, wrong, advice=words)
    with t.case("a value that holds `=`", unpack) as case:
        words = "Split at the *first* `=` only: session keys often end in one."
        case.expect(jar_after("session=a2V5=="), {"session": "a2V5=="}, advice=words)
    with t.case("the same name again", unpack) as case:
        came = jar_after("visits=1", "theme=dark", "visits=2; Path=/")
        case.expect(came, {"visits": "2", "theme": "dark"}, no_cookie)
    gone: Errors = {KeyError: "It may be gone already: `jar.pop(name, None)`.", **unpack}
    with t.case("Max-Age=0", gone) as case:
        words = "Max-Age=0 says: forget this cookie. That is how a server logs you out."
        case.expect(
            jar_after("session=abc", "session=; Path=/; Max-Age=0"),
            {},
            [({"session": ""}, words), *no_cookie],
            advice=words,
        )
        case.expect(jar_after("unknown=; Max-Age=0"), {})
    with t.case("max-age=0, in other capitals", gone) as case:
        words = "Names of attributes may come in any case: compare `.lower()`."
        case.expect(jar_after("session=abc", "session=x; max-age=0"), {}, no_cookie, advice=words)
    with t.case("a value that looks like an attribute", gone) as case:
        words = "Here `max-age=0` is the value. Look for it among the attributes only, each on its own."
        case.expect(jar_after("note=max-age=0; Path=/"), {"note": "max-age=0"}, no_cookie, advice=words)
    with t.case("Max-Age=60", unpack) as case:
        words = "60 seconds are not over yet."
        case.expect(jar_after("session=abc; Max-Age=60"), {"session": "abc"}, no_cookie, advice=words)
    with t.case("the field to send") as case:
        words = "In `Cookie` the pairs are joined by a semicolon and a blank (RFC 6265)."
        came_field = cookie_field({"visits": "2", "theme": "dark"})
        case.expect(came_field, "visits=2; theme=dark", [("visits=2, theme=dark", words)], advice=words)
