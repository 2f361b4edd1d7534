"""Which shares the staff have suspended: a table of the back office's says so, and it need not be there."""

from __future__ import annotations

from sqlalchemy import ColumnElement, column, exists, inspect, table, true
from sqlalchemy.orm import InstrumentedAttribute, Session

SUSPENSIONS = table("backoffice_suspension", column("stock_id"))


def is_traded(session: Session, stock_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition that a share is not suspended; without a back office none is.

    Args:
        session: where it is going to be asked.
        stock_id: the column with the share's number.
    """
    if not inspect(session.connection()).has_table(SUSPENSIONS.name):
        return true()
    return ~exists().where(SUSPENSIONS.c.stock_id == stock_id)
