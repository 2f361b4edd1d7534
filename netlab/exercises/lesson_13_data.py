"""The exercises of lesson 13 on what an application stands on: a database, and packages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

Errors = dict[type[BaseException], str]
SHARES = (
    ("AAPL", "Apple", 430.47),
    ("IBM", "IBM", 202.91),
    ("LOWE", "Lowe's", 38.94),
    ("PCT", "100% Wool", 12.5),
)


class Quoted(sqlite3.ProgrammingError):
    """A value for a question that has no place for it."""


class Watched(sqlite3.Connection):
    """A connection that remembers what it was asked: questions, and the values beside them."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.asked: list[tuple[str, str]] = []

    def cursor(self, *_: Any) -> Any:
        """A cursor that writes into `asked`."""
        return _Cursor(self)

    def execute(self, question: str, values: Any = ()) -> Any:
        """Ask by such a cursor."""
        return self.cursor().execute(question, values)


class _Cursor(sqlite3.Cursor):
    def execute(self, question: str, values: Any = ()) -> Any:
        self.connection.asked.append((question.lower(), repr(values).lower()))  # type: ignore[attr-defined]
        try:
            return super().execute(question, values)
        except sqlite3.ProgrammingError as error:
            raise (Quoted if "uses 0" in str(error) else type(error))(*error.args) from None


@exercise(
    "13-database",
    title="Ask a database",
    objective="13-o4",
    points=3,
    hints=(
        "The question is a constant with a `?` where a value goes; the values come as a second argument, in a tuple: `execute(question, (text,))`.",
        "The database looks, not Python: `WHERE`. `instr(lower(name), lower(?))` is the place of the text in the name, 0 if it is not there: in `WHERE` that is enough. (`LIKE` would read `%` and `_` as wildcards.)",
        "`ORDER BY ticker`, and at the end `.fetchall()`, which is a list of tuples.",
    ),
    passed="What a visitor writes is a value to your database, never a piece of a question.",
)
def database(t: Trial, find_shares: Callable[[sqlite3.Connection, str], Any]) -> None:
    """Searches by honest and other visitors."""
    asked: list[tuple[str, str]] = []

    def found(text: str) -> Any:
        connection = sqlite3.connect(":memory:", factory=Watched)
        try:
            connection.execute("CREATE TABLE shares (ticker TEXT PRIMARY KEY, name TEXT, close REAL)")
            connection.executemany("INSERT INTO shares VALUES (?, ?, ?)", reversed(SHARES))
            connection.asked.clear()
            came = find_shares(connection, text)
            asked[:] = connection.asked
            left = connection.execute("SELECT count(*) FROM shares").fetchone()[0]
            return came if left == len(SHARES) else f"a table of {left} rows"
        finally:
            connection.close()

    mixed = "The text became a piece of the question: write `?` there, and give the text as a value, `execute(question, (text,))`."
    syntax: Errors = {
        sqlite3.OperationalError: mixed,
        Quoted: "A value came and the question has no place for it: in quotes, `'?'` is a text, a question mark. Write it bare, `lower(?)`.",
        sqlite3.ProgrammingError: "Values come in a tuple: `(text,)` with its comma; a bare text counts as one value a letter.",
        sqlite3.Warning: mixed,
    }
    fetch = "That is a cursor, the answer still to be fetched: `.fetchall()`."
    with t.case("Apple", syntax) as case:
        wrong: Wrong = [
            (lambda v: isinstance(v, sqlite3.Cursor), fetch),
            ([SHARES[0]], "Ticker and close only: `SELECT ticker, close`."),
            ([], "Nothing was found: does `WHERE` look at the name?"),
        ]
        case.expect(found("Apple"), [("AAPL", 430.47)], wrong)
    if t.results[-1].advice == fetch:
        return
    with t.case("what the database was asked", syntax) as case:
        found("wool")
        case.expect_that(
            not any("wool" in question for question, _ in asked),
            "a question without the text", "the text stands in the question", mixed,
        )  # fmt: skip
        outside = "Python has looked through all rows: with millions of them, let the database do it, `WHERE` and a `?`, and the text as a value."
        case.expect_that(
            any("wool" in values for _, values in asked), "the text as a value", "no value", outside
        )
    with t.case("a part of a name, in other capitals", syntax) as case:
        case.expect(found("pp"), [("AAPL", 430.47)], [([], "A part of the name is enough: `instr`.")])
        case.expect(
            found("APPLE"), [("AAPL", 430.47)], advice="Capitals do not count: `lower(...)` on both sides."
        )
    with t.case("nothing: all shares, in order", syntax) as case:
        case.expect(
            found(""),
            [(ticker, close) for ticker, _, close in SHARES],
            [
                (
                    lambda v: len(v) < len(SHARES),
                    "An empty text is a part of every name: `instr(name, '')` is 1.",
                ),
                (lambda v: len(v[0]) == 2, "In the order of their tickers: `ORDER BY ticker`."),
            ],
        )
    with t.case("`Lowe's`", syntax) as case:
        case.expect(found("Lowe's"), [("LOWE", 38.94)])
    with t.case("`x' OR '1'='1`", syntax) as case:
        case.expect(found("x' OR '1'='1"), [], advice=mixed)
    with t.case("`x') OR 1=1 --`", syntax) as case:
        case.expect(found("x') OR 1=1 --"), [], advice=mixed)
    with t.case("`'; DROP TABLE shares; --`", syntax) as case:
        case.expect(found("'; DROP TABLE shares; --"), [], advice=mixed)
    wild = (
        "To `LIKE`, `%` means anything and `_` any letter. The visitor meant a sign: `instr` takes it as one."
    )
    with t.case("`%`", syntax) as case:
        case.expect(found("%"), [("PCT", 12.5)], [(lambda v: len(v) > 1, wild)])
    with t.case("`_`", syntax) as case:
        case.expect(found("_"), [], advice=wild)


