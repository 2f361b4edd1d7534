"""nginx, in front of the servers that run an app."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from netlab.deploy.program import Program, find_program, free_port, ports_of
from netlab.errors import OptionError, ServerCrashedError

if TYPE_CHECKING:
    from netlab.servers.base import Address, Listener

INSTALL = (
    "On Debian and Ubuntu: sudo apt install nginx-light; on macOS: brew install nginx; "
    "on Windows run the course in WSL."
)
# What stands around a site, as /etc/nginx/nginx.conf does.
MAIN = """\
daemon off;
{user}{single}worker_processes 1;
pid nginx.pid;
error_log log notice;
events {{ worker_connections 1024; }}
http {{
    types {{
        text/html html; text/css css; text/javascript js; text/csv csv;
        application/json json; image/svg+xml svg; image/png png;
    }}
    default_type application/octet-stream;
    access_log access.log combined;
    client_body_temp_path temporary/body;
    proxy_temp_path temporary/proxy;
    fastcgi_temp_path temporary/fastcgi;
    uwsgi_temp_path temporary/uwsgi;
    scgi_temp_path temporary/scgi;
    include site.conf;
}}
"""
WORDS = re.compile(r"\b(LISTEN_HTTP|LISTEN|APP|UPSTREAM|STATIC|CERTIFICATE|KEY)\b")
GIVEN_AS = {
    "APP": "upstream",
    "UPSTREAM": "upstream",
    "STATIC": "static",
}  # the arguments of words that need one
SPEAKS_TLS = re.compile(r"(?m)^[^#\n]*\blisten\s+LISTEN\b[^;]*\bssl\b")


class Nginx(Program):
    """nginx with one site, whose configuration you write.

    Words in capitals are filled in: `LISTEN`, the address and port to listen on (`LISTEN_HTTP` is another one, for
    a redirect to HTTPS); `APP`, the URL of the app's server, and `UPSTREAM`, its address; `STATIC`, a folder of
    files; `CERTIFICATE` and `KEY`, files of the course's own authority.

    Args:
        site: what would be a file in /etc/nginx/sites-enabled: `upstream` and `server` blocks.
        upstream: the server behind it, or its pair (host, port).
        static: the folder of files that it serves itself.
        port: the port to listen on, 0 for any free one.

    Attributes:
        site: the text of the site, to be changed before `reload()`.

    Raises:
        ProgramMissingError: when there is no nginx on this machine.
        OptionError: for a configuration that nginx does not accept; the message is nginx's own.

    Example:
        >>> with Nginx("server { listen LISTEN; location / { proxy_pass APP; } }", upstream=gunicorn) as nginx:
        ...     requests.get(nginx.url, timeout=5)
    """

    def __init__(
        self,
        site: str,
        *,
        upstream: Listener | Address | None = None,
        static: Path | str | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(port=port)
        self.site = site
        self.upstream = upstream
        self.static = static
        self._kept_access = ""

    @property
    def url(self) -> str:
        """The address as a URL."""
        return f"http{'s' if SPEAKS_TLS.search(self.site) else ''}://{self.host}:{self.port}"

    @property
    def http_url(self) -> str:
        """The address of `LISTEN_HTTP` as a URL."""
        self._check_running()
        return f"http://{self.host}:{self._second_port}"

    @property
    def access_log(self) -> str:
        """A line for each request that has been answered; it can be read after the end, too."""
        return self._read("access.log") if self.running else self._kept_access

    @property
    def listing(self) -> str:
        """The site's file as nginx has it, the words filled in."""
        self._check_running()
        return self._read("site.conf")

    def reload(self) -> None:
        """Read the configuration anew (SIGHUP): new workers begin, the old ones finish and end.

        Raises:
            OptionError: for a configuration that nginx does not accept; it then goes on with the one it has.
        """
        self._check_running()
        self._write(self.host, self.port)
        self._test()
        if one_process():  # it cannot be reloaded well: it is started anew
            self._end()
            self._launch(self._words, self.host, self.port)
            return
        done, old = self._loads(), self.children()
        self.signal(signal.SIGHUP)
        self._wait_until(lambda: self._loads() > done and not any(map(_listens, old)))
        self._wait_until(lambda: self._is_listening(self.host, self.port))

    def _loads(self) -> int:
        """How many times the configuration was loaded, and new workers were started with it."""
        return self._read("log").count("start worker processes")

    def _command(self, host: str, port: int) -> list[str]:
        program = find_program("nginx", INSTALL)
        self._second_port = free_port(host)
        (self.folder / "temporary").mkdir()
        self._write(host, port)
        self._words = [program, "-p", f"{self.folder}/", "-c", "nginx.conf", *log_option(program)]
        self._test()
        return self._words

    def _write(self, host: str, port: int) -> None:
        user = "user root;\n" if os.name == "posix" and os.geteuid() == 0 else ""
        single = "master_process off;\n" if one_process() else ""
        (self.folder / "nginx.conf").write_text(MAIN.format(user=user, single=single), encoding="ascii")
        (self.folder / "site.conf").write_text(self._filled_in(host, port), encoding="utf-8")

    def _filled_in(self, host: str, port: int) -> str:
        upstream = self._upstream_address()
        known = {
            "LISTEN": f"{host}:{port}",
            "LISTEN_HTTP": f"{host}:{self._second_port}",
            "APP": f"http://{upstream}" if upstream else "",
            "UPSTREAM": upstream,
            "STATIC": str(Path(self.static).resolve()) if self.static else "",
            "CERTIFICATE": "certificate.pem",
            "KEY": "key.pem",
        }
        if SPEAKS_TLS.search(self.site) and not (self.folder / "key.pem").exists():
            write_certificate(self.folder)

        def word(found: re.Match[str]) -> str:
            if not known[found[0]]:
                raise OptionError(f"The site has the word {found[0]}: give {GIVEN_AS[found[0]]}= to Nginx.")
            return known[found[0]]

        return WORDS.sub(word, self.site)

    def _upstream_address(self) -> str:
        if self.upstream is None:
            return ""
        host, port = self.upstream if isinstance(self.upstream, tuple) else self.upstream.address
        return f"{host}:{port}"

    def _test(self) -> None:
        tested = subprocess.run(  # noqa: S603 - a list of words, and no shell
            [*self._words, "-t", "-q"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        if tested.returncode:
            said = tested.stderr.strip().replace(f"{self.folder}/", "").replace("nginx: ", "")
            if "ddress already in use" in said:
                raise ServerCrashedError(said)
            raise OptionError(f"nginx does not accept this site:\n\n{said}")

    def _is_ready(self) -> bool:
        return True

    def _before_folder_goes(self) -> None:
        self._kept_access = self._read("access.log")


def _listens(pid: int) -> bool:
    """Whether a process still accepts connections."""
    with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        return bool(ports_of(psutil.Process(pid)))
    return False


@functools.cache
def one_process() -> bool:
    """Whether nginx cannot have workers: as root of a user namespace that may not change its groups."""
    with_groups = Path("/proc/self/setgroups")
    is_root = os.name == "posix" and os.geteuid() == 0
    return is_root and with_groups.exists() and with_groups.read_text().strip() == "deny"


@functools.cache
def log_option(program: str) -> list[str]:
    """Where errors go before the configuration is read; versions before 1.19.5 cannot be told."""
    words = [program, "-v"]
    said = subprocess.run(words, capture_output=True, text=True, timeout=30, check=True).stderr  # noqa: S603
    version = re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", said)
    return ["-e", "log"] if version and tuple(map(int, version.groups())) >= (1, 19, 5) else []


def write_certificate(folder: Path) -> None:
    """Write certificate.pem, the whole chain, and key.pem, which only its owner can read."""
    from netlab.servers.tls import NAMES, course_ca

    leaf = course_ca().issue_cert(*NAMES)
    (folder / "certificate.pem").write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    key = folder / "key.pem"
    key.touch(mode=0o600)
    key.write_bytes(leaf.private_key_pem.bytes())
