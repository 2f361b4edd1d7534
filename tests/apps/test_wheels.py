"""Wheels made on the spot, judged by pip and by importlib."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from zipfile import ZipFile

from netlab.apps.wheels import make_wheel


def pip(*words):
    command = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_pip_installs_it_with_what_it_needs(tmp_path):
    make_wheel(tmp_path, "ticker-core", "2.1.0", "CORE = True\n")
    make_wheel(tmp_path, "ticker-rates", "1.4.0", "import ticker_core\n", ["ticker-core>=2"])
    target = tmp_path / "packages"
    done = pip("install", "-q", "--no-index", "--find-links", tmp_path, "--target", target, "ticker-rates")
    assert done.returncode == 0, done.stderr
    found = {each.name: each.version for each in importlib.metadata.distributions(path=[str(target)])}
    assert found == {"ticker-core": "2.1.0", "ticker-rates": "1.4.0"}


def test_its_record_names_every_file(tmp_path):
    with ZipFile(make_wheel(tmp_path, "ticker-rates", "1.4.0", "RATE = 1\n")) as wheel:
        record = wheel.read("ticker_rates-1.4.0.dist-info/RECORD").decode().splitlines()
        assert sorted(line.partition(",")[0] for line in record) == sorted(wheel.namelist())
