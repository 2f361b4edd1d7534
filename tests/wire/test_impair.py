"""A bad network that is bad in the same way every time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import OptionError
from netlab.wire.impair import Impairment


def send(impairment: Impairment, count: int) -> list[int]:
    arrived = [d for n in range(count) for d in impairment.deliver(b"%d" % n)]
    return [int(d) for d in arrived + impairment.release()]


def test_without_impairment_everything_arrives_in_order():
    assert send(Impairment(), 5) == [0, 1, 2, 3, 4]


def test_named_datagrams_are_dropped():
    assert send(Impairment(drop=[2, 4]), 5) == [0, 2, 4]


def test_a_share_of_one_means_always():
    assert send(Impairment(loss=1), 5) == []
    assert send(Impairment(duplicate=1), 2) == [0, 0, 1, 1]
    assert send(Impairment(reorder=1), 4) == [1, 0, 3, 2]


def test_the_last_one_held_back_is_not_forgotten():
    assert send(Impairment(reorder=1), 3) == [1, 0, 2]


def test_a_lost_datagram_is_told_from_one_held_back():
    impairment = Impairment(reorder=1, drop=[2])
    assert impairment.deliver(b"held back") == []
    assert not impairment.lost
    assert impairment.deliver(b"dropped") == []
    assert impairment.lost
    assert impairment.deliver(b"overtaking") == [b"overtaking", b"held back"]
    assert not impairment.lost


def test_the_loss_comes_close_to_its_share():
    assert 0.17 < 1 - len(send(Impairment(loss=0.2), 5000)) / 5000 < 0.23


@given(
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(0, 2**32),
    st.integers(min_value=0, max_value=60),
)
def test_the_same_seed_makes_the_same_choices_and_invents_nothing(loss, duplicate, reorder, seed, count):
    options = {"loss": loss, "duplicate": duplicate, "reorder": reorder, "seed": seed}
    arrived = send(Impairment(**options), count)
    assert arrived == send(Impairment(**options), count)
    assert set(arrived) <= set(range(count))
    assert all(arrived.count(n) <= 2 for n in arrived)


@pytest.mark.parametrize("options", [{"loss": 1.5}, {"duplicate": -0.1}, {"reorder": 20}, {"delay": -1}])
def test_an_impossible_share_says_what_is_possible(options):
    with pytest.raises(OptionError, match="use "):
        Impairment(**options)
