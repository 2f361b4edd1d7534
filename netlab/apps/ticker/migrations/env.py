"""How Alembic runs a migration: over the connection that `netlab.apps.ticker.database` hands in."""

from __future__ import annotations

from alembic import context

from netlab.apps.ticker.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_server_default=True,
    render_as_batch=True,  # SQLite changes a table by making it anew
)
with context.begin_transaction():
    context.run_migrations()
