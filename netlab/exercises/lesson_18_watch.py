"""The exercises of lesson 18 on keeping watch: a history to read, and a login that is slow to guess."""

from __future__ import annotations

import time
from typing import Any
from unittest import mock

from netlab.exercises.lesson_18_stage import Office, office, staff
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

# A morning, as `django_admin_log` has it: time, who, kind, number, shown as, flag (1 added, 2 changed, 3 deleted), message.
HISTORY: tuple[tuple[str, str, str, int, str, int, str], ...] = (
    ("09:02", "amy", "user", 21, "hugo", 1, '[{"added": {}}]'),
    ("09:05", "alan", "price", 812, "2013-03-01 202.91", 2, '[{"changed": {"fields": ["Close", "Volume"]}}]'),
    ("09:09", "sue", "user", 7, "ada", 2, '[{"changed": {"fields": ["First name"]}}]'),
    ("09:14", "amy", "user", 3, "sue", 2, '[{"changed": {"fields": ["Groups"]}}]'),
    ("09:20", "sue", "user", 9, "bob", 2, '[{"changed": {"fields": ["Email"]}}]'),
    ("09:21", "sue", "user", 9, "bob", 2, '[{"changed": {"fields": ["password"]}}]'),
    ("09:23", "sue", "user", 9, "bob", 2, '[{"added": {"name": "watched stock", "object": "IBM"}}, '
     '{"deleted": {"name": "alert", "object": "AAPL below 400.00"}}]'),
    ("09:31", "amy", "alert", 5, "GOOG above 900.00", 3, ""),
    ("09:40", "amy", "user", 3, "sue", 2, '[{"changed": {"fields": ["Groups"]}}]'),
    ("09:44", "sue", "user", 7, "ada", 2, "[]"),
)  # fmt: skip
ANSWERS: dict[str, Any] = {
    "account": "bob",
    "by": "sue",
    "at": ["09:20", "09:21"],
    "opened_by": "amy",
    "lost": "AAPL below 400.00",
    "old_address": "not there",
}
ABOUT = {
    "account": "Whose address *and* password did somebody else change, one after the other? The account, as it is shown.",
    "by": "Who did that? The first name of the line is who has done it.",
    "at": "The times of the two lines by which the account was taken over, in their order: the address, the password.",
    "opened_by": "Before that, the doer could not do it. Whose change at 09:14 gave the right?",
    "lost": "What was deleted of the account afterwards: it stands in a line with flag 2, as a row of an inline.",
    "old_address": "Can the line say what the address was before? If not, write `\"not there\"`.",
}  # fmt: skip
WRONG: dict[str, Wrong] = {
    "account": [
        ("ada", "Of Ada's account the first name was changed: nobody logs in with that."),
        ("sue", "Sue is changed by Amy, and only her groups. Whose *password*?"),
        (9, "As it is shown: a name."),
    ],
    "by": [
        ("amy", "Amy changed Sue's groups. The two lines on the account are by somebody else."),
        ("bob", "Bob is to whom it was done."),
    ],
    "at": [
        (["09:20"], "The address alone is not enough to log in at once: a second line follows."),
        (["09:20", "09:21", "09:23"], "At 09:23 the account is *used*. Taken over it was by the two before."),
        (["09:21", "09:20"], "In their order."),
    ],
    "opened_by": [
        ("sue", "She cannot give rights to herself: who changed Sue's groups?"),
        ("alan", "Alan changes a price, and nobody's rights."),
    ],
    "lost": [
        ("GOOG above 900.00", "That one Amy has deleted, of somebody we do not know: flag 3, on its own. Look into the message of 09:23."),
        ("IBM", "That was added."),
        ("alert", "Which one? As it is shown."),
    ],
    "old_address": [
        (lambda v: isinstance(v, str) and "@" in v, "The message names fields, and no values."),
        ("ada", "The message names fields, and no values."),
    ],
}  # fmt: skip


