"""The picture of a network: everything is there, nothing hides anything, and it is always the same."""

import re
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.lan import Network
from netlab.lan.layout import ICON
from netlab.lan.picture import Sketch

SVG = "{http://www.w3.org/2000/svg}"


class Box(NamedTuple):
    what: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def boxes(drawing):
    """Where the words of a picture stand, about."""
    found = []
    for each in ElementTree.fromstring(drawing.svg).iter(f"{SVG}text"):
        words, size = each.text or "", float(each.get("font-size", 14))
        width = len(words) * size * (0.6 if each.get("font-family") else 0.5)
        x, y = float(each.get("x", 0)), float(each.get("y", 0))
        left = x - {"middle": width / 2, "end": width}.get(each.get("text-anchor", ""), 0)
        found.append(Box(words, left, y - size * 0.7, left + width, y))
    return found


def assert_readable(net):
    drawing = net.picture()
    words = boxes(drawing)
    for box in words:
        assert 0 <= box.left < box.right <= drawing.width, f"{box.what} is cut off"
        assert 0 <= box.top < box.bottom <= drawing.height, f"{box.what} is cut off"
    for one, other in combinations(words, 2):
        if not (one.what.isdigit() or other.what.isdigit()):  # the numbers of ports are small print
            assert not one.overlaps(other), f"{one} hides {other}"
    icons = [
        Box(name, s.x - ICON[0] / 2, s.y - ICON[1] / 2, s.x + ICON[0] / 2, s.y + ICON[1] / 2)
        for name, s in Sketch(net).spots.items()
    ]
    for one, other in combinations(icons, 2):
        assert not one.overlaps(other), f"{one} hides {other}"


@pytest.mark.parametrize("name", ["two_hosts", "star", "routed", "chain", "home", "triangle"])
def test_every_device_and_address_can_be_read(nets, name):
    net = getattr(nets, name)()
    shown = [box.what for box in boxes(net.picture())]
    for device in net.devices.values():
        assert shown.count(device.name) == 1
        for port in device.ports:
            if port.interface:
                assert shown.count(str(port.interface.address)) == 1
    assert_readable(net)


@given(st.lists(st.tuples(st.sampled_from(["host", "switch"]), st.integers(0, 99)), max_size=25))
def test_a_tree_of_any_shape_can_be_read(branches):
    net = Network()
    switches = [net.switch("s0", ports=64)]
    for number, (kind, where) in enumerate(branches, 1):
        parent = switches[where % len(switches)]
        if kind == "host":
            net.link(net.host(f"pc{number}", f"192.168.100.{number + 100}/24"), parent)
        else:
            switches.append(net.switch(f"s{number}", ports=64))
            net.link(switches[-1], parent)
    assert_readable(net)


def test_the_same_network_gives_the_same_picture(nets):
    assert nets.routed().picture().svg == nets.routed().picture().svg


def test_a_device_without_a_cable_is_drawn_and_an_empty_network_says_so():
    net = Network()
    assert "No devices yet" in net.picture().svg
    net.host("ada", "192.168.1.10/24")
    net.switch("s1")
    assert_readable(net)
    assert "host ada (192.168.1.10/24) – no cable" in net.picture().alt


def test_a_cut_cable_is_seen_and_told(nets):
    net = nets.routed()
    whole = net.picture()
    net.links[0].cut()
    cut = net.picture()
    assert "✗" in cut.svg
    assert "stroke-dasharray" in cut.svg
    assert "✗" not in whole.svg
    assert "The cable ada – s1 is cut." in cut.alt
    assert "cut" not in whole.alt


def test_cables_that_close_a_loop_or_lie_side_by_side_are_all_seen(nets):
    assert len(re.findall(" Q ", nets.triangle().picture().svg)) == 1
    net = Network(strict=False)
    one, two = net.switch("s1"), net.switch("s2")
    for _ in range(3):
        net.link(one, two)
    paths = re.findall(r'd="(M[^"]*)"', net.picture().svg)
    assert len(set(paths)) == 3


def test_of_many_hosts_the_rest_is_one_symbol_and_the_alt_text_stays_short(nets):
    drawing = nets.star(200).picture()
    assert "189 more" in drawing.svg
    assert drawing.width < 1200
    assert "200 hosts" in drawing.alt
    assert len(drawing.alt) < 1500
