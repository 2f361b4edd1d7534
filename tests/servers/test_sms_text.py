"""How long a text message is: judged by what GSM's own numbers say, and by Python's UTF-16."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.servers.sms_text import (
    ALONE,
    BASIC,
    EXTENSION,
    GSM7,
    JOINED,
    UCS2,
    encoding_of,
    measure,
    split_text,
    units_of,
)

gsm_texts = st.text(st.sampled_from(sorted(BASIC | EXTENSION)), max_size=700)
wide_texts = st.text(st.sampled_from("苹果 A€📈é😀{"), max_size=400)
texts = gsm_texts | wide_texts | st.text(max_size=400)


def size(text: str) -> int:
    return sum(units_of(sign, encoding_of(text)) for sign in text)


def test_the_alphabet_has_127_characters_and_an_escape_to_10_more():
    assert len(BASIC) == 127
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", GSM7, 0, 1),
        ("AAPL 430.47", GSM7, 11, 1),
        ("a" * 160, GSM7, 160, 1),
        ("a" * 161, GSM7, 161, 2),
        ("a" * 306, GSM7, 306, 2),
        ("a" * 307, GSM7, 307, 3),
        ("€" * 80, GSM7, 160, 1),
        ("€" * 81, GSM7, 162, 2),
        ("¿Qué? Ärger, £5 & @", GSM7, 19, 1),
        ("it’s", UCS2, 4, 1),  # a typographic apostrophe
        ("`", UCS2, 1, 1),
        ("ç", UCS2, 1, 1),  # only the capital is in the alphabet
        ("\t", UCS2, 1, 1),
        ("苹" * 70, UCS2, 70, 1),
        ("苹" * 71, UCS2, 71, 2),
        ("€" * 69 + "苹", UCS2, 70, 1),  # where everything has 16 bits, € needs no escape
        ("📈" * 35, UCS2, 70, 1),
        ("📈" * 36, UCS2, 72, 2),
        ("a" * 152 + "€" + "a" * 152, GSM7, 306, 3),  # the escape is not torn from its sign
        ("a" * 66 + "📈" + "苹" * 66, UCS2, 134, 3),
    ],
)
def test_a_text_takes_what_the_standard_says(text, encoding, units, parts):
    found = measure(text)
    assert (found.encoding, found.units, found.parts) == (encoding, units, parts)


def test_a_character_of_two_units_is_not_cut_in_two():
    assert split_text("a" * 152 + "€" + "b" * 20) == ["a" * 152, "€" + "b" * 20]
    assert split_text("苹" * 66 + "📈果果果") == ["苹" * 66, "📈果果果"]


@given(texts)
def test_splitting_loses_nothing(text):
    assert "".join(split_text(text)) == text


@given(texts)
def test_a_text_is_one_part_as_long_as_it_can_be(text):
    assert (len(split_text(text)) == 1) == (size(text) <= ALONE[encoding_of(text)])


@given(texts)
def test_each_part_of_several_is_as_full_as_it_can_be(text):
    encoding = encoding_of(text)
    parts = split_text(text)
    units = [sum(units_of(sign, encoding) for sign in part) for part in parts]
    if len(parts) > 1:
        assert all(0 < each <= JOINED[encoding] for each in units)
        for each, following in zip(units, parts[1:], strict=False):
            assert each + units_of(following[0], encoding) > JOINED[encoding]
    assert measure(text).units == sum(units)
    assert measure(text).parts == len(parts)


@given(wide_texts | st.text(max_size=400))
def test_units_of_ucs_2_are_those_of_utf_16(text):
    if encoding_of(text) == UCS2:
        assert measure(text).units * 2 == len(text.encode("utf-16-be"))
        assert all(len(part.encode("utf-16-be")) <= 140 for part in split_text(text))
