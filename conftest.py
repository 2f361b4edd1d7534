"""What holds for the lessons when nbval runs them.

A cell that shows a program of the system needs that program. Where the system allows it, the kernel is cut off from
every network, and at its lesson's end it has left no thread, socket, process or file behind.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import nbval.kernel
import pytest
from nbval.plugin import IPyNbCell

from netlab.course import alone
from netlab.course.needs import missing

if sys.platform == "linux":
    nbval.kernel.KernelManager = alone.AloneKernelManager


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the cells of a lesson that show a program which is not on this machine; in CI they fail."""
    for item in items:
        if isinstance(item, IPyNbCell) and (name := missing(item.cell.metadata)):
            item.add_marker(pytest.mark.skip(reason=f"{name} is not installed"))


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before the first cell of a lesson: is its network empty, and what does its kernel hold?"""
    if isinstance(item, IPyNbCell) and sys.platform == "linux" and not hasattr(item.parent, "interfaces"):
        item.parent.interfaces = alone.interfaces(item.parent.kernel.kc)
        if os.environ.get("CI"):
            assert item.parent.interfaces == ["lo"], "the lesson is not cut off from the network"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After the last cell of a lesson: what does its kernel hold that it did not before?"""
    last = nextitem is None or nextitem.parent is not item.parent
    left = alone.leftovers(item.parent.kernel.kc) if last and hasattr(item.parent, "interfaces") else []
    yield
    assert left == [], "the lesson leaves something behind"
