"""The calls of a server and a client, drawn."""

import xml.etree.ElementTree as ElementTree

from netlab.charts import draw_calls
from netlab.charts.conversation import CLIENT, MEETINGS, SERVER


def test_every_call_and_every_meeting_stands_in_the_picture_and_in_its_words():
    drawing = draw_calls()
    words = [
        each.text for each in ElementTree.fromstring(drawing.svg).iter("{http://www.w3.org/2000/svg}text")
    ]
    for call in (*SERVER, *filter(None, CLIENT)):
        assert call in words
        assert call in drawing.alt
    assert all(what in words for _, what in MEETINGS)


def test_where_two_calls_meet_both_sides_have_one():
    for row, _ in MEETINGS:
        assert SERVER[row]
        assert CLIENT[row]
