"""Is this machine ready for the course? What the lessons need is tried; what fails comes with its fix."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from netlab.course.diagnosis import Check, Diagnosis
from netlab.course.workspace import default_path
from netlab.errors import CaptureError, CourseError, MissingError

TIMEOUT = 2.0  # seconds
ENOUGH = 500_000_000  # bytes of disk
DEBIANS_POSTGRESQL = Path("/usr/lib/postgresql")  # Debian keeps its server off the PATH
LIBRARIES = {  # module: the first lesson that stands on it
    "cryptography.x509": "10",
    "flask": "13",
    "sqlalchemy": "14",
    "django.http": "17",
    "plotly.graph_objects": "19",
}
IMPORT = """
import importlib, json, sys
failed = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        failed[name] = f"{type(error).__name__}: {error}"
print(json.dumps(failed))
"""


def diagnose() -> Diagnosis:
    """Try everything the lessons need, in a few seconds, on this machine alone.

    What is found differs from machine to machine, so a notebook cell that shows it is tagged as varying;
    `diagnose().ready` is the part that can be compared.
    """
    return Diagnosis(tuple(check.run() for check in CHECKS))


doctor = diagnose  # what the lessons call it


def _python() -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 - a checkout may be run by any Python
        raise CourseError(f"Python {version} is too old")
    return version


def _packages() -> str:
    from importlib.metadata import PackageNotFoundError, requires, version

    from packaging.requirements import Requirement

    needed = [Requirement(line) for line in requires("netlab") or [] if "extra ==" not in line]
    wrong = []
    for package in needed:
        try:
            if not package.specifier.contains(found := version(package.name), prereleases=True):
                wrong.append(f"{package} is needed, {found} is installed")
        except PackageNotFoundError:
            wrong.append(f"{package.name} is missing")
    if wrong:
        raise CourseError("; ".join(wrong))
    return f"{len(needed)} packages, each new enough"


def _libraries() -> str:
    """Import some of the large ones as a lesson does: a file of the student's may stand in their way."""
    command = [sys.executable, "-c", IMPORT, *LIBRARIES]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 - our own
    failed: dict[str, str] = json.loads(done.stdout)
    if failed:
        raise CourseError(
            "; ".join(f"{name}, lesson {LIBRARIES[name]}: {why}" for name, why in failed.items())
        )
    return f"{', '.join(name.partition('.')[0] for name in LIBRARIES)} can be imported"


def _loopback_tcp(family: int = socket.AF_INET, host: str = "127.0.0.1") -> str:
    with socket.socket(family) as listener:
        listener.settimeout(TIMEOUT)
        listener.bind((host, 0))
        listener.listen()
        with socket.create_connection(listener.getsockname()[:2], TIMEOUT) as client:
            server, _ = listener.accept()
            with server:
                server.settimeout(TIMEOUT)
                client.sendall(b"AAPL?\n")
                if server.recv(6, socket.MSG_WAITALL) != b"AAPL?\n":
                    raise CourseError("what was sent did not arrive")
    return f"a connection to {host} carried 6 bytes"


def _loopback_ipv6() -> str:
    return _loopback_tcp(socket.AF_INET6, "::1")


def _loopback_udp() -> str:
    with socket.socket(type=socket.SOCK_DGRAM) as receiver, socket.socket(type=socket.SOCK_DGRAM) as sender:
        receiver.settimeout(TIMEOUT)
        receiver.bind(("127.0.0.1", 0))
        sender.sendto(b"AAPL?", receiver.getsockname())
        receiver.recvfrom(16)
    return "a datagram to 127.0.0.1 arrived"


def _multicast() -> str:
    group, loopback = "239.255.7.9", "127.0.0.1"  # a site-local group, RFC 2365
    with socket.socket(type=socket.SOCK_DGRAM) as receiver, socket.socket(type=socket.SOCK_DGRAM) as sender:
        receiver.settimeout(TIMEOUT)
        receiver.bind((group, 0))  # and so deaf to everything else
        membership = socket.inet_aton(group) + socket.inet_aton(loopback)
        receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(loopback))
        sender.sendto(b"AAPL 430.47", (group, receiver.getsockname()[1]))
        receiver.recvfrom(64)
    return f"a datagram to {group} arrived"


def _free_ports() -> str:
    count = 64
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(socket.socket()).bind(("127.0.0.1", 0))
    return f"{count} at once"


