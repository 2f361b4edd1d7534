import math
from itertools import pairwise

import matplotlib.pyplot as plt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.charts import draw_load
from netlab.charts.load import CLOSEST, LOOKS, draw_lines
from netlab.errors import OptionError
from netlab.load import Load


def load(clients, wait=0.001, failed=False):
    return Load(clients, 1, 1.0, () if failed else (wait,) * clients, {"x": clients} if failed else {})


@pytest.fixture
def axes():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_a_picture_has_its_alternative_in_words():
    shown = draw_load({"threads": [load(100), load(1)], "asyncio": [load(1)]}, alt="Both are fast.")
    assert shown.alt == "Both are fast."
    assert shown.png.startswith(b"\x89PNG")


def test_each_line_has_its_name_colour_marker_and_style(axes):
    draw_lines(axes, {"threads": [(1, 2.0), (10, 3.0)], "asyncio": [(1, 1.0), (10, 1.5)]})
    looks = [(line.get_color(), line.get_marker(), line.get_linestyle()) for line in axes.lines[:2]]
    assert looks == list(LOOKS[:2])
    assert {label.get_text() for label in axes.texts} == {"threads", "asyncio"}
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1", "10"]
    assert axes.get_xscale() == axes.get_yscale() == "log"


def test_no_two_servers_look_alike_without_colour():
    assert len({marker for _, marker, _ in LOOKS}) == len(LOOKS)


@given(st.lists(st.floats(0.01, 1e6), min_size=2, max_size=len(LOOKS)))
@settings(max_examples=20)
def test_names_never_cover_one_another(values):
    figure, axes = plt.subplots()
    draw_lines(axes, {f"server {n}": [(1, 1.0), (10, value)] for n, value in enumerate(values)})
    heights = sorted(label.get_position()[1] for label in axes.texts)
    plt.close(figure)
    assert all(above - below > CLOSEST * 0.99 for below, above in pairwise(heights))


def test_a_server_that_answered_nobody_has_no_point(axes):
    draw_lines(axes, {"one": [(1, 2.0), (10, math.nan)], "none": [(1, 0.0)]})
    assert [list(line.get_xdata()) for line in axes.lines[:1]] == [[1]]
    assert [label.get_text() for label in axes.texts] == ["one"]
    assert draw_load({"none": [load(3, failed=True)]}, alt="Nobody was answered.").png


@pytest.mark.parametrize("nothing", [{}, {"threads": []}])
def test_nothing_to_draw_is_refused(nothing):
    with pytest.raises(OptionError, match="at least one measurement"):
        draw_load(nothing, alt="x")


def test_more_servers_than_can_be_told_apart_are_refused():
    with pytest.raises(OptionError, match="draw two pictures"):
        draw_load({str(n): [load(1)] for n in range(len(LOOKS) + 1)}, alt="x")
