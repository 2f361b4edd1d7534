"""JupyterLab on the student's workspace: on this machine only, asking nobody outside, with our own settings.

Jupyter keeps its settings, its signatures and its list of kernels in `.netlab/jupyter` of the workspace.
So nothing odd in the user's own configuration can break the course, and the course changes nothing of it.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import signal
import socket
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from netlab._files import write_atomic
from netlab.course import catalogue
from netlab.course.workspace import ENVIRONMENT, STATE, clear_errors
from netlab.errors import AddressInUseError, CourseError, OptionError

HOST = "127.0.0.1"
USUAL_PORT = 8888
MORE_PORTS = 50  # tried after it

# Jupyter's configuration: it asks no student whether to fetch its news, and what nbgrader adds for those who
# mark (it comes with the extra packages of instructors) stays out of a student's JupyterLab.
NBGRADER = ("formgrader", "validate_assignment", "assignment_list", "course_list")
CONFIGURATION = {
    "labconfig/default_setting_overrides.json": {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
    },
    "labconfig/page_config.json": {"disabledExtensions": {"@jupyter/nbgrader": True}},
    "jupyter_server_config.json": {
        "ServerApp": {
            "jpserver_extensions": {f"nbgrader.server_extensions.{name}": False for name in NBGRADER}
        }
    },
}


def open_lab(path: Path, name: str, *, port: int | None = None, browser: bool = True) -> None:
    """Serve the workspace in JupyterLab until the user stops it with Ctrl-C.

    Where it is open already, that one is named (and opened in the browser) instead.

    Args:
        path: a workspace that `open_workspace` has brought up to date.
        name: the lesson to open.
        port: the TCP port; if None, 8888 or the next one that is free.
        browser: whether to open a browser on it.

    Raises:
        AddressInUseError: when the port that was asked for cannot be had.
        OptionError: when it is no port.
    """
    with _claim(path) as claim:
        if claim is None:
            _show_open_one(path, browser=browser)
            return
        with _listen(port) as listener:
            _equip_terminals(path)
            with clear_errors(path):
                _isolate(path / STATE / "jupyter")
            server = _server(path, name, listener, browser=browser)
            _trust_lessons(server)
            url = f"http://{HOST}:{server.port}/lab/tree/{name}.ipynb?token={server.identity_provider.token}"
            server.io_loop.add_callback(_announce, url, claim)  # runs after it answers
            # Without a terminal, Jupyter would end at once, and leave its kernels to find out that it is gone.
            signal.signal(signal.SIGINT, lambda *_: server.stop(from_signal=True))
            server.start()


def _server(path: Path, name: str, listener: socket.socket, *, browser: bool) -> Any:
    """JupyterLab's server, which is going to answer at a socket that listens already."""
    from jupyterlab.labapp import LabApp

    options = {
        "ServerApp.root_dir": path,
        "ServerApp.ip": HOST,
        "ServerApp.port": 0,  # see below
        "ServerApp.open_browser": browser,
        "ServerApp.allow_root": True,  # a container often has no other user, and we listen on loopback only
        "ServerApp.answer_yes": True,  # Ctrl-C stops without asking; notebooks are saved as one works
        "ServerApp.log_level": "ERROR",
        "LabApp.log_level": "ERROR",
        "IdentityProvider.token": secrets.token_hex(24),
        "KernelManager.transport_encryption": "auto",  # or each kernel warns that it talks in plain text
        "LabApp.default_url": f"/lab/tree/{name}.ipynb",
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",  # the other one asks PyPI
    }
    server = LabApp.initialize_server(argv=[f"--{option}={value}" for option, value in options.items()])
    # Jupyter looks for a free port, and listens there once it has started: seconds in which another may take it.
    server.port = listener.getsockname()[1]
    server.http_server.listen = lambda *_: server.http_server.add_socket(listener)
    return server


def _equip_terminals(path: Path) -> None:
    """Let the `netlab` command work in the terminals and notebooks of this JupyterLab, on this workspace."""
    os.environ[ENVIRONMENT] = str(path)
    os.environ["PATH"] = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    )


def _isolate(home: Path) -> None:
    """Make Jupyter keep to a folder of ours; to be called before the rest of Jupyter is imported."""
    for variable in [name for name in os.environ if name.startswith(("JUPYTER_", "JUPYTERLAB_"))]:
        del os.environ[variable]
    os.environ |= {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_PREFER_ENV_PATH": "0",  # our kernel before any other of the same name
        "IPYTHONDIR": str(home / "ipython"),
    }
    from ipykernel.kernelspec import get_kernel_dict

    kernel = {**get_kernel_dict(), "display_name": "Python 3 (netlab)"}  # runs this very interpreter
    _write_json(home / "data" / "kernels" / "python3" / "kernel.json", kernel)
    for name, content in CONFIGURATION.items():
        _write_json(home / "config" / name, content)


def _trust_lessons(server: Any) -> None:
    """Sign the lessons as published, or JupyterLab would not show their stored SVG and HTML outputs."""
    import nbformat

    for lesson in catalogue.load():
        server.contents_manager.notary.sign(nbformat.read(lesson.path, as_version=4))


@contextmanager
def _claim(path: Path) -> Iterator[IO[str] | None]:
    """The file that says where this workspace is served, locked; None while another process serves it."""
    with clear_errors(path):  # for its owner only: the address holds the token
        handle = os.open(path / STATE / "lab", os.O_CREAT | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        file.truncate(0)
        yield file


def _announce(url: str, claim: IO[str]) -> None:
    claim.write(url)
    claim.flush()
    print(f"netlab is open at {url} (Ctrl-C stops it)", flush=True)


def _show_open_one(path: Path, *, browser: bool) -> None:
    url = (path / STATE / "lab").read_text()
    if not url:
        raise CourseError(f"Another `netlab lab` is just opening {path}. Its terminal will show the address.")
    print(f"netlab is open already at {url}", flush=True)
    if browser:
        webbrowser.open(url)


def _listen(port: int | None) -> socket.socket:
    """A socket that listens at a port, or at the first one that can be had: nobody else can from now on."""
    if port is not None and not 0 < port < 65536:
        raise OptionError(f"{port} is not a port. Choose one from 1024 to 65535.")
    first = port or USUAL_PORT
    last = port or USUAL_PORT + MORE_PORTS
    for number in range(first, last + 1):
        try:
            listener = socket.create_server((HOST, number))
        except OSError as error:
            reason = error
        else:
            listener.setblocking(False)
            return listener
    which, instead = f"No port from {first} to {last} can", ""
    if port is not None:
        which, instead = f"Port {port} cannot", ", or none for the next that is free"
    raise AddressInUseError(
        f"{which} be used: {reason.strerror}. Choose another with --port (make lab PORT=9999){instead}."
    ) from reason


def _write_json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, json.dumps(content, indent=1).encode())
