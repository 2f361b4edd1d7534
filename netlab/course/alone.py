"""Lessons by themselves, as CI runs them: cut off from every network, and nothing may be left behind at their end."""

from __future__ import annotations

import json
import sys
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from netlab.course.kernels import OverUnixSockets
from netlab.errors import CourseError

TIMEOUT = 30  # seconds
BEFORE = """
import json as _json, socket as _socket
from netlab.course import leftovers as _leftovers
_before = _leftovers.snapshot()
print(_json.dumps([name for _, name in _socket.if_nameindex()]))
"""
AFTER = "print(_json.dumps(_leftovers.difference(_before, _leftovers.snapshot())))"


class AloneKernelManager(OverUnixSockets, KernelManager):
    """Starts kernels in a network of their own, where `lo` is all there is; Unix sockets lead into it."""

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """The kernel's command line, behind the one that moves it."""
        return [sys.executable, "-m", "netlab.course._alone", *super().format_kernel_cmd(extra_arguments)]


def interfaces(client: BlockingKernelClient) -> list[str]:
    """Note what a kernel holds before the first cell of a lesson; returns the network interfaces that it sees."""
    return _tell(client, BEFORE)


def leftovers(client: BlockingKernelClient) -> list[str]:
    """What is there after the last cell of a lesson that was not before its first, in words."""
    return _tell(client, AFTER)


def _tell(client: BlockingKernelClient, code: str) -> list[str]:
    """Run code that prints a list as JSON, beside the lesson's own history.

    Raises:
        CourseError: with what came instead of a list.
    """
    outputs: list[dict[str, Any]] = []
    client.execute_interactive(
        code, store_history=False, output_hook=lambda each: outputs.append(each["content"]), timeout=TIMEOUT
    )
    said = "".join(each.get("text") or "\n".join(each.get("traceback", ())) for each in outputs)
    try:
        return list(json.loads(said))
    except ValueError as error:
        raise CourseError(f"the kernel does not say what it holds: {said}") from error
