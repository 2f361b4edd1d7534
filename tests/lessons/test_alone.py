"""Each lesson cut off from every network: same outputs, and nothing is left behind when it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from netlab.course import catalogue

pytestmark = pytest.mark.timeout(900)

LESSONS = [lesson.name for lesson in catalogue.load()]
SCRIPT = Path(__file__).with_name("run_alone.py")


@pytest.fixture(scope="module")
def outcomes() -> dict[str, dict[str, object]]:
    """All lessons, executed in a network namespace that has nothing but `lo`."""
    if not sys.platform.startswith("linux"):
        pytest.skip("network namespaces are Linux's")
    done = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, timeout=800)
    if "PermissionError" in done.stderr and not os.environ.get("CI"):
        pytest.skip("this system does not allow a network namespace")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_network_is_really_cut(outcomes):
    assert outcomes["interfaces"] == ["lo"]


@pytest.mark.parametrize("name", LESSONS)
def test_with_nothing_but_loopback_it_says_the_same_as_stored(outcomes, name):
    assert outcomes[name]["error"] == ""
    assert outcomes[name]["differences"] == []


@pytest.mark.parametrize("name", LESSONS)
def test_it_leaves_no_thread_socket_process_or_file_behind(outcomes, name):
    assert outcomes[name]["left"] == []
