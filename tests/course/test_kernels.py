"""Kernels forked from a warm process are what ordinary kernels are, only sooner."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from netlab.course import kernels, runner
from netlab.errors import CourseError

linux = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

SAME = (
    "import os, sys, warnings\nos.getcwd()",
    "[folder for folder in sys.path if 'netlab' not in folder]",
    "sorted(set(os.environ) - {'JPY_PARENT_PID'})",
    "(__name__, sys.warnoptions, sys.flags.dev_mode)",
    "import threading; len(threading.enumerate())",
    "import subprocess; subprocess.run([sys.executable, '-c', ''], timeout=10).returncode",
    "import matplotlib\nmatplotlib.get_backend()",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
)


def notebook(*sources: str) -> runner.Notebook:
    cells = [
        {
            "cell_type": "code",
            "id": f"c{n}",
            "metadata": {},
            "source": s,
            "outputs": [],
            "execution_count": None,
        }
        for n, s in enumerate(sources)
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def outputs(executed: runner.Notebook) -> list[object]:
    return [[output["data"] for output in cell["outputs"]] for cell in executed["cells"]]


@linux
def test_a_forked_kernel_is_what_an_ordinary_one_is(tmp_path: Path) -> None:
    shown = []
    for warm in (True, False):
        with kernels.managers(warm=warm) as manager:
            shown.append(outputs(asyncio.run(runner.execute(notebook(*SAME), tmp_path, manager))))
    forked, ordinary = shown
    assert forked == ordinary
    assert "image/png" in forked[-1][0], "a figure is shown"


@linux
def test_two_forked_kernels_share_nothing(tmp_path: Path) -> None:
    with kernels.managers(warm=True) as manager:
        asyncio.run(runner.execute(notebook("import json; json.left = 1"), tmp_path, manager))
        executed = asyncio.run(
            runner.execute(notebook("import json; hasattr(json, 'left')"), tmp_path, manager)
        )
    assert outputs(executed) == [[{"text/plain": "False"}]]


@linux
def test_a_forked_kernel_ends_as_python_does(tmp_path: Path) -> None:
    source = "import atexit, pathlib; atexit.register(pathlib.Path('ended').touch) and None"
    with kernels.managers(warm=True) as manager:
        asyncio.run(runner.execute(notebook(source), tmp_path, manager))
    assert (tmp_path / "ended").exists()


@linux
def test_forked_kernels_end_when_the_runner_is_killed(tmp_path: Path) -> None:
    """The kernel waits for ever in a cell that tells its process id through a named pipe."""
    pipe = tmp_path / "pid"
    os.mkfifo(pipe)
    script = f"""
import asyncio, pathlib, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_kernels import kernels, notebook, runner
cell = "import os, pathlib, signal; pathlib.Path('pid').write_text(str(os.getpid())); signal.pause()"
with kernels.managers(warm=True) as manager:
    asyncio.run(runner.execute(notebook(cell), pathlib.Path({str(tmp_path)!r}), manager))
"""
    with subprocess.Popen([sys.executable, "-c", script]) as run:
        kernel = os.pidfd_open(int(pipe.read_text()))
        run.send_signal(signal.SIGKILL)
    ended = select.poll()
    ended.register(kernel, select.POLLIN)
    assert ended.poll(10_000), "the kernel still runs"
    os.close(kernel)


@linux
def test_a_kernel_that_died_in_a_cell_ends_its_lesson_only(tmp_path: Path) -> None:
    with kernels.managers(warm=True) as manager:
        with pytest.raises(CourseError, match="ended its kernel"):
            asyncio.run(runner.execute(notebook("import os; os._exit(1)"), tmp_path, manager))
        executed = asyncio.run(runner.execute(notebook("1 + 1"), tmp_path, manager))
    assert outputs(executed) == [[{"text/plain": "2"}]]


def test_without_a_warm_process_kernels_are_ordinary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextlib.contextmanager
    def failed() -> Iterator[socket.socket]:
        ours, theirs = socket.socketpair()
        theirs.close()
        with ours:
            yield ours

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(kernels, "_warm_process", failed)
    with kernels.managers(warm=True) as manager:
        executed = asyncio.run(runner.execute(notebook("1 + 1"), tmp_path, manager))
    assert outputs(executed) == [[{"text/plain": "2"}]]


def test_where_a_fork_is_not_safe_kernels_are_ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with kernels.managers(warm=True) as manager:
        assert manager is kernels.OwnKernelManager
