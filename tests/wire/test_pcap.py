"""Capture files: what is written is read, by us and by tshark, and a damaged one says where."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import OptionError, PacketError
from netlab.servers import QuoteServer, TCPEchoServer, UDPQuoteServer
from netlab.wire import CapturedFrame, Packet, Tap, read_pcap, write_pcap

frames = st.lists(
    st.builds(CapturedFrame, st.integers(0, 2**31).map(lambda micros: micros / 1e6), st.binary(max_size=50)),
    max_size=5,
)


@given(frames)
def test_what_is_written_is_read(tmp_path_factory, frames):
    path = tmp_path_factory.mktemp("pcap") / "some.pcap"
    write_pcap(path, frames)
    read = read_pcap(path)
    assert [frame.data for frame in read] == [frame.data for frame in frames]
    assert [frame.time for frame in read] == pytest.approx([frame.time for frame in frames], abs=1e-6)


@pytest.mark.parametrize(
    ("order", "magic", "unit"), [(">", 0xA1B2C3D4, 1e6), ("<", 0xA1B23C4D, 1e9), (">", 0xA1B23C4D, 1e9)]
)
def test_files_of_other_machines_are_read_too(tmp_path, order, magic, unit):
    head = struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 65535, 1)
    frame = struct.pack(f"{order}IIII", 7, int(unit / 2), 3, 3) + b"abc"
    (tmp_path / "other.pcap").write_bytes(head + frame)
    assert read_pcap(tmp_path / "other.pcap") == [CapturedFrame(7.5, b"abc")]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda data: b"not a capture file at all!!!", "is not a pcap file"),
        (lambda data: data[:30], "ends in the middle of a frame's header, at byte 30"),
        (lambda data: data[:-1], "ends in the middle of a frame, at byte"),
        (lambda data: data[:20] + b"\x7f" + data[21:], "link type 127; only Ethernet"),
    ],
)
def test_a_damaged_file_says_what_is_wrong(tmp_path, damage, words):
    path = tmp_path / "some.pcap"
    write_pcap(path, [CapturedFrame(1, b"abc")])
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(PacketError, match=words):
        read_pcap(path)


def test_a_time_before_1970_is_refused(tmp_path):
    with pytest.raises(OptionError, match="time=-1 does not fit 32 bits"):
        write_pcap(tmp_path / "some.pcap", [CapturedFrame(-1, b"abc")])


def converse(address, sock_type, *messages: bytes) -> None:
    import socket

    with socket.socket(socket.AF_INET, sock_type) as sock:
        sock.settimeout(5)
        sock.connect(address)
        for message in messages:
            sock.send(message)
            sock.recv(65536)


def test_a_taps_file_is_sound_to_tshark_from_handshake_to_end(tmp_path, assert_sound, tshark):
    import socket

    with QuoteServer() as server, Tap(server) as tap:
        converse(tap.address, socket.SOCK_STREAM, b"AAPL?\n", b"IBM?\n")
        path = tap.save(tmp_path / "quotes.pcap")
    assert_sound(path, 3 + 4 * 2 + 4)
    assert tshark(path, "-Y", "tcp.analysis.flags") == "", "a lost, doubled or overtaken segment"
    assert len(tshark(path, "-Y", "tcp.flags.syn == 1").splitlines()) == 2
    assert len(tshark(path, "-Y", "tcp.flags.fin == 1").splitlines()) == 2
    followed = tshark(path, "-q", "-z", "follow,tcp,ascii,0")
    assert "AAPL 430.47" in followed
    assert "IBM 202.91" in followed


def test_large_messages_become_segments_that_fit_ethernet(tmp_path, assert_sound, tshark):
    import socket

    with TCPEchoServer() as server, Tap(server) as tap:
        converse(tap.address, socket.SOCK_STREAM, bytes(5000))
        tap.settle()
        path = tap.save(tmp_path / "large.pcap")
    packets = [Packet.parse(frame.data) for frame in read_pcap(path)]
    assert max(packet.ip.total_length for packet in packets) <= 1500
    assert tshark(path, "-Y", "tcp.analysis.flags") == ""
    assert tshark(path, "-Y", "_ws.malformed") == ""


def test_many_connections_and_udp_are_sound_too(tmp_path, assert_sound):
    import socket

    with UDPQuoteServer() as server, Tap(server) as tap:
        for _ in range(3):
            converse(tap.address, socket.SOCK_DGRAM, b"AAPL?")
        assert_sound(tap.save(tmp_path / "udp.pcap"), 6)
    with QuoteServer() as server, Tap(server) as tap:
        for _ in range(3):
            converse(tap.address, socket.SOCK_STREAM, b"AAPL?\n")
        assert_sound(tap.save(tmp_path / "tcp.pcap"), 3 * 11)