PINS = {
    "1.4.2 and no other": (["1.4.2"], ["1.4.1", "1.4.3", "1.5.0", "2.0.0"]),
    "1.4.2 or newer": (["1.4.2", "1.5.0", "2.0.0"], ["1.4.1", "1.3.9"]),
    "1.4.2 or newer, but below 2": (["1.4.2", "1.4.9", "1.5.0", "1.99.0"], ["1.4.1", "2.0.0", "2.1.0"]),
    "1.4.2 or a newer one of 1.4": (["1.4.2", "1.4.9"], ["1.4.1", "1.5.0", "2.0.0"]),
    "any of 1, but not the broken 1.4.1": (["1.0.0", "1.4.0", "1.4.2", "1.9"], ["0.9", "1.4.1", "2.0.0"]),
}
SAID: dict[str, Wrong] = {
    "1.4.2 and no other": [(">=1.4.2", "That lets every newer one in. A pin has two equals signs."), ("=1.4.2", "Two equals signs: `==1.4.2`.")],
    "1.4.2 or newer, but below 2": [
        ("~=1.4.2", "`~=1.4.2` means `>=1.4.2, ==1.4.*`: 1.5.0 would be refused."),
        (">=1.4.2", "2.0.0 would come in, and 2 says that something was broken on purpose."),
        ("^1.4.2", "`^` is npm's and Poetry's; pip does not know it."),
    ],
    "1.4.2 or a newer one of 1.4": [("~=1.4", "`~=1.4` means `>=1.4, ==1.*`: 1.5.0 comes in, and so does 1.4.1. One number more.")],
    "any of 1, but not the broken 1.4.1": [("==1.*", "The broken one is in it: add `, !=1.4.1`.")],
}  # fmt: skip


@exercise(
    "13-pins",
    title="Versions that may come",
    objective="13-o5",
    points=2,
    hints=(
        "The signs: `==` this one, `!=` not this one, `>=` `<=` `<` `>`, `~=` compatible with; several are joined by commas: `>=1.4,<2`.",
        "`~=1.4.2` keeps all numbers but the last: any 1.4 from 1.4.2 on. `~=1.4` keeps the 1.",
        "A star stands for the rest, with `==` and `!=`: `==1.*`.",
    ),
    passed="You can say what your program needs, and no more than it needs.",
)
def pins(t: Trial, pins: dict[str, str]) -> None:
    """Version specifiers, tried on versions."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    for wish, (good, bad) in PINS.items():
        with t.case(wish) as case:
            came = pins.get(wish)
            designed = next(
                (words for text, words in SAID.get(wish, ()) if text == str(came).replace(" ", "")), ""
            )
            try:
                specifiers = SpecifierSet(str(came))
            except InvalidSpecifier:
                case.fail(
                    "a version specifier",
                    repr(came),
                    designed
                    or "That is no specifier: a sign and a version, such as `>=1.4`; several with commas.",
                )
            refused = [version for version in good if version not in specifiers]
            let_in = [version for version in bad if version in specifiers]
            case.expect_that(
                not let_in,
                f"not {', '.join(bad)}",
                f"lets {', '.join(let_in)} in",
                designed or "Too many may come: which sign keeps them out?",
            )
            case.expect_that(
                not refused,
                ", ".join(good),
                f"refuses {', '.join(refused)}",
                designed or "Too few may come: be less strict.",
            )
