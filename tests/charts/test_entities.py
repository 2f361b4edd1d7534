"""Tables and their references, drawn."""

import xml.etree.ElementTree as ElementTree

import pytest

from netlab.charts.entities import Entity, draw_entities
from netlab.errors import OptionError

SVG = "{http://www.w3.org/2000/svg}"
STOCKS = Entity("stocks", [("id", "key"), ("ticker", "text")], place=0)
PRICES = Entity("prices", [("id", "key"), ("stock_id", "→ stocks")], 1, ["one a share and day"])


def test_every_table_column_and_promise_stands_in_the_picture():
    drawing = draw_entities(STOCKS, PRICES)
    words = {each.text for each in ElementTree.fromstring(drawing.svg).iter(f"{SVG}text")}
    assert {"stocks", "prices", "ticker", "text", "stock_id", "→ stocks", "one a share and day"} <= words


def test_each_reference_is_one_line_from_the_column_to_the_key():
    root = ElementTree.fromstring(draw_entities(STOCKS, PRICES).svg)
    (path,) = root.iter(f"{SVG}path")
    assert path.get("d") == "M214,67 H191 V46 H168"


def test_its_words_say_which_table_refers_to_which():
    assert "stock_id refers to one of stocks; one a share and day." in draw_entities(STOCKS, PRICES).alt


def test_tables_of_one_place_stand_below_each_other_and_none_outside():
    drawing = draw_entities(STOCKS, Entity("splits", [("id", "key")], 0), PRICES)
    boxes = [
        each
        for each in ElementTree.fromstring(drawing.svg).iter(f"{SVG}rect")
        if each.get("fill") == "#ffffff"
    ]
    ends = [float(box.get("y")) + float(box.get("height")) for box in boxes]
    assert float(boxes[2].get("y")) > ends[1]
    assert max(ends[1:]) <= drawing.height


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ([PRICES], "not in the drawing"),
        ([Entity("stocks", [("id", "key")], 2), Entity("a", [("b", "→ stocks")], 0)], "beside"),
    ],
)
def test_a_reference_that_cannot_be_drawn_is_said(tables, words):
    with pytest.raises(OptionError, match=words):
        draw_entities(*tables)