@exercise(
    "18-history",
    title="A history to read",
    objective="18-o5",
    points=3,
    starter=dict.fromkeys(ANSWERS, ...),
    hints=(
        "Each line: when, who, what kind, its number, as what it is shown, flag, message. Flags: 1 added, 2 changed, 3 deleted.",
        "A message is JSON: `fields` are those of the form that were changed; with a `name` and an `object` it is a row of an inline.",
        "Address and password of one account, within a minute, by one of the staff. And what was changed about that one of the staff shortly before, and shortly after?",
        "Names of fields are kept, their values are not: neither what was, nor what is.",
    ),
    passed="Who, what, when. From what to what, only an audit trail of your own says.",
)
def history(t: Trial, answers: dict[str, Any]) -> None:
    """Six questions on ten lines."""
    with t.case("six answers") as case:
        case.expect_that(
            isinstance(answers, dict),
            "a dictionary",
            repr(answers),
            "Keep the dictionary, and fill its values.",
        )
    if not t.results[-1].passed:
        return
    for name, expected in ANSWERS.items():
        with t.case(f"answers[{name!r}]") as case:
            came = answers.get(name)
            came = list(came) if isinstance(came, tuple) else came
            case.expect(came if came is not None else ..., expected, WRONG[name], advice=ABOUT[name])


STARTER = '''
"""The login of the staff, slow to guess."""

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError

MOST = 5  # wrong tries
SECONDS = 15 * 60


class LogInForm(AdminAuthenticationForm):
    """Asks the password only as often as that is allowed."""

    def clean(self):
        """Look at the number of tries, then at the password."""
        return super().clean()
'''
GOOD = "a long password"
EMPTY = "Without a password none is looked at: `super().clean()` returns, and nobody is in. Who begins the count again for that, gives four guesses for each empty form: `if self.get_user():` before `cache.delete(key)`."  # fmt: skip
ENDLESS = "`cache.add(key, 0, SECONDS)`: an entry that never ends locks Amy out for ever."
SHORT = "`cache.add(key, 0, SECONDS)`: without a time the cache keeps an entry 300 seconds."
NAMELESS = '`self.cleaned_data.get("username", "")`: a field that is wrong, is not in there.'
EARLY = "The password is looked at before the count: whoever guesses right at the thousandth try, is in. Ask the count first, and raise before `super().clean()`."  # fmt: skip


