"""The exercises of lesson 18 on actions: a cell that no spreadsheet runs, and accounts that are suspended with care."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from netlab.exercises.lesson_17_stage import model, people
from netlab.exercises.lesson_18_stage import USER, Office, fresh, load, office, staff
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

TEXTS = {
    "=HYPERLINK(\"http://evil.example\")": "a formula",
    "+41*2": "a plus sign",
    "-1+1": "a minus sign",
    "@SUM(A1)": "an at sign",
    "\t=1+1": "a tab in front",
    "\r=1+1": "a carriage return in front",
    "  =1+1": "blanks in front, which a spreadsheet strips",
    "\n=1+1": "a line break in front",
    "-": "a sign alone",
}  # fmt: skip
PLAIN = ("Ada", "O'Hara", "a=b", "1-2", "ada@ticker.example", "", "  ")
QUOTE = "A single quote at its very beginning makes a spreadsheet take it for text: `\"'\" + text`."  # fmt: skip
STRIPPED = (
    "Look at the first character that is no white space: `text.lstrip()[:1]`. And keep the text as it is."
)
BLANK = "A text may be empty, or hold nothing but blanks: it has no first character, and stays as it is. `startswith` does not mind."  # fmt: skip


@exercise(
    "18-cell",
    title="A cell that is no formula",
    objective="18-o4",
    points=3,
    hints=(
        'Three kinds: None becomes `""`; a number (`int`, `Decimal`) stays what it is; all else is `str(value)`, and looked at.',
        "What begins a formula: `=`, `+`, `-`, `@`. A spreadsheet strips what stands before: `text.lstrip()`.",
        '`text.lstrip().startswith(("=", "+", "-", "@"))`: then `"\'" + text`, else `text`.',
        "A negative *number* begins with a minus, too, and must stay a number: ask for its type first.",
    ),
    passed="What somebody has typed stays text, and a number a number.",
)
def cell(t: Trial, cell: Callable[[Any], Any]) -> None:
    """Values from everywhere; those that people typed may be anything."""
    for text, what in TEXTS.items():
        with t.case(f"{what}: {text!r}") as case:
            wrong: Wrong = [
                (text, STRIPPED if text != text.lstrip() else QUOTE),
                ("'" + text.lstrip(), "The quote is right; and the text behind it stays as it was typed."),
                ("'" + text.strip(), "The quote is right; and the text behind it stays as it was typed."),
                (
                    text.lstrip("=+-@ \t\r\n"),
                    "An export that changes what was typed, is wrong in another way. " + QUOTE,
                ),
                ("", "An export that leaves out what was typed, hides the attack. " + QUOTE),
            ]
            case.expect(cell(text), "'" + text, wrong, advice=QUOTE)
    with t.case("ordinary texts", {IndexError: BLANK}) as case:
        for text in PLAIN:
            words = "Only the *first* character matters: a sign in the middle is no formula."
            case.expect(cell(text), text, [("'" + text, words)], advice=words if text.strip() else BLANK)
    for number in (Decimal("-1.72"), -5, 0, Decimal("430.47")):
        with t.case(f"a number: {number!r}") as case:
            words = "A number that the database gives, is none that somebody typed. With a quote it could not be added up."
            case.expect(cell(number), number, [(f"'{number}", words), (str(number), "A number stays a number: return it as it is."), ("", "`if not value` is true for 0 as well: ask for `None`.")], advice=words)  # fmt: skip
    with t.case("None") as case:
        case.expect(cell(None), "", [("None", "`str(None)` is the text None: the spreadsheet would show it.")], advice="Nothing is an empty cell.")  # fmt: skip
    with t.case("a day, and what else has a text of its own") as case:
        from datetime import date

        case.expect(cell(date(2013, 3, 1)), "2013-03-01", advice="`str(value)` for all else.")

        class Person:
            def __str__(self) -> str:
                return "=1+1"

        case.expect(cell(Person()), "'=1+1", advice="First make it text, then look at it: what a model's `__str__` says, somebody has typed.")  # fmt: skip


STARTER = '''
"""The admin of people."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin

