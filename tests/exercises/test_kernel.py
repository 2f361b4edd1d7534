"""In a real kernel: a check leaves its streams, its messages and its interrupts alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

SETUP = """
import os, subprocess, sys, threading, warnings
from netlab import check, hint, quiz, progress
from netlab.exercises.registry import exercise

@exercise("99-task", title="Task", objective="99-o1", hints=("a", "b", "c"), limit=1.0)
def judge(t, student):
    with t.case("it runs") as case:
        case.expect(student(), 1)

@exercise("99-long", title="Task", objective="99-o1", hints=("a", "b", "c"), limit=60.0)
def long(t, student):
    with t.case("it runs") as case:
        case.expect(student(), 1)
"""


class Kernel:
    """A kernel that runs one cell after another."""

    def __init__(self, manager: Any, client: BlockingKernelClient) -> None:
        self.manager, self._client = manager, client

    def run(self, code: str, *, interrupt_at: str = "") -> tuple[str, list[str]]:
        """Run a cell: the text of its value, and the text of all else that it shows."""
        value, others = "", []

        def take(message: dict[str, Any]) -> None:
            nonlocal value
            content = message["content"]
            if message["msg_type"] == "execute_result":
                value = content["data"]["text/plain"]
            elif message["msg_type"] == "stream":
                others.append(content["text"])
                if interrupt_at and interrupt_at in content["text"]:
                    self.manager.interrupt_kernel()
            elif message["msg_type"] in ("display_data", "error"):
                others.append(str(content))

        self._client.execute_interactive(code, output_hook=take, timeout=30, allow_stdin=False)
        return value, others


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    manager, client = start_new_kernel()
    kernel = Kernel(manager, client)
    assert kernel.run(SETUP) == ("", [])
    yield kernel
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize(
    "body",
    [
        "print('hello')",
        "print('hello', file=sys.__stdout__)",
        "os.write(1, b'hello')",
        "subprocess.run(['echo', 'hello'])",
        "warnings.warn('hello')",
        "import logging; logging.error('hello')",
        "from IPython.display import display; display('hello')",
        "import asyncio; asyncio.run(asyncio.sleep(0))",
        "threading.Thread(target=print, args=['hello']).start()",
    ],
)
def test_what_the_students_code_says_stays_in_the_report(kernel: Kernel, body: str):
    value, others = kernel.run(f"def student():\n    {body}\n    return 1\ncheck('99-task', student)")
    assert value.startswith("99-task Task: passed")
    assert others == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("while True: pass", "at line 2 of its cell, student: while True: pass"),
        ("input('?')", "input() does not work in a check"),
        ("os._exit(1)", "the whole process ended"),
        ("os.closerange(3, 500)", "the whole process ended"),
        ("get_ipython().kernel.do_shutdown(False)", "99-task Task: failed"),
        ("return 1 / 0", "ZeroDivisionError: division by zero, in line 2 of its cell, student: return 1 / 0"),
        ("return ...", "not started"),
    ],
)
def test_what_the_students_code_does_wrong_leaves_the_kernel_alive(kernel: Kernel, body: str, words: str):
    value, others = kernel.run(f"def student():\n    {body}\ncheck('99-task', student)")
    assert words in value
    assert others == []
    assert kernel.run("6 * 7") == ("42", [])


def test_ctrl_c_stops_a_check_and_leaves_the_kernel_alive(kernel: Kernel):
    code = "def student():\n    while True: pass\nprint('go', flush=True)\ncheck('99-long', student)"
    value, others = kernel.run(code, interrupt_at="go")
    assert "You stopped the check." in value or "KeyboardInterrupt" in "".join(others)
    assert kernel.run("6 * 7") == ("42", [])


def test_the_kernels_own_loop_and_a_check_do_not_meet(kernel: Kernel):
    code = (
        "import asyncio\n"
        "def student(): return 1\n"
        "await asyncio.sleep(0)\n"
        "check('99-task', student).passed and asyncio.get_running_loop().is_running()"
    )
    assert kernel.run(code) == ("True", [])
