"""Chinese, Japanese and Korean words in a chart: a font for them, where there are such words."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from netlab.errors import MissingError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

IDEOGRAPHS = re.compile(r"[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uff00-\uffef]")
SAMPLE = "价格"


def use_fonts_for(panels: Sequence[Axes], *words: str) -> None:
    """Give the texts of a chart a second font, where its words need one; nobody else's texts change.

    Args:
        panels: the chart's axes.
        *words: all of its words that are not ours.

    Raises:
        MissingError: no font on this machine has the characters.
    """
    if not any(map(IDEOGRAPHS.search, words)):
        return
    from matplotlib.text import Text

    extra = ideographic_font()
    if extra is None:
        raise MissingError(
            "No font on this machine has Chinese characters: install one (on Debian: apt install "
            "fonts-wqy-microhei), or write the title in Latin letters."
        )
    for text in (text for ax in panels for text in ax.findobj(Text)):
        if isinstance(text, Text) and IDEOGRAPHS.search(text.get_text()):
            text.set_fontfamily([*text.get_fontfamily(), extra])


@functools.cache
def ideographic_font() -> str | None:
    """The family of the first installed font that has Chinese characters; None if there is none."""
    from matplotlib.font_manager import fontManager, get_font

    for entry in sorted(fontManager.ttflist, key=lambda entry: (entry.weight != 400, entry.name)):
        if re.search(r"CJK|Hei|Song|Ming|Kai|PingFang|Gothic|WenQuanYi|YaHei|Han Sans|Unicode", entry.name):
            known = get_font(entry.fname).get_charmap()
            if all(ord(character) in known for character in SAMPLE):
                return entry.name
    return None
