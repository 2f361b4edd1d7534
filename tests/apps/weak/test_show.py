"""Each idea can be shown whole, and has both ways in it."""

from __future__ import annotations

import pytest

from netlab.apps.weak import ALL, show_idea
from netlab.errors import OptionError


@pytest.mark.parametrize("name", ALL)
def test_each_idea_is_a_small_file_that_says_what_is_weak_and_what_is_mended(name):
    shown = show_idea(name)
    assert shown.lines < 90
    assert "Weak:" in shown.source
    assert "Mended:" in shown.source or "mended" in shown.source


def test_a_file_that_does_not_exist_is_named():
    with pytest.raises(OptionError, match="'serach'"):
        show_idea("serach")
