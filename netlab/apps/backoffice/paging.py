"""Pages of lists that may have millions of rows."""

from __future__ import annotations

from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import QuerySet

MOST = 20_000  # rows that are counted


class LimitedPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator that stops counting at some number.

    To count a million rows the database looks at each, for every page that is shown; and nobody turns to page
    2,000 of 20,000: one filters or searches instead.
    """

    object_list: QuerySet  # type: ignore[type-arg]

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: MOST + 1].count()

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most `MOST`."""
        return min(self._counted, MOST)

    @property
    def is_cut(self) -> bool:
        """Whether there are more."""
        return self._counted > MOST
