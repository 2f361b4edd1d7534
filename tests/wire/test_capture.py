"""The kernel's own packets: live without being root, recorded where that is forbidden, and nothing left behind."""

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import netlab
from netlab.errors import CaptureError
from netlab.wire import UDP, capture, network, read_pcap
from netlab.wire.live import recording_path
from netlab.wire.network import PrivateNetwork, SharedNetwork
from netlab.wire.scenarios import SCENARIOS, tcp_conversation


def live_or_skip() -> None:
    try:
        PrivateNetwork(lambda _: None).close()
    except CaptureError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture
def live():
    live_or_skip()


@pytest.fixture
def recorded(monkeypatch):
    monkeypatch.setenv("NETLAB_CAPTURE", "recorded")


@pytest.fixture
def shared(monkeypatch):
    """A container's root: no namespaces, but CAP_NET_RAW."""

    def forbidden(_):
        raise CaptureError("no namespaces here")

    try:
        SharedNetwork(lambda _: None).close()
    except PermissionError:
        pytest.skip("this needs CAP_NET_RAW")
    monkeypatch.setattr(network, "PrivateNetwork", forbidden)


def story(cap) -> list[str]:
    """What each packet is, without what differs from run to run."""
    return [row[-1] for row in cap.table().rows]


CONVERSATION = [
    "SYN  seq 0",
    "SYN, ACK  seq 0, ack 1",
    "ACK  seq 1, ack 1",
    r"AAPL?\n  PSH, ACK, seq 1, ack 1, 6 bytes",
    "ACK  seq 1, ack 7",
    r"AAPL 430.47\n  PSH, ACK, seq 1, ack 7, 12 bytes",
    "ACK  seq 7, ack 13",
    "FIN, ACK  seq 7, ack 13",
    "ACK  seq 13, ack 8",
    "FIN, ACK  seq 13, ack 8",
    "ACK  seq 8, ack 14",
]


def test_a_conversation_is_seen_from_syn_to_the_last_ack(live):
    with capture() as cap:
        tcp_conversation(cap)
    assert cap.source == "live"
    assert story(cap) == CONVERSATION


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_recording_tells_the_same_story_as_the_live_capture(live, monkeypatch, name):
    with capture(name) as seen:
        SCENARIOS[name](seen)
    monkeypatch.setenv("NETLAB_CAPTURE", "recorded")
    with capture(name) as shown:
        SCENARIOS[name](shown)
    assert (seen.source, shown.source) == ("live", "recorded")
    assert story(seen) == story(shown)


@pytest.mark.parametrize("name", SCENARIOS)
def test_without_namespaces_the_machines_own_loopback_tells_the_same_story(shared, monkeypatch, name):
    with capture() as seen:
        SCENARIOS[name](seen)
    monkeypatch.setenv("NETLAB_CAPTURE", "recorded")
    with capture(name) as shown:
        pass
    assert seen.source == "live"
    assert story(seen) == story(shown)


def test_on_the_machines_own_loopback_only_the_captures_sockets_are_seen(shared):
    with capture() as cap, socket.create_server(("127.0.0.1", 0)) as other:
        socket.create_connection(other.getsockname(), timeout=2).close()
        assert cap.packets == []
        cap.create_connection(other.getsockname()).close()
        assert cap.wait(3)[0].tcp.dst_port == other.getsockname()[1]
        socket.create_connection(other.getsockname(), timeout=2).close()
    ends = {frozenset((packet.tcp.src_port, packet.tcp.dst_port)) for packet in cap.packets}
    assert len(ends) == 1, "somebody else has connected to the same server"


def test_each_picture_says_where_it_comes_from(recorded):
    with capture("ping") as cap:
        cap.ping()
    for shown in (cap.ladder(), cap.table()):
        assert repr(shown).endswith("Source: recorded earlier from a Linux kernel, the same exchange.")


def test_where_only_a_recording_is_shown_the_exchange_happens_all_the_same(recorded):
    with capture("tcp-conversation") as cap:
        listener = cap.create_server(("127.0.0.1", 0))
        client = cap.create_connection(listener.getsockname())
        server, _ = listener.accept()
        with server:
            client.sendall(b"for real")
            assert server.recv(100) == b"for real"


