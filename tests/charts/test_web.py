"""The way of a request, drawn."""

import xml.etree.ElementTree as ElementTree

from netlab.charts import draw_web
from netlab.charts.web import SPEAK, STATIONS

NOTEBOOK = 820  # CSS pixels that a notebook's output has on a small screen


def test_every_program_and_what_they_speak_stands_in_the_picture():
    texts = ElementTree.fromstring(draw_web().svg).iter("{http://www.w3.org/2000/svg}text")
    words = [each.text for each in texts]
    for name, example, does in STATIONS:
        assert {*name, example, *does} <= set(words)
    assert all(word in words for how in SPEAK for word in how)


def test_its_words_name_the_programs_in_their_order():
    alt = draw_web().alt
    places = [alt.index(f"the {' '.join(name)} (") for name, *_ in STATIONS]
    assert places == sorted(places)


def test_it_fits_a_notebook_and_nothing_stands_outside():
    drawing = draw_web()
    assert drawing.width <= NOTEBOOK
    for box in ElementTree.fromstring(drawing.svg).iter("{http://www.w3.org/2000/svg}rect"):
        assert float(box.get("x")) + float(box.get("width")) <= drawing.width
