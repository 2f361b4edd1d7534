"""The warm process of `netlab.course.kernels`: it imports what lessons import, then forks kernels on request.

Run with the number of a Unix socket as its argument. It starts no thread and no event loop of its own, since a fork
would inherit half of them.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import warnings
from typing import Any

PRELOAD = (
    "ipykernel.kernelapp",
    "IPython",
    "pandas",
    "matplotlib.pyplot",
    "netlab.exercises.checking",
    "netlab.wire.tap",
)
LARGEST_REQUEST = 1024 * 1024
# Matplotlib reads this when it is imported, a kernel sets it when it starts: here that is too late. The module that
# it names must not be imported before the fork, since it looks for the kernel.
BACKEND = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}


def main() -> None:
    """Serve requests until the other end is closed."""
    del sys.path[0]  # the folder it was started in, which no kernel looks into
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels are not waited for
    os.environ.update(BACKEND)
    for name in PRELOAD:
        importlib.import_module(name)
    gc.freeze()  # else every kernel copies all of these objects, only to look through them when it ends
    request = serve(int(sys.argv[1]))
    if request:
        become_kernel(request)


def serve(number: int) -> dict[str, Any]:
    """Fork at each request; returns the request in the child, and nothing here when the other end is closed."""
    with (
        socket.socket(fileno=number) as control,
        contextlib.suppress(ConnectionError),
    ):  # the other end was killed
        while request := control.recv(LARGEST_REQUEST):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # 3.12 counts the threads of BLAS
                pid = os.fork()
            if pid == 0:
                return dict(json.loads(request))
            control.send(str(pid).encode())
    return {}


def become_kernel(request: dict[str, Any]) -> None:
    """Turn this process into the kernel that was asked for."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.environ.clear()
    os.environ.update({**request["env"], **BACKEND})
    os.chdir(request["cwd"])
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    sys.argv = ["ipykernel_launcher", *request["argv"]]
    from ipykernel.kernelapp import IPKernelApp

    # A kernel ends itself when its parent has gone; the parent is known only now.
    IPKernelApp.launch_instance([*request["argv"], f"--IPKernelApp.parent_handle={os.getppid()}"])


if __name__ == "__main__":
    main()
