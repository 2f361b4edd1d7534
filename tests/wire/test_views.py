"""Bytes as people look at them: hex views, and packets with every field marked."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import PacketError
from netlab.wire import ARP, ICMP, TCP, UDP, Ethernet, IPv4, IPv6, Packet, TCPOption, build, explain, hexdump
from netlab.wire.explanation import mark
from netlab.wire.tcp import NOP, SACK_PERMITTED, TIMESTAMPS, WINDOW_SCALE

ETHER = Ethernet("02:00:00:00:00:02", "02:00:00:00:00:01")
PACKETS = [
    Packet.build(
        ETHER,
        IPv4("192.0.2.1", "192.0.2.2"),
        TCP(1, 2, flags=2, options=(TCPOption.mss(1460),)),
        payload=b"x",
    ),
    Packet.build(ETHER, IPv4("192.0.2.1", "192.0.2.2", 17), UDP(1, 2), payload=b"AAPL?"),
    Packet.build(ETHER, IPv4("192.0.2.1", "192.0.2.2", 1), ICMP.echo(1, 2)),
    Packet.build(IPv6("2001:db8::1", "2001:db8::2"), TCP(1, 2)),
    Packet.build(ARP(1, ETHER.src, "192.0.2.1", "00:00:00:00:00:00", "192.0.2.2")),
]


def test_a_hex_view_has_offset_bytes_and_characters():
    assert hexdump(b"AAPL 430.47\n" * 2) == (
        "0000  41 41 50 4c 20 34 33 30 2e 34 37 0a 41 41 50 4c  AAPL 430.47.AAPL\n"
        "0010  20 34 33 30 2e 34 37 0a                           430.47."
    )


@given(st.binary(max_size=200), st.integers(1, 40))
def test_a_hex_view_holds_every_byte(data, width):
    rows = hexdump(data, width=width).splitlines()
    shown = "".join(row[6 : 6 + width * 3 - 1] for row in rows)
    assert bytes.fromhex(shown) == data


@pytest.mark.parametrize("packet", PACKETS, ids=lambda packet: packet.layers[-1].NAME)
def test_every_bit_is_explained_once_and_in_order(packet):
    end = 0
    for field in mark(packet):
        assert field.start == end
        end += field.bits
    assert end == len(packet.pack()) * 8


@pytest.mark.parametrize("packet", PACKETS, ids=lambda packet: packet.layers[-1].NAME)
def test_the_picture_and_the_text_say_the_same(packet):
    drawing = explain(packet)
    words = [
        each.text for each in ElementTree.fromstring(drawing.svg).iter("{http://www.w3.org/2000/svg}text")
    ]
    for field in mark(packet):
        assert field.name in words
        assert field.name in repr(drawing)
        assert field.shown in words


def test_fields_smaller_than_a_byte_are_shown_as_bits():
    shown = {field.name: field.shown for field in mark(PACKETS[0])}
    assert shown["version"] == "0100····"
    assert shown["IHL"] == "····0101"
    assert shown["fragment offset"] == "···00000 00000000"


def test_values_are_words():
    values = {field.name: field.value for field in mark(PACKETS[0])}
    assert values["EtherType"] == "0x0800, IPv4"
    assert values["flags"] == "SYN"
    assert values["option"] == "maximum segment size 1460"
    assert values["header checksum"].endswith(", right")


def test_each_tcp_option_has_a_row_of_its_own():
    options = (
        TCPOption.mss(1460),
        TCPOption(SACK_PERMITTED),
        TCPOption(TIMESTAMPS, (305).to_bytes(4, "big") + (7).to_bytes(4, "big")),
        TCPOption(NOP),
        TCPOption(WINDOW_SCALE, b"\x07"),
    )
    rows = [(field.start // 8, field.value) for field in mark(Packet((TCP(1, 2, options=options),)))]
    assert rows[-5:] == [
        (20, "maximum segment size 1460"),
        (24, "selective acknowledgment permitted"),
        (26, "timestamps 305, echo of 7"),
        (36, "padding"),
        (37, "window scale 7"),
    ]


@pytest.mark.parametrize("header", [IPv4("192.0.2.1", "192.0.2.2"), UDP(1, 2), TCP(1, 2), ICMP(8)])
def test_what_is_not_set_yet_is_said_to_be_so(header):
    values = {field.name: field.value for field in mark(Packet((header,)))}
    assert values.get("checksum", values.get("header checksum")) == "not set yet"
    assert "None" not in repr(explain(header))


def test_bytes_a_header_or_a_packet_can_be_explained():
    frame = build(*PACKETS[1].layers, payload=b"AAPL?")
    assert repr(explain(frame)) == repr(explain(Packet.parse(frame)))
    assert "source port" in repr(explain(UDP(1, 2)))


def test_bytes_that_are_no_frame_are_an_error():
    with pytest.raises(PacketError, match="needs at least 14 bytes"):
        explain(b"hello")
