"""A process with Django imported, which forks itself for each command, so that a command begins at once.

It is started by `netlab.apps.django_project` with the number of a socket. A message is a line of JSON: what to run,
and where, with the file descriptor that its output goes to; or the number of a process to end. Each is answered.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import runpy
import signal
import socket
import socketserver
import sys
import traceback
from typing import Any, NoReturn

# Slow to import, and with no need of settings: models belong to a project, so none are among them.
WARM = (
    "django.contrib.auth.hashers",
    "django.contrib.staticfiles.handlers",
    "django.core.cache.backends.locmem",
    "django.core.management.commands.makemigrations",
    "django.core.management.commands.migrate",
    "django.core.management.commands.runserver",
    "django.core.management.commands.shell",
    "django.core.management.commands.test",
    "django.core.servers.basehttp",
    "django.core.wsgi",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.executor",
    "django.forms",
    "django.middleware.csrf",
    "django.middleware.locale",
    "django.middleware.security",
    "django.template.backends.django",
    "django.template.backends.jinja2",
    "django.template.loader_tags",
    "django.test",
    "django.urls",
    "django.utils.translation.trans_real",
    "django.views.debug",
    "django.views.generic",
    "babel.messages.mofile",
    "babel.messages.pofile",
)


def main() -> None:
    """Serve commands until the other side is gone; end what still runs then."""
    # An answer's head and body are two writes: with Nagle's algorithm the second waits for an acknowledgement, 40 ms.
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True
    for name in WARM:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    running: set[int] = set()
    with socket.socket(fileno=int(sys.argv[1])) as channel:
        while message := _receive(channel):
            request, output = message
            if "end" in request:
                _end(request["end"], running)
                channel.sendall(b"0\n")
            else:
                _reap(running)
                running.add(number := _fork(channel, request, output))
                os.close(output)
                channel.sendall(b"%d\n" % number)
    for number in list(running):
        _end(number, running)


def _receive(channel: socket.socket) -> tuple[dict[str, Any], int] | None:
    """The next message, and the descriptor that came with it, or -1; None at the end."""
    data, descriptors = b"", []
    while not data.endswith(b"\n"):
        piece, more, _, _ = socket.recv_fds(channel, 65536, 1)
        if not piece:
            return None
        data += piece
        descriptors += more
    return json.loads(data), descriptors[0] if descriptors else -1


def _fork(channel: socket.socket, request: dict[str, Any], output: int) -> int:
    number = os.fork()
    if number == 0:
        channel.close()
        _become(request["words"], request["folder"], request["environment"], output)
    return number


def _become(words: list[str], folder: str, environment: dict[str, str], output: int) -> NoReturn:
    """Be `python WORDS` in a folder, as if just started."""
    status = 1
    try:
        os.setsid()
        for standard in (1, 2):
            os.dup2(output, standard)
        os.close(output)
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[0] = folder
        if words[0] == "-m":
            sys.argv = words[1:]
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = words
            runpy.run_path(words[0], run_name="__main__")
        status = 0
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
        if isinstance(ending.code, str):
            print(ending.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _end(number: int, running: set[int]) -> None:
    """End a process of ours, if it has not ended yet, with what it has started, and wait until it is gone."""
    if number not in running:
        return
    for kill in (os.kill, os.killpg):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(number, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(number, 0)
    running.discard(number)


def _reap(running: set[int]) -> None:
    """Forget those that have ended by themselves."""
    for number in list(running):
        if os.waitpid(number, os.WNOHANG)[0]:
            running.discard(number)


if __name__ == "__main__":
    main()
