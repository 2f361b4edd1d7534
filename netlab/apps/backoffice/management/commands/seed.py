"""`seed`: the prices of a file, and on request people who do not exist."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from netlab.apps.backoffice import demo, seeding
from netlab.apps.backoffice.config import STAFF
from netlab.apps.backoffice.models import Price
from netlab.apps.ticker.importer import ImportFailedError
from netlab.paths import data_dir

MOST_SHOWN = 20  # errors


class Command(BaseCommand):
    """Bring a file of prices into the database; what is there already stays, or is brought up to date."""

    help = "Import a file such as data/stocks.csv, and with --demo some accounts, alerts and staff that do not exist."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what can be said."""
        parser.add_argument("path", nargs="?", type=Path, default=data_dir() / "stocks.csv")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are prices")
        parser.add_argument("--demo", action="store_true", help="accounts, alerts and staff, too")

    def handle(self, *, path: Path, if_empty: bool, demo: bool, **_: Any) -> None:
        """Import."""
        bad = 0 if if_empty and Price.objects.exists() else self._import(path)
        if demo:
            self._demo()
        if bad:
            raise CommandError(f"{bad:,} lines were left out.")

    def _import(self, path: Path) -> int:
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("importing", total=None)
            try:
                report = seeding.import_prices(
                    path, lambda done, total: progress.update(task, completed=done, total=total)
                )
            except ImportFailedError as problem:
                raise CommandError(str(problem)) from problem
        self.stdout.write(str(report))
        for error in report.errors[:MOST_SHOWN]:
            self.stderr.write(f"  {error}")
        return report.bad

    def _demo(self) -> None:
        password = os.environ.get(demo.PASSWORD_VARIABLE, "")
        made = demo.make(password)
        if made is None:
            self.stdout.write("The people of the demonstration are there already.")
            return
        for role, name in STAFF.items():
            self.stdout.write(f"{role}: {name}")
        if not password:
            self.stdout.write(f"Their password, shown only now: {made}")