def test_a_recording_shown_on_request_must_be_named(recorded):
    with pytest.raises(CaptureError, match="name a recording, or unset it"), capture():
        pass


def test_where_a_capture_is_forbidden_the_error_says_what_to_do_and_a_recording_is_shown(monkeypatch):
    def forbidden(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(PrivateNetwork, "_receive_socket", forbidden)
    monkeypatch.setattr(network, "packet_socket", forbidden)
    with (
        pytest.raises(CaptureError, match=r"not permitted.*sysctl.*CAP_NET_RAW.*name a recording"),
        capture(),
    ):
        pass
    with capture("ping") as cap:
        pass
    assert cap.source == "recorded"


def test_other_systems_show_recordings(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(CaptureError, match=r"Linux only; name a recording"), capture():
        pass
    with capture("ping") as cap:
        pass
    assert cap.source == "recorded"


def test_an_unknown_recording_names_those_there_are(recorded):
    with pytest.raises(CaptureError, match=r"'tpc'; choose from ping, tcp-conversation"), capture("tpc"):
        pass


def test_any_port_can_be_served_also_25(live):
    with capture() as cap:
        listener = cap.create_server(("127.0.0.1", 25))
        client = cap.create_connection(("127.0.0.1", 25))
        server, _ = listener.accept()
        with server:
            server.sendall(b"220 mail.example\r\n")
            assert client.recv(100) == b"220 mail.example\r\n"


NOBODY = "import os; os.setgid(65534); os.setuid(65534)\n"


def run_as_nobody(code: str) -> subprocess.CompletedProcess[str]:
    """Run code without any rights, by an interpreter that stands where everybody may read it."""
    here = {"PYTHONPATH": str(Path(netlab.__file__).parents[1])}
    for python in (sys.executable, "/usr/bin/python3"):
        probe = [python, "-c", f"{NOBODY}import netlab.wire.live"]
        if Path(python).exists() and subprocess.run(probe, capture_output=True, env=here).returncode == 0:
            return subprocess.run([python, "-c", NOBODY + code], capture_output=True, text=True, env=here)
    pytest.skip("no interpreter here can be read by everybody")


@pytest.mark.skipif(
    os.getuid() != 0, reason="only root can become nobody; everybody else has no rights anyway"
)
def test_no_rights_are_needed(live):
    result = run_as_nobody(
        "from netlab.wire import capture\n"
        "with capture() as cap:\n"
        "    cap.create_server(('127.0.0.1', 25)); cap.create_connection(('127.0.0.1', 25))\n"
        "    cap.socket().bind(('127.0.0.1', 80))\n"
        "assert cap.source == 'live' and cap.packets[0].tcp.dst_port == 25\n"
        "assert os.getuid() == 65534\n"
    )
    assert result.returncode == 0, result.stderr


def test_ipv6_is_seen_too(live):
    with capture() as cap:
        listener = cap.create_server(("::1", 0))
        cap.create_connection(listener.getsockname()[:2])
    assert str(cap.packets[0].ip.src) == "::1"


def test_waiting_for_packets_that_do_not_come_says_how_many_came(live):
    with capture() as cap, pytest.raises(CaptureError, match=r"Only 0 of 5 packets came within 0\.05 s"):
        cap.wait(5, timeout=0.05)


def test_a_ping_is_answered(live):
    with capture() as cap:
        assert 0 < cap.ping() < 1
    assert [packet.icmp.kind for packet in cap.packets] == ["echo request", "echo reply"]


def test_the_checksums_that_the_kernel_leaves_out_are_filled_in(live, tmp_path):
    with capture() as cap:
        tcp_conversation(cap)
    assert all(packet.checksums_are_right for packet in cap.packets)
    assert len(read_pcap(cap.save(tmp_path / "seen.pcap"))) == len(CONVERSATION)


def test_a_checksum_that_a_program_got_wrong_is_shown_as_it_is(live):
    with capture() as cap:
        raw = cap.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
        raw.sendto(UDP(5000, 5001, length=8, checksum=0xBAD).pack(), ("127.0.0.1", 0))
    assert cap.packets[0].udp.checksum == 0xBAD
    assert not cap.packets[0].checksums_are_right


@pytest.mark.tshark
@pytest.mark.parametrize("name", SCENARIOS)
def test_tshark_finds_nothing_malformed_and_no_bad_checksum(live, tmp_path, name):
    if not shutil.which("tshark"):
        pytest.skip("tshark is not installed")
    with capture() as cap:
        SCENARIOS[name](cap)
    command = ["tshark", "-r", str(cap.save(tmp_path / "seen.pcap")), "-T", "fields"]
    for layer in ("ip", "tcp", "udp"):
        command += ["-o", f"{layer}.check_checksum:TRUE"]
    for field in ("_ws.malformed", *(f"{layer}.checksum.status" for layer in ("ip", "icmp", "tcp", "udp"))):
        command += ["-E", "occurrence=f", "-e", field]
    judged = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(judged) == len(cap.packets)
    for line in judged:
        malformed, ip, icmp, tcp, udp = line.split("\t")
        own = icmp or tcp or udp  # an ICMP error quotes a datagram as the kernel had it in memory
        assert (malformed, ip, own) == ("", "1", "1")


def test_nothing_of_the_machines_own_traffic_is_seen(live):
    with capture() as cap, socket.create_server(("127.0.0.1", 0)) as listener:
        socket.create_connection(listener.getsockname(), timeout=2).close()
    assert cap.packets == []


def test_sockets_are_closed_with_the_block(live):
    with capture() as cap:
        listener = cap.create_server(("127.0.0.1", 0))
    assert listener.fileno() == -1


def own_children() -> set[str]:
    """The processes that this one has started; a server of other tests may be among them."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_50_captures_leave_no_thread_process_or_file_behind(live):
    def cycle() -> None:
        with capture() as cap:
            tcp_conversation(cap)

    cycle()
    children = own_children()
    before = threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(50):
        cycle()
    assert (threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))) == before
    assert own_children() == children


def test_a_bad_address_or_an_interrupt_in_a_cell_leaves_the_capture_at_work(live):
    with capture() as cap:
        with pytest.raises(OverflowError, match="0-65535"):
            cap.create_server(("127.0.0.1", 70000))
        assert os.getsid(cap._network._helper.pid) != os.getsid(0)  # a terminal's Ctrl-C does not reach it
        cap.create_connection(cap.create_server(("127.0.0.1", 0)).getsockname())
    assert cap.packets


def test_the_block_ends_at_once_though_a_forked_child_lives_on(live):
    until_the_end, said = os.pipe()
    with capture() as cap:
        child = os.fork()
        if child == 0:
            os.close(said)
            os.read(until_the_end, 1)
            os._exit(0)
    try:
        assert os.waitpid(child, os.WNOHANG) == (0, 0)
        assert cap._network._helper.returncode is not None
    finally:
        os.close(said)
        os.close(until_the_end)
        os.waitpid(child, 0)


def test_an_exception_in_the_block_leaves_nothing_behind(live):
    children = own_children()
    with contextlib.suppress(KeyError), capture():
        raise KeyError
    assert own_children() == children


def test_the_helper_ends_when_its_parent_is_killed(live):
    code = (
        "import sys, time\n"
        "from netlab.wire import capture\n"
        "with capture() as cap:\n"
        "    print(cap._network._helper.pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        helper = int(parent.stdout.readline())
        handle = os.pidfd_open(helper)
        parent.send_signal(signal.SIGKILL)
    try:
        ended, _, _ = select.select([handle], [], [], 5)
        assert ended, "the helper process outlived its parent"
    finally:
        os.close(handle)


def test_every_recording_is_of_a_scenario():
    for name in SCENARIOS:
        assert read_pcap(recording_path(name))
    stored = {path.stem for path in recording_path("ping").parent.glob("*.pcap")}
    assert stored == set(SCENARIOS)
