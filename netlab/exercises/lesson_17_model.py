"""The exercise of lesson 17 on a model: what the drawing says, the database must keep."""

from __future__ import annotations

import sys
import traceback
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from netlab.exercises.lesson_17_stage import model, stage
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial

MODELS = '''
"""What shares pay to those who own them."""

from django.db import models


class Dividend(models.Model):
    """What a share pays on a day."""

    stock = models.ForeignKey("shares.Stock", on_delete=models.CASCADE)
    day = models.DateTimeField()
    amount = models.FloatField()
    note = models.CharField(max_length=200, null=True)

    class Meta:
        db_table = "dividends"
'''


@exercise(
    "17-model",
    title="Bugs to find: a model against its drawing",
    objective="17-o2",
    points=3,
    starter=MODELS,
    hints=(
        'Line by line: does the type hold what the drawing says? A day without a time is a `DateField`; money is a `DecimalField(max_digits=12, decimal_places=4)`; text that may be missing is `""`: `blank=True, default=""`, and no `null`.',
        'How the share finds its dividends: `related_name="dividends"`. What keeps a share from being deleted with them: `on_delete=models.PROTECT`.',
        'Promises of the database stand in `class Meta`: `constraints = [models.UniqueConstraint(fields=["stock", "day"], name="…"), …]`.',
        '`models.CheckConstraint(condition=models.Q(amount__gt=0), name="…")`. A validator is asked by forms only; this one by every INSERT.',
    ),
    passed="What must hold, the database promises: whoever writes to it, and however.",
    limit=8,
)
def drawing(t: Trial, models_py: str) -> None:
    """The file as an app of a real project; its promises tried at the database."""
    with stage("2.models", {"dividends": ""}) as folder:
        from django.core.exceptions import ValidationError
        from django.core.management import call_command
        from django.db import IntegrityError, transaction
        from django.db.models.deletion import ProtectedError, RestrictedError

        Stock = model("shares.Stock")  # noqa: N806

        with t.case("models.py is Python, and has a class Dividend") as case:
            _define(case, models_py, folder / "dividends" / "models.py")
        if not t.results[-1].passed:
            return
        table = sys.modules["dividends.models"].Dividend
        with t.case("makemigrations and migrate") as case:
            call_command("makemigrations", "dividends", verbosity=0)
            call_command("migrate", verbosity=0)
            case.expect(table._meta.db_table, "dividends", advice="The drawing names the table: `db_table`.")
        if not t.results[-1].passed:
            return
        apple, ibm = Stock.objects.get(ticker="AAPL"), Stock.objects.get(ticker="IBM")
        good = {"stock": apple, "day": date(2013, 2, 7), "amount": Decimal("2.65")}

        def refused(**values: Any) -> bool:
            try:
                with transaction.atomic():
                    table.objects.bulk_create([table(**{**good, **values})])
            except IntegrityError:
                return True
            table.objects.all().delete()
            return False

        with t.case("a good one, and what comes back") as case:
            table.objects.create(**good)
            came = table.objects.get()
            words = "A day without a time: `DateField`. A moment has a zone, and is yesterday somewhere."
            case.expect(came.day, date(2013, 2, 7), advice=words)
            case.expect(came.note, "", [(None, "Text that is missing is `\"\"`: `blank=True, default=\"\"`, and not two kinds of nothing.")])  # fmt: skip
            float_ = "Money is no float: 0.1 + 0.2 is not 0.3 there. `DecimalField`."
            case.expect(came.amount, Decimal("2.65"), [(2.65, float_)], advice=float_)
        with t.case("amounts with four digits, and of many dollars") as case:
            table.objects.update(amount=Decimal("12345678.1234"))
            came = table.objects.get().amount
            digits = "`max_digits=12, decimal_places=4`: eight before the point, four behind it."
            case.expect(came, Decimal("12345678.1234"), advice=digits)
        for amount in ("123456789", "1.12345"):
            with t.case(f"an amount of {amount} in a form") as case:
                found: dict[str, list[str]] = {}
                try:
                    table(**{**good, "day": date(2014, 2, 7), "amount": Decimal(amount)}).full_clean()
                except ValidationError as error:
                    found = error.message_dict
                case.expect_that("amount" in found, "a message on the amount", "taken", digits)
        with t.case("apple.dividends") as case:
            words = "By default it is called `dividend_set`: `related_name=\"dividends\"`."  # fmt: skip
            case.expect_that(
                hasattr(apple, "dividends"), "the dividends of a share", "no such attribute", words
            )
        with t.case("another one of the same share and day") as case:
            words = "Nothing forbids it: `models.UniqueConstraint(fields=[\"stock\", \"day\"], name=\"…\")` in `Meta.constraints`."  # fmt: skip
            case.expect_that(refused(amount=Decimal(1)), "refused by the database", "taken", words)
        table.objects.all().delete()
        with t.case("another share on that day, another day of that share") as case:
            words = "The *pair* is there once, not each of the two."
            table.objects.create(**good)
            for values in ({"stock": ibm}, {"day": date(2013, 5, 9)}):
                came = not refused(**values)
                case.expect_that(came, "taken", "refused", words)
                table.objects.get_or_create(**good)
        for amount in ("-1", "0"):
            table.objects.all().delete()
            with t.case(f"an amount of {amount}, past every form") as case:
                words = "A validator is asked by forms only, and `bulk_create`, the importer and the other program ask none. `models.CheckConstraint(condition=models.Q(amount__gt=0), name=\"…\")`."  # fmt: skip
                case.expect_that(refused(amount=Decimal(amount)), "refused by the database", "taken", words)
        for name in ("stock", "day", "amount"):
            with t.case(f"a dividend without {name}") as case:
                words = "The drawing lets only the note be empty: no `null=True` elsewhere."
                case.expect_that(refused(**{name: None}), "refused by the database", "taken", words)
        with t.case("a note of None") as case:
            words = "`null=True` makes two kinds of nothing, and every query must ask for both."
            case.expect_that(refused(note=None), "refused by the database", "taken", words)
        with t.case("a form without a note") as case:
            field = table._meta.get_field("note")
            words = "Forms ask `blank`: may it be left empty?"
            case.expect_that(bool(field.blank), "taken", "“This field is required.”", words)
        table.objects.all().delete()
        late = "DO_NOTHING leaves it to the database, which says so late, and not which rows are in the way: `on_delete=models.PROTECT`."
        with t.case("a share that has paid is deleted", {IntegrityError: late}) as case:
            case.expected = "ProtectedError"
            table.objects.create(**good)
            kept = False
            try:
                with transaction.atomic():
                    apple.delete()
            except (ProtectedError, RestrictedError):
                kept = True
            words = "CASCADE takes the dividends with it, and with them the tax return; SET_NULL leaves dividends of no share: `on_delete=models.PROTECT`."
            case.expect_that(kept, "ProtectedError", "the share is gone", words)
        with t.case("a share that has paid nothing is deleted") as case:
            case.expect(ibm.delete()[0] >= 1, True)


def _define(case: Case, text: str, path: Path) -> None:
    """Run the file as the models of the app, and let Django check them."""
    from django.core.checks import run_checks

    found = isinstance(text, str) and "class Dividend" in text
    case.expect_that(found, "class Dividend", "none", "The file defines the model `Dividend`.")
    path.write_text(text, encoding="utf-8")
    try:
        exec(compile(text, str(path), "exec"), sys.modules["dividends.models"].__dict__)  # noqa: S102
    except Exception as error:
        frames = [
            each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == str(path)
        ]
        line = (error.lineno if isinstance(error, SyntaxError) else frames[-1]) or 1
        shown = text.splitlines()[line - 1].strip()
        case.fail(
            "models that Django can load",
            f"{type(error).__name__}: {error}, in `{shown}`",
            "Read the message, then the line.",
        )
    problems = [each for each in run_checks() if each.is_serious()]
    if problems:
        words = problems[0].hint or "Django checks all models when it starts, and says what does not fit."
        case.fail("no issues", f"{problems[0].id}: {problems[0].msg}", words)
