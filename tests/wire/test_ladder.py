"""Ladder diagrams: the same story as a picture, as text and as a text alternative."""

import xml.etree.ElementTree as ElementTree

from hypothesis import given
from hypothesis import strategies as st

from netlab.text import clock, preview, size_of
from netlab.wire.ladder import Arrow, draw_ladder

SVG = "{http://www.w3.org/2000/svg}"
ARROWS = [
    Arrow(0, 0, 1, "connects", kind="control"),
    Arrow(0.00042, 0, 1, r"AAPL?\n", "6 bytes"),
    Arrow(1.5, 1, 0, r"AAPL 430.47\n", "12 bytes, lost", lost=True),
]


def draw():
    return draw_ladder(["client", "server"], ARROWS, caption="Source: a test.")


def test_a_terminal_shows_one_line_a_message_and_the_source():
    assert repr(draw()).splitlines() == [
        "    +0.00 ms  client ──▶ server  connects",
        r"    +0.42 ms  client ──▶ server  AAPL?\n  (6 bytes)",
        r"     +1.50 s  server ──✗ client  AAPL 430.47\n  (12 bytes, lost)",
        "Source: a test.",
    ]


def test_a_notebook_gets_svg_and_its_text_alternative():
    data, metadata = draw()._repr_mimebundle_()
    assert "server to client: AAPL 430.47" in metadata["image/svg+xml"]["alt"]
    assert data["text/plain"] == repr(draw())


def test_every_word_stands_in_the_picture():
    words = [element.text for element in ElementTree.fromstring(draw().svg).iter(f"{SVG}text")]
    for arrow in ARROWS:
        assert arrow.label in words
        assert clock(arrow.time) in words
    assert "✗" in words


def test_nothing_sticks_out_of_the_picture():
    wide = draw_ladder(["client", "server"], [Arrow(0, 0, 1, "x" * 80)], caption="")
    lines = list(ElementTree.fromstring(wide.svg).iter(f"{SVG}line"))
    assert max(float(each.get("x2")) for each in lines) < wide.width
    assert float(lines[1].get("x1")) - float(lines[0].get("x1")) > 80 * 7


@given(st.text(), st.text())
def test_whatever_is_said_the_svg_is_well_formed(label, name):
    printable = "".join(c for c in label if c.isprintable())
    column = "".join(c for c in name if c.isprintable())
    ElementTree.fromstring(draw_ladder([column, "b"], [Arrow(0, 0, 1, printable)], caption="").svg)


@given(st.binary(max_size=300))
def test_a_preview_is_short_printable_and_one_line(data):
    shown = preview(data, 40)
    assert len(shown) <= 42
    assert shown.isprintable()


def test_previews_show_text_as_text_and_the_rest_as_hex():
    assert preview("AAPL?\r\n再见".encode()) == r"AAPL?\r\n再见"
    assert preview(b"\xff\x00\x01") == "ff 00 01"
    assert preview(b"x" * 100, 10) == "xxxxxxxxx…"


def test_sizes_and_times_read_well():
    assert [size_of(bytes(n)) for n in (0, 1, 1460)] == ["0 bytes", "1 byte", "1,460 bytes"]
    assert [clock(t) for t in (0, 0.00042, 0.9999, 1)] == ["+0.00 ms", "+0.42 ms", "+999.90 ms", "+1.00 s"]
