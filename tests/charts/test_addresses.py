"""The bits of an address: cut where the mask cuts."""

from ipaddress import IPv4Interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.charts import draw_address


def test_address_mask_and_network_stand_below_each_other():
    assert repr(draw_address("192.0.2.130/26")).splitlines() == [
        "address  192.0.2.130      11000000000000000000001010|000010",
        "mask     255.255.255.192  11111111111111111111111111|000000",
        "network  192.0.2.128      11000000000000000000001010|000000",
    ]


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_every_address_and_mask_is_drawn_with_its_32_bits(number, length):
    drawing = draw_address(str(IPv4Interface((number, length))))
    for line in repr(drawing).splitlines():
        network_part, host_part = line.split()[-1].split("|")
        assert (len(network_part), len(host_part)) == (length, 32 - length)
    assert drawing.svg.count("part, ") >= 1


def test_what_is_no_address_is_refused():
    with pytest.raises(ValueError, match=r"192\.0\.2\.300"):
        draw_address("192.0.2.300/24")
