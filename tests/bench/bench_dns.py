"""DNS: answers a second to one client over UDP, and what finding an answer costs beside only reading the query."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from pathlib import Path

import dns.message
import dns.rrset
from figures import in_turns, row

from netlab.servers import DNSServer, Zone
from netlab.wire import DNSMessage, build_query

SECONDS = 0.6
ROUNDS = 5
MESSAGES = 3000
QUERY = build_query("www.ticker.example", "A", id=7)
ZONE = "@ 60 IN SOA ns host 1 7200 3600 604800 300\n" + "www 60 IN A 192.0.2.80\n"
HERE = Path(__file__)


def measure() -> list[dict[str, object]]:
    zone = Zone("ticker.example", ZONE)
    reply = zone.answer(QUERY)
    assert reply is not None
    with serving("netlab") as ours, serving("bare") as bare:
        rates = in_turns({"netlab": lambda: answers(ours), "bare": lambda: answers(bare)}, ROUNDS)
    parsing = in_turns(
        {
            "netlab": lambda: parsed(DNSMessage.parse, reply),
            "peer": lambda: parsed(dns.message.from_wire, reply),
        },
        ROUNDS,
    )
    peer = "asyncio, dnspython, one fixed answer"
    return [
        row("DNS over UDP, one client", "answers/s", rates["netlab"], rates["bare"], peer),
        row("DNS, an answer read", "messages/s", parsing["netlab"], parsing["peer"], "dnspython"),
    ]


@contextlib.contextmanager
def serving(name: str):
    command = [sys.executable, str(HERE), name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def answers(port: int) -> float:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        sock.connect(("127.0.0.1", port))
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < SECONDS:
            sock.send(QUERY)
            assert len(sock.recv(512)) > len(QUERY)
            count += 1
        return count / (time.perf_counter() - start)


def parsed(parse, data: bytes) -> float:
    start = time.perf_counter()
    for _ in range(MESSAGES):
        parse(data)
    return MESSAGES / (time.perf_counter() - start)


FIXED = dns.rrset.from_text("www.ticker.example.", 60, "IN", "A", "192.0.2.80")


class Fixed(asyncio.DatagramProtocol):
    """The least that reads a query with dnspython and answers it: no zone, no record of what was said."""

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr) -> None:
        response = dns.message.make_response(dns.message.from_wire(data))
        response.answer.append(FIXED)
        self.transport.sendto(response.to_wire(), addr)


async def bare() -> None:
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        Fixed, local_addr=("127.0.0.1", 0)
    )
    print(transport.get_extra_info("sockname")[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        asyncio.run(bare())
    with DNSServer(Zone("ticker.example", ZONE)) as server:
        print(server.port, flush=True)
        sys.stdin.read()
