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