@exercise(
    "18-throttle",
    title="A login that is slow to guess",
    objective="18-o5",
    points=4,
    starter=STARTER,
    hints=(
        'The key: `f"tries:{name}"`, with `name = self.cleaned_data.get("username", "").lower()`. `cache.get(key, 0)` is how often it was wrong.',
        'First: `if cache.get(key, 0) >= MOST: raise ValidationError("Too many tries.", code="throttled")`. No password is looked at then.',
        "`super().clean()` raises a ValidationError when the password is wrong: count before it (`cache.add(key, 0, SECONDS)`, `cache.incr(key)`), and `cache.delete(key)` behind it, when it was right: `if self.get_user():`, since a form without a password comes as far.",
        "Return what `super().clean()` returned. A form without a name or a password says so as ever: `cleaned_data` lacks it.",
    ),
    passed="Guessing costs a quarter of an hour for every five tries, and a right password nothing.",
    limit=15,
)
def throttle(t: Trial, login_py: str) -> None:
    """The form at a real admin; guessed at by name, by capitals, by many."""
    with office() as folder:
        from django.contrib import admin
        from django.contrib.auth import authenticate
        from django.contrib.auth import forms as auth_forms

        asked: list[Any] = []

        def counted(request: Any = None, **credentials: Any) -> Any:
            asked.append(credentials.get("username"))
            return authenticate(request, **credentials)

        auth_forms.authenticate = counted  # type: ignore[attr-defined]
        staff("amy")
        staff("sue")
        with t.case("ticker/login.py is Python, and has a class LogInForm") as case:
            space: dict[str, Any] = {"__name__": "ticker.login"}
            case.expect_that(
                isinstance(login_py, str), "the text of a file", repr(login_py), "The whole file, as text."
            )
            (folder / "ticker" / "login.py").write_text(login_py, encoding="utf-8")
            exec(compile(login_py, str(folder / "ticker" / "login.py"), "exec"), space)  # noqa: S102
            case.expect_that(
                "LogInForm" in space, "LogInForm", "no such class", "The class is called LogInForm."
            )
        if not t.results[-1].passed:
            return
        admin.site.login_form = space["LogInForm"]
        with Office() as site:

            def enter(name: str, password: str) -> tuple[bool, str]:
                came = site.browser().fill("/admin/login/", username=name, password=password)
                site.raise_again()
                return came.status == 302, " ".join(came.page.errors)

            with t.case("a right password") as case:
                case.expect(enter("amy", GOOD)[0], True, advice="Return what `super().clean()` has returned.")
            with t.case("four wrong tries, then the right one; and the same once more") as case:
                words = (
                    "After a good login the count begins again: `cache.delete(key)` behind `super().clean()`."
                )
                for _ in range(2):
                    for _ in range(4):
                        enter("amy", "wrong")
                    case.expect(enter("amy", GOOD)[0], True, advice=words)
            with t.case("five wrong tries, then the right password") as case:
                for _ in range(5):
                    came, said = enter("amy", "wrong")
                    case.expect_that(
                        "too many" not in said.lower(),
                        "the usual words",
                        said,
                        "The first five are looked at.",
                    )
                asked.clear()
                came, said = enter("amy", GOOD)
                case.expect_that(not came, "not let in", "let in", EARLY)
                case.expect_that("too many" in said.lower(), "Too many tries.", said, "Say why: `ValidationError(\"Too many tries.\")`. The words tell nothing that a guesser does not know.")  # fmt: skip
                case.expect(asked, [], advice="A hash was computed for a try that is refused anyway: at 0.1 s of Argon2 each, that is a way to keep the site busy. Ask the count before `super().clean()`.")  # fmt: skip
            with t.case("the same name in capitals") as case:
                came, said = enter("AMY", "wrong")
                words = "`AMY` has a count of its own: five more tries for each way to write it. `.lower()`."
                case.expect_that("too many" in said.lower(), "Too many tries.", said, words)
            with t.case("somebody else meanwhile") as case:
                words = (
                    "One count for all: whoever guesses at Amy locks Sue out. The name belongs into the key."
                )
                case.expect(enter("sue", GOOD)[0], True, advice=words)
            with t.case("a name that there is not") as case:
                for _ in range(6):
                    came, said = enter("nobody", "wrong")
                words = "Count it like any other: else the words tell which names exist."
                case.expect_that("too many" in said.lower(), "Too many tries.", said, words)
            with t.case("a form without a name", dict.fromkeys((KeyError, AttributeError), NAMELESS)) as case:
                came, said = enter("", "wrong")
                case.expect_that("required" in said, "This field is required.", said, NAMELESS)  # fmt: skip
            with t.case("four wrong tries, a form without a password, four more") as case:
                for password in (*["wrong"] * 4, "", *["wrong"] * 4):
                    came, said = enter("grace", password)
                case.expect_that("too many" in said.lower(), "Too many tries.", said, EMPTY)
            with t.case("a quarter of an hour later") as case:
                for _ in range(5):
                    enter("sue", "wrong")
                now = time.time()
                with mock.patch("time.time", return_value=now + 850):
                    case.expect(enter("sue", GOOD)[0], False, [(True, SHORT)], advice=SHORT)
                with mock.patch("time.time", return_value=now + 901):
                    case.expect(enter("amy", GOOD)[0], True, [(False, ENDLESS)], advice=ENDLESS)