from people.models import User


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People."""

    actions = ["suspend"]

    @admin.action(description="Suspend the chosen people")
    def suspend(self, request, queryset):
        """Close accounts."""
        queryset.update(is_active=False)
        self.message_user(request, f"{queryset.count()} suspended.", messages.SUCCESS)
'''


@exercise(
    "18-suspend",
    title="Bugs to find: an action without care",
    objective="18-o4",
    points=4,
    starter=STARTER,
    hints=(
        'Who may view people sees the action, and may run it: `@admin.action(…, permissions=["change"])` asks `has_change_permission`.',
        "Whom it must leave out: `.filter(is_active=True, is_superuser=False).exclude(pk=request.user.pk)`.",
        '`update` is SQL: no object is saved, and nothing stands in the history. A loop: `person.is_active = False`, `person.save(…)`, `self.log_change(request, person, "Suspended.")`.',
        "Count what was done: a QuerySet that is filtered by `is_active=True` finds nobody any more once they are suspended. `people = list(…)` asks once; `len(people)` counts.",
    ),
    passed="An action is a view: who may, on what, how many, and who has done it.",
    limit=15,
)
def suspend(t: Trial, people_admin: str) -> None:
    """The action in a real project, run by those who may, and by those who may not."""
    with office(empty=("people",)) as folder:
        from django.contrib.admin.models import LogEntry

        User = model("people.User")  # noqa: N806

        ada, bob, grace = people("ada", "bob", "grace")
        anna, otto = staff("anna", superuser=True), staff("otto", superuser=True)
        sue = staff("sue", "people.view_user", "people.change_user")
        alan = staff("alan", "people.view_user")
        if not load(t, folder, "people", people_admin, "people.User"):
            return
        with Office() as site:

            def act(user: Any, *chosen: Any, **more: str) -> Any:
                browser = site.browser(user)
                came = browser.act(USER, "suspend", *(each.pk for each in chosen), **more)
                site.raise_again()
                return came

            def active() -> str:
                return " ".join(
                    User.objects.filter(is_active=True)
                    .order_by("username")
                    .values_list("username", flat=True)
                )

            def again() -> None:
                User.objects.update(is_active=True)
                LogEntry.objects.all().delete()

            with t.case("sue suspends ada and bob") as case:
                came = act(sue, ada, bob)
                case.expect(
                    active(), "alan anna grace otto sue", advice="Those who were chosen, and nobody else."
                )
                case.expect(
                    came.page.messages, ["2 suspended."],
                    [(["0 suspended."], "The QuerySet was asked again when it was counted, and finds no active one any more: `people = list(…)` first, `len(people)` then.")],
                    advice="`self.message_user(request, f\"{len(people)} suspended.\", messages.SUCCESS)`.",
                )  # fmt: skip
            with t.case("what stands in the history") as case:
                entries = LogEntry.objects.select_related("user").order_by("object_repr")
                rows = [(each.user.username, each.object_repr) for each in entries]
                words = "`self.log_change(request, person, \"Suspended.\")` for each: the admin writes down what its forms do; an action has to do it itself."  # fmt: skip
                case.expect(rows, [("sue", "ada"), ("sue", "bob")], advice=words)
                said = sorted({each.get_change_message() for each in entries})
                case.expect(
                    said,
                    ["Suspended."],
                    advice="The third argument of `log_change` is the message: `Suspended.`",
                )
            with t.case("sue chooses ada again, who is suspended already, and grace") as case:
                came = act(sue, ada, grace)
                words = "It counts what was *done*: who is suspended already is left out, by `filter(is_active=True)`."
                case.expect(came.page.messages, ["1 suspended."], [(["2 suspended."], words)], advice=words)
                again()
            with t.case("sue chooses herself, and a superuser") as case:
                act(sue, sue, anna, ada)
                words = "Who suspends the superuser, has the house alone; who suspends herself, cannot undo it: `is_superuser=False`, `.exclude(pk=request.user.pk)`."  # fmt: skip
                case.expect(active(), "alan anna bob grace otto sue", advice=words)
                again()
            with t.case("a superuser chooses herself") as case:
                act(anna, anna, bob)
                case.expect(
                    active(),
                    "ada alan anna grace otto sue",
                    advice="Nobody suspends themselves, a superuser included.",
                )
                again()
            with t.case("a superuser chooses another one") as case:
                act(anna, otto, bob)
                words = "A superuser is suspended by nobody, another superuser included: `is_superuser=False`, whoever asks."
                case.expect(active(), "ada alan anna grace otto sue", advice=words)
                again()
            with t.case("alan may only look: does he see the action?") as case:
                options = site.browser(alan).get(USER).page.options.get("action", [])
                words = '`permissions=["change"]`: without it, all who see the list see the action.'
                case.expect_that("suspend" not in options, "not in his list", repr(options), words)
            with t.case("alan sends it all the same") as case:
                act(alan, ada)
                words = (
                    "Leaving it out of the page is not enough: `permissions` is asked when it is run, too."
                )
                case.expect(active(), "ada alan anna bob grace otto sue", advice=words)
            with t.case("alan himself, by a form of sue's") as case:
                act(sue, alan)
                case.expect(
                    fresh(alan).is_active, False, advice="Other people of the staff may be suspended."
                )
