"""Kernels for the runner: ordinary ones, or forked from a warm process that has imported what lessons import.

A kernel spends most of its start importing. The warm process imports once and then forks a kernel in milliseconds,
for developers and `netlab run`. CI and `netlab refresh` keep to ordinary kernels, which cannot hide a missing import.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager, KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import default


class OverUnixSockets(KernelManager):
    """Speaks to its kernels over Unix sockets, where the system has them.

    They need no port, which some other server may take between the moment when it is chosen and the kernel's start.
    """

    @default("transport")
    def _unix_sockets(self) -> str:
        return "tcp" if sys.platform == "win32" else "ipc"

    @default("ip")
    def _path_of_sockets(self) -> str:
        path = Path(tempfile.gettempdir(), f"kernel-{uuid.uuid4()}")
        return "127.0.0.1" if self.transport == "tcp" else str(path)


class OwnKernelManager(OverUnixSockets, AsyncKernelManager):
    """Starts kernels of the interpreter that runs netlab, whatever else is installed for this user."""

    def __init__(self, **options: Any) -> None:
        specs = KernelSpecManager(parent=options.get("parent"))
        specs.kernel_dirs = []  # no installed specification, so that of this interpreter is used
        super().__init__(kernel_spec_manager=specs, **options)


@contextlib.contextmanager
def managers(*, warm: bool) -> Iterator[type[AsyncKernelManager]]:
    """The class of kernel manager to use for a while.

    Args:
        warm: fork the kernels from a warm process, where the system can.
    """
    if not warm or sys.platform != "linux":  # on macOS a fork after these imports is not safe
        yield OwnKernelManager
        return
    with _warm_process() as control:

        class WarmKernelManager(OwnKernelManager):
            async def _async_pre_start_kernel(self, **options: Any) -> Any:
                if self.provisioner is None:
                    self.provisioner = _Forked(
                        control, parent=self, kernel_spec=self.kernel_spec, kernel_id="warm"
                    )
                return await super()._async_pre_start_kernel(**options)

            pre_start_kernel = _async_pre_start_kernel  # type: ignore[assignment]

        yield WarmKernelManager


@contextlib.contextmanager
def _warm_process() -> Iterator[socket.socket]:
    """Start the warm process; it ends when its end of the socket is closed, so also when we are killed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours:
        with theirs:
            command = [sys.executable, "-m", "netlab.course._warm", str(theirs.fileno())]
            process = subprocess.Popen(  # noqa: S603
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
            )
        yield ours
    process.wait()


class _Forked(LocalProvisioner):
    """Has the warm process fork a kernel instead of starting one."""

    def __init__(self, control: socket.socket, **options: Any) -> None:
        super().__init__(**options)
        self._control = control

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        request = {"argv": arguments, "cwd": str(options["cwd"]), "env": options["env"]}
        answer = b""
        with contextlib.suppress(ConnectionError):  # the warm process has failed, and said why
            self._control.send(json.dumps(request).encode())
            answer = self._control.recv(100)
        if not answer:
            return await super().launch_kernel(cmd, **options)
        self.pid = self.pgid = int(answer)
        self.process = _Process(self.pid)  # type: ignore[assignment]
        return self.connection_info


class _Process:
    """As much of `subprocess.Popen` as the provisioner uses, for a process that is not our child."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self) -> int:
        return 0

    def send_signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)
