"""The exercise of lesson 17 on the command line: an import that is whole or none."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from netlab.exercises.lesson_17_stage import NAMES, model, stage
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

BEGIN = dict(NAMES)
BAD = {
    "a ticker in small letters": ("ticker,name\nORCL,Oracle\namd,AMD\n", 3, "The database refuses it, by an IntegrityError without a line: look at the ticker first. `ticker.isupper()`."),
    "a name that is missing": ("ticker,name\nORCL,Oracle\nAMD,Advanced Micro Devices\nKO,\n", 4, "A share without a name is of no use: an empty text is no name."),
    "a line with one field": ("ticker,name\nORCL\n", 2, "`DictReader` gives None for a field that is missing; `if not row[\"name\"]` sees both, None and \"\"."),
    "a ticker of nine letters": ("ticker,name\nTOOLONGXX,Too long\n", 2, "SQLite does not count letters, PostgreSQL does: eight at the most."),
    "a ticker with a dash": ("ticker,name\nORCL,Oracle\nBRK-B,Berkshire Hathaway\n", 3, "Capitals, digits, dots, and nothing else: `isupper()` looks at the letters only. `re.fullmatch(r\"[A-Z0-9.]{1,8}\", ticker)`."),
    "a ticker of Arabic digits": ("ticker,name\n\u0667\u0660\u0660,Tencent\n", 2, "`\\d` takes digits of all scripts: `[0-9]`."),
    "a ticker of nothing": ("ticker,name\nKO,Coca-Cola\n,Nobody\n", 3, "An empty text is no ticker."),
}  # fmt: skip


@exercise(
    "17-import",
    title="A command: names, all or none",
    objective="17-o5",
    points=4,
    hints=(
        'Where the file is, says the command line: `parser.add_argument("file")`; in `handle` it is `options["file"]`.',
        '`open(options["file"], newline="", encoding="utf-8")` in a `with`; `except OSError as error: raise CommandError(…) from error`.',
        '`for number, row in enumerate(csv.DictReader(lines), 2)`: the first row of values is line 2. What is wrong with it: `raise CommandError(f"Line {number}: …")`.',
        "`with transaction.atomic():` around the loop, and nobody catches what is raised inside of it.",
        "`Stock.objects.filter(ticker=…).first()` is the share, or None: create it, or, if its name differs, `stock.name = …; stock.save()`. Count both, and write them at the end.",
    ),
    passed="A command that may be run twice, that says which line is wrong, and that leaves nothing half done.",
    limit=8,
)
def command(t: Trial, Command: Any) -> None:  # noqa: N803
    """The command run by Django, on good files and bad ones."""
    with stage("3.import") as folder:
        from django.core.management import CommandError, call_command
        from django.core.management.base import BaseCommand
        from django.db import DatabaseError

        Stock = model("shares.Stock")  # noqa: N806

        def run(text: str | None, name: str = "names.csv") -> str:
            path = Path(folder) / name
            if text is not None:
                path.write_bytes(text.encode())
            out = io.StringIO()
            call_command(Command(stdout=out, stderr=io.StringIO(), no_color=True), str(path))
            return out.getvalue()

        def names() -> dict[str, str]:
            return dict(Stock.objects.values_list("ticker", "name"))

        def begin() -> None:
            Stock.objects.all().delete()
            Stock.objects.bulk_create(Stock(ticker=ticker, name=name) for ticker, name in BEGIN.items())

        good = "ticker,name\nFB,Meta\nORCL,Oracle\nIBM,IBM\nKO,\"Coca-Cola, Inc.\"\n"  # fmt: skip
        after = {**BEGIN, "FB": "Meta", "ORCL": "Oracle", "KO": "Coca-Cola, Inc."}
        with t.case("it is a command") as case:
            case.expect_that(isinstance(Command, type) and issubclass(Command, BaseCommand), "a BaseCommand", repr(Command), "`class Command(BaseCommand):`")  # fmt: skip
            case.expect_that(
                bool(Command.help), "a line of help", "none", '`help = "…"`: it is what `--help` says.'
            )
        said = ""
        refused = 'This file is good. If it says `unrecognized arguments`: `parser.add_argument("file")`.'
        with t.case("two new names, one that has changed, one that has not", {CommandError: refused}) as case:
            said = run(good)
            case.expect(names(), after, [
                (BEGIN, "Nothing has been written: is `handle` reached, and does it save?"),
                ({**after, "FB": "Facebook"}, "A share that is there and is called otherwise now, gets the new name."),
                (lambda rows: rows.get("KO", "").startswith('"'), "A comma may stand in quotes: read the file with `csv`."),
            ])  # fmt: skip
        with t.case("it says how many") as case:
            words = '`self.stdout.write(f"{new} new, {renamed} renamed")`: `print` goes past whoever calls the command, and stderr is for complaints.'
            if "new" in said:
                words = "One name has changed, one is as it was: compare the name before you save."
            case.expect_that("2 new, 1 renamed" in said, "2 new, 1 renamed", said.strip() or "nothing", words)
        with t.case("the same file again") as case:
            said = run(good)
            case.expect(names(), after)
            if said.strip():
                words = (
                    "What is as it should be, is neither new nor renamed: compare the name before you save."
                )
            case.expect_that("0 new, 0 renamed" in said, "0 new, 0 renamed", said.strip() or "nothing", words)
        with t.case("a share twice in one file") as case:
            begin()
            said = run("ticker,name\nKO,Coca\nKO,Coca-Cola\n")
            case.expect(names().get("KO"), "Coca-Cola", advice="The later line holds.")
        with t.case("tickers with digits and a dot", {CommandError: "Digits and dots are good, too: `[A-Z0-9.]`; `isupper()` is false where there is no letter."}) as case:  # fmt: skip
            begin()
            run("ticker,name\nBRK.B,Berkshire Hathaway\n0700,Tencent\n")
            case.expect(names(), {**BEGIN, "BRK.B": "Berkshire Hathaway", "0700": "Tencent"})
        missing = (
            "A traceback is for programmers: `except OSError as error: raise CommandError(…) from error`."
        )
        with t.case("a file that is not there", {OSError: missing}) as case:
            case.expect_error(CommandError, lambda: run(None, "nothing.csv"), missing)
        for what, (text, line, words) in BAD.items():
            begin()
            kind = "What is wrong with a file, is a `CommandError`: one line, and no traceback."
            with t.case(what, {DatabaseError: words, TypeError: words, ValueError: kind}) as case:
                case.expected = "a CommandError"
                came = ""
                try:
                    run(text)
                except CommandError as error:
                    came = str(error)
                case.expect_that(bool(came), "a CommandError", "no exception", words)
                case.expect_that(str(line) in came, f"line {line} in the message", came, "Say which line: `enumerate(csv.DictReader(lines), 2)`, since the first line holds the names of the fields.")  # fmt: skip
                whole = "The lines above the bad one have been written: `with transaction.atomic():` around the loop."
                case.expect(names(), BEGIN, advice=whole)
