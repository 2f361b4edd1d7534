"""How much work a statement is, in steps of SQLite's machine: the same on every computer, unlike seconds.

PostgreSQL has `log_min_duration_statement` and `statement_timeout` for the same purpose.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

STEP = 50  # steps between two looks
LIMIT = 3000  # steps that a statement of a job may take


@dataclass
class Work:
    """What a block has cost so far.

    Attributes:
        steps: of SQLite's machine, in fifties.
        limit: beyond which the statement is interrupted.
    """

    steps: int = 0
    limit: int = LIMIT

    @property
    def over(self) -> bool:
        """Whether it was too much."""
        return self.steps > self.limit

    def look(self) -> bool:
        """SQLite asks every so many steps; true interrupts the statement."""
        self.steps += STEP
        return self.over


@contextlib.contextmanager
def limited(session: Session, limit: int = LIMIT) -> Iterator[Work]:
    """Count the work of a block, and interrupt what is too much.

    Raises:
        sqlalchemy.exc.OperationalError: "interrupted", by the statement that went too far.
    """
    work = Work(limit=limit)
    connection = session.connection().connection.dbapi_connection
    assert connection is not None
    connection.set_progress_handler(work.look, STEP)
    try:
        yield work
    finally:
        connection.set_progress_handler(None, 0)
