"""How the suite is run, and judges that nobody here wrote, with packets of every kind for them."""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler.loadfile import LoadFileScheduling

from tests.garbage import look_seldom

# How long an example takes says how busy the machine is; a test that hangs has its own limit.
# Each run tries other examples. To look for longer: pytest --hypothesis-profile=long tests/servers
settings.register_profile("netlab", deadline=None)
settings.register_profile("long", deadline=None, max_examples=3000)
settings.load_profile("netlab")

# Files that are begun first. Most of them take long: begun last, one would keep a single worker while the others rest.
FIRST = (
    "tests/course/test_leftovers.py",  # it collects garbage, which takes longer with every test before it
    "tests/browser/test_jupyterlab.py",
    "tests/browser/test_decks.py",
    "tests/browser/test_backoffice.py",
    "tests/browser/test_ticker.py",
)
EXERCISES = "tests/lessons/test_exercises.py"


def share(nodeid: str) -> str:
    """What one worker does as a whole: a file, and of the exercises, which take minutes, those of a lesson."""
    file = nodeid.partition("::")[0]
    lesson = re.search(r"\[(\d\d)[-_]", nodeid)
    return f"{file} {lesson[1]}" if lesson and file == EXERCISES else file


class Shares(LoadFileScheduling):
    """Gives each worker such shares."""

    def _split_scope(self, nodeid: str) -> str:
        return share(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Shares | None:
    """Distribute tests as `Shares` does."""
    return Shares(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two workers for each processor: one computes while another waits. With one more, the whole took longer."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Some files first, and the exercises among the others: they wait for limits while the others compute."""
    places = {share(item.nodeid): place for place, item in reversed(list(enumerate(items)))}
    lessons = sorted(name for name in places if name.startswith(f"{EXERCISES} "))
    for number, name in enumerate(lessons):
        places[name] = len(items) * number * 2 // (3 * len(lessons))
    ranks = {name: rank for rank, name in enumerate(FIRST)}
    items.sort(key=lambda item: (ranks.get(share(item.nodeid), len(ranks)), places[share(item.nodeid)]))


def pytest_collection() -> None:
    """While tests are collected nothing becomes garbage; to look for it takes a sixth of the time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave nine thousand tests and their modules, a million objects, out of every look for garbage."""
    gc.enable()
    look_seldom()


@pytest.fixture(scope="session")
def missing() -> Callable[[str], NoReturn]:
    """Say what is not on this machine: in CI that is a failure, elsewhere the test is skipped."""
    return pytest.fail if os.environ.get("CI") else pytest.skip


@pytest.fixture
def tool(missing) -> Callable[[str], str]:
    """The path of a program on this machine."""

    def find(name: str) -> str:
        return shutil.which(name) or missing(f"{name} is not installed; on Debian: apt install {name}")

    return find


@pytest.fixture
def tshark(tool) -> Callable[..., str]:
    """Run tshark over a pcap file, with all checksums verified."""
    program = tool("tshark")

    def run(path: Path, *options: str) -> str:
        checks = [f"-o{name}.check_checksum:TRUE" for name in ("ip", "tcp", "udp")]
        return subprocess.run(
            [program, "-r", str(path), *checks, *options], capture_output=True, text=True, check=True
        ).stdout

    return run


@pytest.fixture
def assert_sound(tshark) -> Callable[[Path, int], None]:
    """tshark finds so many packets in a file, none malformed, each checksum right."""

    layers = ("ip", "tcp", "udp", "icmp", "icmpv6")
    fields = ["_ws.malformed", *(f"{layer}.checksum.status" for layer in layers)]
    options = [word for field in fields for word in ("-e", field)]

    def check(path: Path, count: int) -> None:
        judged = tshark(path, "-T", "fields", *options).splitlines()
        assert len(judged) == count
        for number, line in enumerate(judged, 1):
            malformed, *checksums = line.split("\t")
            assert malformed == "", f"packet {number} is malformed"
            for layer, states in zip(layers, checksums, strict=True):
                assert "0" not in states.split(","), f"packet {number} has a bad {layer} checksum"

    return check
