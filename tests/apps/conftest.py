"""What tests of both sites share: a private PostgreSQL, databases without tables, and a Jupyter in front."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psycopg
import pytest
import requests

from netlab.course.lab import NBGRADER

TOKEN = "a-token-for-this-test"
BASE = "/user/ada/"
OTHERS = ("jupyterlab", *(f"nbgrader.server_extensions.{name}" for name in NBGRADER))
OPTIONS = {
    "ServerApp.base_url": BASE,
    "ServerApp.ip": "127.0.0.1",
    "ServerApp.port": "0",
    "ServerApp.allow_root": "True",
    "ServerApp.open_browser": "False",
    "IdentityProvider.token": TOKEN,
    # The proxy alone: the others, which need not be there, take longer to start than all the rest.
    "ServerApp.jpserver_extensions": str({"jupyter_server_proxy": True, **dict.fromkeys(OTHERS, False)}),
}


@pytest.fixture(scope="session")
def postgres(missing):
    """A private PostgreSQL in a temporary folder, reached through a socket there; gone at the end."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
    initdb = shutil.which("initdb", path=str(folders[-1])) if folders else shutil.which("initdb")
    if initdb is None:
        missing("PostgreSQL's server is not installed; on Debian: apt install postgresql")
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        as_user = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            as_user = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(folder, "postgres", "postgres")
        data = f"{folder}/data"
        options = ["-A", "trust", "-U", "ticker", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run([initdb, "-D", data, *options], check=True, capture_output=True, cwd=folder, **as_user)
        settings = {"unix_socket_directories": folder, "listen_addresses": "", "fsync": "off"}
        with subprocess.Popen(
            [
                Path(initdb).with_name("postgres"),
                "-D",
                data,
                *(f"-c{key}={value}" for key, value in settings.items()),
            ],
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            **as_user,
        ) as server:
            try:
                log = []
                for line in server.stderr:
                    log.append(line)
                    if "ready to accept connections" in line:
                        break
                else:
                    pytest.fail("PostgreSQL did not start:\n" + "".join(log))
                threading.Thread(target=server.stderr.read, daemon=True).start()
                yield f"postgresql://ticker@/{{}}?host={folder}"
            finally:
                server.send_signal(subprocess.signal.SIGQUIT)  # immediately: nothing is kept
                server.wait()


@pytest.fixture
def backend(request):
    """The kind of database: "sqlite", or with `@both` each of the two."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def empty_url(request, tmp_path, backend):
    """The URL of a database without tables."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.sqlite3"
        return
    postgres = request.getfixturevalue("postgres")
    with psycopg.connect(postgres.format("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE empty")
        yield postgres.format("empty")
        connection.execute("DROP DATABASE empty WITH (FORCE)")


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory):
    """The address of a Jupyter server at `/user/ada/`, with the proxy."""
    folder = tmp_path_factory.mktemp("jupyter")
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        *(f"--{name}={value}" for name, value in OPTIONS.items()),
    ]
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "JUPYTER_CONFIG_DIR": str(folder / "config")}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder, env=environment) as process:
        try:
            said = []
            for line in process.stderr:
                said.append(line)
                if found := re.search(rf"http://127\.0\.0\.1:\d+{BASE}", line):
                    break
            else:
                pytest.fail("Jupyter did not start:\n" + "".join(said))
            with contextlib.ExitStack() as stack:
                drain = threading.Thread(target=process.stderr.read, daemon=True)
                drain.start()
                stack.callback(drain.join, 10)
                stack.callback(process.wait)
                stack.callback(process.terminate)
                yield found[0]
        finally:
            process.kill()


@pytest.fixture
def hub_user():
    """A session of the one to whom that Jupyter belongs."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"token {TOKEN}"
        yield session
