"""The warm process of `netlab.course.kernels`: it imports what lessons import, then forks kernels on request.

Run with the number of a Unix socket as its argument. It starts no thread and no event loop of its own, since a fork
would inherit half of them.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import sys
from typing import Any

PRELOAD = (
    "ipykernel.kernelapp",
    "IPython",
    "pandas",
    "matplotlib.figure",
    "netlab.exercises",
    "netlab.wire.tap",
)
LARGEST_REQUEST = 1024 * 1024


def main() -> None:
    """Serve requests until the other end is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels are not waited for
    for name in PRELOAD:
        importlib.import_module(name)
    with socket.socket(fileno=int(sys.argv[1])) as control:
        while request := control.recv(LARGEST_REQUEST):
            pid = os.fork()
            if pid == 0:
                control.close()
                become_kernel(json.loads(request))
            control.send(str(pid).encode())


def become_kernel(request: dict[str, Any]) -> None:
    """Turn this process into the kernel that was asked for."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    if request["env"]:
        os.environ.clear()
        os.environ.update(request["env"])
    if request["cwd"]:
        os.chdir(request["cwd"])
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    sys.argv = ["ipykernel_launcher", *request["argv"]]
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=request["argv"])
    os._exit(0)


if __name__ == "__main__":
    main()
