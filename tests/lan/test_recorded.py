"""What is shown where no network can be built, and that it says so."""

import sys

import pytest

from netlab.errors import CaptureError, OptionError
from netlab.lan import real_network, side_by_side, two_subnets
from netlab.lan.recorded import RecordedNetwork


def test_the_recording_holds_what_the_lesson_asks_and_the_simulation_agrees():
    net = two_subnets()
    with RecordedNetwork(net, "two-subnets") as recorded:
        assert recorded.ping("ada", "192.168.2.10").ttl == net["ada"].ping("192.168.2.10").ttl
        assert recorded.traceroute("ada", "192.168.2.10") == net["ada"].traceroute("192.168.2.10")
    table = side_by_side(net.trace, recorded)
    assert [row[-1] for row in table.rows] == ["same"] * len(net.trace), table


def test_a_question_that_was_not_recorded_is_refused():
    with (
        RecordedNetwork(two_subnets(), "two-subnets") as recorded,
        pytest.raises(CaptureError, match="no answer"),
    ):
        recorded.ping("ben", "192.168.2.10")


def test_where_the_system_forbids_it_a_recording_is_shown_and_says_so(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with real_network(two_subnets(), recording="two-subnets") as real:
        assert real.source == "recorded"
        assert real.ping("ada", "192.168.2.10").answered


def test_a_recording_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(OptionError, match="'two-subnets'"):
        RecordedNetwork(two_subnets(), "nothing")
