"""One small system a module: it runs in this process, so that it starts in a third of a second."""

from __future__ import annotations

import pytest

from netlab.apps.capstone.system import running


@pytest.fixture(scope="module")
def system():
    with running(lost=(3,)) as started:
        yield started
