"""Tables of ours whose rows go with Ticker's rows, also when Ticker deletes those: it knows nothing of our tables."""

from __future__ import annotations

from typing import Any

from django.db import migrations


class CreateModel(migrations.CreateModel):
    """`CreateModel` with ON DELETE CASCADE in the database; Django 5.2 only does it in Python, when Django deletes.

    Without it, Ticker could not delete an account that is assigned to somebody. In SQLite a later migration that
    makes the table anew, as most do there, must say so again.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the table."""
        for name in ("sql_create_fk", "sql_create_inline_fk"):
            if template := getattr(schema_editor, name):
                words = template.replace(" DEFERRABLE", " ON DELETE CASCADE DEFERRABLE")
                words = words.replace("%(deferrable)s", " ON DELETE CASCADE%(deferrable)s")
                setattr(schema_editor, name, words)
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            for name in ("sql_create_fk", "sql_create_inline_fk"):
                vars(schema_editor).pop(name, None)
