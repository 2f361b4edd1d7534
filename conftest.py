"""What holds for the lessons when nbval runs them: a cell that shows a program of the system needs that program."""

from __future__ import annotations

import pytest

from netlab.course.needs import missing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the cells of a lesson that show a program which is not on this machine; in CI they fail."""
    for item in items:
        cell = getattr(item, "cell", None)  # of nbval's items
        if cell is not None and (name := missing(cell.metadata)):
            item.add_marker(pytest.mark.skip(reason=f"{name} is not installed"))
