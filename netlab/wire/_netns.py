"""The helper process of `capture()`: a network of its own, in which it makes sockets for its parent.

Run as a script, with the number of a Unix socket as its argument. It moves to new user and network namespaces,
brings up `lo`, hands over a packet socket that sees all of it, and then makes the sockets that it is asked for
and hands them over too (SCM_RIGHTS). It may bind port 25, since in its own namespace it is root. It ends when
the other end of the Unix socket is closed, so also when its parent is killed.

It imports nothing of netlab, so that it starts in a few milliseconds.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import socket
import struct
import sys
from typing import Any

CLONE_NEWUSER = 0x10000000  # sched.h
CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS = 0x8913  # linux/sockios.h
SIOCSIFFLAGS = 0x8914
IFF_UP = 1
ETH_P_ALL = 3
SO_TIMESTAMPNS = 35
BUFFER = 4 * 1024 * 1024


def enter_namespaces() -> None:
    """Leave the machine's network for an empty one; with a user namespace no rights are needed for that."""
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
        write("/proc/self/setgroups", "deny")
        write("/proc/self/uid_map", f"0 {user} 1")
        write("/proc/self/gid_map", f"0 {group} 1")
    elif libc.unshare(CLONE_NEWNET) != 0:  # root may do this where user namespaces are forbidden
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def write(path: str, text: str) -> None:
    """Write to a file of /proc."""
    with open(path, "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(text)


def bring_up_loopback() -> None:
    """What `ip link set lo up` does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("16sh14x", b"lo", 0)
        _, flags = struct.unpack("16sh14x", fcntl.ioctl(sock, SIOCGIFFLAGS, request))
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def packet_socket() -> socket.socket:
    """A socket that receives every frame on `lo`, with the kernel's time of each."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    sock.bind(("lo", ETH_P_ALL))
    return sock


def make(request: dict[str, Any]) -> socket.socket:
    """Make a socket as asked for, and bind it and let it listen if that is wanted."""
    sock = socket.socket(request["family"], request["type"], request["proto"])
    try:
        if request["listen"] is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if request["bind"] is not None:
            sock.bind(tuple(request["bind"]))
        if request["listen"] is not None:
            sock.listen(request["listen"])
    except OSError:
        sock.close()
        raise
    return sock


def reply(control: socket.socket, sock: socket.socket | None, error: OSError | None = None) -> None:
    """Hand over a socket, or say why there is none."""
    answer = {"error": error and [error.errno, error.strerror]}
    socket.send_fds(control, [json.dumps(answer).encode()], [sock.fileno()] if sock else [])


def main() -> None:
    """Serve the parent until it goes away."""
    with socket.socket(fileno=int(sys.argv[1])) as control:
        try:
            enter_namespaces()
            bring_up_loopback()
            with packet_socket() as sock:
                reply(control, sock)
        except OSError as error:
            reply(control, None, error)
            return
        while request := control.recv(4096):
            try:
                with make(json.loads(request)) as sock:
                    reply(control, sock)
            except OSError as error:
                reply(control, None, error)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        main()
