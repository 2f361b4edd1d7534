"""Drawings: well-formed SVG with a text alternative, whatever is written on them."""

import xml.etree.ElementTree as ElementTree

from hypothesis import given
from hypothesis import strategies as st

from netlab.svg import PALETTE, Drawing, element, rect, text

printable = st.text(st.characters(exclude_categories=("Cs", "Cc")))


@given(printable, printable)
def test_any_words_make_well_formed_svg_that_says_them(words, alt):
    drawing = Drawing(100, 50, alt, [text(0, 10, words)])
    root = ElementTree.fromstring(drawing.svg)
    title, _, label = list(root)
    assert (title.text or "") == alt
    assert (label.text or "") == words


def test_a_notebook_gets_the_picture_its_alternative_and_plain_text():
    drawing = Drawing(10, 10, "a red dot", [element("circle", r=2)], plain="●")
    data, metadata = drawing._repr_mimebundle_()
    assert data["image/svg+xml"].startswith("<svg")
    assert data["text/plain"] == "●"
    assert metadata == {"image/svg+xml": {"alt": "a red dot"}}


def test_the_alternative_stands_in_where_there_is_no_plain_text():
    assert repr(Drawing(10, 10, "a red dot", [])) == "a red dot"


def test_attributes_are_escaped_and_numbers_kept_short():
    assert element("g", data_name='a"b<c', x=1 / 3) == '<g data-name=\'a"b&lt;c\' x="0.333333"/>'


def test_an_attribute_that_is_none_is_left_out():
    assert "stroke" not in rect(0, 0, 1, 1, stroke=None)


def test_a_drawing_can_be_saved(tmp_path):
    path = Drawing(10, 10, "一张图", []).save(tmp_path / "dot.svg")
    assert "一张图" in path.read_text(encoding="utf-8")


def test_the_palette_is_hex_colours():
    assert all(len(colour) == 7 and int(colour[1:], 16) >= 0 for colour in PALETTE.values())
