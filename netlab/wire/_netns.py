"""The helper process of `capture()`: a network of its own, in which it makes sockets for its parent.

Run as a script, with the number of a Unix socket as its argument. It moves to new user and network namespaces,
brings up `lo`, hands over a packet socket that sees all of it, and then makes the sockets that it is asked for
and hands them over too (SCM_RIGHTS). Binding them is left to the parent, which may use any port, also 25: the
user who owns a user namespace has every right in it. The helper ends when the other end of the Unix socket is
closed, so also when its parent is killed.

It imports nothing of netlab and little else, so that it starts in a few milliseconds.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import sys

CLONE_NEWUSER = 0x10000000  # sched.h
CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS = 0x8913  # linux/sockios.h
SIOCSIFFLAGS = 0x8914
IFF_UP = 1
ETH_P_ALL = 3
SOL_PACKET = 263
PACKET_AUXDATA = 8
SO_TIMESTAMPNS = 35
BUFFER = 4 * 1024 * 1024

REQUEST = struct.Struct("iii")  # family, type, protocol
ANSWER = struct.Struct("i")  # errno; 0 comes with a socket


def enter_namespaces() -> None:
    """Leave the machine's network for an empty one; with a user namespace no rights are needed for that."""
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)  # os.unshare arrives with Python 3.12
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
    import fcntl  # not on Windows, where this module is imported too

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("16sh14x", b"lo", 0)
        _, flags = struct.unpack("16sh14x", fcntl.ioctl(sock, SIOCGIFFLAGS, request))
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def packet_socket() -> socket.socket:
    """A socket that receives every frame on `lo`, with its time and whether its checksum was left out."""
    nothing_yet = 0  # until it is bound to `lo`
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, nothing_yet)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    sock.bind(("lo", ETH_P_ALL))
    return sock


def hand_over(control: socket.socket, sock: socket.socket) -> None:
    """Give a socket to the parent, and say when it is the parent's alone: only its last close ends a connection."""
    with sock:
        socket.send_fds(control, [ANSWER.pack(0)], [sock.fileno()])
    control.send(ANSWER.pack(0))


def refuse(control: socket.socket, error: OSError) -> None:
    """Tell the parent why there is no socket."""
    control.send(ANSWER.pack(error.errno))


def main() -> None:
    """Serve the parent until it goes away."""
    with socket.socket(fileno=int(sys.argv[1])) as control:
        try:
            enter_namespaces()
            bring_up_loopback()
            hand_over(control, packet_socket())
        except OSError as error:
            refuse(control, error)
            return
        while request := control.recv(REQUEST.size):
            try:
                hand_over(control, socket.socket(*REQUEST.unpack(request)))
            except OSError as error:
                refuse(control, error)


if __name__ == "__main__":
    main()
