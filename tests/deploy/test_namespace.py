"""As root of a user namespace, as in some containers, nginx cannot have workers: it runs as one process."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import subprocess, requests
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
from netlab.deploy import Nginx
from netlab.deploy.nginx import one_process

site = "server { listen LISTEN; location / { return 200 'hello'; } }"
with Nginx(site) as nginx:
    print(one_process(), requests.get(nginx.url, timeout=20).text)
    nginx.site = site.replace("hello", "goodbye")
    nginx.reload()
    print(requests.get(nginx.url, timeout=20).text, len(nginx.children()))
"""


def test_nginx_runs_and_takes_a_new_site_without_workers(tool):
    tool("nginx")
    words = [tool("unshare"), "--user", "--map-root-user", "--net"]
    if subprocess.run([*words, "true"], capture_output=True, timeout=30, check=False).returncode:
        pytest.skip("this system does not allow user namespaces")
    done = subprocess.run(
        [*words, sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split() == ["True", "hello", "goodbye", "0"], done.stderr
