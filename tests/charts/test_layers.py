"""Encapsulation as a picture: every layer with its bytes, and their sum."""

import xml.etree.ElementTree as ElementTree

import pytest

from netlab.charts import draw_layers
from netlab.wire import TCP, UDP, Ethernet, IPv4, Packet, build

ETHERNET = Ethernet("02:00:00:00:00:01", "02:00:00:00:00:10")


def drawn(transport, payload, protocol=6):
    ip = IPv4("192.0.2.10", "198.51.100.7", protocol=protocol)
    return draw_layers(Packet.parse(build(ETHERNET, ip, transport, payload=payload)))


def test_a_terminal_shows_a_line_a_layer_with_the_sum_of_its_bytes():
    lines = repr(drawn(TCP(50123, 7000), b"AAPL?\n")).splitlines()
    assert [line.split("]  ")[1] for line in lines] == [
        "6 bytes, a message",
        "26 bytes, a segment",
        "46 bytes, a packet",
        "60 bytes, a frame",
    ]
    assert lines[-1].startswith("link ")
    assert "[Ethernet 14][IPv4 20][TCP 20][data 6]" in lines[-1]


def test_udp_makes_datagrams_of_it():
    assert "datagram" in repr(drawn(UDP(50123, 7000), b"AAPL?", protocol=17))


@pytest.mark.parametrize("size", [0, 1, 12, 1400])
def test_boxes_stay_inside_the_picture_however_long_the_message_is(size):
    drawing = drawn(TCP(50123, 7000), b"x" * size)
    boxes = ElementTree.fromstring(drawing.svg).iter("{http://www.w3.org/2000/svg}rect")
    assert all(float(box.get("x")) + float(box.get("width")) <= drawing.width for box in boxes)


def test_the_text_alternative_names_the_layers_from_the_inside_out():
    assert "data in TCP in IPv4 in Ethernet: 60 bytes" in drawn(TCP(50123, 7000), b"AAPL?\n").alt
