"""The exercises of lesson 16, web security: questions to a database, and passwords."""

from __future__ import annotations

import hashlib
import importlib
import sqlite3
import string
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

SHARES = (("AAPL", "Apple", 430.47), ("FB", "Facebook", 27.78), ("IBM", "IBM", 202.91), ("O'R", "O'Reilly 100%", 5.0), ("A_B", "Under_score", 7.5))  # fmt: skip
EVIL = "x') OR 1=1 --"
STEALS = "x' UNION SELECT email, password FROM users --"


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A database with a table that is nobody's business."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE shares (ticker TEXT PRIMARY KEY, name TEXT, close REAL)")
        connection.execute("CREATE TABLE users (email TEXT, password TEXT)")
        connection.executemany("INSERT INTO shares VALUES (?, ?, ?)", SHARES)
        connection.execute("INSERT INTO users VALUES ('ada@ticker.example', 'secret')")
        connection.commit()
        yield connection


NUL = "a NUL in it"
QUOTES = (
    "By hand one always forgets a character. Put `?` into the question, and hand the value over beside it."
)
SQL_ERRORS: dict[type[BaseException], str] = {
    sqlite3.ProgrammingError: "As many `?` as there are values: `\", \".join(\"?\" * len(tickers))` writes them. And a NUL is no part of a question.",
    sqlite3.OperationalError: "What was typed has become a part of the question, and broken it. " + QUOTES,
    TypeError: "Where there is no such row, `fetchone()` gives None, which has no parts: leave that ticker out.",
}  # fmt: skip
ROWS: list[tuple[Any, str]] = [
    (lambda v: isinstance(v, list), "A dictionary is asked for, from ticker to close: `dict(…)` makes one of rows of two."),
    (lambda v: any(isinstance(each, tuple) for each in v.values()), "A row is a tuple, also if one column was asked for: its first part is the close."),
    (lambda v: None in v.values(), "Where there is no such row, `fetchone()` gives None: leave that ticker out."),
]  # fmt: skip


@exercise(
    "16-sql",
    title="Two questions without a hole",
    objective="16-o1",
    points=3,
    hints=(
        "`closes`: the question is text that *you* make, of question marks: `marks = \", \".join(\"?\" * len(tickers))`, and `f\"SELECT ticker, close FROM shares WHERE ticker IN ({marks})\"`. Only marks are pasted, no value.",
        "The values follow beside it: `connection.execute(sql, tickers)`, and `dict(…)` makes a dictionary of pairs.",
        "`find_names`: `LIKE ?` is safe from injection, and still `%` and `_` mean something in it. `instr(lower(name), lower(?)) > 0` looks for the text itself.",
        "With LIKE: put `\\\\` before `\\\\`, `%` and `_` in the words, and write `LIKE ? ESCAPE '\\\\'` in the question.",
    ),
    passed="Whatever they type, it is a value, and it finds what is written there.",
)  # fmt: skip
def sql(
    t: Trial,
    closes: Callable[[sqlite3.Connection, list[str]], dict[str, float]],
    find_names: Callable[[sqlite3.Connection, str], list[str]],
) -> None:
    """A list of values, and a search, among people who type quotes."""
    lists: dict[str, tuple[list[str], dict[str, float], str]] = {
        "two tickers": (["AAPL", "IBM"], {"AAPL": 430.47, "IBM": 202.91}, "One `?` for each ticker, all of them in the brackets of IN."),
        "one ticker": (["FB"], {"FB": 27.78}, "A list of one: one `?`."),
        "one that does not exist": (["ZOE", "FB"], {"FB": 27.78}, "What is not there, is left out."),
        "no tickers at all": ([], {}, "An empty list finds nothing. (SQLite takes `IN ()`; others do not.)"),
        "a name with a quote, O'R": (["O'R"], {"O'R": 5.0}, QUOTES),
        "a ticker that closes the brackets": ([EVIL], {}, QUOTES),
        "two halves of an attack": (["x\\", ") OR 1=1 --"], {}, QUOTES),
        NUL: (["AAPL\0"], {}, QUOTES),
    }  # fmt: skip
    for what, (tickers, expected, words) in lists.items():
        with t.case(f"closes: {what}", SQL_ERRORS) as case, database() as connection:
            came = closes(connection, list(tickers))
            if what == NUL and came == {"AAPL": 430.47}:
                continue  # SQLite's own JSON functions end a text there: no hole, and hardly a name of a share
            case.expect(came, expected, [*ROWS, (lambda v: len(v) > 2, QUOTES)], advice=words)
    percent = "`%` is any text and `_` any character in a LIKE, also when it comes as a parameter: look for the text itself, by `instr`, or with an ESCAPE."
    searches: dict[str, tuple[str, list[str], str]] = {
        "app": ("app", ["Apple"], "Capital and small letters are the same here: `lower` on both sides, or LIKE."),
        "a word in the middle": ("BOO", ["Facebook"], "Anywhere in the name: `'%' || ? || '%'`, or `instr`."),
        "a quote": ("'", ["O'Reilly 100%"], QUOTES),
        "`%`": ("%", ["O'Reilly 100%"], percent),
        "`_`": ("_", ["Under_score"], percent),
        "a backslash": ("\\", [], "If `\\` is your ESCAPE, a backslash of the visitor's needs one, too."),
        "a sign that some take for ESCAPE, `!`": ("!", [], "If `!` is your ESCAPE, a `!` of the visitor's needs one, too."),
        "an attack": (STEALS, [], QUOTES),
        "an attack that is always true": ("x' OR 1=1 --", [], QUOTES),
    }  # fmt: skip
    for what, (typed, names, words) in searches.items():
        with t.case(f"find_names: {what}", SQL_ERRORS) as case, database() as connection:
            found = find_names(connection, typed)
            plain = "Names, not rows: `[name for (name,) in rows]`."
            came_names = sorted(found) if isinstance(found, list) else found
            case.expect(came_names, names, [(lambda v: v and isinstance(v[0], tuple), plain)], advice=words)
    with t.case("find_names: any other sign that may be taken for ESCAPE", SQL_ERRORS) as case:
        words = "The sign that you took for ESCAPE is the visitor's, too, and stands for itself: put one more before it, first of all."
        for sign in set(string.punctuation) - set("%_'!\\"):
            with database() as connection:
                case.expect(find_names(connection, sign), [], advice=words)
                case.expect(find_names(connection, f"O{sign}R"), [], advice=words)
    with t.case(f"find_names: {NUL}", SQL_ERRORS) as case, database() as connection:
        find_names(connection, "x\0")  # what it finds, each of SQLite's functions sees in its own way
    with t.case("and the tables are as they were", SQL_ERRORS) as case, database() as connection:
        for evil in ("x'; DROP TABLE users; --", "x'; DELETE FROM shares; --"):
            closes(connection, [evil])
            find_names(connection, evil)
        count = connection.execute("SELECT count(*) FROM shares").fetchone()[0]
        case.expect(count, len(SHARES), advice="A question that was meant to read has written. " + QUOTES)


