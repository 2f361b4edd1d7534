"""The exercise of lesson 18 on forms: alerts on a page of their own, and below their owner."""

from __future__ import annotations

from typing import Any

from netlab.exercises.lesson_17_stage import import_prices, model, people
from netlab.exercises.lesson_18_stage import ALERT, USER, Office, alert, fresh, load, office, share, staff
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

STARTER = """
from django import forms
from django.contrib import admin

from people.models import Alert


class AlertForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        ...
        return cleaned


@admin.register(Alert)
class AlertAdmin(admin.ModelAdmin):
    form = ...
    autocomplete_fields = ...
    readonly_fields = ...


class AlertInline(admin.TabularInline):
    model = Alert
    extra = ...
"""
PERSON = """

from django.contrib.auth.admin import UserAdmin
from people.models import User


@admin.register(User)
class PersonAdmin(UserAdmin):
    inlines = [AlertInline]
"""
EMPTY = "A form that lacks something has no such entry in `cleaned_data`: `cleaned.get(\"stock\")`, and nothing is compared if it is None."  # fmt: skip
UNKNOWN = "Where nothing is known, nothing is compared: `if newest`."
NOTHING: dict[type[BaseException], str] = dict.fromkeys((KeyError, AttributeError, TypeError), EMPTY)
ONLY_SHOWN = "Two forms, two lists of what is only shown: `readonly_fields = [\"created_at\", \"triggered_at\"]` in the inline, too."  # fmt: skip
TOLD = "`self.add_error(\"limit_price\", \"…\")` puts the words at the field; a ValidationError would stand above the form."  # fmt: skip
SLIP = "`newest = stock.prices.first()`, then `not newest.close / 10 <= limit <= newest.close * 10`."
INLINE = "A form below another one is a form of its own: `form = AlertForm` in the inline, too. Else the rule has a back door."  # fmt: skip


