"""What is to be sent is a row first; sending it is tried again and again, each time by one process only.

To send a row, a process claims it first: it counts the attempt and puts the next one off. If the process dies,
another one tries again later; the receiver recognizes what comes twice by the Message-ID of the mail or the
Idempotency-Key of the SMS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import update

from netlab.apps.ticker.columns import now
from netlab.apps.ticker.database import Database
from netlab.apps.ticker.models import Letter, Notification, State

PAUSES = (1, 5, 25, 125)  # minutes between attempts; after the last one it has failed
AT_A_TIME = 100  # rows of one run
LONGEST_ERROR = 500  # characters

Row = TypeVar("Row", Notification, Letter)


class SendError(Exception):
    """Something could not be sent.

    Args:
        message: why.
        again: whether it is worth another attempt.
    """

    def __init__(self, message: str, *, again: bool) -> None:
        super().__init__(message)
        self.again = again


@dataclass(frozen=True)
class Outcome:
    """What a run has done."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.sent + other.sent, self.put_off + other.put_off, self.failed + other.failed)

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.put_off} put off, {self.failed} failed"


def send_each(
    database: Database,
    table: type[Row],
    numbers: Iterable[int],
    send: Callable[[Row], None],
    clock: Callable[[], datetime] = now,
) -> Outcome:
    """Send rows, each in transactions of its own, so that one that fails stops no other.

    Args:
        database: where they are.
        table: what they are.
        numbers: their ids.
        send: sends one, or raises SendError.
        clock: tells what time it is.
    """
    sent = put_off = failed = 0
    for number in numbers:
        row = claim(database, table, number, clock())
        if row is None:  # another process is at it
            continue
        try:
            send(row)
        except SendError as error:
            if _note_failure(database, row, error):
                failed += 1
            else:
                put_off += 1
        else:
            _note(database, row, state=State.SENT, sent_at=clock(), error=None)
            sent += 1
    return Outcome(sent, put_off, failed)


def claim(database: Database, table: type[Row], number: int, moment: datetime) -> Row | None:
    """Take a row for an attempt: count it, and put the next one off; None if another process was faster."""
    with database.begin() as session:
        found = session.get(table, number)
        if found is None or found.state is not State.WAITING or found.next_try_at > moment:
            return None
        pause = timedelta(minutes=PAUSES[min(found.attempts, len(PAUSES) - 1)])
        taken = session.execute(
            update(table)
            .where(table.id == number, table.attempts == found.attempts)
            .where(table.state == State.WAITING)
            .values(attempts=found.attempts + 1, next_try_at=moment + pause)
            .returning(table.id)
            .execution_options(synchronize_session=False)
        ).all()
        session.refresh(found)
        session.expunge(found)
        return found if taken else None


def _note_failure(database: Database, row: Notification | Letter, error: SendError) -> bool:
    """Write down why an attempt failed; true if there will be no other."""
    over = not error.again or row.attempts > len(PAUSES)
    state = State.FAILED if over else State.WAITING
    _note(database, row, state=state, error=str(error)[:LONGEST_ERROR])
    return over


def _note(database: Database, row: Notification | Letter, **values: object) -> None:
    with database.begin() as session:
        session.execute(update(type(row)).where(type(row).id == row.id).values(**values))