FAST = hashlib.sha256(b"sunshine").hexdigest()
DUMMIES = ("", "dummy", "nobody", "password")


@contextmanager
def counted() -> Iterator[list[str]]:
    """Notes each Argon2 hash that is computed, by what was hashed, and makes it a cheap one; "" is to verify."""
    inside: Any = importlib.import_module("argon2._password_hasher")

    calls: list[str] = []
    hash_secret, verify_secret = inside.hash_secret, inside.verify_secret

    def hashing(*args: Any, **more: Any) -> Any:
        calls.append(more.get("secret", b"").decode(errors="replace"))
        return hash_secret(*args, **more | {"time_cost": 1, "memory_cost": 64, "parallelism": 1})

    def verifying(*args: Any, **more: Any) -> Any:
        calls.append("")
        return verify_secret(*args, **more)

    inside.hash_secret, inside.verify_secret = hashing, verifying
    try:
        yield calls
    finally:
        inside.hash_secret, inside.verify_secret = hash_secret, verify_secret


@exercise(
    "16-password",
    title="A table that is worth little to a thief",
    objective="16-o2",
    points=4,
    limit=20,
    hints=(
        "`hasher = PasswordHasher()` once, outside of the functions; `keep` is `hasher.hash(password)`.",
        "`hasher.verify(kept, password)` raises a `VerificationError` when it does not fit: `try` and `except`, and return False.",
        "Nobody of that name? Verify the password against a hash of your own that fits nobody, made once, and return False.",
        "An old hash has no `$` at its beginning: if `hashlib.sha256(password.encode()).hexdigest()` is it, write `users[email] = keep(password)`, and return True. Compare with `hmac.compare_digest`.",
    ),
    passed="A fast hash becomes a slow one as its owner comes in, and nobody learns who has an account.",
)  # fmt: skip
def password(t: Trial, keep: Callable[[str], str], enter: Callable[[dict[str, str], str, str], bool]) -> None:
    """A table of users, with hashes new and old, and visitors of both kinds."""
    from argon2 import extract_parameters
    from argon2.exceptions import InvalidHashError
    from argon2.low_level import Type

    with t.case("keep: Argon2id, at the cost that argon2-cffi recommends") as case:
        came = keep("four calm horses")
        text = isinstance(came, str)
        case.expect_that(
            text, "a text such as $argon2id$v=19$…", repr(came)[:60], "`PasswordHasher().hash(password)`."
        )
        if len(came) == 64:
            case.fail(
                "a slow hash",
                "a fast one",
                "SHA-256 tells a thief within hours what it was made of. `PasswordHasher` from argon2.",
            )
        try:
            about = extract_parameters(came)
        except InvalidHashError:
            case.fail(
                "$argon2id$v=19$…",
                came[:60],
                "`PasswordHasher().hash(password)` writes salt and cost into the text; keep all of it.",
            )
        case.expect_that(
            about.type is Type.ID,
            "Argon2id",
            about.type.name,
            "RFC 9106 says: Argon2id unless you know better.",
        )
        cost = about.memory_cost * about.time_cost
        case.expect_that(
            cost >= 19456 * 2,
            "at least 2 passes over 19 MiB",
            f"{about.time_cost} passes over {about.memory_cost} KiB",
            "So cheap a hash is nearly a fast one. `PasswordHasher()` has good costs by itself.",
        )
    with counted() as calls:  # what the hashes cost has been seen; the rest of the check need not be slow
        _judge_table(t, keep, enter, calls)


