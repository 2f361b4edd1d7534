"""`migrate`: first Ticker's migrations for Ticker's tables, then Django's for those of the back office."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate

from netlab.apps.ticker.database import Database


class Command(migrate.Command):
    """Bring all tables up to date; on a database that Ticker has made, only what is missing."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run both."""
        if not (options["plan"] or options["check_unapplied"]):
            config = settings.CONFIG
            if config.sqlite_file:
                config.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
            database = Database(config.database_url)
            before = database.revision
            database.upgrade()
            if options["verbosity"] > 0 and database.revision != before:
                self.stdout.write(f"Ticker's tables: {before or 'none'} → {database.revision}")
            database.close()
        super().handle(*args, **options)
