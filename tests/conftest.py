"""Judges that nobody here wrote, and packets of every kind for them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def tool() -> Callable[[str], str]:
    """The path of a program on this machine; in CI a missing one is a failure, elsewhere the test is skipped."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            message = f"{name} is not installed; on Debian: apt install {name}"
            pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
        return path

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

    def check(path: Path, count: int) -> None:
        assert len(tshark(path).splitlines()) == count
        assert tshark(path, "-Y", "_ws.malformed") == ""
        for layer in ("ip", "tcp", "udp", "icmp", "icmpv6"):
            assert tshark(path, "-Y", f"{layer}.checksum.status == 0") == "", f"a bad {layer} checksum"

    return check