def _browser() -> str:
    import webbrowser

    try:
        return Path(webbrowser.get().name).name
    except webbrowser.Error:
        for name in ("chromium", "chromium-browser", "google-chrome", "firefox"):
            if shutil.which(name):
                return name
    raise MissingError("no browser was found")


def _program(*names: str) -> Callable[[], str]:
    """Look for a program under any of its names, also where not everybody's PATH leads."""

    def find() -> str:
        from netlab.deploy.program import which

        for name in names:
            if found := which(name):
                return Path(found).stem
        raise MissingError("not found; it is optional")

    return find


def _postgresql() -> str:
    from netlab.deploy.program import which

    if which("initdb") or any(DEBIANS_POSTGRESQL.glob("*/bin/initdb")):
        return "its server is here"
    raise MissingError("not found; it is optional")


def _capture() -> str:
    from netlab.wire import capture

    with capture() as captured:
        pass
    if captured.source != "live":
        raise CaptureError("not allowed here; lessons show recorded packets instead")
    return "live, without being root"


def _workspace() -> str:
    path = default_path()
    with tempfile.TemporaryFile(dir=_existing(path)):
        return "your copy of the lessons can be written"


def _disk() -> str:
    free = shutil.disk_usage(_existing(default_path())).free
    if free < ENOUGH:
        raise CourseError(f"{free // 1_000_000:,} MB are free")
    return f"{free // 1_000_000_000:,} GB are free" if free >= 2e9 else f"{free // 1_000_000:,} MB are free"


def _existing(path: Path) -> Path:
    """The folder itself, or the nearest one above it that exists already."""
    return next(folder for folder in (path, *path.absolute().parents) if folder.is_dir())


LOOPBACK = "Bring the loopback interface up (Linux: sudo ip link set lo up) and let no firewall block it."
IPV6 = "Lessons do without it. On Linux: sudo sysctl -w net.ipv6.conf.lo.disable_ipv6=0"
USER_NAMESPACES = (
    "Lessons do without it. On Ubuntu: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
)
CHECKS = (
    Check("Python", _python, "bad", "Install Python 3.11 or newer, then run make lab again."),
    Check("Packages", _packages, "bad", "Run make lab again, or pip install --upgrade netlab."),
    Check(
        "Libraries",
        _libraries,
        "bad",
        "Give files of yours other names than libraries have, and run make lab again.",
    ),
    Check("Loopback, TCP", _loopback_tcp, "bad", LOOPBACK),
    Check("Loopback, UDP", _loopback_udp, "bad", LOOPBACK),
    Check("Loopback, IPv6", _loopback_ipv6, "warn", IPV6),
    Check("Multicast", _multicast, "warn", "Lessons do without it."),
    Check("Free ports", _free_ports, "bad", "Close programs with many connections, or run ulimit -n 1024."),
    Check("Packet capture", _capture, "warn", USER_NAMESPACES),
    Check("git", _program("git"), "warn", "Lesson 11 shows what it keeps: git-scm.com, or apt install git."),
    Check("nginx", _program("nginx"), "warn", "Lesson 15 runs it: nginx.org, or apt install nginx-light."),
    Check(
        "openssl",
        _program("openssl"),
        "warn",
        "Lesson 12 does without; it shows certificates in a terminal: apt install openssl.",
    ),
    Check(
        "curl",
        _program("curl"),
        "warn",
        "Lessons 07 to 10 do without; it speaks their protocols in a terminal: apt install curl.",
    ),
    Check(
        "PostgreSQL",
        _postgresql,
        "warn",
        "Lessons 14 to 20 use SQLite; Ticker and its back office can use this: apt install postgresql.",
    ),
    Check(
        "Wireshark",
        _program("wireshark", "tshark", "/Applications/Wireshark.app/Contents/MacOS/tshark"),
        "warn",
        "Lessons 02 and 12 do without; it opens saved captures: wireshark.org, or apt install wireshark.",
    ),
    Check(
        "Chromium",
        _program("chromium", "chromium-browser", "google-chrome"),
        "warn",
        "Lessons take any browser; only the tests of the course need this one: apt install chromium.",
    ),
    Check("Browser", _browser, "warn", "Install one, or open the address that make lab BROWSER=none prints."),
    Check(
        "Workspace", _workspace, "bad", "Choose a folder you may write to: --workspace or NETLAB_WORKSPACE."
    ),
    Check("Disk space", _disk, "warn", f"Free at least {ENOUGH // 1_000_000} MB."),
)
