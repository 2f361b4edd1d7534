"""The files of a machine that serves Ticker are no fiction: nginx, gunicorn and systemd read them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import requests

import netlab.apps.ticker
from netlab.apps.ticker.config import Config
from netlab.deploy import Gunicorn, Nginx, deployment_file
from netlab.deploy.files import FILES, FOLDER
from netlab.errors import OptionError
from netlab.servers.tls import ca_file

APP = "netlab.apps.ticker.app:create_app()"


def test_each_file_can_be_shown():
    shown = {path.name for path in FOLDER.iterdir() if path.name not in ("__init__.py", "__pycache__")}
    assert shown == set(FILES)
    for name, place in FILES.items():
        assert deployment_file(name).name == place
        assert deployment_file(name).lines > 5
    with pytest.raises(OptionError, match=r"there are ticker\.nginx"):
        deployment_file("apache.conf")


def test_ticker_runs_behind_the_nginx_of_the_file(tool, tmp_path):
    tool("nginx")
    env = {
        "TICKER_DATABASE_URL": f"sqlite:///{tmp_path}/ticker.sqlite3",
        "TICKER_PUBLIC_URL": "https://ticker.example",
        "TICKER_BEHIND_PROXY": "1",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
    }
    config = deployment_file("gunicorn.conf").source
    static = Path(netlab.apps.ticker.__file__).parent / "static"
    with (
        Gunicorn(APP, workers=2, threads=4, config=config, env=env) as gunicorn,
        Nginx(deployment_file("ticker.nginx").source, upstream=gunicorn, static=static) as nginx,
        ca_file() as ca,
        requests.Session() as browser,
    ):
        browser.verify, browser.trust_env = ca, False
        page = browser.get(
            nginx.url, timeout=20, headers={"X-Forwarded-Prefix": "/evil", "X-Forwarded-Host": "evil"}
        )
        assert page.status_code == 200
        assert "evil" not in page.text
        assert page.headers["Strict-Transport-Security"]
        assert page.headers["Server"] == "nginx"
        assert "Secure" in browser.get(f"{nginx.url}/account/log-in", timeout=20).headers["Set-Cookie"]
        script = browser.get(f"{nginx.url}/static/chart.js", timeout=20)
        assert script.headers["Content-Encoding"] == "gzip"
        assert browser.get(f"{nginx.url}/metrics", timeout=20).status_code == 404
        assert browser.post(nginx.url, data=b"x" * 70_000, timeout=20).status_code == 413
        moved = requests.get(f"{nginx.http_url}/stocks/AAPL", timeout=20, allow_redirects=False)
        assert (moved.status_code, moved.headers["Location"]) == (308, "https://127.0.0.1/stocks/AAPL")
        hurried = [browser.get(f"{nginx.url}/account/log-in", timeout=20).status_code for _ in range(12)]
        assert {200, 429} == set(hurried)
        figures = requests.get(f"{gunicorn.url}/metrics", timeout=20).text
        assert re.search(r'ticker_http_requests_total\{endpoint="quotes.front",.*\} \d', figures)
        assert '"address": "127.0.0.1"' in gunicorn.log
        assert '"message": "request"' in gunicorn.log


@pytest.mark.parametrize("name", ["ticker.service", "ticker-jobs.service"])
def test_systemd_finds_no_fault_with_the_units(name, tool, tmp_path):
    text = deployment_file(name).source.replace("/opt/ticker/bin/", f"{Path(sys.executable).parent}/")
    (tmp_path / name).write_text(text, encoding="utf-8")
    verified = subprocess.run(
        [tool("systemd-analyze"), "verify", "--man=no", str(tmp_path / name)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert name not in verified.stderr, verified.stderr


def test_the_command_of_the_unit_is_one_that_gunicorn_accepts(tmp_path):
    (line,) = re.findall(r"(?m)^ExecStart=(.*)$", deployment_file("ticker.service").source)
    program, *words = shlex.split(line.replace("create_app()", "'create_app()'"))
    assert Path(program).name == "gunicorn"
    settings = tmp_path / "gunicorn.conf.py"
    settings.write_text((FOLDER / "gunicorn.conf").read_text(encoding="utf-8"), encoding="utf-8")
    words[words.index("/etc/ticker/gunicorn.conf.py")] = str(settings)
    env = {**os.environ, "TICKER_DATABASE_URL": f"sqlite:///{tmp_path}/ticker.sqlite3"}
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--check-config", *words],
        cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_settings_are_settings_that_ticker_has():
    lines = [
        line.partition("=") for line in deployment_file("ticker.env").source.splitlines() if line[:1] != "#"
    ]
    given = {name: value.replace("…", "x" * 32) for name, _, value in lines}
    config = Config.from_environment(given)
    assert config.behind_proxy
    assert "x" * 32 not in repr(config)


def test_the_container_runs_as_nobody_special_and_holds_no_secret():
    text = deployment_file("Containerfile").source
    lines = [line for line in text.splitlines() if line and line[0] not in "# "]
    assert lines.index("USER 10001") < next(n for n, line in enumerate(lines) if line.startswith("CMD"))
    assert "SECRET" not in text
    (command,) = (line for line in lines if line.startswith("CMD"))
    assert re.fullmatch(r'CMD \[("[^"]*"(, )?)+\]', command), "a list, so that signals reach gunicorn"
