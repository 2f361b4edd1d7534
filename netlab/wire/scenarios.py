"""The exchanges that are kept as recordings, for machines where packets cannot be captured live.

`python -m netlab.wire.scenarios` captures each of them live and writes data/captures.
"""

from __future__ import annotations

import socket

from netlab.paths import data_dir
from netlab.wire.live import Capture, capture


def tcp_conversation(cap: Capture) -> None:
    """A question and its answer over TCP, from the handshake to an orderly end in four segments."""
    with cap.create_server(("127.0.0.1", 0)) as listener:
        client = cap.create_connection(listener.getsockname())
        server, _ = listener.accept()
        with server, client:
            client.sendall(b"AAPL?\n")
            server.recv(1024)
            server.sendall(b"AAPL 430.47\n")
            client.recv(1024)
            client.shutdown(socket.SHUT_WR)
            cap.wait(9)  # until the kernel has acknowledged the end, so that all four segments show


def tcp_refused(cap: Capture) -> None:
    """A connection to a port where nobody listens."""
    with cap.create_server(("127.0.0.1", 0)) as listener:
        nobody = listener.getsockname()
    try:
        cap.create_connection(nobody).close()
    except ConnectionRefusedError:
        return


def udp_quote(cap: Capture) -> None:
    """A question and its answer over UDP."""
    server = cap.create_server(("127.0.0.1", 0), type=socket.SOCK_DGRAM)
    client = cap.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with server, client:
        client.sendto(b"AAPL?", server.getsockname())
        _, sender = server.recvfrom(1024)
        server.sendto(b"AAPL 430.47", sender)
        client.recvfrom(1024)


def udp_closed_port(cap: Capture) -> None:
    """A datagram to a port where nobody listens, and the ICMP message that says so."""
    with cap.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(2)
        client.connect(("127.0.0.1", 9))
        client.send(b"AAPL?")
        try:
            client.recv(1024)
        except ConnectionRefusedError:
            return


def ping(cap: Capture) -> None:
    """An ICMP echo request and its reply."""
    cap.ping("127.0.0.1")


SCENARIOS = {
    "tcp-conversation": tcp_conversation,
    "tcp-refused": tcp_refused,
    "udp-quote": udp_quote,
    "udp-closed-port": udp_closed_port,
    "ping": ping,
}


def main() -> None:
    """Capture every scenario live and store it."""
    folder = data_dir() / "captures"
    folder.mkdir(exist_ok=True)
    for name, scenario in SCENARIOS.items():
        with capture() as cap:
            scenario(cap)
        print(cap.save(folder / f"{name}.pcap"))
        print(cap.table())


if __name__ == "__main__":
    main()
