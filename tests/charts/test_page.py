"""A web page in a frame."""

from html.parser import HTMLParser

from netlab.charts import Page

SOURCE = '<!doctype html><html lang="en"><body title="a & b">&lt;</body></html>'


def frame_of(page):
    frames = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            frames.append((tag, dict(attrs)))

    Reader().feed(page._repr_mimebundle_()["text/html"])
    return frames


def test_the_page_comes_through_unchanged_in_one_frame_with_a_name():
    [(tag, attributes)] = frame_of(Page(SOURCE, 'Quotes "live"'))
    assert (tag, attributes["srcdoc"], attributes["title"]) == ("iframe", SOURCE, 'Quotes "live"')


def test_scripts_run_and_nothing_else_is_allowed():
    [(_, attributes)] = frame_of(Page(SOURCE, "Quotes"))
    assert attributes["sandbox"] == "allow-scripts"


def test_a_terminal_gets_a_sentence():
    assert repr(Page(SOURCE, "Quotes")) == f"<Page “Quotes”, {len(SOURCE)} characters of HTML>"
