"""Bandit's findings in the apps are reviewed: at each of them a `noqa` says why it is as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import netlab.apps

APPS = Path(netlab.apps.__file__).parent
# Imports, which say nothing yet, and FTP, which is what a lesson is about.
SKIPPED = "B402,B404,B406,B321"
WEAK = APPS / "weak"  # full of holes on purpose, and on loopback only


def test_every_finding_of_bandit_is_explained_where_it_is():
    done = subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-r", APPS, "-x", WEAK, "-ll", "-s", SKIPPED, "-f", "json"],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["errors"] == []
    assert report["metrics"]["_totals"]["loc"] > 5000
    open_ = [
        f"{each['filename']}:{each['line_number']} {each['test_id']} {each['issue_text']}"
        for each in report["results"]
        if "noqa: S" not in Path(each["filename"]).read_text("utf-8").splitlines()[each["line_number"] - 1]
    ]
    assert open_ == []