def _judge_table(
    t: Trial, keep: Callable[[str], str], enter: Callable[[dict[str, str], str, str], bool], calls: list[str]
) -> None:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    errors: dict[type[BaseException], str] = {
        VerificationError: "`verify` says no by an exception: catch it, and return False.",
        InvalidHashError: "That is no Argon2 hash but an old one, 64 hex digits: look at what it is before you verify.",
        KeyError: "An address that nobody has: `users.get(email)`.",
    }
    with t.case("keep: the same password twice") as case:
        words = "A salt of its own for each: else who has cracked one of them has all. `PasswordHasher` does that by itself; do not keep what it gave."
        case.expect_that(keep("sunshine") != keep("sunshine"), "two hashes", "the same one twice", words)
    users = {"ada@ticker.example": PasswordHasher().hash("four calm horses"), "bob@ticker.example": FAST}
    for what, email, typed, expected in (
        ("the right password", "ada@ticker.example", "four calm horses", True),
        ("a wrong one", "ada@ticker.example", "four wild horses", False),
        ("none", "ada@ticker.example", "", False),
        ("the hash itself", "ada@ticker.example", users["ada@ticker.example"], False),
    ):
        with t.case(f"enter: {what}", errors) as case:
            case.expect(enter(dict(users), email, typed), expected, [(None, "True or False: `return True`.")], advice="`hasher.verify(users[email], password)`: the hash first.")  # fmt: skip
    with t.case("enter: nobody of that name", errors) as case:
        calls.clear()
        hashed: list[str] = []
        case.expect(enter(dict(users), "eve@ticker.example", "x"), False)
        words = "It was said at once that there is nobody of that name. Who measures the time finds out who has an account: verify against a hash that fits nobody."
        case.expect_that(bool(calls), "as much work as for a wrong password", "no Argon2 at all", words)
        hashed = list(calls)
        calls.clear()
        enter(dict(users), "eve@ticker.example", "x")
        twice = "It takes twice as long as a wrong password, and that tells as much: make the hash that fits nobody once, outside of the function."
        case.expect_that(
            len(calls) == 1, "one Argon2, as for a wrong password", f"{len(calls)} of them", twice
        )
    with t.case(
        "enter: nobody of that name, with the words that a made-up hash is often made of", errors
    ) as case:
        words = "Your hash that fits nobody fits *this* word, and whoever types it is in: ask for `email in users` as well, or make it of `secrets.token_urlsafe()`."
        let_in = [
            word for word in sorted({*DUMMIES, *hashed}) if enter(dict(users), "eve@ticker.example", word)
        ]
        case.expect(let_in, [], advice=words)
    with t.case("enter: an old hash and the right password", errors) as case:
        table = dict(users)
        case.expect(
            enter(table, "bob@ticker.example", "sunshine"),
            True,
            advice="The old way, once more: `hashlib.sha256(password.encode()).hexdigest()`.",
        )
        kept = table["bob@ticker.example"]
        words = "Now, and only now, you know the password: `users[email] = keep(password)`."
        case.expect_that(kept.startswith("$argon2id$"), "an Argon2id hash in the table", kept[:24], words)
        same = "The new hash does not fit the password: hash what was typed, not the old hash."
        case.expect(enter(table, "bob@ticker.example", "sunshine"), True, advice=same)
    for what, typed in (("a wrong password", "moonshine"), ("the old hash itself", FAST), ("none", "")):
        with t.case(f"enter: an old hash and {what}", errors) as case:
            table = dict(users)
            from_table = "Who has stolen the table could log in with what stands in it: hash what was typed, then compare."
            case.expect(enter(table, "bob@ticker.example", typed), False, advice=from_table)
            case.expect(
                table["bob@ticker.example"], FAST, advice="After a wrong password the table stays as it is."
            )


from netlab.exercises import (  # noqa: E402
    lesson_16_log,  # noqa: F401
    lesson_16_pages,  # noqa: F401
    lesson_16_quizzes,  # noqa: F401
    lesson_16_rights,  # noqa: F401
    lesson_16_tokens,  # noqa: F401
)
