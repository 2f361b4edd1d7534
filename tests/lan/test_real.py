"""The same network built of the kernel's parts, and what the kernel did on it beside what the simulation does."""

import contextlib
import os
import select
import socket
import subprocess
import sys

import pytest

from netlab.errors import CaptureError, OptionError
from netlab.lan import Network, side_by_side, two_subnets
from netlab.lan.real import RealNetwork


def allowed():
    try:
        with RealNetwork(Network()):
            return ""
    except CaptureError as error:
        return str(error)


@pytest.fixture(autouse=True, scope="module")
def _rights(missing):
    """In CI networks can be built, and must be; elsewhere the tests say why not."""
    reason = allowed()
    if reason:
        missing(reason)


def assert_same(simulated, real):
    table = side_by_side(simulated, real)
    assert [row[-1] for row in table.rows] == ["same"] * len(simulated), table


def star(kind):
    net = Network()
    middle = net.hub("h1") if kind == "hub" else net.switch("s1")
    for number, name in enumerate(["ada", "ben", "cleo"], start=10):
        net.link(net.host(name, f"192.168.1.{number}/24"), middle)
    return net


def chain():
    net = Network()
    ada = net.host("ada", "10.0.0.10/24", gateway="10.0.0.1")
    cleo = net.host("cleo", "10.0.2.10/24", gateway="10.0.2.1")
    r1, r2 = net.router("r1", "10.0.0.1/24", "10.0.1.1/24"), net.router("r2", "10.0.1.2/24", "10.0.2.1/24")
    for ends in ((ada, r1), (r1, r2), (r2, cleo)):
        net.link(*ends)
    r1.route("10.0.2.0/24", via="10.0.1.2")
    r2.route("10.0.0.0/24", via="10.0.1.1")
    return net


@pytest.mark.parametrize("kind", ["hub", "switch"])
def test_a_first_and_a_second_ping_on_one_link(kind):
    net = star(kind)
    with RealNetwork(net) as real:
        assert real.ping("ada", "192.168.1.11").ttl == 64
        assert real.ping("ada", "192.168.1.11").answered
    for _ in range(2):
        net["ada"].ping("192.168.1.11")
    assert_same(net.trace, real)


def test_a_ping_and_a_traceroute_through_routers():
    net = chain()
    with RealNetwork(net) as real:
        assert real.ping("ada", "10.0.2.10").ttl == net["ada"].ping("10.0.2.10").ttl == 62
        path = real.traceroute("ada", "10.0.2.10")
    assert path == net["ada"].traceroute("10.0.2.10")
    assert path.hops == ("10.0.0.1", "10.0.1.2", "10.0.2.10")
    assert_same(net.trace, real)


@pytest.mark.parametrize(
    ("target", "ttl", "error", "by"),
    [
        ("192.168.2.10", 1, "time to live exceeded", "192.168.1.1"),
        ("203.0.113.9", 64, "network unreachable", "192.168.1.1"),
        (
            "203.0.113.9",
            1,
            "network unreachable",
            "192.168.1.1",
        ),  # no route is noticed before the time to live
    ],
)
def test_what_cannot_be_delivered_is_reported_in_the_same_way(target, ttl, error, by):
    net = two_subnets()
    with RealNetwork(net) as real:
        for ping in (real.ping("ada", target, ttl=ttl), net["ada"].ping(target, ttl=ttl)):
            assert (ping.answered, ping.error, ping.by) == (False, error, by)
    assert_same(net.trace, real)


def test_a_host_that_is_not_there_is_asked_for_three_times_and_reported():
    net = two_subnets()
    with RealNetwork(net) as real:
        for ping in (real.ping("ada", "192.168.1.99"), net["ada"].ping("192.168.1.99")):
            assert (ping.error, ping.by) == ("host unreachable", "192.168.1.10")
    assert_same(net.trace, real)


def test_a_host_without_a_gateway_sends_nothing():
    net = star("switch")
    with RealNetwork(net) as real:
        assert "network is unreachable" in real.ping("ada", "203.0.113.9").error
    assert len(real.trace) == 0


def test_programs_of_the_real_hosts_can_talk_on_any_port():
    net = two_subnets()
    with RealNetwork(net) as real, real.socket("cleo") as listener, real.socket("ada") as client:
        listener.bind(("192.168.2.10", 80))
        listener.listen()
        client.settimeout(5)
        client.connect(("192.168.2.10", 80))
        server, address = listener.accept()
        with server:
            server.sendall(b"AAPL 430.47\n")
            assert client.recv(1024) == b"AAPL 430.47\n"
        assert address[0] == "192.168.1.10"
    assert all(hop.packet.checksums_are_right for hop in real.trace)


def test_the_machine_is_as_it_was_afterwards():
    def interfaces():
        return sorted(name for _, name in socket.if_nameindex())

    before = interfaces()
    with RealNetwork(two_subnets()) as real:
        helper = real._helper.pid
        assert interfaces() == before
    assert not os.path.exists(f"/proc/{helper}")  # noqa: PTH110


def test_nothing_is_left_when_the_program_is_killed():
    code = (
        "import os, signal; from netlab.lan.real import RealNetwork; from netlab.lan import two_subnets\n"
        "with RealNetwork(two_subnets()) as real:\n"
        "    print(real._helper.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    with contextlib.suppress(ProcessLookupError):  # it is gone already
        ended = os.pidfd_open(int(done.stdout))
        assert select.select([ended], [], [], 5)[0]
        os.close(ended)


def test_a_device_that_is_not_there_is_named():
    with RealNetwork(two_subnets()) as real, pytest.raises(OptionError, match="There is no device 'dan'"):
        real.ping("dan", "192.168.1.10")
