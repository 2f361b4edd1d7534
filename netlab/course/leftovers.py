"""What a lesson leaves behind in its kernel: threads, processes, open sockets, pipes and files, and files it wrote.

Take a snapshot before its first cell and one after its last, in the kernel's own process. It reads Linux's /proc.
"""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from netlab.servers.loop import background_loop

Snapshot = dict[str, str]  # what identifies a thing, and the thing in words

OF_EDITORS = {"__pycache__", ".ipynb_checkpoints"}


def snapshot() -> Snapshot:
    """What this process holds now, and the files in its working directory.

    What a lesson may keep is put aside first. Whoever holds a response of `requests`, holds its idle connection:
    that is closed here. netlab's one background loop may stay when a lesson ends, so it is started here; so is the
    thread that the kernel's own zmq starts with its first large message, such as a picture.
    """
    background_loop()
    if "urllib3" in sys.modules:
        from urllib3.connectionpool import HTTPConnectionPool

        for pool in (each for each in gc.get_objects() if issubclass(type(each), HTTPConnectionPool)):
            pool.close()
    if "zmq" in sys.modules:
        from zmq.utils.garbage import gc as large_messages

        if not large_messages.is_alive():
            large_messages.start()
    gc.collect()
    return dict([*_threads(), *_processes(), *_open_files(), *_written_files()])


def difference(before: Snapshot, after: Snapshot) -> list[str]:
    """What is there now and was not before, in words."""
    return sorted(words for key, words in after.items() if key not in before)


def _threads() -> Iterator[tuple[str, str]]:
    for thread in threading.enumerate():
        yield f"thread {thread.ident}", f"thread {thread.name}"


def _processes() -> Iterator[tuple[str, str]]:
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            with contextlib.suppress(OSError):  # it has just ended
                command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
                yield f"process {pid}", f"process {command or 'that ended and was not waited for'}"


def _open_files() -> Iterator[tuple[str, str]]:
    for entry in list(Path("/proc/self/fd").iterdir()):
        try:
            link = str(entry.readlink())
        except OSError:  # this listing's own
            continue
        if link.startswith("socket:"):
            yield link, f"socket {_describe_socket(int(entry.name))}"
        elif link.startswith("pipe:"):
            yield link, "pipe"
        elif link == "anon_inode:[eventpoll]":
            yield f"{link} {entry.name}", "selector or event loop"
        elif link.startswith("/") and not link.startswith(_harmless()):
            yield link, f"open file {link}"


def _harmless() -> tuple[str, ...]:
    """Folders whose files may be open: devices, temporary ones, and what packages read, such as fonts."""
    packages = (sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib"))
    return ("/dev/", "/proc/", tempfile.gettempdir(), *packages)


def _describe_socket(number: int) -> str:
    with socket.socket(fileno=os.dup(number)) as sock:
        try:
            name = sock.getsockname()
        except OSError:
            name = "?"
        return f"{sock.family.name} {sock.type.name} {name}"


def _written_files() -> Iterator[tuple[str, str]]:
    for folder, folders, files in os.walk("."):
        folders[:] = (name for name in folders if name not in OF_EDITORS)
        for path in (Path(folder, name) for name in files):
            with contextlib.suppress(FileNotFoundError):  # somebody has just removed it
                status = path.stat()
                yield f"{path} {status.st_size} {status.st_mtime_ns}", f"written file {path}"
