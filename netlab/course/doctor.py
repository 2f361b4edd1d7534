"""Is this machine ready for the course? What the lessons need is tried; what fails comes with its fix."""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from netlab.course.workspace import default_path
from netlab.errors import CaptureError, CourseError, MissingError

if TYPE_CHECKING:
    from rich.table import Table

State = Literal["ok", "warn", "bad"]
MARKS: dict[State, str] = {"ok": "✓", "warn": "!", "bad": "✗"}
COLOURS: dict[State, str] = {"ok": "#00664b", "warn": "#8a5a00", "bad": "#b00020"}  # 4.5:1 on white
TIMEOUT = 2.0  # seconds
ENOUGH = 500_000_000  # bytes of disk


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried.

    Attributes:
        what: the thing, "Loopback, TCP".
        state: "ok"; "warn" when the lessons work without it; "bad" when they do not.
        detail: what was found.
        fix: what to do about it; empty when it is ok.
    """

    what: str
    state: State
    detail: str
    fix: str = ""

    @property
    def lines(self) -> list[str]:
        """The detail, and the fix if there is one."""
        return [self.detail, self.fix] if self.fix else [self.detail]


@dataclass(frozen=True, slots=True, repr=False)
class Diagnosis:
    """All that was tried: a table in a notebook and in a terminal."""

    findings: tuple[Finding, ...]

    @property
    def ready(self) -> bool:
        """Whether every lesson will work; what is only a warning may be missing."""
        return all(finding.state != "bad" for finding in self.findings)

    @property
    def verdict(self) -> str:
        """The whole in one sentence."""
        return "This machine is ready." if self.ready else "This machine is not ready: mend what is marked ✗."

    def __repr__(self) -> str:
        lines = []
        for finding in self.findings:
            below = "\n" + " " * 21 + "→ "
            lines.append(f"{MARKS[finding.state]} {finding.what:<18} {below.join(finding.lines)}")
        return "\n".join([*lines, self.verdict])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><td style="color:{COLOURS[finding.state]}">{MARKS[finding.state]}</td>'
            f'<th scope="row" style="text-align:left">{escape(finding.what)}</th>'
            f'<td style="text-align:left">{"<br>→ ".join(map(escape, finding.lines))}</td></tr>'
            for finding in self.findings
        )
        return f"<table><caption>{escape(self.verdict)}</caption><tbody>{rows}</tbody></table>"

    def __rich__(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table(caption=self.verdict, box=None, show_header=False, caption_justify="left")
        for finding in self.findings:
            colour = {"ok": "green", "warn": "yellow", "bad": "red"}[finding.state]
            words = "\n→ ".join(finding.lines)
            table.add_row(Text(MARKS[finding.state], colour), finding.what, Text(words))
        return table


def diagnose() -> Diagnosis:
    """Try everything the lessons need, in about a second, on this machine alone.

    What is found differs from machine to machine, so a notebook cell that shows it is tagged as varying;
    `diagnose().ready` is the part that can be compared.
    """
    return Diagnosis(tuple(check.run() for check in CHECKS))


doctor = diagnose  # what the lessons call it


@dataclass(frozen=True, slots=True)
class Check:
    """Something to try: `attempt` returns what it found, or raises with what is wrong."""

    what: str
    attempt: Callable[[], str]
    otherwise: State
    fix: str

    def run(self) -> Finding:
        """Try it; whatever is raised becomes the detail, for a doctor must not fall ill himself."""
        try:
            return Finding(self.what, "ok", self.attempt())
        except Exception as error:
            detail = str(error) or type(error).__name__
            return Finding(self.what, self.otherwise, detail.rstrip("."), self.fix)


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


def _wireshark() -> str:
    for name in ("wireshark", "tshark", "/Applications/Wireshark.app/Contents/MacOS/tshark"):
        if found := shutil.which(name):
            return Path(found).stem
    raise MissingError("not installed; it is optional")


def _programs(*names: str) -> Callable[[], str]:
    def find() -> str:
        absent = [name for name in names if shutil.which(name) is None]
        if absent:
            raise MissingError(f"{' and '.join(absent)} not found")
        return " and ".join(names)

    return find


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
    Check("Loopback, TCP", _loopback_tcp, "bad", LOOPBACK),
    Check("Loopback, UDP", _loopback_udp, "bad", LOOPBACK),
    Check("Loopback, IPv6", _loopback_ipv6, "warn", IPV6),
    Check("Multicast", _multicast, "warn", "Lessons do without it."),
    Check("Free ports", _free_ports, "bad", "Close programs with many connections, or run ulimit -n 1024."),
    Check("Packet capture", _capture, "warn", USER_NAMESPACES),
    Check(
        "Wireshark", _wireshark, "warn", "It opens saved captures: wireshark.org, or apt install wireshark."
    ),
    Check("git", _programs("git"), "warn", "Lesson 11 shows what it keeps: git-scm.com, or apt install git."),
    Check("nginx", _programs("nginx"), "warn", "Lesson 15 runs it: nginx.org, or apt install nginx-light."),
    Check("Browser", _browser, "warn", "Install one, or open the address that make lab BROWSER=none prints."),
    Check(
        "Workspace", _workspace, "bad", "Choose a folder you may write to: --workspace or NETLAB_WORKSPACE."
    ),
    Check("Disk space", _disk, "warn", f"Free at least {ENOUGH // 1_000_000} MB."),
)
