"""An index of the days of splits: without it each page of a share looks through all its days for a few."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SPLIT = sa.text("split != 1")


def upgrade() -> None:
    """Bring the tables up to date."""
    op.create_index(
        "ix_prices_splits", "prices", ["stock_id", "day"], sqlite_where=SPLIT, postgresql_where=SPLIT
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_prices_splits", "prices")
