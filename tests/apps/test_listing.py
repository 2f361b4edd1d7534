"""A whole file, folded up in a notebook."""

from netlab.apps import tiny
from netlab.apps.listing import Listing, show_file


def test_a_listing_is_the_whole_file_and_closed_at_first():
    listing = show_file(tiny.routes)
    shown = listing._repr_mimebundle_()["text/html"]
    assert listing.name == "routes.py"
    assert listing.lines == len(listing.source.splitlines())
    assert shown.startswith("<details><summary>")
    assert "def match(pattern: str, path: str) -&gt;" in shown


def test_what_stands_in_a_file_is_text():
    assert "<b>" not in Listing("x.py", "'<b>'")._repr_mimebundle_()["text/html"]
