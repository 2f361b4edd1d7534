"""Figures as pictures with a text alternative."""

import base64

import matplotlib as mpl
import pytest

mpl.use("agg")
import matplotlib.pyplot as plt

from netlab.charts import picture
from netlab.errors import OptionError


def figure():
    fig, ax = plt.subplots()
    ax.plot([1, 2, 3])
    return fig


def test_the_alternative_travels_with_the_picture():
    data, metadata = picture(figure(), "a rising line")._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == "a rising line"
    assert metadata == {"image/png": {"alt": "a rising line"}}


def test_the_figure_is_closed_so_that_a_notebook_shows_it_once():
    before = plt.get_fignums()
    picture(figure(), "a rising line")
    assert plt.get_fignums() == before


def test_the_same_figure_makes_the_same_bytes():
    assert picture(figure(), "a line").png == picture(figure(), "a line").png


def test_a_picture_without_words_is_refused():
    fig = figure()
    with pytest.raises(OptionError, match="say in a sentence what it shows"):
        picture(fig, "  ")
    plt.close(fig)


def test_it_can_be_saved(tmp_path):
    assert picture(figure(), "a line").save(tmp_path / "line.png").stat().st_size > 1000


def test_a_picture_may_be_an_svg_that_holds_its_words():
    drawn = picture(figure(), "a line from 1 < 3", kind="svg")
    assert drawn.svg.rstrip().endswith("</svg>")
    assert 'role="img">\n <title>a line from 1 &lt; 3</title>' in drawn.svg
    data, metadata = drawn._repr_mimebundle_()
    assert data == {"image/svg+xml": drawn.svg, "text/plain": drawn.alt}
    assert metadata == {"image/svg+xml": {"alt": drawn.alt}}
    assert drawn.svg == picture(figure(), "a line from 1 < 3", kind="svg").svg


def test_an_svg_can_be_saved(tmp_path):
    drawn = picture(figure(), "a line", kind="svg")
    assert drawn.save(tmp_path / "line.svg").read_text(encoding="utf-8") == drawn.svg


def test_more_dots_make_a_larger_picture():
    assert len(picture(figure(), "a line", dpi=220).png) > len(picture(figure(), "a line").png)


def test_axes_stand_for_their_figure():
    assert picture(figure().axes[0], "a line").png == picture(figure(), "a line").png


@pytest.mark.parametrize(
    ("drawn", "kind", "words"), [("a line", "png", "not of a str"), (None, "gif", "png or an svg, not 'gif'")]
)
def test_what_is_no_picture_is_told(drawn, kind, words):
    with pytest.raises(OptionError, match=words):
        picture(drawn, "a line", kind=kind)


def test_a_figure_without_a_chart_of_ours_needs_words():
    fig = figure()
    with pytest.raises(OptionError, match="say in a sentence what it shows"):
        picture(fig)
    plt.close(fig)
