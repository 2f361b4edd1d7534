"""HTML from strangers made fit to be shown: no script, no style sheet, no form, and nothing is loaded from anywhere.

What is not on the lists below does not get through, and all text is escaped again, so whatever a browser would have
made of the original, it only meets what was written here.
"""

# ruff: noqa: SIM905 (words in quotes each would be harder to read)

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from html.parser import HTMLParser

ALLOWED = frozenset(
    """
    address article aside blockquote center dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre section ul
    a abbr b big br cite code del em font i img ins kbd mark q s samp small span strike strong sub sup tt u var wbr
    caption col colgroup table tbody td tfoot th thead tr
    """.split()
)
EMPTY = frozenset(["br", "col", "hr", "img", "wbr"])  # elements without an end
DROPPED = frozenset(  # elements whose content is no text for readers
    """
    iframe math noembed noframes noscript object script select style svg template textarea title xmp
    """.split()
)
ATTRIBUTES = frozenset(
    """
    align alt bgcolor border cellpadding cellspacing color colspan dir height lang rowspan valign width
    """.split()
)
STYLES = frozenset(
    """
    background-color border border-collapse border-spacing color font-family font-size font-style font-weight
    line-height list-style-type padding text-align text-decoration vertical-align white-space width
    """.split()
)
DEEPEST = 100  # elements in elements

_STYLE_VALUE = re.compile(
    r"(?!.*\d{4})[A-Za-z0-9#%., '-]{1,100}|#\d{6}"
)  # no brackets: no url(); nothing huge
_PLAIN_VALUE = re.compile(r"[^\x00-\x1f]{0,500}")


def safe_html(source: str, images: Mapping[str, str] | None = None) -> str:
    """Make HTML safe to be shown within a page.

    Links are not to be clicked: where one leads stands behind its text. Pictures from the network are not loaded, as
    that would tell the sender who has read the mail, when and where; their `alt` text is shown.

    Args:
        source: the HTML, well-formed or not.
        images: pictures by the address that the HTML gives them (`cid:…`), as `data:` URLs.
    """
    cleaner = _Cleaner(images or {})
    try:
        cleaner.feed(source)
        cleaner.close()
    except AssertionError:  # what `html.parser` says of a mark such as <![x[: the rest is lost
        pass
    return cleaner.result()


class _Cleaner(HTMLParser):
    def __init__(self, images: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.images = images
        self.pieces: list[str] = []
        self.open: list[tuple[str, str]] = []  # elements, and what to write when one ends
        self.dropping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DROPPED:
            self.dropping.append(tag)
        if self.dropping or tag not in ALLOWED or len(self.open) >= DEEPEST:
            return
        given = {
            name: value or "" for name, value in reversed(attrs)
        }  # of two of a name the first one counts
        if tag == "img":
            self.pieces.append(self._image(given))
            return
        kept = [
            (name, given[name])
            for name in sorted(given)
            if name in ATTRIBUTES and _PLAIN_VALUE.fullmatch(given[name])
        ]
        style = safe_style(given.get("style", ""))
        if style:
            kept.append(("style", style))
        self.pieces.append(_tag(tag, kept))
        if tag not in EMPTY:
            target = given.get("href", "").strip() if tag == "a" else ""
            self.open.append((tag, html.escape(f" [{target}]") if target else ""))

    def handle_endtag(self, tag: str) -> None:
        if self.dropping:
            if tag in self.dropping:
                while self.dropping.pop() != tag:
                    pass
        elif tag in (name for name, _ in self.open):
            while self._close_one() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.dropping:
            self.pieces.append(html.escape(data))

    def result(self) -> str:
        while self.open:
            self._close_one()
        return "".join(self.pieces)

    def _close_one(self) -> str:
        tag, last_words = self.open.pop()
        self.pieces.append(f"{last_words}</{tag}>")
        return tag

    def _image(self, given: Mapping[str, str]) -> str:
        alt = given.get("alt", "")
        found = self.images.get(given.get("src", "").strip())
        if found:
            return _tag("img", [("src", found), ("alt", alt or "picture"), ("style", "max-width:100%")])
        return html.escape(f"[picture not loaded{': ' + alt if alt else ''}]")


def safe_style(declarations: str) -> str:
    """Of a `style` attribute what only changes how text looks: nothing that loads, hides or moves."""
    kept = []
    for declaration in declarations.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name.lower() in STYLES and _STYLE_VALUE.fullmatch(value):
            kept.append(f"{name.lower()}:{value}")
    return ";".join(kept)


def _tag(name: str, attributes: list[tuple[str, str]]) -> str:
    pairs = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes)
    return f"<{name}{pairs}>"
