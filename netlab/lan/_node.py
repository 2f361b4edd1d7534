"""The helper process of a real network: it holds a network namespace for each device, and works in them.

Run as a script, with the number of a Unix socket as its argument. It moves to a user namespace, where it has
every right over the networks it makes, and then does what its parent asks for, one JSON object a message:

    {"make": "ada"}                                    a new namespace of that name
    {"ip": [["link", "set", "lo", "up"], …], "in": "ada"}  commands of iproute2, run there
    {"write": {"/proc/sys/net/…": "1"}, "in": "r1"}        settings of the kernel
    {"socket": [family, type, protocol], "in": "ada"}      a socket of that namespace, handed over
    {"packets": "eth0", "in": "ada"}                       a socket that sees all frames of a card, handed over

The namespaces live as long as this process does, and it ends when the other end of the Unix socket is closed.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import socket
import subprocess
import sys
from typing import Any

from netlab.wire._netns import (
    BUFFER,
    CLONE_NEWNET,
    ETH_P_ALL,
    PACKET_AUXDATA,
    SO_TIMESTAMPNS,
    SOL_PACKET,
    enter_namespaces,
    write,
)

REQUEST_SIZE = 65536
IP = shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


class Namespaces:
    """The namespaces by name; every method works in one of them."""

    def __init__(self) -> None:
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.files: dict[str, int] = {}

    def make(self, name: str) -> None:
        """Make a namespace and stay in it."""
        if self.libc.unshare(CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        self.files[name] = os.open("/proc/self/ns/net", os.O_RDONLY)

    def enter(self, name: str) -> None:
        """Go to a namespace."""
        if self.libc.setns(self.files[name], CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    def ip(self, commands: list[list[str]]) -> None:
        """Run commands of iproute2; a word `@name` stands for the namespace of that name."""
        if IP is None:
            raise OSError(0, "the program `ip` is missing; on Debian: apt install iproute2")
        lines = [" ".join(self._word(word) for word in command) for command in commands]
        done = subprocess.run(  # noqa: S603
            [IP, "-batch", "-"], input="\n".join(lines), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise OSError(0, f"ip: {done.stderr.strip()}")

    def _word(self, word: str) -> str:
        if not word.startswith("@"):
            return word
        return f"/proc/{os.getpid()}/fd/{self.files[word[1:]]}"

    def packets(self, card: str) -> socket.socket:
        """A socket that receives every frame that leaves or reaches a card, with the kernel's time."""
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        sock.bind((card, ETH_P_ALL))
        return sock

    def do(self, request: dict[str, Any]) -> socket.socket | None:
        """Do what was asked for; a socket that was asked for is returned."""
        if "make" in request:
            self.make(request["make"])
            return None
        self.enter(request["in"])
        if "ip" in request:
            self.ip(request["ip"])
        elif "write" in request:
            for path, text in request["write"].items():
                write(path, text)
        elif "socket" in request:
            return socket.socket(*request["socket"])
        elif "packets" in request:
            return self.packets(request["packets"])
        return None


def main() -> None:
    """Serve the parent until it goes away."""
    with socket.socket(fileno=int(sys.argv[1])) as control:
        try:
            enter_namespaces()
        except OSError as error:
            control.send(json.dumps({"error": error.strerror}).encode())
            return
        control.send(b"{}")
        spaces = Namespaces()
        while request := control.recv(REQUEST_SIZE):
            try:
                made = spaces.do(json.loads(request))
            except OSError as error:
                control.send(json.dumps({"error": error.strerror or str(error)}).encode())
                continue
            if made is None:
                control.send(b"{}")
            else:
                with made:
                    socket.send_fds(control, [b"{}"], [made.fileno()])


if __name__ == "__main__":
    main()
