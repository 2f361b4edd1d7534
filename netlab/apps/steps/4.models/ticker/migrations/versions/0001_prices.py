"""Shares and their prices."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade():
    """One step forward."""
    op.create_table(
        "stocks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("ticker", sa.String(5), nullable=False, unique=True),
        sa.Column("name", sa.String(80), nullable=False),
    )
    op.create_table(
        "prices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("stock_id", sa.Integer, sa.ForeignKey("stocks.id"), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("close", sa.Numeric(10, 4), nullable=False),
        sa.UniqueConstraint("stock_id", "day"),
        sa.CheckConstraint("close > 0"),
    )


def downgrade():
    """And back."""
    op.drop_table("prices")
    op.drop_table("stocks")
