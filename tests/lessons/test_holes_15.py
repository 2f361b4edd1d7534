"""Where there is no nginx, the bug hunt of lesson 15 reads what it would otherwise run."""

from __future__ import annotations

import shutil

import pytest

from netlab.exercises import check
from netlab.exercises.lesson_15_nginx import STARTER

MENDED = (
    STARTER.replace("location /static", "location /static/")
    .replace("$http_x_forwarded_for;", "$remote_addr;\n        proxy_set_header Host $host;")
    .replace("listen LISTEN;", "listen LISTEN;\n    client_max_body_size 64k;")
)


@pytest.fixture(autouse=True)
def _without_nginx(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda *_args, **_kwargs: None)
    monkeypatch.chdir(tmp_path)


def test_a_site_without_holes_passes():
    assert check("15-nginx", MENDED).state == "passed"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("location /static/", "location /static", "there is no way out"),
        ("$remote_addr", "$http_x_forwarded_for", "is what the visitor has written"),
        ("$remote_addr", "$proxy_add_x_forwarded_for", "keeps what the visitor wrote"),
        ("64k", "2m", "a megabyte unless told"),
        ("client_max_body_size 64k;", "", "a megabyte unless told"),
        ("proxy_set_header Host $host;", "# proxy_set_header Host $host;", "the address that nginx uses"),
    ],
)
def test_each_hole_is_read(old, new, words):
    report = check("15-nginx", MENDED.replace(old, new))
    assert report.state == "failed"
    assert words in repr(report)
    assert "there is no nginx here" in repr(report)