@exercise(
    "18-form",
    title="A faded example: alerts, and a rule for them",
    objective="18-o3",
    points=4,
    starter=STARTER,
    hints=(
        'In `clean`: `stock, limit = cleaned.get("stock"), cleaned.get("limit_price")`; either may be None if its own field was wrong. A share may have no price at all, too: `newest = stock.prices.first()`.',
        TOLD + " " + SLIP,
        'The gaps of AlertAdmin: `form = AlertForm`, `autocomplete_fields = ["user", "stock"]`, `readonly_fields = ["created_at", "triggered_at"]`. To be completed, a share must be found: StockAdmin stands in `shares/admin.py` and has `search_fields`.',
        "The inline: `extra = 0`, and what its stub lacks: `form = AlertForm`, and the same `readonly_fields`.",
    ),
    passed="One rule, kept on both ways to an alert; what only programs write is shown, and not written.",
    limit=15,
)
def form(t: Trial, people_admin: str) -> None:
    """The file in a real project; good and bad alerts are sent by both forms."""
    with office(empty=("people",)) as folder:
        from django.core.exceptions import ObjectDoesNotExist

        Alert = model("people.Alert")  # noqa: N806

        import_prices("IBM", "MSFT", since="2013-01-01")
        anna = staff("anna", superuser=True)
        (ada,) = people("ada")
        ibm = share("IBM")
        left = [line.strip() for line in str(people_admin).splitlines() if line.rstrip().endswith("= ...")]
        with t.case("no gap is left") as case:
            case.expect_that(not left, "no `...`", "; ".join(left), "Fill every gap.")
        with t.case("an AlertAdmin, and an AlertInline") as case:
            named = isinstance(people_admin, str) and "class AlertInline" in people_admin
            case.expect_that(
                named, "class AlertInline", "none", "The check puts it below its owner: keep its name."
            )
        if left or not named or not load(t, folder, "people", people_admin + PERSON, "people.Alert"):
            return
        close = ibm.prices.first().close
        with Office() as site:
            browser = site.browser(anna)
            add = f"{ALERT}add/"

            def send(**values: Any) -> Any:
                Alert.objects.all().delete()
                fields = {"user": str(ada.pk), "stock": str(ibm.pk), "side": "above", "limit_price": "300"}
                came = browser.fill(add, **{**fields, "by_mail": "on", **values})
                site.raise_again()
                return came

            with t.case("a good alert") as case:
                errors = send().page.errors
                saved = Alert.objects.exists()
                case.expect(
                    (saved, errors), (True, []), advice="A limit of 300 for a share at 202.91 is fine."
                )
            for limit, good in (
                ("1", False),
                ("99999", False),
                (f"{close / 10:.4f}", True),
                (f"{close * 10:.4f}", True),
            ):
                with t.case(f"a limit of {limit} for a share at {close:.2f}") as case:
                    came = send(limit_price=limit)
                    wanted, other = ("saved", "refused") if good else ("refused", "saved")
                    case.expect_that(Alert.objects.exists() is good, wanted, other, SLIP)
                    if not good:
                        at_field = 'id="id_limit_price_error"' in came.response.text
                        case.expect_that(at_field, "words at the field", f"{came.page.errors}", TOLD)
            with t.case("a form without a share, without a limit", NOTHING) as case:
                for empty in ("stock", "limit_price"):
                    errors = send(**{empty: ""}).page.errors
                    saved = Alert.objects.exists()
                    case.expect((saved, errors), (False, ["This field is required."]), advice=EMPTY)
            with t.case(
                "a share without a price", dict.fromkeys((*NOTHING, ObjectDoesNotExist), UNKNOWN)
            ) as case:
                send(stock=str(share("AAPL").pk))
                case.expect_that(Alert.objects.exists(), "saved", "refused", UNKNOWN)
            with t.case("who and which share are completed as one types") as case:
                text = browser.get(add).response.text
                both = text.count("admin-autocomplete")
                case.expect_that(both >= 2, "two fields with autocomplete", str(both), '`autocomplete_fields = ["user", "stock"]`. A select of all people is a page of megabytes.')  # fmt: skip
            with t.case("a browser sends `triggered_at`") as case:
                mine = alert(ada, ibm)
                browser.fill(f"{ALERT}{mine.pk}/change/", triggered_at_0="2013-03-01", triggered_at_1="12:00")
                page = browser.get(f"{ALERT}{mine.pk}/change/").page
                words = "`readonly_fields` shows it, and reads nothing that is sent."
                case.expect(fresh(mine).triggered_at, None, advice=words)
                shown = sorted(page.read_only)
                case.expect(shown, ["Created at", "Triggered at"], advice='`readonly_fields = ["created_at", "triggered_at"]`.')  # fmt: skip
            with t.case("Ada's alerts stand below Ada") as case:
                Alert.objects.all().delete()
                mine = alert(ada, ibm)
                here = f"{USER}{ada.pk}/change/"
                came = browser.get(here)
                page = came.page
                rows = (
                    [name for name in page.form.names if name.endswith("-0-limit_price")] if page.form else []
                )
                case.expect_that(
                    len(rows) == 1,
                    "a row for each alert",
                    "none",
                    "`model = Alert`: a row for each alert of this person.",
                )
                none_extra = dict(page.form.fields).get("alerts-TOTAL_FORMS") if page.form else ""
                case.expect(none_extra, "1", advice="`extra = 0`: no empty rows.")
            if not t.results[-1].passed:
                return
            with t.case("a good limit, and a slip of the pen, below Ada") as case:
                browser.fill(here, **{rows[0]: "250"})
                case.expect(
                    f"{fresh(mine).limit_price:.0f}",
                    "250",
                    advice="A row of an inline is saved with its owner.",
                )
                browser.fill(here, **{rows[0]: "99999"})
                case.expect(f"{fresh(mine).limit_price:.0f}", "250", [("99999", INLINE)], advice=INLINE)
            with t.case("what is only shown, below Ada") as case:
                shown = [
                    name for name in ("created_at", "triggered_at") if f"field-{name}" in came.response.text
                ]
                case.expect(shown, ["created_at", "triggered_at"], advice=ONLY_SHOWN)
