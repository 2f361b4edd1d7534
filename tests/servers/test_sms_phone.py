"""The drawn phone: whatever arrived is shown whole, as text, to whoever looks and whoever listens."""

import re
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from netlab.servers import SMSGateway
from netlab.servers.sms_message import Message
from netlab.servers.sms_phone import MOST_LINES, ROOM, Phone, draw_phone, lines_of, readable, width, wrap

ADA = "+12025550123"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title></text></svg><script>alert(1)</script><img src=x onerror=alert(2)> \"'&amp; ]]>"

texts = st.text(max_size=200) | st.text(st.sampled_from("Wi苹📈é \u202e\u0301\n<&"), max_size=900)


def messages(*texts, sender="Ticker"):
    return tuple(
        Message(f"msg-{n}", ADA, sender, text, "GSM-7", 1, "delivered") for n, text in enumerate(texts, 1)
    )


def texts_in(drawing):
    return ["".join(each.itertext()) for each in ET.fromstring(drawing.svg).iter(SVG + "text")]


def test_a_phone_shows_its_number_and_each_message_with_its_sender():
    drawing = draw_phone(ADA, messages("AAPL 430.47", "IBM 202.91"))
    assert texts_in(drawing) == [ADA, "Ticker", "AAPL 430.47", "Ticker", "IBM 202.91"]
    assert drawing.alt == f"The phone {ADA}: Ticker: AAPL 430.47; Ticker: IBM 202.91"
    assert repr(drawing) == f"phone {ADA}\n  Ticker: AAPL 430.47\n  Ticker: IBM 202.91"


def test_a_phone_without_messages_says_so():
    drawing = draw_phone(ADA, ())
    assert texts_in(drawing) == ["no messages", ADA] or texts_in(drawing) == [ADA, "no messages"]
    assert drawing.alt == f"The phone {ADA}: no messages"


def test_it_is_a_picture_with_a_text_alternative_in_a_notebook():
    phone = Phone(ADA, messages("AAPL 430.47"))
    data, metadata = phone._repr_mimebundle_()
    assert set(data) == {"image/svg+xml", "text/plain"}
    root = ET.fromstring(data["image/svg+xml"])
    assert root.get("role") == "img"
    assert root[0].tag == SVG + "title"
    assert root[0].text == metadata["image/svg+xml"]["alt"] == phone.drawing.alt
    assert data["text/plain"] == repr(phone)
    assert phone.texts == ["AAPL 430.47"]


def test_markup_is_shown_as_text():
    drawing = draw_phone(ADA, messages(HOSTILE, sender="<b>"))
    assert {each.tag for each in ET.fromstring(drawing.svg).iter()} == {
        SVG + tag for tag in ("svg", "title", "rect", "line", "text")
    }
    assert "".join(texts_in(drawing)).replace(" ", "").endswith(readable(HOSTILE).replace(" ", ""))
    assert readable(HOSTILE) in ET.fromstring(drawing.svg)[0].text


def test_only_the_newest_have_room_and_the_others_are_counted():
    drawing = draw_phone(ADA, messages(*(f"number {n}" for n in range(30))))
    shown = [each for each in texts_in(drawing) if each.startswith("number")]
    assert shown == [f"number {n}" for n in range(30 - len(shown), 30)]
    assert f"{30 - len(shown)} earlier not shown" in texts_in(drawing)
    assert "number 0;" not in drawing.alt
    assert "number 0\n" in repr(drawing)


def test_a_text_that_is_too_long_for_the_screen_is_cut_visibly():
    lines = lines_of("word " * 300)
    assert len(lines) == MOST_LINES
    assert lines[-1].endswith("…")
    assert width(lines[-1]) <= ROOM + 1
    assert not any("…" in line for line in lines[:-1])


def test_lines_of_the_text_are_lines_on_the_phone():
    assert lines_of("AAPL up\nIBM down\r\n\nGE flat") == ["AAPL up", "IBM down", "GE flat"]


@given(st.lists(texts, max_size=5), texts)
def test_whatever_arrives_makes_a_sound_picture(words, sender):
    drawing = draw_phone(ADA, messages(*words, sender=sender))
    root = ET.fromstring(drawing.svg)
    assert float(root.get("height")) < 3000
    assert not re.search("[\u202a-\u202e\u2066-\u2069\0-\x08]", drawing.svg)


@given(texts)
def test_wrapping_loses_nothing_but_blanks_and_every_line_has_room(text):
    words = readable(text)
    lines = wrap(words)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all(width(line) <= ROOM for line in lines)


def test_a_phone_is_a_picture_of_one_moment():
    with SMSGateway() as gateway:
        before = gateway.phone(ADA)
        gateway._service.send({"to": ADA, "text": "AAPL 430.47"})
        assert before.texts == []
        assert gateway.phone(ADA).texts == ["AAPL 430.47"]
