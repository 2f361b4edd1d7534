"""The way of a mail, drawn."""

import xml.etree.ElementTree as ElementTree

from netlab.charts import draw_mail
from netlab.charts.mail import ARROWS, FETCHING, STATIONS


def test_every_station_and_every_protocol_stands_in_the_picture():
    words = [
        each.text for each in ElementTree.fromstring(draw_mail().svg).iter("{http://www.w3.org/2000/svg}text")
    ]
    for name, about, *_ in STATIONS:
        assert name in words
        assert about in words
    assert all(word in words for *_, beside in ARROWS for word in beside)
    assert " ".join(FETCHING) in words


def test_its_words_name_every_port():
    for port in ("587", "465", "25", "995", "110", "993", "143"):
        assert port in draw_mail().alt
