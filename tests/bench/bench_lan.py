"""The simulated network: frames a second, what a frame costs among more hosts, and the same pings over real ones."""

from __future__ import annotations

import contextlib
import time

import simpy
from figures import in_turns, row

from netlab.errors import CaptureError
from netlab.lan import Network
from netlab.lan.real import RealNetwork

HOSTS, FEW, MANY = 50, 10, 1000
TALKERS = 10  # of any number of hosts, so that each network carries as many frames
PINGS = 1000
ROUNDS = 5


def measure() -> list[dict[str, object]]:
    rates = in_turns(
        {"netlab": lambda: frames(HOSTS, HOSTS), "bare SimPy": lambda: events(4 * PINGS)}, ROUNDS
    )
    costs = in_turns({str(n): lambda n=n: 1e6 / frames(n, TALKERS) for n in (FEW, MANY)}, ROUNDS)
    what = f"simulated LAN, {HOSTS} hosts on a switch"
    rows = [
        row(what, "frames/s", rates["netlab"], rates["bare SimPy"], "SimPy, bare events"),
        row(
            f"simulated LAN, {MANY:,} hosts on a switch",
            "µs/frame",
            costs[str(MANY)],
            costs[str(FEW)],
            f"{FEW} hosts",
            less_is_better=True,
        ),
    ]
    with contextlib.suppress(CaptureError):  # where no network namespaces are allowed
        net = star(HOSTS)
        with RealNetwork(net) as real:
            pings = in_turns(
                {"netlab": lambda: simulated_pings(net), "kernel": lambda: real_pings(real)}, ROUNDS
            )
        rows.append(row(what, "pings/s", pings["netlab"], pings["kernel"], "Linux, namespaces"))
    return rows


def star(hosts: int) -> Network:
    net = Network()
    switch = net.switch("s1", ports=hosts)
    for number in range(hosts):
        net.link(net.host(f"pc{number}", address(number, "/16")), switch)
    return net


def address(number: int, mask: str = "") -> str:
    return f"10.0.{number // 200}.{number % 200 + 1}{mask}"


def frames(hosts: int, talkers: int) -> float:
    """Frames a second, counted on each cable, when everybody's MAC address is known."""
    net = star(hosts)
    ping_round(net, talkers)
    net.trace.clear()
    start = time.perf_counter()
    for _ in range(PINGS // talkers):
        ping_round(net, talkers)
    return len(net.trace) / (time.perf_counter() - start)


def ping_round(net: Network, talkers: int) -> None:
    for number in range(talkers):
        assert net[f"pc{number}"].ping(address((number + 1) % talkers))


def events(count: int) -> float:
    """Events a second of a loop in which nothing is sent, learned or noted."""

    def deliver(env: simpy.Environment):
        for _ in range(count):
            yield env.timeout(1e-6)

    env = simpy.Environment()
    env.process(deliver(env))
    start = time.perf_counter()
    env.run()
    return count / (time.perf_counter() - start)


def simulated_pings(net: Network) -> float:
    start = time.perf_counter()
    for _ in range(PINGS // HOSTS):
        ping_round(net, HOSTS)
    rate = PINGS / (time.perf_counter() - start)
    net.trace.clear()
    return rate


def real_pings(real: RealNetwork) -> float:
    start = time.perf_counter()
    for number in range(HOSTS):
        assert real.ping(f"pc{number}", address((number + 1) % HOSTS))
    return HOSTS / (time.perf_counter() - start)
