"""Watch-lists."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"


def upgrade():
    """One step forward."""
    op.create_table(
        "watches",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("stock_id", sa.Integer, sa.ForeignKey("stocks.id"), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.UniqueConstraint("user_id", "stock_id"),
    )


def downgrade():
    """And back."""
    op.drop_table("watches")
