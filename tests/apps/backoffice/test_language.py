"""English and Chinese: every sentence of ours is translated, and the compiled file is what the readable one says."""

from __future__ import annotations

import io
import re
from pathlib import Path

import django
import pytest
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import netlab.apps.backoffice

FOLDER = Path(netlab.apps.backoffice.__file__).parent
LOCALE = FOLDER / "locale" / "zh_Hans" / "LC_MESSAGES"
KEYWORDS = {**dict.fromkeys(("gettext", "gettext_lazy", "_")), "ngettext": (1, 2)}
PLACES = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def readable():
    with (LOCALE / "django.po").open("rb") as file:
        return read_po(file, locale="zh_Hans")


def ids_in_the_code():
    """Each text that the code marks for translation; a plural as a pair."""
    for path in FOLDER.rglob("*.py"):
        if "migrations" not in path.parts:
            with path.open("rb") as file:
                yield from (found[1] for found in extract("python", file, KEYWORDS))


def ids_in_the_templates():
    from django.utils.translation import templatize

    for path in FOLDER.rglob("*.html"):
        source = io.BytesIO(templatize(path.read_text(encoding="utf-8")).encode())
        yield from (found[1] for found in extract("python", source, KEYWORDS))


def ids_of_django():
    """The texts that Django's own catalogues have."""
    for path in Path(django.__file__).parent.glob("**/locale/zh_Hans/LC_MESSAGES/django.mo"):
        with path.open("rb") as file:
            yield from (each.id for each in read_mo(file))


def test_every_text_of_ours_is_translated_and_nothing_else(readable):
    djangos = {*map(flat, ids_of_django())}
    wanted = {*ids_in_the_code()} | {each for each in ids_in_the_templates() if flat(each) not in djangos}
    there = {each.id: each for each in readable if each.id}
    assert wanted - there.keys() == set(), "add these to django.po, then: pybabel compile -D django -d locale"
    assert there.keys() - wanted == set()
    for key, message in there.items():
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(words), key
        assert not message.fuzzy, key


def test_a_translation_has_the_same_places_for_figures(readable):
    for message in readable:
        if message.id and isinstance(message.id, tuple | list):
            for words in message.string:
                assert set(PLACES.findall(words)) == set(PLACES.findall(message.id[1])), message.id
        elif message.id:
            assert set(PLACES.findall(message.string)) == set(PLACES.findall(message.id)), message.id


def test_the_compiled_file_is_what_the_readable_one_says(readable):
    with (LOCALE / "django.mo").open("rb") as file:
        compiled = read_mo(file)
    written, read = (
        {flat(each.id): flat(each.string) for each in catalogue if each.id}
        for catalogue in (readable, compiled)
    )
    assert written == read


def flat(words):
    """One text, or the forms of a plural, as one text."""
    return words if isinstance(words, str) else "|".join(words)


def test_the_language_is_the_browsers_unless_somebody_chooses(visitor):
    anna = visitor("anna")
    chinese = {"headers": {"Accept-Language": "zh-CN,zh;q=0.9"}}
    page = anna.client.get("/admin/", **chinese).text
    assert '<html lang="zh-hans"' in page
    assert "Ticker 后台" in page
    reply = anna.post("/language/", form_at="/admin/", language="en", next="/admin/")
    assert '<html lang="en"' in reply.text
    assert '<html lang="en"' in anna.client.get("/admin/", **chinese).text


@pytest.mark.parametrize("path", ["", "backoffice/customer/", "backoffice/price/", "backoffice/price/add/"])
def test_pages_in_chinese_have_no_english_words_of_ours(visitor, readable, path):
    anna = visitor("anna")
    anna.client.cookies["backoffice_language"] = "zh-hans"
    page = anna.get(f"/admin/{path}").text
    shown = re.sub(r"<[^>]*>", "\n", page)
    lines = {line.strip() for line in shown.splitlines()}
    assert not {each.id for each in readable if each.id and isinstance(each.id, str) and each.id in lines}


def test_nobody_is_sent_elsewhere_by_the_choice_of_a_language(visitor):
    reply = visitor("anna").post(
        "/language/", form_at="/admin/", follow=False, language="en", next="https://evil.example/"
    )
    assert reply["Location"] == "/"
