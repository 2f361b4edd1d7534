"""Column types that mean the same in SQLite and PostgreSQL: money, and moments in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Dialect, Numeric
from sqlalchemy.types import TypeDecorator


class Exact(TypeDecorator[Decimal]):
    """A decimal number. SQLite has none: there it is a NUMERIC, whose 15 digits are exact, read back rounded.

    Args:
        digits: all its digits, at most 15.
        places: those after the point.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, digits: int = 12, places: int = 4) -> None:
        super().__init__(digits, places)
        self.digits = digits
        self.places = places

    def bind_processor(self, dialect: Dialect) -> Any:
        """What goes to the database."""
        if dialect.name == "sqlite":
            return lambda value: None if value is None else str(value)
        return super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """What comes from it."""
        if dialect.name == "sqlite":
            pattern = f"%.{self.places}f"
            return lambda value: None if value is None else Decimal(pattern % value)
        return super().result_processor(dialect, coltype)


class Moment(TypeDecorator[datetime]):
    """A moment, always with its time zone in Python and always UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a moment that could be anywhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone: write datetime.now(UTC).")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Say that it is UTC, which SQLite forgets."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
