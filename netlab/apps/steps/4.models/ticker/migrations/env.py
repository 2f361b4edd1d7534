"""How Alembic runs a migration: over the connection that `ticker.db` hands in."""

from alembic import context

from ticker.models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
