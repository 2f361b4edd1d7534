from __future__ import annotations

import json
import re

import pytest

from netlab.course import catalogue, pages, reference
from netlab.paths import lessons_dir


def define(path, **glossary):
    data = json.loads(path.read_bytes())
    data["metadata"]["netlab"]["glossary"] = {term.replace("_", " "): text for term, text in glossary.items()}
    path.write_text(json.dumps(data))


def test_the_glossary_has_each_term_once_with_the_lessons_that_explain_it(publish):
    define(publish("01_tcp_ip"), header="bytes in front", TTL="how many links")
    define(publish("06_dns"), header="bytes in front", ttl="for how long")
    text = reference.glossary(catalogue.load())
    assert "- **header**: bytes in front ([01](01_tcp_ip.ipynb), [06](06_dns.ipynb))\n" in text
    assert "- **TTL**: how many links ([01](01_tcp_ip.ipynb)); or for how long ([06](06_dns.ipynb))\n" in text
    assert text.index("## B") < text.index("**byte**") < text.index("## H")


def test_a_sign_in_front_of_a_term_does_not_count_in_the_alphabet(publish):
    define(publish("06_dns"), **{".example": "for examples"})
    assert reference.glossary(catalogue.load()).index("## E") < reference.glossary(catalogue.load()).index(
        ".example"
    )


def test_the_index_leads_to_the_section_that_speaks_of_a_term(publish):
    path = publish("04_more", "'a byte stream, and byte-streams'")
    define(path, byte_stream="no borders")
    assert '- byte stream: [04](04_more.ipynb#First "First")\n' in reference.index(catalogue.load())


def test_a_term_that_is_only_inflected_leads_to_its_own_lesson(publish):
    define(publish("04_more", "'it delegates'"), delegation="handing on")
    assert "- delegation: [04]" in reference.index(catalogue.load())


def test_names_are_those_that_the_code_takes_from_modules(publish):
    publish(
        "04_more",
        "import socket as s\nfrom ssl import SSLContext",
        "s.create_connection(SSLContext)",
        "not python (",
    )
    text = reference.index(catalogue.load())
    assert '- `socket.create_connection`: [04](04_more.ipynb#First "First")\n' in text
    assert "- `ssl.SSLContext`: [04]" in text


def test_documents_are_in_the_order_of_their_numbers(publish):
    for number, name in ((1122, "04_a"), (791, "05_b")):
        path = publish(name)
        data = json.loads(path.read_bytes())
        data["metadata"]["netlab"]["reading"] = [{"title": f"RFC {number}"}]
        path.write_text(json.dumps(data))
    text = reference.index(catalogue.load())
    assert text.index("RFC 791") < text.index("RFC 1122") < text.index("RFC 9293")


def test_pages_are_stale_until_they_are_written_and_again_when_a_lesson_changes(publish):
    path = publish("04_more")
    assert pages.stale() == ["GLOSSARY.md", "INDEX.md", "SYLLABUS.md"]
    assert pages.write() == ["GLOSSARY.md", "INDEX.md", "SYLLABUS.md"]
    assert pages.stale() == []
    define(path, socket="an end of a connection")
    assert pages.stale() == ["GLOSSARY.md", "INDEX.md"]


def test_the_published_pages_say_what_the_lessons_say():
    assert pages.stale() == []


@pytest.mark.parametrize("name", list(pages.PAGES))
def test_each_link_of_a_page_leads_to_a_lesson_and_a_heading(name):
    headings = {
        lesson.path.name: {passage.title.replace(" ", "-") for passage in reference.passages([lesson])}
        for lesson in catalogue.load()
    }
    for file, anchor in re.findall(r"\]\(([\w.]+\.ipynb)#?([^ )]*)", (lessons_dir() / name).read_text()):
        assert file in headings
        assert not anchor or anchor == "Read-more" or any(h.startswith(anchor) for h in headings[file])
